"""What the API of the file index reads and answers."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from backend.sdk.http import In, Out


class IndexedFolderOut(Out):
    """What Homie knows by name in one opened folder."""

    volume_id: str
    label: str
    path: str = Field(description="Full path, for people.")
    online: bool = Field(description="Whether its drive is connected; if not, its files are remembered.")
    files: int
    bytes: int
    complete: bool = Field(description="Whether the first look at all of it is done.")
    looked_at: datetime | None = Field(description="When it was looked at last.")
    full_at: datetime | None = Field(description="When every single file was looked at last.")


class FileIndexOut(Out):
    """The folders whose files can be found by name."""

    items: list[IndexedFolderOut]
    files: int
    size_on_disk: int = Field(description="Bytes that the index takes.")


class IndexRefreshIn(In):
    """Say how thoroughly to look."""

    full: bool = Field(False, description="Look at every single file, not only at folders that changed.")
