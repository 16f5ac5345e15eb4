"""The operations below /api/v1/ai.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import (
    AiKeyIn,
    AiSettingsIn,
    AiSettingsOut,
    CallOutPage,
    ConnectionOut,
    KeyState,
    ModelsOut,
    OptInIn,
    OptInOut,
    OptInsOut,
    PayloadOut,
    PayloadOutPage,
    UsageOut,
)
from frontend.api.transport import Transport, segment


class AiApi:
    """The operations below /api/v1/ai."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def delete_key(self, provider: str, *, space: str | None = None) -> None:
        """Forget a provider's API key."""
        await self._transport.call("DELETE", f"/api/v1/ai/keys/{segment(provider)}", space=space)

    async def erase_payloads(self, *, space: str | None = None) -> None:
        """Erase this space's record of sent requests and its remembered answers; figures stay."""
        await self._transport.call("DELETE", "/api/v1/ai/payloads", space=space)

    async def get_agreement(self, module: str, *, space: str | None = None) -> OptInOut:
        """Show whether this space has agreed to AI for a module, and what would happen now."""
        return cast("OptInOut", await self._transport.call("GET", f"/api/v1/ai/modules/{segment(module)}", space=space))

    async def get_payload(self, id: str, *, space: str | None = None) -> PayloadOut:
        """Show one request exactly as it was sent."""
        return cast("PayloadOut", await self._transport.call("GET", f"/api/v1/ai/payloads/{segment(id)}", space=space))

    async def get_settings(self, *, space: str | None = None) -> AiSettingsOut:
        """Show the AI settings."""
        return cast("AiSettingsOut", await self._transport.call("GET", "/api/v1/ai/settings", space=space))

    async def get_usage(self, *, space: str | None = None) -> UsageOut:
        """Show calls, tokens and cost by month."""
        return cast("UsageOut", await self._transport.call("GET", "/api/v1/ai/usage", space=space))

    async def list_agreements(self, *, space: str | None = None) -> OptInsOut:
        """Show for which modules this space has agreed to AI, or has once decided about it."""
        return cast("OptInsOut", await self._transport.call("GET", "/api/v1/ai/modules", space=space))

    async def list_calls(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> CallOutPage:
        """List the calls of your spaces, newest first."""
        return cast(
            "CallOutPage",
            await self._transport.call(
                "GET", "/api/v1/ai/calls", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def list_models(self, *, space: str | None = None) -> ModelsOut:
        """List the models of the chosen provider, the most suitable first."""
        return cast("ModelsOut", await self._transport.call("GET", "/api/v1/ai/models", space=space))

    async def list_payloads(
        self, *, limit: int | None = None, cursor: str | None = None, space: str | None = None
    ) -> PayloadOutPage:
        """List exactly what was sent for your spaces, newest first."""
        return cast(
            "PayloadOutPage",
            await self._transport.call(
                "GET", "/api/v1/ai/payloads", query={"limit": limit, "cursor": cursor, "space": space}
            ),
        )

    async def put_agreement(self, module: str, body: OptInIn, *, space: str | None = None) -> OptInOut:
        """Agree to AI for a module of this space, or withdraw; for the space's owner or an admin in it."""
        return cast(
            "OptInOut",
            await self._transport.call("PUT", f"/api/v1/ai/modules/{segment(module)}", body=body, space=space),
        )

    async def put_key(self, provider: str, body: AiKeyIn, *, space: str | None = None) -> KeyState:
        """Store a provider's API key, encrypted."""
        return cast(
            "KeyState",
            await self._transport.call("PUT", f"/api/v1/ai/keys/{segment(provider)}", body=body, space=space),
        )

    async def put_settings(self, body: AiSettingsIn, *, space: str | None = None) -> AiSettingsOut:
        """Change the AI settings."""
        return cast("AiSettingsOut", await self._transport.call("PUT", "/api/v1/ai/settings", body=body, space=space))

    async def test_connection(self, *, space: str | None = None) -> ConnectionOut:
        """Try the stored settings by listing the provider's models; sends no content."""
        return cast("ConnectionOut", await self._transport.call("POST", "/api/v1/ai/test", space=space))
