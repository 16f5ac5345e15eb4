"""API of oddities: look for what nobody needs and what is called wrongly, decide, clean up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from backend.file_organizer.cleaning.errors import NothingToPutAway
from backend.file_organizer.cleaning.models import CleaningSearch, FindState, JunkItem, SearchKind
from backend.file_organizer.cleaning.oddities import RENAMED, OddityKind
from backend.file_organizer.execution.errors import EXPLANATIONS
from backend.file_organizer.jobs_cleaning import LookArgs, PutAwayArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.put_away import free_stuck, title_of
from backend.file_organizer.schemas_cleaning import (
    JunkChoiceIn,
    JunkKindOut,
    JunkLeaveIn,
    JunkOut,
    JunkPath,
    JunkQuery,
    JunkSearchIn,
    JunkSearchOut,
    LeftOut,
    PutAwayOut,
    SearchProblemOut,
)
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import OwnerRoots, VolumePath, encode_path
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext


def clean_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the group of oddities."""
    group = Group("clean", url_prefix="/clean", tag="Cleaning")
    _looking(group, ctx, organizer)
    _deciding(group, ctx, organizer)
    return group


def _looking(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("/searches", returns=JunkSearchOut, idempotent=True, errors=[403, 409, 503])
    def look_for_junk(body: JunkSearchIn) -> JunkSearchOut:
        """Look through folders for what nobody needs and what is called wrongly.

        Answers at once; a job does the work, and changes nothing. What an earlier look found is forgotten.
        """
        actor = current_actor()
        free_stuck(organizer, ctx.db, ctx.jobs, actor, SearchKind.JUNK)
        search_id = run_blocking(organizer.junk.begin, actor, body.paths)
        args = LookArgs(search_id=search_id)
        job = ctx.jobs.enqueue(actor, "file_organizer.find_junk", args, dedupe=f"look-{search_id}")
        organizer.searches.note_job(actor, search_id, job.id)
        return _search_out(organizer, actor, organizer.searches.get(actor, search_id))

    @group.get("/searches", returns=Page[JunkSearchOut])
    def list_junk_searches(query: PageQuery) -> Page[JunkSearchOut]:
        """List the looks for oddities, the newest first; a space keeps its last one."""
        actor, after = current_actor(), query.after(str)
        rows = organizer.searches.page(actor, SearchKind.JUNK, limit=query.limit, before=after[0] if after else None)
        found = page(rows, query.limit, lambda search: (search.id,))
        items = [_search_out(organizer, actor, one) for one in found.items]
        return Page[JunkSearchOut](items=items, next_cursor=found.next_cursor)

    @group.get("/searches/<clean_id>", returns=JunkSearchOut, errors=[404])
    def get_junk_search(path: JunkPath) -> JunkSearchOut:
        """Show one look for oddities: how far it is, or what of it waits."""
        actor = current_actor()
        return _search_out(organizer, actor, organizer.searches.get(actor, path.clean_id, SearchKind.JUNK))

    @group.get("/searches/<clean_id>/items", returns=Page[JunkOut], errors=[404])
    def list_junk(path: JunkPath, query: JunkQuery) -> Page[JunkOut]:
        """List what was found, in the order of the folders."""
        actor, after = current_actor(), query.after(int)
        states = [query.state] if query.state else [FindState.OPEN.value, FindState.WORKING.value]
        rows = organizer.junk.page(
            actor,
            path.clean_id,
            kind=query.kind,
            states=states,
            limit=query.limit,
            after=after[0] if after else None,
        )
        found = page(rows, query.limit, lambda item: (item.seq,))
        roots = organizer.roots.for_actor(actor)
        return Page[JunkOut](items=[_item_out(one, roots) for one in found.items], next_cursor=found.next_cursor)


def _deciding(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("/searches/<clean_id>/leave", returns=LeftOut, status=200, errors=[403, 404])
    def leave_junk(path: JunkPath, body: JunkLeaveIn) -> LeftOut:
        """Leave what is named as it is, or take it up again."""
        actor = current_actor()
        organizer.searches.get(actor, path.clean_id, SearchKind.JUNK)
        changed = organizer.junk.leave(actor, path.clean_id, item_ids=body.item_ids, leave=body.leave)
        return LeftOut(changed=changed)

    @group.post("/searches/<clean_id>/apply", returns=PutAwayOut, status=202, idempotent=True, errors=[403, 404, 409])
    def clean_up(path: JunkPath, body: JunkChoiceIn) -> PutAwayOut:
        """Put what is named (or all of the kinds) into the trash, or rename it, as one run that can be taken back.

        What is no longer as it was seen stays as it is, and the result says so.
        """
        actor, key = current_actor(), ctx.new_id()
        free_stuck(organizer, ctx.db, ctx.jobs, actor, SearchKind.JUNK)
        organizer.searches.get(actor, path.clean_id, SearchKind.JUNK)
        files = organizer.junk.claim(actor, path.clean_id, key, kinds=body.kinds, item_ids=body.item_ids)
        if not files:
            raise NothingToPutAway()
        args = PutAwayArgs(request_id=key, title=title_of(organizer, actor, "junk", files))
        job = ctx.jobs.enqueue(actor, "file_organizer.clean_up", args, dedupe=f"clean-{key}")
        organizer.searches.note_job(actor, path.clean_id, job.id)
        return PutAwayOut(job_id=job.id, state=job.state, files=files)


def _search_out(organizer: Organizer, actor: Actor, search: CleaningSearch) -> JunkSearchOut:
    counts: dict[str, Any] = dict(search.counts)
    waiting = organizer.junk.totals(actor, search.id)
    kinds = [
        JunkKindOut(
            kind=cast(Any, kind.value),
            action="rename" if kind in RENAMED else "trash",
            items=waiting[kind.value][0],
            bytes=waiting[kind.value][1],
        )
        for kind in OddityKind
        if kind.value in waiting
    ]
    return JunkSearchOut(
        id=search.id,
        owner_id=search.owner_id,
        state=cast(Any, search.state),
        paths=[str(place) for place in search.places],
        files=int(counts.get("files", 0)),
        unreadable=int(counts.get("unreadable", 0)),
        problems=[SearchProblemOut(path=one["path"], problem=one["problem"]) for one in search.problems],
        kinds=kinds,
        notice=search.notice,
        job_id=search.job_id,
        created_at=search.created_at,
        finished_at=search.finished_at,
    )


def _item_out(item: JunkItem, roots: OwnerRoots) -> JunkOut:
    root = roots.root(item.volume)
    return JunkOut(
        id=item.id,
        kind=cast(Any, item.kind),
        action=cast(Any, item.action),
        state=cast(Any, item.state),
        place=VolumePath.from_text(item.volume, item.path),
        path=f"{encode_path(root.path).rstrip('/')}/{item.path}" if root else "",
        label=root.label if root else "",
        folder=item.is_folder,
        size=item.size,
        modified=datetime.fromtimestamp(item.mtime_ns / 1e9, UTC),
        new_name=item.new_name,
        detail=item.detail,
        explanation=EXPLANATIONS.get(item.problem or "", ""),
    )
