"""Look before each step: is the source what was seen, is the destination free, what has to be made first?

Turns asked entries into the list that is journaled: with the folders that have to be made and the things that go to
the trash before them. A step that cannot be done is journaled too, with its reason; nothing is changed here.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from backend.file_organizer.execution.errors import Reason, Refused, reason_of
from backend.file_organizer.execution.journal import Entry
from backend.file_organizer.execution.journal_models import ActionState
from backend.file_organizer.execution.operations import OnConflict
from backend.file_organizer.execution.purging import content_of, look_at_purge
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.errors import HomieError
from backend.sdk.files import MARKER, PRIVATE_FOLDER, OpenRoot, check_new_name, collision_key, free_name, is_private
from backend.sdk.files.in_use import being_written
from backend.sdk.files.names import MAX_NAME_BYTES
from backend.sdk.ids import NewId

PLACING = frozenset(("move", "rename", "trash", "restore"))
PRODUCING = frozenset(("copy", "extract", "compress"))
SKIPPING = (Reason.TARGET_EXISTS, Reason.SAME_NAME_ON_OTHER_DRIVES, Reason.ALREADY_THERE, Reason.NOT_EMPTY)


class Preparation:
    """Prepare the entries of one run, chunk by chunk."""

    def __init__(
        self, volumes: OpenVolumes, run_id: str, make_id: NewId, settle_seconds: float, trash_folder: str
    ) -> None:
        self._volumes = volumes
        self._run_id = run_id
        self._make_id = make_id
        self._settle = settle_seconds
        self._trash = trash_folder
        self._made: set[tuple[str, str]] = set()
        self._checked: set[tuple[str, bool]] = set()

    def prepare(self, asked: Sequence[Entry]) -> list[Entry]:
        """Return what to journal for these entries, in the order in which it is to be carried out."""
        self._made.clear()
        self._checked.clear()
        entries: list[Entry] = []
        for entry in asked:
            before: list[Entry] = []
            if entry.state != ActionState.INTENT:  # refused already
                entries.append(entry)
                continue
            try:
                self._look(entry, before)
            except (Refused, HomieError, OSError) as error:
                self._refuse(entry, reason_of(error), before)
            entries += before
            entries.append(entry)
        hold_groups_together(entries)
        return entries

    def _refuse(self, entry: Entry, reason: Reason, before: list[Entry]) -> None:
        entry.state = ActionState.SKIPPED if reason in SKIPPING else ActionState.FAILED
        entry.error_code = reason
        for made in before:
            place = (made.target_volume or "", made.target_path or "")
            self._made.discard(place)
            self._volumes.note_removed(*place)
        before.clear()

    def settle(self, entries: Sequence[Entry]) -> None:
        """Take back what was counted on of steps that did not come about: their names are looked at anew."""
        for entry in entries:
            if entry.state not in (ActionState.SKIPPED, ActionState.FAILED, ActionState.ROLLED_BACK):
                continue
            places = ((entry.target_volume, entry.target_path), (entry.source_volume, entry.source_path))
            for volume, path in places:
                if volume is not None and path is not None:
                    self._volumes.forget_names(volume, path.rpartition("/")[0])
            if entry.op == "mkdir":
                self._volumes.forget_names(entry.target_volume or "", entry.target_path or "")

    def _look(self, entry: Entry, before: list[Entry]) -> None:
        if entry.op == "mkdir":
            self._look_mkdir(entry, before)
            return
        if entry.op == "rmdir":
            if self._volumes.stat(entry.source_volume, entry.source_path) is None:
                raise Refused(Reason.ALREADY_THERE)
            return
        if entry.op == "purge":
            look_at_purge(self._root(entry.source_volume), entry)
            return
        self._check_allowed(entry)
        info = None if entry.op == "compress" else self._look_source(entry)
        if entry.op == "trash":
            self._choose_trash_place(entry)
        self._look_target(entry, before)
        entry.crossing = info is not None and entry.op in PLACING and (entry.crossing or self._crosses(entry, info))
        if not entry.folder or entry.op in PRODUCING:
            entry.part_name = f".homie-{entry.id.replace('-', '')}.part"

    def _root(self, volume: str | None, *, writing: bool = True) -> OpenRoot:
        """Return the open root, checked once for each chunk: here is only looked, each change checks again."""
        root = self._volumes.root(volume)
        if (volume or "", writing) not in self._checked:
            root.check(writing=writing)
            self._checked.add((volume or "", writing))
        return root

    def _check_allowed(self, entry: Entry) -> None:
        """Refuse Homie's own folder, except where Homie itself restores from it."""
        if entry.restoring:
            return
        for path in (entry.source_path, entry.target_path):
            if path == "" or (path is not None and is_private(path)):
                raise Refused(Reason.PATH_NOT_ALLOWED)

    def _look_source(self, entry: Entry) -> os.stat_result:
        """Check that the source is what was seen, that it is ours to move, and that nobody writes to it."""
        root = self._root(entry.source_volume, writing=entry.op in PLACING)
        folder, name = self._volumes.at(entry.source_volume, entry.source_path)
        try:
            info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except FileNotFoundError:
            raise Refused(Reason.SOURCE_MISSING) from None
        kind = stat.S_IFMT(info.st_mode)
        if kind not in (stat.S_IFREG, stat.S_IFDIR, stat.S_IFLNK):
            raise Refused(Reason.NOT_A_REGULAR_FILE)
        is_folder = kind == stat.S_IFDIR
        seen_here = info.st_ino == entry.inode and (info.st_dev in (root.st_dev, entry.dev))
        same = seen_here and is_folder == entry.folder
        if not is_folder:
            same = same and info.st_size == entry.size and info.st_mtime_ns == entry.mtime_ns
        if not same and not self._may_copy_changed(entry, info):
            raise Refused(Reason.CHANGED_SINCE if entry.restoring else Reason.SOURCE_CHANGED)
        if kind == stat.S_IFREG and being_written(folder, name, info, settle_seconds=self._settle):
            raise Refused(Reason.FILE_IN_USE)
        entry.dev = info.st_dev
        if is_folder and entry.target_volume == entry.source_volume:
            target = f"{entry.target_path}/"
            if target.startswith(f"{entry.source_path}/") and entry.target_path != entry.source_path:
                raise Refused(Reason.INTO_ITSELF)
        if is_folder and self._volumes.stat(entry.source_volume, f"{entry.source_path}/{MARKER}") is not None:
            raise Refused(Reason.PATH_NOT_ALLOWED)  # it is a root itself, maybe somebody else's
        return info

    def _may_copy_changed(self, entry: Entry, info: os.stat_result) -> bool:
        """Undo with "keep both" of a changed file: a copy goes to where it was, the changed one stays."""
        if entry.op != "restore" or entry.policy is not OnConflict.KEEP_BOTH or not stat.S_ISREG(info.st_mode):
            return False
        entry.op, entry.folder = "copy", False
        entry.dev, entry.inode = info.st_dev, info.st_ino
        entry.size, entry.mtime_ns = info.st_size, info.st_mtime_ns
        return True

    def _choose_trash_place(self, entry: Entry) -> None:
        volume = entry.source_volume or ""
        place = f"{PRIVATE_FOLDER}/{self._trash}/{self._run_id}/{entry.source_path}"
        folder, _, name = place.rpartition("/")
        self._root(volume)
        self._volumes.make_private(volume, folder)
        name = free_name(name, _Taken(self._volumes.names(volume, folder)))
        entry.target_volume, entry.target_path = volume, f"{folder}/{name}"
        entry.policy = OnConflict.KEEP_BOTH
        if entry.folder:
            entry.detail = {**(entry.detail or {}), "content": content_of(self._root(volume), entry.source_path or "")}

    def _look_target(self, entry: Entry, before: list[Entry]) -> None:
        volume, path = entry.target_volume or "", entry.target_path or ""
        if (volume, path) == (entry.source_volume, entry.source_path):
            raise Refused(Reason.ALREADY_THERE)
        self._root(volume)
        folder, _, name = path.rpartition("/")
        self._check_name(entry, name)
        self._make_folders(entry, volume, folder, before)
        names = self._volumes.names(volume, folder)
        key = collision_key(name)
        if names[key] > 0 and not self._is_own_name(entry, volume, folder, key):
            name = self._resolve_conflict(entry, volume, folder, name, before)
            names = self._volumes.names(volume, folder)
            entry.target_path = f"{folder}/{name}" if folder else name
        names[collision_key(name)] += 1
        if entry.op in PLACING and entry.source_volume and entry.source_path:
            self._volumes.note_removed(entry.source_volume, entry.source_path)

    def _check_name(self, entry: Entry, name: str) -> None:
        """Refuse impossible names; a name that the file has already is taken as it is."""
        if entry.op == "trash" or entry.restoring:
            return
        if len(os.fsencode(name)) > MAX_NAME_BYTES:
            raise Refused(Reason.NAME_NOT_POSSIBLE)
        if name != (entry.source_path or "").rpartition("/")[2]:
            check_new_name(name)

    def _is_own_name(self, entry: Entry, volume: str, folder: str, key: str) -> bool:
        """Tell whether the twin at the destination is the source itself (only capitals or accents change)."""
        if entry.op not in PLACING or volume != entry.source_volume:
            return False
        own_folder, _, own_name = (entry.source_path or "").rpartition("/")
        if own_folder != folder or collision_key(own_name) != key or self._volumes.names(volume, folder)[key] != 1:
            return False
        there = self._volumes.stat(volume, entry.target_path)
        return there is None or there.st_ino == entry.inode

    def _resolve_conflict(self, entry: Entry, volume: str, folder: str, name: str, before: list[Entry]) -> str:
        key = collision_key(name)
        names = self._volumes.names(volume, folder, fresh=(volume, folder) not in self._made and not before)
        if names[key] <= 0:
            return name
        if entry.policy is OnConflict.KEEP_BOTH:
            return free_name(name, _Taken(names))
        exact = self._volumes.stat(volume, f"{folder}/{name}" if folder else name)
        if entry.policy is OnConflict.REPLACE_WITH_TRASH:
            self._trash_existing(entry, volume, folder, key, before)
            return name
        raise Refused(Reason.TARGET_EXISTS if exact else Reason.SAME_NAME_ON_OTHER_DRIVES)

    def _trash_existing(self, entry: Entry, volume: str, folder: str, key: str, before: list[Entry]) -> None:
        """Put what is at the destination into the trash first; both steps happen or none."""
        fd = self._volumes.root(volume).folder(folder)
        for twin in [name for name in os.listdir(fd) if collision_key(name) == key]:
            info = os.stat(twin, dir_fd=fd, follow_symlinks=False)
            if info.st_ino == entry.inode and info.st_dev == entry.dev:
                raise Refused(Reason.ALREADY_THERE)
            path = f"{folder}/{twin}" if folder else twin
            trash = Entry(self._make_id(), entry.step_id, "trash", source_volume=volume, source_path=path)
            trash.dev, trash.inode, trash.size, trash.mtime_ns = (
                info.st_dev,
                info.st_ino,
                info.st_size,
                info.st_mtime_ns,
            )
            trash.folder = stat.S_ISDIR(info.st_mode)
            entry.group_key = trash.group_key = entry.group_key or f"replace-{entry.id}"
            self._look(trash, before)
            before.append(trash)

    def _make_folders(self, entry: Entry, volume: str, folder: str, before: list[Entry]) -> None:
        """Journal the folders above the destination that do not exist yet."""
        missing: list[str] = []
        while folder and (volume, folder) not in self._made and not self._is_folder(volume, folder):
            missing.append(folder)
            folder = folder.rpartition("/")[0]
        for path in reversed(missing):
            parent, _, name = path.rpartition("/")
            if not entry.restoring:
                check_new_name(name)
            names = self._volumes.names(volume, parent)
            if names[collision_key(name)] > 0:
                names = self._volumes.names(volume, parent, fresh=(volume, parent) not in self._made)
            if names[collision_key(name)] > 0:
                raise Refused(Reason.SAME_NAME_ON_OTHER_DRIVES)
            made = Entry(self._make_id(), entry.step_id, "mkdir", target_volume=volume, target_path=path, folder=True)
            made.implied = True
            names[collision_key(name)] += 1
            self._made.add((volume, path))
            before.append(made)

    def _is_folder(self, volume: str, folder: str) -> bool:
        try:
            self._volumes.root(volume).folder(folder)
        except FileNotFoundError:
            return False
        return True

    def _look_mkdir(self, entry: Entry, before: list[Entry]) -> None:
        volume, path = entry.target_volume or "", entry.target_path or ""
        if not entry.restoring and is_private(path):
            raise Refused(Reason.PATH_NOT_ALLOWED)
        self._root(volume)
        if not path or (volume, path) in self._made or self._is_folder(volume, path):
            raise Refused(Reason.ALREADY_THERE)
        self._make_folders(entry, volume, path, before)
        last = before.pop()
        entry.id, entry.folder = last.id, True

    def _crosses(self, entry: Entry, info: os.stat_result) -> bool:
        """Tell whether source and destination lie on different filesystems."""
        root = self._volumes.root(entry.target_volume)
        folder = (entry.target_path or "").rpartition("/")[0]
        while folder and (entry.target_volume, folder) in self._made:
            folder = folder.rpartition("/")[0]
        return os.fstat(root.folder(folder)).st_dev != info.st_dev


class _Taken:
    """Look a collision key up in a counter of names."""

    def __init__(self, names: dict[str, int]) -> None:
        self._names = names

    def __contains__(self, key: object) -> bool:
        return self._names.get(str(key), 0) > 0


def hold_groups_together(entries: Sequence[Entry]) -> None:
    """Refuse every member of a group of which one cannot be done."""
    broken = {e.group_key for e in entries if e.group_key and e.state in (ActionState.FAILED, ActionState.SKIPPED)}
    if not broken:
        return
    for entry in entries:
        if entry.group_key in broken and entry.state == ActionState.INTENT:
            entry.state, entry.error_code = ActionState.SKIPPED, Reason.GROUP_INCOMPLETE
