"""Long work of this module, run by workers at least once: scan into a plan, carry a plan out, take things back.

Each handler may run again after a crash: a scan rebuilds its own plan, an execution and an undo go on in the journal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, timedelta, timezone
from typing import Any

from pydantic import Field

from backend.file_organizer.events import ScanProgressed
from backend.file_organizer.execution.errors import UndoNotPossible
from backend.file_organizer.execution.operations import BY_NAME, Operation
from backend.file_organizer.execution.runs import RunReport
from backend.file_organizer.jobs_ai import AI_HANDLERS
from backend.file_organizer.jobs_cleaning import CLEANING_HANDLERS
from backend.file_organizer.jobs_common import Args, run_progress, summary
from backend.file_organizer.jobs_index import INDEX_HANDLERS
from backend.file_organizer.jobs_trash import TRASH_HANDLERS
from backend.file_organizer.jobs_verify import VERIFY_HANDLERS
from backend.file_organizer.jobs_watching import WATCHING_HANDLERS
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planner import BuildOptions, Progress
from backend.file_organizer.scan_requests import ScanFolderArgs, begin_scan
from backend.file_organizer.settings import OwnerSettings
from backend.sdk.errors import HomieError
from backend.sdk.files import VolumeAway, VolumePath
from backend.sdk.jobs import JobCancelled, JobContext, JobHandler, JobInterrupted, JobRetryLater


class ExecutePlanArgs(Args):
    """Carry out what was accepted in a plan."""

    plan_id: str


class SortAfter(Args):
    """Begin a scan of what the operation `step_id` unpacked; files go below `into`, or stay in the new folder."""

    step_id: str
    into: VolumePath | None = None


class OperateArgs(Args):
    """Carry out operations that were asked for by name. `request_id` makes it repeatable."""

    request_id: str
    title: str
    operations: list[Operation] = Field(min_length=1, max_length=500)
    sort: list[SortAfter] = Field(default_factory=list, max_length=500)


class UndoArgs(Args):
    """Take back a run, single actions, a file, or a day; exactly one is given. `request_id` makes it repeatable."""

    request_id: str
    run_id: str | None = None
    action_ids: list[str] = Field(default_factory=list, max_length=1000)
    place: VolumePath | None = None
    day: date | None = None
    utc_offset_minutes: int = Field(default=0, ge=-1440, le=1440)
    keep_both: bool = False


class PreviewAiArgs(Args):
    """Show what the AI would be asked about a folder."""

    root: VolumePath
    into: VolumePath
    threshold: float = Field(ge=0, le=1)
    settings: OwnerSettings


class RecoverArgs(Args):
    """Bring what a crash left open to an end."""


class RefreshDrivesArgs(Args):
    """Look at the drives now."""


def scan_folder(ctx: JobContext, args: ScanFolderArgs) -> Mapping[str, Any]:
    """Build the plan; a cancelled or failed scan closes it with a word why."""
    organizer = Organizer(ctx.module)
    roots = organizer.roots.for_actor(ctx.actor)
    options = BuildOptions(
        args.settings, args.threshold, deep=args.deep, use_ai=args.use_ai, inside_only=args.inside_only
    )

    def progress(fraction: float | None, note: str, files: int) -> None:
        ctx.progress(fraction, note, files=files)
        ctx.module.bus.publish(ScanProgressed(owner_id=ctx.actor.owner_id, plan_id=args.plan_id, files_seen=files))

    try:
        root = roots.locate(args.root, must_exist=True, folder=True, field="body.path")
        into = roots.locate(args.into, folder=True, field="body.into")
        organizer.planner.build(ctx.actor, root, into, options, plan_id=args.plan_id, progress=progress)
    except JobInterrupted:
        raise  # the worker stops; the next start builds the plan anew
    except JobCancelled:
        organizer.plans.fail(ctx.actor, args.plan_id, "The scan was stopped.")
        raise
    except HomieError as error:
        organizer.plans.fail(ctx.actor, args.plan_id, error.message)
        raise
    return {"plan_id": args.plan_id}


def execute_plan(ctx: JobContext, args: ExecutePlanArgs) -> Mapping[str, Any]:
    """Carry the plan out; a drive that is away is waited for."""
    organizer = Organizer(ctx.module)
    try:
        report = organizer.execute_plan(ctx.actor, args.plan_id, on_progress=run_progress(ctx, "Moving files"))
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    return summary(report)


def operate(ctx: JobContext, args: OperateArgs) -> Mapping[str, Any]:
    """Carry the operations out as one run, however often this is attempted; a drive that is away is waited for."""
    organizer = Organizer(ctx.module)
    key = f"{BY_NAME}{args.request_id}"
    try:
        report = organizer.operate(ctx.actor, key, args.operations, title=args.title, progress=_progress(ctx))
        plans = _sort_unpacked(ctx, organizer, args, report)
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    return {**summary(report), **({"plans": plans} if args.sort else {})}


def _sort_unpacked(ctx: JobContext, organizer: Organizer, args: OperateArgs, report: RunReport) -> list[str]:
    """Begin a scan of each folder that was unpacked to be sorted; returns the plans. A saved one is not begun again."""
    roots = organizer.roots.for_actor(ctx.actor)
    unpacked = {
        one.step_id: one.target
        for one in report.results
        if (one.op, one.state) == ("extract", "done") and one.target is not None
    }
    begun: dict[str, str] = dict(ctx.saved.get("plans", {}))
    for wish in args.sort:
        place = unpacked.get(wish.step_id)
        if place is None or wish.step_id in begun:
            continue
        root = roots.locate(place, must_exist=True, folder=True, field="body.operations")
        into = roots.locate(wish.into, folder=True, field="body.operations") if wish.into is not None else None
        begun[wish.step_id] = begin_scan(ctx.module, organizer, ctx.actor, root, into, deep=True)
        ctx.save({**ctx.saved, "plans": begun})
    return list(begun.values())


def undo(ctx: JobContext, args: UndoArgs) -> Mapping[str, Any]:
    """Take back; learns the strong no.

    What a file or a day means is looked up once and saved: a second attempt must not look again at what the first one
    changed.
    """
    organizer = Organizer(ctx.module)
    files, actor, keep_both = organizer.files, ctx.actor, args.keep_both
    tell = run_progress(ctx, "Putting files back")
    key = f"undo-{args.request_id}"
    place, day, zone = args.place, args.day, timezone(timedelta(minutes=args.utc_offset_minutes))
    try:
        if args.run_id is not None:
            reports = [files.undo_run(actor, args.run_id, plan_id=key, keep_both=keep_both, on_progress=tell)]
        elif day is not None:
            reports = []
            for run_id in _saved(ctx, "runs", lambda: files.runs_of_day(actor, day, zone=zone)):
                with suppress(UndoNotPossible):  # somebody took this run back meanwhile
                    reports.append(
                        files.undo_run(actor, run_id, plan_id=f"{key}-{run_id}", keep_both=keep_both, on_progress=tell)
                    )
        else:
            ids = args.action_ids if place is None else _saved(ctx, "actions", lambda: [files.action_at(actor, place)])
            reports = [files.undo_actions(actor, ids, plan_id=key, keep_both=keep_both, on_progress=tell)]
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    for report in reports:
        organizer.settle_undone(actor, report)
    return {"runs": [summary(report) for report in reports]}


def _saved(ctx: JobContext, name: str, find: Callable[[], list[str]]) -> list[str]:
    """Return what an earlier attempt found, or find it now and keep it for a later one."""
    if name not in ctx.saved:
        ctx.save({name: find()})
    return list(ctx.saved[name])


def preview_ai(ctx: JobContext, args: PreviewAiArgs) -> Mapping[str, Any]:
    """Return the exact request body that a plan of the folder would send first."""
    organizer = Organizer(ctx.module)
    roots = organizer.roots.for_actor(ctx.actor)
    root = roots.locate(args.root, must_exist=True, folder=True, field="body.path")
    into = roots.locate(args.into, folder=True, field="body.into")
    options = BuildOptions(args.settings, args.threshold, use_ai=True)
    preview = organizer.planner.preview_ai(ctx.actor, root, into, options)
    return {
        "would_send": preview.would_send and args.settings.ai_enabled,
        "reason": preview.reason if args.settings.ai_enabled else "AI is switched off for the File Organizer.",
        "provider": preview.provider,
        "model": preview.model,
        "body": preview.body,
        "hidden": dict(preview.hidden),
        "estimated_input_tokens": preview.estimated_input_tokens,
    }


def recover(ctx: JobContext, args: RecoverArgs) -> Mapping[str, Any]:
    """Resolve the steps of runs that nobody carries out any more; a drive that is away is waited for."""
    try:
        Organizer(ctx.module).files.recover(ctx.actor)
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    return {}


def refresh_drives(ctx: JobContext, args: RefreshDrivesArgs) -> Mapping[str, Any]:
    """Look at the drives of the owner."""
    drives = Organizer(ctx.module).drives.refresh(ctx.actor)
    return {"drives": len(drives), "online": sum(1 for drive in drives if drive.status == "online")}


def _progress(ctx: JobContext) -> Progress:
    def tell(fraction: float | None, note: str, files: int) -> None:
        ctx.progress(fraction, note, files=files)

    return tell


HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("file_organizer.scan_folder", ScanFolderArgs, scan_folder),
    JobHandler("file_organizer.execute_plan", ExecutePlanArgs, execute_plan, max_attempts=10),
    JobHandler("file_organizer.operate", OperateArgs, operate, max_attempts=10),
    JobHandler("file_organizer.undo", UndoArgs, undo, max_attempts=10),
    JobHandler("file_organizer.preview_ai", PreviewAiArgs, preview_ai),
    JobHandler("file_organizer.recover", RecoverArgs, recover),
    JobHandler("file_organizer.refresh_drives", RefreshDrivesArgs, refresh_drives),
    *AI_HANDLERS,
    *CLEANING_HANDLERS,
    *INDEX_HANDLERS,
    *WATCHING_HANDLERS,
    *TRASH_HANDLERS,
    *VERIFY_HANDLERS,
)
