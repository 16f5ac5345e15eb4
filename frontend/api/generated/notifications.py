"""The operations below /api/v1/notifications.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import NotificationKindsOut, NotificationsOut, UnreadOut
from frontend.api.transport import Transport, segment


class NotificationsApi:
    """The operations below /api/v1/notifications."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def count_unread(self, *, space: str | None = None) -> UnreadOut:
        """Say how many you have not read."""
        return cast("UnreadOut", await self._transport.call("GET", "/api/v1/notifications/unread", space=space))

    async def list_kinds(self, *, space: str | None = None) -> NotificationKindsOut:
        """List the kinds of news that there are; the preferences switch them off."""
        return cast(
            "NotificationKindsOut", await self._transport.call("GET", "/api/v1/notifications/kinds", space=space)
        )

    async def list_notifications(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        unread: bool | None = None,
    ) -> NotificationsOut:
        """List news of your spaces, newest first."""
        return cast(
            "NotificationsOut",
            await self._transport.call(
                "GET",
                "/api/v1/notifications",
                query={"limit": limit, "cursor": cursor, "space": space, "unread": unread},
            ),
        )

    async def put_all_away(self, *, space: str | None = None) -> None:
        """Put everything away, for yourself only."""
        await self._transport.call("DELETE", "/api/v1/notifications", space=space)

    async def put_away(self, notification_id: str, *, space: str | None = None) -> None:
        """Put one away, for yourself only; it comes back when it happens again."""
        await self._transport.call("DELETE", f"/api/v1/notifications/{segment(notification_id)}", space=space)

    async def read_all(self, *, space: str | None = None) -> UnreadOut:
        """Mark everything as read."""
        return cast("UnreadOut", await self._transport.call("POST", "/api/v1/notifications/read", space=space))

    async def read_one(self, notification_id: str, *, space: str | None = None) -> UnreadOut:
        """Mark one as read."""
        return cast(
            "UnreadOut",
            await self._transport.call("POST", f"/api/v1/notifications/{segment(notification_id)}/read", space=space),
        )
