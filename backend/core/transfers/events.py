"""What transfers tell the devices of a space, after commit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class UploadStarted(Event):
    """Somebody began to send a file into a folder of this space."""

    name: ClassVar[str] = "transfers.upload_started"
    upload_id: str
    user_id: str
    volume_id: str
    folder: str
    size: int


@dataclass(frozen=True, kw_only=True)
class UploadFinished(Event):
    """A file arrived whole and has its name. `path` is relative to the volume, in its text form."""

    name: ClassVar[str] = "transfers.upload_finished"
    upload_id: str
    user_id: str
    volume_id: str
    path: str
    size: int


@dataclass(frozen=True, kw_only=True)
class UploadCancelled(Event):
    """An unfinished upload was given up; nothing of it is left."""

    name: ClassVar[str] = "transfers.upload_cancelled"
    upload_id: str
    user_id: str
