"""Tables of the ledger. Money is integer minor units of an ISO 4217 currency, everywhere.

A transaction has postings; the postings of each currency sum to zero. A posting belongs to an account, to a category,
or to neither: then nobody has said yet what the money was for (the inbox).
"""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import JsonDict, JsonList, Owned, UtcDateTime, owned_fk


class AccountKind(enum.StrEnum):
    """Say what an account is."""

    BANK = "bank"
    CARD = "card"
    CASH = "cash"
    LOAN = "loan"
    DEPOT = "depot"
    ASSET = "asset"


class UserAccount(Owned, Base):
    """One account of the household.

    `opening_minor`: what it held at the end of `opening_date`; bookings count, and are imported, from the day after.
    `reconciled_through`: nothing up to this day may change any more (None: nothing is locked).
    `closed_on`: kept with its history, and offered nowhere. `profile`: what was learned of its bank's files.
    `country`: of its bank, where no IBAN says so (ISO 3166); taxes need it of a depot.
    """

    __tablename__ = "user_accounts"

    name: Mapped[str] = mapped_column(sa.String(120))
    kind: Mapped[str] = mapped_column(sa.String(16))
    currency: Mapped[str] = mapped_column(sa.String(3))
    iban: Mapped[str] = mapped_column(sa.String(34), default="")
    institution: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="", server_default="")
    opening_minor: Mapped[int] = mapped_column(default=0)
    opening_date: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    reconciled_through: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    closed_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    profile: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class Category(Owned, Base):
    """What money is for. `key`: the shipped category it began as, or "". `direction`: expense, income, or transfer.

    `tax_purpose`: what it counts for in a tax pack, or "".
    """

    __tablename__ = "categories"
    __table_args__ = (owned_fk("parent_id", "categories"), sa.Index("ix_categories_owner_id_key", "owner_id", "key"))

    parent_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    key: Mapped[str] = mapped_column(sa.String(60), default="")
    title: Mapped[str] = mapped_column(sa.String(120))
    direction: Mapped[str] = mapped_column(sa.String(12))
    tax_purpose: Mapped[str] = mapped_column(sa.String(40), default="")
    position: Mapped[int] = mapped_column(default=0)
    hidden: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)


class Payee(Owned, Base):
    """Who money goes to or comes from."""

    __tablename__ = "payees"
    __table_args__ = (sa.Index("ix_payees_owner_id_name", "owner_id", "name"),)

    name: Mapped[str] = mapped_column(sa.String(200))


class PayeeAlias(Owned, Base):
    """A way in which banks write a payee: `value` is the folded text of a statement, or an IBAN."""

    __tablename__ = "payee_aliases"
    __table_args__ = (
        owned_fk("payee_id", "payees", ondelete="CASCADE"),
        sa.UniqueConstraint("owner_id", "kind", "value"),
        sa.Index("ix_payee_aliases_owner_id_payee_id", "owner_id", "payee_id"),
    )

    payee_id: Mapped[str] = mapped_column(sa.String(36))
    kind: Mapped[str] = mapped_column(sa.String(8))
    value: Mapped[str] = mapped_column(sa.String(200))


class TransactionState(enum.StrEnum):
    """Say whether a transaction happened, or is only planned (it counts in no balance then)."""

    BOOKED = "booked"
    PLANNED = "planned"


_NAMED = sa.text("payee_id IS NOT NULL")


class Transaction(Owned, Base):
    """One thing that happened to money on one day.

    `counterparty`, `purpose`, `iban`: as the bank wrote them. `search`: both and the note, folded, for looking up.
    `batch_id`: the import that brought it; None where a person entered it.
    """

    __tablename__ = "transactions"
    __table_args__ = (
        owned_fk("payee_id", "payees"),
        owned_fk("batch_id", "import_batches"),
        sa.Index("ix_transactions_owner_id_date_id", "owner_id", "date", "id"),
        sa.Index("ix_transactions_owner_id_batch_id", "owner_id", "batch_id"),
        sa.Index(
            "ix_transactions_owner_id_payee_id",
            "owner_id",
            "payee_id",
            sqlite_where=_NAMED,
            postgresql_where=_NAMED,
        ),
    )

    date: Mapped[dt.date] = mapped_column(sa.Date())
    value_date: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    state: Mapped[str] = mapped_column(sa.String(12), default=TransactionState.BOOKED.value)
    payee_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    counterparty: Mapped[str] = mapped_column(sa.Text, default="")
    purpose: Mapped[str] = mapped_column(sa.Text, default="")
    iban: Mapped[str] = mapped_column(sa.String(34), default="")
    note: Mapped[str] = mapped_column(sa.Text, default="")
    tags: Mapped[list[str]] = mapped_column(JsonList(), default=list)
    search: Mapped[str] = mapped_column(sa.Text, default="")
    batch_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class Attachment(Owned, Base):
    """A file that belongs to a transaction: where it lies in an opened folder. Its bytes stay there.

    `volume_id`, `path`: the folder's drive and the place on it, as `VolumePath` writes it. `size` in bytes, `mtime_ns`,
    `content_hash` (BLAKE3): as it was when it was attached, so that another file in its place is noticed.
    """

    __tablename__ = "attachments"
    __table_args__ = (
        owned_fk("transaction_id", "transactions", ondelete="CASCADE"),
        sa.Index("ix_attachments_owner_id_transaction_id", "owner_id", "transaction_id"),
    )

    transaction_id: Mapped[str] = mapped_column(sa.String(36))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    name: Mapped[str] = mapped_column(sa.String(255))
    size: Mapped[int]
    mtime_ns: Mapped[int]
    content_hash: Mapped[str] = mapped_column(sa.String(64))
    added_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


