"""Open, hold and close runs: one plan is one run, and one process at a time carries it out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from backend.file_organizer.execution.errors import EXPLANATIONS, Reason, RunInProgress
from backend.file_organizer.execution.journal import Entry, RunHandle, load_entries
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run, RunKind, RunState
from backend.file_organizer.execution.lease import SILENT_AFTER, given_up_here, holder_is_alive, this_holder
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import VolumePath
from backend.sdk.ids import NewId


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of one operation. `target` is where the thing is now (with "keep both" maybe another name)."""

    step_id: str
    op: str
    state: str
    reason: str | None
    explanation: str
    source: VolumePath | None
    target: VolumePath | None
    action_id: str
    left_packed: tuple[tuple[str, str], ...] = ()
    """Archives inside an unpacked one that stayed packed: path below `target` in text form, and why."""

    @classmethod
    def of(cls, entry: Entry) -> StepResult:
        """Return the result that an entry of the journal shows."""
        return cls(
            step_id=entry.step_id,
            op=entry.op,
            state=str(entry.state),
            reason=entry.error_code and str(entry.error_code),
            explanation=EXPLANATIONS.get(entry.error_code or "", ""),
            source=_place(entry.source_volume, entry.source_path),
            target=_place(entry.target_volume, entry.target_path),
            action_id=entry.id,
            left_packed=_left_packed(entry),
        )


def _left_packed(entry: Entry) -> tuple[tuple[str, str], ...]:
    left = (entry.detail or {}).get("left_packed", ()) if entry.op == "extract" else ()
    return tuple((str(path), EXPLANATIONS.get(reason, "")) for path, reason in left)


def _place(volume: str | None, path: str | None) -> VolumePath | None:
    return VolumePath(volume, path) if volume and path is not None else None


@dataclass(frozen=True, slots=True)
class RunReport:
    """What a run did. Counts are operations of the plan (a folder moved file by file counts once)."""

    run_id: str
    plan_id: str
    kind: str
    state: str
    total: int
    done: int
    skipped: int
    failed: int
    bytes_done: int
    results: tuple[StepResult, ...] = field(repr=False)

    @property
    def problems(self) -> tuple[StepResult, ...]:
        """Return what was not done, with reasons; without what a crash put back and was then done again."""
        bad = (ActionState.SKIPPED, ActionState.FAILED, ActionState.ROLLED_BACK)

        def counts(result: StepResult) -> bool:
            unmade = result.op == "mkdir" and result.state == ActionState.ROLLED_BACK
            return result.state in bad and result.reason != Reason.INTERRUPTED and not unmade

        return tuple(filter(counts, self.results))


