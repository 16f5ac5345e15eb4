"""The operations below /api/v1/search.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import SearchOut
from frontend.api.transport import Transport


class SearchApi:
    """The operations below /api/v1/search."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def search_everything(
        self, *, q: str, limit: int | None = None, kinds: str | None = None, space: str | None = None
    ) -> SearchOut:
        """Find people, spaces, work, modules, pages, and what the modules know by name."""
        return cast(
            "SearchOut",
            await self._transport.call(
                "GET", "/api/v1/search", query={"q": q, "limit": limit, "kinds": kinds}, space=space
            ),
        )
