"""What copies and oddities have in common: the last look through folders, its progress, and putting things away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend.api.errors import ApiError
from frontend.providers.base import Event, Provider
from frontend.providers.jobs_provider import JobProgress, is_job_event

HEARS = (
    "file_organizer.cleaning_",
    "file_organizer.operations_done",
    "file_organizer.run_undone",
)


@dataclass(eq=False)
class CleaningProvider(Provider):
    """Follow what puts things away; a look that goes on is followed by its own component."""

    hears = HEARS

    working: JobProgress | None = None
    """What puts things away, also after it ended, until the message is closed."""
    asked: int = 0
    """How many files it was asked to put away."""
    previews: dict[str, str | None] | None = None
    """Addresses of small pictures by volume and path; None for what is no picture."""

    def on_event(self, event: Event) -> None:
        """Follow the work, and read anew when it ended."""
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

    async def follow_work(self, started: Any) -> None:
        """Follow the job that puts things away; raises `ApiError`."""
        self.asked = int(started["files"])
        self.working = progress = JobProgress(started["job_id"], started["state"])
        # It may have ended before this answer came; then its events are gone.
        progress.take(await self.api.jobs.get_job(started["job_id"]))
        self.reload_soon()

    def close_message(self) -> None:
        """Close the message about what was put away."""
        self.working = None

    async def preview_of(self, volume_id: str, path: str) -> str | None:
        """Return the address of a small picture of a file, or None if it is no picture (any more)."""
        known = self.previews if self.previews is not None else {}
        self.previews = known
        key = f"{volume_id}:{path}"
        if key not in known:
            try:
                link = await self.api.transfers.make_link({"path": path, "volume_id": volume_id, "purpose": "view"})
                known[key] = link["preview_url"]
            except ApiError:
                known[key] = None
        return known[key]

    async def in_some_space(self, spaces: Sequence[str | None], ask: Any) -> Any:
        """Ask in one space after the other until one knows the folder; raises the last `ApiError`."""
        for space in spaces[:-1]:
            try:
                return await ask(space)
            except ApiError as error:
                if error.code != "path_not_allowed":
                    raise
        return await ask(spaces[-1])
