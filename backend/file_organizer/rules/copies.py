"""Tell whether a file is a copy: another one in the opened folders of the space has the same bytes, and was first.

First is what was changed earlier, and by place where that is equal: of several equal files one is never a copy, so no
rule can take all of them. The index names files of the same size, the disk decides: both are read now.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from typing import TypeAlias

from backend.file_organizer.cleaning.finder import open_quietly
from backend.file_organizer.index.file_index import FileIndex
from backend.file_organizer.index.sizes import SizeTable
from backend.sdk.actor import Actor
from backend.sdk.errors import HomieError
from backend.sdk.files import OwnerRootsSource, VolumePath

MOST_BYTES = 1 << 30
"""Larger files are not compared while a plan is made: whether they are copies is not known."""
_CHUNK = 1 << 20

IsCopy: TypeAlias = Callable[[VolumePath, str], bool | None]
"""Given a file's place and full path, tell whether it is a copy; None where that is not known."""


class KnownCopies:
    """Compare files with those of the acting space. The index is looked at when the first file is asked about."""

    def __init__(self, index: FileIndex, roots: OwnerRootsSource, actor: Actor) -> None:
        self._index = index
        self._actor = actor.only_in(actor.owner_id)
        self._roots = roots.for_actor(self._actor)
        self._table: SizeTable | None = None
        self._complete = False

    def is_copy(self, place: VolumePath, path: str) -> bool | None:
        """Tell whether the file at `place` (`path`: where that is) is a copy; None where that is not known."""
        try:
            own = os.lstat(path)
        except OSError:
            return None
        if not stat.S_ISREG(own.st_mode):
            return None
        if own.st_size == 0:
            return False
        table = self._sizes()
        known = self._complete
        for other in table.of_size(own.st_size):
            if (other.volume_id, other.relpath) == (place.volume_id, place.relpath):
                continue
            same = self._is_copy_of(other, place, path, own)
            if same:
                return True
            known = known and same is not None
        return False if known else None

    def _sizes(self) -> SizeTable:
        """Return the sizes of what is indexed, read once."""
        if self._table is None:
            volumes = {root.volume_id for root in self._roots.roots}
            done = {one.volume_id for one in self._index.states(self._actor) if one.complete}
            self._complete = volumes <= done
            self._table = self._index.sizes(self._actor, sorted(volumes))
        return self._table

    def _is_copy_of(self, other: VolumePath, place: VolumePath, path: str, own: os.stat_result) -> bool | None:
        """Tell whether a file is a copy of this other one; None where the other one cannot be read."""
        root = self._roots.root(other.volume_id)
        if root is None or not root.online:
            return None
        try:
            there = self._roots.locate(other).absolute
            info = os.lstat(there)
        except FileNotFoundError:
            return False
        except (HomieError, OSError):
            return None
        if not stat.S_ISREG(info.st_mode) or info.st_size != own.st_size or os.path.samestat(info, own):
            return False
        mine = (own.st_mtime_ns, place.volume_id, place.relpath)
        if (info.st_mtime_ns, other.volume_id, other.relpath) > mine:
            return False
        return equal(path, there, own.st_size) if own.st_size <= MOST_BYTES else None


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
