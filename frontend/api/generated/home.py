"""The operations below /api/v1/home.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import HomeOut
from frontend.api.transport import Transport


class HomeApi:
    """The operations below /api/v1/home."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def show_home(self, *, space: str | None = None) -> HomeOut:
        """Show what needs you, and one card per module."""
        return cast("HomeOut", await self._transport.call("GET", "/api/v1/home", space=space))
