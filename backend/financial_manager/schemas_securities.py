"""Wire types of securities, their prices, and where those come from. Money is minor units, the rest decimal text."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.schemas_depot_values import Country, Currency, Day, Quantity, Rate, Reference
from backend.financial_manager.taxes import SecurityKind
from backend.sdk.http import In, Out

MOST_CONTENT = 8 * 1024 * 1024
"""Characters of a file of prices in base64: 6 MB."""


class SecurityIn(In):
    """Add a security. `isin` or `symbol` is what files of prices call it; `kind`: as countries tax it."""

    name: str = Field(min_length=1, max_length=200)
    isin: str = Field("", max_length=12)
    symbol: str = Field("", max_length=40)
    kind: SecurityKind = SecurityKind.STOCK
    currency: Currency | None = Field(None, description="Unset: the household's own.")
    country: Country = Field("", description="Of the issuer; the ISIN's where it is left out.")


class SecurityPatch(In):
    """Change some of a security."""

    name: str | None = Field(None, min_length=1, max_length=200)
    isin: str | None = Field(None, max_length=12)
    symbol: str | None = Field(None, max_length=40)
    kind: SecurityKind | None = None
    currency: Currency | None = None
    country: Country | None = None
    version: int | None = Field(None, ge=1, description="What you saw; refused if somebody changed it since.")


class SecurityOut(Out):
    """Show a security."""

    id: str
    name: str
    isin: str
    symbol: str
    kind: SecurityKind
    currency: str
    country: str
    version: int


class SecuritiesOut(Out):
    """List the securities by name."""

    items: list[SecurityOut]


class PriceIn(In):
    """Say what one share cost on a day; it replaces what was known of that day."""

    date: Day
    price: Quantity
    currency: Currency | None = Field(None, description="The security's where it is left out.")
    fx_rate: Rate | None = Field(None, description="Units of `fx_currency`; the last one known if left out.")
    fx_currency: Currency | None = Field(None, description="That of all depots where it is left out.")


class PriceOut(Out):
    """Show a price. `source`: "hand", or the file or server that said so; `fetched_at`: when a server was asked."""

    id: str
    security_id: str
    date: dt.date
    price: str
    currency: str
    fx_rate: str | None
    fx_currency: str
    source: str
    fetched_at: dt.datetime | None


class PricesIn(In):
    """Give a file of prices in base64. `security_id`: whose they are, where the file names no security."""

    name: str = Field("prices.csv", min_length=1, max_length=255)
    content: str = Field(max_length=MOST_CONTENT)
    security_id: Reference | None = None


class SkippedPriceOut(Out):
    """Show a row that is no price, and why."""

    line: int
    text: str
    reason: str


class PricesImportedOut(Out):
    """Say what became of a file. `unknown`: securities that you do not have; `skipped`: the first hundred rows."""

    added: int
    changed: int
    same: int
    unknown: list[str]
    doubts: list[str]
    skipped: list[SkippedPriceOut]
    skipped_count: int
