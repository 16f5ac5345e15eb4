"""Read one file again, from the drive and not from memory, and say how it was found."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass

from blake3 import blake3

from backend.file_organizer.verification.models import Condition
from backend.file_organizer.verification.places import FilePlace
from backend.sdk.files import OpenRoot, PathNotAllowed, open_beneath

_CHUNK = 4 << 20
OnBytes = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Known:
    """What a file was when it was known last."""

    size: int
    mtime_ns: int
    content_hash: str


@dataclass(frozen=True, slots=True)
class Reading:
    """How a file was found now. `hash` and the rest are empty for what is gone or could not be read."""

    condition: Condition
    size: int = 0
    mtime_ns: int = 0
    content_hash: str = ""


def read_again(root: OpenRoot, place: FilePlace, known: Known | None, on_bytes: OnBytes) -> Reading | None:
    """Return how the file is; None for what is no ordinary file, or is being written to right now."""
    try:
        before = root.stat(place.path)
        if before is None:
            return Reading(Condition.GONE)
        if not stat.S_ISREG(before.st_mode):
            return None
        found = _hash(root, place.path, on_bytes)
        if known is not None and found != known.content_hash and _same(before, known):
            found = _hash(root, place.path, on_bytes)  # once more: a cable that failed once is no damage
        after = root.stat(place.path)
    except PathNotAllowed:
        return None
    except OSError as error:
        if error.errno == errno.ENOENT:
            return Reading(Condition.GONE)
        return Reading(Condition.UNREADABLE)
    if after is None or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        return None
    return Reading(_condition(before, found, place, known), before.st_size, before.st_mtime_ns, found)


def _condition(info: os.stat_result, found: str, place: FilePlace, known: Known | None) -> Condition:
    if known is not None:
        if found == known.content_hash:
            return Condition.GOOD
        return Condition.DAMAGED if _same(info, known) else Condition.CHANGED
    as_moved = place.size is None or (info.st_size, info.st_mtime_ns) == (place.size, place.mtime_ns)
    return Condition.RECORDED if as_moved else Condition.CHANGED


def _same(info: os.stat_result, known: Known) -> bool:
    return (info.st_size, info.st_mtime_ns) == (known.size, known.mtime_ns)


def _hash(root: OpenRoot, path: str, on_bytes: OnBytes) -> str:
    fd = open_beneath(root.fd, path)
    try:
        # What the kernel keeps in memory would hide what the drive has forgotten.
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        hasher = blake3()
        while chunk := os.read(fd, _CHUNK):
            hasher.update(chunk)
            on_bytes(len(chunk))
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)  # nor push out what others need
        return hasher.hexdigest()
    finally:
        os.close(fd)
