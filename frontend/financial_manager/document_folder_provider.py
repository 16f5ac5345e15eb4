"""Looking for a paper or a photo in the opened folders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import FolderEntryOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class DocumentFolderProvider(MoneyProvider):
    """Hold one folder with everything in it; without a path, the opened ones."""

    path: str | None = None
    parent: str | None = None
    items: tuple[FolderEntryOut, ...] = ()

    async def fetch(self) -> None:
        """Look into the folder that is shown."""
        await self.look_into(self.path)

    def on_event(self, event: Any) -> None:
        """Hear nothing: files come and go without a word."""

    async def look_into(self, path: str | None) -> None:
        """Look into a folder; where that fails one stays; raises `ApiError`."""
        found = await self.money.look_into_folder(path=path, kind="all", space=self._space)
        self.path, self.parent, self.items = found["path"], found["parent"], tuple(found["items"])
