"""Signed links to the household's files: look at one, save one, send files to a folder."""

from __future__ import annotations

from typing import Literal

from frontend.api.generated.schemas import VolumePath
from frontend.kit.links import open_link
from frontend.providers.session import Session


async def open_place(session: Session, place: VolumePath, purpose: Literal["view", "download"] = "view") -> None:
    """Open a file, or save it; a folder comes as a zip. Raises `ApiError`."""
    link = await session.api.transfers.make_link(
        {"path": place["path"], "volume_id": place["volume_id"], "purpose": purpose}
    )
    await open_link(session.transport.connection.url, link["url"])


async def open_upload_page(session: Session, folder: str, back: str) -> None:
    """Open the page that sends files to `folder` (full path); it leads back to `back`. Raises `ApiError`."""
    link = await session.api.transfers.make_upload_link({"folder": folder, "back": back})
    await open_link(session.transport.connection.url, link["url"])
