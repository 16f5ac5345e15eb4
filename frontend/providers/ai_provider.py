"""Artificial intelligence: which, with which key, who agreed, what it cost, and exactly what left the house."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import (
    AiSettingsIn,
    AiSettingsOut,
    CallOut,
    ConnectionOut,
    OptInOut,
    PayloadOut,
    UsageOut,
)
from frontend.providers.base import Loading, Provider, read_after_write, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class AiProvider(Provider):
    """Hold agreements and usage; for administrators also settings and keys."""

    settings: AiSettingsOut | None = None
    agreements: tuple[OptInOut, ...] = ()
    usage: UsageOut | None = None
    models: tuple[str, ...] = ()
    connection: ConnectionOut | None = None
    payload: PayloadOut | None = None
    calls: Paged[CallOut] = field(init=False)
    payloads: Paged[PayloadOut] = field(init=False)
    payload_state: Loading = field(default_factory=Loading, init=False)

    def __post_init__(self) -> None:
        """Make the lists."""
        self.calls = Paged(source=self._calls)
        self.payloads = Paged(source=self._payloads)

    async def fetch(self) -> None:
        """Ask for agreements and usage."""
        self.agreements = tuple((await self.api.ai.list_agreements())["items"])
        self.usage = await self.api.ai.get_usage()

    async def load_settings(self) -> None:
        """Load the settings (administrators); raises `ApiError`."""
        self.settings = await self.api.ai.get_settings()

    async def load_agreements(self, modules: tuple[str, ...]) -> None:
        """Load how these modules stand, also those that nobody decided about yet; raises `ApiError`."""
        self.agreements = tuple([await self.api.ai.get_agreement(module) for module in modules])

    async def save_settings(self, settings: AiSettingsIn) -> None:
        """Store the settings (needs the password); raises `ApiError`."""
        self.settings = await self.api.ai.put_settings(settings)
        await self.load()

    async def put_key(self, provider: str, key: str) -> None:
        """Store a provider's key (needs the password); it never comes back; raises `ApiError`."""
        await self.api.ai.put_key(provider, {"key": key})
        await read_after_write(self, self.load_settings())

    async def delete_key(self, provider: str) -> None:
        """Forget a provider's key (needs the password); raises `ApiError`."""
        await self.api.ai.delete_key(provider)
        await read_after_write(self, self.load_settings())

    async def test(self) -> ConnectionOut:
        """Try the connection; raises `ApiError`."""
        self.connection = await self.api.ai.test_connection()
        return self.connection

    async def load_models(self) -> None:
        """Load the models that the provider offers; raises `ApiError`."""
        self.models = tuple((await self.api.ai.list_models())["models"])

    async def agree(self, module: str, enabled: bool) -> None:
        """Let a module use AI for oneself, or no longer: at once, taken back if refused; raises `ApiError`."""
        async with undone_on_error(self.replace("agreements", self._with(module, {"enabled": enabled}))):
            told = await self.api.ai.put_agreement(module, {"enabled": enabled})
        self.agreements = self._with(module, dict(told))

    async def show_payload(self, payload_id: str) -> None:
        """Read one sent request, with the outcome in `payload_state`."""
        if self.payload is None or self.payload["id"] != payload_id:
            self.payload = None
            self.payload_state.drop()

        async def work() -> None:
            self.payload = await self.api.ai.get_payload(payload_id)

        await self.payload_state.loading(work)

    async def erase_payloads(self) -> None:
        """Erase what was kept of the texts that were sent; raises `ApiError`."""
        await self.api.ai.erase_payloads()
        self.payloads.reset()
        await self.payloads.load()

    def _with(self, module: str, changes: dict[str, Any]) -> tuple[Any, ...]:
        return tuple({**one, **changes} if one["module"] == module else one for one in self.agreements)

    async def _calls(self, cursor: str | None, limit: int) -> Any:
        return await self.api.ai.list_calls(cursor=cursor, limit=limit)

    async def _payloads(self, cursor: str | None, limit: int) -> Any:
        return await self.api.ai.list_payloads(cursor=cursor, limit=limit)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.calls.reset()
        self.payloads.reset()
        self.payload_state.drop()
