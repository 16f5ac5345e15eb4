"""How long a failed attempt waits before the next."""

from __future__ import annotations

import random
from collections.abc import Callable

Backoff = Callable[[int], float]
"""Seconds to wait after attempt number n (from 1)."""


def jittered(
    first: float = 2.0, most: float = 600.0, dice: Callable[[], float] = random.SystemRandom().random
) -> Backoff:
    """Return an exponential back-off with "equal jitter": half of it fixed, half by chance.

    The chance keeps jobs that failed together (a drive went away) from coming back together. `dice`: 0..1.
    Source: M. Brooker, "Exponential backoff and jitter", AWS Architecture Blog, 2015.
    """

    def wait(attempt: int) -> float:
        whole: float = min(most, first * 2.0 ** (max(attempt, 1) - 1))
        return whole / 2 + whole / 2 * dice()

    return wait
