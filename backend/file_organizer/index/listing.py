"""The listing of one folder: read from the drive, packed into a row, compared with another.

A listing is what `readdir` and one `lstat` per entry say. Of folders and links only that they are there is kept: their
own times change with their content, which is listed elsewhere.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from typing import NamedTuple

from backend.sdk.files import is_private
from backend.sdk.finding import fold

FILE, FOLDER = 8, 4
"""Kinds of entries: `st_mode >> 12` (inode(7)); everything else is a link, a socket or a device."""


Row = tuple[str, int, int, int, int]
"""Name, kind, size, time, inode of one entry."""


class IndexEntry(NamedTuple):
    """What is known of one entry; size in bytes, modification time in ns (both 0 unless it is a plain file)."""

    kind: int
    size: int
    mtime_ns: int
    inode: int


class Listing:
    """The entries of one folder, sorted by name, column by column: `kinds[i]`, `sizes[i]` ... belong to `names[i]`."""

    __slots__ = ("inodes", "kinds", "names", "raw", "sizes", "times")

    def __init__(
        self, names: list[str], kinds: bytes, sizes: Sequence[int], times: Sequence[int], inodes: Sequence[int]
    ) -> None:
        self.names = names
        self.kinds = kinds
        self.sizes = sizes
        self.times = times
        self.inodes = inodes
        # Column by column packs better than entry by entry.
        columns = (array("q", column).tobytes() for column in (sizes, times, inodes))
        self.raw = b"".join((len(names).to_bytes(4, "little"), kinds, *columns, os.fsencode("\0".join(names))))

    @property
    def digest(self) -> bytes:
        """Return 16 bytes that are equal for equal listings."""
        return blake2b(self.raw, digest_size=16).digest()

    @property
    def subfolders(self) -> list[str]:
        """Return the names of the folders."""
        if FOLDER not in self.kinds:
            return []
        return [name for name, kind in zip(self.names, self.kinds, strict=True) if kind == FOLDER]

    def packed(self) -> bytes:
        """Return the listing as it is stored; `unpack` reads it."""
        return zlib.compress(self.raw, 1)

    def keys(self) -> str:
        """Return the folded names, one per line in the order of `names`, as search compares them."""
        text = "\n".join(self.names)
        if text.isascii() and text.count("\n") == len(self.names) - 1:
            return text.lower()
        return "\n".join(_key(name) for name in self.names)

    def totals(self) -> tuple[int, int]:
        """Return how many plain files there are, and their size together (of everything else the size is 0)."""
        return self.kinds.count(FILE), sum(self.sizes)

    def rows(self) -> Iterator[Row]:
        """Yield name, kind, size, time and inode of each entry."""
        return zip(self.names, self.kinds, self.sizes, self.times, self.inodes, strict=True)


def read_listing(fd: int, device: int) -> Listing:
    """List the open folder `fd`; what lies on another device than `device` (a drive mounted inside) is left out.

    Raises `OSError` when the folder cannot be read to its end; entries that vanish meanwhile are left out.
    """
    names = os.listdir(fd)
    names.sort()
    stat = os.stat
    try:
        found = [stat(name, dir_fd=fd, follow_symlinks=False) for name in names]
    except FileNotFoundError:
        names, found = _those_that_stay(fd, names)
    kinds = bytes([status[0] >> 12 for status in found])
    if kinds.count(FILE) != len(names):
        return _mixed(names, found, device)
    return Listing(
        names,
        kinds,
        [status[6] for status in found],
        [status.st_mtime_ns for status in found],
        [status[1] for status in found],
    )


def _those_that_stay(fd: int, names: list[str]) -> tuple[list[str], list[os.stat_result]]:
    """Ask again one by one, without those that vanish while we look."""
    kept, found = [], []
    for name in names:
        try:
            found.append(os.stat(name, dir_fd=fd, follow_symlinks=False))
        except FileNotFoundError:
            continue
        kept.append(name)
    return kept, found


def _mixed(names: list[str], found: list[os.stat_result], device: int) -> Listing:
    """Make the listing of a folder that holds more than plain files."""
    rows: list[Row] = []
    for name, status in zip(names, found, strict=True):
        kind = status[0] >> 12
        if kind == FILE:
            rows.append((name, FILE, status[6], status.st_mtime_ns, status[1]))
        elif kind != FOLDER or (status[2] == device and not is_private(name)):
            rows.append((name, kind, 0, 0, status[1]))
    if not rows:
        return Listing([], b"", (), (), ())
    columns = list(zip(*rows, strict=True))
    return Listing(list(columns[0]), bytes(columns[1]), columns[2], columns[3], columns[4])


def unpack(blob: bytes) -> Listing:
    """Return the listing that `Listing.packed` stored."""
    raw = zlib.decompress(blob)
    count = int.from_bytes(raw[:4], "little")
    at = 4 + count
    columns = array("q")
    columns.frombytes(raw[at : at + 24 * count])
    numbers = columns.tolist()
    names = os.fsdecode(raw[at + 24 * count :]).split("\0") if count else []
    return Listing(names, raw[4:at], numbers[:count], numbers[count : 2 * count], numbers[2 * count :])


def _key(name: str) -> str:
    """Return a name as search compares it: one line, and text that every database can hold."""
    return fold(name).replace("\n", " ").encode("utf-8", "replace").decode()


class Difference(NamedTuple):
    """What differs between two listings of one folder: rows as they were (`gone`) or are."""

    gone: list[Row]
    came: list[Row]
    changed: list[Row]


def differ(old: Listing, new: Listing) -> Difference:
    """Compare two listings. A name that holds another kind of thing now is gone and came."""
    before, after = set(old.rows()), set(new.rows())
    gone = {row[0]: row for row in before - after}
    came = {row[0]: row for row in after - before}
    changed = [came[name] for name, row in gone.items() if name in came and row[1] == came[name][1] == FILE]
    for row in changed:
        del gone[row[0]], came[row[0]]
    return Difference(sorted(gone.values()), sorted(came.values()), sorted(changed))
