"""Long work: declared by modules as handlers, kept in the `jobs` table, run by worker processes at least once.

A handler MUST be idempotent (it may run again after a crash), report progress, and stop when the job is cancelled:
`ctx.progress(...)` and `ctx.check()` raise `JobCancelled`, which the handler lets pass (cleaning up in `finally`).
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from pydantic import BaseModel

from backend.sdk.actor import Actor

if TYPE_CHECKING:
    from backend.sdk.module import ModuleContext

ArgsT = TypeVar("ArgsT", bound=BaseModel)


class JobState(enum.StrEnum):
    """Say where a job stands. QUEUED, RUNNING and CANCELLING are live; the rest are final."""

    QUEUED = "queued"
    RUNNING = "running"
    CANCELLING = "cancelling"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def final(self) -> bool:
        """Tell whether the job will never run again by itself."""
        return self in (JobState.DONE, JobState.FAILED, JobState.CANCELLED)


class JobCancelled(Exception):
    """Raised inside a handler at a checkpoint when somebody cancelled its job."""


class JobInterrupted(JobCancelled):
    """Raised at a checkpoint when the worker stops: the job is not cancelled and goes on later from what it saved.

    Handlers that let `JobCancelled` pass need not know it; one that undoes work on a cancel must let this pass first.
    """


class JobRetryLater(Exception):
    """Raised by a handler that cannot go on now (drive away, server busy): retried later, no attempt counted."""

    def __init__(self, reason: str, seconds: float = 30.0) -> None:
        self.reason = reason
        self.seconds = seconds
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class JobView:
    """Show one job as its owner sees it. `progress` is 0..1 or None while unknown; times are aware UTC.

    `part`: what core's own work is about, as backups name it ("core" or a module); None for all other work.
    """

    id: str
    owner_id: str
    kind: str
    state: JobState
    progress: float | None
    note: str
    counts: Mapping[str, int]
    attempt: int
    max_attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: Mapping[str, Any] | None
    error: str | None
    part: str | None = None


class JobContext(Protocol):
    """What a running handler is given."""

    job_id: str
    actor: Actor
    attempt: int
    module: ModuleContext
    saved: Mapping[str, Any]
    """What an earlier attempt stored with `save`; empty on the first."""

    def progress(self, fraction: float | None, note: str = "", **counts: int) -> None:
        """Tell how far the work is (0..1); throttled inside; raises `JobCancelled` when the job was cancelled."""
        ...

    def check(self) -> None:
        """Raise `JobCancelled` when the job was cancelled; cheap enough for every loop step."""
        ...

    def save(self, state: Mapping[str, Any]) -> None:
        """Store where to go on if this attempt dies."""
        ...


@dataclass(frozen=True, slots=True)
class JobHandler(Generic[ArgsT]):
    """Bind a job kind to its argument type and function; `kind` is `<module>.<verb_noun>`."""

    kind: str
    args: type[ArgsT]
    run: Callable[[JobContext, ArgsT], Mapping[str, Any] | None]
    max_attempts: int = 3
    priority: int = 0


class Jobs(Protocol):
    """Enqueue and look at jobs of the actor's owners."""

    def enqueue(
        self,
        actor: Actor,
        kind: str,
        args: BaseModel,
        *,
        dedupe: str | None = None,
        priority: int | None = None,
        run_at: datetime | None = None,
    ) -> JobView:
        """Store a job for `actor.owner_id`; with `dedupe`, a live job with that key is returned instead."""
        ...

    def get(self, actor: Actor, job_id: str) -> JobView:
        """Return one job; `NotFound` if absent or another owner's."""
        ...

    def hasten(self, actor: Actor, kinds: Sequence[str]) -> int:
        """Let jobs of `actor.owner_id` that wait for something (`JobRetryLater`) try again now; return how many."""
        ...

    def cancel(self, actor: Actor, job_id: str) -> JobView:
        """Ask a live job to stop; a queued one is cancelled at once, a running one at its next checkpoint."""
        ...
