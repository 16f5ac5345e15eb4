"""Count a plan's items: in all, by category, by confidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import case, func, select

from backend.file_organizer.planning.plan_models import ItemState, PlanItem
from backend.sdk.db import OwnedSession

BANDS = (0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.0)
_UNDECIDED = (ItemState.SUGGESTED.value, ItemState.ASKING.value)
_OPEN = (*_UNDECIDED, ItemState.ACCEPTED.value, ItemState.REJECTED.value)


@dataclass(slots=True)
class PlanCounts:
    """What `count_plan` found. `bands`: (least confidence, open items, of these undecided)."""

    total: dict[str, int] = field(default_factory=dict)
    categories: dict[str, dict[str, int]] = field(default_factory=dict)
    bands: list[tuple[float, int, int]] = field(default_factory=list)
    groups: int = 0


def count_plan(session: OwnedSession, plan_id: str) -> PlanCounts:
    """Return the counts of one plan as it is now."""
    item, found = PlanItem, PlanCounts()
    here = item.plan_id == plan_id
    rows = session.execute(
        select(item.category, item.state, func.count(), func.sum(item.size))
        .where(here)
        .group_by(item.category, item.state)
    )
    for category, state, count, size in rows:
        for counts in (found.total, found.categories.setdefault(category, {})):
            _add(counts, {"items": int(count), state: int(count), "bytes": int(size or 0)})
    band = case(*((item.confidence >= least, number) for number, least in enumerate(BANDS)), else_=len(BANDS) - 1)
    undecided = func.sum(case((item.state.in_(_UNDECIDED), 1), else_=0))
    bands = session.execute(select(band, func.count(), undecided).where(here, item.state.in_(_OPEN)).group_by(band))
    counted = {int(row[0]): (int(row[1]), int(row[2] or 0)) for row in bands}
    found.bands = [(least, *counted.get(number, (0, 0))) for number, least in enumerate(BANDS)]
    found.groups = int(session.scalar(select(func.count(item.group_key.distinct())).where(here)) or 0)
    return found


def _add(counts: dict[str, int], more: Mapping[str, Any]) -> None:
    for name, count in more.items():
        counts[name] = counts.get(name, 0) + count
