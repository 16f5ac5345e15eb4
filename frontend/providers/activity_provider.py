"""All work of the past and present, narrowed by how it stands: the list behind the screen Activity."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import JobOut, JobState
from frontend.providers.base import Event, Provider, undone_on_error
from frontend.providers.jobs_provider import LIVE
from frontend.providers.paged import Paged

Shown = Literal["all", "live", "failed", "done"]


@dataclass(eq=False)
class ActivityProvider(Provider):
    """Hold the jobs of all spaces, newest first, as far as they were read; `shown` says which."""

    shown: Shown = "all"
    job: JobOut | None = None
    """The job that is looked at."""
    jobs: Paged[JobOut] = field(init=False)

    def __post_init__(self) -> None:
        """Make the list."""
        self.jobs = Paged(source=self._page)

    async def fetch(self) -> None:
        """Read as much of the list as is shown."""
        await self.jobs.refresh()
        if self.jobs.error:
            raise self.jobs.error

    async def show(self, shown: Shown) -> None:
        """Narrow the list."""
        if shown != self.shown:
            self.shown = shown
            self.drop()
            self.jobs.reset()
        await self.load()

    async def look_at(self, job_id: str) -> None:
        """Read one job; raises `ApiError`."""
        if self.job is not None and self.job["id"] != job_id:
            self.job = None
        job = await self.api.jobs.get_job(job_id)
        self.job = job
        self._take(job)

    async def cancel(self, job_id: str) -> None:
        """Ask a job to stop: shown at once, taken back if the hub refuses; raises `ApiError`."""
        async with undone_on_error(*self._change(job_id, {"state": "cancelling"})):
            self._take(await self.api.jobs.cancel_job(job_id))

    async def retry(self, job_id: str) -> None:
        """Let a failed or cancelled job run again; raises `ApiError`."""
        async with undone_on_error(*self._change(job_id, {"state": "queued", "error": None})):
            self._take(await self.api.jobs.retry_job(job_id))

    def on_event(self, event: Event) -> None:
        """Take a job's row anew after its state changed; progress is followed by the live objects."""
        if event["name"].startswith("jobs.") and event["name"] != "jobs.progressed":
            self.in_background(self._read_one(str(event["payload"].get("job_id"))))

    async def _read_one(self, job_id: str) -> None:
        if not self.loaded and (self.job is None or self.job["id"] != job_id):
            return
        try:
            self._take(await self.api.jobs.get_job(job_id))
        except ApiError:
            self.reload_soon()

    def _take(self, job: JobOut) -> None:
        if self.jobs.get(job["id"]) is not None or (self.loaded and self._fits(job["state"])):
            self.jobs.insert(job)
        if self.job is not None and self.job["id"] == job["id"]:
            self.job = job

    def _fits(self, state: JobState) -> bool:
        return self.shown == "all" or state == self.shown or (self.shown == "live" and state in LIVE)

    def _change(self, job_id: str, changes: dict[str, Any]) -> list[Any]:
        undos = [self.jobs.update(job_id, changes)]
        before = self.job
        if before is not None and before["id"] == job_id:
            changed: Any = {**before, **changes}
            self.job = changed

            def undo() -> None:
                if self.job == changed:  # a dictionary is wrapped when it is stored
                    self.job = before

            undos.append(undo)
        return undos

    async def _page(self, cursor: str | None, limit: int) -> Any:
        state: Any = self.shown if self.shown in ("failed", "done") else None
        live = True if self.shown == "live" else None
        return await self.api.jobs.list_jobs(cursor=cursor, limit=limit, state=state, live=live)

    def reset(self) -> None:
        """Forget every job."""
        super().reset()
        self.jobs.reset()
