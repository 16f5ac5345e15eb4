"""What depots are worth and gained: positions by both methods, returns, and spread."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from backend.financial_manager.days import check_day
from backend.financial_manager.depots.book import Book, books_of, price_book
from backend.financial_manager.depots.keeping import find_depot
from backend.financial_manager.depots.models import Security
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.securities import (
    Allocation,
    CostRules,
    Performance,
    Portfolio,
    Position,
    Splits,
    allocate,
    performance,
    value_positions,
    worth_on,
)
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession

SpreadBy = Literal["kind", "country", "currency", "security", "depot"]


@dataclass(frozen=True, slots=True)
class Held:
    """One position with who it is. `base`: the currency of its figures."""

    base: str
    depot: UserAccount
    security: Security
    position: Position


@dataclass(frozen=True, slots=True)
class Done:
    """How the depots of one currency did."""

    base: str
    performance: Performance


@dataclass(frozen=True, slots=True)
class Spread:
    """How what is held in one currency is spread."""

    base: str
    allocation: Allocation


class Valuation:
    """Read the figures of the depots of the space that an actor acts in."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def positions(self, actor: Actor, *, depot_id: str | None = None, on: dt.date | None = None) -> list[Held]:
        """Return what was ever held up to a day, by depot and security; raises `AccountMissing`."""

        def work(session: OwnedSession) -> list[Held]:
            _check_depot(session, depot_id)
            found = []
            for book, portfolio in _portfolios(session, on or local_day(self._clock)):
                for one in portfolio.positions:
                    depot = book.depots[one.depot]
                    if depot_id in (None, depot.id):
                        found.append(Held(book.base, depot, book.securities[one.isin], one))
            return found

        return self._db.read(actor, work)

    def worth(self, actor: Actor, days: Sequence[dt.date]) -> dict[tuple[dt.date, str], int]:
        """Return what all depots of a currency were worth at the end of each day (ascending), in minor units."""

        def work(session: OwnedSession) -> dict[tuple[dt.date, str], int]:
            found = {}
            for book in books_of(session):
                if book.trades:
                    worth = worth_on(book.trades, CostRules(base=book.base), price_book(session, book), days)
                    found.update({(day, book.base): one for day, one in zip(days, worth, strict=True)})
            return found

        return self._db.read(actor, work)

    def performance(
        self, actor: Actor, *, depot_id: str | None = None, since: dt.date | None = None, until: dt.date | None = None
    ) -> list[Done]:
        """Return the returns of one depot, or of all, for each currency; from the first trade where no day is named.

        Raises `AccountMissing`, `InvalidInput` for a day of no household's time, and `TradeInvalid` where the time ends
        before it starts.
        """
        check_day(since, "query.since")
        check_day(until, "query.until")

        def work(session: OwnedSession) -> list[Done]:
            _check_depot(session, depot_id)
            end = until or local_day(self._clock)
            found = []
            for book in books_of(session):
                happened = Splits(book.trades).trades  # a split of all depots, before one of them is looked at alone
                trades = [one for one in happened if depot_id in (None, book.depots[one.depot].id)]
                if not trades:
                    continue
                start = since or min(end, *(one.date for one in trades))
                done = performance(trades, CostRules(base=book.base), price_book(session, book), start, end)
                found.append(Done(book.base, done))
            return found

        return self._db.read(actor, work)

    def spread(self, actor: Actor, by: SpreadBy, *, on: dt.date | None = None) -> list[Spread]:
        """Return how what is held is spread, for each currency, in hundredths of a percent that sum to the whole."""

        def work(session: OwnedSession) -> list[Spread]:
            found = []
            for book, portfolio in _portfolios(session, on or local_day(self._clock)):
                held = [one for one in portfolio.positions if one.quantity]
                if held:
                    found.append(Spread(book.base, allocate(held, _label(book, by))))
            return found

        return self._db.read(actor, work)


def _check_depot(session: OwnedSession, depot_id: str | None) -> None:
    if depot_id is not None:
        find_depot(session, depot_id, "query.depot_id")


def _portfolios(session: OwnedSession, on: dt.date) -> list[tuple[Book, Portfolio]]:
    return [
        (book, value_positions(book.trades, CostRules(base=book.base), price_book(session, book), on))
        for book in books_of(session)
        if book.trades
    ]


def _label(book: Book, by: SpreadBy) -> Callable[[Position], str]:
    """Return what a position is sorted by."""

    def of(position: Position) -> str:
        security = book.securities[position.isin]
        if by == "depot":
            return position.depot
        return security.name if by == "security" else str(getattr(security, by))

    return of
