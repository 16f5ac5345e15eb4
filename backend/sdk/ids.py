"""Identifiers: UUIDv7 (RFC 9562 section 5.7), so that ids sort by creation time and never collide between machines."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

NewId = Callable[[], str]
"""How code asks for an id; injected where a test wants to know them."""

_lock = threading.Lock()
_last: list[int] = [0]


def new_id() -> str:
    """Return a fresh UUIDv7 in canonical text form (36 characters), strictly increasing within this process.

    48 bits Unix milliseconds, then 12 bits that count up within one millisecond (RFC 9562 section 6.2, method 1),
    then 62 random bits.
    """
    stamp = time.time_ns() // 1_000_000 << 12
    with _lock:
        _last[0] = stamp = max(stamp, _last[0] + 1)
    millis, counter = stamp >> 12, stamp & 0xFFF
    value = (millis & (1 << 48) - 1) << 80 | 0x7 << 76 | counter << 64
    value |= 0b10 << 62 | int.from_bytes(os.urandom(8), "big") >> 2
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
