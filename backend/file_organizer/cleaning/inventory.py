"""All files of the chosen folders, in about a hundred bytes each: a million of them fit into an ordinary machine.

Names lie in one block of bytes, numbers in arrays; a `KnownFile` is made only for what is looked at. Links are never
followed, hidden folders, repositories and Homie's own folder not entered (`planning.scanner`).
"""

from __future__ import annotations

import os
from array import array
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, repeat

from backend.file_organizer.planning.scanner import FileEntry, Scanner
from backend.sdk.files import SafePath

OnFiles = Callable[[int], None]
"""Told how many files were seen so far; may raise to stop."""
TELL_EVERY = 2000


@dataclass(frozen=True, slots=True)
class KnownFile:
    """One file. `place`: which of the chosen folders; `folder`: below that one's root, raw form; `mtime_ns` in ns."""

    index: int
    place: int
    folder: str
    name: str
    size: int
    mtime_ns: int
    inode: int
    device: int

    @property
    def relpath(self) -> str:
        """Return the path below the root, raw form."""
        return f"{self.folder}/{self.name}" if self.folder else self.name


@dataclass(slots=True)
class Inventory:
    """Hold what a walk found. `unreadable`: full paths of folders that could not be read, some of them."""

    places: Sequence[SafePath]
    unreadable: list[str] = field(default_factory=list)
    unreadable_count: int = 0
    empty: int = 0
    total_bytes: int = 0
    _folders: list[tuple[int, str, int, bytes]] = field(default_factory=list)
    _names: bytearray = field(default_factory=bytearray)
    _ends: array[int] = field(default_factory=lambda: array("Q"))
    _sizes: array[int] = field(default_factory=lambda: array("Q"))
    _times: array[int] = field(default_factory=lambda: array("q"))
    _inodes: array[int] = field(default_factory=lambda: array("Q"))
    _in_folder: array[int] = field(default_factory=lambda: array("I"))
    _order: array[int] = field(default_factory=lambda: array("I"))

    def __len__(self) -> int:
        return len(self._sizes)

    def collect(self, on_files: OnFiles | None = None) -> None:
        """Walk the places. Empty files are counted, not kept: they are all alike, and no copies of each other."""
        for number, place in enumerate(self.places):
            self._walk(number, place, on_files)

    def _walk(self, number: int, place: SafePath, on_files: OnFiles | None) -> None:
        scanner, told = Scanner(place.absolute), len(self)
        skip = len(place.root.path.rstrip("/")) + 1
        for batch in scanner:
            if batch.repository:  # its files belong to each other, however alike they are
                continue
            self._folders.append((number, batch.path[skip:], batch.device, os.fsencode(batch.path) + b"/"))
            kept = [entry for entry in batch.files if entry.size]
            self.empty += len(batch.files) - len(kept)
            self._keep(kept)
            if on_files is not None and len(self) - told >= TELL_EVERY:
                told = len(self)
                on_files(told)
        self.total_bytes += scanner.totals.bytes
        self.unreadable_count += scanner.totals.unreadable
        self.unreadable += scanner.totals.unreadable_examples

    def _keep(self, files: list[FileEntry]) -> None:
        """Add files of the last folder, column by column, which takes a third of the time."""
        if not files:
            return
        names, sizes, times, inodes = zip(*files, strict=True)
        encoded = [os.fsencode(name) for name in names]
        ends = accumulate(map(len, encoded), initial=len(self._names))
        next(ends)
        self._ends.extend(ends)
        self._names += b"".join(encoded)
        self._sizes.extend(sizes)
        self._times.extend(times)
        self._inodes.extend(inodes)
        self._in_folder.extend(repeat(len(self._folders) - 1, len(files)))

    def file(self, index: int) -> KnownFile:
        """Return one file."""
        place, folder, device, _ = self._folders[self._in_folder[index]]
        start = self._ends[index - 1] if index else 0
        name = os.fsdecode(bytes(self._names[start : self._ends[index]]))
        size, mtime_ns, inode = self._sizes[index], self._times[index], self._inodes[index]
        return KnownFile(index, place, folder, name, size, mtime_ns, inode, device)

    def path(self, index: int) -> bytes:
        """Return the full path as the system wants it."""
        start = self._ends[index - 1] if index else 0
        return self._folders[self._in_folder[index]][3] + self._names[start : self._ends[index]]

    def ending_with(self, endings: tuple[str, ...]) -> Iterator[int]:
        """Yield the files whose names end so (small letters), each under the first of its names."""
        wanted = tuple(ending.encode() for ending in endings)
        seen: set[tuple[int, int]] = set()
        start = 0
        for index, end in enumerate(self._ends):
            if bytes(self._names[max(start, end - 8) : end]).lower().endswith(wanted):
                identity = self.identity(index)
                if identity not in seen:
                    seen.add(identity)
                    yield index
            start = end

    def is_unchanged(self, index: int, info: os.stat_result) -> bool:
        """Tell whether what was opened is the file that the walk saw."""
        return (
            info.st_ino == self._inodes[index]
            and info.st_size == self._sizes[index]
            and info.st_mtime_ns == self._times[index]
            and info.st_dev == self._folders[self._in_folder[index]][2]
        )

    def size(self, index: int) -> int:
        """Return the size of a file in bytes."""
        return self._sizes[index]

    def of_equal_size(self) -> Iterator[list[int]]:
        """Yield the files of each size that occurs more than once, the largest first, by their numbers."""
        order = self._by_size()
        for start, end in self._runs(order):
            yield sorted(order[start:end])

    def bytes_of_equal_size(self) -> int:
        """Return how many bytes the files hold that are not alone with their size."""
        order = self._by_size()
        return sum((end - start) * self._sizes[order[start]] for start, end in self._runs(order))

    def _by_size(self) -> array[int]:
        sizes = self._sizes
        if len(self._order) != len(sizes):
            self._order = array("I", sorted(range(len(sizes)), key=sizes.__getitem__, reverse=True))
        return self._order

    def _runs(self, order: array[int]) -> Iterator[tuple[int, int]]:
        """Yield where each run of two or more files of one size begins and ends."""
        sizes, start = self._sizes, 0
        for at in range(1, len(order) + 1):
            if at == len(order) or sizes[order[at]] != sizes[order[start]]:
                if at - start > 1:
                    yield start, at
                start = at

    def identity(self, index: int) -> tuple[int, int]:
        """Return (device, inode): what several names of one file have in common."""
        return self._folders[self._in_folder[index]][2], self._inodes[index]
