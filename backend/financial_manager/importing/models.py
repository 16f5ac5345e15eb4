"""Tables of imports: the batches, and every line that a file held, with what became of it."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import JsonDict, Owned, UtcDateTime, owned_fk


class ImportBatch(Owned, Base):
    """One file that was imported into one account. `first`, `last`: the span of its lines.

    `opening_minor`, `closing_minor`: what the file says the account held, or None. `undone_at`: when it was taken back.
    """

    __tablename__ = "import_batches"
    __table_args__ = (
        owned_fk("account_id", "user_accounts", ondelete="CASCADE"),
        sa.Index("ix_import_batches_owner_id_account_id", "owner_id", "account_id"),
    )

    account_id: Mapped[str] = mapped_column(sa.String(36))
    file_name: Mapped[str] = mapped_column(sa.String(255))
    file_hash: Mapped[str] = mapped_column(sa.String(64))
    format: Mapped[str] = mapped_column(sa.String(16))
    rows: Mapped[int]
    added: Mapped[int]
    duplicates: Mapped[int]
    left_out: Mapped[int]
    currency: Mapped[str] = mapped_column(sa.String(3))
    first: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    last: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    opening_minor: Mapped[int | None] = mapped_column(default=None)
    closing_minor: Mapped[int | None] = mapped_column(default=None)
    at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    undone_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)


class RowFate(enum.StrEnum):
    """Say what becomes of a line of a statement.

    NEW: it is booked. KNOWN: it is there already. TWIN: something like it is there, a person decides. EARLIER: not
    after the account's opening. LOCKED: in a time that was reconciled. UNREAD: no booking, or not yet one.
    """

    NEW = "new"
    KNOWN = "known"
    TWIN = "twin"
    EARLIER = "earlier"
    LOCKED = "locked"
    UNREAD = "unread"


class RawRow(Owned, Base):
    """One line of an imported file, as it was read: kept for good. What was known already is only counted.

    `content_key`: what the line is recognised by where the bank names no `bank_id` (`importing/keys.py`). A line stays
    known when its transaction is deleted: somebody did not want it.
    """

    __tablename__ = "raw_rows"
    __table_args__ = (
        owned_fk("batch_id", "import_batches", ondelete="CASCADE"),
        owned_fk("account_id", "user_accounts", ondelete="CASCADE"),
        sa.Index("ix_raw_rows_owner_id_batch_id", "owner_id", "batch_id", "position"),
        sa.Index("ix_raw_rows_owner_id_account_id_date", "owner_id", "account_id", "date"),
    )

    batch_id: Mapped[str] = mapped_column(sa.String(36))
    account_id: Mapped[str] = mapped_column(sa.String(36))
    position: Mapped[int]
    date: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    amount_minor: Mapped[int | None] = mapped_column(default=None)
    content_key: Mapped[str] = mapped_column(sa.String(32), default="")
    bank_id: Mapped[str] = mapped_column(sa.String(120), default="")
    fate: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    transaction_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    data: Mapped[dict[str, Any]] = mapped_column(JsonDict(), default=dict)


class FileState(enum.StrEnum):
    """Say what became of a file of a statement inbox.

    WAITING: a person looks at it. BOOKED: imported. KNOWN: it held nothing new. LEFT: a person wants nothing of it.
    """

    WAITING = "waiting"
    BOOKED = "booked"
    KNOWN = "known"
    LEFT = "left"


class StatementSeen(Owned, Base):
    """A file that lay in a statement inbox, known by its content: never looked at twice, wherever it lies.

    `volume_id`, `path`: where it was seen last (text form); `size`, `mtime_ns`: what it was then. `account_id`: whose
    it surely is; `reason`: why it waits.
    """

    __tablename__ = "statements_seen"
    __table_args__ = (
        owned_fk("account_id", "user_accounts", ondelete="CASCADE"),
        owned_fk("batch_id", "import_batches", ondelete="CASCADE"),
        sa.UniqueConstraint("owner_id", "file_hash"),
        sa.Index("ix_statements_seen_owner_id_state", "owner_id", "state"),
    )

    file_hash: Mapped[str] = mapped_column(sa.String(64))
    name: Mapped[str] = mapped_column(sa.String(255))
    volume_id: Mapped[str] = mapped_column(sa.String(64))
    path: Mapped[str] = mapped_column(sa.Text)
    size: Mapped[int]
    mtime_ns: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(12))
    reason: Mapped[str] = mapped_column(sa.Text, default="")
    account_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    batch_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    seen_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
