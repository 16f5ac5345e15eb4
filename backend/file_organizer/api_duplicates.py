"""API of copies: look for them, see the groups, choose what stays, put the others into the trash."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

from backend.file_organizer.cleaning.errors import NothingToPutAway
from backend.file_organizer.cleaning.groups import GroupView
from backend.file_organizer.cleaning.models import CleaningSearch, DuplicateFile, FindState, GroupKind, SearchKind
from backend.file_organizer.execution.errors import EXPLANATIONS
from backend.file_organizer.jobs_cleaning import LookArgs, PutAwayArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.put_away import free_stuck, title_of
from backend.file_organizer.schemas_cleaning import (
    CopyOut,
    CopyPatch,
    CopyPath,
    DuplicateGroupOut,
    DuplicateSearchIn,
    DuplicateSearchOut,
    GroupPatch,
    GroupPath,
    GroupsQuery,
    PutAwayOut,
    PutCopiesAwayIn,
    SearchPath,
    SearchProblemOut,
    WaitingOut,
)
from backend.sdk.actor import Actor
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import OwnerRoots, VolumePath, encode_path
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext


def duplicate_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the group of copies."""
    group = Group("duplicates", url_prefix="/duplicates", tag="Duplicates")
    _looking(group, ctx, organizer)
    _deciding(group, organizer)
    _putting_away(group, ctx, organizer)
    return group


