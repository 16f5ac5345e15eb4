"""Look at what carrying out a plan would do now: conflicts, new folders, space. Changes nothing; bounded in time.

What is seen here may change before the run; the run itself looks again at every step (`execution/preparation.py`).
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from backend.file_organizer.execution.reserve import room_of
from backend.file_organizer.planning.plans import AcceptedItem
from backend.sdk.files import AllowedRoot, OwnerRoots, VolumePath, decode_path

SECONDS = 2.0
EXAMPLES = 50

BY_POLICY: dict[str, dict[str, str]] = {
    "taken": {
        "keep-both": "There is something of this name already. Both are kept.",
        "skip": "There is something of this name already. This file stays where it is.",
        "replace": "There is something of this name already. It goes to Homie's trash.",
    },
    "same_target": {
        "keep-both": "Another file of this plan goes to the same place. Both are kept.",
        "skip": "Another file of this plan goes to the same place. This file stays where it is.",
        "replace": "Another file of this plan goes to the same place. The earlier one goes to Homie's trash.",
    },
}
TEXTS: dict[str, str] = {
    "changed": "The file was changed since the scan. Scan the folder again, or let it be skipped.",
    "gone": "The file is not there any more. Scan the folder again, or let it be skipped.",
    "drive_away": "A drive is not connected. Connect it first.",
    "not_writable": "Nothing may be written there. Choose another folder.",
}


@dataclass(frozen=True, slots=True)
class Conflict:
    """One accepted item that will not simply move."""

    item_id: str
    source: VolumePath
    target: VolumePath
    kind: str
    text: str


@dataclass(slots=True)
class SpaceNeed:
    """What one drive must hold; `free` is None while it is away."""

    root: AllowedRoot
    online: bool
    free: int | None
    room: DriveRoom
    needed: int = 0

    @property
    def enough(self) -> bool:
        """Tell whether there is room, with what goes to other folders of the same drive; a drive away has none."""
        return self.online and (self.room.left is None or self.room.needed <= self.room.left)


@dataclass(slots=True)
class DriveRoom:
    """What all folders on one drive have together: `left` above the drive's reserve, None while it is not known."""

    left: int | None
    needed: int = 0


@dataclass(slots=True)
class Preview:
    """What was found out. `conflicts` counts all of them, `examples` shows the first."""

    items: int = 0
    files: int = 0
    folders_moved: int = 0
    bytes: int = 0
    conflicts: int = 0
    examples: list[Conflict] = field(default_factory=list)
    new_folders: dict[VolumePath, None] = field(default_factory=dict)
    spaces: dict[str, SpaceNeed] = field(default_factory=dict)
    complete: bool = True

    @property
    def ready(self) -> bool:
        """Tell whether everything can move as it is."""
        return self.items > 0 and self.complete and not self.conflicts and all(s.enough for s in self.spaces.values())


class PlanPreviewer:
    """Look at each accepted item. `conflict`: what the plan says about taken names ("keep-both", "skip", "replace")."""

    def __init__(
        self, roots: OwnerRoots, conflict: str, *, seconds: float = SECONDS, timer: Callable[[], float] = time.monotonic
    ) -> None:
        self._roots = roots
        self._conflict = conflict if conflict in BY_POLICY["taken"] else "keep-both"
        self._until = timer() + seconds
        self._timer = timer
        self._taken: set[tuple[str, str]] = set()
        self._known: dict[tuple[str, str], bool] = {}
        self._online: dict[str, AllowedRoot | None] = {}
        self._rooms: dict[int | str, DriveRoom] = {}

    def look(self, items: Sequence[AcceptedItem]) -> Preview:
        """Return what would happen; call it where blocking hurts nobody."""
        found = Preview()
        for number, item in enumerate(items):
            found.items += 1
            found.bytes += item.size
            if item.is_folder:
                found.folders_moved += 1
            else:
                found.files += 1
            self._count_space(item, found)
            if found.complete:
                self._check(item, found)
                if number % 64 == 63 and self._timer() > self._until:
                    found.complete = False
        return found

    def _check(self, item: AcceptedItem, found: Preview) -> None:
        kind = self._kind(item)
        if kind is not None:
            found.conflicts += 1
            if len(found.examples) < EXAMPLES:
                found.examples.append(
                    Conflict(
                        item.id,
                        VolumePath.from_text(item.source_volume, item.source_path),
                        VolumePath.from_text(item.target_volume, item.target_path),
                        kind,
                        TEXTS.get(kind) or BY_POLICY[kind][self._conflict],
                    )
                )
        self._taken.add((item.target_volume, item.target_path))
        if kind in (None, "taken", "same_target"):
            self._note_new_folders(item, found)

    def _kind(self, item: AcceptedItem) -> str | None:
        source, target = self._root(item.source_volume), self._root(item.target_volume)
        if source is None or target is None:
            return "drive_away"
        if not source.writable or not target.writable:
            return "not_writable"
        status = _lstat(source, item.source_path)
        if status is None:
            return "gone"
        same = status.st_ino == item.inode
        if not item.is_folder:
            same = same and (status.st_size, status.st_mtime_ns) == (item.size, item.mtime_ns)
        if not same:
            return "changed"
        if (item.target_volume, item.target_path) in self._taken:
            return "same_target"
        there = _lstat(target, item.target_path)
        if there is not None and (there.st_dev, there.st_ino) != (status.st_dev, status.st_ino):
            return "taken"
        return None

    def _note_new_folders(self, item: AcceptedItem, found: Preview) -> None:
        target = self._root(item.target_volume)
        folder = item.target_path.rpartition("/")[0]
        while target is not None and folder and not self._exists(target, folder):
            found.new_folders.setdefault(VolumePath.from_text(target.volume_id, folder))
            folder = folder.rpartition("/")[0]

    def _exists(self, root: AllowedRoot, folder: str) -> bool:
        key = (root.volume_id, folder)
        if key not in self._known:
            self._known[key] = _lstat(root, folder) is not None
        return self._known[key]

    def _root(self, volume_id: str) -> AllowedRoot | None:
        """Return a root that is here now."""
        if volume_id not in self._online:
            root = self._roots.root(volume_id)
            self._online[volume_id] = root if root is not None and root.online else None
        return self._online[volume_id]

    def _count_space(self, item: AcceptedItem, found: Preview) -> None:
        known = found.spaces.get(item.target_volume)
        if known is None:
            root = self._roots.root(item.target_volume)
            if root is None:
                return
            online = self._root(item.target_volume) is not None
            space = _space(root) if online else None
            device = self._device(item.target_volume)
            room = self._rooms.setdefault(device, DriveRoom(room_of(space) if space is not None else None))
            free = space.f_bavail * space.f_frsize if space is not None else None
            known = found.spaces[item.target_volume] = SpaceNeed(root, online, free, room)
        if self._device(item.source_volume) != self._device(item.target_volume):
            known.needed += item.size
            known.room.needed += item.size

    def _device(self, volume_id: str) -> int | str:
        root = self._root(volume_id)
        status = _lstat(root, "") if root is not None else None
        return status.st_dev if status is not None else volume_id


def _lstat(root: AllowedRoot, text: str) -> os.stat_result | None:
    try:
        return os.lstat(os.path.join(root.path, decode_path(text)) if text else root.path)
    except OSError:
        return None


def _space(root: AllowedRoot) -> os.statvfs_result | None:
    try:
        return os.statvfs(root.path)
    except OSError:
        return None
