"""Whose turn it is to ask a connected bank, and when the clock asks it: one at a time, in the morning, not too often.

A bank need not answer more than four times in 24 hours while nobody is there (Delegated Regulation (EU) 2018/389,
Article 36(5)(b)); whoever asked counts. Functions over one row: they are called inside a write.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from backend.financial_manager.banks.holder import is_gone
from backend.financial_manager.banks.models import BankConnection, ConnectionState
from backend.financial_manager.banks.provider import BankAsking, BankBusy
from backend.sdk.clock import day_of
from backend.sdk.errors import HomieError

MOST_A_DAY = 4
DAY = dt.timedelta(hours=24)
FIRST_HOUR = 5
"""When the morning begins, by the clock of the machine; each bank is asked at a moment of its own after it."""
SPREAD_SECONDS = 2 * 3600
AGAIN_AFTER = (dt.timedelta(hours=1), dt.timedelta(hours=3), dt.timedelta(hours=6))
"""How long after a failure of the network it is tried again: the first time, the second, the third; then tomorrow."""
LEASE = dt.timedelta(minutes=10)
"""How long a turn lasts of which nothing is heard: who was killed gives it up by then, on the same machine at once."""
_TOO_FAR = dt.timedelta(days=3)

Jitter = Callable[[int], int]
"""Return a number from 0 to below the one given."""


def next_morning(now: dt.datetime, jitter: Jitter) -> dt.datetime:
    """Return a moment of tomorrow's morning, by the clock of the machine."""
    day = day_of(now) + dt.timedelta(days=1)
    begins = dt.datetime.combine(day, dt.time(FIRST_HOUR)).astimezone()
    return (begins + dt.timedelta(seconds=jitter(SPREAD_SECONDS))).astimezone(dt.UTC)


def allowed_at(asked: Sequence[str], wanted: dt.datetime, now: dt.datetime) -> dt.datetime:
    """Return when the clock may ask at the earliest: `wanted`, or 24 hours after the fourth last time."""
    moments = sorted(moment for one in asked if (moment := dt.datetime.fromisoformat(one)) <= now)
    return wanted if len(moments) < MOST_A_DAY else max(wanted, moments[-MOST_A_DAY] + DAY)


def is_due(row: BankConnection, now: dt.datetime) -> bool:
    """Tell whether the clock should ask now; a moment that is far off was said by a clock that went wrong."""
    can_be_asked = row.state in (ConnectionState.READY, ConnectionState.FAILED)
    return row.clock and can_be_asked and row.next_at is not None and not now < row.next_at <= now + _TOO_FAR


def take_turn(row: BankConnection, turn: str, now: dt.datetime, *, unattended: bool) -> bool:
    """Begin to ask; False where the clock must not by now. Raises `BankAsking` while somebody else asks."""
    if row.busy_until is not None and now < row.busy_until <= now + LEASE and not is_gone(row.busy_by):
        raise BankAsking()
    if unattended:
        if not is_due(row, now):
            return False
        allowed = allowed_at(row.asked, now, now)
        if allowed > now:
            row.next_at = allowed
            return False
    row.busy_by, row.busy_until = turn, now + LEASE
    row.asked = [*row.asked, now.isoformat()][-MOST_A_DAY:]
    return True


def keep_turn(row: BankConnection, turn: str, now: dt.datetime) -> None:
    """Say that a turn goes on; raises `BankAsking` where it lasted too long and somebody else took it over."""
    if row.busy_by != turn:
        raise BankAsking()
    row.busy_until = now + LEASE


def end_turn(row: BankConnection, turn: str) -> None:
    """Let others ask."""
    if row.busy_by == turn:
        row.busy_by, row.busy_until = "", None


def went_well(row: BankConnection, now: dt.datetime, jitter: Jitter, *, unattended: bool) -> None:
    """Say when the clock asks next after it was told everything; what a person asked moves nothing but a retry."""
    if row.clock and (unattended or row.tries or row.next_at is None):
        row.next_at = allowed_at(row.asked, next_morning(now, jitter), now)
    row.tries = 0


def went_wrong(row: BankConnection, error: HomieError, now: dt.datetime, jitter: Jitter, *, unattended: bool) -> None:
    """Say when the clock asks again: never after a refusal, tomorrow where the bank wants a pause, else a bit later."""
    if row.state == ConnectionState.NEEDS_YOU:
        row.next_at, row.tries = None, 0
    elif row.clock and unattended:
        if isinstance(error, BankBusy) or row.tries >= len(AGAIN_AFTER):
            row.next_at, row.tries = allowed_at(row.asked, next_morning(now, jitter), now), 0
            return
        after = AGAIN_AFTER[row.tries]
        wanted = now + after + dt.timedelta(seconds=jitter(int(after.total_seconds()) // 4))
        row.next_at, row.tries = allowed_at(row.asked, wanted, now), row.tries + 1


def wind(row: BankConnection, now: dt.datetime, jitter: Jitter) -> None:
    """Let the clock go on for a connection that a person opened again; it stays off where it is off."""
    if row.clock and row.next_at is None:
        row.next_at = next_morning(now, jitter)
