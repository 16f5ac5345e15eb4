"""What all depots are worth in the household's own currency, each by a rate of the ECB with its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from backend.financial_manager.depots.valuation import Held, Valuation
from backend.financial_manager.errors import RateMissing
from backend.financial_manager.ledger.models import UserAccount
from backend.financial_manager.rates.book import Quote, changed, quote
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, local_day
from backend.sdk.db import Database, OwnedSession


@dataclass(frozen=True, slots=True)
class DepotWorth:
    """One depot in its own currency and in the household's; None where there is no rate into that."""

    depot: UserAccount
    value_minor: int
    own_minor: int | None


@dataclass(frozen=True, slots=True)
class DepotsWorth:
    """All depots. `quotes`: the rates that were used; `missing`: currencies without one, whose depots are not counted.

    `without_price`: securities that are held and of which no price is known; they count for nothing.
    """

    currency: str
    on: dt.date
    total_minor: int
    depots: tuple[DepotWorth, ...]
    quotes: tuple[Quote, ...]
    missing: tuple[str, ...]
    without_price: tuple[str, ...]


class Worth:
    """Add up the depots of the space that an actor acts in."""

    def __init__(self, db: Database, clock: Clock, valuation: Valuation) -> None:
        self._db = db
        self._clock = clock
        self._valuation = valuation

    def of(self, actor: Actor, own: str, *, on: dt.date | None = None) -> DepotsWorth:
        """Return what the depots are worth on a day, today by default; `own`: the household's currency."""
        day = on or local_day(self._clock)
        held = [one for one in self._valuation.positions(actor, on=day) if one.position.quantity]
        return self._db.read(actor, _added, held, own, day)


def _added(session: OwnedSession, held: Sequence[Held], own: str, day: dt.date) -> DepotsWorth:
    values: dict[str, tuple[UserAccount, int]] = {}
    for one in held:
        depot, value = values.get(one.depot.id, (one.depot, 0))
        values[depot.id] = (depot, value + (one.position.value_minor or 0))
    quotes: dict[str, Quote | None] = {}
    for depot, _ in values.values():
        if depot.currency not in quotes:
            quotes[depot.currency] = _quote(session, depot.currency, own, day)
    depots = [_worth(depot, value, own, quotes[depot.currency]) for depot, value in values.values()]
    return DepotsWorth(
        own, day, sum(one.own_minor or 0 for one in depots),
        tuple(sorted(depots, key=lambda one: (one.depot.name, one.depot.id))),
        tuple(found for code, found in sorted(quotes.items()) if found is not None and code != own),
        tuple(code for code, found in sorted(quotes.items()) if found is None),
        tuple(sorted({one.security.name for one in held if one.position.value_minor is None})),
    )  # fmt: skip


def _worth(depot: UserAccount, value: int, own: str, found: Quote | None) -> DepotWorth:
    moved = None if found is None else changed(value, depot.currency, own, found.exact)
    return DepotWorth(depot, value, moved)


def _quote(session: OwnedSession, source: str, target: str, day: dt.date) -> Quote | None:
    try:
        return quote(session, source, target, day)
    except RateMissing:
        return None
