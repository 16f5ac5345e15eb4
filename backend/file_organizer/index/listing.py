"""The listing of one folder: packed into a row, compared with another.

A listing is what `readdir` and one `lstat` per entry say. Of folders and links only that they are there is kept: their
own times change with their content, which is listed elsewhere.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator, Sequence
from itertools import compress, count
from operator import ne
from typing import Literal, NamedTuple

from backend.sdk.finding import fold

FILE, FOLDER = 8, 4
"""Kinds of entries: `st_mode >> 12` (inode(7)); everything else is a link, a socket or a device."""


Row = tuple[str, int, int, int, int]
"""Name, kind, size, time, inode of one entry."""
_Format = Literal["q", "I", "Q"]
_COLUMNS: tuple[_Format, ...] = ("q", "q", "I", "Q")
"""Formats of the numbers of an entry: size, seconds and nanoseconds of its time, inode (unions of drives use all 64
bits of it). In a listing they lie column by column, after a 0, the count (4 bytes) and the kinds, before the names."""
_WIDTHS = (8, 8, 4, 8)
_WIDTH = 1 + sum(_WIDTHS)
_PLAIN = b"\0"
"""First byte of a listing as it is; what zlib makes never begins with it."""
_SIZES, _SECONDS, _NANOSECONDS, _INODES = range(4)


class IndexEntry(NamedTuple):
    """What is known of one entry; size in bytes, modification time in ns (both 0 unless it is a plain file)."""

    kind: int
    size: int
    mtime_ns: int
    inode: int


class Listing:
    """The entries of one folder, sorted by name; `raw`: all of it as the bytes that are stored.

    Two listings are the same when their `raw` is. Most folders are, so nothing is taken apart before it is asked for.
    """

    __slots__ = ("_count", "_names", "raw")

    def __init__(self, raw: bytes, names: list[str] | None = None) -> None:
        self.raw = raw
        self._count = int.from_bytes(raw[1:5], "little")
        self._names = names

    @classmethod
    def of(cls, kinds: bytes, columns: Sequence[bytes], encoded: bytes, names: list[str] | None = None) -> Listing:
        """Make a listing of its columns (`_COLUMNS`) and its names, joined by NUL; `names`: where they are at hand."""
        return cls(b"".join((_PLAIN, len(kinds).to_bytes(4, "little"), kinds, *columns, encoded)), names)

    @classmethod
    def unpack(cls, blob: bytes) -> Listing:
        """Return the listing that was stored, as `raw` or as `packed`."""
        return cls(blob if blob.startswith(_PLAIN) else zlib.decompress(blob))

    def __len__(self) -> int:
        return self._count

    @property
    def encoded(self) -> bytes:
        """Return the names as they are stored, joined by NUL."""
        return self.raw[5 + self._count * _WIDTH :]

    @property
    def names(self) -> list[str]:
        """Return the names in their order."""
        if self._names is None:
            self._names = os.fsdecode(self.encoded).split("\0") if len(self) else []
        return self._names

    def packed(self) -> bytes:
        """Return the listing in a third of the room."""
        return zlib.compress(self.raw, 1)

    @property
    def kinds(self) -> bytes:
        """Return the kind of each entry."""
        return self.raw[5 : 5 + self._count]

    def columns(self) -> list[bytes]:
        """Return sizes, seconds, nanoseconds and inodes."""
        count, at, found = self._count, 5 + self._count, []
        for width in _WIDTHS:
            found.append(self.raw[at : at + count * width])
            at += count * width
        return found

    @property
    def subfolders(self) -> list[str]:
        """Return the names of the folders."""
        kinds = self.kinds
        return [name for name, kind in zip(self.names, kinds, strict=True) if kind == FOLDER] if FOLDER in kinds else []

    def without(self, places: Sequence[int]) -> Listing:
        """Return the listing without the entries at some places, which are sorted."""
        if not places:
            return self
        left_out = set(places)
        names = [name for at, name in enumerate(self.names) if at not in left_out]
        return Listing.of(_cut(self.kinds, 1, places), self.cut(places), os.fsencode("\0".join(names)), names)

    def cut(self, places: Sequence[int]) -> list[bytes]:
        """Return the columns without the entries at some places, which are sorted."""
        columns = self.columns()
        if not places:
            return columns
        return [_cut(column, width, places) for column, width in zip(columns, _WIDTHS, strict=True)]

    def keys(self) -> str:
        """Return the folded names, one per line in the order of `names`, as search compares them."""
        text = "\n".join(self.names)
        if text.isascii() and text.count("\n") == len(self.names) - 1:
            return text.lower()
        return "\n".join(_key(name) for name in self.names)

    def totals(self) -> tuple[int, int]:
        """Return how many plain files there are, and their size together (of everything else the size is 0)."""
        return self.kinds.count(FILE), sum(_numbers(self.columns(), _SIZES))

    def sizes(self) -> Sequence[int]:
        """Return the size of each entry in bytes; 0 for what is no plain file."""
        return _numbers(self.columns(), _SIZES)

    def rows(self) -> Iterator[Row]:
        """Yield name, kind, size, time and inode of each entry."""
        return iter(self.rows_at(range(self._count)))

    def rows_at(self, places: Sequence[int]) -> list[Row]:
        """Return the rows of the entries at some places."""
        if not places:
            return []
        names, kinds, columns = self.names, self.kinds, self.columns()
        sizes, seconds, nanoseconds, inodes = (_numbers(columns, number) for number in range(4))
        return [
            (names[at], kinds[at], sizes[at], seconds[at] * 1_000_000_000 + nanoseconds[at], inodes[at])
            for at in places
        ]


def _numbers(columns: Sequence[bytes], number: int) -> memoryview[int]:
    return memoryview(columns[number]).cast(_COLUMNS[number])


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
    lost, fresh = _one_sided(old.names, new.names)
    differing = _differing(old, lost, new, fresh)
    gone, came, changed = old.rows_at(lost), new.rows_at(fresh), list[Row]()
    if differing:
        before, after = _kept(len(old), lost), _kept(len(new), fresh)
        was_rows = old.rows_at([before[at] for at in differing])
        now_rows = new.rows_at([after[at] for at in differing])
        for was, now in zip(was_rows, now_rows, strict=True):
            if was[1] == now[1] == FILE:
                changed.append(now)
            else:
                gone.append(was)
                came.append(now)
    return Difference(sorted(gone), sorted(came), sorted(changed))


def _one_sided(old: list[str], new: list[str]) -> tuple[list[int], list[int]]:
    """Return the places of the names that only the first has, and of those that only the second has; both are sorted.

    Mostly little differs, so what is the same at both ends is passed over first.
    """
    shorter = min(len(old), len(new))
    start = next(compress(count(), map(ne, old, new)), shorter)
    if start == len(old) == len(new):
        return [], []
    end = min(next(compress(count(), map(ne, reversed(old), reversed(new))), shorter), shorter - start)
    old_part, new_part = old[start : len(old) - end], new[start : len(new) - end]
    old_names, new_names = set(old_part), set(new_part)
    return (
        [start + at for at, name in enumerate(old_part) if name not in new_names],
        [start + at for at, name in enumerate(new_part) if name not in old_names],
    )


def _differing(old: Listing, lost: list[int], new: Listing, fresh: list[int]) -> list[int]:
    """Return the places, among the entries whose names both have, at which anything else differs."""
    found: set[int] = set()
    kinds = _cut(old.kinds, 1, lost), _cut(new.kinds, 1, fresh)
    if kinds[0] != kinds[1]:
        found.update(compress(count(), map(ne, *kinds)))
    before, after = old.cut(lost), new.cut(fresh)
    for number in range(4):
        if before[number] != after[number]:
            found.update(compress(count(), map(ne, _numbers(before, number), _numbers(after, number))))
    return sorted(found)


def _kept(number: int, left_out: list[int]) -> Sequence[int]:
    """Return the places that are left without some."""
    if not left_out:
        return range(number)
    without = set(left_out)
    return [at for at in range(number) if at not in without]


def _cut(column: bytes, width: int, places: Sequence[int]) -> bytes:
    """Return a column without the numbers at some places, which are sorted; each is `width` bytes wide."""
    parts, start = [], 0
    for place in places:
        parts.append(column[start : place * width])
        start = (place + 1) * width
    parts.append(column[start:])
    return b"".join(parts)
