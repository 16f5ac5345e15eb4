"""How the holdings are spread: by class, country, currency or whatever else, in shares that sum to 100 %."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from backend.financial_manager.securities.amounts import round_half_up, shared_out
from backend.financial_manager.securities.positions import Position

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Slice:
    """One part of the whole. `share`: hundredths of a percent that sum to 10,000 over all slices."""

    label: str
    value_minor: int
    share: int
    target: int | None = None
    off_target_minor: int | None = None
    """What would have to be sold (positive) or bought (negative) to be at the target."""


@dataclass(frozen=True, slots=True)
class Allocation:
    """The slices, largest first, and what could not be valued."""

    total_minor: int
    slices: tuple[Slice, ...]
    without_price: tuple[str, ...]


def allocate(
    positions: Iterable[Position], label_of: Callable[[Position], str], targets: Mapping[str, int] | None = None
) -> Allocation:
    """Spread positions by a label. `targets`: hundredths of a percent for each label; missing ones count as 0."""
    values: dict[str, int] = dict.fromkeys(targets or {}, 0)
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
    slices = []
    for (label, value), share in zip(ordered, shares, strict=True):
        target = None if targets is None else targets.get(label, 0)
        wanted = None if target is None else round_half_up(Decimal(total * target) / BASIS_POINTS)
        slices.append(Slice(label, value, share, target, None if wanted is None else value - wanted))
    return Allocation(total, tuple(slices), tuple(sorted(unknown)))
