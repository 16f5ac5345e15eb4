"""The listing of one folder: packed into a row, compared with another.

A listing is what `readdir` and one `lstat` per entry say. Of folders and links only that they are there is kept: their
own times change with their content, which is listed elsewhere.
"""

from __future__ import annotations

import os
import zlib
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from itertools import compress
from typing import NamedTuple

from backend.sdk.finding import fold

FILE, FOLDER = 8, 4
"""Kinds of entries: `st_mode >> 12` (inode(7)); everything else is a link, a socket or a device."""


Row = tuple[str, int, int, int, int]
"""Name, kind, size, time, inode of one entry."""
_PLAIN = b"\0"
"""First byte of a listing that is stored as it is; what zlib makes never begins with it."""


class IndexEntry(NamedTuple):
    """What is known of one entry; size in bytes, modification time in ns (both 0 unless it is a plain file)."""

    kind: int
    size: int
    mtime_ns: int
    inode: int


class Listing:
    """The entries of one folder, sorted by name, column by column: `kinds[i]`, `sizes[i]` ... belong to `names[i]`.

    Sizes and times are signed ("q"), inodes are not ("Q"): unions of drives use all 64 bits of them.
    """

    __slots__ = ("_raw", "inodes", "kinds", "names", "sizes", "times")

    def __init__(
        self, names: list[str], kinds: bytes, sizes: array[int], times: array[int], inodes: array[int], raw: bytes = b""
    ) -> None:
        self.names = names
        self.kinds = kinds
        self.sizes = sizes
        self.times = times
        self.inodes = inodes
        self._raw = raw

    @property
    def raw(self) -> bytes:
        """Return all of it as bytes, column by column, which packs better than entry by entry."""
        if not self._raw:
            columns = (self.sizes.tobytes(), self.times.tobytes(), self.inodes.tobytes())
            names = os.fsencode("\0".join(self.names))
            self._raw = b"".join((len(self.names).to_bytes(4, "little"), self.kinds, *columns, names))
        return self._raw

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
        """Return the listing as it is stored when it takes little room; `unpack` reads it."""
        return zlib.compress(self.raw, 1)

    def plain(self) -> bytes:
        """Return the listing as it is stored when it takes little time; `unpack` reads it."""
        return _PLAIN + self.raw

    def picked(self, stays: Sequence[bool]) -> Listing:
        """Return the listing of those entries for which `stays` is true."""
        return Listing(
            list(compress(self.names, stays)),
            bytes(compress(self.kinds, stays)),
            array("q", compress(self.sizes, stays)),
            array("q", compress(self.times, stays)),
            array("Q", compress(self.inodes, stays)),
        )

    def without(self, places: Sequence[int]) -> Listing:
        """Return the listing without the entries at some places, which are sorted."""
        if not places:
            return self
        starts = [0, *(place + 1 for place in places)]
        parts = list(zip(starts, [*places, len(self.names)], strict=True))
        left = Listing([], b"".join([self.kinds[a:b] for a, b in parts]), array("q"), array("q"), array("Q"))
        for a, b in parts:
            left.names += self.names[a:b]
            left.sizes += self.sizes[a:b]
            left.times += self.times[a:b]
            left.inodes += self.inodes[a:b]
        return left

    def row(self, place: int) -> Row:
        """Return name, kind, size, time and inode of one entry."""
        return self.names[place], self.kinds[place], self.sizes[place], self.times[place], self.inodes[place]

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


def unpack(blob: bytes) -> Listing:
    """Return the listing that `Listing.packed` or `Listing.plain` stored."""
    raw = blob[1:] if blob.startswith(_PLAIN) else zlib.decompress(blob)
    count = int.from_bytes(raw[:4], "little")
    ends = [4 + count, 4 + 9 * count, 4 + 17 * count, 4 + 25 * count]
    sizes, times, inodes = array("q"), array("q"), array("Q")
    for column, start, end in zip((sizes, times, inodes), ends, ends[1:], strict=False):
        column.frombytes(raw[start:end])
    names = os.fsdecode(raw[ends[3] :]).split("\0") if count else []
    return Listing(names, raw[4 : ends[0]], sizes, times, inodes, raw)


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
    gone, came, changed = [old.row(at) for at in lost], [new.row(at) for at in fresh], list[Row]()
    before, after = old.without(lost), new.without(fresh)  # the same names now, and both are sorted
    differing: set[int] = set()
    for was, now in (
        (before.kinds, after.kinds),
        (before.sizes, after.sizes),
        (before.times, after.times),
        (before.inodes, after.inodes),
    ):
        if was != now:
            differing.update(at for at, (one, other) in enumerate(zip(was, now, strict=True)) if one != other)
    for at in differing:
        was_row, row = before.row(at), after.row(at)
        if was_row[1] == row[1] == FILE:
            changed.append(row)
        else:
            gone.append(was_row)
            came.append(row)
    return Difference(sorted(gone), sorted(came), sorted(changed))


def _places(names: list[str], wanted: Iterable[str]) -> list[int]:
    """Return where those of the wanted names are that are among `names`, which are sorted."""
    found = []
    for name in wanted:
        at = bisect_left(names, name)
        if at < len(names) and names[at] == name:
            found.append(at)
    return sorted(found)
