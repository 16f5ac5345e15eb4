"""The rates by which a tax report counts what was in another currency: the booking's own, else the ECB's of its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from backend.financial_manager.depots.book import Book
from backend.financial_manager.errors import RateMissing
from backend.financial_manager.rates.book import Quote, changed, quote, quotes
from backend.financial_manager.securities import AnyTrade
from backend.financial_manager.securities.amounts import EXACT, plain
from backend.financial_manager.securities.trades import MoneyTrade
from backend.sdk.db import OwnedSession

RateOf = Literal["booking", "ecb", "both"]


@dataclass(frozen=True, slots=True)
class RateUsed:
    """What one unit of `currency` counted for. `of`: whose rate, "both": the trade's, and the ECB's for the depot's.

    `day`: of the rate; `stale`: it is more than a week older than what it counts.
    """

    currency: str
    rate: str
    day: dt.date
    of: RateOf
    stale: bool = False


def in_currency(session: OwnedSession, book: Book, target: str) -> tuple[Book, dict[str, RateUsed]]:
    """Return a book whose trades count in a currency, each by the rate of its own day, and those rates by trade.

    Where the ECB names no rate, the book comes back as it is.
    """
    days = {one.date for one in book.trades if isinstance(one, MoneyTrade) and one.currency != target}
    known = quotes(session, book.base, target, days)
    if len(known) < len(days):
        return book, {}
    used: dict[str, RateUsed] = {}
    trades = tuple(_moved(one, book.base, target, known, used) for one in book.trades)
    return replace(book, base=target, trades=trades), used


def in_minor(
    session: OwnedSession, amount_minor: int, currency: str, target: str, day: dt.date
) -> tuple[int, RateUsed] | None:
    """Return an amount by the ECB's rate of a day, and that rate; None where there is none."""
    try:
        found = quote(session, currency, target, day)
    except RateMissing:
        return None
    return changed(amount_minor, currency, target, found.exact), _told(found, "ecb", currency)


def _moved(
    trade: AnyTrade, base: str, target: str, known: Mapping[dt.date, Quote], used: dict[str, RateUsed]
) -> AnyTrade:
    if not isinstance(trade, MoneyTrade) or trade.currency == target:
        return replace(trade, fx_rate=None) if isinstance(trade, MoneyTrade) else trade
    if base == target:
        if trade.fx_rate is not None:
            used[trade.id] = RateUsed(trade.currency, format(plain(trade.fx_rate), "f"), trade.date, "booking")
        return trade
    found = known[trade.date]
    if trade.currency == base:
        used[trade.id] = _told(found, "ecb", base)
        return replace(trade, fx_rate=found.exact)
    rate = EXACT.multiply(trade.fx_rate or Decimal(0), found.exact)
    used[trade.id] = replace(_told(found, "both", trade.currency), rate=format(plain(rate), "f"))
    return replace(trade, fx_rate=rate)


def _told(found: Quote, of: RateOf, currency: str) -> RateUsed:
    return RateUsed(currency, found.rate, found.as_of, of, found.stale)
