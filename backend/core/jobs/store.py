"""What workers do to the `jobs` table: claim, keep alive, report, settle. Every step is one transaction.

A claim stamps a fresh `lease_id`; each later write of that run names it. So a worker that slept through its lease (a
suspended laptop) and comes back cannot write over the run that replaced it: it is told `None` and stops.

    queued --claim--> running --finish--> done
       ^                 |------fail----> queued (attempts left) | failed
       |-----release-----|                cancelling --settle--> cancelled
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from backend.core.jobs.backoff import Backoff, jittered
from backend.core.jobs.models import Job, JobClock
from backend.core.jobs.texts import readable, restored, shown, storable
from backend.sdk.clock import Clock
from backend.sdk.db import Database, UnscopedSession
from backend.sdk.ids import NewId, new_id
from backend.sdk.job_events import (
    JobFailed,
    JobFinished,
    JobProgressed,
    JobQueued,
    JobStarted,
    JobWasCancelled,
)
from backend.sdk.jobs import JobState

ACTIVE = (JobState.RUNNING.value, JobState.CANCELLING.value)


@dataclass(frozen=True, slots=True)
class Claim:
    """Be one run of one job, as handed to a worker."""

    owner_id: str
    job_id: str
    user_id: str
    kind: str
    args: Mapping[str, Any]
    attempt: int
    max_attempts: int
    saved: Mapping[str, Any]
    lease_id: str


@dataclass(frozen=True, slots=True)
class Report:
    """Be what a handler last said about its progress."""

    progress: float | None
    note: str
    counts: Mapping[str, int]


class JobStore:
    """Change rows of the `jobs` table on behalf of workers; `lease_seconds` is how long a claim holds unattended."""

    def __init__(
        self,
        db: Database,
        clock: Clock,
        *,
        new_id: NewId = new_id,
        lease_seconds: float = 30.0,
        backoff: Backoff | None = None,
        per_owner: int = 0,
    ) -> None:
        self.db = db
        self.clock = clock
        self.lease_seconds = lease_seconds
        self._new_id = new_id
        self._backoff = backoff or jittered()
        self._per_owner = per_owner

    def claim(self, worker: str, *, modules: Sequence[str] | None = None) -> Claim | None:
        """Take the job whose turn it is (`modules`: only of these); return None when nothing is due."""

        def step(session: UnscopedSession) -> Claim | None:
            now = self.clock.now()
            job = session.scalars(self._due(now, modules)).first()
            if job is None:
                return None
            job.state = JobState.RUNNING.value
            job.worker, job.lease_id = worker, self._new_id()
            job.lease_until = now + timedelta(seconds=self.lease_seconds)
            job.attempt += 1
            job.started_at, job.finished_at, job.error = now, None, None
            self._advance_turn(session, job.turn)
            session.emit(JobStarted(**_about(job)))
            return Claim(
                job.owner_id, job.id, job.user_id, job.kind, restored(job.args), job.attempt, job.max_attempts,
                restored(job.saved), job.lease_id,
            )  # fmt: skip

        return self.db.unscoped("claim the next job", step, write=True)

    def keep_alive(self, claim: Claim, report: Report | None = None) -> JobState | None:
        """Prolong the lease and store the latest report; return the job's state, None if the run was replaced."""

        def step(session: UnscopedSession) -> JobState | None:
            values: dict[str, Any] = {"lease_until": self.clock.now() + timedelta(seconds=self.lease_seconds)}
            if report is not None:
                values |= {"progress": report.progress, "note": report.note, "counts": dict(report.counts)}
            state = session.execute(
                update(Job).where(*_mine(claim)).values(values).returning(Job.state)
            ).scalar_one_or_none()
            if state is not None and report is not None:
                session.emit(JobProgressed(
                        owner_id=claim.owner_id, job_id=claim.job_id, kind=claim.kind, attempt=claim.attempt,
                        progress=report.progress, note=report.note, counts=dict(report.counts),
                    ),
                )  # fmt: skip
            return JobState(state) if state is not None else None

        return self.db.unscoped("keep a running job alive", step, write=True)

    def state_of(self, claim: Claim) -> JobState | None:
        """Return the state of the job, None if this run was replaced."""

        def step(session: UnscopedSession) -> JobState | None:
            state = session.execute(select(Job.state).where(*_mine(claim))).scalar_one_or_none()
            return JobState(state) if state is not None else None

        return self.db.unscoped("look whether a running job was cancelled", step)

    def save(self, claim: Claim, saved: Mapping[str, Any]) -> JobState | None:
        """Store where to go on; return the job's state, None if the run was replaced."""

        def step(session: UnscopedSession) -> JobState | None:
            state = session.execute(
                update(Job).where(*_mine(claim)).values(saved=storable(saved)).returning(Job.state)
            ).scalar_one_or_none()
            return JobState(state) if state is not None else None

        return self.db.unscoped("save the state of a running job", step, write=True)

    def finish(self, claim: Claim, result: Mapping[str, Any] | None, last: Report | None = None) -> bool:
        """Mark the job done. Also when a cancel came too late: what is done is done."""

        def settle(session: UnscopedSession, job: Job) -> None:
            _end(job, JobState.DONE, self.clock.now())
            job.result = storable(result) if result is not None else None
            job.progress, job.error = 1.0, None
            if last is not None:
                job.note, job.counts = last.note, dict(last.counts)
            session.emit(JobFinished(**_about(job), result=readable(result)))

        return self._settle(claim, "finish a job", settle)

    def fail(self, claim: Claim, error: str, *, retry: bool = True, wait: float | None = None) -> bool:
        """Note a failed attempt: put the job back with back-off while attempts are left, else give it up.

        `error`: a sentence for people. `wait`: seconds, instead of the back-off.
        """

        def settle(session: UnscopedSession, job: Job) -> None:
            sentence = shown(error)
            if job.state == JobState.CANCELLING:
                self._cancelled(session, job)
            elif retry and job.attempt < job.max_attempts:
                seconds = self._backoff(job.attempt) if wait is None else wait
                self._put_back(session, job, sentence, seconds)
                job.error = sentence
            else:
                self._give_up(session, job, sentence)

        return self._settle(claim, "note a failed attempt", settle)

    def release(self, claim: Claim, reason: str = "", *, wait: float = 0.0) -> bool:
        """Put the job back without counting the attempt: the worker stops, or the handler asked to wait."""

        def settle(session: UnscopedSession, job: Job) -> None:
            if job.state == JobState.CANCELLING:
                self._cancelled(session, job)
            else:
                job.attempt -= 1
                self._put_back(session, job, reason, wait)

        return self._settle(claim, "put a job back", settle)

    def cancelled(self, claim: Claim) -> bool:
        """Note that the handler stopped because of a cancel."""
        return self._settle(claim, "note a cancelled job", self._cancelled)

    def requeue_worker(self, worker: str, *, counted: bool = True) -> int:
        """Put back what a dead worker held; `worker` is its name or, ending in "/", the node of many. Returns how many.

        `counted`: whether the attempts count; False when we stopped the worker ourselves.
        """
        held = Job.worker.startswith(worker, autoescape=True) if worker.endswith("/") else Job.worker == worker
        return self._requeue("take back the jobs of a dead worker", held, counted)

    def requeue_expired(self) -> int:
        """Put back jobs whose worker gave no sign of life for a whole lease; returns how many."""
        return self._requeue("take back jobs of lost workers", Job.lease_until < self.clock.now(), True)

    def waiting(self, older_than: float, limit: int = 1000) -> list[tuple[str, str]]:
        """Return (job id, module) of due jobs that nobody took for `older_than` seconds; to be carried once more."""

        def step(session: UnscopedSession) -> list[tuple[str, str]]:
            since = self.clock.now() - timedelta(seconds=older_than)
            rows = session.execute(
                select(Job.id, Job.module)
                .where(Job.state == JobState.QUEUED.value, Job.run_at <= since)
                .order_by(Job.turn)
                .limit(limit)
            )
            return [(row.id, row.module) for row in rows]

        return self.db.unscoped("look for jobs that nobody took", step)

    def became_due(self, since: datetime, until: datetime, limit: int = 1000) -> list[tuple[str, str]]:
        """Return (job id, module) of jobs that were put off and became due in that time; carriers hear of them late."""

        def step(session: UnscopedSession) -> list[tuple[str, str]]:
            rows = session.execute(
                select(Job.id, Job.module)
                .where(Job.state == JobState.QUEUED.value, Job.run_at > since, Job.run_at <= until)
                .where(Job.run_at > Job.created_at)
                .limit(limit)
            )
            return [(row.id, row.module) for row in rows]

        return self.db.unscoped("look for jobs whose time has come", step)

    def prune(self, keep: timedelta, limit: int = 1000) -> int:
        """Delete up to `limit` jobs that ended longer ago than `keep`; returns how many."""

        def step(session: UnscopedSession) -> int:
            old = session.scalars(
                select(Job).where(Job.finished_at < self.clock.now() - keep).order_by(Job.finished_at).limit(limit)
            ).all()
            for job in old:
                session.delete(job)
            return len(old)

        return self.db.unscoped("drop old finished jobs", step, write=True)

    def depth(self) -> dict[str, int]:
        """Return how many jobs are in each live state, for metrics."""

        def step(session: UnscopedSession) -> dict[str, int]:
            live = (JobState.QUEUED.value, *ACTIVE)
            rows = session.execute(select(Job.state, func.count()).where(Job.state.in_(live)).group_by(Job.state)).all()
            return dict.fromkeys(live, 0) | {row[0]: row[1] for row in rows}

        return self.db.unscoped("count the waiting jobs", step)

    def _due(self, now: datetime, modules: Sequence[str] | None) -> Any:
        query = (
            select(Job)
            .where(Job.state == JobState.QUEUED.value, Job.run_at <= now)
            .order_by(Job.turn, Job.id)
            .limit(1)
            .with_for_update(skip_locked=True)  # PostgreSQL; on SQLite the write transaction itself excludes others
        )
        if modules is not None:
            query = query.where(Job.module.in_(modules))
        if self._per_owner:
            busy = (
                select(Job.owner_id)
                .where(Job.state.in_(ACTIVE))
                .group_by(Job.owner_id)
                .having(func.count() >= self._per_owner)
            )
            query = query.where(Job.owner_id.not_in(busy))
        return query

    def _advance_turn(self, session: UnscopedSession, turn: float) -> None:
        moved = session.execute(
            update(JobClock).where(JobClock.id == 1, JobClock.turn < turn).values(turn=turn).returning(JobClock.id)
        ).first()
        if moved is None and session.get(JobClock, 1) is None:
            session.add(JobClock(id=1, turn=turn))

    def _settle(self, claim: Claim, why: str, settle: Any) -> bool:
        """Apply `settle` if this run still owns the job; tell whether it did."""

        def step(session: UnscopedSession) -> bool:
            job = session.scalars(select(Job).where(*_mine(claim)).with_for_update()).first()
            if job is not None:
                settle(session, job)
            return job is not None

        return self.db.unscoped(why, step, write=True)

    def _requeue(self, why: str, held: Any, counted: bool) -> int:
        def step(session: UnscopedSession) -> int:
            lost = session.scalars(
                select(Job).where(Job.state.in_(ACTIVE), held).with_for_update(skip_locked=True)
            ).all()
            for job in lost:
                if job.state == JobState.CANCELLING:
                    self._cancelled(session, job)
                elif counted and job.attempt >= job.max_attempts:
                    self._give_up(session, job, LOST)
                else:
                    job.attempt -= 0 if counted else 1
                    self._put_back(session, job, "The process that worked on it ended.", 0.0)
            return len(lost)

        return self.db.unscoped(why, step, write=True)

    def _put_back(self, session: UnscopedSession, job: Job, reason: str, wait: float) -> None:
        job.state = JobState.QUEUED.value
        job.worker = job.lease_id = job.lease_until = None
        job.run_at = self.clock.now() + timedelta(seconds=wait)
        job.note = shown(reason) or job.note
        session.emit(JobQueued(**_about(job), reason=reason))

    def _give_up(self, session: UnscopedSession, job: Job, error: str) -> None:
        _end(job, JobState.FAILED, self.clock.now())
        job.error = error
        session.emit(JobFailed(**_about(job), error=error))

    def _cancelled(self, session: UnscopedSession, job: Job) -> None:
        _end(job, JobState.CANCELLED, self.clock.now())
        session.emit(JobWasCancelled(**_about(job)))


LOST = "The process that worked on this ended unexpectedly, each time it was tried. The details are in the log."


def _mine(claim: Claim) -> tuple[Any, ...]:
    return (
        Job.owner_id == claim.owner_id,
        Job.id == claim.job_id,
        Job.lease_id == claim.lease_id,
        Job.state.in_(ACTIVE),
    )


def _end(job: Job, state: JobState, now: datetime) -> None:
    job.state, job.finished_at = state.value, now
    job.worker = job.lease_id = job.lease_until = None


def _about(job: Job) -> dict[str, Any]:
    return {"owner_id": job.owner_id, "job_id": job.id, "kind": job.kind, "attempt": job.attempt}
