"""How a goal stands: what is saved, what is needed each month, whether it is on track; pure, integer minor units."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class Plan:
    """What is saved for. `start_minor` was there on `started_on`; `until` None: there is no hurry."""

    target_minor: int
    started_on: dt.date
    start_minor: int
    until: dt.date | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a plan stands on a day. `planned_minor`: what a steady pace would have by now (None without `until`)."""

    saved_minor: int
    left_minor: int
    months_left: int | None
    per_month_minor: int | None
    planned_minor: int | None

    @property
    def reached(self) -> bool:
        """Tell whether all of it is there."""
        return self.left_minor == 0

    @property
    def behind_minor(self) -> int:
        """Return what is missing to a steady pace; 0 where it is on track."""
        return 0 if self.planned_minor is None else max(0, self.planned_minor - self.saved_minor)

    @property
    def on_track(self) -> bool | None:
        """Tell whether a steady pace is kept; None where there is no day to keep it for."""
        return None if self.planned_minor is None else self.behind_minor == 0


def progress(plan: Plan, saved_minor: int, today: dt.date) -> Progress:
    """Return where a plan stands; what is needed each month is rounded up, so that no month is dearer."""
    left = max(0, plan.target_minor - saved_minor)
    if plan.until is None:
        return Progress(saved_minor, left, None, None, None)
    months = months_between(today, plan.until)
    per_month = -(-left // months) if months else left
    return Progress(saved_minor, left, months, per_month, _planned(plan, today, plan.until))


def _planned(plan: Plan, today: dt.date, until: dt.date) -> int:
    whole, gone = (until - plan.started_on).days, (today - plan.started_on).days
    if whole <= 0 or gone >= whole:
        return plan.target_minor
    start = min(plan.start_minor, plan.target_minor)  # the target may have been lowered since
    return start + (plan.target_minor - start) * max(0, gone) // whole


def least_from(amounts: Iterable[tuple[dt.date, int]], on: dt.date) -> int:
    """Return how much of amounts (day, minor units) can be taken out on a day, so that no later one lacks it."""
    days: dict[dt.date, int] = {on: 0}
    for day, amount_minor in amounts:
        days[max(day, on)] = days.get(max(day, on), 0) + amount_minor
    return min(accumulate(days[day] for day in sorted(days)))


def months_between(today: dt.date, until: dt.date) -> int:
    """Return in how many months something can still be put aside, this one counted; 0 once the day has passed."""
    if until < today:
        return 0
    return (until.year - today.year) * 12 + until.month - today.month + 1


def shared(balance_minor: int, wanted: list[int]) -> list[int]:
    """Return how much of a balance each of several goals gets, in their order: the first one is filled first."""
    rest, found = max(0, balance_minor), []
    for one in wanted:
        taken = min(rest, max(0, one))
        found.append(taken)
        rest -= taken
    if found and rest:
        found[-1] += rest
    return found
