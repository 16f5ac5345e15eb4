"""The run of one job: what the handler holds (`RunningJob`), and the pulse that keeps its lease alive."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import Any

from backend.core.jobs.store import Claim, JobStore, Report
from backend.core.jobs.texts import shown
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.jobs import JobCancelled, JobInterrupted, JobState
from backend.sdk.module import ModuleContext

LOOK_SECONDS = 0.1
"""A checkpoint looks at most this often whether the job was cancelled."""
REPORT_SECONDS = 0.2
"""Progress is stored and told at most this often (5 Hz), and at the latest this long after the call."""


class RunningJob:
    """Implement `sdk.jobs.JobContext` for one run. Its methods may be called from several threads of the handler.

    `stopping` tells whether the worker wants to end. `module` is the context of the job's module.
    """

    def __init__(
        self, store: JobStore, claim: Claim, module: ModuleContext, clock: Clock, stopping: Callable[[], bool]
    ) -> None:
        self.claim = claim
        self.job_id = claim.job_id
        self.attempt = claim.attempt
        self.saved: Mapping[str, Any] = claim.saved
        self.module = module
        self.actor = Actor.of(claim.owner_id, claim.user_id)
        self.last: Report | None = None
        self._store = store
        self._clock = clock
        self._stopping = stopping
        self._pending: Report | None = None
        self._state: JobState | None = JobState.RUNNING
        self._looked = clock.monotonic()
        self._told = float("-inf")
        self.pulse = threading.Condition()

    def progress(self, fraction: float | None, note: str = "", **counts: int) -> None:
        """Tell how far the work is (0..1); stored at most four times a second; a checkpoint like `check`."""
        bounded = None if fraction is None else min(1.0, max(0.0, float(fraction)))
        with self.pulse:
            self.last = self._pending = Report(bounded, shown(note), counts)
            self.pulse.notify()
        self.check()

    def check(self) -> None:
        """Raise `JobCancelled` when the job was cancelled, `JobInterrupted` when this worker must let go of it."""
        now = self._clock.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self._state = self._store.state_of(self.claim)
        self._stand()

    def save(self, state: Mapping[str, Any]) -> None:
        """Store where to go on; a checkpoint like `check`."""
        self._state = self._store.save(self.claim, state)
        self.saved = dict(state)
        self._stand()

    def beat(self) -> None:
        """Prolong the lease and store pending progress; called by the pulse only."""
        with self.pulse:
            report, self._pending = self._pending, None
        self._told = self._clock.monotonic()
        try:
            self._state = self._store.keep_alive(self.claim, report)
        except Exception:
            with self.pulse:
                self._pending = self._pending or report  # for the next beat, unless there is newer news
            raise

    def due(self, lease_seconds: float) -> float:
        """Return after how many seconds the next `beat` is due: soon with news, else at a third of the lease."""
        gap = REPORT_SECONDS if self._pending is not None else lease_seconds / 3
        return max(0.0, self._told + gap - self._clock.monotonic())

    def _stand(self) -> None:
        if self._state is JobState.CANCELLING:
            raise JobCancelled()
        if self._state is None:
            raise JobInterrupted("another run has taken over this job")
        if self._stopping():
            raise JobInterrupted("the worker stops")


class Pulse:
    """Beat for one running job in a thread of its own, so that a handler deep in work keeps its lease."""

    def __init__(self, job: RunningJob, lease_seconds: float, log: Any) -> None:
        self._job = job
        self._lease_seconds = lease_seconds
        self._log = log
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="job-pulse", daemon=True)

    def __enter__(self) -> Pulse:
        self._job._told = self._job._clock.monotonic() - REPORT_SECONDS
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with self._job.pulse:
            self._ended = True
            self._job.pulse.notify()
        self._thread.join()

    def _run(self) -> None:
        while True:
            with self._job.pulse:
                while not self._ended and (wait := self._job.due(self._lease_seconds)) > 0:
                    self._job.pulse.wait(wait)
                if self._ended:
                    return
            try:
                self._job.beat()
            except Exception:
                # The lease outlives three missed beats; a database that stays away longer ends the run by itself.
                self._log.exception("a running job could not be kept alive", job_id=self._job.job_id)
