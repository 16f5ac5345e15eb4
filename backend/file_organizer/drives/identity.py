"""Which stored drive a seen one is, and whether what was seen is the drive itself, a copy of it, or another one.

the folders' markers decide first (random ids, made when a folder was granted), then filesystem id + size + label
marker at its place, same filesystem            online
marker at another place only, same filesystem   the drive came back elsewhere: it is followed
marker on a filesystem with another id          a copy (files copied over): a question, never followed by itself
marker at two places with one filesystem id     a clone (bit by bit): a question; held unless one never left
no marker, another filesystem where it was      replaced
nothing                                         offline
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.file_organizer.drives.seen import CopySeen, DriveSeen, Remembered, Sight
from backend.file_organizer.memory.models import UserDrive
from backend.sdk.files import decode_path

ONLINE, OFFLINE, REPLACED, CLONE = "online", "offline", "replaced", "clone"


@dataclass(slots=True)
class Verdict:
    """What one drive is now. `held`: nothing is changed on it until the owner has said which one it is.

    `follow`: folders that came back at another place (volume id -> path).
    """

    status: str
    copies: list[CopySeen] = field(default_factory=list)
    held: bool = False
    follow: dict[str, str] = field(default_factory=dict)


def remembered_of(rows: Iterable[UserDrive]) -> list[Remembered]:
    """Return where the folders of these drives were on them."""
    return [
        Remembered(volume_id, decode_path(below), row.kind)
        for row in rows
        for volume_id, below in dict(row.detail.get("folders", {})).items()
    ]


def volumes_of(row: UserDrive) -> set[str]:
    """Return the ids of the folders that are known to be on a drive."""
    return set(row.detail.get("volumes", []))


def is_certain(drive: DriveSeen, rows: Sequence[UserDrive]) -> bool:
    """Tell whether one stored drive agrees in both markers and key; such are matched first."""
    return any(row.drive_key == drive.key and volumes_of(row) & set(drive.volumes) for row in rows)


def same_drive(drive: DriveSeen, rows: Sequence[UserDrive], granted: frozenset[str]) -> UserDrive | None:
    """Return the stored drive that this one is: by a shared marker first, then by its key.

    A drive with the same key but without a marker that a granted folder of the stored one must have is another drive
    (a copy of the filesystem made before, an old image played back).
    """
    volumes = set(drive.volumes)
    shared = [row for row in rows if volumes & volumes_of(row)]
    if shared:
        return next((row for row in shared if row.drive_key == drive.key), shared[0])
    return next((row for row in rows if row.drive_key == drive.key and not volumes_of(row) & granted), None)


def judge_here(row: UserDrive, drive: DriveSeen, sight: Sight) -> Verdict:
    """Judge a drive whose folders are at their places; `row` as it was stored before this look."""
    ignored = set(row.detail.get("ignored", []))
    mine = volumes_of(row) | set(drive.volumes)
    copies = [one for one in sight.copies if one.volume_id in mine and one.fingerprint not in ignored]
    if _another_filesystem(row.filesystem_id, drive.filesystem_id) and drive.kind not in ("network", "cloud"):
        return Verdict(CLONE, copies, held=True)
    if not copies:
        return Verdict(ONLINE)
    stayed = row.status in (ONLINE, CLONE) and row.detail.get("device") == drive.device and not row.detail.get("held")
    alike = any(one.filesystem_id == drive.filesystem_id for one in copies)
    return Verdict(CLONE, copies, held=alike and not stayed)


def judge_away(row: UserDrive, granted: frozenset[str], sight: Sight) -> Verdict:
    """Judge a drive whose folders are not at their places."""
    ignored = set(row.detail.get("ignored", []))
    copies = [one for one in sight.copies if one.volume_id in volumes_of(row) & granted]
    copies = [one for one in copies if one.fingerprint not in ignored]
    places = {one.mount_point for one in copies}
    if copies and len(places) == 1 and not any(_not_it(row, one) for one in copies):
        return Verdict(OFFLINE, follow={one.volume_id: one.path for one in copies})
    if copies:
        return Verdict(CLONE, copies)
    return Verdict(REPLACED if _other_there(row, sight) else OFFLINE)


def _not_it(row: UserDrive, seen: CopySeen) -> bool:
    """Tell whether a place with our marker is on another filesystem than the drive was."""
    if row.filesystem_id or seen.filesystem_id:
        return row.filesystem_id != seen.filesystem_id
    return row.filesystem != seen.filesystem or row.size != seen.size


def _another_filesystem(before: str, now: str) -> bool:
    return bool(before and now and before != now)


def _other_there(row: UserDrive, sight: Sight) -> bool:
    """Tell whether another filesystem is mounted where this one was."""
    point = decode_path(row.mount_point)
    if point in ("", "/") or point not in sight.mounted or row.detail.get("service"):
        return False
    now = sight.mounted[point]
    if row.filesystem_id and now:
        return now != row.filesystem_id
    return any(drive.mount_point == point and drive.key != row.drive_key for drive in sight.drives)


def question_of(row: UserDrive) -> list[dict[str, Any]]:
    """Return the copies that the owner is asked about."""
    return list(row.detail.get("copies", [])) if row.status == CLONE else []
