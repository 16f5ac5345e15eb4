"""Know the drives that hold an owner's folders: what they are, whether they are here, and when that changes.

A drive is known again by the markers of the folders on it (random ids written when a folder was granted), by its
filesystem id, size and label; never by its mount point. Absent means offline: nothing is ever concluded about files.
"""

from __future__ import annotations

import hashlib
import os
import select
import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select as sql_select

from backend.file_organizer.errors import DriveMissing
from backend.file_organizer.events import DriveAdded, DriveChanged, DriveRemoved
from backend.file_organizer.memory.models import UserDrive
from backend.file_organizer.mounts import (
    Mount,
    filesystem_id,
    filesystem_label,
    mount_of,
    mount_table,
    read_mounts,
)
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.concurrency import Task, is_patched, run_blocking, spawn
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import AllowedRoot, OwnerRootsSource, encode_path, read_marker

POLL_SECONDS = 2.0
SPACE_EVERY = 30
"""After so many looks free space is read again, whatever else changed."""
NOTABLE_CHANGE = 0.01
"""The share of a drive by which its free space must change to be told."""


@dataclass(slots=True)
class DriveSeen:
    """What was just seen of one drive. `volumes`: ids of the owner's folders on it."""

    key: str
    label: str
    kind: str
    filesystem: str
    filesystem_id: str
    size: int
    free: int
    mount_point: str
    read_only: bool
    volumes: list[str] = field(default_factory=list)


class DrivesManager:
    """Discover drives for each owner, keep them in `user_drives`, and watch the mount table."""

    def __init__(self, db: Database, roots: OwnerRootsSource, clock: Clock, log: Any = None) -> None:
        self._db = db
        self._roots = roots
        self._clock = clock
        self._log = log
        self._stop = threading.Event()
        self._task: Task | None = None

    def refresh(self, actor: Actor) -> list[UserDrive]:
        """Look at the drives of the actor's folders now; stores what changed and tells it. Returns all known drives."""
        roots = self._roots.for_actor(actor).roots
        return self._db.write(actor, self._store, run_blocking(discover, roots))

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
        return now

    def _what_is_here(self) -> object:
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

    def _store(self, session: OwnedSession, seen: list[DriveSeen]) -> list[UserDrive]:
        """Bring `user_drives` up to date and emit what changed."""
        now = self._clock.now()
        owner = session.actor.owner_id
        rows = [row for row in session.scalars(sql_select(UserDrive)) if row.owner_id == owner]
        left = list(rows)
        for drive in seen:
            row = _same_drive(drive, left)
            if row is not None:
                left.remove(row)
            self._update(session, row, drive)
        for row in left:
            if row.status == "online":
                row.status = "replaced" if _other_drive_there(row, seen) else "offline"
                session.emit(DriveRemoved(owner_id=owner, drive_id=row.id, label=row.label))
        for row in rows:
            if row not in left:
                row.last_seen_at = now
        session.flush()
        return _all_drives(session)

    def _update(self, session: OwnedSession, row: UserDrive | None, drive: DriveSeen) -> None:
        """Write what was seen into the drive's row, a new one if needed."""
        now, owner = self._clock.now(), session.actor.owner_id
        returned = row is not None and row.status != "online"
        appeared = row is None or returned
        fuller = row is not None and abs(row.free - drive.free) > NOTABLE_CHANGE * max(drive.size, 1)
        if row is None:
            row = UserDrive(drive_key=drive.key, first_seen_at=now, last_seen_at=now, detail={})
            session.add(row)
        row.drive_key, row.label, row.kind = drive.key, drive.label, drive.kind
        row.filesystem, row.filesystem_id = drive.filesystem, drive.filesystem_id
        row.size, row.free, row.read_only = drive.size, drive.free, drive.read_only
        row.mount_point, row.status = encode_path(drive.mount_point), "online"
        row.detail = {"volumes": sorted({*row.detail.get("volumes", []), *drive.volumes})}
        session.flush()
        if appeared:
            place = {"label": row.label, "mount_point": row.mount_point}
            session.emit(DriveAdded(owner_id=owner, drive_id=row.id, returned=returned, **place))
        elif fuller:
            session.emit(DriveChanged(owner_id=owner, drive_id=row.id, label=row.label))


def discover(roots: Iterable[AllowedRoot]) -> list[DriveSeen]:
    """Return the drives that are here with the owner's folders on them; a folder without its marker is away."""
    mounts = read_mounts()
    found: dict[str, DriveSeen] = {}
    for root in roots:
        marker = read_marker(root.path)
        if marker is None or marker.volume_id != root.volume_id:
            continue
        mount = mount_of(os.path.realpath(root.path), mounts)
        drive = _describe(root, mount)
        known = found.setdefault(drive.key, drive)
        known.volumes.append(root.volume_id)
    return list(found.values())


def _describe(root: AllowedRoot, mount: Mount | None) -> DriveSeen:
    """Describe the drive that a folder lies on."""
    space = os.statvfs(root.path)
    size, free = space.f_blocks * space.f_frsize, space.f_bavail * space.f_frsize
    if mount is None:
        return DriveSeen(f"folder:{root.volume_id}", root.label, "local", "", "", size, free, root.path, False)
    uuid, label = filesystem_id(mount), filesystem_label(mount)
    # A 32-bit FAT serial or a cloned UUID is weak alone, so size and label stand beside it.
    known_by = f"{uuid}|{size}|{label}" if uuid else f"{mount.source}|{mount.filesystem}|{size}"
    key = hashlib.blake2b(known_by.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
    name = label or os.path.basename(mount.mount_point.rstrip("/")) or "System drive"
    return DriveSeen(
        key, encode_path(name)[:200], mount.kind, mount.filesystem, uuid, size, free, mount.mount_point, mount.read_only
    )


def _same_drive(drive: DriveSeen, rows: list[UserDrive]) -> UserDrive | None:
    """Return the stored drive that this one is: by a shared folder marker first, then by its key."""
    volumes = set(drive.volumes)
    for row in rows:
        if volumes & set(row.detail.get("volumes", [])):
            return row
    return next((row for row in rows if row.drive_key == drive.key), None)


def _other_drive_there(row: UserDrive, seen: list[DriveSeen]) -> bool:
    """Tell whether another drive is mounted where this one was."""
    return any(encode_path(drive.mount_point) == row.mount_point and drive.mount_point != "/" for drive in seen)


def _all_drives(session: OwnedSession) -> list[UserDrive]:
    return list(session.scalars(sql_select(UserDrive).order_by(UserDrive.first_seen_at, UserDrive.id)))


def _set_purpose(session: OwnedSession, drive_id: str, purpose: str) -> UserDrive:
    row = session.scalars(sql_select(UserDrive).where(UserDrive.id == drive_id)).first()
    if row is None or row.owner_id != session.actor.owner_id:
        raise DriveMissing()
    row.purpose = purpose
    session.emit(DriveChanged(owner_id=row.owner_id, drive_id=row.id, label=row.label))
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
