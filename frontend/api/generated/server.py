"""The operations below /api/v1/server.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import AddressesOut, QrIn, QrOut, ServerOut
from frontend.api.transport import Transport


class ServerApi:
    """The operations below /api/v1/server."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list_addresses(self, *, space: str | None = None) -> AddressesOut:
        """List where phones and other devices reach this hub."""
        return cast("AddressesOut", await self._transport.call("GET", "/api/v1/server/addresses", space=space))

    async def make_code(self, body: QrIn, *, space: str | None = None) -> QrOut:
        """Make the code that a phone scans to open an address of this hub, and to join with an invitation."""
        return cast("QrOut", await self._transport.call("POST", "/api/v1/server/qr", body=body, space=space))

    async def show_server(self) -> ServerOut:
        """Say which hub this is, for apps that look for one."""
        return cast("ServerOut", await self._transport.call("GET", "/api/v1/server", public=True))
