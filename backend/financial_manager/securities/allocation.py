"""How the holdings are spread: by class, country, currency or whatever else, in shares that sum to 100 %."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from backend.financial_manager.securities.amounts import shared_out
from backend.financial_manager.securities.positions import Position

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the whole. `share`: hundredths of a percent that sum to 10,000 over all slices."""

    label: str
    value_minor: int
    share: int


@dataclass(frozen=True, slots=True)
class Allocation:
    """The slices, largest first, and what could not be valued."""

    total_minor: int
    slices: tuple[Slice, ...]
    without_price: tuple[str, ...]


def allocate(positions: Iterable[Position], label_of: Callable[[Position], str]) -> Allocation:
    """Spread positions by a label; what has no price is named and counts for nothing."""
    values: dict[str, int] = {}
    unknown: set[str] = set()
    for position in positions:
        if position.value_minor is None:
            unknown.add(position.isin)
        elif position.quantity:
            label = label_of(position)
            values[label] = values.get(label, 0) + position.value_minor
    ordered = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    total = sum(values.values())
    shares = shared_out(BASIS_POINTS, [Decimal(value) for _, value in ordered]) if total else [0] * len(ordered)
    slices = tuple(Slice(label, value, share) for (label, value), share in zip(ordered, shares, strict=True))
    return Allocation(total, slices, tuple(sorted(unknown)))
