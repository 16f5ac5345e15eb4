"""What people and modules do with jobs: enqueue, look, cancel, try again. Every step sees one actor's spaces only."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend.core.jobs.carrier import JobCarrier, Silence
from backend.core.jobs.handlers import module_of
from backend.core.jobs.models import LIVE_STATES, Job, JobClock
from backend.core.jobs.texts import restored, storable
from backend.core.jobs.turns import next_turn
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import Conflict, FieldProblem, InvalidInput, NotFound
from backend.sdk.job_events import JobQueued, JobWasCancelled
from backend.sdk.jobs import JobHandler, JobState, JobView

T = TypeVar("T")
LONGEST_DEDUPE = 200
_LIVE = tuple(state.value for state in LIVE_STATES)


class JobNotRetryable(Conflict):
    """Only a job that failed or was cancelled can be tried again."""

    code, message = "job_not_retryable", "Only a job that failed or was cancelled can be tried again."


CORE = "core"
"""Whose jobs say which part of the hub they are about; a module's own arguments stay its own."""


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Say which jobs to list; empty means all. `before` is the id after which the list goes on (newest first)."""

    states: tuple[JobState, ...] = ()
    kind: str | None = None
    module: str | None = None
    space: str | None = None
    before: str | None = None
    limit: int = 50


class JobService:
    """Implement `sdk.jobs.Jobs` on the `jobs` table, and what the API needs besides.

    `find_handler` returns the handler of a kind or raises; without it, kinds are not checked and the defaults of
    `JobHandler` hold. `carrier` tells workers about new jobs.
    """

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        carrier: JobCarrier | None = None,
        find_handler: Callable[[str], JobHandler[Any]] | None = None,
    ) -> None:
        self.db = db
        self._clock = clock
        self._carrier = carrier or Silence()
        self._find_handler = find_handler

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
        """Store a job for `actor.owner_id`; with `dedupe`, a live job of that kind and key is returned instead.

        Raises `InvalidInput` for an unknown kind or arguments of another kind.
        """
        handler = self._checked_handler(kind, args)
        if dedupe is not None and len(dedupe) > LONGEST_DEDUPE:
            raise InvalidInput(
                fields=[FieldProblem("dedupe", f"is longer than {LONGEST_DEDUPE} characters", "Use a hash of it.")]
            )
        now, home = self._clock.now(), actor.only_in(actor.owner_id)
        values: dict[str, Any] = {
            "kind": kind,
            "module": module_of(kind),
            "user_id": actor.user_id,
            "args": storable(args.model_dump(mode="json")),
            "dedupe": dedupe,
            "state": JobState.QUEUED.value,
            "priority": priority if priority is not None else handler.priority if handler else 0,
            "run_at": run_at or now,
            "attempt": 0,
            "max_attempts": handler.max_attempts if handler else 3,
            "note": "",
            "counts": {},
            "saved": {},
            "created_at": now,
        }
        try:
            view, fresh = self.db.write(home, _store, values)
        except IntegrityError:
            # Another process stored a job with the same key between our look and our insert: that one counts.
            view, fresh = self.db.write(home, _store, values)
        if fresh:
            self._carrier.carry(view.id, values["module"], values["run_at"])
        return view

    def get(self, actor: Actor, job_id: str) -> JobView:
        """Return one job; `NotFound` if absent or another owner's."""
        return self.db.read(actor, lambda session: view_of(_find(session, job_id)))

    def list(self, actor: Actor, wanted: JobFilter | None = None) -> list[JobView]:
        """Return the actor's jobs, newest first; `NotFound` for a space that is not theirs."""
        wanted = wanted or JobFilter()
        return self.db.read(actor if wanted.space is None else actor.only_in(wanted.space), _list, wanted)

    def hasten(self, actor: Actor, kinds: Sequence[str]) -> int:
        """Let jobs of `actor.owner_id` that wait for something (`JobRetryLater`) try again now; return how many.

        Those that were asked for at a later time, and never ran, keep their time.
        """
        now = self._clock.now()

        def step(session: OwnedSession) -> list[tuple[str, str]]:
            waiting = select(Job).where(
                Job.owner_id == actor.owner_id,
                Job.state == JobState.QUEUED.value,
                Job.kind.in_(list(kinds)),
                Job.run_at > now,
                Job.started_at.is_not(None),
            )
            found = list(session.scalars(waiting))
            for job in found:
                job.run_at = now
            return [(job.id, job.module) for job in found]

        woken = self.db.write(actor.only_in(actor.owner_id), step)
        for job_id, module in woken:
            self._carrier.carry(job_id, module, now)
        return len(woken)

    def cancel(self, actor: Actor, job_id: str) -> JobView:
        """Ask a live job to stop; a queued one is cancelled at once, a running one at its next checkpoint."""

        def step(session: OwnedSession) -> JobView:
            job = _find(session, job_id, lock=True)
            if job.state == JobState.QUEUED:
                job.state, job.finished_at = JobState.CANCELLED.value, self._clock.now()
                session.emit(JobWasCancelled(**_about(job)))
            elif job.state == JobState.RUNNING:
                job.state = JobState.CANCELLING.value
            return view_of(job)

        return self._write_home(actor, job_id, step)

    def retry(self, actor: Actor, job_id: str) -> JobView:
        """Queue a failed or cancelled job again, with fresh attempts; it goes on from what it saved.

        Raises `JobNotRetryable` in any other state, or while another live job has its dedupe key.
        """

        def step(session: OwnedSession) -> tuple[JobView, str]:
            job = _find(session, job_id, lock=True)
            if job.state not in (JobState.FAILED, JobState.CANCELLED):
                raise JobNotRetryable()
            if job.dedupe is not None and _live_twin(session, job.kind, job.dedupe) is not None:
                raise JobNotRetryable("The same work is already waiting or running.")
            job.state, job.attempt = JobState.QUEUED.value, 0
            job.error = job.result = job.finished_at = job.progress = None
            job.run_at, job.turn = self._clock.now(), _turn(session, job.priority)
            session.emit(JobQueued(**_about(job)))
            return view_of(job), job.module

        view, module = self._write_home(actor, job_id, step)
        self._carrier.carry(view.id, module, self._clock.now())
        return view

    def _write_home(self, actor: Actor, job_id: str, step: Callable[[OwnedSession], T]) -> T:
        """Write as the job's own owner: an actor may stop work of any space that it is a member of."""
        owner = self.get(actor, job_id).owner_id
        return self.db.write(actor.only_in(owner), step)

    def _checked_handler(self, kind: str, args: BaseModel) -> JobHandler[Any] | None:
        if self._find_handler is None:
            return None
        handler = self._find_handler(kind)
        if not isinstance(args, handler.args):
            raise InvalidInput(
                "The arguments do not fit this kind of job.",
                fields=[FieldProblem("args", f"{kind} takes {handler.args.__name__}", "Pass that type.")],
            )
        return handler


