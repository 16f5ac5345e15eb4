"""Wire types of what depots come to: positions, returns, spread. Money is minor units, the rest decimal text."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field

from backend.financial_manager.schemas import Minor
from backend.financial_manager.schemas_depot_values import Day
from backend.sdk.http import In, Out


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
    """Show what is held of one security in one depot. `currency`: the depot's, in which all its figures are.

    `on_the_way`: it left that depot and arrives in another one later; a position of its own beside the depot's.
    """

    depot_id: str
    depot: str
    security_id: str
    security: str
    isin: str
    currency: str
    on_the_way: bool
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
