"""Know the drives that hold an owner's folders: what they are, whether they are here, and when that changes.

A drive is known again by the markers of the folders on it (random ids written when a folder was granted), by its
filesystem id, size and label; never by its mount point. Absent means offline: nothing is ever concluded about files.
What the states mean and how copies are told apart: `drives/identity.py`.
"""

from __future__ import annotations

import hashlib
import select
import threading
from typing import Any

from sqlalchemy import select as sql_select

from backend.file_organizer.drives.discovery import discover
from backend.file_organizer.drives.identity import (
    OFFLINE,
    ONLINE,
    Verdict,
    is_certain,
    judge_away,
    judge_here,
    remembered_of,
    same_drive,
    volumes_of,
)
from backend.file_organizer.drives.seen import DriveSeen, Sight
from backend.file_organizer.errors import DriveMissing
from backend.file_organizer.events import DriveAdded, DriveRemoved, DriveStatus, MountsChanged
from backend.file_organizer.memory.models import UserDrive
from backend.file_organizer.mounts import mount_table
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.concurrency import Task, is_patched, run_blocking, spawn
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import MovableRoots, OwnerRootsSource, encode_path

POLL_SECONDS = 2.0
SPACE_EVERY = 30
"""After so many looks free space is read again, whatever else changed."""
NOTABLE_CHANGE = 0.01
"""The share of a drive by which its free space must change to be told."""


