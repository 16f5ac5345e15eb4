"""Wire types of sales: those that were, with their trail, and one that is only thought of."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.schemas import Minor, SaidOut
from backend.financial_manager.schemas_depot_values import Country, Currency, Day, MoneyIn, Quantity, Rate, Reference
from backend.sdk.http import In, Out


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