class RunRegister:
    """Keep the `runs` table. `held` are the leases of this process."""

    def __init__(self, db: Database, clock: Clock, make_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._make_id = make_id
        self._holder = this_holder()
        self._held: set[str] = set()

    def open(
        self, actor: Actor, plan_id: str, kind: RunKind, title: str, total: int, undo_of: str | None
    ) -> tuple[RunHandle, bool]:
        """Return the run of a plan, and whether it is finished already (same request twice).

        Raises `RunInProgress` while another process, or another thread of this one, carries it out.
        """
        token = self._make_id()
        values = {"kind": str(kind), "title": title, "total": total, "undo_of": undo_of}
        handle, finished = self._db.write(actor, self._open, plan_id, token, values)
        if not finished:
            self._held.add(token)
        return handle, finished

    def _open(self, session: OwnedSession, plan_id: str, token: str, values: dict[str, Any]) -> tuple[RunHandle, bool]:
        now = self._clock.now()
        owner = session.actor.owner_id
        run = session.scalars(sa.select(Run).where(Run.plan_id == plan_id, Run.owner_id == owner)).first()
        if run is None:
            run = Run(id=self._make_id(), plan_id=plan_id, user_id=session.actor.user_id, created_at=now, **values)
            session.add(run)
        elif run.state in (RunState.DONE, RunState.CANCELLED):
            return RunHandle(run.id, plan_id, run.kind, ""), True
        elif self.is_live(run.state, run.lease_holder, run.lease_token, run.heartbeat_at, now):
            raise RunInProgress()
        run.state, run.heartbeat_at = RunState.RUNNING, now
        run.lease_token, run.lease_holder = token, self._holder
        session.flush()
        last = session.scalar(sa.select(sa.func.max(FileAction.seq)).where(FileAction.run_id == run.id))
        return RunHandle(run.id, plan_id, run.kind, token, (last or 0) + 1), False

    def is_live(self, state: str, holder: str, token: str, heartbeat_at: datetime, now: datetime) -> bool:
        """Tell whether somebody is carrying the run out right now."""
        if state != RunState.RUNNING:
            return False
        if holder == self._holder and token in self._held:
            return True
        if holder == self._holder and token in given_up_here():
            return False
        if holder == self._holder:  # held by another register of this process
            return now - heartbeat_at < SILENT_AFTER
        return holder_is_alive(holder, heartbeat_at, now)

    def take(self, actor: Actor, run_id: str) -> RunHandle | None:
        """Take over a run that nobody carries out, to recover it; None if somebody does."""
        token = self._make_id()
        handle = self._db.write(actor, self._take, run_id, token)
        if handle is not None:
            self._held.add(token)
        return handle

    def _take(self, session: OwnedSession, run_id: str, token: str) -> RunHandle | None:
        now = self._clock.now()
        run = session.find(Run, run_id)
        if self.is_live(run.state, run.lease_holder, run.lease_token, run.heartbeat_at, now):
            return None
        run.lease_token, run.lease_holder, run.heartbeat_at = token, self._holder, now
        last = session.scalar(sa.select(sa.func.max(FileAction.seq)).where(FileAction.run_id == run.id))
        return RunHandle(run.id, run.plan_id, run.kind, token, (last or 0) + 1, run.state)

    def release(self, handle: RunHandle) -> None:
        """Forget a lease of this process."""
        self._held.discard(handle.lease_token)
        given_up_here().add(handle.lease_token)


def count_outcomes(entries: Sequence[Entry]) -> tuple[int, int, int]:
    """Return how many operations are done, skipped and failed; an operation is as good as its worst step.

    Folders that a step made or removed on its way do not count, nor what a crash put back and was done again later.
    """
    worst: dict[str, int] = {}
    real = {entry.step_id for entry in entries if entry.op not in ("mkdir", "rmdir")}
    for entry in entries:
        if entry.op in ("mkdir", "rmdir") and entry.step_id in real:
            continue
        if entry.state == ActionState.ROLLED_BACK and entry.error_code == Reason.INTERRUPTED:
            continue
        rank = _RANK.get(ActionState(entry.state), 2)
        worst[entry.step_id] = max(worst.get(entry.step_id, 0), rank)
    ranks = list(worst.values())
    return ranks.count(0), ranks.count(1), ranks.count(2)


_RANK = {
    ActionState.DONE: 0,
    ActionState.UNDONE: 0,
    ActionState.PURGED: 0,
    ActionState.SKIPPED: 1,
    ActionState.ROLLED_BACK: 1,
}


def read_report(session: OwnedSession, run_id: str) -> RunReport:
    """Return what a run did so far. Raises `NotFound`."""
    run = session.find(Run, run_id)
    entries = load_entries(session, run_id)
    return RunReport(
        run_id=run.id,
        plan_id=run.plan_id,
        kind=run.kind,
        state=run.state,
        total=run.total,
        done=run.done,
        skipped=run.skipped,
        failed=run.failed,
        bytes_done=run.bytes_done,
        results=tuple(StepResult.of(entry) for entry in entries),
    )


def state_of_plan(session: OwnedSession, plan_id: str) -> str | None:
    """Return the state of the run of a plan, or None if it was never begun."""
    query = sa.select(Run.state).where(Run.plan_id == plan_id, Run.owner_id == session.actor.owner_id)
    return session.scalar(query)
