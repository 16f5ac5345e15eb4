"""What was imported, and taking an import back."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import ImportDetailOut, ImportOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import read_after_write
from frontend.providers.paged import Paged


@dataclass(eq=False)
class ImportsProvider(MoneyProvider):
    """Hold the imports, newest first, and the one that is looked at."""

    imports: Paged[ImportOut] = field(init=False)
    shown: ImportDetailOut | None = None

    def __post_init__(self) -> None:
        """Make the list."""
        self.imports = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read anew what is shown."""
        if self.shown is None or self.imports.loaded:
            await self.imports.refresh()
            if self.imports.error:
                raise self.imports.error
        if self.shown is not None:
            await self._read(self.shown["id"])

    async def open(self, import_id: str) -> None:
        """Look at one import; raises `ApiError`."""
        if self.shown is not None and self.shown["id"] != import_id:
            self.shown = None
        await self._read(import_id)

    async def _read(self, import_id: str) -> None:
        found = await self.answer_for(import_id, self.money.get_import(import_id, space=self._space))
        if found is not None:
            self.shown, self.loaded = found, True

    async def decide(self, import_id: str, position: int, *, book: bool) -> None:
        """Say that a line is what is there already, or book it after all; raises `ApiError`."""
        body: Any = {"position": position, "book": book}
        self.shown = await self.money.decide_import_line(import_id, body, space=self._space)

    async def undo(self, import_id: str) -> None:
        """Take an import back; raises `ApiError`."""
        told = await self.money.undo_import(import_id, space=self._space)
        self.imports.update(import_id, told)
        if self.shown is not None and self.shown["id"] == import_id:
            await read_after_write(self, self._read(import_id))

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.money.list_imports(cursor=cursor, limit=limit, space=self._space)

    def reset(self) -> None:
        """Forget the imports."""
        super().reset()
        self.imports.reset()
