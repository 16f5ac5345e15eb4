"""Bookings that are the money of a distribution which a depot counts already, although nobody linked the two."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from backend.financial_manager.depots.book import Book
from backend.financial_manager.securities import Dividend

NEAR = dt.timedelta(days=10)
"""How far the day of a booking is from that of its trade at most: value date, weekend, the way between two banks."""


@dataclass(frozen=True, slots=True)
class Paid:
    """What a distribution may have brought to an account. `amounts`: gross or net, as (currency, minor units)."""

    day: dt.date
    amounts: frozenset[tuple[str, int]]


def paid_of(book: Book, counted: Collection[str], linked: Collection[str]) -> list[Paid]:
    """Return what the counted distributions of a book paid; `linked`: trades whose booking is known."""
    trades = (one for one in book.trades if isinstance(one, Dividend) and one.id in counted and one.id not in linked)
    return [Paid(one.date, _amounts(one, book.base)) for one in trades]


def take_paid(paid: list[Paid], day: dt.date, currency: str, amount_minor: int) -> bool:
    """Tell whether an amount is one of those, and take the nearest out: one distribution is paid once."""
    fitting = [one for one in paid if abs(one.day - day) <= NEAR and (currency, amount_minor) in one.amounts]
    if not fitting or amount_minor <= 0:
        return False
    paid.remove(min(fitting, key=lambda one: (abs(one.day - day), one.day)))
    return True


def _amounts(trade: Dividend, base: str) -> frozenset[tuple[str, int]]:
    """Return gross, after foreign tax, and after all taxes: in the trade's currency, and as the rate makes of it."""
    abroad = trade.amount_minor - trade.foreign_withheld_minor
    found = {trade.amount_minor, abroad, abroad - trade.withheld_minor - trade.surcharge_minor}
    return frozenset({(trade.currency, one) for one in found} | {(base, trade.base_minor(one, base)) for one in found})
