"""Where the money comes from: own means, tranches of a loan, subsidies; what is drawn, and when it does not suffice."""

from __future__ import annotations

import datetime as dt
import enum
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from backend.financial_manager.construction.contracts import Payment
from backend.financial_manager.construction.settlement import Settled


class SourceKind(enum.StrEnum):
    """Say what kind of money it is."""

    OWN = "own"
    LOAN = "loan"
    SUBSIDY = "subsidy"


@dataclass(frozen=True, slots=True)
class Source:
    """Money for the project (minor units). `available_on`: from that day on; None: already there."""

    id: str
    kind: SourceKind
    amount_minor: int
    available_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Drawn:
    """A source with what payments took from it; `left_minor` is negative where they took more than there is."""

    source: Source
    drawn_minor: int

    @property
    def left_minor(self) -> int:
        """Return what can still be drawn."""
        return self.source.amount_minor - self.drawn_minor


@dataclass(frozen=True, slots=True)
class Need:
    """Money that will be asked for on a day. None: the day is not known; it counts after all others."""

    day: dt.date | None
    amount_minor: int


@dataclass(frozen=True, slots=True)
class Point:
    """The end of a day: what comes and goes on it, and what is there then. `day` None: at the end of the project."""

    day: dt.date | None
    comes_minor: int
    needed_minor: int
    left_minor: int


@dataclass(frozen=True, slots=True)
class Financing:
    """The money of a project. `needed_minor`: still to be paid; `missing_minor`: what no source covers in the end.

    `unassigned_minor`: paid already, from no source that is known. Money that is there already begins the points.
    """

    sources: tuple[Drawn, ...]
    unassigned_minor: int
    needed_minor: int
    points: tuple[Point, ...]

    @property
    def missing_minor(self) -> int:
        """Return what no source covers in the end."""
        return max(0, -self.points[-1].left_minor) if self.points else 0

    @property
    def short(self) -> Point | None:
        """Return the first day that lacks money, or None."""
        return next((one for one in self.points if one.left_minor < 0), None)


def needs_of(
    orders: Iterable[tuple[Settled, dt.date | None]],
    to_complete_minor: int,
    finish_on: dt.date | None,
    today: dt.date = dt.date.min,
) -> list[Need]:
    """Return what is still to be paid: open claims on their day, money held back, and what is not invoiced yet.

    `orders`: the settled claims of each contract and the day until which money of its final invoice is held back. What
    is held back of partial invoices (Deckungsrücklass) comes free with the final one, so not later than `finish_on`.
    What was due before `today` is needed today: money that came since pays it.
    """
    needs = [Need(finish_on, to_complete_minor)]
    for settled, until in orders:
        needs += [Need(claim.due_on, claim.open_minor) for claim in settled.claims]
        needs.append(Need((until or finish_on) if settled.ended else finish_on, settled.retained_minor))
    return [Need(one.day and max(one.day, today), one.amount_minor) for one in needs if one.amount_minor]


def financing_of(sources: Iterable[Source], payments: Iterable[Payment], needs: Iterable[Need]) -> Financing:
    """Return what each source gave and gives, and how the money lasts day by day.

    Payments that name no source are taken from own means, earliest first, as far as these go; the rest is unassigned.
    """
    known = sorted(sources, key=lambda one: (one.available_on or dt.date.min, one.id))
    drawn = dict.fromkeys((one.id for one in known), 0)
    loose = 0
    for payment in payments:
        if payment.source_id in drawn:
            drawn[payment.source_id] += payment.amount_minor
        else:
            loose += payment.amount_minor
    for one in known:
        if one.kind is SourceKind.OWN:
            taken = min(loose, max(0, one.amount_minor - drawn[one.id]))
            drawn[one.id] += taken
            loose -= taken
    found = tuple(Drawn(one, drawn[one.id]) for one in known)
    wanted = list(needs)
    return Financing(found, loose, sum(one.amount_minor for one in wanted), _points(found, wanted))


def _points(sources: Iterable[Drawn], needs: Iterable[Need]) -> tuple[Point, ...]:
    """Return the days on which money comes or is needed, in order; what has no day comes last."""
    comes: dict[dt.date, int] = defaultdict(int)
    goes: dict[dt.date, int] = defaultdict(int)
    left = 0
    for one in sources:
        if one.source.available_on is None:
            left += one.left_minor
        else:
            comes[one.source.available_on] += one.left_minor
    for need in needs:
        goes[need.day or dt.date.max] += need.amount_minor
    points = []
    for day in sorted({*comes, *goes}):
        left += comes[day] - goes[day]
        points.append(Point(None if day == dt.date.max else day, comes[day], goes[day], left))
    return tuple(points)