def _looking(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("/searches", returns=DuplicateSearchOut, idempotent=True, errors=[403, 409, 503])
    def look_for_duplicates(body: DuplicateSearchIn) -> DuplicateSearchOut:
        """Look through folders for copies.

        Answers at once; a job does the work. What an earlier look found is forgotten. Copies are looked for within one
        space only, through no link, and not in hidden folders and repositories.
        """
        actor = current_actor()
        free_stuck(organizer, ctx.db, ctx.jobs, actor, SearchKind.DUPLICATES)
        search_id = run_blocking(organizer.duplicates.begin, actor, body.paths, pictures=body.pictures)
        job = ctx.jobs.enqueue(
            actor, "file_organizer.find_duplicates", LookArgs(search_id=search_id), dedupe=f"look-{search_id}"
        )
        organizer.searches.note_job(actor, search_id, job.id)
        return _search_out(organizer, actor, organizer.searches.get(actor, search_id))

    @group.get("/searches", returns=Page[DuplicateSearchOut])
    def list_duplicate_searches(query: PageQuery) -> Page[DuplicateSearchOut]:
        """List the looks for copies, the newest first; a space keeps its last one."""
        actor, after = current_actor(), query.after(str)
        rows = organizer.searches.page(
            actor, SearchKind.DUPLICATES, limit=query.limit, before=after[0] if after else None
        )
        found = page(rows, query.limit, lambda search: (search.id,))
        items = [_search_out(organizer, actor, one) for one in found.items]
        return Page[DuplicateSearchOut](items=items, next_cursor=found.next_cursor)

    @group.get("/searches/<search_id>", returns=DuplicateSearchOut, errors=[404])
    def get_duplicate_search(path: SearchPath) -> DuplicateSearchOut:
        """Show one look for copies: how far it is, or what it found."""
        actor = current_actor()
        return _search_out(organizer, actor, organizer.searches.get(actor, path.search_id, SearchKind.DUPLICATES))

    @group.get("/searches/<search_id>/groups", returns=Page[DuplicateGroupOut], errors=[404])
    def list_duplicate_groups(path: SearchPath, query: GroupsQuery) -> Page[DuplicateGroupOut]:
        """List the groups that a look found, those that win most space first."""
        actor, after = current_actor(), query.after(int, str)
        states = [query.state] if query.state else [FindState.OPEN.value, FindState.WORKING.value]
        rows = organizer.duplicates.groups.page(
            actor,
            path.search_id,
            kind=query.kind,
            states=states,
            limit=query.limit,
            after=(after[0], after[1]) if after else None,
        )
        found = page(rows, query.limit, lambda view: (view.group.gain, view.group.id))
        roots = organizer.roots.for_actor(actor)
        items = [_group_out(view, roots) for view in found.items]
        return Page[DuplicateGroupOut](items=items, next_cursor=found.next_cursor)


def _deciding(group: Group, organizer: Organizer) -> None:
    groups = organizer.duplicates.groups

    def shown(view: GroupView) -> DuplicateGroupOut:
        return _group_out(view, organizer.roots.for_actor(current_actor()))

    @group.get("/groups/<group_id>", returns=DuplicateGroupOut, errors=[404])
    def get_duplicate_group(path: GroupPath) -> DuplicateGroupOut:
        """Show one group with its files (two hundred at most)."""
        return shown(groups.get(current_actor(), path.group_id))

    @group.patch("/groups/<group_id>", returns=DuplicateGroupOut, errors=[403, 404, 409])
    def decide_about_group(path: GroupPath, body: GroupPatch) -> DuplicateGroupOut:
        """Keep one file of the group only, or leave all of them as they are."""
        actor = current_actor()
        view = groups.get(actor, path.group_id)
        if body.leave is not None:
            view = groups.leave(actor, path.group_id, body.leave)
        if body.keep_only is not None:
            view = groups.keep_only(actor, path.group_id, body.keep_only)
        return shown(view)

    @group.patch("/groups/<group_id>/files/<file_id>", returns=DuplicateGroupOut, errors=[403, 404, 409])
    def decide_about_copy(path: CopyPath, body: CopyPatch) -> DuplicateGroupOut:
        """Say whether one file of the group is to stay; one always does."""
        return shown(groups.set_keep(current_actor(), path.group_id, path.file_id, body.keep))


def _putting_away(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post(
        "/searches/<search_id>/put-away", returns=PutAwayOut, status=202, idempotent=True, errors=[403, 404, 409]
    )
    def put_copies_away(path: SearchPath, body: PutCopiesAwayIn) -> PutAwayOut:
        """Put copies into the trash of their drive, as one run of the history that can be taken back.

        Right before a copy goes it is compared with the file that stays, byte by byte (pictures that look alike: the
        one that stays must be as it was seen). A copy that cannot be proven to be one stays, and the result says so.
        """
        actor, key = current_actor(), ctx.new_id()
        free_stuck(organizer, ctx.db, ctx.jobs, actor, SearchKind.DUPLICATES)
        organizer.searches.get(actor, path.search_id, SearchKind.DUPLICATES)
        kind = None if body.group_ids else body.kind
        files = organizer.duplicates.groups.claim(actor, path.search_id, key, kind=kind, group_ids=body.group_ids)
        if not files:
            organizer.duplicates.groups.release(actor, key)
            raise NothingToPutAway()
        args = PutAwayArgs(request_id=key, title=title_of(organizer, actor, "copies", files))
        job = ctx.jobs.enqueue(actor, "file_organizer.put_copies_away", args, dedupe=f"put-away-{key}")
        organizer.searches.note_job(actor, path.search_id, job.id)
        return PutAwayOut(job_id=job.id, state=job.state, files=files)


def _search_out(organizer: Organizer, actor: Actor, search: CleaningSearch) -> DuplicateSearchOut:
    counts: dict[str, Any] = dict(search.counts)
    waiting = organizer.duplicates.groups.totals(actor, search.id)
    return DuplicateSearchOut(
        id=search.id,
        owner_id=search.owner_id,
        state=cast(Any, search.state),
        paths=[str(place) for place in search.places],
        pictures=bool(search.options.get("pictures")),
        problems=[SearchProblemOut(path=one["path"], problem=one["problem"]) for one in search.problems],
        same=WaitingOut(**waiting.get(GroupKind.SAME.value, {})),
        similar=WaitingOut(**waiting.get(GroupKind.SIMILAR.value, {})),
        notice=search.notice,
        job_id=search.job_id,
        created_at=search.created_at,
        finished_at=search.finished_at,
        **{name: int(counts.get(name, 0)) for name in ("files", "bytes", "empty", "unreadable", "changed")},
    )


def _group_out(view: GroupView, roots: OwnerRoots) -> DuplicateGroupOut:
    group = view.group
    return DuplicateGroupOut(
        id=group.id,
        search_id=group.search_id,
        kind=cast(Any, group.kind),
        state=cast(Any, group.state),
        size=group.size,
        files=group.files,
        gain=group.gain,
        reason=group.keeper_reason,
        run_id=group.run_id,
        copies=[_copy_out(one, roots) for one in view.files],
    )


def _copy_out(file: DuplicateFile, roots: OwnerRoots) -> CopyOut:
    root = roots.root(file.volume)
    return CopyOut(
        id=file.id,
        place=VolumePath.from_text(file.volume, file.path),
        path=f"{encode_path(root.path).rstrip('/')}/{file.path}" if root else "",
        label=root.label if root else "",
        size=file.size,
        modified=datetime.fromtimestamp(file.mtime_ns / 1e9, UTC),
        keep=file.keep,
        movable=file.movable,
        links=file.links,
        width=file.width,
        height=file.height,
        state=cast(Any, file.state),
        explanation=EXPLANATIONS.get(file.problem or "", ""),
    )
