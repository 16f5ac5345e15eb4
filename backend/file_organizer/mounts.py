"""Read from the system what is mounted where, and which filesystem it is. Needs no privilege and no other program."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from backend.file_organizer.drives.superblock import read_superblock

_OCTAL = re.compile(r"\\([0-7]{3})")
_NETWORK = frozenset(
    [
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "sshfs",
        "fuse.sshfs",
        "davfs",
        "fuse.davfs2",
        "9p",
        "glusterfs",
        "ceph",
        "afs",
    ]
)
_CLOUD = ("rclone", "google-drive", "onedrive", "dropbox", "gcsfuse", "s3fs")
_SERVICES = {
    "onedrive": "OneDrive",
    "google-drive": "Google Drive",
    "gdrive": "Google Drive",
    "dropbox": "Dropbox",
    "gcsfuse": "Google Cloud",
    "s3": "S3",
    "rclone": "rclone",
}
_NOT_DRIVES = frozenset(
    [
        "proc",
        "sysfs",
        "devtmpfs",
        "devpts",
        "cgroup",
        "cgroup2",
        "securityfs",
        "debugfs",
        "tracefs",
        "bpf",
        "pstore",
        "mqueue",
        "hugetlbfs",
        "configfs",
        "fusectl",
        "autofs",
        "binfmt_misc",
        "ramfs",
        "efivarfs",
        "nsfs",
        "rpc_pipefs",
    ]
)


@dataclass(frozen=True, slots=True)
class Mount:
    """One line of `/proc/self/mountinfo`: mount point, device number, filesystem type, source, read-only."""

    mount_point: str
    device: str
    filesystem: str
    source: str
    read_only: bool

    @property
    def kind(self) -> str:
        """Return local, usb, network or cloud."""
        if any(mark in self.source.lower() or mark in self.filesystem for mark in _CLOUD):
            return "cloud"
        if self.filesystem in _NETWORK:
            return "network"
        return "usb" if _removable(self.device) else "local"

    @property
    def service(self) -> str:
        """Return the cloud that a mounted cloud drive shows, "" for other drives."""
        text = f"{self.source} {self.filesystem}".lower()
        return next((name for mark, name in _SERVICES.items() if mark in text), "") if self.kind == "cloud" else ""


def read_mounts(path: str = "/proc/self/mountinfo") -> list[Mount]:
    """Return the mounted filesystems that may hold files, in mount order; empty where the system does not tell."""
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            lines = file.readlines()
    except OSError:
        return []
    return [mount for line in lines if (mount := _parse(line)) is not None]


def mount_table() -> str:
    """Return the mount table as text, to notice changes."""
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            return file.read()
    except OSError:
        return ""


def _parse(line: str) -> Mount | None:
    left, separator, right = line.partition(" - ")
    before, after = left.split(), right.split()
    if not separator or len(before) < 6 or len(after) < 3 or after[0] in _NOT_DRIVES:
        return None
    read_only = "ro" in before[5].split(",") or "ro" in after[2].split(",")
    return Mount(_unescape(before[4]), before[2], after[0], _unescape(after[1]), read_only)


def _unescape(text: str) -> str:
    """Undo the kernel's octal escapes of blanks and the like."""
    raw = _OCTAL.sub(lambda m: chr(int(m[1], 8)), text)
    return raw


def mount_of(path: str, mounts: list[Mount]) -> Mount | None:
    """Return the mount that holds `path`: the longest mount point that leads to it; a later mount covers an earlier."""
    best: Mount | None = None
    for mount in mounts:
        point = mount.mount_point.rstrip("/")
        inside = path == mount.mount_point or path.startswith(point + "/")
        if inside and (best is None or len(point) >= len(best.mount_point.rstrip("/"))):
            best = mount
    return best


def filesystem_id(mount: Mount) -> str:
    """Return the filesystem's own id (UUID) from udev's links or its superblock, "" when neither can be read."""
    return _linked(mount, "/dev/disk/by-uuid") or read_superblock(mount.source).id


def filesystem_label(mount: Mount) -> str:
    """Return the filesystem's label, "" when unknown."""
    return _linked(mount, "/dev/disk/by-label").replace("\\x20", " ") or read_superblock(mount.source).label


def _linked(mount: Mount, folder: str) -> str:
    """Return the name of udev's link to the mount's device."""
    try:
        for name in os.listdir(folder):
            status = os.stat(os.path.join(folder, name))
            if f"{os.major(status.st_rdev)}:{os.minor(status.st_rdev)}" == mount.device:
                return name
    except OSError:
        pass
    return ""


def _removable(device: str) -> bool:
    """Tell whether a block device is removable or hangs on USB, by the kernel's own description."""
    base = f"/sys/dev/block/{device}"
    try:
        real = os.path.realpath(base)
        for folder in (real, os.path.dirname(real)):
            flag = os.path.join(folder, "removable")
            if os.path.exists(flag):
                with open(flag, encoding="ascii") as file:
                    return file.read().strip() == "1" or "/usb" in real
    except OSError:
        pass
    return False