class DrivesManager:
    """Discover drives for each owner, keep them in `user_drives`, and watch the mount table."""

    def __init__(self, db: Database, roots: OwnerRootsSource, clock: Clock, log: Any = None, bus: Any = None) -> None:
        self._db = db
        self._roots = roots
        self._clock = clock
        self._log = log
        self._bus = bus
        self._stop = threading.Event()
        self._task: Task | None = None

    def refresh(self, actor: Actor) -> list[UserDrive]:
        """Look at the drives of the actor's folders now; stores what changed and tells it. Returns all known drives.

        A drive that came back at another place is followed, where the roots can be moved.
        """
        rows, follow = self._look(actor)
        if follow and isinstance(self._roots, MovableRoots):
            home = Actor.of(actor.owner_id, actor.user_id)
            moved = [self._roots.follow(home, volume_id, path) for volume_id, path in follow.items()]
            if any(moved):
                rows, _ = self._look(actor)
        return rows

    def _look(self, actor: Actor) -> tuple[list[UserDrive], dict[str, str]]:
        roots = self._roots.for_actor(actor).roots
        remembered = self._db.read(actor, lambda session: remembered_of(_own_drives(session)))
        sight = run_blocking(discover, roots, remembered)
        granted = frozenset(root.volume_id for root in roots)
        return self._db.write(actor, self._store, sight, granted)

    def known(self, actor: Actor) -> list[UserDrive]:
        """Return the drives as they were seen last, without looking."""
        return self._db.read(actor, _all_drives)

    def known_or_found(self, actor: Actor) -> list[UserDrive]:
        """Return the known drives; looks first if a folder of the actor is on none of them yet."""
        rows = self.known(actor)
        volumes = {volume for row in rows for volume in row.detail.get("volumes", [])}
        if all(root.volume_id in volumes for root in self._roots.for_actor(actor).roots):
            return rows
        return self.refresh(actor)

    def set_purpose(self, actor: Actor, drive_id: str, purpose: str) -> UserDrive:
        """Say what a drive is for ("films", "archive"); raises `DriveMissing`."""
        return self._db.write(actor, _set_purpose, drive_id, purpose)

    def refresh_known_owners(self) -> None:
        """Look again for every owner that has a drive; for the watcher."""
        owners = self._db.unscoped("drive watcher: which owners have drives", _owners)
        for owner_id in owners:
            self.refresh(Actor.of(owner_id))

    def start_watching(self) -> None:
        """Begin to notice drives that appear and disappear."""
        if self._task is None:
            self._stop.clear()
            self._task = spawn(self._watch, name="homie-drives")

    def stop_watching(self) -> None:
        """End the watching; returns when it has ended."""
        self._stop.set()
        if self._task is not None:
            self._task.join(timeout=POLL_SECONDS + 1)
            self._task = None

    def look(self, before: object) -> object:
        """Look at the drives if something came or went since `before`, what this returned last (None: look anyway)."""
        now = self._what_is_here()
        if now != before and not self._stop.is_set():
            self.refresh_known_owners()
            if before is not None and self._bus is not None and now[0] != before[0]:  # type: ignore[index]
                for owner_id in self._db.unscoped("drive watcher: whom to tell of a plug", _owners):
                    self._bus.publish(MountsChanged(owner_id=owner_id))
        return now

    def _what_is_here(self) -> tuple[str, tuple[tuple[str, bool], ...]]:
        """Return the mount table and which granted folders have their marker: a folder can vanish without a mount."""
        owners = self._db.unscoped("drive watcher: which owners have drives", _owners)
        roots = [root for owner in owners for root in self._roots.for_actor(Actor.of(owner)).roots]
        return run_blocking(lambda: (mount_table(), tuple((root.path, root.online) for root in roots)))

    def _watch(self) -> None:
        """Wait for something to change. Under gevent it is compared at intervals: poll() would block the hub."""
        seen: object = None
        looks = 0
        while not self._stop.is_set():
            if is_patched():
                self._stop.wait(POLL_SECONDS)
            else:
                _wait_for_mounts(POLL_SECONDS / 4)
            looks += 1
            try:
                # Now and then anyway, for free space changes by itself.
                seen = self.look(None if looks % SPACE_EVERY == 0 else seen)
            except Exception:
                # The watcher outlives whatever one look runs into (a locked database, a drive that vanished again).
                if self._log is not None:
                    self._log.exception("drives could not be looked at")

    # ------------------------------------------------------------------ what was seen, and what changed

    def _store(
        self, session: OwnedSession, sight: Sight, granted: frozenset[str]
    ) -> tuple[list[UserDrive], dict[str, str]]:
        """Bring `user_drives` up to date and emit what changed; returns the drives, and folders to follow."""
        rows = _own_drives(session)
        left = list(rows)
        follow: dict[str, str] = {}
        matched: list[tuple[DriveSeen, UserDrive | None]] = []
        for drive in sorted(sight.drives, key=lambda one: not is_certain(one, rows)):
            row = same_drive(drive, left, granted)
            if row is not None:
                left.remove(row)
            matched.append((drive, row))
        for drive, row in matched:
            self._seen(session, row, drive, sight)
        for row in left:
            verdict = judge_away(row, granted, sight)
            follow |= verdict.follow
            self._away(session, row, verdict)
        session.flush()
        return _all_drives(session), follow

    def _seen(self, session: OwnedSession, row: UserDrive | None, drive: DriveSeen, sight: Sight) -> None:
        """Write what was seen into the drive's row, a new one if needed."""
        now, owner = self._clock.now(), session.actor.owner_id
        if row is None:
            key = _free_key(session, drive)
            row = UserDrive(drive_key=key, first_seen_at=now, last_seen_at=now, status=OFFLINE, detail={"here": False})
            session.add(row)
            session.flush()
            known, verdict = False, Verdict(ONLINE)
        else:
            known, verdict = True, judge_here(row, drive, sight)
        was_here, before = _is_here(row), _standing(row)
        fuller = abs(row.free - drive.free) > NOTABLE_CHANGE * max(drive.size, 1)
        if not verdict.held:
            if row.drive_key != drive.key:
                row.drive_key = _free_key(session, drive, row)
            row.filesystem, row.filesystem_id = drive.filesystem, drive.filesystem_id
            row.label, row.kind, row.size = drive.label, drive.kind, drive.size
        row.free, row.read_only = drive.free, drive.read_only
        row.mount_point, row.status, row.last_seen_at = encode_path(drive.mount_point), verdict.status, now
        elsewhere = {volume for other in sight.drives if other is not drive for volume in other.volumes}
        folders = {volume_id: encode_path(below) for volume_id, below in drive.folders.items()}
        row.detail = {
            "volumes": sorted((volumes_of(row) - elsewhere) | set(drive.volumes)),
            "folders": {v: b for v, b in dict(row.detail.get("folders", {})).items() if v not in elsewhere} | folders,
            "here": True,
            "device": drive.device,
            "service": drive.service,
            "copies": [_stored(copy.stored()) for copy in verdict.copies],
            "ignored": list(row.detail.get("ignored", [])),
            "held": verdict.held,
        }
        session.flush()
        if not was_here:
            place = {"label": row.label, "mount_point": row.mount_point}
            session.emit(DriveAdded(owner_id=owner, drive_id=row.id, returned=known, **place))
        if was_here and (fuller or before != _standing(row)):
            _tell_status(session, row, before)

    def _away(self, session: OwnedSession, row: UserDrive, verdict: Verdict) -> None:
        was_here, before = _is_here(row), _standing(row)
        row.status = verdict.status
        copies = [_stored(copy.stored()) for copy in verdict.copies]
        row.detail = {**row.detail, "here": False, "held": False, "copies": copies}
        if was_here:
            session.emit(DriveRemoved(owner_id=session.actor.owner_id, drive_id=row.id, label=row.label))
        if before != _standing(row) and (not was_here or copies):
            _tell_status(session, row, before)


