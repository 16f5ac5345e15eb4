"""Tables of connected banks. They hold access, not money: no record of changes keeps a secret that was given up."""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import JsonList, Owned, UtcDateTime, owned_fk


class ConnectionState(enum.StrEnum):
    """Say how a connection stands.

    NEW: a person still has to say yes at the bank. READY: it can be asked. FAILED: it did not answer last time.
    NEEDS_YOU: it refused, and is not asked again before it is connected anew.
    """

    NEW = "new"
    READY = "ready"
    FAILED = "failed"
    NEEDS_YOU = "needs_you"


class BankKey(Owned, Base):
    """The household's own application at a provider. `sealed`: its private key."""

    __tablename__ = "bank_keys"
    __table_args__ = (sa.UniqueConstraint("owner_id", "provider"),)

    provider: Mapped[str] = mapped_column(sa.String(20))
    application: Mapped[str] = mapped_column(sa.String(80))
    sealed: Mapped[str] = mapped_column(sa.Text)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class BankConnection(Owned, Base):
    """A bank that is asked. `sealed`: what opens it; `valid_until`: when the consent ends.

    `bank`, `country`, `consent_days`, `redirect`, `pending`: of a consent that is being given (`pending`: its state).
    `dialog`: a dialogue of FinTS that waits for a person, sealed; `pending` is its step then, `dialog_until` its end.
    `clock`: it is asked every morning; `next_at`: when next, None while it stands still; `tries`: how often it failed
    since the last morning. `asked`: the last moments at which it was asked (ISO). `busy_by`: who asks, to `busy_until`.
    """

    __tablename__ = "bank_connections"

    provider: Mapped[str] = mapped_column(sa.String(20))
    title: Mapped[str] = mapped_column(sa.String(120))
    state: Mapped[str] = mapped_column(sa.String(12))
    problem: Mapped[str] = mapped_column(sa.Text, default="")
    sealed: Mapped[str] = mapped_column(sa.Text, default="")
    bank: Mapped[str] = mapped_column(sa.String(120), default="")
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    consent_days: Mapped[int] = mapped_column(default=0)
    redirect: Mapped[str] = mapped_column(sa.String(500), default="")
    pending: Mapped[str] = mapped_column(sa.String(64), default="")
    dialog: Mapped[str] = mapped_column(sa.Text, default="", server_default="")
    dialog_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)
    valid_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)
    fetched_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)
    clock: Mapped[bool] = mapped_column(default=False, server_default=sa.false())
    next_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    asked: Mapped[list[str]] = mapped_column(JsonList(), default=list, server_default="[]")
    busy_by: Mapped[str] = mapped_column(sa.String(36), default="", server_default="")
    busy_until: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)
    created_at: Mapped[dt.datetime] = mapped_column(UtcDateTime())


class BankAccount(Owned, Base):
    """An account of a connected bank. `account_id`: the one of the ledger into which it is booked, None: into none.

    `fetched_through`: the last day that was asked for; the next fetch begins some days before it.
    """

    __tablename__ = "bank_accounts"
    __table_args__ = (
        owned_fk("connection_id", "bank_connections", ondelete="CASCADE"),
        owned_fk("account_id", "user_accounts", ondelete="CASCADE"),
        sa.UniqueConstraint("owner_id", "connection_id", "stable_id"),
    )

    connection_id: Mapped[str] = mapped_column(sa.String(36))
    external_id: Mapped[str] = mapped_column(sa.String(200))
    stable_id: Mapped[str] = mapped_column(sa.String(200))
    name: Mapped[str] = mapped_column(sa.String(120))
    currency: Mapped[str] = mapped_column(sa.String(3))
    iban: Mapped[str] = mapped_column(sa.String(34), default="")
    account_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    balance_minor: Mapped[int | None] = mapped_column(default=None)
    balance_on: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    fetched_through: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
