"""Let Python's collector of cycles rest while hundreds of thousands of small objects are made that hold none.

It looks at all of them again and again while their number grows: a fifth of the time of a large import, for nothing.
What is no longer used is freed at once all the same, by its count; only cycles wait until the work is done.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from backend.sdk.concurrency import native_lock


class _Rests:
    """How many pieces of work want rest now, and whether the collector was at work before the first of them."""

    def __init__(self) -> None:
        self.lock = native_lock()
        self.wanted = 0
        self.was_on = False


_rests = _Rests()


@contextmanager
def collector_at_rest() -> Iterator[None]:
    """Keep the collector of this process still meanwhile; pieces of work in several threads may overlap."""
    with _rests.lock:
        if not _rests.wanted:
            _rests.was_on = gc.isenabled()
            gc.disable()
        _rests.wanted += 1
    try:
        yield
    finally:
        with _rests.lock:
            _rests.wanted -= 1
            if not _rests.wanted and _rests.was_on:
                gc.enable()
