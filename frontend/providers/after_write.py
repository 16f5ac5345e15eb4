"""Reading what a write that is done made of it."""

from __future__ import annotations

from collections.abc import Awaitable

from frontend.api.errors import ApiError
from frontend.providers.base import Provider


async def read_after_write(provider: Provider, reading: Awaitable[None]) -> None:
    """Read anew after a write: where that fails the provider reads later, and the write is not said to have failed."""
    try:
        await reading
    except ApiError:
        provider.reload_soon()
