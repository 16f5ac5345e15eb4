"""What happens to jobs, told to their owner: modules subscribe to these to go on when their work is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class JobEvent(Event):
    """Be the base of all job events; subscribe to it to hear every one. `job_id` names the job, `kind` its handler."""

    name: ClassVar[str] = "jobs.changed"
    job_id: str
    kind: str
    attempt: int = 0


@dataclass(frozen=True, kw_only=True)
class JobQueued(JobEvent):
    """A job waits for a worker: it is new, or it was put back. `reason` says why it was put back, if it was."""

    name: ClassVar[str] = "jobs.queued"
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class JobStarted(JobEvent):
    """A worker took the job; `attempt` counts from 1."""

    name: ClassVar[str] = "jobs.started"


@dataclass(frozen=True, kw_only=True)
class JobProgressed(JobEvent):
    """The job got further; a hint only, the row of the job tells the truth. `progress` is 0..1 or None."""

    name: ClassVar[str] = "jobs.progressed"
    durable: ClassVar[bool] = False
    progress: float | None = None
    note: str = ""
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class JobFinished(JobEvent):
    """The handler returned; `result` is what it returned."""

    name: ClassVar[str] = "jobs.finished"
    result: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class JobFailed(JobEvent):
    """The job is given up after its last attempt; `error` is a sentence for people."""

    name: ClassVar[str] = "jobs.failed"
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class JobWasCancelled(JobEvent):
    """Somebody cancelled the job and it has stopped."""

    name: ClassVar[str] = "jobs.cancelled"
