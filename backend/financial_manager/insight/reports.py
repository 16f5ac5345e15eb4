"""Sums by payee, by the person who entered them, and by year; and what changed in a month. Transfers count nowhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import select

from backend.financial_manager.insight.news import MONTHS, Facts, Told, news
from backend.financial_manager.ledger.entered_by import NamesOf, entered_by
from backend.financial_manager.ledger.models import Category, Transaction
from backend.financial_manager.ledger.reports import MonthSum, sum_months
from backend.financial_manager.recurring.bookings import LOOKED_BACK, load_bookings
from backend.financial_manager.recurring.cadence import add_months
from backend.financial_manager.recurring.detector import Booking
from backend.financial_manager.recurring.recurring_payments import RecurringPayments
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession

LEFT, BY_ITSELF, UNKNOWN = "Somebody who left", "Homie, by itself", "Nobody is known"
"""How those are shown who have no name in the space (`shown_name`)."""
MOST = 1000
"""Payees of a report; the rest are too small to matter."""


@dataclass(frozen=True, slots=True)
class PartySum:
    """What went to and came from a payee, or what a person entered (minor units, both positive).

    `payee_id`: where a person named the payee; `name`: as shown, by which its transactions are found.
    """

    key: str
    name: str
    currency: str
    spent_minor: int
    received_minor: int
    bookings: int
    payee_id: str | None = None


@dataclass(frozen=True, slots=True)
class YearSum:
    """What a category came to in a year; positive is money that left the household."""

    year: int
    category_id: str | None
    currency: str
    spent_minor: int
    bookings: int


@dataclass(frozen=True, slots=True)
class MonthNews:
    """What is told of a month. `complete`: it is over."""

    month: dt.date
    complete: bool
    told: tuple[Told, ...]


class Insight:
    """Read what the ledger of the space tells that an actor acts in."""

    def __init__(self, db: Database, clock: Clock, recurring: RecurringPayments, names: NamesOf) -> None:
        self._db = db
        self._clock = clock
        self._recurring = recurring
        self._names = names

    def news(self, actor: Actor, month: dt.date) -> MonthNews:
        """Return what changed in the month of a day."""
        first = month.replace(day=1)

        def work(session: OwnedSession) -> Facts:
            today = local_day(self._clock)
            last = add_months(first, 1) - dt.timedelta(days=1)
            rows = session.scalars(select(Category).where(Category.owner_id == session.actor.owner_id))
            return Facts(
                first,
                today,
                sum_months(session, add_months(first, -MONTHS), min(last, today)),
                load_bookings(session, first - LOOKED_BACK, min(last, today)),
                self._recurring.within(session),
                {row.id: (row.title, row.direction) for row in rows},
            )

        facts = self._db.read(actor, work)
        return MonthNews(first, facts.complete, tuple(news(facts)))

    def payees(self, actor: Actor, first: dt.date, last: dt.date) -> list[PartySum]:
        """Return whom money went to and came from, most first."""

        def work(session: OwnedSession) -> list[PartySum]:
            bookings = [one for one in load_bookings(session, first, last) if one.counts]
            names = {one.payee_key: one.name for one in bookings}
            named = {one.payee_key for one in bookings if one.payee_key != one.text_key}
            return _summed(bookings, lambda one: one.payee_key, names, named)

        return self._db.read(actor, work)

    def people(self, actor: Actor, first: dt.date, last: dt.date) -> list[PartySum]:
        """Return what each person entered or imported, with how they are shown.

        `key`: their id; the space's own id is what the hub booked by itself, "" what nobody is known of.
        """

        def work(session: OwnedSession) -> list[PartySum]:
            who = _entered_by(session)
            bookings = [one for one in load_bookings(session, first, last) if one.counts]
            return _summed(bookings, lambda one: who.get(one.id, ""), {}, frozenset())

        known = self._names(actor)
        return [replace(one, name=shown_name(one.key, known, actor)) for one in self._db.read(actor, work)]

    def years(self, actor: Actor, first: int, last: int, *, same_days: bool = False) -> list[YearSum]:
        """Return year x category, in order; `same_days`: of each year only up to today's day, so that all are alike."""
        today = local_day(self._clock)

        def work(session: OwnedSession) -> list[MonthSum]:
            found: list[MonthSum] = []
            for year in range(first, last + 1):
                end = add_months(today, 12 * (year - today.year)) if same_days else dt.date(year, 12, 31)
                found += sum_months(session, dt.date(year, 1, 1), end)
            return found

        return years_of(self._db.read(actor, work))

    def years_within(self, actor: Actor, first: dt.date, last: dt.date) -> list[YearSum]:
        """Return year x category, in order, of nothing but the days asked for."""
        return years_of(self._db.read(actor, lambda session: sum_months(session, first, last)))


def shown_name(user_id: str, known: Mapping[str, str], actor: Actor) -> str:
    """Return how a person is shown, also one who left the space, the hub itself, and nobody in particular."""
    if user_id in known:
        return known[user_id]
    if not user_id:
        return UNKNOWN
    return BY_ITSELF if user_id == actor.owner_id else LEFT


def years_of(months: Iterable[MonthSum]) -> list[YearSum]:
    """Return the sums of months by year."""
    sums: dict[tuple[int, str, str], list[int]] = defaultdict(lambda: [0, 0])
    for one in months:
        found = sums[(one.month.year, one.category_id or "", one.currency)]
        found[0] += one.spent_minor
        found[1] += one.bookings
    return [
        YearSum(year, category or None, currency, spent, bookings)
        for (year, category, currency), (spent, bookings) in sorted(sums.items())
    ]


def _summed(
    bookings: Iterable[Booking], key_of: Callable[[Booking], str], names: dict[str, str], named: Iterable[str]
) -> list[PartySum]:
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0, 0])
    for one in bookings:
        found = sums[(key_of(one), one.currency)]
        found[0] += max(0, -one.counted_minor)
        found[1] += max(0, one.counted_minor)
        found[2] += 1
    known = set(named)
    parties = [
        PartySum(key, names.get(key, key), currency, spent, received, count, key if key in known else None)
        for (key, currency), (spent, received, count) in sums.items()
    ]
    return sorted(parties, key=lambda one: (-max(one.spent_minor, one.received_minor), one.name, one.key))[:MOST]


def _entered_by(session: OwnedSession) -> dict[str, str]:
    """Return transaction -> the person whose it is."""
    who = entered_by(session)
    query = select(Transaction.id, Transaction.batch_id).where(
        Transaction.owner_id == session.actor.owner_id, Transaction.batch_id.is_not(None)
    )
    return {**who.by_hand, **{row_id: who.of(row_id, batch_id) for row_id, batch_id in session.execute(query)}}
