"""What the transfers API reads and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Literal, Self

from pydantic import Field, model_validator

from backend.sdk.http import In, Out, PageQuery

MOST_SECONDS = 12 * 3600


class LinkIn(In):
    """Ask for a link to one file or folder: by its full path, or by volume and relative path."""

    path: str = Field(max_length=16384, description="Full path; the relative one when `volume_id` is given.")
    volume_id: str | None = Field(None, min_length=1, max_length=64, description="Drive that `path` is relative to.")
    purpose: Literal["view", "download"] = Field("view", description="Show it where a browser can, or save it.")
    ttl: int = Field(3600, ge=60, le=MOST_SECONDS, description="Seconds that it must be good for at least.")

    @model_validator(mode="after")
    def _not_empty(self) -> Self:
        if not self.path and self.volume_id is None:
            raise ValueError("give a full path, or a volume_id")
        return self


class LinkOut(Out):
    """Show a link. It opens without logging in, for as long as the log-in that made it is good."""

    url: str = Field(description="Address on this server, also for `<img>` and `<video>`.")
    preview_url: str | None = Field(description="Address of the small picture (`?w=384`), for pictures.")
    name: str
    media_type: str
    size: int | None = Field(description="Bytes; null for a folder, which comes as a zip.")
    inline: bool = Field(description="Whether a browser will show it instead of saving it.")
    expires_at: datetime


class UploadLinkIn(In):
    """Ask for a link to the upload page."""

    folder: str = Field(min_length=1, max_length=16384, description="Full path of the folder to send to.")
    back: str = Field(
        "/", max_length=500, pattern=r"^/([^/\\].*)?$", description="Where in the app the page leads back to."
    )
    ttl: int = Field(MOST_SECONDS, ge=60, le=MOST_SECONDS, description="Seconds that it must be good for at least.")


class UploadLinkOut(Out):
    """Show a link to the upload page."""

    url: str
    folder: str = Field(description="Name of the folder that it sends to.")
    expires_at: datetime


class UploadPath(In):
    """Name one upload."""

    upload_id: str = Field(min_length=1, max_length=64, description="Id of the upload.")


class UploadsQuery(PageQuery):
    """List one's own uploads, newest first."""

    live: bool = Field(False, description="Only unfinished ones.")


class UploadOut(Out):
    """Show one upload. `received` counts bytes that are safely on the drive."""

    id: str
    owner_id: str = Field(description="The space whose folder it goes to.")
    volume_id: str
    folder: str = Field(description="Relative path of the folder.")
    name: str = Field(description="Name that was sent; the file may get another one when this is taken.")
    size: int
    received: int
    state: Literal["open", "finished"]
    path: str | None = Field(description="Relative path of the finished file.")
    created_at: datetime
    expires_at: datetime
