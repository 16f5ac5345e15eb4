"""Wire types of what depots are worth in the household's own currency."""

from __future__ import annotations

import datetime as dt

from backend.financial_manager.schemas import Minor
from backend.financial_manager.schemas_depot_values import Day
from backend.financial_manager.schemas_rates import QuoteOut
from backend.sdk.http import In, Out


class DepotWorthQuery(In):
    """Choose the day; today where it is left out."""

    on: Day | None = None


class DepotWorthOut(Out):
    """Show one depot in its own currency and in the household's; null where there is no rate into that."""

    depot_id: str
    depot: str
    currency: str
    value_minor: Minor
    own_minor: Minor | None


class DepotsWorthOut(Out):
    """Show all depots in the household's own currency. `quotes`: the rates that were used, each with its day.

    `missing`: currencies without a rate, whose depots are not counted; `without_price`: securities that count nothing.
    """

    currency: str
    on: dt.date
    total_minor: Minor
    items: list[DepotWorthOut]
    quotes: list[QuoteOut]
    missing: list[str]
    without_price: list[str]
