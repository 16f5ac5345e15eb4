"""Move a folder file by file, where it cannot be renamed as a whole: to another drive, or into an existing folder.

A folder of up to a thousand entries going to another drive is one group: all of it arrives, or nothing leaves. An
existing destination is merged into, with the plan's conflict policy for each file; what stays behind keeps its folder.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

from backend.file_organizer.execution.attributes import read_attributes
from backend.file_organizer.execution.errors import Reason, Refused
from backend.file_organizer.execution.journal import Entry
from backend.file_organizer.execution.operations import OnConflict
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.files import encode_path, free_name
from backend.sdk.files.names import collision_key
from backend.sdk.ids import NewId

GROUP_LIMIT = 1000


class Expansion:
    """Turn the move of a folder into steps for what is in it now."""

    def __init__(self, volumes: OpenVolumes, make_id: NewId) -> None:
        self._volumes = volumes
        self._make_id = make_id

    def is_needed(self, entry: Entry) -> bool:
        """Tell whether the folder of this entry must be moved file by file."""
        if not entry.folder or entry.op not in ("move", "rename"):
            return False
        source = self._volumes.stat(entry.source_volume, entry.source_path)
        if source is None or not stat.S_ISDIR(source.st_mode) or source.st_ino != entry.inode:
            return False
        there = self._volumes.stat(entry.target_volume, entry.target_path)
        if there is not None and stat.S_ISDIR(there.st_mode) and entry.policy is not OnConflict.REPLACE_WITH_TRASH:
            return there.st_ino != source.st_ino or there.st_dev != source.st_dev
        return self._target_device(entry) != source.st_dev

    def _target_device(self, entry: Entry) -> int:
        root = self._volumes.root(entry.target_volume)
        folder = (entry.target_path or "").rpartition("/")[0]
        while folder and root.stat(folder) is None:
            folder = folder.rpartition("/")[0]
        return os.fstat(root.folder(folder)).st_dev

    def expand(self, entry: Entry) -> tuple[list[Entry], list[Entry]]:
        """Return the steps that make folders and move files, and those that then remove the emptied folders.

        Raises `Refused` if it holds a FIFO, socket or device, or its name is taken by a file.
        """
        if f"{entry.target_path}/".startswith(f"{entry.source_path}/") and entry.target_volume == entry.source_volume:
            raise Refused(Reason.INTO_ITSELF)
        target = self._free_target(entry)
        merging = self._volumes.stat(entry.target_volume, target) is not None
        moves = list(self._walk(entry, entry.source_path or "", target))
        removals = [self._removal(entry, e) for e in reversed(moves) if e.op == "mkdir"]
        if not merging and len(moves) <= GROUP_LIMIT and entry.group_key is None:
            entry.group_key = f"folder-{entry.id}"
        for move in moves:
            move.group_key = entry.group_key if move.op != "mkdir" else None
        moves = [m for m in moves if m.op != "mkdir" or self._volumes.stat(m.target_volume, m.target_path) is None]
        return moves, removals

    def _free_target(self, entry: Entry) -> str:
        path = entry.target_path or ""
        there = self._volumes.stat(entry.target_volume, path)
        if there is None or stat.S_ISDIR(there.st_mode):
            return path
        if entry.policy is not OnConflict.KEEP_BOTH:
            raise Refused(Reason.TARGET_EXISTS)
        folder, _, name = path.rpartition("/")
        names = self._volumes.names(entry.target_volume or "", folder, fresh=True)
        name = free_name(name, {key for key, count in names.items() if count > 0} | {collision_key(name)})
        return f"{folder}/{name}" if folder else name

    def _walk(self, entry: Entry, source: str, target: str) -> Iterator[Entry]:
        root = self._volumes.root(entry.source_volume)
        parent, name = root.split(source)
        made = Entry(self._make_id(), entry.step_id, "mkdir", folder=True, restoring=True, implied=True)
        made.target_volume, made.target_path = entry.target_volume, target
        existing = self._volumes.stat(entry.target_volume, target) is not None
        info = os.stat(name, dir_fd=parent, follow_symlinks=False)
        made.dev, made.inode = info.st_dev, info.st_ino
        made.detail = {
            "attributes": read_attributes(parent, name),
            "mirror": None if existing else [entry.source_volume, encode_path(source)],
        }
        made.source_path = source  # where it came from; cleared below, a mkdir has no source in the journal
        yield made
        with os.scandir(root.folder(source)) as found:
            children = sorted(found, key=lambda child: child.name)
            kinds = [(c.name, c.stat(follow_symlinks=False)) for c in children]
        for child, child_info in kinds:
            below, beside = f"{source}/{child}", f"{target}/{child}"
            if stat.S_ISDIR(child_info.st_mode):
                yield from self._walk(entry, below, beside)
            elif stat.S_ISREG(child_info.st_mode) or stat.S_ISLNK(child_info.st_mode):
                yield self._move(entry, below, beside, child_info)
            else:
                raise Refused(Reason.NOT_A_REGULAR_FILE)

    def _move(self, entry: Entry, source: str, target: str, info: os.stat_result) -> Entry:
        move = Entry(self._make_id(), entry.step_id, "move", policy=entry.policy, restoring=entry.restoring)
        move.source_volume, move.source_path = entry.source_volume, source
        move.target_volume, move.target_path = entry.target_volume, target
        move.dev, move.inode, move.size, move.mtime_ns = (
            info.st_dev,
            info.st_ino,
            info.st_size,
            info.st_mtime_ns,
        )
        return move

    def _removal(self, entry: Entry, made: Entry) -> Entry:
        """Return the step that removes the emptied source folder for the folder that was made in its place."""
        gone = Entry(self._make_id(), made.step_id, "rmdir", folder=True)
        detail = made.detail or {}
        mirror = [made.target_volume, encode_path(made.target_path or "")]
        gone.detail = {"attributes": detail["attributes"], "mirror": mirror if detail["mirror"] else None}
        gone.source_volume, gone.source_path, made.source_path = entry.source_volume, made.source_path, None
        gone.dev, gone.inode = made.dev, made.inode
        made.dev = made.inode = None
        return gone
