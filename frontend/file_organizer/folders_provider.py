"""Choosing a folder: browse from the folders that were opened for the person, search by name, recently used ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import FolderHitOut, FolderOut, SubfolderOut, VolumePath
from frontend.providers.base import Provider
from frontend.providers.paged import Paged


def _root_key(folder: FolderOut) -> str:
    return f"{folder['volume_id']}:{folder['path']}"


def _place_key(folder: SubfolderOut) -> str:
    return f"{folder['place']['volume_id']}:{folder['place']['path']}"


@dataclass(eq=False)
class FoldersProvider(Provider):
    """Hold the picker's place: `trail` is the way from a root to `place`, `content` the folders inside."""

    hears = ("file_organizer.drive_", "accounts.roots_changed")

    roots: Paged[FolderOut] = field(init=False)
    content: Paged[SubfolderOut] = field(init=False)
    trail: tuple[VolumePath, ...] = ()
    recent: tuple[FolderHitOut, ...] = ()
    query: str = ""
    hits: tuple[FolderHitOut, ...] = ()
    searching: bool = False
    complete: bool = True
    """Whether the hub looked at all folders in the time that a search may take."""
    _asked: int = field(default=0, init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the lists."""
        self.roots = Paged(source=self._roots, key=_root_key)
        self.content = Paged(source=self._content, key=_place_key)

    @property
    def place(self) -> VolumePath | None:
        """Return the folder that is looked into, or None at the top."""
        return self.trail[-1] if self.trail else None

    async def fetch(self) -> None:
        """Ask for the opened folders and the recent ones."""
        await self.roots.refresh()
        if self.roots.error:
            raise self.roots.error
        self.recent = tuple((await self.api.file_organizer.list_recent_folders())["items"])
        if self.trail:
            await self.content.refresh()

    async def enter(self, place: VolumePath) -> None:
        """Look into a folder; the state is that of `content`."""
        self.trail = (*self.trail, place)
        await self._show()

    async def up(self) -> None:
        """Go back one folder."""
        self.trail = self.trail[:-1]
        await self._show()

    async def back_to(self, depth: int) -> None:
        """Go back to a folder of the trail; 0 is the top."""
        self.trail = self.trail[:depth]
        await self._show()

    async def search(self, query: str, *, writable: bool | None = None) -> None:
        """Find folders by name, learned and recent ones first; the newest question wins; raises `ApiError`."""
        self.query = query.strip()
        self._asked += 1
        asked = self._asked
        if not self.query:
            self.hits, self.searching = (), False
            return
        self.searching = True
        try:
            found = await self.api.file_organizer.search_folders(q=self.query, writable=writable)
        except ApiError:
            if asked == self._asked:
                self.searching = False
                raise
            return
        if asked == self._asked:
            self.hits, self.complete, self.searching = tuple(found["items"]), found["complete"], False

    async def _show(self) -> None:
        self.content.reset()
        if self.trail:
            await self.content.load()

    async def _roots(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_folders(cursor=cursor, limit=limit)

    async def _content(self, cursor: str | None, limit: int) -> Any:
        place = self.place
        if place is None:
            return {"items": []}
        return await self.api.file_organizer.list_folder_content(
            cursor=cursor, limit=limit, volume_id=place["volume_id"], path=place["path"]
        )

    def reset(self) -> None:
        """Forget the place."""
        super().reset()
        self.roots.reset()
        self.content.reset()
