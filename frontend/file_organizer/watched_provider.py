"""The folders that Homie watches, how each is seen, and when the daily digest is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from frontend.api.generated.schemas import WatchedListOut, WatchedOut, WatchedPatch
from frontend.providers.base import Provider, undone_on_error


@dataclass(eq=False)
class WatchedProvider(Provider):
    """Hold the watched folders; they change by events as files come and go."""

    hears = (
        "file_organizer.folder_tended",
        "file_organizer.watching_changed",
        "file_organizer.plan_",
        "file_organizer.drive_",
    )

    list: WatchedListOut | None = None

    async def fetch(self) -> None:
        """Ask for the watched folders."""
        self.list = await self.api.file_organizer.list_watched()

    @property
    def folders(self) -> tuple[WatchedOut, ...]:
        """Return the watched folders, the oldest first."""
        return tuple(self.list["items"]) if self.list is not None else ()

    def one(self, watched_id: str) -> WatchedOut | None:
        """Return one of them, None if it is not watched any more."""
        return next((folder for folder in self.folders if folder["id"] == watched_id), None)

    async def add(self, path: str) -> WatchedOut:
        """Begin to watch a folder; raises `ApiError`."""
        made = await self.api.file_organizer.add_watched({"path": path})
        await self.load()
        return made

    async def change(self, watched_id: str, **changes: Any) -> None:
        """Change how a folder is watched: at once, taken back if the hub refuses; raises `ApiError`."""
        before = self.list

        def undo() -> None:
            self.list = before

        self._show(watched_id, changes)
        async with undone_on_error(undo):
            changed = await self.api.file_organizer.change_watched(watched_id, cast("WatchedPatch", changes))
        self._show(watched_id, dict(changed))

    async def remove(self, watched_id: str) -> None:
        """Watch a folder no more; raises `ApiError`."""
        await self.api.file_organizer.remove_watched(watched_id)
        await self.load()

    async def look(self, watched_id: str) -> None:
        """Look for new files now; raises `ApiError`."""
        await self.api.file_organizer.look_at_watched(watched_id)

    async def tell_at(self, hour: int | None, time_zone: str) -> None:
        """Say when the digest is told (None: never); raises `ApiError`."""
        changed = await self.api.file_organizer.change_digest({"hour": hour, "time_zone": time_zone})
        if self.list is not None:
            self.list = {**self.list, "digest_hour": changed["hour"], "time_zone": changed["time_zone"]}

    def _show(self, watched_id: str, changes: dict[str, Any]) -> None:
        if self.list is not None:
            items = [cast("WatchedOut", {**one, **changes}) if one["id"] == watched_id else one for one in self.folders]
            self.list = {**self.list, "items": items}

    def reset(self) -> None:
        """Forget the list."""
        super().reset()
        self.list = None
