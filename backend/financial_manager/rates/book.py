"""The rate between two currencies on a day, with the day it is of; and amounts changed by it. Inside a session."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal

from sqlalchemy import func, select

from backend.financial_manager.currencies import exponent
from backend.financial_manager.errors import RateMissing
from backend.financial_manager.rates.models import FxRate
from backend.financial_manager.rates.shipped import fixed, shipped
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem

EURO = "EUR"
STALE_DAYS = 7
"""A rate that is older than so many days is said to be old: the ECB names one on every working day."""
_Known = tuple[dt.date, Decimal]
"""The day of a rate, and units for one euro."""
_DIGITS = Context(prec=12, rounding=ROUND_HALF_UP)
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Quote:
    """What one unit of `source` is worth in `target`. `as_of`: the day of the rate (the older of the two).

    `stale`: the rate is more than `STALE_DAYS` days older than the day that was asked for.
    """

    source: str
    target: str
    exact: Decimal
    as_of: dt.date
    stale: bool

    @property
    def rate(self) -> str:
        """Return the rate as it is stored and shown: without exponent, at most 12 digits that count."""
        return format(self.exact.normalize(), "f")


def quote(session: OwnedSession, source: str, target: str, day: dt.date, field: str = "query.source") -> Quote:
    """Return the newest rate that was known on a day; raises `RateMissing`, naming `field`, where there is none."""
    if source == target:
        return Quote(source, target, Decimal(1), day, False)
    found = {code: _per_euro(code, day, _fetched(session, code, day)) for code in (source, target)}
    for code, one in found.items():
        if one is None:
            problem = f"The ECB names no rate of {code} up to {day.isoformat()}."
            raise RateMissing(fields=[FieldProblem(field, problem, "Give the amount in both currencies yourself.")])
    bought, sold = (one for one in (found[source], found[target]) if one is not None)
    return _crossed(source, target, bought, sold, day)


def quotes(session: OwnedSession, source: str, target: str, days: Iterable[dt.date]) -> dict[dt.date, Quote]:
    """Return what `quote` returns for each of many days, read at once; a day without a rate is left out."""
    if source == target:
        return {day: Quote(source, target, Decimal(1), day, False) for day in days}
    rates = {code: _all_fetched(session, code) for code in (source, target)}
    found = {}
    for day in days:
        bought, sold = (_per_euro(code, day, _newest(rates[code], day)) for code in (source, target))
        if bought is not None and sold is not None:
            found[day] = _crossed(source, target, bought, sold, day)
    return found


def changed(amount_minor: int, source: str, target: str, rate: Decimal) -> int:
    """Return an amount (minor units) of one currency in another, rounded half up to its smallest coin."""
    moved = _EXACT.multiply(Decimal(amount_minor), rate).scaleb(exponent(target) - exponent(source), _EXACT)
    return int(moved.to_integral_value(rounding=ROUND_HALF_UP))


def last_day(session: OwnedSession) -> dt.date:
    """Return the newest day of which rates are known."""
    newest = session.scalar(select(func.max(FxRate.day)).where(FxRate.owner_id == session.actor.owner_id))
    return max(shipped().last, newest) if newest is not None else shipped().last


def _crossed(source: str, target: str, bought: _Known, sold: _Known, day: dt.date) -> Quote:
    """Return the rate between two currencies by what each is for one euro."""
    as_of = min(bought[0], sold[0])
    return Quote(source, target, _DIGITS.divide(sold[1], bought[1]), as_of, (day - as_of).days > STALE_DAYS)


def _per_euro(currency: str, day: dt.date, fetched: _Known | None) -> _Known | None:
    """Return the day of the newest rate not after `day`, and units for one euro; `fetched`: the newest one kept."""
    if currency == EURO:
        return day, Decimal(1)
    known = fixed().get(currency)
    if known is not None and day >= known[0]:
        return day, known[1]
    old = shipped().rate(currency, day)
    return fetched if fetched is not None and (old is None or fetched[0] > old[0]) else old


def _fetched(session: OwnedSession, currency: str, day: dt.date) -> _Known | None:
    """Return the newest rate not after a day that was fetched since this version came out."""
    if currency == EURO:
        return None
    row = session.execute(
        select(FxRate.day, FxRate.rate)
        .where(FxRate.owner_id == session.actor.owner_id, FxRate.currency == currency, FxRate.day <= day)
        .order_by(FxRate.day.desc())
        .limit(1)
    ).first()
    return None if row is None else (row[0], Decimal(row[1]))


def _all_fetched(session: OwnedSession, currency: str) -> list[_Known]:
    """Return all rates of a currency that were fetched, by day."""
    if currency == EURO:
        return []
    query = (
        select(FxRate.day, FxRate.rate)
        .where(FxRate.owner_id == session.actor.owner_id, FxRate.currency == currency)
        .order_by(FxRate.day)
    )
    return [(day, Decimal(rate)) for day, rate in session.execute(query)]


def _newest(rates: Sequence[_Known], day: dt.date) -> _Known | None:
    place = bisect_right(rates, day, key=lambda one: one[0])
    return rates[place - 1] if place else None
