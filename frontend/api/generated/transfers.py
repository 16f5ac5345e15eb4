"""The operations below /api/v1/transfers.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from frontend.api.generated.schemas import LinkIn, LinkOut, UploadLinkIn, UploadLinkOut, UploadOut, UploadOutPage
from frontend.api.transport import Transport, segment


class TransfersApi:
    """The operations below /api/v1/transfers."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def cancel_upload(self, upload_id: str, *, space: str | None = None) -> None:
        """Give an upload up: nothing of an unfinished one is left; a finished file stays."""
        await self._transport.call("DELETE", f"/api/v1/transfers/uploads/{segment(upload_id)}", space=space)

    def create_upload(self, *, space: str | None = None) -> AsyncIterator[bytes]:
        """Begin an upload by the tus 1.0.0 protocol."""
        return self._transport.stream("POST", "/api/v1/transfers/uploads", space=space)

    async def get_upload(self, upload_id: str, *, space: str | None = None) -> UploadOut:
        """Show one upload; HEAD answers in the tus protocol and ends a connection that still sends it."""
        return cast(
            "UploadOut",
            await self._transport.call("GET", f"/api/v1/transfers/uploads/{segment(upload_id)}", space=space),
        )

    async def list_uploads(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None, live: bool | None = None
    ) -> UploadOutPage:
        """List one's own uploads, newest first; finished ones stay for a day."""
        return cast(
            "UploadOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/transfers/uploads",
                query={"limit": limit, "cursor": cursor, "space": space, "live": live},
            ),
        )

    async def make_link(self, body: LinkIn, *, space: str | None = None) -> LinkOut:
        """Make a short-lived link to a file (also for images and films), or to a folder as a zip."""
        return cast("LinkOut", await self._transport.call("POST", "/api/v1/transfers/links", body=body, space=space))

    async def make_upload_link(self, body: UploadLinkIn, *, space: str | None = None) -> UploadLinkOut:
        """Make a short-lived link to the upload page for one folder."""
        return cast(
            "UploadLinkOut",
            await self._transport.call("POST", "/api/v1/transfers/upload_links", body=body, space=space),
        )

    async def send_part(self, upload_id: str, *, space: str | None = None) -> None:
        """Send a part of a file by the tus 1.0.0 protocol: `Upload-Offset`, and the bytes as the body."""
        await self._transport.call("PATCH", f"/api/v1/transfers/uploads/{segment(upload_id)}", space=space)
