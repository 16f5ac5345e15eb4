"""Which backups to keep: grandfather, father, son, as a pure function.

Rules that hold whatever the numbers say (tests/core/backup/test_retention.py states them as properties):
- the newest verified backup of a part is never deleted,
- nothing is deleted unless a newer *verified* backup of the same part stays,
- whatever is newer than the newest verified backup stays (it may be the only good copy of today),
- pinned backups stay,
- a part on hold (its newest backup shrank sharply) loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Check(StrEnum):
    """Say what verification found: not done yet, every byte good, or damaged."""

    UNVERIFIED = "unverified"
    VERIFIED = "verified"
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class KeptSet:
    """Describe a backup as far as retention needs it; `created_at` is aware UTC."""

    set_id: str
    part: str
    created_at: datetime
    check: Check = Check.UNVERIFIED
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class RetentionRules:
    """Keep the last `last`, and one for each of the last `daily` days, `weekly` weeks and `monthly` months."""

    last: int = 3
    daily: int = 7
    weekly: int = 4
    monthly: int = 12

    def __post_init__(self) -> None:
        if min(self.last, self.daily, self.weekly, self.monthly) < 0:
            raise ValueError("retention counts are zero or more")


@dataclass(slots=True)
class RetentionPlan:
    """Say what stays (with the reasons) and what goes, oldest first."""

    keep: dict[str, list[str]] = field(default_factory=dict)
    delete: list[str] = field(default_factory=list)


_PERIODS: tuple[tuple[str, Callable[[datetime], object]], ...] = (
    ("daily", lambda at: at.date()),
    ("weekly", lambda at: at.isocalendar()[:2]),
    ("monthly", lambda at: (at.year, at.month)),
)


def plan_retention(
    sets: Iterable[KeptSet], rules: RetentionRules, *, hold: frozenset[str] = frozenset()
) -> RetentionPlan:
    """Decide for every backup whether it stays, part by part. `hold`: parts of which nothing may be deleted."""
    plan = RetentionPlan()
    by_part: dict[str, list[KeptSet]] = {}
    for item in sets:
        by_part.setdefault(item.part, []).append(item)
    for part, items in sorted(by_part.items()):
        newest_first = sorted(items, key=lambda s: (s.created_at, s.set_id), reverse=True)
        _plan_part(plan, newest_first, rules, held=part in hold)
    return plan


def _plan_part(plan: RetentionPlan, newest_first: list[KeptSet], rules: RetentionRules, *, held: bool) -> None:
    reasons: dict[str, list[str]] = {s.set_id: [] for s in newest_first}
    verified = [s for s in newest_first if s.check is Check.VERIFIED]
    for item in newest_first:
        if held:
            reasons[item.set_id].append("hold")
        if item.pinned:
            reasons[item.set_id].append("pinned")
        if not verified or item == verified[0]:
            reasons[item.set_id].append("newest verified" if verified else "nothing verified yet")
        elif (item.created_at, item.set_id) > (verified[0].created_at, verified[0].set_id):
            reasons[item.set_id].append("newer than the newest verified")
    for item in verified[: rules.last]:
        reasons[item.set_id].append("last")
    for name, period in _PERIODS:
        for item in _newest_of_each(verified, period, int(getattr(rules, name))):
            reasons[item.set_id].append(name)
    for item in reversed(newest_first):
        if reasons[item.set_id]:
            plan.keep[item.set_id] = reasons[item.set_id]
        else:
            plan.delete.append(item.set_id)


def _newest_of_each(newest_first: list[KeptSet], period: Callable[[datetime], object], count: int) -> list[KeptSet]:
    """Return the newest set of each of the last `count` periods that have one (empty periods are not counted)."""
    chosen: dict[object, KeptSet] = {}
    for item in newest_first:
        key = period(item.created_at)
        if key not in chosen and len(chosen) < count:
            chosen[key] = item
    return list(chosen.values())
