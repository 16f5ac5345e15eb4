"""API of watched folders: list, add, change, remove, look now."""

from __future__ import annotations

from typing import Any

from backend.file_organizer.jobs_watching import TendFolderArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import IdPath, JobRefOut
from backend.file_organizer.schemas_watching import (
    DigestIn,
    DigestOut,
    WatchedIn,
    WatchedListOut,
    WatchedOut,
    WatchedPatch,
)
from backend.file_organizer.watching.digest import is_zone
from backend.file_organizer.watching.errors import WatchedFolderMissing
from backend.file_organizer.watching.models import WatchedFolder
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import SafePath, VolumePath, decode_path, encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext


def watching_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the operations below `/watched`."""
    group = Group("watched", url_prefix="/watched", tag="Watched folders")

    @group.get("", returns=WatchedListOut)
    def list_watched() -> WatchedListOut:
        """List the watched folders with how they are seen and what waits."""
        actor = current_actor()
        organizer.index.prepare(actor)
        return run_blocking(watched_list, ctx, organizer, actor)

    @group.post("", returns=WatchedOut, status=201, idempotent=True, errors=[403, 409])
    def add_watched(body: WatchedIn) -> WatchedOut:
        """Begin to watch a folder."""
        actor = current_actor()
        place = run_blocking(folder_to_watch, organizer, actor, body.path)
        row = organizer.watched.add(actor, place, body.model_dump(exclude={"path"}))
        return run_blocking(shown, ctx, organizer, actor, row)

    @group.patch("/digest", returns=DigestOut)
    def change_digest(body: DigestIn) -> DigestOut:
        """Say at which hour you are told what was filed and what waits, or never."""
        if not is_zone(body.time_zone):
            problem = FieldProblem("body.time_zone", "No such time zone.", "Use a name such as Europe/Vienna.")
            raise InvalidInput(fields=[problem])
        changes = {"digest_hour": body.hour, "time_zone": body.time_zone}
        stored = organizer.settings.change(current_actor(), changes)
        return DigestOut(hour=stored.digest_hour, time_zone=stored.time_zone)

    @group.get("/<id>", returns=WatchedOut, errors=[404])
    def get_watched(path: IdPath) -> WatchedOut:
        """Show one watched folder."""
        actor = current_actor()
        return run_blocking(shown, ctx, organizer, actor, organizer.watched.get(actor, path.id))

    @group.patch("/<id>", returns=WatchedOut, errors=[404])
    def change_watched(path: IdPath, body: WatchedPatch) -> WatchedOut:
        """Change how a folder is watched, or pause it."""
        actor = current_actor()
        row = organizer.watched.change(actor, path.id, body.model_dump(exclude_none=True))
        return run_blocking(shown, ctx, organizer, actor, row)

    @group.delete("/<id>", errors=[404])
    def remove_watched(path: IdPath) -> None:
        """Watch a folder no more; what was filed and what waits stays."""
        organizer.watched.remove(current_actor(), path.id)

    @group.post("/<id>/look", returns=JobRefOut, status=202, idempotent=True, errors=[404])
    def look_at_watched(path: IdPath) -> JobRefOut:
        """Look for new files in it now."""
        actor = current_actor()
        row = organizer.watched.get(actor, path.id)
        if row.owner_id != actor.owner_id:
            raise WatchedFolderMissing()
        args = TendFolderArgs(watched_id=row.id)
        job = ctx.jobs.enqueue(actor, "file_organizer.tend_folder", args, dedupe=f"tend-{row.id}")
        return JobRefOut(job_id=job.id, state=job.state)

    return group


def folder_to_watch(organizer: Organizer, actor: Actor, path: str) -> SafePath:
    """Return the folder that a path names, if it may be watched: it is there, and files may be moved out of it.

    Raises `PathNotAllowed`, `InvalidInput`.
    """
    roots = organizer.roots.for_actor(actor.only_in(actor.owner_id))
    place = roots.resolve_text(path, must_exist=True, folder=True, field="body.path")
    if not place.root.writable:
        problem = FieldProblem("body.path", "Homie may not move files out of this folder.", "Open it for writing.")
        raise InvalidInput(fields=[problem])
    return place


def watched_list(ctx: ModuleContext, organizer: Organizer, actor: Actor) -> WatchedListOut:
    """Return everything that the screen of watched folders shows."""
    settings = organizer.settings.get(actor)
    waiting = organizer.watched.waiting(actor)
    items = [shown(ctx, organizer, actor, row, waiting) for row in organizer.watched.all(actor)]
    known = {root.volume_id for root in organizer.roots.for_actor(actor).roots}
    indexed = sum(state.files for state in organizer.index.states(actor) if state.volume_id in known)
    return WatchedListOut(
        items=items, digest_hour=settings.digest_hour, time_zone=settings.time_zone, indexed_files=indexed
    )


def shown(
    ctx: ModuleContext, organizer: Organizer, actor: Actor, row: WatchedFolder, waiting: dict[str, int] | None = None
) -> WatchedOut:
    """Return one watched folder as people see it."""
    counts = organizer.watched.waiting(actor) if waiting is None else waiting
    root = organizer.roots.for_actor(actor).root(row.volume_id)
    path = decode_path(row.path)
    full = SafePath(root, path).absolute if root is not None else path
    sight = "paused" if row.paused else row.sight
    if root is None or not root.online:
        sight = "away"
    values: dict[str, Any] = {
        name: getattr(row, name)
        for name in (
            "id", "owner_id", "mode", "threshold", "settle_seconds", "daily_limit", "paused", "settling", "plan_id",
            "tended_at", "active_at",
        )
    }  # fmt: skip
    today = row.filed_day == ctx.clock.now().date().isoformat()
    return WatchedOut(
        **values,
        place=VolumePath(row.volume_id, path),
        name=encode_path(full.rstrip("/").rpartition("/")[2]),
        path=encode_path(full),
        state=sight,
        waiting=counts.get(row.id, 0),
        filed_today=row.filed_today if today else 0,
        held_back=row.held_back if today else 0,
    )