def view_of(job: Job) -> JobView:
    """Return what the owner sees of a row."""
    return JobView(
        id=job.id, owner_id=job.owner_id, kind=job.kind, state=JobState(job.state), progress=job.progress,
        note=job.note, counts=dict(job.counts), attempt=job.attempt, max_attempts=job.max_attempts,
        created_at=job.created_at, started_at=job.started_at, finished_at=job.finished_at,
        result=restored(job.result) if job.result is not None else None, error=job.error,
        part=job.args.get("part") if job.module == CORE else None,
    )  # fmt: skip


def _store(session: OwnedSession, values: dict[str, Any]) -> tuple[JobView, bool]:
    dedupe = values["dedupe"]
    if dedupe is not None and (twin := _live_twin(session, values["kind"], dedupe)) is not None:
        return view_of(twin), False
    job = Job(**values, turn=_turn(session, values["priority"]))
    session.add(job)
    session.flush()
    session.emit(JobQueued(**_about(job)))
    return view_of(job), True


def _live_twin(session: OwnedSession, kind: str, dedupe: str) -> Job | None:
    return session.scalars(select(Job).where(Job.kind == kind, Job.dedupe == dedupe, Job.state.in_(_LIVE))).first()


def _turn(session: OwnedSession, priority: int) -> float:
    last = session.scalar(
        select(func.max(Job.turn)).where(Job.state == JobState.QUEUED.value, Job.priority == priority)
    )
    present = session.scalar(select(JobClock.turn).where(JobClock.id == 1))
    return next_turn(present or 0.0, last, priority)


def _find(session: OwnedSession, job_id: str, *, lock: bool = False) -> Job:
    query = select(Job).where(Job.id == job_id)
    job = session.scalars(query.with_for_update() if lock else query).first()
    if job is None:
        raise NotFound("This job does not exist.")
    return job


def _list(session: OwnedSession, wanted: JobFilter) -> list[JobView]:
    query = select(Job).order_by(Job.id.desc()).limit(wanted.limit)
    if wanted.states:
        query = query.where(Job.state.in_([state.value for state in wanted.states]))
    if wanted.kind is not None:
        query = query.where(Job.kind == wanted.kind)
    if wanted.module is not None:
        query = query.where(Job.module == wanted.module)
    if wanted.before is not None:
        query = query.where(Job.id < wanted.before)
    return [view_of(job) for job in session.scalars(query)]


def _about(job: Job) -> dict[str, Any]:
    return {"owner_id": job.owner_id, "job_id": job.id, "kind": job.kind, "attempt": job.attempt}
