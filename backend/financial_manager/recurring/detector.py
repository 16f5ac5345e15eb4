"""Find what comes again and again among bookings: who, how often, on which day, how much; pure. ADR 0190.

Bookings of one account, payee and direction are one group. A group is a series as a whole, or falls into series by
amount; what follows no cadence, or is too few to tell, is none.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from backend.financial_manager.recurring.cadence import Cadence
from backend.financial_manager.recurring.fitting import DayFit, fit_days

LEAST = {
    Cadence.WEEKLY: 5, Cadence.FORTNIGHTLY: 4, Cadence.MONTHLY: 3, Cadence.QUARTERLY: 3, Cadence.HALF_YEARLY: 3,
    Cadence.YEARLY: 2,
}  # fmt: skip
"""Bookings below which nothing is said."""
DAY_BITS = 4.5
TOTAL_BITS = 8.5
SAME_BITS, NEAR_BITS = 3.0, 1.5
"""What an amount adds that is (nearly) the one before it."""
NEAR = 0.10
SAME = 0.005
DEARER = 0.35
MOST_ODD, LEAST_KEPT = 2, 5
"""Unusual bookings that a series may have beside it, and how many it must have then."""
RECENT = 6
"""Bookings whose median says what is expected of changing amounts."""


@dataclass(frozen=True, slots=True, order=True)
class Booking:
    """One side of a transaction, as the detector sees it (minor units; what left the account is negative).

    `payee_key`: what bookings of one payee share; `text_key`: the same by the bank's text alone, whoever was named.
    `moved_minor`: what of the amount only moved between own accounts, such as what an instalment lowers a loan by.
    """

    day: dt.date
    amount_minor: int
    id: str
    account_id: str
    currency: str
    payee_key: str
    name: str
    category_id: str | None = None
    transfer: bool = False
    text_key: str = ""
    moved_minor: int = 0

    @property
    def counted_minor(self) -> int:
        """Return what really left the household, or came to it."""
        return self.amount_minor - self.moved_minor

    @property
    def counts(self) -> bool:
        """Tell whether it is more than a transfer."""
        return self.moved_minor == 0 or self.counted_minor != 0


@dataclass(frozen=True, slots=True)
class PriceChange:
    """From a day on it cost another amount (minor units, as booked: what left is negative)."""

    day: dt.date
    before_minor: int
    after_minor: int


@dataclass(frozen=True, slots=True)
class Series:
    """Bookings that come again and again, oldest first."""

    bookings: tuple[Booking, ...]
    fit: DayFit
    bits: float

    @property
    def last(self) -> Booking:
        """Return the newest booking."""
        return self.bookings[-1]

    @property
    def cadence(self) -> Cadence:
        """Return how often it comes."""
        return self.fit.pattern.cadence

    @property
    def steady(self) -> bool:
        """Tell whether amounts mostly stay as they were."""
        same = sum(_close(a.amount_minor, b.amount_minor, SAME) for a, b in _pairs(self.bookings))
        return same * 2 >= len(self.bookings) - 1 or self._levels

    @property
    def _levels(self) -> bool:
        """Tell whether of only two or three amounts the changes are small: too few to see levels."""
        near = all(_close(a.amount_minor, b.amount_minor, NEAR) for a, b in _pairs(self.bookings))
        return near and len(self.bookings) <= 3

    @property
    def expected_minor(self) -> int:
        """Return what the next booking will probably be."""
        if self.steady:
            return self.last.amount_minor
        return round(median(one.amount_minor for one in self.bookings[-RECENT:]))

    @property
    def price_changes(self) -> tuple[PriceChange, ...]:
        """Return where a steady amount became another one, and stayed there (or is the newest)."""
        if not self.steady:
            return ()
        found, amounts = [], [one.amount_minor for one in self.bookings]
        level = amounts[0]
        for place in range(1, len(amounts)):
            now = amounts[place]
            stays = place == len(amounts) - 1 or _close(now, amounts[place + 1], SAME)
            if not _close(level, now, SAME) and stays:
                found.append(PriceChange(self.bookings[place].day, level, now))
                level = now
        return tuple(found)

    @property
    def next_due(self) -> dt.date:
        """Return the day on which the next booking is due."""
        return self.fit.pattern.due(self.fit.numbers[-1] + 1)

    def ended(self, seen_through: dt.date) -> bool:
        """Tell whether it should have come again up to a day of which everything is known, and did not."""
        grace = max(self.cadence.tolerance, round(self.cadence.length / 2))
        return seen_through > self.next_due + dt.timedelta(days=grace)


def find_series(bookings: Iterable[Booking]) -> list[Series]:
    """Return the series among bookings, in a fixed order whatever the order of the bookings."""
    groups: dict[tuple[str, str, str, bool], list[Booking]] = defaultdict(list)
    for one in sorted(bookings):
        if one.payee_key and one.amount_minor:
            groups[(one.account_id, one.currency, one.payee_key, one.amount_minor < 0)].append(one)
    return [series for key in sorted(groups) for series in _of_group(groups[key])]


def _of_group(group: Sequence[Booking]) -> list[Series]:
    """Return the series of one payee: all bookings together, or by amount; what then follows another is joined."""
    whole = best_series(group)
    if whole is not None:
        return [whole]
    parts = [
        found
        for some in _by_amount(group)
        if (found := best_series(some, math.log2(math.comb(len(group), len(some))))) is not None
    ]
    joined: list[Series] = []
    for one in sorted(parts, key=lambda part: (part.bookings[0], part.last)):
        before = next((old for old in joined if _follows(old, one)), None)
        both = best_series([*before.bookings, *one.bookings]) if before is not None else None
        if before is not None and both is not None:
            joined[joined.index(before)] = both
        else:
            joined.append(one)
    if not joined:
        return _without_odd(group) or _without_extra(group)
    rest = [one for one in group if all(one not in part.bookings for part in joined)]
    return [_extended(one, rest) for one in joined]


def _without_odd(group: Sequence[Booking]) -> list[Series]:
    """Return the series that is left without one or two bookings of unusual amounts: a settlement, a new telephone."""
    usual = median(abs(one.amount_minor) for one in group)
    odd = sorted(group, key=lambda one: (-abs(math.log(abs(one.amount_minor) / usual)), one))
    for count in range(1, MOST_ODD + 1):
        kept = [one for one in group if one not in odd[:count]]
        if len(kept) < LEAST_KEPT:
            break
        found = best_series(kept, math.log2(math.comb(len(group), count)))
        if found is not None:
            return [found]
    return []


def _without_extra(group: Sequence[Booking]) -> list[Series]:
    """Return the series that is left without one or two bookings too many: charged twice, or returned and retried."""
    tried = [list(group)]
    for count in range(1, MOST_ODD + 1):
        if len(group) - count < LEAST_KEPT:
            break
        tried = [kept for some in tried for kept in _thinned(some)]
        bits = math.log2(math.comb(len(group), count))
        found = [series for kept in tried if (series := best_series(kept, bits)) is not None]
        if found:
            return [max(found, key=lambda one: one.bits)]
    return []


def _thinned(group: Sequence[Booking]) -> Iterator[list[Booking]]:
    """Give a group without the one, then without the other of the two bookings that are nearest to each other."""
    first = min(range(len(group) - 1), key=lambda place: (group[place + 1].day - group[place].day).days)
    for place in (first + 1, first):
        yield [*group[:place], *group[place + 1 :]]


def _extended(series: Series, rest: Sequence[Booking]) -> Series:
    """Return a series with later bookings that come when it is due at about its price: it became dearer just now."""
    for one in rest:
        off = abs((one.day - series.next_due).days)
        if off <= series.cadence.tolerance and _close(one.amount_minor, series.last.amount_minor, DEARER):
            series = best_series([*series.bookings, one]) or series
    return series


def _follows(before: Series, after: Series) -> bool:
    return before.cadence is after.cadence and before.last.day < after.bookings[0].day


def best_series(group: Sequence[Booking], chosen_bits: float = 0.0) -> Series | None:
    """Return the cadence that bookings (oldest first) follow best as one series, or None.

    `chosen_bits`: what it costs that they were picked out of more: the logarithm of the ways to pick as many.
    """
    days = [one.day for one in group]
    if len(set(days)) < len(days):
        return None
    same = sum(_amount_bits(a, b) for a, b in _pairs(group))
    found = []
    for cadence in Cadence:
        if len(group) < LEAST[cadence]:
            continue
        fit = fit_days(days, cadence)
        if fit is not None and fit.bits >= DAY_BITS and fit.bits + same - chosen_bits >= TOTAL_BITS:
            found.append(Series(tuple(group), fit, fit.bits + same - chosen_bits))
    return max(found, key=lambda one: one.bits, default=None)


def _by_amount(group: Sequence[Booking]) -> list[list[Booking]]:
    """Return bookings of one amount, or of nearly one, together; each in order."""
    found: list[list[Booking]] = []
    for one in sorted(group, key=lambda booking: (abs(booking.amount_minor), booking)):
        if found and _close(found[-1][0].amount_minor, one.amount_minor, SAME):
            found[-1].append(one)
        else:
            found.append([one])
    return [sorted(some) for some in found]


def _pairs(bookings: Sequence[Booking]) -> list[tuple[Booking, Booking]]:
    return list(pairwise(bookings))


def _amount_bits(before: Booking, after: Booking) -> float:
    if _close(before.amount_minor, after.amount_minor, SAME):
        return SAME_BITS
    return NEAR_BITS if _close(before.amount_minor, after.amount_minor, NEAR) else 0.0


def _close(one: int, other: int, within: float) -> bool:
    return abs(one - other) <= within * max(abs(one), abs(other))
