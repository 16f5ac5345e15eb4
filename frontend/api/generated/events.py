"""The operations below /api/v1/events.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import EventsOut
from frontend.api.transport import Transport


class EventsApi:
    """The operations below /api/v1/events."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def list_events(self, *, after: str | None = None, space: str | None = None) -> EventsOut:
        """List what happened in a space after a cursor."""
        return cast(
            "EventsOut", await self._transport.call("GET", "/api/v1/events", query={"after": after, "space": space})
        )
