"""After a crash: look at the disk, and bring each open row of the journal to an end.

    row      on disk                                        becomes
    intent   original there, destination not                rolled_back (a temporary copy is removed)
    intent   destination is the original (same inode)       done
    intent   both names of one inode (link, no unlink)      done, after the old name is removed
    intent   under the temporary name (respelling)          done, after the rename is finished
    copied   destination is our copy (inode of the copy)    as placed
    copied   otherwise                                      rolled_back, temporary copy removed
    placed   original unchanged                             done, after the original is removed
    placed   original changed or gone                       done; a changed original is kept
    placed   the copy is gone, original there               rolled_back
    any      with a reason: it was being given up           put back
    purge    (trash) still under its name                   rolled_back
    purge    (trash) gone, or under its temporary name      done, after what is left of it is removed
    any      a group of which not all arrived               rolled_back, all of it
    any      a drive is away                                stays open until it is back

Everything is decided by what is there, so being killed here is harmless too: the next recovery sees the rest.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import sqlalchemy as sa

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import Reason, Refused
from backend.file_organizer.execution.journal import Entry, Journal, RunHandle, load_entries
from backend.file_organizer.execution.journal_models import OPEN_STATES, ActionState, FileAction, Run, RunState
from backend.file_organizer.execution.preparation import PLACING, PRODUCING
from backend.file_organizer.execution.protocol import Execution
from backend.file_organizer.execution.purging import finish_purge
from backend.file_organizer.execution.run_marks import RunMarks
from backend.file_organizer.execution.runs import RunRegister
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import HomieError
from backend.sdk.files import OwnerRootsSource, blake3_fd, open_beneath, rename_noreplace

_FINAL = (RunState.DONE, RunState.CANCELLED)
"""States of a run that a step which waited for its drive, or could not be put back then, does not change."""


@dataclass(frozen=True, slots=True)
class RecoveryReport:
    """What a recovery found: runs that were interrupted, steps finished, put back, and still waiting for a drive."""

    runs: int = 0
    finished: int = 0
    put_back: int = 0
    waiting: int = 0
    live_runs: int = 0


class Recovery:
    """Resolve what interrupted runs left open; never touches a run that a living process holds."""

    def __init__(
        self,
        db: Database,
        roots: OwnerRootsSource,
        register: RunRegister,
        clock: Clock,
        boundaries: Boundaries,
        marks: RunMarks,
    ) -> None:
        self._marks = marks
        self._db = db
        self._roots = roots
        self._register = register
        self._clock = clock
        self._boundaries = boundaries

    def recover(self, actor: Actor) -> RecoveryReport:
        """Resolve the open rows of every dead run in the space that the actor writes to."""
        runs = finished = put_back = waiting = live = 0
        for run_id in self._db.read(actor, _unfinished_runs):
            handle = self._register.take(actor, run_id)
            if handle is None:
                live += 1
                continue
            try:
                state = handle.state if handle.state in _FINAL else RunState.INTERRUPTED
                entries = self.resolve(actor, handle, state)
            finally:
                self._register.release(handle)
            runs += 1
            finished += sum(entry.state == ActionState.DONE for entry in entries)
            put_back += sum(entry.state == ActionState.ROLLED_BACK for entry in entries)
            waiting += sum(entry.state in OPEN_STATES for entry in entries)
        return RecoveryReport(runs, finished, put_back, waiting, live)

    def resolve(self, actor: Actor, handle: RunHandle, state: str = RunState.INTERRUPTED) -> list[Entry]:
        """Resolve the open rows of one run that this process holds, and leave the run in `state`."""
        entries = self._db.read(actor, load_entries, handle.id, OPEN_STATES)
        journal = Journal(self._db, actor, self._clock, handle, self._boundaries, self._marks)
        volumes = OpenVolumes(self._roots.for_actor(actor))
        try:
            execution = Execution(volumes, journal, self._boundaries, lambda count: None, True)
            resolver = _Resolver(volumes, execution, self._boundaries)
            resolver.resolve(entries)
        finally:
            volumes.close()
        resolved = [entry for entry in entries if entry.state not in OPEN_STATES]
        journal.record(changed=resolved, state=str(state), finished_at=self._clock.now(), lease_token="")  # nosec B106: none
        if len(resolved) == len(entries):
            journal.end()
        return entries


def _unfinished_runs(session: OwnedSession) -> list[str]:
    open_rows = sa.exists().where(
        FileAction.owner_id == Run.owner_id,
        FileAction.run_id == Run.id,
        FileAction.state.in_([str(state) for state in OPEN_STATES]),
    )
    query = sa.select(Run.id).where(
        Run.owner_id == session.actor.owner_id, sa.or_(Run.state == str(RunState.RUNNING), open_rows)
    )
    return list(session.scalars(query.order_by(Run.created_at, Run.id)))


class _Resolver:
    """Decide each row by what is on disk."""

    def __init__(self, volumes: OpenVolumes, execution: Execution, boundaries: Boundaries) -> None:
        self._volumes = volumes
        self._execution = execution
        self._reach = boundaries.reach

    def resolve(self, entries: list[Entry]) -> None:
        """Bring each entry to a final state, unless its drive is away."""

        here = [e for e in entries if self._is_here(e)]
        given_up = {entry.id for entry in here if entry.error_code is not None}
        for entry in here:
            self._reach("recovery.step")
            entry.crossing = entry.state in (ActionState.COPIED, ActionState.PLACED)
            self._attempt(self._resolve_one, entry)
        groups: dict[str, list[Entry]] = {}
        for entry in here:
            if entry.group_key is not None:
                groups.setdefault(entry.group_key, []).append(entry)
        for entry in here:
            if entry.id in given_up and entry.group_key is None:
                groups[entry.id] = [entry]
        for members in groups.values():
            self._hold_together(members, given_up)
        for entry in here:
            if entry.state == ActionState.PLACED:
                self._attempt(self._finish_placed, entry)
        self._execution.sync()

    def _attempt(self, action: Callable[[Entry], None], entry: Entry) -> None:
        """Do it; a drive error leaves this one row open for the next recovery and does not hold up the others."""
        try:
            action(entry)
        except (Refused, HomieError, OSError):
            return

    def _hold_together(self, members: Iterable[Entry], given_up: set[str]) -> None:
        """Put a group back of which not all arrived, or which was being given up.

        PLACED is committed for a whole group: then all of it did.
        """
        members = list(members)
        if any(entry.state == ActionState.ROLLED_BACK or entry.id in given_up for entry in members):
            self._execution.put_group_back(members)

    def _is_here(self, entry: Entry) -> bool:
        return self._volumes.is_here(entry.source_volume) and self._volumes.is_here(entry.target_volume)

    def _resolve_one(self, entry: Entry) -> None:
        if entry.op == "mkdir":
            self._resolve_mkdir(entry)
        elif entry.op == "purge":
            self._reach("recovery.purge")
            self._set(entry, done=finish_purge(self._volumes.root(entry.source_volume), entry))
        elif entry.op == "rmdir":
            gone = self._volumes.stat(entry.source_volume, entry.source_path) is None
            self._set(entry, done=gone)
        elif entry.state == ActionState.COPIED:
            self._resolve_copied(entry)
        elif entry.state == ActionState.INTENT:
            self._resolve_intent(entry)

    def _set(self, entry: Entry, *, done: bool) -> None:
        entry.state = ActionState.DONE if done else ActionState.ROLLED_BACK
        entry.error_code = None if done else Reason.INTERRUPTED
        for volume, path in ((entry.source_volume, entry.source_path), (entry.target_volume, entry.target_path)):
            if volume is not None:
                self._execution.touch(volume, path)

    def _resolve_mkdir(self, entry: Entry) -> None:
        made = self._volumes.stat(entry.target_volume, entry.target_path)
        if made is not None:
            entry.new_dev, entry.new_inode = made.st_dev, made.st_ino
        self._set(entry, done=made is not None)

    def _resolve_copied(self, entry: Entry) -> None:
        """Tell by the inode of the copy whether it has its final name already."""
        there = self._volumes.stat(entry.target_volume, entry.target_path)
        if there is not None and there.st_ino == entry.new_inode:
            if entry.op in PLACING:
                entry.state = ActionState.PLACED
            else:
                self._set(entry, done=True)
            return
        self._execution.clean_part(entry)
        self._set(entry, done=False)

    def _resolve_intent(self, entry: Entry) -> None:
        source = self._volumes.stat(entry.source_volume, entry.source_path) if entry.source_volume else None
        if entry.op in PRODUCING:
            self._execution.clean_part(entry)
            self._set(entry, done=False)
            return
        target = self._volumes.stat(entry.target_volume, entry.target_path)
        at_source, at_target = self._is_it(entry, source), self._is_it(entry, target)
        if source is None and target is not None:  # moved, and maybe worked with since
            at_target = target.st_ino == entry.inode
        if at_source and at_target and source is not None and source.st_nlink > 1 and self._are_two_names(entry):
            folder, name = self._volumes.at(entry.source_volume, entry.source_path)
            self._reach("recovery.unlink")
            os.unlink(name, dir_fd=folder)
            at_source = False
        if not at_source and not at_target:
            at_source, at_target = self._from_part(entry)
        self._execution.clean_part(entry)
        if at_target and not at_source:
            entry.new_dev, entry.new_inode = entry.dev, entry.inode
            entry.new_size, entry.new_mtime_ns = entry.size, entry.mtime_ns
            self._set(entry, done=True)
        elif at_source:
            self._set(entry, done=False)
        else:
            entry.state, entry.error_code = ActionState.FAILED, Reason.SOURCE_MISSING

    def _are_two_names(self, entry: Entry) -> bool:
        """Tell whether both names are in their folders: a drive that ignores capitals answers to either for one."""
        for volume, path in ((entry.source_volume, entry.source_path), (entry.target_volume, entry.target_path)):
            folder, name = self._volumes.at(volume, path)
            if name not in os.listdir(folder):
                return False
        return True

    def _is_it(self, entry: Entry, info: os.stat_result | None) -> bool:
        """Tell whether this is the thing that was to be moved: same inode, and for files the same size and time."""
        if info is None or info.st_ino != entry.inode:
            return False
        return entry.folder or (info.st_size, info.st_mtime_ns) == (entry.size, entry.mtime_ns)

    def _from_part(self, entry: Entry) -> tuple[bool, bool]:
        """Finish a respelling that was interrupted under its temporary name; returns (at source, at target)."""
        name = entry.part_name or f".homie-{entry.id.replace('-', '')}.part"
        try:
            folder, target_name = self._volumes.at(entry.target_volume, entry.target_path)
            part = os.stat(name, dir_fd=folder, follow_symlinks=False)
        except (HomieError, FileNotFoundError):
            return False, False
        if not self._is_it(entry, part):
            return False, False
        self._reach("recovery.respell")
        rename_noreplace(name, target_name, src_dir=folder, dst_dir=folder)
        return False, True

    def _finish_placed(self, entry: Entry) -> None:
        """Remove the original of a placed copy, after reading the copy once more; a changed original is kept."""
        source = self._volumes.stat(entry.source_volume, entry.source_path)
        copy = self._volumes.stat(entry.target_volume, entry.target_path)
        if copy is None and source is not None and source.st_ino == entry.inode:
            self._set(entry, done=False)  # taken back already, when the crash came
            return
        if copy is not None and source is not None and self._is_it(entry, source) and self._copy_is_good(entry, copy):
            folder, name = self._volumes.at(entry.source_volume, entry.source_path)
            self._reach("recovery.unlink")
            os.unlink(name, dir_fd=folder)
        elif source is not None:
            entry.detail = {**(entry.detail or {}), "source_kept": True}
        self._set(entry, done=True)

    def _copy_is_good(self, entry: Entry, copy: os.stat_result) -> bool:
        """Tell whether the copy at the destination is what the original was when it was copied."""
        if stat.S_ISLNK(copy.st_mode):
            ends = ((entry.source_volume, entry.source_path), (entry.target_volume, entry.target_path))
            folders = [self._volumes.at(volume, path) for volume, path in ends]
            return len({os.readlink(name, dir_fd=folder) for folder, name in folders}) == 1
        if not entry.content_hash:
            return False
        fd = open_beneath(self._volumes.root(entry.target_volume).fd, entry.target_path or "")
        try:
            return blake3_fd(fd) == entry.content_hash
        finally:
            os.close(fd)
