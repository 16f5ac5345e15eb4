"""What Homie learned: which folders things go to, by what signs, where series are kept. All can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.generated.schemas import (
    DestinationOut,
    DestinationPatch,
    LearnedFileOut,
    MemoryDocumentOut,
    MemorySummaryOut,
    MemoryWhyOut,
    SeriesOut,
)
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class LearnedProvider(Provider):
    """Hold destinations and series, newest first, how much is remembered, and the folder that is looked at."""

    hears = ("file_organizer.destination_learned",)

    query: str = ""
    summary: MemorySummaryOut | None = None
    shown: DestinationOut | None = None
    destinations: Paged[DestinationOut] = field(init=False)
    series: Paged[SeriesOut] = field(init=False)
    files: Paged[LearnedFileOut] = field(init=False)

    def __post_init__(self) -> None:
        """Make the lists."""
        self.destinations = Paged(source=self._destinations)
        self.series = Paged(source=self._series)
        self.files = Paged(source=self._files)

    async def fetch(self) -> None:
        """Read the lists as far as they are shown, and how much is remembered."""
        self.summary = await self.api.file_organizer.get_memory_summary()
        for one in (self.destinations, self.series):
            await one.refresh()
            if one.error:
                raise one.error

    async def search(self, query: str) -> None:
        """List the destinations whose folder or purpose holds `query`; the state is that of `destinations`."""
        self.query = query.strip()
        await self.destinations.load()

    async def open(self, destination_id: str) -> None:
        """Look at one folder; raises `ApiError`."""
        if self.shown is None or self.shown["id"] != destination_id:
            self.shown = None
            self.files.reset()
        self.shown = await self.api.file_organizer.get_destination(destination_id)
        await self.files.load()

    async def change(self, destination_id: str, **changes: Any) -> None:
        """Name, colour or send a folder's files elsewhere; raises `ApiError`."""
        body = cast("DestinationPatch", changes)
        found = await self.api.file_organizer.change_destination(destination_id, body)
        self.destinations.update(destination_id, found)
        if self.shown is not None and self.shown["id"] in (destination_id, found["id"]):
            self.shown = found

    async def set_learning(self, learning: bool) -> None:
        """Let Homie learn, or pause it; raises `ApiError`."""
        await self.api.file_organizer.change_settings({"learning": learning})
        self.summary = await self.api.file_organizer.get_memory_summary()

    async def forget_destination(self, destination_id: str) -> str:
        """Forget one: at once, put back if the hub refuses; returns the key that takes it back; raises `ApiError`."""
        async with undone_on_error(self.destinations.remove(destination_id)):
            return (await self.api.file_organizer.forget_destination(destination_id))["key"]

    async def forget_file(self, file_id: str) -> str:
        """Forget one lesson: at once, put back if the hub refuses; returns the key; raises `ApiError`."""
        async with undone_on_error(self.files.remove(file_id)):
            return (await self.api.file_organizer.forget_learned_file(file_id))["key"]

    async def forget_everything(self) -> str:
        """Forget everything about where files belong; returns the key that takes it back; raises `ApiError`."""
        key = (await self.api.file_organizer.forget_everything({"confirm": True}))["key"]
        await self.reload()
        return key

    async def restore(self, key: str) -> None:
        """Take forgetting back; raises `ApiError`."""
        await self.api.file_organizer.restore_learned({"key": key})
        await self.reload()
        if self.shown is not None:
            await self.files.load()

    async def forget_series(self, series_id: str) -> None:
        """Forget where a series is kept: at once, put back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(self.series.remove(series_id)):
            await self.api.file_organizer.forget_series(series_id)

    async def export(self) -> MemoryDocumentOut:
        """Return everything that the memory holds; raises `ApiError`."""
        return await self.api.file_organizer.export_memory()

    async def bring_in(self, document: dict[str, Any]) -> int:
        """Add what was saved before; returns how many files are new; raises `ApiError`."""
        found = await self.api.file_organizer.import_memory({"document": document})
        await self.reload()
        return found["files"]

    async def why(self, name: str) -> MemoryWhyOut:
        """Ask where a file with this name would go; raises `ApiError`."""
        return (await self.api.file_organizer.ask_why({"names": [name]}))["items"][0]

    async def _destinations(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_destinations(cursor=cursor, limit=limit, q=self.query or None)

    async def _series(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_series(cursor=cursor, limit=limit)

    async def _files(self, cursor: str | None, limit: int) -> Any:
        shown = self.shown
        if shown is None:
            return {"items": [], "next_cursor": None}
        return await self.api.file_organizer.list_destination_files(shown["id"], cursor=cursor, limit=limit)

    def reset(self) -> None:
        """Forget the lists."""
        super().reset()
        self.summary = self.shown = None
        for one in (self.destinations, self.series, self.files):
            one.reset()
