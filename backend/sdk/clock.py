"""Time is injected, so that expiry, leases and decay are tested without sleeping."""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tell the time. `now` is aware UTC; `monotonic` is in seconds and never goes back."""

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""
        ...

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back."""
        ...


class SystemClock:
    """Tell the machine's time."""

    def now(self) -> datetime:
        """Return the current moment as an aware UTC datetime."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds of a clock that never goes back."""
        return time.monotonic()


def day_of(moment: datetime) -> date:
    """Return the day of a moment where the machine stands: in its time zone, or that of the variable TZ.

    A hub stands in its household's home. In UTC, the first two hours of a Viennese summer day would be yesterday's.
    """
    return moment.astimezone().date()


def local_day(clock: Clock) -> date:
    """Return the day that it is now where the machine stands."""
    return day_of(clock.now())


class FakeClock:
    """Stand still until told to move; for tests."""

    def __init__(self, start: datetime | None = None) -> None:
        self._now = start or datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
        self._monotonic = 1000.0

    def now(self) -> datetime:
        """Return the set moment."""
        return self._now

    def monotonic(self) -> float:
        """Return the seconds that were advanced, from an arbitrary start."""
        return self._monotonic

    def advance(self, seconds: float) -> None:
        """Move both clocks forward by `seconds`."""
        self._now += timedelta(seconds=seconds)
        self._monotonic += seconds
