"""The household's series: where each is kept, how its episodes are named; and the templates of names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.generated.schemas import (
    NamingOut,
    NamingPatch,
    SeriesDetailOut,
    SeriesIn,
    SeriesOut,
    SeriesPatch,
    TemplateTryIn,
    TemplateTryOut,
)
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import Paged


@dataclass(eq=False)
class SeriesProvider(Provider):
    """Hold the list of series by title, and the one that is looked at (`shown`)."""

    hears = ("file_organizer.destination_learned",)

    query: str = ""
    series: Paged[SeriesOut] = field(init=False)
    shown: SeriesDetailOut | None = None

    def __post_init__(self) -> None:
        """Make the list."""
        self.series = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read the list as far as it is shown."""
        await self.series.refresh()
        if self.series.error:
            raise self.series.error

    async def search(self, query: str) -> None:
        """List the series whose title holds `query`; the state is that of `series`."""
        self.query = query.strip()
        await self.series.load()

    async def open(self, series_id: str) -> None:
        """Read one series; raises `ApiError`."""
        if self.shown is not None and self.shown["id"] != series_id:
            self.shown = None
        self.shown = await self.api.file_organizer.get_series(series_id)

    async def keep(self, title: str, path: str) -> str:
        """Say where a series is kept; return its id; raises `ApiError`."""
        made = await self.api.file_organizer.keep_series(cast("SeriesIn", {"title": title, "path": path}))
        self.shown = made
        await self.series.refresh()
        return made["id"]

    async def change(self, series_id: str, **changes: Any) -> None:
        """Change its folder or how it is named; raises `ApiError`."""
        self.shown = await self.api.file_organizer.change_series(series_id, cast("SeriesPatch", changes))
        await self.series.refresh()

    async def forget(self, series_id: str) -> None:
        """Forget where a series is kept: at once, put back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(self.series.remove(series_id)):
            await self.api.file_organizer.forget_series(series_id)

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_series(cursor=cursor, limit=limit, q=self.query or None)

    def reset(self) -> None:
        """Forget the list."""
        super().reset()
        self.series.reset()


@dataclass(eq=False)
class NamingProvider(Provider):
    """Hold how files are named when they are filed, and what was tried (`tried`, by kind)."""

    naming: NamingOut | None = None
    tried: dict[str, TemplateTryOut] = field(default_factory=dict)
    _tries: dict[str, int] = field(default_factory=dict, init=False, repr=False)

    async def fetch(self) -> None:
        """Ask for the choices."""
        self.naming = await self.api.file_organizer.get_naming()

    async def like_others(self, on: bool) -> None:
        """Switch "like the others" on or off; raises `ApiError`."""
        await self._change({"like_others": on})

    async def switch(self, kind: str, on: bool) -> None:
        """Switch a template on or off; raises `ApiError`."""
        await self._change({"templates": {kind: {"on": on}}})

    async def keep(self, kind: str, template: str) -> None:
        """Store a template; raises `ApiError` that names what is wrong with it."""
        await self._change({"templates": {kind: {"template": template}}})

    async def _change(self, changes: Any) -> None:
        self.naming = await self.api.file_organizer.change_naming(cast("NamingPatch", changes))

    async def try_out(self, kind: str, template: str) -> None:
        """Ask what a template would make of names; the newest question wins; raises `ApiError`."""
        asked = self._tries[kind] = self._tries.get(kind, 0) + 1
        found = await self.api.file_organizer.try_template(cast("TemplateTryIn", {"kind": kind, "template": template}))
        if asked == self._tries[kind]:
            self.tried = {**self.tried, kind: found}
