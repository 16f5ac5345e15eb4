"""First in, first out: every purchase is a lot, a sale uses the oldest ones, and each use is kept with its gain."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import attrgetter

from backend.financial_manager.securities.amounts import (
    EXACT,
    from_quanta,
    part_of,
    quantity_quanta,
    shared_out,
)

Key = tuple[str, str]
"""Depot and security: cost is counted for each pair (§ 27a Abs 4 Z 3 EStG; BMF: FIFO per depot)."""
ZERO = Decimal(0)
_BY_DAY = attrgetter("acquired")


@dataclass(frozen=True, slots=True)
class Lot:
    """Shares that were acquired together. `id` is the trade's; `cost_minor` is in the base currency."""

    id: str
    acquired: date
    quantity: Decimal
    cost_minor: int
    exempt: bool = False


@dataclass(frozen=True, slots=True)
class LotUse:
    """What one sale took from one lot (FIFO) or one pool (average); money in minor units of the base currency."""

    lot_id: str
    acquired: date
    quantity: Decimal
    cost_minor: int
    proceeds_minor: int
    exempt: bool = False

    @property
    def gain_minor(self) -> int:
        """Return proceeds minus cost; a loss is negative."""
        return self.proceeds_minor - self.cost_minor


class FifoLots:
    """The lots of all depots, oldest first; exempt ones apart, so that a sale may take them first or last."""

    def __init__(self, *, exempt_first: bool = True) -> None:
        self._exempt_first = exempt_first
        self._lots: dict[tuple[Key, bool], deque[Lot]] = {}

    def keys(self) -> set[Key]:
        """Return every depot and security that ever held something."""
        return {key for key, _ in self._lots}

    def lots(self, key: Key) -> tuple[Lot, ...]:
        """Return what is held, in the order in which sales would use it."""
        return tuple(lot for queue in self._queues(key) for lot in queue)

    def quantity(self, key: Key) -> Decimal:
        """Return how many are held."""
        return sum((lot.quantity for lot in self.lots(key)), ZERO)

    def cost_minor(self, key: Key) -> int:
        """Return the cost of what is held."""
        return sum(lot.cost_minor for lot in self.lots(key))

    def add(self, key: Key, lot: Lot, trade_id: str, day: date) -> None:
        """Take a lot in; one that comes from another depot finds its place by the day it was acquired."""
        queue = self._lots.setdefault((key, lot.exempt), deque())
        late = bool(queue) and lot.acquired < queue[-1].acquired
        queue.append(lot)
        if late:
            self._lots[key, lot.exempt] = deque(sorted(queue, key=_BY_DAY))

    def take(self, key: Key, quantity: Decimal, trade_id: str, day: date) -> list[Lot]:
        """Give parts of the oldest lots, with their cost (half up; the last share of a lot takes what is left of it).

        The caller has checked that so many are held.
        """
        taken: list[Lot] = []
        for queue in self._queues(key):
            while quantity and queue:
                first = queue[0]
                if first.quantity <= quantity:
                    taken.append(queue.popleft())
                    quantity -= first.quantity
                    continue
                cost = part_of(first.cost_minor, quantity, first.quantity)
                taken.append(replace(first, quantity=quantity, cost_minor=cost))
                queue[0] = replace(first, quantity=first.quantity - quantity, cost_minor=first.cost_minor - cost)
                quantity = ZERO
        return taken

    def split(self, key: Key, new: Decimal, old: Decimal, trade_id: str, day: date) -> None:
        """Change all quantities by a ratio; costs stay. The lots sum to the rounded whole."""
        queues = self._queues(key)
        changed = split_lots([lot for queue in queues for lot in queue], new, old)
        for queue in queues:
            exempt = queue[0].exempt
            queue.clear()
            queue.extend(lot for lot in changed if lot.exempt is exempt)

    def adjust(self, key: Key, amount_minor: int, trade_id: str, day: date) -> None:
        """Raise (or lower) the cost of what is held, shared out by quantity. The caller keeps it from going below 0."""
        queues = self._queues(key)
        lots = [lot for queue in queues for lot in queue]
        costs = iter(adjusted_costs(lots, amount_minor))
        for queue in queues:
            adjusted = [replace(lot, cost_minor=next(costs)) for lot in queue]
            queue.clear()
            queue.extend(adjusted)

    def _queues(self, key: Key) -> list[deque[Lot]]:
        """Return the queues in the order in which sales use them."""
        order = (True, False) if self._exempt_first else (False, True)
        return [queue for exempt in order if (queue := self._lots.get((key, exempt)))]


def split_lots(lots: Sequence[Lot], new: Decimal, old: Decimal) -> list[Lot]:
    """Return lots after a split; costs stay, and that of a lot which was rounded away goes to the first one left."""
    if new == old:
        return list(lots)
    quantities = shared_quantities([lot.quantity for lot in lots], new, old)
    found = [replace(lot, quantity=quantity) for lot, quantity in zip(lots, quantities, strict=True)]
    left = [lot for lot in found if lot.quantity]
    gone = sum(lot.cost_minor for lot in found if not lot.quantity)
    if left and gone:
        left[0] = replace(left[0], cost_minor=left[0].cost_minor + gone)
    return left


def shared_quantities(quantities: list[Decimal], new: Decimal, old: Decimal) -> list[Decimal]:
    """Return quantities after a split: the total is rounded once (ten decimals), the parts sum to it."""
    total = sum(quantities, ZERO)
    after = quantity_quanta(EXACT.divide(EXACT.multiply(total, new), old))
    return [from_quanta(part) for part in shared_out(after, quantities)]


def adjusted_costs(lots: list[Lot], amount_minor: int) -> list[int]:
    """Return the costs after an adjustment by quantity; what would make a lot's cost negative goes to the others."""
    parts = shared_out(abs(amount_minor), [lot.quantity for lot in lots])
    if amount_minor >= 0:
        return [lot.cost_minor + part for lot, part in zip(lots, parts, strict=True)]
    costs = [lot.cost_minor - part for lot, part in zip(lots, parts, strict=True)]
    missing = -sum(cost for cost in costs if cost < 0)
    costs = [max(cost, 0) for cost in costs]
    for n, cost in enumerate(costs):
        less = min(cost, missing)
        costs[n] -= less
        missing -= less
    return costs
