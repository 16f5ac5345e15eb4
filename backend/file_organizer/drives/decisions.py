"""Carry out what the owner says about a drive that was found twice: which one is the drive, which is only a copy.

A copy gets a marker of its own, so that it is never taken for the drive again. What cannot be written is remembered by
its fingerprint instead.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import Any

from backend.file_organizer.drives.identity import CLONE
from backend.file_organizer.drives_manager import DrivesManager, own_drive
from backend.file_organizer.errors import DriveNotAsked, DriveOffline
from backend.file_organizer.memory.models import UserDrive
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import MovableRoots, OwnerRootsSource, VolumeAway, VolumeReadOnly, decode_path, renew_marker
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one drive, with its paths in raw form."""

    drive_id: str
    here: bool
    held: bool
    mount_point: str
    volumes: tuple[str, ...]
    copies: tuple[dict[str, Any], ...]

    @property
    def swapped(self) -> bool:
        """Tell whether what is at the drive's own place is on another filesystem than the drive was."""
        return self.here and self.held and not self.copies


class DriveDecisions:
    """Answer the question about a copy. `roots` are those of the accounts, which can follow a drive."""

    def __init__(self, db: Database, roots: OwnerRootsSource, drives: DrivesManager, new_id: NewId) -> None:
        self._db = db
        self._roots = roots
        self._drives = drives
        self._new_id = new_id

    def only_a_copy(self, actor: Actor, drive_id: str) -> list[UserDrive]:
        """Say that what was found besides the drive (or in its place) is only a copy. Returns all drives.

        Raises `DriveMissing`, `DriveNotAsked`, and `DriveOffline` where the copy in the drive's place cannot be marked.
        """
        asked = self._question(actor, drive_id)
        ignored: list[str] = []
        if asked.swapped:
            self._mark_own_place(actor, asked)
        for copy in asked.copies:
            if not run_blocking(self._mark, copy["path"], copy["volume_id"]):
                ignored.append(_fingerprint(copy))
        self._db.write(actor, _settle, drive_id, ignored)
        return self._drives.refresh(actor)

    def this_is_it(self, actor: Actor, drive_id: str, mount_point: str | None) -> list[UserDrive]:
        """Say that the drive is the one at `mount_point` (where it is now, if unset), and work with it from now on.

        What was at the drive's place until now gets a marker of its own. Raises as `only_a_copy` does.
        """
        asked = self._question(actor, drive_id)
        chosen = [copy for copy in asked.copies if copy["mount_point"] == mount_point]
        if not chosen and mount_point not in (None, asked.mount_point):
            raise DriveNotAsked()
        if chosen:
            if asked.here:
                self._mark_own_place(actor, asked)
            self._follow(actor, chosen)
        elif asked.here:
            for copy in asked.copies:
                run_blocking(self._mark, copy["path"], copy["volume_id"])
        else:
            raise DriveNotAsked()
        ignored = [_fingerprint(copy) for copy in asked.copies if copy not in chosen]
        self._db.write(actor, _settle, drive_id, ignored, accept=True)
        return self._drives.refresh(actor)

    def _question(self, actor: Actor, drive_id: str) -> Question:
        def work(session: OwnedSession) -> Question:
            row = own_drive(session, drive_id)
            if row.status != CLONE:
                raise DriveNotAsked()
            copies = tuple(
                {**one, "path": decode_path(one["path"]), "mount_point": decode_path(one["mount_point"])}
                for one in row.detail.get("copies", [])
            )
            here, held = bool(row.detail.get("here")), bool(row.detail.get("held"))
            volumes = tuple(row.detail.get("volumes", []))
            return Question(row.id, here, held, decode_path(row.mount_point), volumes, copies)

        return self._db.read(actor, work)

    def _mark(self, path: str, volume_id: str) -> bool:
        """Give a copy a marker of its own; False where it cannot be written."""
        try:
            renew_marker(path, volume_id, make_id=self._new_id)
        except VolumeReadOnly:
            return False
        except (VolumeAway, OSError):
            return True  # it was unplugged meanwhile, or has another marker already: nothing to tell apart
        return True

    def _mark_own_place(self, actor: Actor, asked: Question) -> None:
        roots = self._roots.for_actor(actor.only_in(actor.owner_id))
        for volume_id in asked.volumes:
            root = roots.root(volume_id)
            if root is not None and not run_blocking(self._mark, root.path, volume_id):
                raise DriveOffline("This drive can only be read, so it cannot be marked as a copy. Unplug it instead.")

    def _follow(self, actor: Actor, copies: list[dict[str, Any]]) -> None:
        if not isinstance(self._roots, MovableRoots):
            raise DriveNotAsked()
        home = Actor.of(actor.owner_id, actor.user_id)
        for copy in copies:
            if not self._roots.follow(home, copy["volume_id"], copy["path"]):
                raise DriveOffline("A folder cannot be opened there. Open it again under More, Household.")


def _settle(session: OwnedSession, drive_id: str, ignored: list[str], *, accept: bool = False) -> None:
    """Keep the answer: copies to ignore, and with `accept` that the filesystem which is there is the drive's now."""
    row = own_drive(session, drive_id)
    known = [*row.detail.get("ignored", []), *ignored]
    row.detail = {**row.detail, "ignored": sorted(set(known)), "copies": [], "held": False}
    if accept:
        row.filesystem_id = ""
        with contextlib.suppress(KeyError):
            row.detail = {key: value for key, value in row.detail.items() if key != "device"}


def _fingerprint(copy: dict[str, Any]) -> str:
    return f"{copy['filesystem_id'] or copy['mount_point']}|{copy['size']}|{copy['label']}"
