"""Long work: the list of jobs, and one live object per running job, so that a tick redraws one bar and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from flet.components.observable import Observable

from frontend.api.errors import ApiError
from frontend.api.generated import HomieApi
from frontend.api.generated.schemas import JobOut, JobState
from frontend.providers.base import Event, Provider, undone_on_error
from frontend.providers.paged import Paged

LIVE = ("queued", "running", "cancelling")
_STATES: Mapping[str, JobState] = {
    "jobs.queued": "queued",
    "jobs.started": "running",
    "jobs.finished": "done",
    "jobs.failed": "failed",
    "jobs.cancelled": "cancelled",
}


@dataclass(eq=False)
class JobProgress(Observable):
    """Follow one job. `fraction` is 0..1, or None while nobody knows; `note` is what the job says of itself."""

    job_id: str
    state: JobState = "queued"
    fraction: float | None = None
    note: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    error: str = ""
    result: dict[str, Any] | None = None

    @property
    def live(self) -> bool:
        """Tell whether the job still waits or runs."""
        return self.state in LIVE

    def take(self, job: JobOut) -> None:
        """Show the job as its row is."""
        self.state, self.fraction, self.note = job["state"], job["progress"], job["note"]
        self.counts, self.error, self.result = dict(job["counts"]), job["error"] or "", job["result"]

    def hear(self, event: Event) -> None:
        """Show what an event of this job says."""
        name, payload = event["name"], event["payload"]
        if name == "jobs.progressed":
            if self.live:
                if self.state == "queued":
                    self.state = "running"
                self.fraction, self.note = payload.get("progress"), str(payload.get("note") or "")
                self.counts = dict(payload.get("counts") or {})
        elif name in _STATES:
            self.state = _STATES[name]
            self.error = str(payload.get("error") or "")
            self.result = payload.get("result")
            if name == "jobs.finished":
                self.fraction = 1.0


def is_job_event(event: Event, job_id: str | None) -> bool:
    """Tell whether an event is about this job."""
    return job_id is not None and event["name"].startswith("jobs.") and event["payload"].get("job_id") == job_id


@dataclass(eq=False)
class JobsProvider(Provider):
    """Hold the jobs of all spaces, newest first. `progress_of` gives the live object of one of them."""

    only_live: bool = False
    jobs: Paged[JobOut] = field(init=False)
    _live: dict[str, JobProgress] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Make the list."""
        self.jobs = Paged(source=self._page)

    @property
    def running(self) -> tuple[JobOut, ...]:
        """Return the jobs that wait or run."""
        return tuple(one for one in self.jobs.items if one["state"] in LIVE)

    async def fetch(self) -> None:
        """Read as much of the list as is shown."""
        await self.jobs.refresh()
        if self.jobs.error:
            raise self.jobs.error
        for job in self.jobs.items:
            if job["id"] in self._live:
                self._live[job["id"]].take(job)

    async def reload(self) -> None:
        """Load again what somebody looked at before, and how far the jobs are that somebody follows."""
        await super().reload()
        for progress in tuple(self._live.values()):
            if progress.live and self.jobs.get(progress.job_id) is None:
                with suppress(ApiError):  # the next reload asks again
                    await read_progress(self.api, progress)

    def reload_soon(self) -> None:
        """Reload in the background, also where only single jobs are followed and no list was loaded."""
        if not self._waiting and any(one.live for one in self._live.values()):
            self._waiting = True
            self.in_background(self._reload_once())
        else:
            super().reload_soon()

    def progress_of(self, job_id: str) -> JobProgress:
        """Return the live object of a job; always the same one, also before the job is known here."""
        if job_id not in self._live:
            made = self._live[job_id] = JobProgress(job_id)
            if (job := self.jobs.get(job_id)) is not None:
                made.take(job)
        return self._live[job_id]

    async def follow(self, job_id: str) -> JobProgress:
        """Return the live object of a job, read from the hub first; raises `ApiError`."""
        progress = self.progress_of(job_id)
        progress.take(await self.api.jobs.get_job(job_id))
        return progress

    async def cancel(self, job_id: str) -> None:
        """Ask a job to stop: shown at once, taken back if the hub refuses; raises `ApiError`."""
        progress = self.progress_of(job_id)
        before = progress.state

        def undo() -> None:
            if progress.state == "cancelling":
                progress.state = before

        progress.state = "cancelling"
        async with undone_on_error(undo, self.jobs.update(job_id, {"state": "cancelling"})):
            self._take(await self.api.jobs.cancel_job(job_id))

    async def retry(self, job_id: str) -> None:
        """Let a failed or cancelled job run again; raises `ApiError`."""
        progress = self.progress_of(job_id)
        before = progress.state

        def undo() -> None:
            if progress.state == "queued":
                progress.state = before

        progress.state = "queued"
        async with undone_on_error(undo, self.jobs.update(job_id, {"state": "queued", "error": None})):
            self._take(await self.api.jobs.retry_job(job_id))

    def on_event(self, event: Event) -> None:
        """Follow progress in the live object only; states change the list too."""
        if not event["name"].startswith("jobs."):
            return
        job_id = str(event["payload"].get("job_id"))
        if job_id in self._live:
            self._live[job_id].hear(event)
        if event["name"] == "jobs.progressed":
            return
        if event["name"] == "jobs.started" and self.jobs.get(job_id):
            self.jobs.update(job_id, {"state": "running", "attempt": event["payload"].get("attempt", 1)})
            return
        self.in_background(self._read_one(job_id))

    async def _read_one(self, job_id: str) -> None:
        """Take one job's row anew; a list that nobody looked at stays unread."""
        if not self.loaded:
            return
        try:
            self._take(await self.api.jobs.get_job(job_id))
        except ApiError:
            self.reload_soon()

    def _take(self, job: JobOut) -> None:
        if self.loaded:
            self.jobs.insert(job)
        if job["id"] in self._live:
            self._live[job["id"]].take(job)

    async def _page(self, cursor: str | None, limit: int) -> Any:
        return await self.api.jobs.list_jobs(cursor=cursor, limit=limit, live=self.only_live or None)

    def reset(self) -> None:
        """Forget every job."""
        super().reset()
        self.jobs.reset()
        self._live.clear()


async def read_progress(api: HomieApi, progress: JobProgress) -> None:
    """Bring a live object up to date with the job's row; raises `ApiError`."""
    progress.take(await api.jobs.get_job(progress.job_id))
