"""What the API of drives reads and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from backend.sdk.http import In, Out

DriveKind = Literal["local", "usb", "network", "cloud"]
DriveState = Literal["online", "offline", "replaced", "clone"]


class DriveCopyOut(Out):
    """Show a place where the same drive was found as well: a copy, a clone, or the drive itself elsewhere."""

    label: str
    mount_point: str
    size: int
    kind: DriveKind
    read_only: bool


class DriveOut(Out):
    """Show a drive that holds folders of yours."""

    id: str
    owner_id: str
    label: str
    kind: DriveKind
    service: str = Field(description="Who keeps a cloud folder or drive, such as Dropbox; empty for others.")
    filesystem: str
    status: DriveState = Field(
        description="offline never means deleted; replaced: another drive is where it was; clone: found twice."
    )
    size: int
    free: int
    reserve: int = Field(description="Bytes that Homie leaves free on it.")
    mount_point: str
    purpose: str
    read_only: bool
    online: bool = Field(description="Whether it is here and may be worked on.")
    held: bool = Field(description="Whether nothing is changed on it until you say which one it is.")
    copies: list[DriveCopyOut] = Field(description="Where it was found as well; you are asked what they are.")
    volumes: list[str] = Field(description="Ids of your folders on it (`volume_id` of `/folders`).")
    first_seen_at: datetime
    last_seen_at: datetime


class DrivesOut(Out):
    """List drives."""

    items: list[DriveOut]


class DrivePatch(In):
    """Say what a drive is for."""

    purpose: str = Field(max_length=60)


class DriveAnswerIn(In):
    """Say what a drive is that was found twice.

    `copy`: what was found besides (or in its place) is only a copy, and gets a mark of its own. `this`: the one at
    `mount_point` is the drive from now on.
    """

    decision: Literal["copy", "this"]
    mount_point: str | None = Field(None, max_length=4096, description="Where; its present place if unset.")


class PluggedDriveOut(Out):
    """Show a drive of this machine on which no folder is open to anybody."""

    label: str
    kind: DriveKind
    service: str
    filesystem: str
    mount_point: str
    size: int
    free: int
    read_only: bool


class PluggedDrivesOut(Out):
    """List drives on which no folder is open."""

    items: list[PluggedDriveOut]
