"""What lies in the trash of the household's drives, putting it back, and emptying it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import JobRefOut, TrashItemOut, TrashVolumesOut
from frontend.providers.base import Event, Provider
from frontend.providers.jobs_provider import JobProgress, is_job_event
from frontend.providers.paged import Paged


@dataclass(eq=False)
class TrashProvider(Provider):
    """Hold the things in the trash (of one volume, if chosen), their sums, and the work that goes on."""

    hears = (
        "file_organizer.trash_emptied",
        "file_organizer.plan_executed",
        "file_organizer.operations_done",
        "file_organizer.run_undone",
        "file_organizer.drive_",
    )

    items: Paged[TrashItemOut] = field(init=False)
    sums: TrashVolumesOut | None = None
    volume_id: str = ""
    """Only things of this volume are listed; empty for all."""
    working: JobProgress | None = None
    removing: bool = False
    """Whether the work that goes on removes for good; otherwise it puts back."""

    def __post_init__(self) -> None:
        """Make the list."""
        self.items = Paged(source=self._items)

    async def fetch(self) -> None:
        """Read the sums, and the things as far as they are shown."""
        self.sums = await self.api.file_organizer.sum_up_trash()
        await self.items.refresh()
        if self.items.error:
            raise self.items.error

    async def choose(self, volume_id: str) -> None:
        """List the things of one volume only, or of all."""
        self.volume_id = volume_id
        await self.items.load()

    async def restore(self, item: TrashItemOut) -> None:
        """Put a thing back to where it was; raises `ApiError`."""
        started = await self.api.file_organizer.restore_from_trash({"ids": [item["id"]]}, space=item["owner_id"])
        await self._follow(started, removing=False)

    async def remove(self, item: TrashItemOut) -> None:
        """Remove one thing for good; raises `ApiError`."""
        started = await self.api.file_organizer.empty_trash({"ids": [item["id"]]}, space=item["owner_id"])
        await self._follow(started, removing=True)

    async def empty(self) -> None:
        """Remove everything that is listed for good: of the chosen volume, or of all that is connected."""
        body: Any = {"volume_id": self.volume_id} if self.volume_id else {"everything": True}
        await self._follow(await self.api.file_organizer.empty_trash(body), removing=True)

    async def keep_for(self, days: int) -> None:
        """Say how many days things are kept; 0 is for ever; raises `ApiError`."""
        await self.api.file_organizer.change_settings({"trash_days": days})
        await self.reload()

    async def make_room(self, on: bool) -> None:
        """Say whether the oldest goes from the trash of a nearly full drive; raises `ApiError`."""
        await self.api.file_organizer.change_settings({"trash_makes_room": on})
        await self.reload()

    def on_event(self, event: Event) -> None:
        """Follow the work, and read anew when it has ended."""
        if self.working is not None and is_job_event(event, self.working.job_id):
            self.working.hear(event)
            if not self.working.live:
                self.reload_soon()
        super().on_event(event)

    async def reload(self) -> None:
        """Read anew, the work that goes on included."""
        if self.working is not None and self.working.live:
            self.working.take(await self.api.jobs.get_job(self.working.job_id))
        await super().reload()

    async def _follow(self, started: JobRefOut, *, removing: bool) -> None:
        self.removing = removing
        self.working = progress = JobProgress(started["job_id"], started["state"])
        # It may have ended before this answer came; then its events are gone.
        progress.take(await self.api.jobs.get_job(started["job_id"]))
        if not progress.live:
            self.reload_soon()

    async def _items(self, cursor: str | None, limit: int) -> Any:
        return await self.api.file_organizer.list_trash(cursor=cursor, limit=limit, volume_id=self.volume_id or None)

    def reset(self) -> None:
        """Forget the trash."""
        super().reset()
        self.items.reset()
