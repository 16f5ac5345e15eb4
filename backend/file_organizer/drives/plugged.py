"""Drives of this machine that hold no folder opened to anybody: for administrators, so that a newcomer sees the stick.

Only what the system tells of a drive (name, kind, size), never a name from inside of it: looking into folders before
opening one is the accounts' browsing, which asks for the password.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass

from backend.file_organizer.drives.discovery import drive_name
from backend.file_organizer.mounts import Mount, filesystem_label, read_mounts

_SYSTEM = (
    *("/bin", "/boot", "/dev", "/etc", "/lib", "/proc", "/run", "/sbin", "/snap", "/sys", "/usr", "/var/lib"),
    *("/var/log", "/var/snap", "/nix", "/gnu"),
)
_NOT_PLUGGED = frozenset(("tmpfs", "overlay", "squashfs", "rootfs", "fuse.portal", "fuse.gvfsd-fuse", "fuse.lxcfs"))


@dataclass(frozen=True, slots=True)
class PluggedDrive:
    """A drive that is there and holds no opened folder."""

    label: str
    kind: str
    service: str
    filesystem: str
    mount_point: str
    size: int
    free: int
    read_only: bool


def plugged_drives(taken: Collection[str], private: str) -> list[PluggedDrive]:
    """Return the drives on which no folder is open. `taken`: mount points of known drives; `private`: Homie's data.

    Blocks: a network share that hangs is left out, for it is not looked at.
    """
    found: dict[str, PluggedDrive] = {}
    devices = {_device(point) for point in taken} | {_device("/"), _device(private)}
    for mount in read_mounts():
        if mount.filesystem in _NOT_PLUGGED or mount.mount_point in taken or _is_system(mount.mount_point):
            continue
        if mount.kind != "network":
            if not os.path.isdir(mount.mount_point) or _device(mount.mount_point) in devices:
                continue
            devices.add(_device(mount.mount_point))
        found[mount.mount_point] = _describe(mount)
    return sorted(found.values(), key=lambda one: (one.label.casefold(), one.mount_point))


def _describe(mount: Mount) -> PluggedDrive:
    size = free = 0
    if mount.kind != "network":
        try:
            space = os.statvfs(mount.mount_point)
            size, free = space.f_blocks * space.f_frsize, space.f_bavail * space.f_frsize
        except OSError:
            pass
    name = drive_name(mount, filesystem_label(mount))
    return PluggedDrive(
        name, mount.kind, mount.service, mount.filesystem, mount.mount_point, size, free, mount.read_only
    )


def _is_system(point: str) -> bool:
    if point.startswith("/run/media/"):
        return False
    return point == "/" or any(point == place or point.startswith(place + "/") for place in _SYSTEM)


def _device(path: str) -> int:
    try:
        return os.stat(path).st_dev
    except OSError:
        return -1
