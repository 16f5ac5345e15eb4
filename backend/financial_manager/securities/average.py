"""Moving average: one pool per depot and security, as Austrian law wants it (§ 27a Abs 4 Z 3 EStG).

A purchase adds quantity and cost; a sale takes the share of the cost that its quantity has of the whole, so the average
stays; a split changes the quantity only. Cost is kept as a total in minor units, never as a rounded price per share,
and one rounding (half up) happens per sale. Exempt holdings (Altbestand) are a pool of their own and never mix in.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from backend.financial_manager.securities.amounts import EXACT, from_minor, part_of
from backend.financial_manager.securities.lots import ZERO, Key, Lot, adjusted_costs, shared_quantities

POOL = "average"
EXEMPT_POOL = "average-exempt"


@dataclass(frozen=True, slots=True)
class AverageStep:
    """How an average came to be: what a trade left in a pool. Cost in minor units of the base currency."""

    trade_id: str
    date: date
    exempt: bool
    quantity: Decimal
    cost_minor: int

    def price(self, currency: str) -> Decimal | None:
        """Return the average cost of one share (six decimals, for reading only), or None where none is held."""
        return average_price(self.cost_minor, self.quantity, currency)


def average_price(cost_minor: int, quantity: Decimal, currency: str) -> Decimal | None:
    """Return cost per share with six decimals, half up; None for no shares. Figures are never made from it."""
    if not quantity:
        return None
    return EXACT.quantize(EXACT.divide(from_minor(cost_minor, currency), quantity), Decimal("0.000001"))


class AveragePools:
    """The pools of all depots. A pool is a `Lot` whose day is that of its first share."""

    def __init__(self, *, exempt_first: bool = True) -> None:
        self._order = (True, False) if exempt_first else (False, True)
        self._pools: dict[tuple[Key, bool], Lot] = {}
        self._steps: dict[Key, list[AverageStep]] = {}

    def keys(self) -> set[Key]:
        """Return every depot and security that ever held something."""
        return {key for key, _ in self._pools}

    def lots(self, key: Key) -> tuple[Lot, ...]:
        """Return the pools that hold something, in the order in which sales use them."""
        pools = [self._pools.get((key, exempt)) for exempt in self._order]
        return tuple(pool for pool in pools if pool is not None and pool.quantity)

    def quantity(self, key: Key) -> Decimal:
        """Return how many are held."""
        return sum((pool.quantity for pool in self.lots(key)), ZERO)

    def cost_minor(self, key: Key) -> int:
        """Return the cost of what is held."""
        return sum(pool.cost_minor for pool in self.lots(key))

    def steps(self, key: Key) -> tuple[AverageStep, ...]:
        """Return how the averages of a depot's security came to be, in order."""
        return tuple(self._steps.get(key, ()))

    def add(self, key: Key, lot: Lot, trade_id: str, day: date) -> None:
        """Add shares and their cost to the pool they belong to."""
        pool = self._pools.get((key, lot.exempt))
        if pool is None or not pool.quantity:
            pool = replace(lot, id=EXEMPT_POOL if lot.exempt else POOL)
        else:
            pool = replace(
                pool,
                acquired=min(pool.acquired, lot.acquired),
                quantity=pool.quantity + lot.quantity,
                cost_minor=pool.cost_minor + lot.cost_minor,
            )
        self._set(key, pool, trade_id, day)

    def take(self, key: Key, quantity: Decimal, trade_id: str, day: date) -> list[Lot]:
        """Give shares with their part of the cost. The caller has checked that so many are held."""
        taken: list[Lot] = []
        for pool in self.lots(key):
            if not quantity:
                break
            part = min(quantity, pool.quantity)
            cost = part_of(pool.cost_minor, part, pool.quantity)
            taken.append(replace(pool, quantity=part, cost_minor=cost))
            left = replace(pool, quantity=pool.quantity - part, cost_minor=pool.cost_minor - cost)
            self._set(key, left, trade_id, day)
            quantity -= part
        return taken

    def split(self, key: Key, new: Decimal, old: Decimal, trade_id: str, day: date) -> None:
        """Change quantities by a ratio; costs stay."""
        pools = self.lots(key)
        for pool, quantity in zip(pools, shared_quantities([one.quantity for one in pools], new, old), strict=True):
            self._set(key, replace(pool, quantity=quantity), trade_id, day)

    def adjust(self, key: Key, amount_minor: int, trade_id: str, day: date) -> None:
        """Raise (or lower) the cost of what is held, shared out by quantity. The caller keeps it from going below 0."""
        pools = list(self.lots(key))
        for pool, cost in zip(pools, adjusted_costs(pools, amount_minor), strict=True):
            self._set(key, replace(pool, cost_minor=cost), trade_id, day)

    def _set(self, key: Key, pool: Lot, trade_id: str, day: date) -> None:
        """Keep a pool, and the step that made it."""
        self._pools[key, pool.exempt] = pool
        step = AverageStep(trade_id, day, pool.exempt, pool.quantity, pool.cost_minor)
        self._steps.setdefault(key, []).append(step)
