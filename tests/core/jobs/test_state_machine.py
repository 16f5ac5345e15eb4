"""Any order of claims, ends, cancels, crashes and expiries keeps the promises of the job table."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule

from backend.core.jobs.store import Claim
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.jobs import JobState
from tests.core.jobs.conftest import Table, make_table
from tests.core.jobs.work_kinds import Mark

LEASE = 30.0
FINAL = {JobState.DONE, JobState.FAILED, JobState.CANCELLED}
WORKERS = st.sampled_from(["n/0", "n/1", "m/0"])


class JobTable(RuleBasedStateMachine):
    """Drive the real table (SQLite) beside a model that knows only who holds which job, and until when."""

    jobs = Bundle("jobs")
    claims = Bundle("claims")

    @initialize()
    def open(self) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self.clock = FakeClock()
        self.table: Table = make_table(
            Path(self._folder.name) / "jobs.db", self.clock, lease_seconds=LEASE, backoff=lambda attempt: 5.0
        )
        self.owner: dict[str, Actor] = {}
        self.holder: dict[str, tuple[Claim, str, float]] = {}
        self.ended: dict[str, JobState] = {}

    def teardown(self) -> None:
        if hasattr(self, "table"):
            self.table.db.close()
            self._folder.cleanup()

    def state(self, job: str) -> JobState:
        return self.table.service.get(self.owner[job], job).state

    @rule(target=jobs, owner=st.sampled_from(["anna", "bert", "house"]), dedupe=st.sampled_from([None, None, "k"]))
    def enqueue(self, owner: str, dedupe: str | None) -> object:
        actor = Actor.of(owner)
        view = self.table.service.enqueue(actor, "demo.write_mark", Mark(folder="/x"), dedupe=dedupe)
        if view.id in self.owner:
            assert view.state not in FINAL, "a dedupe key gave back a job that has ended"
            return multiple()
        self.owner[view.id] = actor
        return view.id

    @rule(target=claims, worker=WORKERS)
    def claim(self, worker: str) -> object:
        claim = self.table.store.claim(worker)
        if claim is None:
            return multiple()
        assert claim.job_id not in self.holder, "a job was handed out while another run of it holds a live lease"
        assert claim.job_id not in self.ended, "a job that had ended was run again"
        assert 1 <= claim.attempt <= claim.max_attempts
        self.holder[claim.job_id] = (claim, worker, self.clock.monotonic() + LEASE)
        return claim

    def mine(self, claim: Claim) -> bool:
        held = self.holder.get(claim.job_id)
        return held is not None and held[0].lease_id == claim.lease_id

    @rule(claim=claims)
    def keep_alive(self, claim: Claim) -> None:
        state = self.table.store.keep_alive(claim)
        assert (state is not None) == self.mine(claim)
        if state is not None:
            _, worker, _ = self.holder[claim.job_id]
            self.holder[claim.job_id] = (claim, worker, self.clock.monotonic() + LEASE)

    @rule(claim=consumes(claims))
    def finish(self, claim: Claim) -> None:
        taken = self.table.store.finish(claim, {"attempt": claim.attempt})
        assert taken == self.mine(claim)
        if taken:
            del self.holder[claim.job_id]
            self.ended[claim.job_id] = JobState.DONE

    @rule(claim=consumes(claims), retry=st.booleans())
    def fail(self, claim: Claim, retry: bool) -> None:
        was = self.state(claim.job_id)
        taken = self.table.store.fail(claim, "broke", retry=retry)
        assert taken == self.mine(claim)
        if taken:
            del self.holder[claim.job_id]
            last = not retry or claim.attempt >= claim.max_attempts
            if was is JobState.CANCELLING:
                self.ended[claim.job_id] = JobState.CANCELLED
            elif last:
                self.ended[claim.job_id] = JobState.FAILED

    @rule(claim=consumes(claims))
    def release(self, claim: Claim) -> None:
        was = self.state(claim.job_id)
        if self.table.store.release(claim):
            del self.holder[claim.job_id]
            if was is JobState.CANCELLING:
                self.ended[claim.job_id] = JobState.CANCELLED

    @rule(job=jobs)
    def cancel(self, job: str) -> None:
        before = self.state(job)
        after = self.table.service.cancel(self.owner[job], job).state
        if before is JobState.QUEUED:
            self.ended[job] = JobState.CANCELLED
        elif before in FINAL:
            assert after is before
        else:
            assert after is JobState.CANCELLING

    @rule(job=jobs)
    def retry(self, job: str) -> None:
        before = self.state(job)
        try:
            self.table.service.retry(self.owner[job], job)
        except Exception:
            assert before not in (JobState.FAILED, JobState.CANCELLED) or self.state(job) is before
        else:
            assert before in (JobState.FAILED, JobState.CANCELLED)
            del self.ended[job]

    @rule(worker=WORKERS, counted=st.booleans())
    def worker_dies(self, worker: str, counted: bool) -> None:
        held = [job for job, (_, holder, _) in self.holder.items() if holder == worker]
        assert self.table.store.requeue_worker(worker, counted=counted) == len(held)
        self.after_requeue(held)

    @rule(seconds=st.sampled_from([1.0, 6.0, LEASE + 1]))
    def time_passes(self, seconds: float) -> None:
        self.clock.advance(seconds)
        expired = [job for job, (_, _, until) in self.holder.items() if until < self.clock.monotonic()]
        assert self.table.store.requeue_expired() == len(expired)
        self.after_requeue(expired)

    def after_requeue(self, jobs: list[str]) -> None:
        for job in jobs:
            del self.holder[job]
            state = self.state(job)
            assert state is JobState.QUEUED or state in (JobState.FAILED, JobState.CANCELLED)
            if state in FINAL:
                self.ended[job] = state

    @invariant()
    def the_table_agrees_with_the_model(self) -> None:
        if not hasattr(self, "owner"):
            return
        for job in self.owner:
            state = self.state(job)
            if job in self.ended:
                assert state is self.ended[job]
            elif job in self.holder:
                assert state in (JobState.RUNNING, JobState.CANCELLING)
            else:
                assert state is JobState.QUEUED, "a job that is neither ended nor held must wait for a worker"


TestJobTable = JobTable.TestCase
TestJobTable.settings = settings(max_examples=40, stateful_step_count=40, deadline=None)
