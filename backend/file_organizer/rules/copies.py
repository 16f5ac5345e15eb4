"""Tell whether a file is a copy: another one in the opened folders of the space has the same bytes, and was first.

First is what was changed earlier, and by place where that is equal: of several equal files one is never a copy, so no
rule can take all of them. The index names files of the same size, the disk decides: both are read now.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeAlias

from backend.file_organizer.cleaning.finder import open_quietly
from backend.file_organizer.index.file_index import FileIndex
from backend.file_organizer.index.sizes import SizeTable
from backend.sdk.actor import Actor
from backend.sdk.errors import HomieError
from backend.sdk.files import OwnerRootsSource, VolumePath

MOST_BYTES = 1 << 30
"""Larger files are not compared while a plan is made: whether they are copies is not known."""
MOST_KEPT = 200_000
"""Files of shared sizes that are remembered for one plan."""
_CHUNK = 1 << 20
_START = 1 << 16

IsCopy: TypeAlias = Callable[[VolumePath, str], bool | None]
"""Given a file's place and full path, tell whether it is a copy; None where that is not known."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A file as it was found on the disk: `first` orders equal files, `path` is where it is now."""

    first: tuple[int, str, str]
    path: str
    info: os.stat_result


@dataclass(slots=True)
class _SameSize:
    """The files of one size by the hash of their beginning, each looked at once. `all_known`: none was out of reach."""

    by_start: dict[bytes, list[_Candidate]] = field(default_factory=dict)
    count: int = 0
    all_known: bool = True


class KnownCopies:
    """Compare files with those of the acting space. The index is looked at when the first file is asked about."""

    def __init__(self, index: FileIndex, roots: OwnerRootsSource, actor: Actor) -> None:
        self._index = index
        self._actor = actor.only_in(actor.owner_id)
        self._roots = roots.for_actor(self._actor)
        self._table: SizeTable | None = None
        self._complete = False
        self._of_size: dict[int, _SameSize] = {}
        self._kept = 0

    def is_copy(self, place: VolumePath, path: str) -> bool | None:
        """Tell whether the file at `place` (`path`: where that is) is a copy; None where that is not known."""
        try:
            own = os.lstat(path)
            if not stat.S_ISREG(own.st_mode):
                return None
            if own.st_size == 0:
                return False
            same = self._same_size(own.st_size, place)
            known = same.all_known and self._complete
            if not same.count:
                return False if known else None
            candidates = same.by_start.get(_start_of(path), ())
        except OSError:
            return None
        mine = (own.st_mtime_ns, place.volume_id, place.relpath)
        for other in candidates:
            if other.first >= mine or os.path.samestat(other.info, own):
                continue
            found = equal(path, other.path, own.st_size) if own.st_size <= MOST_BYTES else None
            if found:
                return True
            known = known and found is not None
        return False if known else None

    def _sizes(self) -> SizeTable:
        """Return the sizes of what is indexed, read once."""
        if self._table is None:
            volumes = {root.volume_id for root in self._roots.roots}
            done = {one.volume_id for one in self._index.states(self._actor) if one.complete}
            self._complete = volumes <= done
            self._table = self._index.sizes(self._actor, sorted(volumes))
        return self._table

    def _same_size(self, size: int, asking: VolumePath) -> _SameSize:
        """Return the files of a size; nothing is opened where only the one that is asked about has it."""
        found = self._of_size.get(size)
        if found is not None:
            return found
        found = _SameSize()
        places = list(self._sizes().of_size(size))
        if any((one.volume_id, one.relpath) != (asking.volume_id, asking.relpath) for one in places):
            for place in places:
                self._look_at(place, size, found)
        if self._kept > MOST_KEPT:
            self._of_size.clear()
            self._kept = 0
        self._kept += found.count
        if found.count:
            self._of_size[size] = found
        return found

    def _look_at(self, place: VolumePath, size: int, found: _SameSize) -> None:
        """Note a file that is still there and of this size."""
        root = self._roots.root(place.volume_id)
        if root is None or not root.online:
            found.all_known = False
            return
        try:
            path = self._roots.locate(place).absolute
            info = os.lstat(path)
            if not stat.S_ISREG(info.st_mode) or info.st_size != size:
                return
            candidate = _Candidate((info.st_mtime_ns, place.volume_id, place.relpath), path, info)
            found.by_start.setdefault(_start_of(path), []).append(candidate)
            found.count += 1
        except FileNotFoundError:
            return
        except (HomieError, OSError):
            found.all_known = False


def _start_of(path: str) -> bytes:
    """Return the hash of a file's beginning."""
    fd = open_quietly(os.fsencode(path))
    try:
        return hashlib.blake2b(os.pread(fd, _START, 0), digest_size=16).digest()
    finally:
        os.close(fd)


def equal(one: str, other: str, size: int) -> bool | None:
    """Tell whether two files of this size have the same bytes; None where one of them cannot be read."""
    opened: list[int] = []
    try:
        opened = [open_quietly(os.fsencode(one))]
        opened.append(open_quietly(os.fsencode(other)))
        first, second = opened
        for at in range(0, size, _CHUNK):
            part = os.pread(first, _CHUNK, at)
            if not part or part != os.pread(second, _CHUNK, at):
                return False
        return True
    except OSError:
        return None
    finally:
        for fd in opened:
            os.close(fd)
