"""Execute, recover and undo: the only part of Homie that changes a household's files.

    manager = FileOperationManager(ctx.db, ctx.roots, clock=ctx.clock, make_id=ctx.new_id)
    report = manager.execute(actor, plan_id, operations, on_progress=...)
    manager.undo_run(actor, report.run_id)

Promises: nothing is overwritten or deleted; a plan is carried out once, however often it is asked for; after a crash at
any point the next call goes on; every step can be taken back. See `docs/subsystems/execution.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, tzinfo

import structlog

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import ActionMissing, UndoNotPossible
from backend.file_organizer.execution.journal import Entry, Journal, RunHandle, load_entries
from backend.file_organizer.execution.journal_models import RunKind, RunState
from backend.file_organizer.execution.operations import Operation
from backend.file_organizer.execution.plan_steps import check_operations, finished_steps, units_of
from backend.file_organizer.execution.recovery import Recovery, RecoveryReport
from backend.file_organizer.execution.run_loop import CHUNK_STEPS, OnProgress, RunLoop
from backend.file_organizer.execution.run_marks import RunMarks
from backend.file_organizer.execution.runs import (
    RunRegister,
    RunReport,
    StepResult,
    count_outcomes,
    read_report,
    state_of_plan,
)
from backend.file_organizer.execution.undo import (
    done_actions,
    done_in_run,
    last_action_at,
    purge_entry,
    reverse_entries,
    runs_of_day,
    trashed,
)
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock, SystemClock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import OwnerRootsSource, VolumePath
from backend.sdk.ids import NewId, new_id
from backend.sdk.jobs import JobCancelled, JobInterrupted

_Choose = Callable[[OwnedSession], list[Entry]]


@dataclass(frozen=True, slots=True)
class ExecutionOptions:
    """How to execute. `verify`: read copies back before the original goes. `settle_seconds`: see `being_written`.

    `chunk_steps`: renames in one journal commit.
    """

    verify: bool = True
    settle_seconds: float = 5.0
    chunk_steps: int = CHUNK_STEPS


class FileOperationManager:
    """Carry out operations for an owner, inside the journaled protocol."""

    def __init__(
        self,
        db: Database,
        roots: OwnerRootsSource,
        *,
        clock: Clock | None = None,
        make_id: NewId = new_id,
        boundaries: Boundaries | None = None,
        options: ExecutionOptions | None = None,
        marks: RunMarks | None = None,
    ) -> None:
        self._marks = marks or RunMarks(None)
        self._db = db
        self._roots = roots
        self._clock = clock or SystemClock()
        self._make_id = make_id
        self._boundaries = boundaries or Boundaries()
        self._options = options or ExecutionOptions()
        self._register = RunRegister(db, self._clock, make_id)
        self._log = structlog.get_logger("homie.files")
        self._recovery = Recovery(db, roots, self._register, self._clock, self._boundaries, self._marks)

    def execute(
        self,
        actor: Actor,
        plan_id: str,
        operations: Sequence[Operation],
        *,
        title: str = "",
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Carry out a plan; asked again, goes on where a crash left it, or returns what was done.

        Problems of single steps are in the report. Raises `OperationNotPossible` (before anything happens),
        `RunInProgress`, `VolumeAway` (the run can be continued), and what `on_progress` raises (`JobCancelled` makes
        the run CANCELLED, anything else, a stop of the worker too, INTERRUPTED).
        """
        check_operations(operations)
        self.recover(actor)
        handle, finished = self._register.open(actor, plan_id, RunKind.APPLY, title, len(operations), None)
        if not finished:
            earlier = self._db.read(actor, load_entries, handle.id)
            units = units_of(operations, finished_steps(earlier, operations), self._make_id)
            return self._drive(actor, handle, units, len(operations), on_progress, earlier)
        return self.report(actor, handle.id)

    def undo_run(
        self,
        actor: Actor,
        run_id: str,
        *,
        plan_id: str | None = None,
        keep_both: bool = False,
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Take a whole run back (an undo too: redo). `plan_id` makes the request repeatable.

        Raises `ActionMissing`, `UndoNotPossible` when nothing of it is in effect any more.
        """
        self.recover(actor)

        def choose(session: OwnedSession) -> list[Entry]:
            return done_in_run(session, run_id)

        return self._undo(actor, choose, plan_id, run_id, keep_both, on_progress)

    def undo_actions(
        self,
        actor: Actor,
        action_ids: Sequence[str],
        *,
        plan_id: str | None = None,
        keep_both: bool = False,
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Take single steps back. Raises `ActionMissing` if one is not in effect."""
        self.recover(actor)

        def choose(session: OwnedSession) -> list[Entry]:
            again = plan_id is not None and state_of_plan(session, plan_id) is not None
            return done_actions(session, action_ids, again=again)

        return self._undo(actor, choose, plan_id, None, keep_both, on_progress)

    def undo_file(
        self, actor: Actor, place: VolumePath, *, plan_id: str | None = None, keep_both: bool = False
    ) -> RunReport:
        """Take back the step that put a file where it is now. Raises `ActionMissing`."""
        return self.undo_actions(actor, [self.action_at(actor, place)], plan_id=plan_id, keep_both=keep_both)

    def purge(
        self,
        actor: Actor,
        action_ids: Sequence[str],
        *,
        plan_id: str,
        title: str = "",
        on_progress: OnProgress | None = None,
    ) -> RunReport:
        """Remove for good what these steps put into the trash; the only thing that cannot be taken back.

        `plan_id` makes the request repeatable. What is not in the trash any more is left out. Raises `ActionMissing`
        if none of it is, `VolumeAway`, `RunInProgress`.
        """
        self.recover(actor)
        known = self._db.read(actor, state_of_plan, plan_id)
        chosen = [] if known in (RunState.DONE, RunState.CANCELLED) else self._db.read(actor, trashed, action_ids)
        if not chosen and known is None:
            raise ActionMissing("This is not in the trash any more.")
        handle, finished = self._register.open(actor, plan_id, RunKind.PURGE, title, len(chosen), None)
        if finished:
            return self.report(actor, handle.id)
        units = ([purge_entry(entry, self._make_id)] for entry in chosen)
        earlier = self._db.read(actor, load_entries, handle.id)
        total = len({entry.step_id for entry in earlier} | {entry.id for entry in chosen})
        return self._drive(actor, handle, units, total, on_progress, earlier)

    def action_at(self, actor: Actor, place: VolumePath) -> str:
        """Return the id of the step that put a file where it is now. Raises `ActionMissing`."""
        self.recover(actor)
        return self._db.read(actor, last_action_at, place)

    def undo_day(
        self,
        actor: Actor,
        day: date,
        *,
        zone: tzinfo = UTC,
        keep_both: bool = False,
        on_progress: OnProgress | None = None,
    ) -> list[RunReport]:
        """Take back every run begun on a day, the last one first. Raises `UndoNotPossible` if there is none."""
        run_ids = self.runs_of_day(actor, day, zone=zone)
        return [self.undo_run(actor, run_id, keep_both=keep_both, on_progress=on_progress) for run_id in run_ids]

    def runs_of_day(self, actor: Actor, day: date, *, zone: tzinfo = UTC) -> list[str]:
        """Return the runs of a day that are in effect, last first. Raises `UndoNotPossible` if there is none."""
        self.recover(actor)
        run_ids = self._db.read(actor, runs_of_day, day, zone)
        if not run_ids:
            raise UndoNotPossible("Nothing was done on this day, or it was taken back already.")
        return run_ids

    def recover(self, actor: Actor) -> RecoveryReport:
        """Bring what crashed runs left open to an end; call it at start for each owner (others call it themselves)."""
        return self._recovery.recover(actor)

    def report(self, actor: Actor, run_id: str) -> RunReport:
        """Return what a run did so far. Raises `NotFound`."""
        return self._db.read(actor, read_report, run_id)

    # ------------------------------------------------------------------ inside

    def _undo(
        self,
        actor: Actor,
        choose: _Choose,
        plan_id: str | None,
        undo_of: str | None,
        keep_both: bool,
        on_progress: OnProgress | None,
    ) -> RunReport:
        plan_id = plan_id or f"undo-{self._make_id()}"
        known = self._db.read(actor, state_of_plan, plan_id)
        done = [] if known in (RunState.DONE, RunState.CANCELLED) else self._db.read(actor, choose)
        if not done and known is None:
            raise UndoNotPossible()
        handle, finished = self._register.open(actor, plan_id, RunKind.UNDO, "", len(done), undo_of)
        if not finished:
            entries = reverse_entries(done, self._make_id, keep_both=keep_both)
            earlier = self._db.read(actor, load_entries, handle.id)
            return self._drive(actor, handle, ([entry] for entry in entries), len(entries), on_progress, earlier)
        return self.report(actor, handle.id)

    def _drive(
        self,
        actor: Actor,
        handle: RunHandle,
        units: Iterable[list[Entry]],
        total: int,
        on_progress: OnProgress | None,
        earlier: list[Entry],
    ) -> RunReport:
        """Run the units while holding the lease; whatever goes wrong, the run is left so that it can be continued."""
        journal = Journal(self._db, actor, self._clock, handle, self._boundaries, self._marks)
        volumes = OpenVolumes(self._roots.for_actor(actor))
        loop = RunLoop(
            volumes,
            journal,
            self._boundaries,
            self._make_id,
            total=total,
            settle_seconds=self._options.settle_seconds,
            verify=self._options.verify,
            chunk_steps=self._options.chunk_steps,
            on_progress=on_progress,
        )
        try:
            loop.run(units)
            return self._finish(journal, loop, earlier, total)
        except BaseException as error:
            volumes.close()
            try:
                self._recovery.resolve(actor, handle, _state_after(error))
            except Exception:  # the first error is the one to tell; the rows stay open for the next recovery
                self._log.exception("an interrupted run could not be resolved at once", run_id=handle.id)
            raise
        finally:
            volumes.close()
            self._register.release(handle)

    def _finish(self, journal: Journal, loop: RunLoop, earlier: list[Entry], total: int) -> RunReport:
        pending = loop.take_pending()
        entries = earlier + loop.entries
        done, skipped, failed = count_outcomes(entries)
        journal.record(
            changed=pending,
            state=str(RunState.DONE),
            finished_at=self._clock.now(),
            lease_token="",  # nosec B106: no longer held
            done=done,
            skipped=skipped,
            failed=failed,
            bytes_done=loop.bytes_done,
        )
        journal.end()
        return RunReport(
            run_id=journal.run.id,
            plan_id=journal.run.plan_id,
            kind=journal.run.kind,
            state=str(RunState.DONE),
            total=total,
            done=done,
            skipped=skipped,
            failed=failed,
            bytes_done=loop.bytes_done,
            results=tuple(StepResult.of(entry) for entry in entries),
        )


def _state_after(error: BaseException) -> RunState:
    """Tell how a run ends that was left by `error`: only a person's cancel is final, everything else goes on later."""
    cancelled = isinstance(error, JobCancelled) and not isinstance(error, JobInterrupted)
    return RunState.CANCELLED if cancelled else RunState.INTERRUPTED
