"""API of folders and plans: look, scan, preview, edit, accept, execute."""

from __future__ import annotations

import os

from backend.file_organizer.errors import DestinationNotUsable, FolderNotScannable
from backend.file_organizer.jobs import ExecutePlanArgs, ScanFolderArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planner import BuildOptions
from backend.file_organizer.planning.plan_models import ItemState, Plan, PlanItem
from backend.file_organizer.planning.plan_order import ItemOrder
from backend.file_organizer.planning.plan_tree import TreeFolder
from backend.file_organizer.planning.plans import Selection
from backend.file_organizer.schemas import (
    AlternativeOut,
    ChangedOut,
    ContentQuery,
    ExecuteIn,
    FolderOut,
    ItemOut,
    ItemPatch,
    ItemPath,
    ItemsQuery,
    JobRefOut,
    PlanIn,
    PlanOut,
    PlanPath,
    PlansQuery,
    SelectionIn,
    SubfolderOut,
    TakeBackIn,
    TreeFolderOut,
    TreeQuery,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.errors import FieldProblem
from backend.sdk.files import AllowedRoot, OwnerRoots, SafePath, VolumePath, encode_path
from backend.sdk.finding import words_of
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext


def plan_groups(ctx: ModuleContext, organizer: Organizer) -> list[Group]:
    """Return the groups of folders and plans."""
    folders = Group("folders", url_prefix="/folders", tag="Folders")
    plans = Group("plans", url_prefix="/plans", tag="Plans")
    _folders(folders, organizer)
    _reading(plans, organizer)
    _making(plans, ctx, organizer)
    _editing(plans, organizer)
    return [folders, plans]


def _folders(group: Group, organizer: Organizer) -> None:
    @group.get("", returns=Page[FolderOut])
    def list_folders(query: PageQuery) -> Page[FolderOut]:
        """List the folders that were opened for you."""
        roots = organizer.roots.for_actor(current_actor()).roots
        after = query.after(str)
        rows = sorted(roots, key=lambda root: root.path)
        rows = [root for root in rows if after is None or root.path > after[0]][: query.limit + 1]
        found = page(rows, query.limit, lambda root: (encode_path(root.path),))
        online = run_blocking(lambda: [root.online for root in found.items])
        items = [_folder_out(root, here) for root, here in zip(found.items, online, strict=True)]
        return Page[FolderOut](items=items, next_cursor=found.next_cursor)

    @group.get("/content", returns=Page[SubfolderOut], errors=[403, 503])
    def list_folder_content(query: ContentQuery) -> Page[SubfolderOut]:
        """List the folders inside a folder, for choosing a destination."""
        roots = organizer.roots.for_actor(current_actor())
        place = VolumePath.from_text(query.volume_id, query.path)
        here = run_blocking(roots.locate, place, must_exist=True, folder=True, field="query.path")
        names = run_blocking(_subfolders, here)
        after = query.after(str)
        rows = [name for name in names if after is None or encode_path(name) > after[0]][: query.limit + 1]
        found = page(rows, query.limit, lambda name: (encode_path(name),))
        items = [SubfolderOut(name=encode_path(n), place=here.volume_path.child(n)) for n in found.items]
        return Page[SubfolderOut](items=items, next_cursor=found.next_cursor)


def _subfolders(here: SafePath) -> list[str]:
    try:
        descriptor = here.open(os.O_RDONLY | os.O_DIRECTORY)  # through no link, also if one appeared since the check
        try:
            with os.scandir(descriptor) as listing:
                names = [e.name for e in listing if e.name[0] != "." and e.is_dir(follow_symlinks=False)]
        finally:
            os.close(descriptor)
    except OSError:
        raise FolderNotScannable(
            fields=[FieldProblem("query.path", "This folder cannot be read.", "Choose another one.")]
        ) from None
    return sorted(names, key=encode_path)


def _reading(group: Group, organizer: Organizer) -> None:
    @group.get("", returns=Page[PlanOut])
    def list_plans(query: PlansQuery) -> Page[PlanOut]:
        """List plans, newest first."""
        after = query.after(str)
        rows = organizer.plans.page(
            current_actor(), limit=query.limit, before=after[0] if after else None, state=query.state
        )
        found = page(rows, query.limit, lambda plan: (plan.id,))
        roots = organizer.roots.for_actor(current_actor())
        return Page[PlanOut](items=[_plan_out(p, roots) for p in found.items], next_cursor=found.next_cursor)

    @group.get("/<plan_id>", returns=PlanOut, errors=[404])
    def get_plan(path: PlanPath) -> PlanOut:
        """Show one plan."""
        actor = current_actor()
        return _plan_out(organizer.plans.get(actor, path.plan_id), organizer.roots.for_actor(actor))

    @group.get("/<plan_id>/items", returns=Page[ItemOut], errors=[404])
    def list_items(path: PlanPath, query: ItemsQuery) -> Page[ItemOut]:
        """List the suggestions of a plan."""
        order = _order(query)
        after = query.after(int) if order is None else None
        selection = Selection(
            group_key=query.group,
            target_folder=query.folder,
            category=query.category,
            min_confidence=query.min_confidence,
            source_folder=query.source_folder,
            words=words_of(query.q) if query.q else (),
            undecided=query.state == "undecided",
        )
        rows = organizer.plans.items(
            current_actor(),
            path.plan_id,
            limit=query.limit,
            after=after[0] if after else None,
            state=None if query.state == "undecided" else query.state,
            selection=selection,
            order=order,
        )
        found = page(rows, query.limit, lambda item: (*((order.value_of(item),) if order else ()), item.seq))
        return Page[ItemOut](items=[_item_out(i) for i in found.items], next_cursor=found.next_cursor)

    @group.get("/<plan_id>/tree", returns=Page[TreeFolderOut], errors=[404])
    def show_tree(path: PlanPath, query: TreeQuery) -> Page[TreeFolderOut]:
        """Show the folders of a plan: those that files go to, or (`side=before`) those that they come from."""
        after = query.after(str, str)
        rows = organizer.plans.tree(
            current_actor(),
            path.plan_id,
            limit=query.limit,
            after=(after[0], after[1]) if after else None,
            before=query.side == "before",
        )
        found = page(rows, query.limit, lambda folder: (folder.volume_id, folder.folder))
        return Page[TreeFolderOut](items=[_tree_out(f) for f in found.items], next_cursor=found.next_cursor)


def _order(query: ItemsQuery) -> ItemOrder | None:
    """Return the order that was asked for, where its page goes on; None for the order of the scan."""
    if query.sort == "seq":
        return None
    order = ItemOrder(query.sort)
    after = query.after(order.value_type, int)
    return ItemOrder(query.sort, (after[0], after[1]) if after else None)


def _making(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("", returns=PlanOut, idempotent=True, errors=[403, 503])
    def create_plan(body: PlanIn) -> PlanOut:
        """Scan a folder and suggest places.

        Answers at once; a job does the work. Nothing is moved before you execute the plan.
        """
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        root = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=True, field="body.path")
        into = root
        if body.into is not None:
            into = run_blocking(roots.resolve_text, body.into, folder=True, field="body.into")
        if not into.root.writable:
            raise DestinationNotUsable(
                fields=[FieldProblem("body.into", "Nothing may be written there.", "Choose another folder.")]
            )
        settings = organizer.settings.get(actor)
        threshold = settings.accept_threshold if body.threshold is None else body.threshold
        use_ai = body.use_ai and settings.ai_enabled
        options = BuildOptions(settings, threshold, deep=body.deep, use_ai=use_ai)
        plan_id = organizer.plans.create(actor, root, into, options.stored())
        args = ScanFolderArgs(
            plan_id=plan_id,
            root=root.volume_path,
            into=into.volume_path,
            threshold=threshold,
            deep=body.deep,
            use_ai=use_ai,
            inside_only=body.into is not None,
            settings=settings,
        )
        job = ctx.jobs.enqueue(actor, "file_organizer.scan_folder", args, dedupe=f"scan-{plan_id}")
        organizer.plans.note_job(actor, plan_id, job.id)
        return _plan_out(organizer.plans.get(actor, plan_id), roots)

    @group.post("/<plan_id>/execute", returns=JobRefOut, status=202, idempotent=True, errors=[404, 409])
    def execute(path: PlanPath, body: ExecuteIn) -> JobRefOut:
        """Carry out what was accepted.

        Refuses a plan whose files changed since the scan, unless `skip_changed`. Asked twice, it runs once.
        """
        actor = current_actor()
        organizer.plans.check_executable(actor, path.plan_id)
        if not body.skip_changed:
            run_blocking(organizer.check_fresh, actor, path.plan_id)
        args = ExecutePlanArgs(plan_id=path.plan_id)
        job = ctx.jobs.enqueue(actor, "file_organizer.execute_plan", args, dedupe=f"execute-{path.plan_id}")
        organizer.plans.note_job(actor, path.plan_id, job.id)
        return JobRefOut(job_id=job.id, state=job.state)

    @group.delete("/<plan_id>", errors=[404, 409])
    def discard(path: PlanPath) -> None:
        """Close a plan without doing anything."""
        organizer.plans.discard(current_actor(), path.plan_id)


def _editing(group: Group, organizer: Organizer) -> None:
    @group.get("/<plan_id>/items/<item_id>", returns=ItemOut, errors=[404])
    def get_item(path: ItemPath) -> ItemOut:
        """Show one suggestion: why here, and what else would do."""
        return _item_out(organizer.plans.item(current_actor(), path.plan_id, path.item_id))

    @group.patch("/<plan_id>/items/<item_id>", returns=ItemOut, errors=[403, 404, 409])
    def edit_item(path: ItemPath, body: ItemPatch) -> ItemOut:
        """Accept or reject one suggestion, or send the file (and its group) elsewhere."""
        actor = current_actor()
        if body.folder is not None or body.name is not None:
            roots = organizer.roots.for_actor(actor)
            item = organizer.plans.item(actor, path.plan_id, path.item_id)
            place = body.folder or VolumePath.from_text(item.target_volume, item.target_folder)
            target = run_blocking(roots.locate, place, folder=True, field="body.folder")
            organizer.plans.redirect(actor, path.plan_id, path.item_id, roots, target, body.name)
        elif body.decision is not None:
            organizer.plans.item(actor, path.plan_id, path.item_id)
            verdict = ItemState.ACCEPTED if body.decision == "accept" else ItemState.REJECTED
            organizer.plans.set_state(actor, path.plan_id, Selection(item_ids=[path.item_id]), verdict)
        return _item_out(organizer.plans.item(actor, path.plan_id, path.item_id))

    @group.post("/<plan_id>/accept", returns=ChangedOut, status=200, idempotent=True, errors=[404, 409])
    def accept(path: PlanPath, body: SelectionIn) -> ChangedOut:
        """Accept the chosen suggestions; groups as a whole."""
        return _decide(organizer, path.plan_id, body, ItemState.ACCEPTED)

    @group.post("/<plan_id>/reject", returns=ChangedOut, status=200, idempotent=True, errors=[404, 409])
    def reject(path: PlanPath, body: SelectionIn) -> ChangedOut:
        """Reject the chosen suggestions; groups as a whole."""
        return _decide(organizer, path.plan_id, body, ItemState.REJECTED)

    @group.post("/<plan_id>/take-back", returns=ChangedOut, status=200, idempotent=True, errors=[404, 409])
    def take_back(path: PlanPath, body: TakeBackIn) -> ChangedOut:
        """Take one step of deciding back: what it accepted, rejected or sent elsewhere waits again."""
        actor = current_actor()
        changed = organizer.plans.take_back(actor, path.plan_id, body.version)
        return ChangedOut(changed=changed, version=organizer.plans.get(actor, path.plan_id).version)


def _decide(organizer: Organizer, plan_id: str, body: SelectionIn, verdict: ItemState) -> ChangedOut:
    actor = current_actor()
    selection = Selection(
        body.item_ids, body.group_key, body.folder, body.category, body.min_confidence, undecided=body.undecided
    )
    changed = organizer.plans.set_state(actor, plan_id, selection, verdict)
    return ChangedOut(changed=changed, version=organizer.plans.get(actor, plan_id).version)


def _folder_out(root: AllowedRoot, online: bool) -> FolderOut:
    return FolderOut(
        volume_id=root.volume_id,
        label=root.label,
        path=encode_path(root.path),
        space_writable=root.writable,
        online=online,
        purpose=root.purpose,
    )


def _plan_out(plan: Plan, roots: OwnerRoots) -> PlanOut:
    place = VolumePath.from_text(plan.root_volume, plan.root_path)
    root = roots.root(plan.root_volume)
    return PlanOut(
        id=plan.id,
        owner_id=plan.owner_id,
        title=plan.title,
        state=plan.state,
        root=place,
        into=VolumePath.from_text(plan.into_volume, plan.into_path),
        root_path=encode_path(SafePath(root, place.relpath).absolute) if root else "",
        options=dict(plan.options),
        counts=dict(plan.counts),
        left_alone=dict(plan.left_alone),
        notice=plan.notice,
        run_id=plan.run_id,
        job_id=plan.job_id,
        version=plan.version,
        created_at=plan.created_at,
        finished_at=plan.finished_at,
    )


def _item_out(item: PlanItem) -> ItemOut:
    suggested = item.suggested_path
    return ItemOut(
        id=item.id,
        seq=item.seq,
        group_key=item.group_key,
        lead=item.lead,
        is_folder=item.is_folder,
        source=VolumePath.from_text(item.source_volume, item.source_path),
        target=VolumePath.from_text(item.target_volume, item.target_path),
        suggested=(
            VolumePath.from_text(item.suggested_volume or item.target_volume, suggested)
            if suggested is not None
            else None
        ),
        size=item.size,
        modified_ns=item.mtime_ns,
        category=item.category,
        confidence=item.confidence,
        reason=item.reason,
        suggested_by=item.source,
        op=item.op,
        oddity=item.oddity,
        alternatives=[
            AlternativeOut(
                place=VolumePath.from_text(a["volume_id"], a["folder"]), confidence=a["confidence"], reason=a["reason"]
            )
            for a in item.alternatives
        ],
        state=item.state,
        problem=item.problem,
        decided_in=item.decided_in,
    )


def _tree_out(folder: TreeFolder) -> TreeFolderOut:
    return TreeFolderOut(
        place=VolumePath.from_text(folder.volume_id, folder.folder),
        items=folder.items,
        suggested=folder.suggested,
        asking=folder.asking,
        accepted=folder.accepted,
        rejected=folder.rejected,
        bytes=folder.bytes,
        lowest_confidence=folder.lowest,
        highest_confidence=folder.highest,
    )
