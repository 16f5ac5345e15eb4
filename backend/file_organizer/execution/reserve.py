"""How much of a drive is left free: a drive filled to the last byte makes other programs, and the system, fail."""

from __future__ import annotations

import os

MOST = 1 << 30


def reserve_of(size: int) -> int:
    """Return the bytes that are left free on a drive of `size` bytes: one in a hundred, at most 1 GiB."""
    return min(MOST, size // 100)


def room_of(space: os.statvfs_result) -> int:
    """Return the bytes that Homie may still put on a drive, by what `statvfs` says of it."""
    size, free = space.f_blocks * space.f_frsize, space.f_bavail * space.f_frsize
    return max(0, free - reserve_of(size))
