"""Wire types of depots: securities, trades, prices, and their figures. Money is minor units, the rest decimal text."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Literal

from pydantic import Field

from backend.financial_manager.days import EARLIEST, LATEST
from backend.financial_manager.depots.models import TradeKind
from backend.financial_manager.schemas import LARGEST, Minor, SaidOut
from backend.financial_manager.taxes import SecurityKind
from backend.sdk.http import In, Out, PageQuery

Quantity = Annotated[str, Field(pattern=r"^[0-9]{1,15}(\.[0-9]{1,10})?$", max_length=26)]
Rate = Annotated[str, Field(pattern=r"^[0-9]{1,9}(\.[0-9]{1,12})?$", max_length=22)]
Currency = Annotated[str, Field(pattern="^[A-Z]{3}$")]
Country = Annotated[str, Field(pattern="^([A-Z]{2})?$")]
Day = Annotated[dt.date, Field(ge=EARLIEST, le=LATEST)]
"""A day in any household's time."""
Reference = Annotated[str, Field(min_length=1, max_length=64)]
MoneyIn = Annotated[int, Field(ge=0, le=LARGEST)]
KeptIn = Annotated[int, Field(ge=-LARGEST, le=LARGEST)]
"""A tax that the bank kept; below zero on a sale: paid back."""
MOST_CONTENT = 8 * 1024 * 1024
"""Characters of a file of prices in base64: 6 MB."""


class SecurityIn(In):
    """Add a security. `isin` or `symbol` is what files of prices call it; `kind`: as countries tax it."""

    name: str = Field(min_length=1, max_length=200)
    isin: str = Field("", max_length=12)
    symbol: str = Field("", max_length=40)
    kind: SecurityKind = SecurityKind.STOCK
    currency: Currency = "EUR"
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


class TradeIn(In):
    """Book a trade. `amount_minor`: gross, before fees and taxes. Which values a kind takes: its error says so.

    `fx_rate`: units of the depot's currency for one unit of `currency`; needed where they differ.
    """

    kind: TradeKind
    depot_id: Reference
    security_id: Reference | None = None
    date: Day
    sequence: int = Field(0, ge=0, le=1_000_000, description="The broker's order within a day.")
    quantity: Quantity | None = None
    amount_minor: MoneyIn = 0
    currency: Currency | None = Field(None, description="The depot's where it is left out.")
    fx_rate: Rate | None = None
    fees_minor: MoneyIn = 0
    withheld_minor: KeptIn = Field(0, description="Tax that the bank kept, without the surcharge; paid back: below 0.")
    surcharge_minor: KeptIn = Field(0, description="Solidarity surcharge that the bank kept on top (Germany).")
    foreign_withheld_minor: MoneyIn = Field(0, description="Withholding tax of another country.")
    income_minor: MoneyIn = Field(0, description="Reported income of an accumulating fund.")
    sign: Literal[1, -1] = Field(1, description="A cost adjustment raises (1) or lowers (-1) the cost.")
    country: Country = ""
    acquired: Day | None = Field(None, description="When an opening position was bought.")
    split_new: Quantity | None = None
    split_old: Quantity | None = None
    transfer: str = Field("", max_length=64, description="The same word on both sides of a transfer.")
    transaction_id: Reference | None = Field(None, description="The cash booking: it counts for no tax again.")
    note: str = Field("", max_length=2000)


class SharesTransferIn(In):
    """Move shares to another depot of yours, with their cost and days. `arrived`: the same day where left out."""

    from_depot_id: Reference
    to_depot_id: Reference
    security_id: Reference
    quantity: Quantity
    date: Day
    arrived: Day | None = None
    note: str = Field("", max_length=2000)


