"""Carry out one chunk of journaled steps: the protocol that a crash at any point cannot break.

    same volume    intents committed -> rename without overwriting, each -> fsync of the folders -> done
    other volume   intents committed -> copy to `.homie-<id>.part`, hash, fsync, read back, each -> COPIED committed
                   -> rename without overwriting -> fsync of the folders -> PLACED committed
                   -> originals removed, if unchanged -> fsync -> done

The last fsync covers several chunks, and `done` is committed together with a later chunk's intents. `recovery.py` knows
what each state means after a crash.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Sequence

from backend.file_organizer.execution.archives import extract_to
from backend.file_organizer.execution.attributes import apply_attributes
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import Reason, Refused, reason_of
from backend.file_organizer.execution.journal import Entry, Journal
from backend.file_organizer.execution.journal_models import ActionState
from backend.file_organizer.execution.keepers import kept
from backend.file_organizer.execution.packing import compress_to
from backend.file_organizer.execution.preparation import PLACING, PRODUCING, SKIPPING
from backend.file_organizer.execution.purging import purge
from backend.file_organizer.execution.putting_back import LIVE, PuttingBack, note_renamed
from backend.file_organizer.execution.reserve import room_of
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.errors import HomieError
from backend.sdk.files import collision_key, copy_verified, decode_path, rename_noreplace
from backend.sdk.files.in_use import being_written


class Execution(PuttingBack):
    """Change the disk for the entries of one run, and tell the journal in between."""

    def __init__(
        self,
        volumes: OpenVolumes,
        journal: Journal,
        boundaries: Boundaries,
        on_bytes: Callable[[int], None],
        verify: bool,
    ) -> None:
        super().__init__(volumes, journal, boundaries)
        self._on_bytes = on_bytes
        self._verify = verify
        self.unexpanded: list[Entry] = []
        """Folders of which the kernel said EXDEV (bind mount, subvolume): to be moved file by file."""

    def carry_out(self, entries: Sequence[Entry]) -> None:
        """Do what the journal says is intended; afterwards each entry is DONE, FAILED, SKIPPED or ROLLED_BACK.

        An entry that could be neither done nor put back stays live, with its reason: recovery puts it back later.
        Call `sync` before the journal is told so: until then a power cut may take the changes back.
        Raises `VolumeAway`, `LeaseLost`, database errors and what a progress callback raises: the entries are then
        open rows, which recovery resolves.
        """
        live = [entry for entry in entries if entry.state == ActionState.INTENT]
        for entry in live:
            if entry.op == "mkdir":  # first, for copies are made beside their destination
                self._try(entry, self._place, live)
        self._copy_and_place(live, [e for e in live if e.crossing or e.op in PRODUCING])
        late = [entry for entry in live if entry.crossing and entry.state == ActionState.INTENT]
        if late:  # the kernel said EXDEV although the device numbers agree (bind mount, subvolume)
            self._copy_and_place(live, late)
        self._remove_sources([e for e in live if e.state == ActionState.PLACED and e.error_code is None])
        if any(entry.state not in (*LIVE, ActionState.DONE) for entry in live):
            self._remove_useless_folders(live)
        for entry in live:
            if entry.state in LIVE and entry.error_code is None:
                entry.state = ActionState.DONE

    def _copy_and_place(self, live: Sequence[Entry], copied: Sequence[Entry]) -> None:
        for entry in copied:
            self._try(entry, self._copy, live)
        copied = [entry for entry in copied if entry.state == ActionState.COPIED]
        if copied:
            self._journal.record(changed=copied)
        for entry in live:
            if entry.state in (ActionState.INTENT, ActionState.COPIED) and entry.error_code is None:
                self._try(entry, self._place, live)

    def _remove_sources(self, placed: Sequence[Entry]) -> None:
        """Remove the originals when all of the chunk is in place: before this, a broken group can be put back."""
        if placed:
            self.sync()
            self._journal.record(changed=placed)
            for entry in placed:
                self._remove_source(entry)

    # ------------------------------------------------------------------ one step

    def _try(self, entry: Entry, action: Callable[[Entry], None], live: Sequence[Entry]) -> bool:
        """Do one part of one step; if it fails, note why and put its group back."""
        if entry.state not in LIVE or entry.error_code is not None:
            return False
        try:
            action(entry)
        except (Refused, HomieError, OSError) as error:
            self._check_volumes(entry)
            reason = reason_of(error)
            if isinstance(error, OSError) and self._happened(entry):
                return True
            entry.error_code = reason
            if self.quietly(self.clean_part, entry):
                entry.state = ActionState.SKIPPED if reason in SKIPPING else ActionState.FAILED
            if entry.op == "mkdir":
                self._not_made[entry.target_volume, entry.target_path] = reason
            if entry.group_key is not None:
                self.put_group_back([e for e in live if e.group_key == entry.group_key and e is not entry])
            return False
        return True

    def _copy(self, entry: Entry) -> None:
        """Make the verified content under the temporary name beside the destination."""
        self._check_volumes(entry, writing=True)
        folder, _ = self._target(entry)
        part = entry.part_name or ""
        self._reach("copy.before")
        if entry.op == "extract":
            self._extract(entry, folder, part)
        elif entry.op == "compress":
            self._compress(entry, folder, part)
        else:
            self._copy_one(entry, folder, part)
        self._reach("copy.after")
        made = os.stat(part, dir_fd=folder, follow_symlinks=False)
        entry.new_dev, entry.new_inode = made.st_dev, made.st_ino
        entry.new_size, entry.new_mtime_ns = made.st_size, made.st_mtime_ns
        entry.state = ActionState.COPIED

    def _copy_one(self, entry: Entry, folder: int, part: str) -> None:
        source_folder, name = self._volumes.at(entry.source_volume, entry.source_path)
        space = os.fstatvfs(folder)
        # Putting back is not held to the reserve: what was there before fits where it was.
        room = space.f_bavail * space.f_frsize if entry.restoring else room_of(space)
        if (entry.size or 0) > room:
            raise Refused(Reason.DRIVE_FULL)

        def progress(count: int) -> None:
            self._reach("copy.chunk")
            self._on_bytes(count)

        result = copy_verified(source_folder, name, folder, part, verify=self._verify, progress=progress)
        entry.content_hash = result.content_hash or None

    def _extract(self, entry: Entry, folder: int, part: str) -> None:
        source_folder, name = self._volumes.at(entry.source_volume, entry.source_path)
        unpacked = extract_to(
            source_folder,
            name,
            folder,
            part,
            self._on_bytes,
            passes=int((entry.detail or {}).get("passes", 1)),
            on_pass=lambda: self._reach("extract.pass"),
        )
        entry.detail = unpacked.stored()
        entry.folder = True

    def _compress(self, entry: Entry, folder: int, part: str) -> None:
        root = self._volumes.root(entry.target_volume)
        entry.content_hash = compress_to(root, entry.sources, folder, part, self._on_bytes)

    def _place(self, entry: Entry) -> None:
        """Give the thing its final name (or make, or remove, a folder)."""
        if entry.crossing and entry.state == ActionState.INTENT:
            return
        self._check_volumes(entry, writing=True)
        if entry.op == "mkdir":
            self._mkdir(entry)
        elif entry.op == "rmdir":
            self._rmdir(entry)
        elif entry.op == "purge":
            purge(self._volumes.root(entry.source_volume), entry, self._reach)
            self.touch(entry.source_volume, entry.source_path)
        elif entry.state == ActionState.COPIED:
            self._publish(entry)
        else:
            self._rename(entry)

    def _publish(self, entry: Entry) -> None:
        folder, name = self._target(entry)
        self._reach("publish.before")
        rename_noreplace(entry.part_name or "", name, src_dir=folder, dst_dir=folder)
        self._reach("publish.after")
        self.touch(entry.target_volume, entry.target_path)
        entry.state = ActionState.PLACED if entry.op in PLACING else ActionState.DONE

    def _rename(self, entry: Entry) -> None:
        source_folder, source_name = self._volumes.at(entry.source_volume, entry.source_path)
        folder, name = self._target(entry)
        self._reach("rename.before")
        try:
            with kept(self._volumes, entry):
                rename_noreplace(source_name, name, src_dir=source_folder, dst_dir=folder)
        except OSError as error:
            if error.errno == errno.EXDEV and entry.folder:
                self.unexpanded.append(entry)
                raise Refused(Reason.INTERRUPTED) from None
            if error.errno == errno.EXDEV:
                entry.crossing = True
                return
            if error.errno != errno.EEXIST or not self._is_same_file(entry, folder, name):
                raise
            self._rename_spelling(entry, source_folder, source_name, name)
        self._reach("rename.after")
        self.touch(entry.source_volume, entry.source_path)
        self.touch(entry.target_volume, entry.target_path)
        note_renamed(entry)
        entry.state = ActionState.DONE

    def _is_same_file(self, entry: Entry, folder: int, name: str) -> bool:
        """Tell whether a drive that ignores case reports the source itself at the destination."""
        there = os.stat(name, dir_fd=folder, follow_symlinks=False)
        twin = collision_key(name) == collision_key((entry.source_path or "").rpartition("/")[2])
        return twin and there.st_ino == entry.inode and (there.st_nlink == 1 or stat.S_ISDIR(there.st_mode))

    def _rename_spelling(self, entry: Entry, folder: int, source_name: str, name: str) -> None:
        """Change only capitals or accents on a drive that ignores them: by way of the temporary name."""
        part = entry.part_name or f".homie-{entry.id.replace('-', '')}.part"
        rename_noreplace(source_name, part, src_dir=folder, dst_dir=folder)
        self._reach("spelling.between")
        rename_noreplace(part, name, src_dir=folder, dst_dir=folder)

    def _mkdir(self, entry: Entry) -> None:
        folder, name = self._target(entry)
        self._reach("mkdir.before")
        try:
            os.mkdir(name, 0o777, dir_fd=folder)
        except FileExistsError:
            raise Refused(Reason.ALREADY_THERE) from None
        self._reach("mkdir.after")
        made = os.stat(name, dir_fd=folder, follow_symlinks=False)
        entry.new_dev, entry.new_inode = made.st_dev, made.st_ino
        if entry.detail and "attributes" in entry.detail:
            apply_attributes(folder, name, entry.detail["attributes"])
        self.touch(entry.target_volume, entry.target_path)
        entry.state = ActionState.DONE

    def _rmdir(self, entry: Entry) -> None:
        """Remove a folder if it is empty and still the one that is meant, keeping what undo needs to make it again."""
        folder, name = self._volumes.at(entry.source_volume, entry.source_path)
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if not stat.S_ISDIR(info.st_mode) or (entry.inode is not None and info.st_ino != entry.inode):
            raise Refused(Reason.CHANGED_SINCE)
        self._dress_mirror(entry)
        self._reach("rmdir.before")
        os.rmdir(name, dir_fd=folder)
        self._reach("rmdir.after")
        self.touch(entry.source_volume, entry.source_path)
        self._volumes.note_removed(entry.source_volume or "", entry.source_path or "")
        entry.state = ActionState.DONE

    def _dress_mirror(self, entry: Entry) -> None:
        """Give the folder that took this one's place its mode and times, now that nothing more comes into it."""
        detail = entry.detail or {}
        mirror = detail.get("mirror")
        if mirror is None or self._volumes.stat(mirror[0], decode_path(mirror[1])) is None:
            return
        folder, name = self._volumes.at(mirror[0], decode_path(mirror[1]))
        apply_attributes(folder, name, detail["attributes"])

    def _remove_source(self, entry: Entry) -> None:
        """Remove the original after its copy is in place and durable; a changed original is kept."""
        self._check_volumes(entry, writing=True)
        try:
            folder, name = self._volumes.at(entry.source_volume, entry.source_path)
            info = os.stat(name, dir_fd=folder, follow_symlinks=False)
            if (info.st_ino, info.st_size, info.st_mtime_ns) != (entry.inode, entry.size, entry.mtime_ns):
                raise Refused(Reason.SOURCE_CHANGED)
            if stat.S_ISREG(info.st_mode) and being_written(folder, name, info, settle_seconds=0):
                raise Refused(Reason.FILE_IN_USE)
            self._reach("unlink.before")
            with kept(self._volumes, entry):
                os.unlink(name, dir_fd=folder)
            self._reach("unlink.after")
        except (Refused, HomieError, OSError) as error:
            self._check_volumes(entry)
            if self._volumes.stat(entry.source_volume, entry.source_path) is not None:
                entry.error_code = reason_of(error)
                if self.quietly(self._take_copy_back, entry):
                    entry.state = ActionState.FAILED
                return
            # It is gone, by our call whose answer was lost or by somebody else: then the copy is all there is.
        self.touch(entry.source_volume, entry.source_path)
        entry.state = ActionState.DONE
