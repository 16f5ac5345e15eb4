"""How well days follow a cadence, in bits: how unlikely it is that they came so by chance.

n days that all lie within a window of w days of a period of P days do so by chance about n * (w / P) ** (n - 1) times
(the scan statistic, Wallenstein and Naus 1974), which are (n - 1) * log2(P / w) - log2(n) bits.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from backend.financial_manager.recurring.cadence import Cadence, DayPattern, DayRule, add_months

MOST_MISSED = 0.25
"""Share of the periods that may have no booking."""
LEEWAY = 6
"""Days by which periods themselves differ: short months, weekends."""
MISSED_BITS = 2.0
"""What a period without a booking costs."""


@dataclass(frozen=True, slots=True)
class DayFit:
    """A pattern, the period of each day, and how sure that is. `spread`: days between the earliest and the latest."""

    pattern: DayPattern
    numbers: tuple[int, ...]
    spread: int
    bits: float

    @property
    def missed(self) -> int:
        """Return how many periods had no booking."""
        return self.numbers[-1] - self.numbers[0] + 1 - len(self.numbers)


def fit_days(days: Sequence[dt.date], cadence: Cadence) -> DayFit | None:
    """Return how days (ascending, each once) follow a cadence; None where they do not."""
    if len(days) < 2 or not _gaps_fit(days, cadence):
        return None
    found = [fit for pattern in _patterns(days, cadence) if (fit := _fit(days, pattern)) is not None]
    return max(
        found, key=lambda one: (one.bits, -_off(days, one), one.pattern.rule.value, one.pattern.day), default=None
    )


def _gaps_fit(days: Sequence[dt.date], cadence: Cadence) -> bool:
    """Tell quickly what cannot fit: the usual gap is far from a period, or two days are too near for two periods."""
    gaps = sorted((after - before).days for before, after in pairwise(days))
    if gaps[0] < cadence.length - 2 * cadence.tolerance - LEEWAY:
        return False
    return 0.7 * cadence.length <= gaps[len(gaps) // 2] <= 1.4 * cadence.length


def _patterns(days: Sequence[dt.date], cadence: Cadence) -> Iterator[DayPattern]:
    """Give the patterns that could be meant. The spread is the same for most days of a month: few need be tried."""
    first = days[0]
    if cadence.days:
        half = cadence.days // 2
        off = sorted(((one - first).days + half) % cadence.days - half for one in days)
        for shift in sorted({0, off[len(off) // 2]}):
            yield DayPattern(cadence, first + dt.timedelta(days=shift), 0)
        return
    numbers = sorted(one.day for one in days)
    usual = max(sorted(set(numbers)), key=numbers.count)
    last = 31 if numbers[-1] >= 28 else usual
    fixed = sorted({usual, numbers[len(numbers) // 2], numbers[0], numbers[-1], last})
    for shift in (0, -1, 1) if numbers[-1] - numbers[0] > 15 else (0,):
        start = add_months(first.replace(day=1), shift)
        for day in fixed:
            yield DayPattern(cadence, start, day)
        for day in sorted({usual, numbers[0]}):
            yield DayPattern(cadence, start, day, DayRule.NEXT_WORKING)
        for day in sorted({usual, numbers[-1], last}):
            yield DayPattern(cadence, start, day, DayRule.WORKING_BEFORE)


def _fit(days: Sequence[dt.date], pattern: DayPattern) -> DayFit | None:
    numbers = tuple(pattern.number_of(one) for one in days)
    if any(after <= before for before, after in pairwise(numbers)):
        return None
    periods = numbers[-1] - numbers[0] + 1
    missed = periods - len(days)
    if missed > MOST_MISSED * periods:
        return None
    off = [(day - pattern.due(number)).days for day, number in zip(days, numbers, strict=True)]
    if max(map(abs, off)) > pattern.cadence.tolerance:
        return None
    spread = max(off) - min(off)
    window = max(0, *off) - min(0, *off)  # the due day itself lies in it: days that all miss it alike are not due then
    bits = (len(days) - 1) * math.log2(pattern.cadence.length / (window + 1)) - math.log2(len(days))
    return DayFit(pattern, numbers, spread, bits - MISSED_BITS * missed)


def _off(days: Sequence[dt.date], fit: DayFit) -> int:
    """Return by how many days all of them miss their due days."""
    return sum(abs((day - fit.pattern.due(n)).days) for day, n in zip(days, fit.numbers, strict=True))
