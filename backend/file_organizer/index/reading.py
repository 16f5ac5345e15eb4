"""Read the listing of an open folder: the names, and what one call per name says about size, time and inode.

`os.stat` takes as long for making its result as the kernel takes for answering. So a whole folder is asked by statx(2)
(Linux 4.11, glibc 2.28, musl 1.2.3), whose answers lie in one block of memory, where each column is one slice. What
is not answered that way, for whatever reason, is asked again by `os.stat`, which also says what is wrong.
"""

from __future__ import annotations

import ctypes
import functools
import os
import sys
from array import array
from collections.abc import Callable, Sequence
from itertools import repeat

from backend.file_organizer.index.listing import FILE, FOLDER, Listing
from backend.sdk.files import is_private

AT_ONCE = 512
"""Entries whose whole answers are held at a time: they take many times what is kept of them."""

# struct statx, the same on every processor (statx(2), linux/stat.h): 256 bytes, of which these are used.
_ROOM = 256
_KIND = 29 if sys.byteorder == "little" else 28
"""Byte that holds the kind of the entry, in the upper half (`stx_mode >> 12`)."""
_INODE, _SIZE, _SECONDS = 4, 5, 14
"""Places counted in 8 bytes."""
_NANOSECONDS, _MAJOR, _MINOR = 30, 34, 35
"""Places counted in 4 bytes."""
_FLAGS = 0x100 | 0x800
"""AT_SYMLINK_NOFOLLOW, AT_NO_AUTOMOUNT: as `lstat` does."""
_MASK = 0x7FF
"""STATX_BASIC_STATS: all that `lstat` tells."""
_KINDS = bytes(byte >> 4 for byte in range(256))

_Statx = Callable[[int, bytes, int, int, object], int]


@functools.cache
def _statx() -> _Statx | None:
    """Return statx(2), or None where there is none or a sandbox forbids it."""
    try:
        function = ctypes.CDLL(None).statx
    except (OSError, AttributeError):
        return None
    works = function(-100, b"/", _FLAGS, _MASK, (ctypes.c_char * _ROOM)()) == 0
    return function if works else None


class FolderReader:
    """Read folders one after the other, not several at a time: the room for answers is used again."""

    def __init__(self) -> None:
        self.left_out = False
        """Whether the folder that was read last holds something that is not listed."""
        self._statx = _statx()
        self._room = bytearray(_ROOM * AT_ONCE)
        whole = (ctypes.c_char * len(self._room)).from_buffer(self._room)
        self._slots = [ctypes.byref(whole, _ROOM * at) for at in range(AT_ONCE)]
        self._longs = memoryview(self._room).cast("Q")
        self._words = memoryview(self._room).cast("I")

    def read(self, fd: int, device: int) -> Listing:
        """List the open folder `fd`; what lies on another device than `device` (a drive mounted inside) is left out.

        Raises `OSError` when the folder cannot be read to its end; entries that vanish meanwhile are left out.
        """
        self.left_out = False
        names = os.listdir(fd)
        names.sort()
        if len(names) <= AT_ONCE:
            return self._part(fd, names, device)
        parts = [self._part(fd, names[start : start + AT_ONCE], device) for start in range(0, len(names), AT_ONCE)]
        columns = [b"".join(pieces) for pieces in zip(*(part.columns() for part in parts), strict=True)]
        encoded = b"\0".join([part.encoded for part in parts if len(part)])
        return Listing.of(b"".join([part.kinds for part in parts]), columns, encoded)

    def read_again(self, fd: int, device: int, was: Listing) -> Listing | None:
        """List an open folder that is known to hold the names that it held; None when it has to be read."""
        self.left_out = False
        found = self._asked(fd, was.encoded, len(was)) if 0 < len(was) <= AT_ONCE else None
        return self._tidied(*found, device) if found is not None else None

    def _part(self, fd: int, names: list[str], device: int) -> Listing:
        """Ask for each of some names in the open folder `fd`."""
        found = self._asked(fd, os.fsencode("\0".join(names)), len(names), names) if names else None
        if found is None:
            found = _asked_slowly(fd, names)
        return self._tidied(*found, device)

    def _asked(
        self, fd: int, encoded: bytes, count: int, names: list[str] | None = None
    ) -> tuple[Listing, Sequence[int]] | None:
        """Ask by statx(2) for `count` names, joined by NUL; None unless every name was answered."""
        if self._statx is None:
            return None
        if any(map(self._statx, repeat(fd), encoded.split(b"\0"), repeat(_FLAGS), repeat(_MASK), self._slots)):
            return None
        longs, words = self._longs, self._words
        kinds = bytes(self._room[_KIND : count * 256 : 256].translate(_KINDS))
        columns = (
            longs[_SIZE : count * 32 : 32].tobytes(),
            longs[_SECONDS : count * 32 : 32].tobytes(),
            words[_NANOSECONDS : count * 64 : 64].tobytes(),
            longs[_INODE : count * 32 : 32].tobytes(),
        )
        listing = Listing.of(kinds, columns, encoded, names)
        if kinds.count(FILE) == count:
            return listing, ()
        majors, minors = words[_MAJOR : count * 64 : 64].tolist(), words[_MINOR : count * 64 : 64].tolist()
        return listing, list(map(os.makedev, majors, minors))

    def _tidied(self, listing: Listing, devices: Sequence[int], device: int) -> Listing:
        """Return a listing without what is not kept of anything but plain files."""
        kinds = listing.kinds
        if kinds.count(FILE) == len(kinds):
            return listing
        sizes, seconds, nanoseconds, inodes = listing.columns()
        numbers = array("q", sizes), array("q", seconds), array("I", nanoseconds)
        left_out = []
        for at, kind in enumerate(kinds):
            if kind == FILE:
                continue
            for column in numbers:
                column[at] = 0
            if kind == FOLDER and (devices[at] != device or is_private(listing.names[at])):
                left_out.append(at)
        self.left_out = self.left_out or bool(left_out)
        columns = [*(column.tobytes() for column in numbers), inodes]
        return Listing.of(kinds, columns, listing.encoded, listing.names).without(left_out)


def _asked_slowly(fd: int, names: list[str]) -> tuple[Listing, Sequence[int]]:
    """Ask one by one, without those that vanish while we look; raises `OSError`."""
    kept, found = [], []
    for name in names:
        try:
            found.append(os.stat(name, dir_fd=fd, follow_symlinks=False))
        except FileNotFoundError:
            continue
        kept.append(name)
    times = [divmod(status.st_mtime_ns, 1_000_000_000) for status in found]
    columns = (
        array("q", [status.st_size for status in found]).tobytes(),
        array("q", [seconds for seconds, _ in times]).tobytes(),
        array("I", [nanoseconds for _, nanoseconds in times]).tobytes(),
        array("Q", [status.st_ino for status in found]).tobytes(),
    )
    kinds = bytes([status.st_mode >> 12 for status in found])
    listing = Listing.of(kinds, columns, os.fsencode("\0".join(kept)), kept)
    return listing, [status.st_dev for status in found]
