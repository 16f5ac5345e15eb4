"""What Homie learned: which words lead to which folders, and where series are kept. Everything can be forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import DestinationOut, SeriesOut
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class LearnedProvider(Provider):
    """Hold destinations and series, newest first."""

    hears = ("file_organizer.destination_learned",)

    query: str = ""
    destinations: Paged[DestinationOut] = field(init=False)
    series: Paged[SeriesOut] = field(init=False)

    def __post_init__(self) -> None:
        """Make the lists."""
        self.destinations = Paged(source=self._destinations)
        self.series = Paged(source=self._series)

    async def fetch(self) -> None:
        """Read both lists as far as they are shown."""
        for one in (self.destinations, self.series):
            await one.refresh()
            if one.error:
                raise one.error

    async def search(self, query: str) -> None:
        """List the destinations whose word or folder holds `query`; the state is that of `destinations`."""
        self.query = query.strip()
        await self.destinations.load()

    async def forget_destination(self, destination_id: str) -> None:
        """Forget one: at once, put back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(self.destinations.remove(destination_id)):
            await self.api.file_organizer.forget_destination(destination_id)

    async def forget_series(self, series_id: str) -> None:
        """Forget where a series is kept: at once, put back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(self.series.remove(series_id)):
            await self.api.file_organizer.forget_series(series_id)

    async def _destinations(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_destinations(cursor=cursor, limit=limit, q=self.query or None)

    async def _series(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_series(cursor=cursor, limit=limit)

    def reset(self) -> None:
        """Forget the lists."""
        super().reset()
        self.destinations.reset()
        self.series.reset()
