"""Statement inboxes: folders whose statements are read by themselves, and the files that wait for a person."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from frontend.api.generated.schemas import FolderOfStatementsOut, InboxOut, LookedOut, SeenOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import undone_on_error


@dataclass(eq=False)
class InboxesProvider(MoneyProvider):
    """Hold the inboxes and what waits. `folder`: what is looked into while a folder is chosen."""

    inboxes: tuple[InboxOut, ...] = ()
    waiting: tuple[SeenOut, ...] = ()
    folder: FolderOfStatementsOut | None = None

    async def fetch(self) -> None:
        """Read both."""
        inboxes, waiting = await asyncio.gather(
            self.money.list_inboxes(space=self._space), self.money.list_statements_seen(space=self._space)
        )
        self.inboxes, self.waiting = tuple(inboxes["items"]), tuple(waiting["items"])

    async def look_into(self, path: str | None) -> None:
        """Look into a folder to choose one; raises `ApiError`."""
        self.folder = await self.money.look_into_folder(path=path)

    def close_folder(self) -> None:
        """Choose none."""
        self.folder = None

    async def add(self, path: str) -> None:
        """Make a folder an inbox; raises `ApiError`."""
        await self.money.add_inbox({"path": path}, space=self._space)
        self.folder = None
        await self.load()

    async def remove(self, inbox: InboxOut) -> None:
        """Look into a folder no more: it goes at once, and comes back if the hub refuses; raises `ApiError`."""
        undo = self.replace("inboxes", tuple(one for one in self.inboxes if one is not inbox))
        async with undone_on_error(undo):
            await self.money.remove_inbox(inbox["id"], space=self._space)

    async def look(self) -> LookedOut:
        """Look into the inboxes now; raises `ApiError`."""
        told = await self.money.look_into_inboxes(space=self._space)
        await self.load()
        return told

    async def leave(self, seen: SeenOut) -> None:
        """Want nothing of a file: it goes at once, and comes back if the hub refuses; raises `ApiError`."""
        undo = self.replace("waiting", tuple(one for one in self.waiting if one is not seen))
        async with undone_on_error(undo):
            await self.money.leave_statement(seen["id"], {"left": True}, space=self._space)

    async def take_up(self, seen: SeenOut) -> None:
        """Let a file wait after all; raises `ApiError`."""
        await self.money.leave_statement(seen["id"], {"left": False}, space=self._space)
        await self.load()
