"""What budgets could be, from what was spent: the median of the last full months; pure, integer minor units.

The median, not the mean: one holiday or one repair must not set what a usual month may cost. A month in which nothing
was spent counts as 0, so what is rare (a yearly insurance) is not proposed as a monthly budget.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from backend.financial_manager.currencies import exponent
from backend.financial_manager.ledger.reports import MonthSum


@dataclass(frozen=True, slots=True)
class Proposal:
    """A budget that could be. `median_minor`: of `months` months; `amount_minor`: rounded up to whole units."""

    category_id: str
    currency: str
    median_minor: int
    amount_minor: int
    months: int


def propose(sums: Iterable[MonthSum], months: Sequence[dt.date], above: Mapping[str, str | None]) -> list[Proposal]:
    """Return proposals, the largest first. `months`: first days, ascending; before anything was booked none counts.

    Only positive medians are proposed: what brings money in needs no limit. `above`: category -> the group that it lies
    in. A group is proposed where something is booked on itself; then its amount is what its budget would count, with
    all that lies in it.
    """
    spent: dict[tuple[str, str], dict[dt.date, int]] = {}
    begun: dict[str, dt.date] = {}
    for one in sums:
        begun[one.currency] = min(one.month, begun.get(one.currency, one.month))
        if one.category_id is not None:
            series = spent.setdefault((one.category_id, one.currency), {})
            series[one.month] = series.get(one.month, 0) + one.spent_minor
    found = []
    for (category_id, currency), series in spent.items():
        counted = [month for month in months if month >= begun[currency]]
        if median_minor([series.get(month, 0) for month in counted]) <= 0:
            continue
        inside = [other for (one, unit), other in spent.items() if unit == currency and above.get(one) == category_id]
        median = median_minor([sum(one.get(month, 0) for one in (series, *inside)) for month in counted])
        if median > 0:
            unit = 10 ** exponent(currency)
            found.append(Proposal(category_id, currency, median, -(-median // unit) * unit, len(counted)))
    return sorted(found, key=lambda one: (one.currency, -one.amount_minor, one.category_id))


def median_minor(amounts: Sequence[int]) -> int:
    """Return the median of amounts; between two middle ones their mean, half a minor unit rounded up. 0 of none."""
    ordered = sorted(amounts)
    middle = len(ordered) // 2
    if not ordered:
        return 0
    return ordered[middle] if len(ordered) % 2 else -(-(ordered[middle - 1] + ordered[middle]) // 2)
