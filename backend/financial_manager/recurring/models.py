"""The table of what people decided about payments that come again."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import Owned, UtcDateTime, owned_fk


class RecurringState(enum.StrEnum):
    """Say what a person thinks of it: nothing yet, it is right, or it is none and shall not be shown again."""

    FOUND = "found"
    CONFIRMED = "confirmed"
    DISMISSED = "dismissed"


class NoticeKind(enum.StrEnum):
    """Say what a notice tells: something comes again, or it became dearer."""

    FOUND = "found"
    PRICE = "price"


class RecurringNotice(Owned, Base):
    """What was told once of a recurring payment. `key`: what it is told once by; `recurring_id`: by its bookings.

    It is kept when it is dismissed, so that it is never told again. It is no money and no step of the record.
    """

    __tablename__ = "recurring_notices"
    __table_args__ = (sa.UniqueConstraint("owner_id", "key"),)

    key: Mapped[str] = mapped_column(sa.String(60))
    kind: Mapped[str] = mapped_column(sa.String(8))
    recurring_id: Mapped[str] = mapped_column(sa.String(36))
    text: Mapped[str] = mapped_column(sa.Text)
    told_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
    dismissed: Mapped[bool] = mapped_column(default=False)


class RecurringPayment(Owned, Base):
    """A decision about a payment that comes again, or one that a person entered. What is only found has no row.

    `payee_key`, `outgoing`, `found_cadence` ("": entered by hand) and the account say which bookings are meant.
    `name`, `cadence`, `amount_minor`, `due_on`, `category_id`: as a person wants them; "" or None: as found.
    `seen_minor`, `seen_on`: amount and due day when it was decided, for when the bookings are no longer there.
    """

    __tablename__ = "recurring_payments"
    __table_args__ = (
        owned_fk("account_id", "user_accounts"),
        owned_fk("category_id", "categories"),
        sa.Index("ix_recurring_payments_owner_id_account_id", "owner_id", "account_id"),
    )

    account_id: Mapped[str] = mapped_column(sa.String(36))
    currency: Mapped[str] = mapped_column(sa.String(3))
    payee_key: Mapped[str] = mapped_column(sa.String(200))
    outgoing: Mapped[bool]
    found_cadence: Mapped[str] = mapped_column(sa.String(12), default="")
    state: Mapped[str] = mapped_column(sa.String(12))
    name: Mapped[str] = mapped_column(sa.String(200), default="")
    cadence: Mapped[str] = mapped_column(sa.String(12), default="")
    amount_minor: Mapped[int | None] = mapped_column(default=None)
    due_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    ends_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    category_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    seen_minor: Mapped[int]
    seen_on: Mapped[dt.date] = mapped_column(sa.Date())
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())
