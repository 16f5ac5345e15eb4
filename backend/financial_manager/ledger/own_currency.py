"""Net worth and monthly sums in the household's own currency, by the ECB's rates, each with the day that it is of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import and_, func, select

from backend.financial_manager.errors import RateMissing
from backend.financial_manager.ledger.models import Category, Posting
from backend.financial_manager.ledger.reports import Reports, sum_months
from backend.financial_manager.rates.book import Quote, changed, last_day, quote
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession

Sums = dict[tuple[dt.date, str | None, bool], tuple[int, int]]
"""(month, category, whether it came in without one) -> (minor units, bookings)."""


@dataclass(frozen=True, slots=True)
class OwnPoint:
    """What all accounts held at the end of a day, in one currency (minor units)."""

    day: dt.date
    worth_minor: int


@dataclass(frozen=True, slots=True)
class OwnWorth:
    """The series in one currency. `quotes`: the rates of the last day; `missing`: currencies without a rate.

    What is held in a missing currency is in no point.
    """

    currency: str
    points: tuple[OwnPoint, ...]
    quotes: tuple[Quote, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """What one category came to in a month, in one currency; positive is money that left the household.

    Without a category what left and what came in are two sums, as of a `MonthSum`.
    """

    month: dt.date
    category_id: str | None
    spent_minor: int
    bookings: int


@dataclass(frozen=True, slots=True)
class OwnMonths:
    """Month x category in one currency: each booking by the rate of its own day.

    `through`: the newest day of which rates are known; `stale`: some booking is more than a week younger than its rate;
    `foreign`: the currencies that were changed; `missing`: those without a rate, whose bookings count nowhere.
    """

    currency: str
    items: tuple[OwnMonth, ...]
    through: dt.date
    stale: bool
    foreign: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(slots=True)
class _Tables:
    """The rates that were looked up in one report."""

    session: OwnedSession
    own: str
    known: dict[tuple[str, dt.date], Quote | None] = field(default_factory=dict)
    missing: set[str] = field(default_factory=set)

    def quote(self, currency: str, day: dt.date) -> Quote | None:
        """Return the rate into the own currency; None where there is none, which is remembered."""
        key = (currency, day)
        if key not in self.known:
            try:
                self.known[key] = quote(self.session, currency, self.own, day)
            except RateMissing:
                self.known[key] = None
        found = self.known[key]
        if found is None:
            self.missing.add(currency)
        return found


class OwnCurrency:
    """Read sums of the space that an actor acts in, in one currency."""

    def __init__(self, db: Database, reports: Reports) -> None:
        self._db = db
        self._reports = reports

    def net_worth(self, actor: Actor, days: Sequence[dt.date], own: str) -> OwnWorth:
        """Return what was held at the end of each day (ascending), each by the rates of that day."""
        points = [one for one in self._reports.net_worth(actor, days) if one.worth_minor]

        def work(session: OwnedSession) -> OwnWorth:
            tables, sums = _Tables(session, own), dict.fromkeys(days, 0)
            for one in points:
                found = tables.quote(one.currency, one.day)
                if found is not None:
                    sums[one.day] += changed(one.worth_minor, one.currency, own, found.exact)
            held = sorted({one.currency for one in points if one.day == days[-1]} - {own})
            quotes = [found for code in held if (found := tables.quote(code, days[-1])) is not None]
            series = tuple(OwnPoint(day, worth) for day, worth in sums.items())
            return OwnWorth(own, series, tuple(quotes), tuple(sorted(tables.missing)))

        return self._db.read(actor, work)

    def months(self, actor: Actor, first: dt.date, last: dt.date, own: str) -> OwnMonths:
        """Return month x category of the days from `first` to `last`; transfers are left out."""

        def work(session: OwnedSession) -> OwnMonths:
            sums: Sums = {}
            for one in sum_months(session, first, last, currency=own):
                _add(sums, one.month, one.category_id, one.spent_minor, one.bookings)
            tables, foreign, stale = _Tables(session, own), set(), False
            for day, category, currency, total, count in _foreign_days(session, first, last, own):
                found = tables.quote(currency, day)
                foreign.add(currency)
                if found is not None:
                    stale = stale or found.stale
                    _add(sums, day.replace(day=1), category, changed(total, currency, own, found.exact), count)
            items = [OwnMonth(month, category, *told) for (month, category, _), told in sums.items()]
            items.sort(key=lambda one: (one.month, one.category_id or "", -one.spent_minor))
            missing = tuple(sorted(tables.missing))
            return OwnMonths(own, tuple(items), last_day(session), stale, tuple(sorted(foreign)), missing)

        return self._db.read(actor, work)


def _add(sums: Sums, month: dt.date, category: str | None, spent: int, count: int) -> None:
    key = (month, category, category is None and spent <= 0)
    before = sums.get(key, (0, 0))
    sums[key] = (before[0] + spent, before[1] + count)


def _foreign_days(
    session: OwnedSession, first: dt.date, last: dt.date, own: str
) -> list[tuple[dt.date, str | None, str, int, int]]:
    """Return day, category, currency, sum and count of what was booked in other currencies; transfers are left out.

    Without a category what left and what came in come apart.
    """
    owner = session.actor.owner_id
    transfers = set(
        session.scalars(select(Category.id).where(Category.owner_id == owner, Category.direction == "transfer"))
    )
    came_in_unsaid = and_(Posting.category_id.is_(None), Posting.amount_minor <= 0)
    rows = session.execute(
        select(Posting.date, Posting.category_id, Posting.currency, func.sum(Posting.amount_minor), func.count())
        .where(
            Posting.owner_id == owner, Posting.account_id.is_(None), Posting.booked.is_(True),
            Posting.currency != own, Posting.date.between(first, last),
        )
        .group_by(Posting.date, Posting.category_id, Posting.currency, came_in_unsaid)
        .order_by(Posting.date)
    )  # fmt: skip
    return [(day, one, unit, int(total), int(count)) for day, one, unit, total, count in rows if one not in transfers]
