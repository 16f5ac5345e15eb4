"""Oddities: the last look for them, what of one kind waits, and cleaning up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import JunkOut, JunkSearchOut
from frontend.file_organizer.cleaning_provider import CleaningProvider
from frontend.providers.paged import Paged


@dataclass(eq=False)
class CleanProvider(CleaningProvider):
    """Hold the last search, and the oddities of the kind that is open."""

    search: JunkSearchOut | None = None
    kind: str = ""
    items: Paged[JunkOut] = field(init=False)

    def __post_init__(self) -> None:
        """Make the list."""
        self.items = Paged(source=self._items)

    async def fetch(self) -> None:
        """Read the last search, and what is shown of its items."""
        found = (await self.api.file_organizer.list_junk_searches(limit=1))["items"]
        self.search = found[0] if found else None
        if self.search is None or self.search["state"] == "looking":
            self.items.reset()
        elif self.kind:
            await self.items.refresh()
            if self.items.error:
                raise self.items.error

    async def look(self, paths: Sequence[str], *, spaces: Sequence[str | None]) -> None:
        """Begin to look; raises `ApiError`."""

        async def ask(space: str | None) -> JunkSearchOut:
            return await self.api.file_organizer.look_for_junk({"paths": list(paths)}, space=space)

        self.working, self.kind = None, ""
        self.items.reset()
        self.search = await self.in_some_space(spaces, ask)

    async def show(self, kind: str) -> None:
        """Open one kind, or close it; the state is that of `items`."""
        self.kind = kind
        self.items.reset()
        if kind:
            await self.items.load()

    async def leave(self, item: JunkOut) -> None:
        """Leave one as it is: gone from the list at once, back if the hub refuses; raises `ApiError`."""
        assert self.search is not None
        undo = self.items.remove(item["id"])
        try:
            await self.api.file_organizer.leave_junk(
                self.search["id"], {"item_ids": [item["id"]]}, space=self.search["owner_id"]
            )
        except BaseException:
            undo()
            raise
        self.reload_soon()

    async def clean_up(self, *, kinds: Sequence[str] = (), item_ids: Sequence[str] = ()) -> None:
        """Do what is suggested with these kinds or items; raises `ApiError`."""
        assert self.search is not None
        body: Any = {"kinds": list(kinds), "item_ids": list(item_ids)}
        await self.follow_work(
            await self.api.file_organizer.clean_up(self.search["id"], body, space=self.search["owner_id"])
        )

    async def _items(self, cursor: str | None, limit: int) -> Any:
        if self.search is None or not self.kind:
            return {"items": []}
        kind: Any = self.kind
        return await self.api.file_organizer.list_junk(self.search["id"], cursor=cursor, limit=limit, kind=kind)

    def reset(self) -> None:
        """Forget everything."""
        super().reset()
        self.items.reset()
