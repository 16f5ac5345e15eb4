"""What every change of the disk rests on: is the drive there, did it happen, and how is it put back if it must be?

Nothing is removed here but what Homie made itself and what still has its original; what cannot be put back now stays
an open row with its reason, and `recovery.py` puts it back when the drive can be worked on again.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Sequence

from backend.file_organizer.execution.archives import remove_tree
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import Reason, Refused
from backend.file_organizer.execution.journal import Entry, Journal
from backend.file_organizer.execution.journal_models import ActionState
from backend.file_organizer.execution.lease import LAST_MOMENT
from backend.file_organizer.execution.preparation import PLACING, PRODUCING
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.errors import HomieError
from backend.sdk.files import SourceMissing, fsync_dir, rename_noreplace

LIVE = (ActionState.INTENT, ActionState.COPIED, ActionState.PLACED)


def note_renamed(entry: Entry) -> None:
    """Note that a rename kept all that the thing was."""
    entry.new_dev, entry.new_inode = entry.dev, entry.inode
    entry.new_size, entry.new_mtime_ns = entry.size, entry.mtime_ns


class PuttingBack:
    """Know the drives of a run, what happened on them, and how to take it back."""

    def __init__(self, volumes: OpenVolumes, journal: Journal, boundaries: Boundaries) -> None:
        self._volumes = volumes
        self._journal = journal
        self._reach = boundaries.reach
        self._touched: set[tuple[str, str]] = set()
        self._not_made: dict[tuple[str | None, str | None], Reason] = {}

    def _happened(self, entry: Entry) -> bool:
        """Tell whether a call that failed was carried out all the same, and note what it made.

        A network drive may do a thing, lose the answer, be asked again, and say that there is nothing to do it with
        (NFS: RENAME and REMOVE are not idempotent, RFC 1813 section 4.9). What is on disk counts.
        """
        source = self._volumes.stat(entry.source_volume, entry.source_path) if entry.source_volume else None
        target = self._volumes.stat(entry.target_volume, entry.target_path) if entry.target_volume else None
        if entry.op == "rmdir":
            happened = source is None
        elif entry.op == "mkdir":
            happened = target is not None and stat.S_ISDIR(target.st_mode)
            if happened and target is not None:
                entry.new_dev, entry.new_inode = target.st_dev, target.st_ino
        elif entry.state == ActionState.COPIED:
            happened = target is not None and (target.st_dev, target.st_ino) == (entry.new_dev, entry.new_inode)
        else:
            renaming = entry.op in PLACING and not entry.crossing and source is None and target is not None
            happened = renaming and target is not None and target.st_ino == entry.inode
            if happened:
                note_renamed(entry)
        if not happened:
            return False
        for volume, path in ((entry.source_volume, entry.source_path), (entry.target_volume, entry.target_path)):
            if volume is not None:
                self.touch(volume, path)
        placed = entry.state == ActionState.COPIED and entry.op in PLACING
        entry.state = ActionState.PLACED if placed else ActionState.DONE
        return True

    def quietly(self, action: Callable[[Entry], None], entry: Entry) -> bool:
        """Put something in order after a failure; returns False if that fails too, and raises `VolumeAway`."""
        try:
            action(entry)
        except (Refused, HomieError, OSError):
            self._check_volumes(entry)
            return False
        return True

    def _check_volumes(self, entry: Entry, *, writing: bool = False) -> None:
        """Raise `VolumeAway` if a drive of this step is gone: then nothing is concluded about its files."""
        if writing:
            self._journal.renew(LAST_MOMENT)
        target = self._volumes.root(entry.target_volume) if entry.target_volume else None
        if target is not None:
            target.check(writing=writing)
        if entry.source_volume is not None and entry.source_volume != entry.target_volume:
            self._volumes.root(entry.source_volume).check(
                writing=writing and (entry.op in PLACING or entry.op == "purge")
            )

    # ------------------------------------------------------------------ taking back

    def put_group_back(self, members: Iterable[Entry]) -> None:
        """Take back what the other members of a broken group did, last first."""
        for entry in reversed(list(members)):
            if entry.state not in (*LIVE, ActionState.DONE):
                continue
            if not self.quietly(self._put_back, entry):
                if entry.state != ActionState.DONE:  # stays open: recovery puts it back
                    entry.error_code = entry.error_code or Reason.GROUP_INCOMPLETE
                continue  # it stays where it is, and the journal says so: it can be undone
            entry.state, entry.error_code = ActionState.ROLLED_BACK, Reason.GROUP_INCOMPLETE

    def _put_back(self, entry: Entry) -> None:
        if entry.crossing or entry.op in PRODUCING:
            self.clean_part(entry)
            self._take_copy_back(entry)
        elif entry.state == ActionState.DONE and entry.op in PLACING:
            source_folder, source_name = self._volumes.at(entry.source_volume, entry.source_path)
            folder, name = self._target(entry)
            try:
                self._reach("put_back.before")
                rename_noreplace(name, source_name, src_dir=folder, dst_dir=source_folder)
                self._reach("put_back.after")
            except OSError:
                if self._volumes.stat(entry.target_volume, entry.target_path) is not None:
                    raise
            self.touch(entry.source_volume, entry.source_path)
            self.touch(entry.target_volume, entry.target_path)

    def _remove_useless_folders(self, live: Sequence[Entry]) -> None:
        """Remove the folders that were made for steps which then failed; rmdir(2) keeps whatever holds something."""
        for entry in reversed(live):
            if entry.op != "mkdir" or not entry.implied or entry.state != ActionState.DONE:
                continue
            folder, name = self._target(entry)
            try:
                os.rmdir(name, dir_fd=folder)
            except OSError:
                continue
            self.touch(entry.target_volume, entry.target_path)
            self._volumes.note_removed(entry.target_volume or "", entry.target_path or "")
            self._volumes.root(entry.target_volume).forget()
            entry.state, entry.error_code = ActionState.ROLLED_BACK, Reason.GROUP_INCOMPLETE

    def _take_copy_back(self, entry: Entry) -> None:
        """Remove our copy from the destination: if it is ours by its inode and unchanged, and the original is there.

        Raises `Refused` where the copy is all there is, or where somebody worked with it already.
        """
        folder, name = self._target(entry)
        info = self._volumes.stat(entry.target_volume, entry.target_path)
        if info is None or (entry.new_inode, entry.new_dev) != (info.st_ino, info.st_dev):
            return
        if entry.op in PLACING:
            original = self._volumes.stat(entry.source_volume, entry.source_path)
            if original is None or original.st_ino != entry.inode:
                raise Refused(Reason.SOURCE_MISSING)
        is_folder = stat.S_ISDIR(info.st_mode)
        if not is_folder and (info.st_size, info.st_mtime_ns) != (entry.new_size, entry.new_mtime_ns):
            raise Refused(Reason.CHANGED_SINCE)
        self._reach("take_back.before")
        if is_folder:
            rename_noreplace(name, entry.part_name or "", src_dir=folder, dst_dir=folder)
            remove_tree(folder, entry.part_name or "")
        else:
            os.unlink(name, dir_fd=folder)
        self._reach("take_back.after")
        self.touch(entry.target_volume, entry.target_path)

    def clean_part(self, entry: Entry) -> None:
        """Remove the temporary copy, if there is one. Raises `OSError` if it cannot be removed."""
        if entry.part_name is None or entry.target_path is None:
            return
        try:
            folder, _ = self._target(entry)
        except (Refused, HomieError):
            self._check_volumes(entry)
            return  # its folder is not there
        self._reach("clean.before")
        remove_tree(folder, entry.part_name)

    # ------------------------------------------------------------------ folders

    def _target(self, entry: Entry) -> tuple[int, str]:
        """Return the destination; if its folder could not be made, refuse for the same reason."""
        try:
            return self._volumes.at(entry.target_volume, entry.target_path)
        except SourceMissing:
            folder = (entry.target_path or "").rpartition("/")[0]
            while folder and (entry.target_volume, folder) not in self._not_made:
                folder = folder.rpartition("/")[0]
            raise Refused(self._not_made.get((entry.target_volume, folder), Reason.DRIVE_ERROR)) from None

    def touch(self, volume: str | None, path: str | None) -> None:
        """Note that the folder of a place has to be made durable."""
        self._touched.add((volume or "", (path or "").rpartition("/")[0]))

    def sync(self) -> None:
        """Make the changed folders durable. (One journal commit of ext4 covers them all: the first call pays.)"""
        if not self._touched:
            return
        self._reach("sync.before")
        for volume, folder in sorted(self._touched):
            try:
                fsync_dir(self._volumes.root(volume).folder(folder))
            except FileNotFoundError:
                continue  # removed since; its parent is synced as well
        self._touched.clear()
        self._reach("sync.after")
