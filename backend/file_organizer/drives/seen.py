"""What was seen of drives at one look; nothing here reads a disk or the database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class DriveSeen:
    """One drive that is here. `folders`: the owner's folders on it (volume id -> path below the mount point).

    `device`: the kernel's number of the filesystem, which holds until the machine restarts. `service`: the sync client
    that keeps the folder ("Dropbox"), for cloud folders.
    """

    key: str
    label: str
    kind: str
    filesystem: str
    filesystem_id: str
    size: int
    free: int
    mount_point: str
    read_only: bool
    device: int
    service: str = ""
    folders: dict[str, str] = field(default_factory=dict)

    @property
    def volumes(self) -> list[str]:
        """Return the ids of the owner's folders on it."""
        return sorted(self.folders)


@dataclass(frozen=True, slots=True)
class CopySeen:
    """A place where the marker of one of the owner's folders was found as well, besides where it is known to be."""

    volume_id: str
    path: str
    mount_point: str
    label: str
    filesystem: str
    filesystem_id: str
    size: int
    kind: str
    read_only: bool

    @property
    def fingerprint(self) -> str:
        """Return what this copy is known by when the owner has said what it is."""
        return f"{self.filesystem_id or self.mount_point}|{self.size}|{self.label}"

    def stored(self) -> dict[str, Any]:
        """Return what the drive's row keeps of it."""
        return {
            "volume_id": self.volume_id,
            "path": self.path,
            "mount_point": self.mount_point,
            "label": self.label,
            "size": self.size,
            "kind": self.kind,
            "read_only": self.read_only,
            "filesystem": self.filesystem,
            "filesystem_id": self.filesystem_id,
        }


@dataclass(slots=True)
class Sight:
    """Everything seen at one look: drives, copies, and which filesystem is mounted where (for "replaced")."""

    drives: list[DriveSeen] = field(default_factory=list)
    copies: list[CopySeen] = field(default_factory=list)
    mounted: dict[str, str] = field(default_factory=dict)
    """Mount point -> filesystem id ("" where it has none)."""


@dataclass(frozen=True, slots=True)
class Remembered:
    """Where a folder of the owner was on its drive when it was seen last."""

    volume_id: str
    below: str
    kind: str
