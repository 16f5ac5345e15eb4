"""Backups as jobs: back up, then verify, then prune; every night, and on somebody's wish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from backend.core.backup.errors import BackupBusy, BackupNotFound
from backend.core.backup.manifest import Reason
from backend.core.backup.settings import next_run
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobContext, JobHandler, JobRetryLater, Jobs, JobState

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backend.core.backup.backups import Backups

SYSTEM = Actor.of("system")
"""Whom the nightly jobs belong to: nobody's space, so that no person's queue or list is touched."""

BACKUP, VERIFY, PRUNE, EXPORT = "core.backup_module", "core.verify_backup", "core.prune_backups", "core.export_owner"
RETRY_SECONDS = 15.0


class _Args(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class BackupArgs(_Args):
    """Say what to back up, and what follows once the new backup is verified.

    `then_prune`: the retention rules run; `then_replace`: every older backup of the part goes (after an erasure).
    """

    part: str
    reason: Reason = "manual"
    encrypt: bool | None = None
    then_prune: bool = False
    then_replace: bool = False


class VerifyArgs(_Args):
    """Say what to verify, and what follows when it is good (see `BackupArgs`). `part`: whose backup it is, to be shown.

    A job that waited while Homie was updated has no `part`.
    """

    set_id: str
    part: str | None = None
    then_prune: bool = False
    then_replace: bool = False


class PruneArgs(_Args):
    """Say of which part old backups are to go; all if None."""

    part: str | None = None


class ExportArgs(_Args):
    """Say whose things are to be exported, under which name."""

    owner_id: str
    export_id: str


def backup_handlers(backups: Callable[[], Backups]) -> tuple[JobHandler[Any], ...]:
    """Return the handlers of core's backup jobs. `backups` is asked when a job runs."""

    def back_up(ctx: JobContext, args: BackupArgs) -> Mapping[str, Any]:
        return _back_up(backups(), ctx, args)

    def verify(ctx: JobContext, args: VerifyArgs) -> Mapping[str, Any]:
        return _verify(backups(), ctx, args)

    def prune(ctx: JobContext, args: PruneArgs) -> Mapping[str, Any]:
        return _prune(backups(), ctx, args)

    def export(ctx: JobContext, args: ExportArgs) -> Mapping[str, Any]:
        path = backups().owners.export(ctx.actor, args.owner_id, args.export_id, ctx.progress)
        return {"export_id": args.export_id, "size": path.stat().st_size}

    return (
        JobHandler(BACKUP, BackupArgs, back_up),
        JobHandler(VERIFY, VerifyArgs, verify),
        JobHandler(PRUNE, PruneArgs, prune),
        JobHandler(EXPORT, ExportArgs, export),
    )


def schedule_nightly(backups: Backups, jobs: Jobs, now: datetime) -> datetime | None:
    """Queue tonight's backup of every part (once, however often this is called); None when switched off."""
    due = next_run(backups.service.settings(), now)
    if due is not None:
        for part in backups.service.parts.ids():
            args = BackupArgs(part=part, reason="scheduled", then_prune=True)
            jobs.enqueue(SYSTEM, BACKUP, args, dedupe=f"nightly:{part}:{due.isoformat()}", run_at=due)
    return due


def reschedule(backups: Backups, jobs: Any, now: datetime) -> None:
    """Drop queued nightly jobs and queue them again, after the hour or the switch was changed."""
    from backend.core.jobs.service import JobFilter

    for job in jobs.list(SYSTEM, JobFilter(states=(JobState.QUEUED,), kind=BACKUP, limit=500)):
        jobs.cancel(SYSTEM, job.id)
    schedule_nightly(backups, jobs, now)


def _back_up(backups: Backups, ctx: JobContext, args: BackupArgs) -> Mapping[str, Any]:
    if args.reason == "scheduled":
        schedule_nightly(backups, backups.jobs, backups.service.clock.now())  # first: a failure must not end the series
        if not backups.service.settings().schedule:
            return {"skipped": "the nightly backup is switched off"}
    set_id = _made_before(backups, ctx)
    if set_id is None:
        with _waiting_in_turn(), backups.history.run(args.part, "backup") as run:
            made = backups.service.create(args.part, reason=args.reason, encrypt=args.encrypt, progress=ctx.progress)
            run.set_id = set_id = made.set_id
        ctx.save({"set_id": set_id})
    next_args = VerifyArgs(set_id=set_id, part=args.part, then_prune=args.then_prune, then_replace=args.then_replace)
    backups.jobs.enqueue(ctx.actor, VERIFY, next_args, dedupe=set_id)
    return {"set_id": set_id}


def _verify(backups: Backups, ctx: JobContext, args: VerifyArgs) -> Mapping[str, Any]:
    part = backups.service.folder().manifest(args.set_id).part
    with _waiting_in_turn(), backups.history.run(part, "verify") as run:
        run.set_id = args.set_id
        found = backups.service.verify(args.set_id, progress=ctx.progress)
        run.ok, run.message = found.ok, "; ".join(found.problems)
    if found.ok and args.then_replace:
        with _waiting_in_turn():
            backups.service.delete_older(args.set_id)
    if found.ok and args.then_prune:
        backups.jobs.enqueue(ctx.actor, PRUNE, PruneArgs(part=part), dedupe=f"prune:{part}")
    return {"set_id": args.set_id, "ok": found.ok, "problems": found.problems}


def _prune(backups: Backups, ctx: JobContext, args: PruneArgs) -> Mapping[str, Any]:
    with _waiting_in_turn(), backups.history.run(args.part or "all", "prune"):
        report = backups.service.prune(args.part)
    backups.owners.remove_old_exports(backups.service.clock.now())
    return {"deleted": report.deleted, "on_hold": report.on_hold, "freed_bytes": report.freed_bytes}


def _made_before(backups: Backups, ctx: JobContext) -> str | None:
    """Return the backup that an earlier attempt of this job finished before its worker died."""
    set_id = ctx.saved.get("set_id")
    if not isinstance(set_id, str):
        return None
    try:
        return backups.service.folder().manifest(set_id).set_id
    except BackupNotFound:
        return None


@contextmanager
def _waiting_in_turn() -> Iterator[None]:
    """Let a job come back later while another one holds the backup folder."""
    try:
        yield
    except BackupBusy as busy:
        raise JobRetryLater(busy.message, RETRY_SECONDS) from busy
