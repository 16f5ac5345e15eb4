"""The trail of each sale: the lots that it used first in, first out, and what it took from the moving average."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from backend.financial_manager.depots.book import books_of
from backend.financial_manager.depots.keeping import find_depot, find_security
from backend.financial_manager.depots.models import Security
from backend.financial_manager.securities import (
    AverageStep,
    CostRules,
    Portfolio,
    PriceBook,
    Sale,
    value_positions,
)
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession


@dataclass(frozen=True, slots=True)
class Sold:
    """One sale by both methods. `steps`: how the average came about, up to and with the sale."""

    base: str
    security: Security
    fifo: Sale
    average: Sale
    steps: tuple[AverageStep, ...]


class Sales:
    """Read the sales of the depots of the space that an actor acts in."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def of(
        self,
        actor: Actor,
        depot_id: str,
        *,
        security_id: str | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
    ) -> list[Sold]:
        """Return the sales of a depot, newest first, each with its lots; raises `AccountMissing`."""

        def work(session: OwnedSession) -> list[Sold]:
            depot = find_depot(session, depot_id, "path.id")
            if security_id is not None:
                find_security(session, security_id, "query.security_id")
            found: list[Sold] = []
            for book in books_of(session, security_id=security_id):
                if book.base == depot.currency:
                    last = until or local_day(self._clock)
                    portfolio = value_positions(book.trades, CostRules(base=book.base), PriceBook([]), last)
                    label = book.depot_label(depot.id)
                    found += _sold(portfolio, label, book.base, dict(book.securities), since)
            return sorted(found, key=lambda one: (one.fifo.date, one.fifo.trade_id), reverse=True)

        return self._db.read(actor, work)


def _sold(
    portfolio: Portfolio, depot: str, base: str, securities: dict[str, Security], since: dt.date | None
) -> list[Sold]:
    by_average = {sale.trade_id: sale for sale in portfolio.average.sales}
    return [
        Sold(base, securities[sale.isin], sale, by_average[sale.trade_id], _steps(portfolio, sale))
        for sale in portfolio.fifo.sales
        if sale.depot == depot and (since is None or sale.date >= since)
    ]


def _steps(portfolio: Portfolio, sale: Sale) -> tuple[AverageStep, ...]:
    """Return the steps of the average up to a sale: they begin anew where nothing was held."""
    steps = portfolio.average_steps(sale.depot, sale.isin)
    last = max((n for n, step in enumerate(steps) if step.trade_id == sale.trade_id), default=-1)
    first = max((n + 1 for n, step in enumerate(steps[:last]) if not step.quantity), default=0)
    return steps[first : last + 1]
