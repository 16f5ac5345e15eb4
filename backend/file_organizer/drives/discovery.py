"""Look which drives of an owner are here, and where else the markers of the owner's folders are to be found.

Blocks (a dead network share may hang): callers run it where blocking hurts nobody.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Sequence

from backend.file_organizer.drives.cloud_folders import cloud_folder_of
from backend.file_organizer.drives.seen import CopySeen, DriveSeen, Remembered, Sight
from backend.file_organizer.mounts import Mount, filesystem_id, filesystem_label, mount_of, read_mounts
from backend.sdk.files import AllowedRoot, encode_path, read_marker


def discover(roots: Iterable[AllowedRoot], remembered: Sequence[Remembered] = ()) -> Sight:
    """Return what is here; a folder without its marker is away.

    `remembered` are folders seen before: their markers are looked for on every other filesystem, at the same place
    below its mount point. Network shares are searched only for what was on one.
    """
    mounts = read_mounts()
    sight = Sight(mounted={mount.mount_point: filesystem_id(mount) for mount in mounts})
    here: dict[str, int] = {}
    by_drive: dict[tuple[int, str], DriveSeen] = {}
    below = {one.volume_id: one for one in remembered}
    for root in roots:
        marker = read_marker(root.path)
        if marker is None or marker.volume_id != root.volume_id:
            continue
        real = os.path.realpath(root.path)
        try:
            drive, inside = _describe(root, real, mount_of(real, mounts))
        except OSError:
            continue  # it left between two looks
        here[root.volume_id] = drive.device
        known = by_drive.setdefault((drive.device, drive.key), drive)
        known.folders[root.volume_id] = inside
        below[root.volume_id] = Remembered(root.volume_id, inside, drive.kind)
    sight.drives = list(by_drive.values())
    sight.copies = list(_copies(below.values(), here, mounts, [root.path for root in roots]))
    return sight


def _describe(root: AllowedRoot, real: str, mount: Mount | None) -> tuple[DriveSeen, str]:
    """Describe the drive that a folder lies on, and return the folder's place below its mount point."""
    space = os.statvfs(root.path)
    size, free = space.f_blocks * space.f_frsize, space.f_bavail * space.f_frsize
    device = os.stat(root.path).st_dev
    if mount is None:
        key = f"folder:{root.volume_id}"
        return DriveSeen(key, root.label, "local", "", "", size, free, root.path, False, device), ""
    uuid, label = filesystem_id(mount), filesystem_label(mount)
    seen = DriveSeen(
        key_of(mount, uuid, label, size),
        drive_name(mount, label),
        mount.kind,
        mount.filesystem,
        uuid,
        size,
        free,
        mount.mount_point,
        mount.read_only,
        device,
    )
    cloud = cloud_folder_of(real, mount.mount_point) if seen.kind != "cloud" else None
    if cloud is not None:
        # A folder that a sync client keeps is a drive of its own: it has its own purpose and its own fate.
        seen.kind, seen.service, seen.label = "cloud", cloud.service, cloud.service
        seen.key = _hashed(f"{seen.key}|{cloud.service}|{os.path.relpath(cloud.path, mount.mount_point)}")
    elif seen.kind == "cloud":
        seen.service = mount.service
    inside = os.path.relpath(real, mount.mount_point)
    return seen, "" if inside == "." else inside


def key_of(mount: Mount, uuid: str, label: str, size: int) -> str:
    """Return what a drive is known by besides the markers on it: never where it is mounted.

    A 32-bit FAT serial or a cloned UUID is weak alone, so size and label stand beside it.
    """
    return _hashed(f"{uuid}|{size}|{label}" if uuid else f"{mount.source}|{mount.filesystem}|{size}")


def _hashed(text: str) -> str:
    return hashlib.blake2b(text.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()


def drive_name(mount: Mount, label: str) -> str:
    """Return what people call a drive: its label, or the last part of where it is mounted."""
    name = label or os.path.basename(mount.mount_point.rstrip("/")) or "System drive"
    return encode_path(name)[:200]


def _copies(
    folders: Iterable[Remembered], here: dict[str, int], mounts: Sequence[Mount], known_paths: Sequence[str]
) -> Iterable[CopySeen]:
    known = {os.path.realpath(path) for path in known_paths}
    for folder in folders:
        seen: set[int] = {here[folder.volume_id]} if folder.volume_id in here else set()
        for mount in mounts:
            if mount.kind in ("network", "cloud") and folder.kind not in ("network", "cloud"):
                continue
            path = os.path.join(mount.mount_point, folder.below) if folder.below else mount.mount_point
            try:
                device = os.stat(path).st_dev
                # What another mount covers, or a folder below it that is itself a mount point, is that mount's.
                if device in seen or device != os.stat(mount.mount_point).st_dev or os.path.realpath(path) in known:
                    continue
            except OSError:
                continue
            marker = read_marker(path)
            if marker is None or marker.volume_id != folder.volume_id:
                continue
            seen.add(device)
            yield _copy(folder.volume_id, path, mount)


def _copy(volume_id: str, path: str, mount: Mount) -> CopySeen:
    space = os.statvfs(path)
    return CopySeen(
        volume_id,
        path,
        mount.mount_point,
        drive_name(mount, filesystem_label(mount)),
        mount.filesystem,
        filesystem_id(mount),
        space.f_blocks * space.f_frsize,
        mount.kind,
        mount.read_only,
    )
