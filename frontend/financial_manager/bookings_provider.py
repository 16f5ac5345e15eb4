"""The transactions of one thing: of a payee, with a tag, or those that are planned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.generated.schemas import TransactionOut, TransactionPatch
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.paged import Paged


@dataclass(eq=False)
class BookingsProvider(MoneyProvider):
    """Hold such a list as far as it was read. `wanted`: what the hub is asked for (`payee_id`, `tag`, `planned`)."""

    found: Paged[TransactionOut] = field(init=False)
    wanted: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Make the list."""
        self.found = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read anew what is shown."""
        if self.found.state != "idle":  # also a list that could not be read at first
            await self.found.refresh()

    async def show(self, **wanted: Any) -> None:
        """Show only what fits; see `found`."""
        if self.wanted != wanted:
            self.found.reset()
            self.wanted = wanted
        self.state, self.loaded = "ready", True  # the list has a state of its own; events reload it from now on
        await self.found.load()

    async def happened(self, transaction: TransactionOut) -> None:
        """Say that something planned happened as it was planned; raises `ApiError`."""
        body = cast("TransactionPatch", {"planned": False, "version": transaction["version"]})
        await self.money.change_transaction(transaction["id"], body, space=self._space)
        await self.found.refresh()

    async def plan(self, body: Any) -> TransactionOut:
        """Enter something that is expected; raises `ApiError`."""
        wanted: Any = {**body, "planned": True}
        return await self.money.enter_transaction(wanted, space=self._space)

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.money.list_transactions(cursor=cursor, limit=limit, space=self._space, **self.wanted)

    def reset(self) -> None:
        """Forget the list."""
        super().reset()
        self.found.reset()
