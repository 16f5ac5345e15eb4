"""Tables of depots: securities, what happened to them, and what they cost. Money is minor units, the rest decimal text.

A depot is a `UserAccount` of kind "depot". Its trades count in the depot's currency: `fx_rate` says how many of it one
unit of the trade's own currency was worth on that day.
"""

from __future__ import annotations

import datetime as dt
import enum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from backend.financial_manager.base import Base
from backend.sdk.db import Owned, UtcDateTime, owned_fk


class TradeKind(enum.StrEnum):
    """Say what happened in a depot; each is a class of `securities/trades.py`."""

    OPENING = "opening"
    BUY = "buy"
    SELL = "sell"
    DIVIDEND = "dividend"
    COST_ADJUSTMENT = "cost_adjustment"
    FEE = "fee"
    SPLIT = "split"
    TRANSFER_OUT = "transfer_out"
    TRANSFER_IN = "transfer_in"


class Security(Owned, Base):
    """One security of the household. `kind`: as countries tax it (`taxes.SecurityKind`); `country`: of its issuer.

    `isin`: with the right check digit, or ""; `symbol`: how the household or a file of prices calls it.
    """

    __tablename__ = "securities"
    __table_args__ = (sa.Index("ix_securities_owner_id_isin", "owner_id", "isin"),)

    isin: Mapped[str] = mapped_column(sa.String(12), default="")
    symbol: Mapped[str] = mapped_column(sa.String(40), default="")
    name: Mapped[str] = mapped_column(sa.String(200))
    kind: Mapped[str] = mapped_column(sa.String(16))
    currency: Mapped[str] = mapped_column(sa.String(3))
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    version: Mapped[int] = mapped_column(default=1)

    @property
    def label(self) -> str:
        """Return what the engine knows it by: its ISIN, else its symbol, else its name."""
        return self.isin or self.symbol or self.name


class SecurityTrade(Owned, Base):
    """One thing that happened in a depot. Which columns a kind uses: `depots/book.py`.

    `amount_minor`: gross, never negative, in `currency`. `withheld_minor`: tax that the bank kept; `surcharge_minor`:
    the solidarity surcharge on top (§ 4 SolZG). `transaction_id`: its cash booking, which then counts for no
    tax a second time; the trade stays when that booking goes. `transfer`: names both sides of a transfer.
    """

    __tablename__ = "security_trades"
    __table_args__ = (
        owned_fk("depot_id", "user_accounts"),
        owned_fk("security_id", "securities"),
        sa.Index("ix_security_trades_owner_id_date_id", "owner_id", "date", "id"),
        sa.Index("ix_security_trades_owner_id_security_id", "owner_id", "security_id"),
        sa.Index("ix_security_trades_owner_id_depot_id", "owner_id", "depot_id"),
    )

    kind: Mapped[str] = mapped_column(sa.String(16))
    depot_id: Mapped[str] = mapped_column(sa.String(36))
    security_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    date: Mapped[dt.date] = mapped_column(sa.Date())
    sequence: Mapped[int] = mapped_column(default=0)
    quantity: Mapped[str | None] = mapped_column(sa.Text, default=None)
    amount_minor: Mapped[int] = mapped_column(default=0)
    currency: Mapped[str] = mapped_column(sa.String(3))
    fx_rate: Mapped[str | None] = mapped_column(sa.Text, default=None)
    fees_minor: Mapped[int] = mapped_column(default=0)
    withheld_minor: Mapped[int] = mapped_column(default=0)
    surcharge_minor: Mapped[int] = mapped_column(default=0, server_default="0")
    foreign_withheld_minor: Mapped[int] = mapped_column(default=0)
    income_minor: Mapped[int] = mapped_column(default=0)
    sign: Mapped[int] = mapped_column(default=1)
    country: Mapped[str] = mapped_column(sa.String(2), default="")
    acquired: Mapped[dt.date | None] = mapped_column(sa.Date(), default=None)
    split_new: Mapped[str | None] = mapped_column(sa.Text, default=None)
    split_old: Mapped[str | None] = mapped_column(sa.Text, default=None)
    transfer: Mapped[str] = mapped_column(sa.String(64), default="")
    transaction_id: Mapped[str | None] = mapped_column(sa.String(36), default=None)
    note: Mapped[str] = mapped_column(sa.Text, default="")
    version: Mapped[int] = mapped_column(default=1)


class SecurityPrice(Owned, Base):
    """What one share cost on a day, as quoted. `fx_rate`: units of `fx_currency` for one of `currency`, or None.

    `source`: "hand", the file, or the server that said so; `fetched_at`: when that server was asked, else None.
    """

    __tablename__ = "security_prices"
    __table_args__ = (
        owned_fk("security_id", "securities"),
        sa.UniqueConstraint("owner_id", "security_id", "date"),
    )

    security_id: Mapped[str] = mapped_column(sa.String(36))
    date: Mapped[dt.date] = mapped_column(sa.Date())
    price: Mapped[str] = mapped_column(sa.Text)
    currency: Mapped[str] = mapped_column(sa.String(3))
    fx_rate: Mapped[str | None] = mapped_column(sa.Text, default=None)
    fx_currency: Mapped[str] = mapped_column(sa.String(3), default="", server_default="")
    source: Mapped[str] = mapped_column(sa.String(255), default="hand")
    fetched_at: Mapped[dt.datetime | None] = mapped_column(UtcDateTime(), default=None)


class PriceSource(Owned, Base):
    """Where the prices of a security come from when a person asks for newer ones: a preset, or a feed of one's own.

    `preset`: an id of `price_feeds/presets.toml`, or ""; then the other columns are those of `price_feeds.Feed`.
    `symbol`: what the source calls the security; the security's own symbol where it is "".
    """

    __tablename__ = "price_sources"
    __table_args__ = (
        owned_fk("security_id", "securities"),
        sa.UniqueConstraint("owner_id", "security_id"),
    )

    security_id: Mapped[str] = mapped_column(sa.String(36))
    preset: Mapped[str] = mapped_column(sa.String(40), default="")
    symbol: Mapped[str] = mapped_column(sa.String(80), default="")
    format: Mapped[str] = mapped_column(sa.String(8), default="json")
    address: Mapped[str] = mapped_column(sa.String(1000), default="")
    date_path: Mapped[str] = mapped_column(sa.String(200), default="")
    price_path: Mapped[str] = mapped_column(sa.String(200), default="")
    currency_path: Mapped[str] = mapped_column(sa.String(200), default="")
    date_form: Mapped[str] = mapped_column(sa.String(8), default="iso")
    decimal: Mapped[str] = mapped_column(sa.String(1), default=".")
    currency: Mapped[str] = mapped_column(sa.String(3), default="")
    version: Mapped[int] = mapped_column(default=1)
