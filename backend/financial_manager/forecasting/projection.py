"""Project a balance day by day from what is expected; pure, integer minor units."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MONTH = 30
"""Days over which what is usually spent in a month is spread."""


class EventKind(enum.StrEnum):
    """Say why money is expected to move."""

    RECURRING = "recurring"
    PLANNED = "planned"
    BOOKED = "booked"
    BUILDING = "building"
    DRAW = "draw"
    OPENING = "opening"


@dataclass(frozen=True, slots=True)
class Expected:
    """Money that is expected to move on a day: negative leaves. `account_id` None: it is not known from which account.

    `ref_id`: the recurring payment, transaction, building project or account behind it.
    """

    day: dt.date
    amount_minor: int
    currency: str
    account_id: str | None
    kind: EventKind
    title: str
    ref_id: str

    @property
    def place(self) -> tuple[dt.date, int, str, str, str, str, str]:
        """Return what puts it in order: by day, then amount; always the same, whether or not its account is known."""
        known = self.account_id or ""
        return self.day, self.amount_minor, self.currency, known, self.kind.value, self.title, self.ref_id


def in_order(expected: Iterable[Expected]) -> list[Expected]:
    """Return what is expected by day, then amount."""
    return sorted(expected, key=lambda one: one.place)


@dataclass(frozen=True, slots=True)
class DayBalance:
    """What is there at the end of a day."""

    day: dt.date
    balance_minor: int


@dataclass(frozen=True, slots=True)
class Projection:
    """The days from today to the last, each once.

    `everyday_minor`: spent besides in a month, up to the day `everyday_until` (None: all the time).
    """

    days: tuple[DayBalance, ...]
    everyday_minor: int = 0
    everyday_until: dt.date | None = None

    def elsewhere(self, number: int) -> int:
        """Return what is spent besides by the given day (0: today) from other accounts, for this one is closed."""
        here = number if self.everyday_until is None else min(number, (self.everyday_until - self.days[0].day).days)
        return self.everyday_minor * number // MONTH - self.everyday_minor * here // MONTH

    @property
    def start_minor(self) -> int:
        """Return what is there today."""
        return self.days[0].balance_minor

    @property
    def end_minor(self) -> int:
        """Return what is there in the end."""
        return self.days[-1].balance_minor

    @property
    def lowest(self) -> DayBalance:
        """Return the first of the days with the least."""
        return min(self.days, key=lambda one: (one.balance_minor, one.day))

    @property
    def below_zero(self) -> DayBalance | None:
        """Return the first day with less than nothing."""
        return next((one for one in self.days if one.balance_minor < 0), None)


def project(
    start_minor: int,
    expected: Iterable[Expected],
    today: dt.date,
    until: dt.date,
    everyday_minor: int = 0,
    everyday_until: dt.date | None = None,
) -> Projection:
    """Return the balance at the end of each day; what is expected up to today counts tomorrow: it is late.

    `everyday_minor`: what is spent in `MONTH` days besides, a bit each day, until the account is closed.
    """
    moves: dict[dt.date, int] = defaultdict(int)
    tomorrow = today + dt.timedelta(days=1)
    for one in expected:
        moves[max(one.day, tomorrow)] += one.amount_minor
    days, balance = [DayBalance(today, start_minor)], start_minor
    for number in range(1, (until - today).days + 1):
        day = today + dt.timedelta(days=number)
        balance += moves.get(day, 0)
        here = number if everyday_until is None else min(number, (everyday_until - today).days)
        days.append(DayBalance(day, balance - everyday_minor * here // MONTH))
    return Projection(tuple(days), everyday_minor, everyday_until)


def together(parts: Sequence[Projection], loose: Iterable[Expected], today: dt.date, until: dt.date) -> Projection:
    """Return the sum of accounts, with what is expected of no account in particular.

    A household spends on, from one account or another, when one of its accounts is closed.
    """
    rest = project(0, loose, today, until)
    days = tuple(
        DayBalance(
            one.day, one.balance_minor + sum(part.days[place].balance_minor - part.elsewhere(place) for part in parts)
        )
        for place, one in enumerate(rest.days)
    )
    return Projection(days, sum(part.everyday_minor for part in parts))