class TradePatch(In):
    """Change some of a trade."""

    kind: TradeKind | None = None
    depot_id: Reference | None = None
    security_id: Reference | None = None
    date: Day | None = None
    sequence: int | None = Field(None, ge=0, le=1_000_000)
    quantity: Quantity | None = None
    amount_minor: MoneyIn | None = None
    currency: Currency | None = None
    fx_rate: Rate | None = None
    fees_minor: MoneyIn | None = None
    withheld_minor: KeptIn | None = None
    surcharge_minor: KeptIn | None = None
    foreign_withheld_minor: MoneyIn | None = None
    income_minor: MoneyIn | None = None
    sign: Literal[1, -1] | None = None
    country: Country | None = None
    acquired: Day | None = None
    split_new: Quantity | None = None
    split_old: Quantity | None = None
    transfer: str | None = Field(None, max_length=64)
    transaction_id: Reference | None = None
    note: str | None = Field(None, max_length=2000)
    version: int | None = Field(None, ge=1)


class TradeOut(Out):
    """Show a trade."""

    id: str
    kind: TradeKind
    depot_id: str
    security_id: str | None
    date: dt.date
    sequence: int
    quantity: str | None
    amount_minor: Minor
    currency: str
    fx_rate: str | None
    fees_minor: Minor
    withheld_minor: Minor
    surcharge_minor: Minor
    foreign_withheld_minor: Minor
    income_minor: Minor
    sign: int
    country: str
    acquired: dt.date | None
    split_new: str | None
    split_old: str | None
    transfer: str
    transaction_id: str | None
    note: str
    version: int


class SharesTransferOut(Out):
    """Show both sides of a transfer."""

    left: TradeOut
    arrived: TradeOut


class TradesQuery(PageQuery):
    """Choose trades."""

    depot_id: str | None = Field(None, max_length=64)
    security_id: str | None = Field(None, max_length=64)
    since: Day | None = None
    until: Day | None = None


class PriceIn(In):
    """Say what one share cost on a day; it replaces what was known of that day."""

    date: Day
    price: Quantity
    currency: Currency | None = Field(None, description="The security's where it is left out.")
    fx_rate: Rate | None = Field(None, description="Units of `fx_currency`; the last one known if left out.")
    fx_currency: Currency | None = Field(None, description="That of all depots where it is left out.")


class PriceOut(Out):
    """Show a price. `source`: "hand", or the file that said so."""

    id: str
    security_id: str
    date: dt.date
    price: str
    currency: str
    fx_rate: str | None
    fx_currency: str
    source: str


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


class DepotQuery(In):
    """Choose a depot and a day; all depots, and today, where they are left out."""

    depot_id: str | None = Field(None, max_length=64)
    on: Day | None = None


class LotOut(Out):
    """Show shares that were acquired together. `trade_id`: the purchase, or "average" for a pool."""

    trade_id: str
    acquired: dt.date
    quantity: str
    cost_minor: Minor
    exempt: bool


class MethodOut(Out):
    """Say what one method makes of a position. `unrealised_minor`: null where no price is known."""

    cost_minor: Minor
    realised_minor: Minor
    unrealised_minor: Minor | None
    average_price: str | None
    lots: list[LotOut]


class LastPriceOut(Out):
    """Show the price that a value was made with, and how old it is."""

    date: dt.date
    price: str
    currency: str
    fx_rate: str | None
    source: str


class PositionOut(Out):
    """Show what is held of one security in one depot. `currency`: the depot's, in which all its figures are."""

    depot_id: str
    depot: str
    security_id: str
    security: str
    isin: str
    currency: str
    quantity: str
    price: LastPriceOut | None
    value_minor: Minor | None
    fifo: MethodOut
    average: MethodOut
    dividends_minor: Minor
    foreign_withheld_minor: Minor
    withheld_minor: Minor
    surcharge_minor: Minor
    fees_minor: Minor


class PositionsOut(Out):
    """List positions by depot and security; those that were sold have the quantity 0."""

    items: list[PositionOut]


class PerformanceQuery(In):
    """Choose a depot and days; all depots, from the first trade to today, where they are left out."""

    depot_id: str | None = Field(None, max_length=64)
    since: Day | None = None
    until: Day | None = None


