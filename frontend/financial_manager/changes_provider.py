"""The record of what was done to the ledger, and taking steps back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import ChangeOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import read_after_write, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class ChangesProvider(MoneyProvider):
    """Hold the steps, newest first. `shown`: the one that is looked at, with its rows."""

    changes: Paged[ChangeOut] = field(init=False)
    shown: ChangeOut | None = None

    def __post_init__(self) -> None:
        """Make the list."""
        self.changes = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read anew what is shown."""
        if self.shown is None or self.changes.loaded:
            await self.changes.refresh()
            if self.changes.error:
                raise self.changes.error
        if self.shown is not None:
            await self._read(self.shown["id"])

    async def open(self, change_id: str) -> None:
        """Look at one step; raises `ApiError`."""
        if self.shown is not None and self.shown["id"] != change_id:
            self.shown = None
        await self._read(change_id)

    async def _read(self, change_id: str) -> None:
        found = await self.answer_for(change_id, self.money.get_change(change_id, space=self._space))
        if found is not None:
            self.shown, self.loaded = found, True

    async def undo(self, change_id: str) -> None:
        """Take a step back, or do again what was taken back: at once, back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(self.changes.update(change_id, {"undone": True})):
            await self.money.undo_change(change_id, space=self._space)
        if self.shown is not None and self.shown["id"] == change_id:
            await read_after_write(self, self._read(change_id))

    async def undo_last(self, kind: str, row_id: str) -> bool:
        """Take back the newest step of a kind that touched a row; tell whether there was one; raises `ApiError`."""
        recent = (await self.money.list_changes(limit=10, space=self._space))["items"]
        for one in recent:
            if one["kind"] != kind or one["undone"]:
                continue
            rows = (await self.money.get_change(one["id"], space=self._space))["rows"]
            if any(row["row_id"] == row_id for row in rows):
                await self.money.undo_change(one["id"], space=self._space)
                return True
        return False

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.money.list_changes(cursor=cursor, limit=limit, space=self._space)

    def reset(self) -> None:
        """Forget the record."""
        super().reset()
        self.changes.reset()
