"""Write back what became of a plan's items after a run or an undo, and let the memory learn from it, in one commit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select, update

from backend.file_organizer.events import FilesFiled, PlanExecuted, RunUndone
from backend.file_organizer.execution.journal_models import ActionState, FileAction
from backend.file_organizer.execution.runs import RunReport
from backend.file_organizer.memory.learning import ACCEPTED, REJECTED, UNDONE, Outcome, lessons_of
from backend.file_organizer.path_memory_manager import PathMemoryManager
from backend.file_organizer.planning.plan_models import ItemState, Plan, PlanItem, PlanState
from backend.sdk.db import OwnedSession

_CHUNK = 500


def settle_run(
    session: OwnedSession,
    plan_id: str,
    report: RunReport,
    memory: PathMemoryManager | None,
    now: datetime,
) -> None:
    """Store the outcome of executing a plan. `memory` is None where the owner paused learning."""
    plan = session.scalars(select(Plan).where(Plan.id == plan_id)).first()
    if plan is None or plan.state == PlanState.EXECUTED.value:
        return
    accepted = [PlanItem.plan_id == plan_id, PlanItem.state == ItemState.ACCEPTED.value]
    problems = {problem.step_id: problem for problem in report.problems}
    for state in (ItemState.SKIPPED, ItemState.FAILED):
        wanted = "skipped" if state is ItemState.SKIPPED else "failed"
        for reason, ids in _by_reason(report, wanted).items():
            _set_state(session, ids, state, reason)
    finished = [r.step_id for r in report.results if r.state == ActionState.DONE and r.op not in ("mkdir", "rmdir")]
    if len(set(finished)) + len(problems) < report.total:
        # Stopped half-way: only what the journal names was done, the rest was never begun.
        _set_state(session, finished, ItemState.DONE, None)
        rest = {"state": ItemState.SKIPPED.value, "problem": "cancelled"}
    else:
        rest = {"state": ItemState.DONE.value}
    session.execute(update(PlanItem).where(*accepted).values(**rest).execution_options(synchronize_session=False))
    plan.state, plan.run_id, plan.finished_at = PlanState.EXECUTED.value, report.run_id, now
    plan.counts = dict(plan.counts) | {"done": report.done, "skipped": report.skipped, "failed": report.failed}
    by_itself = bool(plan.options.get("by_itself"))
    if by_itself and not problems:
        done = FilesFiled(owner_id=plan.owner_id, plan_id=plan_id, run_id=report.run_id, done=report.done)
        session.emit(done)
        return
    session.emit(
        PlanExecuted(
            owner_id=plan.owner_id,
            plan_id=plan_id,
            run_id=report.run_id,
            done=report.done,
            failed=len(problems),
            title=plan.title,
        )
    )
    # What Homie did by itself is no word of a person: learning from it would only make it surer of itself.
    if memory is not None and not by_itself:
        lessons, series = lessons_of(_decided(session, plan_id))
        memory.learn_within(session, lessons, series)


def _by_reason(report: RunReport, state: str) -> dict[str, list[str]]:
    """Return the plan's items with a problem, by reason."""
    found: dict[str, list[str]] = {}
    for result in report.problems:
        kind = "failed" if result.state in (ActionState.FAILED, ActionState.ROLLED_BACK) else "skipped"
        if kind == state:
            found.setdefault(result.reason or "", []).append(result.step_id)
    return found


def _set_state(session: OwnedSession, ids: Sequence[str], state: ItemState, reason: str | None) -> None:
    for start in range(0, len(ids), _CHUNK):
        session.execute(
            update(PlanItem)
            .where(PlanItem.id.in_(ids[start : start + _CHUNK]))
            .values(state=state.value, problem=reason or None)
            .execution_options(synchronize_session=False)
        )


def _decided(session: OwnedSession, plan_id: str) -> Iterable[Outcome]:
    """Yield the lead items on which a person's word was carried out or refused."""
    item = PlanItem
    rows = session.execute(
        select(
            item.source_path,
            item.source_folder,
            item.source_volume,
            item.features,
            item.target_volume,
            item.target_folder,
            item.state,
            item.suggested_volume,
            item.suggested_path,
            item.taught,
            item.refused,
        ).where(
            item.plan_id == plan_id,
            item.lead.is_(True),
            item.state.in_([ItemState.DONE.value, ItemState.REJECTED.value]),
        )
    )
    for row in rows:
        verdict = ACCEPTED if row.state == ItemState.DONE.value else REJECTED
        instead = None
        if row.suggested_path is not None:
            instead = (row.suggested_volume or row.target_volume, row.suggested_path.rpartition("/")[0])
        about = Outcome(
            row.source_path.rpartition("/")[2],
            row.features,
            (row.source_volume, row.source_folder),
            row.target_volume,
            row.target_folder,
            verdict,
            instead,
            row.taught,
        )
        yield about
        for no in row.refused:  # what was refused before another idea was asked for
            yield replace(
                about,
                volume_id=no["volume_id"],
                folder=no["folder"],
                verdict=REJECTED,
                instead_of=None,
                taught=True,
            )


def settle_undo(session: OwnedSession, report: RunReport, memory: PathMemoryManager | None) -> None:
    """Mark the items that were taken back (or, when an undo was undone, done again) and learn the strong no."""
    finished = [result.step_id for result in report.results if result.state == ActionState.DONE]
    undone, redone = _items_behind(session, finished)
    _set_state(session, undone, ItemState.UNDONE, None)
    _set_state(session, redone, ItemState.DONE, None)
    session.emit(
        RunUndone(
            owner_id=session.actor.owner_id,
            run_id=report.run_id,
            undone=report.done,
            failed=report.failed + report.skipped,
        )
    )
    if memory is not None and undone:
        lessons, _ = lessons_of(_refused(session, undone))
        memory.learn_within(session, lessons, ())


def _items_behind(session: OwnedSession, action_ids: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the plan items whose moves were taken back, and those whose undo was taken back."""
    undone: list[str] = []
    redone: list[str] = []
    back: list[str] = []
    for start in range(0, len(action_ids), _CHUNK):
        chunk = action_ids[start : start + _CHUNK]
        rows = session.execute(
            select(FileAction.op, FileAction.step_id, FileAction.undoes).where(FileAction.id.in_(chunk))
        )
        for op, step_id, undoes in rows:
            if undoes and op in ("restore", "trash"):
                back.append(undoes)
            elif op in ("move", "rename", "copy", "trash"):
                undone.append(step_id)
    for start in range(0, len(back), _CHUNK):
        steps = session.scalars(select(FileAction.step_id).where(FileAction.id.in_(back[start : start + _CHUNK])))
        redone.extend(steps)
    return undone, redone


def _refused(session: OwnedSession, item_ids: Sequence[str]) -> Iterable[Outcome]:
    item = PlanItem
    for start in range(0, len(item_ids), _CHUNK):
        rows = session.execute(
            select(
                item.source_path,
                item.source_folder,
                item.source_volume,
                item.features,
                item.target_volume,
                item.target_folder,
            ).where(item.id.in_(item_ids[start : start + _CHUNK]), item.lead.is_(True))
        )
        for path, source, source_volume, features, volume, folder in rows:
            yield Outcome(path.rpartition("/")[2], features, (source_volume, source), volume, folder, UNDONE)