class PerformanceOut(Out):
    """Say how the depots of one currency did. Returns are shares of 1 as text; null where prices are missing."""

    currency: str
    start: dt.date
    end: dt.date
    start_minor: Minor
    end_minor: Minor
    paid_in_minor: Minor
    paid_out_minor: Minor
    gain_minor: Minor
    time_weighted: str | None
    time_weighted_yearly: str | None
    money_weighted: str | None
    without_price: list[str]


class PerformancesOut(Out):
    """List how the depots did, by currency."""

    items: list[PerformanceOut]


class AllocationQuery(In):
    """Choose what is told apart, and the day."""

    by: Literal["kind", "country", "currency", "security", "depot"] = "kind"
    on: Day | None = None


class SliceOut(Out):
    """Show one part of the whole. `share`: hundredths of a percent; they sum to 10,000."""

    label: str
    value_minor: Minor
    share: int


class AllocationOut(Out):
    """Show how what is held in one currency is spread, the largest part first."""

    currency: str
    total_minor: Minor
    slices: list[SliceOut]
    without_price: list[str]


class AllocationsOut(Out):
    """List the spread, by currency."""

    items: list[AllocationOut]


class WhatIfIn(In):
    """Think about a sale. `country`: whose tax rules count (AT, DE), or nobody's; `joint`: with the spouse."""

    depot_id: Reference
    security_id: Reference
    quantity: Quantity
    price: Quantity
    on: Day | None = Field(None, description="Today where it is left out.")
    currency: Currency | None = None
    fx_rate: Rate | None = None
    fees_minor: MoneyIn = 0
    country: Country = ""
    joint: bool = False


class LotUseOut(Out):
    """Show what the sale would take from one lot or pool."""

    trade_id: str
    acquired: dt.date
    quantity: str
    cost_minor: Minor
    proceeds_minor: Minor
    gain_minor: Minor
    exempt: bool


class FigureChangeOut(Out):
    """Say by how much the sale changes a figure of the year's tax report."""

    label: SaidOut
    amount_minor: Minor


class SalePreviewOut(Out):
    """Say what the sale would bring under one method. `left_minor`: after fees and tax.

    `tax_minor`: the year's tax with the sale less that without it: allowances and losses that are left count, and it is
    below zero where a loss lowers the tax. `changes`: how it came about.
    """

    gross_minor: Minor
    fees_minor: Minor
    cost_minor: Minor
    gain_minor: Minor
    taxable_gain_minor: Minor
    tax_minor: Minor
    left_minor: Minor
    changes: list[FigureChangeOut]
    uses: list[LotUseOut]


class WhatIfOut(Out):
    """Put both methods side by side. `method`: the one that the chosen country counts by. This is no tax advice."""

    currency: str
    method: str | None
    fifo: SalePreviewOut
    average: SalePreviewOut
    status: str
    status_de: str
    disclaimer_en: str
    disclaimer_de: str


class SalesQuery(In):
    """Choose a security and days; all sales where they are left out."""

    security_id: str | None = Field(None, max_length=64)
    since: Day | None = None
    until: Day | None = None


class SoldByOut(Out):
    """Say what one method makes of a sale, and from which lots (FIFO) or pools (average)."""

    cost_minor: Minor
    gain_minor: Minor
    exempt_gain_minor: Minor
    uses: list[LotUseOut]


class AverageStepOut(Out):
    """Show how the moving average came about: what a trade left in the pool."""

    trade_id: str
    date: dt.date
    exempt: bool
    quantity: str
    cost_minor: Minor
    average_price: str | None


class SaleOut(Out):
    """Show a sale by both methods. `proceeds_minor`: what counts against the cost, after fees."""

    trade_id: str
    date: dt.date
    security_id: str
    security: str
    currency: str
    quantity: str
    gross_minor: Minor
    fees_minor: Minor
    withheld_minor: Minor
    surcharge_minor: Minor
    proceeds_minor: Minor
    fifo: SoldByOut
    average: SoldByOut
    average_steps: list[AverageStepOut]


class SalesOut(Out):
    """List sales, newest first."""

    items: list[SaleOut]
