"""Sums over the ledger: by month and category, what the household owns over time. Transfers and plans count nowhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from sqlalchemy import func, select

from backend.financial_manager.ledger.kept import KeptByState
from backend.financial_manager.ledger.models import Category, Posting, UserAccount
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, year_month


@dataclass(frozen=True, slots=True)
class MonthSum:
    """What one category came to in one month. `spent_minor`: positive is money that left the household.

    `category_id`: None for what nobody has said yet; of that, what left and what came in are two sums: no salary that
    waits in the inbox makes a purchase beside it smaller. `month`: its first day.
    """

    month: dt.date
    category_id: str | None
    currency: str
    spent_minor: int
    bookings: int


@dataclass(frozen=True, slots=True)
class WorthPoint:
    """What was owned in a currency at the end of a day (minor units): all accounts, and securities at their price."""

    day: dt.date
    currency: str
    worth_minor: int


Besides = Callable[[Actor, Sequence[dt.date]], Mapping[tuple[dt.date, str], int]]
"""Return what is owned besides what accounts hold: (day, currency) -> minor units, each currency on every day."""


class Reports:
    """Read sums of the space that an actor acts in.

    `besides`: what securities are worth, which the ledger does not know.
    """

    def __init__(self, db: Database, besides: Besides) -> None:
        self._db = db
        self._besides = besides
        self._months: KeptByState[tuple[MonthSum, ...]] = KeptByState()
        self._moves: KeptByState[dict[str, list[tuple[dt.date, int]]]] = KeptByState()

    def months(self, actor: Actor, first: dt.date, last: dt.date) -> list[MonthSum]:
        """Return month x category of the days from `first` to `last`, in order; transfers are left out."""

        def work(session: OwnedSession) -> list[MonthSum]:
            return list(self._months.get(session, (first, last), lambda: tuple(sum_months(session, first, last))))

        return self._db.read(actor, work)

    def net_worth(self, actor: Actor, days: Sequence[dt.date]) -> list[WorthPoint]:
        """Return what was owned at the end of each day (ascending), by currency: accounts and securities.

        Openings count from their day on.
        """

        def work(session: OwnedSession) -> list[WorthPoint]:
            moves = self._moves.get(session, "", lambda: _day_sums(session))
            return [point for currency in sorted(moves) for point in _series(currency, moves[currency], days)]

        owned = {(one.currency, one.day): one.worth_minor for one in self._db.read(actor, work)}
        for (day, currency), worth in self._besides(actor, days).items():
            owned[currency, day] = owned.get((currency, day), 0) + worth
        return [WorthPoint(day, currency, worth) for (currency, day), worth in sorted(owned.items())]


def sum_months(session: OwnedSession, first: dt.date, last: dt.date, *, currency: str | None = None) -> list[MonthSum]:
    """Do what `Reports.months` does inside a session, perhaps of one currency only."""
    owner = session.actor.owner_id
    transfers = set(
        session.scalars(select(Category.id).where(Category.owner_id == owner, Category.direction == "transfer"))
    )
    month = year_month(Posting.date)
    sums = (
        select(month, Posting.category_id, Posting.currency, func.sum(Posting.amount_minor), func.count())
        .where(Posting.owner_id == owner, Posting.booked.is_(True), Posting.date.between(first, last))
        .group_by(month, Posting.category_id, Posting.currency)
    )
    if currency is not None:
        sums = sums.where(Posting.currency == currency)
    # Two questions, because each has an index that answers it alone.
    said = sums.where(Posting.category_id.is_not(None))
    unsaid = sums.where(Posting.account_id.is_(None), Posting.category_id.is_(None)).group_by(Posting.amount_minor > 0)
    found = [
        MonthSum(dt.date.fromisoformat(f"{told}-01"), category, unit, int(total), int(count))
        for told, category, unit, total, count in (*session.execute(said), *session.execute(unsaid))
        if category not in transfers
    ]
    return sorted(found, key=lambda one: (one.month, one.category_id or "", one.currency, -one.spent_minor))


def _day_sums(session: OwnedSession) -> dict[str, list[tuple[dt.date, int]]]:
    """Return currency -> (day, what all accounts of it moved), ascending; an opening moves on its own day."""
    owner = session.actor.owner_id
    moves: dict[str, list[tuple[dt.date, int]]] = {}
    accounts = list(session.scalars(select(UserAccount).where(UserAccount.owner_id == owner)))
    for account in accounts:
        begins = account.opening_date or dt.date.min
        moves.setdefault(account.currency, []).append((begins, account.opening_minor))
    currencies = {account.id: account.currency for account in accounts}
    query = (  # by account and day, as the index has them: nothing is sorted, no row is looked up
        select(Posting.account_id, Posting.date, func.sum(Posting.amount_minor))
        .where(Posting.owner_id == owner, Posting.account_id.in_(currencies), Posting.booked.is_(True))
        .group_by(Posting.account_id, Posting.date)
    )
    for account_id, day, total in session.execute(query):
        moves[currencies[str(account_id)]].append((day, int(total)))
    return {currency: sorted(some) for currency, some in moves.items()}


def _series(currency: str, moves: list[tuple[dt.date, int]], days: Sequence[dt.date]) -> list[WorthPoint]:
    """Return the running sum of moves (ascending) at the end of each day."""
    sums = [0, *accumulate(amount for _, amount in moves)]
    found, place = [], 0
    for day in days:
        while place < len(moves) and moves[place][0] <= day:
            place += 1
        found.append(WorthPoint(day, currency, sums[place]))
    return found
