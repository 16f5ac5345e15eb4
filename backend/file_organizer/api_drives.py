"""API of drives: those that hold your folders, what is only a copy, and for administrators what else is plugged in."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import select

from backend.file_organizer.drives.identity import question_of
from backend.file_organizer.drives.plugged import plugged_drives
from backend.file_organizer.drives_manager import is_usable
from backend.file_organizer.execution.reserve import reserve_of
from backend.file_organizer.memory.models import UserDrive
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import IdPath
from backend.file_organizer.schemas_drives import (
    DriveAnswerIn,
    DriveCopyOut,
    DriveOut,
    DrivePatch,
    DrivesOut,
    PluggedDriveOut,
    PluggedDrivesOut,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.db import UnscopedSession
from backend.sdk.files import decode_path, encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext

_STORED = ("id", "owner_id", "label", "kind", "filesystem", "status", "size", "free", "mount_point", "purpose")


def drives_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the group of drives."""
    group = Group("drives", url_prefix="/drives", tag="Drives")
    drives = organizer.drives

    @group.get("", returns=DrivesOut)
    def list_drives() -> DrivesOut:
        """List the drives that hold your folders, also those that are away."""
        return _drives_out(drives.known_or_found(current_actor()))

    @group.post("/refresh", returns=DrivesOut, status=200)
    def refresh_drives() -> DrivesOut:
        """Look at the drives now."""
        return _drives_out(drives.refresh(current_actor()))

    @group.get("/plugged", returns=PluggedDrivesOut, auth="admin", errors=[403])
    def list_plugged_drives() -> PluggedDrivesOut:
        """List the drives of this machine on which no folder is open to anybody; for administrators.

        Names and sizes only: nothing of what is on them.
        """
        taken = ctx.db.unscoped("plugged drives: which are known to anybody", known_points)
        found = run_blocking(plugged_drives, taken, str(ctx.data_dir))
        items = [PluggedDriveOut(**asdict(one) | {"mount_point": encode_path(one.mount_point)}) for one in found]
        return PluggedDrivesOut(items=items)

    @group.patch("/<id>", returns=DriveOut, errors=[404])
    def change_drive(path: IdPath, body: DrivePatch) -> DriveOut:
        """Say what a drive is for."""
        return drive_out(drives.set_purpose(current_actor(), path.id, body.purpose))

    @group.post("/<id>/answer", returns=DrivesOut, status=200, errors=[404, 409, 503])
    def answer_about_drive(path: IdPath, body: DriveAnswerIn) -> DrivesOut:
        """Say which one is the drive, when it was found twice or on another filesystem."""
        actor, decisions = current_actor(), organizer.drive_decisions
        if body.decision == "copy":
            return _drives_out(decisions.only_a_copy(actor, path.id))
        point = decode_path(body.mount_point) if body.mount_point is not None else None
        return _drives_out(decisions.this_is_it(actor, path.id, point))

    return group


def known_points(session: UnscopedSession) -> list[str]:
    """Return where the drives are mounted that hold a folder of anybody."""
    rows = session.scalars(select(UserDrive.mount_point).where(UserDrive.status.in_(("online", "clone"))).distinct())
    return [decode_path(point) for point in rows]


def _drives_out(rows: list[UserDrive]) -> DrivesOut:
    return DrivesOut(items=[drive_out(row) for row in rows])


def drive_out(row: UserDrive) -> DriveOut:
    """Return a drive as the API and the command line show it."""
    detail = row.detail
    copies = {str(one["mount_point"]): one for one in question_of(row)}
    return DriveOut(
        **{name: getattr(row, name) for name in _STORED},
        service=str(detail.get("service", "")),
        reserve=reserve_of(row.size),
        read_only=row.read_only,
        online=is_usable(row),
        held=bool(detail.get("held", False)),
        copies=[DriveCopyOut(**{name: one[name] for name in DriveCopyOut.model_fields}) for one in copies.values()],
        volumes=[str(volume) for volume in detail.get("volumes", [])],
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
    )
