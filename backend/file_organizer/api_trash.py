"""API of the trash: what lies in it and where it was, putting it back, and emptying, which nothing takes back."""

from __future__ import annotations

from datetime import timedelta

from backend.file_organizer.errors import DriveOffline, TrashItemMissing
from backend.file_organizer.jobs import UndoArgs
from backend.file_organizer.jobs_trash import EmptyTrashArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import JobRefOut
from backend.file_organizer.schemas_trash import (
    EmptyIn,
    RestoreIn,
    TrashItemOut,
    TrashQuery,
    TrashVolumeOut,
    TrashVolumesOut,
)
from backend.file_organizer.trash.trash_can import TrashItem
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import OwnerRoots, VolumePath, encode_path
from backend.sdk.http import Group, Page, current_actor, page
from backend.sdk.module import ModuleContext


def trash_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the group of the trash."""
    group = Group("trash", url_prefix="/trash", tag="Trash")
    _looking(group, organizer)
    _changing(group, ctx, organizer)
    return group


def _looking(group: Group, organizer: Organizer) -> None:
    @group.get("", returns=Page[TrashItemOut])
    def list_trash(query: TrashQuery) -> Page[TrashItemOut]:
        """List what lies in the trash, newest first; also on drives that are away."""
        actor = current_actor()
        after = query.after(str)
        rows = organizer.trash.items(
            actor,
            limit=query.limit,
            before=after[0] if after else None,
            volume_id=query.volume_id,
            text=query.q,
        )
        found = page(rows, query.limit, lambda item: (item.action.id,))
        roots = organizer.roots.for_actor(actor)
        here = run_blocking(_online, roots)
        days = {owner: organizer.settings.get(actor.acting_in(owner)).trash_days for owner in actor.owners}
        items = [_item_out(item, roots, here, days.get(item.action.owner_id, 0)) for item in found.items]
        return Page[TrashItemOut](items=items, next_cursor=found.next_cursor)

    @group.get("/volumes", returns=TrashVolumesOut)
    def sum_up_trash() -> TrashVolumesOut:
        """Sum up what lies in the trash of each of your folders, and say how long it is kept."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        here = run_blocking(_online, roots)
        settings = organizer.settings.get(actor)
        items = [
            TrashVolumeOut(
                owner_id=one.owner_id,
                volume_id=one.volume_id,
                label=root.label if (root := roots.root(one.volume_id)) is not None else "",
                online=one.volume_id in here,
                items=one.items,
                bytes=one.bytes,
                oldest_at=one.oldest_at,
            )
            for one in organizer.trash.volumes(actor)
        ]
        return TrashVolumesOut(
            items=items,
            total=sum(one.items for one in items),
            bytes=sum(one.bytes for one in items),
            days=settings.trash_days,
            makes_room=settings.trash_makes_room,
        )


def _changing(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("/restore", returns=JobRefOut, status=202, idempotent=True, errors=[404])
    def restore_from_trash(body: RestoreIn) -> JobRefOut:
        """Put things back to where they were; where the place is taken again, both are kept.

        Waits for a drive that is away.
        """
        actor = current_actor()
        there = actor.acting_in(organizer.trash.owner_of(actor, body.ids))
        args = UndoArgs(request_id=ctx.new_id(), action_ids=sorted(set(body.ids)), keep_both=True)
        job = ctx.jobs.enqueue(there, "file_organizer.undo", args)
        return JobRefOut(job_id=job.id, state=job.state)

    @group.post("/empty", returns=JobRefOut, status=202, idempotent=True, errors=[404, 503])
    def empty_trash(body: EmptyIn) -> JobRefOut:
        """Remove for good. This cannot be taken back; the history keeps that it was done.

        Of everything, what lies on drives that are away stays.
        """
        actor = current_actor()
        there, volumes = _chosen(organizer, actor, body)
        now = ctx.clock.now()
        args = EmptyTrashArgs(request_id=ctx.new_id(), ids=sorted(set(body.ids)), volumes=volumes, until=now)
        job = ctx.jobs.enqueue(there, "file_organizer.empty_trash", args)
        return JobRefOut(job_id=job.id, state=job.state)


def _chosen(organizer: Organizer, actor: Actor, body: EmptyIn) -> tuple[Actor, list[str]]:
    """Return who removes (in which space), and the volumes of which all goes; refuses what cannot be removed now."""
    if body.ids:
        there = actor.acting_in(organizer.trash.owner_of(actor, body.ids))
        return there, []
    full = organizer.trash.volumes(actor)
    if body.volume_id is None:
        return actor, sorted({one.volume_id for one in full if one.owner_id == actor.owner_id})
    mine = [one for one in full if one.volume_id == body.volume_id]
    mine.sort(key=lambda one: one.owner_id != actor.owner_id)
    if not mine:
        raise TrashItemMissing("There is nothing in this trash.")
    there = actor.acting_in(mine[0].owner_id)
    here, _ = run_blocking(organizer.volumes_here, there, [body.volume_id])
    if not here:
        raise DriveOffline("The drive of this trash is not connected, or may only be read. Connect it and try again.")
    return there, here


def _online(roots: OwnerRoots) -> set[str]:
    return {root.volume_id for root in roots.roots if root.online}


def _item_out(item: TrashItem, roots: OwnerRoots, here: set[str], days: int) -> TrashItemOut:
    action = item.action
    place = VolumePath.from_text(action.source_volume or action.target_volume or "", action.source_path or "")
    root = roots.root(place.volume_id)
    online = action.target_volume in here
    return TrashItemOut(
        id=action.id,
        owner_id=action.owner_id,
        name=place.text.rpartition("/")[2],
        place=place,
        path=f"{encode_path(root.path).rstrip('/')}/{place.text}" if root is not None else "",
        is_folder=action.folder,
        size=item.size,
        files=item.files,
        trashed_at=action.created_at,
        run_id=item.run.id,
        run_title=item.run.title,
        run_kind=item.run.kind,
        user_id=item.run.user_id,
        online=online,
        expires_at=action.created_at + timedelta(days=days) if days and online else None,
    )
