"""Reading files again that Homie put where they are: what was found last, and the work that goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from frontend.api.generated.schemas import VerificationOut
from frontend.providers.base import Event, Provider
from frontend.providers.jobs_provider import JobProgress, is_job_event


@dataclass(eq=False)
class VerificationProvider(Provider):
    """Hold the last result and the reading that goes on."""

    hears = ("file_organizer.files_verified",)

    last: VerificationOut | None = None
    working: JobProgress | None = None

    async def fetch(self) -> None:
        """Ask what was found last."""
        self.last = (await self.api.file_organizer.get_verification())["last"]

    async def start(self, sample: int | None) -> None:
        """Read `sample` files again, or all; raises `ApiError`."""
        body: Any = {"everything": True} if sample is None else {"sample": sample}
        started = await self.api.file_organizer.verify_files(body)
        self.working = progress = JobProgress(started["job_id"], started["state"])
        # It may have ended before this answer came; then its events are gone.
        progress.take(await self.api.jobs.get_job(started["job_id"]))
        if not progress.live:
            self.reload_soon()

    async def stop(self) -> None:
        """Stop reading; what was found so far stays; raises `ApiError`."""
        if self.working is not None:
            self.working.take(await self.api.jobs.cancel_job(self.working.job_id))

    def on_event(self, event: Event) -> None:
        """Follow the reading, and ask anew when it has ended."""
        if self.working is not None and is_job_event(event, self.working.job_id):
            self.working.hear(event)
            if not self.working.live:
                self.reload_soon()
        super().on_event(event)

    async def reload(self) -> None:
        """Read anew, the reading that goes on included."""
        if self.working is not None and self.working.live:
            self.working.take(await self.api.jobs.get_job(self.working.job_id))
        await super().reload()
