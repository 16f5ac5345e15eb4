"""Find files with the same content: by size, then by their first and last block, then by BLAKE3 of every byte.

Names of one file (hard links) are one file. A file is opened without following a link and must be the one that the
walk saw (device, inode, size, time), so a folder that was swapped for a link meanwhile leads nowhere. What is found is
a suggestion: before anything goes, the executor compares every byte (`execution/keepers.py`).
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from blake3 import blake3

from backend.file_organizer.cleaning.inventory import Inventory, KnownFile

BLOCK = 4096
WHOLE = 32 * BLOCK
"""Files up to this size are read whole at once: to open a file a second time takes longer than to read it."""
KEPT = 16 << 20
"""Bytes of files of one size that are held to be compared; of more, the hashes are."""
CHUNK = 1 << 20
AT_ONCE = 2000
"""Files that are looked at between two progress reports."""
BYTES_AT_ONCE = 64 << 20
"""Bytes that are read between two progress reports (one larger file is read in one go)."""
WORKERS = 2
MOST_EXAMPLES = 100
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | getattr(os, "O_NOATIME", 0)

_SAMPLED = 8192
"""Bytes from which a content is found by a sample of it, so that the rest is only passed over to be compared."""

T = TypeVar("T")
Look = Callable[[int, int], T]
"""Given an open file and its size, return what equal files have in common."""
OnLooked = Callable[[int, int], None]
"""Told how many files were looked at and how many bytes were read; may raise to stop."""


class Content:
    """The bytes of a file, as a key: equal when every byte is. To hash them all takes longer than to compare them."""

    __slots__ = ("_hash", "data")

    def __init__(self, data: bytes) -> None:
        self.data = data
        size = len(data)
        self._hash = hash(data if size < _SAMPLED else data[:64] + data[-64:] + data[:: size >> 6])

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Content) and self.data == other.data


@dataclass(frozen=True, slots=True)
class Copy:
    """One of several equal files. `links`: how many names it has on its drive, its own included."""

    file: KnownFile
    links: int


@dataclass(frozen=True, slots=True)
class FoundGroup:
    """Files of one content. `size` of each in bytes."""

    content_hash: str
    size: int
    copies: tuple[Copy, ...]


@dataclass(slots=True)
class DuplicateFinder:
    """Look for equal files in an inventory. `unreadable`: full paths (some), `changed`: files that changed meanwhile.

    `looked`: files; `passed`: bytes of what was dealt with, of `Inventory.bytes_of_equal_size()`; `read`: bytes.
    """

    inventory: Inventory
    looked: int = 0
    passed: int = 0
    read: int = 0
    unreadable: list[str] = field(default_factory=list)
    unreadable_count: int = 0
    changed: int = 0

    def groups(self, on_looked: OnLooked | None = None) -> Iterator[FoundGroup]:
        """Yield the groups, the largest files first."""
        with ThreadPoolExecutor(WORKERS) as pool:
            for batch in self._batches():
                small = self.inventory.size(batch[-1][0]) <= CHUNK
                # Small reads from the cache take less time than handing them to another thread.
                compared = map(self._compare, batch) if small else pool.map(self._compare, batch)
                for groups in compared:
                    yield from groups
                if on_looked is not None:
                    on_looked(self.looked, self.read)

    def _batches(self) -> Iterator[list[list[int]]]:
        """Yield lists of files of one size, some thousand files or some large ones at a time."""
        batch: list[list[int]] = []
        files, read = 0, 0
        for indexes in self.inventory.of_equal_size():
            distinct = self._distinct(indexes)
            self.passed += self.inventory.size(indexes[0]) * len(indexes)
            if len(distinct) < 2:
                continue
            batch.append(distinct)
            files += len(distinct)
            read += self.inventory.size(distinct[0]) * len(distinct)
            if files >= AT_ONCE or read >= BYTES_AT_ONCE:
                yield batch
                batch, files, read = [], 0, 0
        if batch:
            yield batch

    def _distinct(self, indexes: Sequence[int]) -> list[int]:
        """Return the files, each under the first of its names."""
        seen: dict[tuple[int, int], int] = {}
        for index in indexes:
            seen.setdefault(self.inventory.identity(index), index)
        return list(seen.values())

    def _compare(self, indexes: list[int]) -> list[FoundGroup]:
        """Return the groups among files of one size."""
        size = self.inventory.size(indexes[0])
        groups = []
        if size > WHOLE:
            for _, alike in self._split(indexes, _ends, size):
                again = [index for index, _ in alike]
                groups += [self._group(size, found.hex(), same) for found, same in self._split(again, _hash, size)]
        elif size * len(indexes) > KEPT:
            groups = [self._group(size, found.hex(), same) for found, same in self._split(indexes, _hash, size)]
        else:
            for content, same in self._split(indexes, _whole, size):
                groups.append(self._group(size, blake3(content.data).hexdigest(), same))
        self.looked += len(indexes)
        return groups

    def _group(self, size: int, content_hash: str, same: list[tuple[int, int]]) -> FoundGroup:
        return FoundGroup(content_hash, size, tuple(Copy(self.inventory.file(i), links) for i, links in same))

    def _split(self, indexes: list[int], look: Look[T], size: int) -> list[tuple[T, list[tuple[int, int]]]]:
        """Return the files that look the same, together; what cannot be read or changed is noted and left out."""
        found: dict[T, list[tuple[int, int]]] = {}
        path, is_unchanged, fstat, close = self.inventory.path, self.inventory.is_unchanged, os.fstat, os.close
        for index in indexes:
            try:
                fd = open_quietly(path(index))
                try:
                    info = fstat(fd)
                    if is_unchanged(index, info):
                        found.setdefault(look(fd, size), []).append((index, info.st_nlink))
                    else:
                        self.changed += 1
                finally:
                    close(fd)
            except FileNotFoundError:
                self.changed += 1
            except OSError:
                self._note_unreadable(index)
        self.read += len(indexes) * (2 * BLOCK if look is _ends else size)
        return [(content, alike) for content, alike in found.items() if len(alike) > 1]

    def _note_unreadable(self, index: int) -> None:
        self.unreadable_count += 1
        if len(self.unreadable) < MOST_EXAMPLES:
            self.unreadable.append(os.fsdecode(self.inventory.path(index)))


def _whole(fd: int, size: int) -> Content:
    return Content(os.read(fd, size + 1))


def _ends(fd: int, size: int) -> bytes:
    return os.read(fd, BLOCK) + os.pread(fd, BLOCK, size - BLOCK)


def _hash(fd: int, size: int) -> bytes:
    if size <= CHUNK:
        return blake3(os.read(fd, size + 1)).digest()
    hasher, buffer, offset = blake3(), bytearray(CHUNK), 0
    view = memoryview(buffer)
    while count := os.preadv(fd, [buffer], offset):
        hasher.update(view[:count])
        offset += count
    return hasher.digest()


def open_quietly(path: bytes) -> int:
    """Open for reading; without touching the time of last access where the file is ours."""
    try:
        return os.open(path, _FLAGS)
    except PermissionError:
        return os.open(path, _FLAGS & ~getattr(os, "O_NOATIME", 0))
