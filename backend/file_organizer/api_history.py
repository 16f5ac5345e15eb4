"""API of the history: runs, actions, search, and taking things back."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import blake2b

from backend.file_organizer.execution.errors import EXPLANATIONS
from backend.file_organizer.execution.journal_models import Run, RunState
from backend.file_organizer.history import NOT_DONE, History
from backend.file_organizer.jobs import UndoArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import (
    ActionOut,
    ActionsQuery,
    ChainOut,
    ChainQuery,
    IdPath,
    JobRefOut,
    RunOut,
    UndoDayIn,
    UndoFileIn,
    UndoIn,
)
from backend.file_organizer.timeline import Step, Timeline, Wanted
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import VolumePath
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext


def history_group(ctx: ModuleContext, organizer: Organizer) -> list[Group]:
    """Return the groups of the history."""
    history = organizer.history
    runs = Group("runs", url_prefix="/runs", tag="History")
    actions = Group("actions", url_prefix="/actions", tag="History")
    undo = Group("undo", url_prefix="/undo", tag="History")
    _reading(runs, actions, history, organizer.timeline)
    _undoing(runs, actions, undo, ctx, organizer, history)
    return [runs, actions, undo]


def _reading(runs: Group, actions: Group, history: History, timeline: Timeline) -> None:
    @runs.get("", returns=Page[RunOut])
    def list_runs(query: PageQuery) -> Page[RunOut]:
        """List what was done, newest first."""
        after = query.after(str)
        rows = history.runs(current_actor(), limit=query.limit, before=after[0] if after else None)
        found = page(rows, query.limit, lambda run: (run.id,))
        undoable = history.undoable(current_actor(), [run.id for run in found.items])
        items = [_run_out(run, undoable) for run in found.items]
        return Page[RunOut](items=items, next_cursor=found.next_cursor)

    @runs.get("/<id>", returns=RunOut, errors=[404])
    def get_run(path: IdPath) -> RunOut:
        """Show one run."""
        run = history.run(current_actor(), path.id)
        return _run_out(run, history.undoable(current_actor(), [run.id]))

    @actions.get("", returns=Page[ActionOut])
    def list_actions(query: ActionsQuery) -> Page[ActionOut]:
        """Search the timeline of every file."""
        after = query.after(str, int)
        rows = timeline.steps(
            current_actor(), _wanted(query), limit=query.limit, after=(after[0], after[1]) if after else None
        )
        found = page(rows, query.limit, lambda step: (step.action.run_id, step.action.seq))
        return Page[ActionOut](items=[action_out(step) for step in found.items], next_cursor=found.next_cursor)

    @actions.get("/chain", returns=ChainOut)
    def chain_at(query: ChainQuery) -> ChainOut:
        """Tell what happened to the file at a place, first things first; nothing if Homie never moved it."""
        place = VolumePath.from_text(query.volume_id, query.path)
        return ChainOut(items=[action_out(step) for step in timeline.chain_at(current_actor(), place)])

    @actions.get("/<id>/chain", returns=ChainOut, errors=[404])
    def chain_of(path: IdPath) -> ChainOut:
        """Tell what happened to the file of a step, first things first."""
        return ChainOut(items=[action_out(step) for step in timeline.chain_of(current_actor(), path.id)])


def _undoing(
    runs: Group, actions: Group, undo: Group, ctx: ModuleContext, organizer: Organizer, history: History
) -> None:
    def enqueue(actor: Actor, args: UndoArgs, dedupe: str) -> JobRefOut:
        job = ctx.jobs.enqueue(actor, "file_organizer.undo", args, dedupe=dedupe)
        return JobRefOut(job_id=job.id, state=job.state)

    @runs.post("/<id>/undo", returns=JobRefOut, status=202, idempotent=True, errors=[404, 409])
    def undo_run(path: IdPath, body: UndoIn) -> JobRefOut:
        """Take a whole run back; an undo can be taken back too."""
        actor = current_actor()
        run = history.run(actor, path.id)
        args = UndoArgs(request_id=ctx.new_id(), run_id=run.id, keep_both=body.keep_both)
        return enqueue(actor, args, f"undo-run-{run.id}")

    @actions.post("/<id>/undo", returns=JobRefOut, status=202, idempotent=True, errors=[404, 409])
    def undo_action(path: IdPath, body: UndoIn) -> JobRefOut:
        """Take one step back."""
        actor = current_actor()
        history.action(actor, path.id)
        args = UndoArgs(request_id=ctx.new_id(), action_ids=[path.id], keep_both=body.keep_both)
        return enqueue(actor, args, f"undo-action-{path.id}")

    @undo.post("/file", returns=JobRefOut, status=202, idempotent=True, errors=[403, 404, 409])
    def undo_file(body: UndoFileIn) -> JobRefOut:
        """Put one file back where it came from."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        place = run_blocking(roots.resolve_text, body.path, field="body.path").volume_path
        args = UndoArgs(request_id=ctx.new_id(), place=place, keep_both=body.keep_both)
        return enqueue(actor, args, undo_key(place))

    @undo.post("/day", returns=JobRefOut, status=202, idempotent=True, errors=[409])
    def undo_day(body: UndoDayIn) -> JobRefOut:
        """Take back everything that was done on one day."""
        actor = current_actor()
        args = UndoArgs(
            request_id=ctx.new_id(),
            day=body.day,
            utc_offset_minutes=body.utc_offset_minutes,
            keep_both=body.keep_both,
        )
        return enqueue(actor, args, f"undo-day-{body.day.isoformat()}-{body.utc_offset_minutes}")


def undo_key(place: VolumePath) -> str:
    """Return what an undo of this file is known by: the same in every server process, and of a length that fits."""
    return f"undo-file-{blake2b(str(place).encode(), digest_size=16).hexdigest()}"


def _run_out(run: Run, undoable: Collection[str]) -> RunOut:
    values = {name: getattr(run, name) for name in RunOut.model_fields if name != "undoable"}
    return RunOut(**values, undoable=run.id in undoable and run.state != RunState.RUNNING.value)


def _wanted(query: ActionsQuery) -> Wanted:
    """Return what a query of the API asks for."""
    return Wanted(
        text=query.q,
        kinds=(query.kind,) if query.kind else (),
        since=_moment(query.since),
        until=_moment(query.until),
        user_id=query.user_id,
        folder=VolumePath.from_text(query.volume_id, query.folder) if query.volume_id else None,
        run_id=query.run_id,
        states=(query.state,) if query.state else NOT_DONE if query.problems else (),
    )


def _moment(given: datetime | None) -> datetime | None:
    """Return a moment with its zone; one without is in UTC."""
    return given.replace(tzinfo=UTC) if given is not None and given.tzinfo is None else given


def action_out(step: Step) -> ActionOut:
    """Return a step as the API shows it."""
    action = step.action
    return ActionOut(
        id=action.id,
        run_id=action.run_id,
        seq=action.seq,
        op=action.op,
        state=action.state,
        source=_place(action.source_volume, action.source_path),
        target=_place(action.target_volume, action.target_path),
        size=action.size,
        reason=EXPLANATIONS.get(action.error_code or "", ""),
        why=step.why,
        suggested_by=step.suggested_by,
        by=step.by,
        user_id=step.user_id,
        run_title=step.title,
        undoes=action.undoes,
        undone_by=action.undone_by,
        created_at=action.created_at,
        finished_at=action.finished_at,
    )


def _place(volume: str | None, path: str | None) -> VolumePath | None:
    """Return a journaled place."""
    return VolumePath.from_text(volume, path) if volume is not None and path is not None else None
