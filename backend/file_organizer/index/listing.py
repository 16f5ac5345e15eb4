"""The listing of one folder: packed into a row, compared with another.

A listing is what `readdir` and one `lstat` per entry say. Of folders and links only that they are there is kept: their
own times change with their content, which is listed elsewhere.
"""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from backend.sdk.finding import fold

FILE, FOLDER = 8, 4
"""Kinds of entries: `st_mode >> 12` (inode(7)); everything else is a link, a socket or a device."""


Row = tuple[str, int, int, int, int]
"""Name, kind, size, time, inode of one entry."""
_Format = Literal["q", "I", "Q"]
_COLUMNS: tuple[_Format, ...] = ("q", "q", "I", "Q")
"""Formats of the numbers of an entry: size, seconds and nanoseconds of its time, inode (unions of drives use all 64
bits of it). In a listing they lie column by column, after the count (4 bytes) and the kinds, before the names."""
_WIDTHS = (8, 8, 4, 8)
_SIZES, _SECONDS, _NANOSECONDS, _INODES = range(4)


class IndexEntry(NamedTuple):
    """What is known of one entry; size in bytes, modification time in ns (both 0 unless it is a plain file)."""

    kind: int
    size: int
    mtime_ns: int
    inode: int


class Listing:
    """The entries of one folder, sorted by name: `names`, and all of it as the bytes that are stored (`raw`).

    Two listings are the same when their `raw` is. Most folders are, so nothing is taken apart before it is asked for.
    """

    __slots__ = ("names", "raw")

    def __init__(self, names: list[str], raw: bytes) -> None:
        self.names = names
        self.raw = raw

    @classmethod
    def of(cls, names: list[str], kinds: bytes, columns: Sequence[bytes], encoded: bytes | None = None) -> Listing:
        """Make a listing of its columns (`_COLUMNS`); `encoded`: the names joined by NUL, where that is at hand."""
        encoded = os.fsencode("\0".join(names)) if encoded is None else encoded
        return cls(names, b"".join((len(names).to_bytes(4, "little"), kinds, *columns, encoded)))

    @classmethod
    def unpack(cls, raw: bytes) -> Listing:
        """Return the listing that was stored."""
        count = int.from_bytes(raw[:4], "little")
        return cls(os.fsdecode(raw[4 + count * (1 + sum(_WIDTHS)) :]).split("\0") if count else [], raw)

    @property
    def kinds(self) -> bytes:
        """Return the kind of each entry."""
        return self.raw[4 : 4 + len(self.names)]

    def columns(self) -> list[bytes]:
        """Return sizes, seconds, nanoseconds and inodes."""
        count, at, found = len(self.names), 4 + len(self.names), []
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
        parts = list(zip([0, *(place + 1 for place in places)], [*places, len(self.names)], strict=True))
        names = [name for a, b in parts for name in self.names[a:b]]
        kinds = self.kinds
        columns = [
            b"".join([column[a * width : b * width] for a, b in parts])
            for column, width in zip(self.columns(), _WIDTHS, strict=True)
        ]
        return Listing.of(names, b"".join([kinds[a:b] for a, b in parts]), columns)

    def keys(self) -> str:
        """Return the folded names, one per line in the order of `names`, as search compares them."""
        text = "\n".join(self.names)
        if text.isascii() and text.count("\n") == len(self.names) - 1:
            return text.lower()
        return "\n".join(_key(name) for name in self.names)

    def totals(self) -> tuple[int, int]:
        """Return how many plain files there are, and their size together (of everything else the size is 0)."""
        return self.kinds.count(FILE), sum(_numbers(self.columns(), _SIZES))

    def rows(self, places: Iterable[int] | None = None) -> Iterator[Row]:
        """Yield name, kind, size, time and inode of the entries at some places, or of each."""
        kinds, columns = self.kinds, self.columns()
        sizes, seconds, nanoseconds, inodes = (_numbers(columns, number) for number in range(4))
        for at in range(len(self.names)) if places is None else places:
            yield self.names[at], kinds[at], sizes[at], seconds[at] * 1_000_000_000 + nanoseconds[at], inodes[at]


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
    one_sided = set(old.names).symmetric_difference(new.names) if old.names != new.names else ()
    lost, fresh = _places(old.names, one_sided), _places(new.names, one_sided)
    gone, came, changed = list(old.rows(lost)), list(new.rows(fresh)), list[Row]()
    before, after = old.without(lost), new.without(fresh)  # the same names now, and both are sorted
    differing = _differing(before, after)
    for was, now in zip(before.rows(differing), after.rows(differing), strict=True):
        if was[1] == now[1] == FILE:
            changed.append(now)
        else:
            gone.append(was)
            came.append(now)
    return Difference(sorted(gone), sorted(came), sorted(changed))


def _differing(before: Listing, after: Listing) -> list[int]:
    """Return the places at which two listings of the same names differ."""
    if before.raw == after.raw:
        return []
    found = {at for at, (was, now) in enumerate(zip(before.kinds, after.kinds, strict=True)) if was != now}
    old, new = before.columns(), after.columns()
    for number in range(4):
        if old[number] != new[number]:
            pairs = zip(_numbers(old, number), _numbers(new, number), strict=True)
            found.update(at for at, (was, now) in enumerate(pairs) if was != now)
    return sorted(found)


def _places(names: list[str], wanted: Iterable[str]) -> list[int]:
    """Return where those of the wanted names are that are among `names`, which are sorted."""
    found = []
    for name in wanted:
        at = bisect_left(names, name)
        if at < len(names) and names[at] == name:
            found.append(at)
    return sorted(found)
