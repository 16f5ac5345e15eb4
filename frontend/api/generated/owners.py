"""The operations below /api/v1/owners.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import cast

from frontend.api.generated.schemas import EraseIn, ErasureOut, ExportListOut, ExportQueuedOut
from frontend.api.transport import Transport, segment


class OwnersApi:
    """The operations below /api/v1/owners."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def delete_export(self, owner_id: str, export_id: str, *, space: str | None = None) -> None:
        """Remove a finished export."""
        await self._transport.call(
            "DELETE", f"/api/v1/owners/{segment(owner_id)}/exports/{segment(export_id)}", space=space
        )

    def download_export(self, owner_id: str, export_id: str, *, space: str | None = None) -> AsyncIterator[bytes]:
        """Download a finished export."""
        return self._transport.stream(
            "GET", f"/api/v1/owners/{segment(owner_id)}/exports/{segment(export_id)}", space=space
        )

    async def erase_space(self, owner_id: str, body: EraseIn, *, space: str | None = None) -> ErasureOut:
        """Erase a space for good, and with a private one its person."""
        return cast(
            "ErasureOut",
            await self._transport.call("POST", f"/api/v1/owners/{segment(owner_id)}/erase", body=body, space=space),
        )

    async def export_space(self, owner_id: str, *, space: str | None = None) -> ExportQueuedOut:
        """Collect everything of a space into one archive, as a job: rows, contents, and a page to read them."""
        return cast(
            "ExportQueuedOut",
            await self._transport.call("POST", f"/api/v1/owners/{segment(owner_id)}/exports", space=space),
        )

    async def list_exports(self, owner_id: str, *, space: str | None = None) -> ExportListOut:
        """List the finished exports of a space."""
        return cast(
            "ExportListOut",
            await self._transport.call("GET", f"/api/v1/owners/{segment(owner_id)}/exports", space=space),
        )
