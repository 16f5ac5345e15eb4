"""The operations below /api/v1/modules.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import (
    ModuleDetailOut,
    ModuleListOut,
    ModuleOut,
    ModuleSettingsIn,
    ModuleSettingsOut,
)
from frontend.api.transport import Transport, segment


class ModulesApi:
    """The operations below /api/v1/modules."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def disable_module(self, module_id: str, *, space: str | None = None) -> ModuleOut:
        """Switch a module off for everybody; its data stays."""
        return cast(
            "ModuleOut",
            await self._transport.call("POST", f"/api/v1/modules/{segment(module_id)}/disable", space=space),
        )

    async def enable_module(self, module_id: str, *, space: str | None = None) -> ModuleOut:
        """Let the household use a module; it starts on first use."""
        return cast(
            "ModuleOut", await self._transport.call("POST", f"/api/v1/modules/{segment(module_id)}/enable", space=space)
        )

    async def get_module(self, module_id: str, *, space: str | None = None) -> ModuleDetailOut:
        """Show one module and how it is."""
        return cast(
            "ModuleDetailOut", await self._transport.call("GET", f"/api/v1/modules/{segment(module_id)}", space=space)
        )

    async def get_settings(self, module_id: str, *, space: str | None = None) -> ModuleSettingsOut:
        """Show a module's settings."""
        return cast(
            "ModuleSettingsOut",
            await self._transport.call("GET", f"/api/v1/modules/{segment(module_id)}/settings", space=space),
        )

    async def list_modules(self, *, space: str | None = None) -> ModuleListOut:
        """List the installed modules and their state."""
        return cast("ModuleListOut", await self._transport.call("GET", "/api/v1/modules", space=space))

    async def put_settings(
        self, module_id: str, body: ModuleSettingsIn, *, space: str | None = None
    ) -> ModuleSettingsOut:
        """Change a module's settings; a running module restarts to take them up."""
        return cast(
            "ModuleSettingsOut",
            await self._transport.call("PUT", f"/api/v1/modules/{segment(module_id)}/settings", body=body, space=space),
        )

    async def start_module(self, module_id: str, *, space: str | None = None) -> ModuleOut:
        """Start a module now, also after a failure."""
        return cast(
            "ModuleOut", await self._transport.call("POST", f"/api/v1/modules/{segment(module_id)}/start", space=space)
        )

    async def stop_module(self, module_id: str, *, space: str | None = None) -> ModuleOut:
        """Stop a module until it is started again."""
        return cast(
            "ModuleOut", await self._transport.call("POST", f"/api/v1/modules/{segment(module_id)}/stop", space=space)
        )