_OF_CATEGORY = sa.text("category_id IS NOT NULL")
_UNSAID = sa.text("account_id IS NULL AND category_id IS NULL")


class Posting(Owned, Base):
    """One side of a transaction. `date` and `booked` (not only planned) are its transaction's: sums need no join.

    `source`: who said what it was for (hand, rule, payee, model, ai, shipped; "" where nobody did); `confidence`: 0..1;
    `reason`: in words. `fx_rate`, `fx_day`: where money arrived in another currency by a reference rate, that rate
    (units of this currency for one of the account that it left) and the day it is of; never counted anew.
    """

    __tablename__ = "postings"
    __table_args__ = (
        owned_fk("transaction_id", "transactions", ondelete="CASCADE"),
        owned_fk("account_id", "user_accounts"),
        owned_fk("category_id", "categories"),
        sa.Index("ix_postings_owner_id_transaction_id", "owner_id", "transaction_id"),
        sa.Index("ix_postings_account", "owner_id", "account_id", "date", "booked", "amount_minor", "transaction_id"),
        sa.Index(
            "ix_postings_category",
            "owner_id",
            "category_id",
            "date",
            "booked",
            "currency",
            "amount_minor",
            sqlite_where=_OF_CATEGORY,
            postgresql_where=_OF_CATEGORY,
        ),
        sa.Index(
            "ix_postings_inbox",
            "owner_id",
            "account_id",
            "category_id",
            "date",
            "booked",
            "currency",
            "amount_minor",
            sqlite_where=_UNSAID,
            postgresql_where=_UNSAID,
        ),
    )

    transaction_id: Mapped[str] = mapped_column(sa.String(36))
    position: Mapped[int] = mapped_column(default=0)
    date: Mapped[dt.date] = mapped_column(sa.Date())
    booked: Mapped[bool] = mapped_column(default=True)
    account_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    category_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    amount_minor: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    memo: Mapped[str] = mapped_column(sa.String(200), default="")
    source: Mapped[str] = mapped_column(sa.String(12), default="")
    confidence: Mapped[float] = mapped_column(default=0.0)
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    fx_rate: Mapped[str] = mapped_column(sa.String(24), default="", server_default="")
    fx_day: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)


class LinkState(enum.StrEnum):
    """Say whether two bookings are one transfer: sure, a person is asked, or a person said no."""

    LINKED = "linked"
    SUGGESTED = "suggested"
    REJECTED = "rejected"


class TransferLink(Owned, Base):
    """Two bookings that are one movement between two accounts of the household, may be, or are not.

    `out_id`: the transaction that took the money, `in_id`: the one that brought it.
    """

    __tablename__ = "transfer_links"
    __table_args__ = (
        owned_fk("out_id", "transactions", ondelete="CASCADE"),
        owned_fk("in_id", "transactions", ondelete="CASCADE"),
        sa.UniqueConstraint("owner_id", "out_id", "in_id"),
        sa.Index("ix_transfer_links_owner_id_in_id", "owner_id", "in_id"),
    )

    out_id: Mapped[str] = mapped_column(sa.String(36))
    in_id: Mapped[str] = mapped_column(sa.String(36))
    state: Mapped[str] = mapped_column(sa.String(12))
    score: Mapped[float] = mapped_column(default=0.0)
    reason: Mapped[str] = mapped_column(sa.Text, default="")


class CategoryRule(Owned, Base):
    """A rule of the household: what fits `body`'s conditions gets its category. The first in `position` decides.

    `body`: the JSON form of `categories.rules.RuleDefinition`, with ids of the household's categories.
    """

    __tablename__ = "category_rules"

    name: Mapped[str] = mapped_column(sa.String(120))
    enabled: Mapped[bool] = mapped_column(default=True)
    position: Mapped[int]
    body: Mapped[dict[str, Any]] = mapped_column(JsonDict())
    version: Mapped[int] = mapped_column(default=1)


class LedgerChange(Owned, Base):
    """One step that somebody took. `kind`: what it did ("transaction.create"); `undone_by`: the step that took it back.

    `undoes`: the step that this one took back. `subject_id`: the batch of an import.
    """

    __tablename__ = "ledger_changes"
    __table_args__ = (sa.UniqueConstraint("owner_id", "seq"),)

    seq: Mapped[int]
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    user_id: Mapped[str] = mapped_column(sa.String(36))
    kind: Mapped[str] = mapped_column(sa.String(40))
    title: Mapped[str] = mapped_column(sa.String(300))
    subject_id: Mapped[str] = mapped_column(sa.String(36), default="")
    undoes: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    undone_by: Mapped[str | None] = mapped_column(sa.String(36), default=None)


class ChangedRow(Owned, Base):
    """One row that a step made, changed or removed: `before` and `after` hold the columns that differ."""

    __tablename__ = "changed_rows"
    __table_args__ = (
        owned_fk("change_id", "ledger_changes", ondelete="CASCADE"),
        sa.Index("ix_changed_rows_owner_id_change_id", "owner_id", "change_id", "seq"),
        sa.Index("ix_changed_rows_owner_id_row_id", "owner_id", "row_id"),
    )

    change_id: Mapped[str] = mapped_column(sa.String(36))
    seq: Mapped[int]
    table_name: Mapped[str] = mapped_column(sa.String(40))
    row_id: Mapped[str] = mapped_column(sa.String(36))
    before: Mapped[dict[str, Any] | None] = mapped_column(JsonDict(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JsonDict(none_as_null=True))
