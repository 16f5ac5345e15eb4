"""How a budget stands month by month; pure, integer minor units.

remaining(m) = carried(m) + assigned(m) - spent(m); carried(m) = remaining(m - 1) where the budget of month m - 1 said
that its rest stays, else 0. So over the months of an envelope the sum of what was assigned minus the sum of what was
spent is what is carried on, and a change never reaches back: the rest of a month follows that month's own budget.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds from the month of `since` on. `amount_minor`: None where the budget ended."""

    since: dt.date
    amount_minor: int | None
    rollover: bool = False


@dataclass(frozen=True, slots=True)
class Envelope:
    """How a budget stands at the end of a month (minor units). `month`: its first day."""

    month: dt.date
    assigned_minor: int
    carried_minor: int
    spent_minor: int
    rollover: bool

    @property
    def remaining_minor(self) -> int:
        """Return what is left; negative where more was spent."""
        return self.carried_minor + self.assigned_minor - self.spent_minor


def envelopes(settings: Sequence[Setting], spent: Mapping[dt.date, int], until: dt.date) -> list[Envelope]:
    """Return each month with a budget, up to the month of `until`. `spent`: first day of a month -> minor units."""
    ordered = sorted(settings, key=lambda one: one.since)
    found: list[Envelope] = []
    if not ordered:
        return found
    month, carried, place = ordered[0].since.replace(day=1), 0, -1
    while month <= until:
        while place + 1 < len(ordered) and ordered[place + 1].since.replace(day=1) <= month:
            place += 1
        now = ordered[place]
        if now.amount_minor is None:
            carried = 0
        else:
            one = Envelope(month, now.amount_minor, carried, spent.get(month, 0), now.rollover)
            found.append(one)
            carried = one.remaining_minor if now.rollover else 0
        month = next_month(month)
    return found


def next_month(day: dt.date) -> dt.date:
    """Return the first day of the month after a day's."""
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)