def is_usable(row: UserDrive) -> bool:
    """Tell whether a drive is here and may be worked on."""
    return _is_here(row) and not row.detail.get("held", False)


def _is_here(row: UserDrive) -> bool:
    return bool(row.detail.get("here", row.status == ONLINE))


def _standing(row: UserDrive) -> tuple[Any, ...]:
    """Return what about a drive is worth telling when it changes while the drive stays."""
    copies = tuple(str(one.get("mount_point")) for one in row.detail.get("copies", []))
    return row.status, bool(row.detail.get("held", False)), copies, row.read_only


def _tell_status(session: OwnedSession, row: UserDrive, before: tuple[Any, ...]) -> None:
    asks = row.status == "clone" and before[:3] != _standing(row)[:3]
    status = DriveStatus(owner_id=row.owner_id, drive_id=row.id, label=row.label, status=row.status, asks=asks)
    session.emit(status)


def _stored(copy: dict[str, Any]) -> dict[str, Any]:
    """Return a copy's description with its paths in text form."""
    return {**copy, "path": encode_path(copy["path"]), "mount_point": encode_path(copy["mount_point"])}


def _free_key(session: OwnedSession, drive: DriveSeen, row: UserDrive | None = None) -> str:
    """Return the drive's key; if another drive has it (a clone with markers of its own), one with its folders."""
    query = sql_select(UserDrive).where(UserDrive.drive_key == drive.key)
    taken = [one for one in session.scalars(query) if one.owner_id == session.actor.owner_id and one is not row]
    if not taken:
        return drive.key
    return hashlib.blake2b(f"{drive.key}|{drive.volumes}".encode(), digest_size=16).hexdigest()


def _own_drives(session: OwnedSession) -> list[UserDrive]:
    owner = session.actor.owner_id
    return [row for row in session.scalars(sql_select(UserDrive)) if row.owner_id == owner]


def _all_drives(session: OwnedSession) -> list[UserDrive]:
    return list(session.scalars(sql_select(UserDrive).order_by(UserDrive.first_seen_at, UserDrive.id)))


def own_drive(session: OwnedSession, drive_id: str) -> UserDrive:
    """Return a drive of the space that the actor writes to; raises `DriveMissing`."""
    row = session.scalars(sql_select(UserDrive).where(UserDrive.id == drive_id)).first()
    if row is None or row.owner_id != session.actor.owner_id:
        raise DriveMissing()
    return row


def _set_purpose(session: OwnedSession, drive_id: str, purpose: str) -> UserDrive:
    row = own_drive(session, drive_id)
    row.purpose = purpose
    session.emit(DriveStatus(owner_id=row.owner_id, drive_id=row.id, label=row.label, status=row.status))
    return row


def _owners(session: Any) -> list[str]:
    return list(session.scalars(sql_select(UserDrive.owner_id).distinct()))


def _wait_for_mounts(seconds: float) -> None:
    """Wait until the kernel says that mounts changed (POLLPRI on mountinfo, proc(5)), at most `seconds`."""
    try:
        with open("/proc/self/mountinfo", "rb") as table:
            table.read()
            poll = select.poll()
            poll.register(table, select.POLLPRI | select.POLLERR)
            poll.poll(int(seconds * 1000))
    except OSError:
        threading.Event().wait(seconds)
