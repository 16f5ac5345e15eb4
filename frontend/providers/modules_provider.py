"""The modules of this hub: which there are, how they are, and switching them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import ModuleDetailOut, ModuleOut, ModuleSettingsOut
from frontend.providers.base import Provider, undone_on_error


@dataclass(eq=False)
class ModulesProvider(Provider):
    """Hold the modules, and detail and settings of the one that is looked at."""

    hears = ("modules.",)

    modules: tuple[ModuleOut, ...] = ()
    detail: ModuleDetailOut | None = None
    settings: ModuleSettingsOut | None = None

    @property
    def enabled_ids(self) -> set[str]:
        """Return the ids of the modules that the household uses."""
        return {one["id"] for one in self.modules if one["enabled"]}

    def get(self, module_id: str) -> ModuleOut | None:
        """Return one module, or None."""
        return next((one for one in self.modules if one["id"] == module_id), None)

    async def fetch(self) -> None:
        """Ask for the list."""
        self.modules = tuple((await self.api.modules.list_modules())["items"])

    async def show(self, module_id: str, *, settings: bool = True) -> None:
        """Load detail of one module, for administrators with its settings; raises `ApiError`."""
        if self.detail is not None and self.detail["id"] != module_id:
            self.detail = self.settings = None
        self.detail = await self.api.modules.get_module(module_id)
        if settings:
            self.settings = await self.api.modules.get_settings(module_id)

    async def start(self, module_id: str) -> None:
        """Start a module now; raises `ApiError`."""
        await self._switch(module_id, {"state": "starting"}, self.api.modules.start_module)

    async def stop(self, module_id: str) -> None:
        """Stop a module until it is started again; raises `ApiError`."""
        await self._switch(module_id, {"state": "stopping"}, self.api.modules.stop_module)

    async def enable(self, module_id: str) -> None:
        """Let the household use a module; raises `ApiError`."""
        await self._switch(module_id, {"enabled": True}, self.api.modules.enable_module)

    async def disable(self, module_id: str) -> None:
        """Take a module out of use; its data stays; raises `ApiError`."""
        await self._switch(module_id, {"enabled": False}, self.api.modules.disable_module)

    async def save_settings(self, module_id: str, values: dict[str, Any]) -> None:
        """Store a module's settings; raises `ApiError` with the fields that do not fit."""
        self.settings = await self.api.modules.put_settings(module_id, {"values": values})

    async def _switch(
        self, module_id: str, changes: dict[str, Any], call: Callable[[str], Awaitable[ModuleOut]]
    ) -> None:
        before = self.get(module_id)
        changed: Any = {**before, **changes} if before else None
        if changed:
            self._put(changed)

        def undo() -> None:
            if before is not None and self.get(module_id) is changed:
                self._put(before)

        async with undone_on_error(undo):
            self._put(await call(module_id))

    def _put(self, module: ModuleOut) -> None:
        self.modules = tuple(module if one["id"] == module["id"] else one for one in self.modules)
        if self.detail is not None and self.detail["id"] == module["id"]:
            self.detail = {**self.detail, **module}
