"""Empty the trash: what somebody asked for, and daily what has served its time. Both go through the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import Field

from backend.file_organizer.execution.errors import ActionMissing
from backend.file_organizer.jobs_common import Args, run_progress, summary
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.trash.retention import what_is_due
from backend.sdk.files import VolumeAway
from backend.sdk.jobs import JobContext, JobHandler, JobRetryLater


class EmptyTrashArgs(Args):
    """Remove for good what was in the trash at `until`. `request_id` makes it repeatable.

    `ids`: named things; otherwise all of `volumes`, of which those that are away keep their trash.
    """

    request_id: str
    ids: list[str] = Field(default_factory=list, max_length=500)
    volumes: list[str] = Field(default_factory=list, max_length=1000)
    until: datetime


class KeepTrashArgs(Args):
    """Remove what has served its time. `day`: the date that this is done for, once."""

    day: str


def empty_trash(ctx: JobContext, args: EmptyTrashArgs) -> Mapping[str, Any]:
    """Remove it, as one run of the history however often this is attempted."""
    organizer = Organizer(ctx.module)
    away: list[str] = []
    ids = args.ids
    if not ids:
        here, away = organizer.volumes_here(ctx.actor, args.volumes)
        ids = organizer.trash.ids(ctx.actor, here, until=args.until)
    try:
        report = organizer.purge(
            ctx.actor, f"empty-{args.request_id}", ids, on_progress=run_progress(ctx, "Removing files for good")
        )
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=60.0) from None
    except ActionMissing:
        return {"run_id": None, "done": 0, "failed": 0, "away": away}
    return {**summary(report), "away": away}


def keep_trash(ctx: JobContext, args: KeepTrashArgs) -> Mapping[str, Any]:
    """Remove what the owner's retention lets go, once a day; what is on a drive that is away stays."""
    organizer = Organizer(ctx.module)
    settings = organizer.settings.get(ctx.actor)
    roots = organizer.roots.for_actor(ctx.actor)
    due = what_is_due(organizer.trash, ctx.actor, roots, settings, ctx.module.clock.now())
    if not due.ids:
        return {"run_id": None, "expired": 0, "for_room": 0}
    try:
        report = organizer.purge(
            ctx.actor,
            f"retention-{args.day}",
            due.ids,
            by_itself=True,
            on_progress=run_progress(ctx, "Removing what was in the trash long enough"),
        )
    except VolumeAway as error:
        raise JobRetryLater(error.message, seconds=600.0) from None
    except ActionMissing:
        return {"run_id": None, "expired": 0, "for_room": 0}
    return {**summary(report), "expired": len(due.expired), "for_room": len(due.for_room)}


TRASH_HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("file_organizer.empty_trash", EmptyTrashArgs, empty_trash, max_attempts=10),
    JobHandler("file_organizer.keep_trash", KeepTrashArgs, keep_trash, max_attempts=10),
)
