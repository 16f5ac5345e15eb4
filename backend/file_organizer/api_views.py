"""API of what is looked at before and after: counts and preview of a plan, problems of a run, folders to choose."""

from __future__ import annotations

from backend.file_organizer.execution.errors import EXPLANATIONS
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planning.folder_search import FolderHit, look_on_drives, merged, roots_here
from backend.file_organizer.planning.plan_preview import PlanPreviewer, Preview
from backend.file_organizer.planning.plan_summary import PlanCounts
from backend.file_organizer.schemas import IdPath, PlanPath
from backend.file_organizer.schemas_views import (
    CategoryCountsOut,
    ConfidenceBandOut,
    ConflictOut,
    CountsOut,
    FolderHitOut,
    FolderSearchOut,
    FolderSearchQuery,
    PlanPreviewOut,
    PlanSummaryOut,
    ProblemOut,
    ProblemsOut,
    RecentFoldersOut,
    RecentQuery,
    SpaceNeedOut,
)
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import OwnerRoots, SafePath, encode_path
from backend.sdk.finding import words_of
from backend.sdk.http import Group, current_actor

MOST_PREVIEWED = 200_000


def view_groups(organizer: Organizer) -> list[Group]:
    """Return the groups of views."""
    folders = Group("folder_choice", url_prefix="/folders", tag="Folders")
    plans = Group("plan_views", url_prefix="/plans", tag="Plans")
    runs = Group("run_views", url_prefix="/runs", tag="History")
    _choosing(folders, organizer)
    _plan_views(plans, organizer)
    _run_views(runs, organizer)
    return [folders, plans, runs]


def _choosing(group: Group, organizer: Organizer) -> None:
    @group.get("/search", returns=FolderSearchOut)
    def search_folders(query: FolderSearchQuery) -> FolderSearchOut:
        """Find folders by name, for choosing a destination: learned and recently used ones first.

        Looks through the drives for a moment only; `complete` says whether that was enough.
        """
        actor, words = current_actor(), words_of(query.q)
        roots = organizer.roots.for_actor(actor)
        chosen = OwnerRoots(
            tuple(
                root
                for root in roots.roots
                if query.volume_id in (None, root.volume_id) and (root.writable or not query.writable)
            )
        )
        if not words:
            begin = [*organizer.folders.recent(actor, chosen, query.limit), *run_blocking(roots_here, chosen.roots)]
            return FolderSearchOut(items=[_folder_hit(hit) for hit in merged(begin, query.limit)], complete=True)
        known = organizer.folders.remembered(actor, chosen, words)
        found, complete = run_blocking(look_on_drives, chosen.roots, words, limit=query.limit)
        hits = merged([*known, *found], query.limit)
        return FolderSearchOut(items=[_folder_hit(hit) for hit in hits], complete=complete)

    @group.get("/recent", returns=RecentFoldersOut)
    def list_recent_folders(query: RecentQuery) -> RecentFoldersOut:
        """List the folders that files were put into lately."""
        actor = current_actor()
        hits = organizer.folders.recent(actor, organizer.roots.for_actor(actor), query.limit)
        return RecentFoldersOut(items=[_folder_hit(hit) for hit in hits])


def _plan_views(group: Group, organizer: Organizer) -> None:
    @group.get("/<plan_id>/summary", returns=PlanSummaryOut, errors=[404])
    def summarize_plan(path: PlanPath) -> PlanSummaryOut:
        """Count a plan as it stands: in all, by category, and by confidence."""
        actor = current_actor()
        plan = organizer.plans.get(actor, path.plan_id)
        return _summary(organizer.plans.counts(actor, path.plan_id), plan.version)

    @group.get("/<plan_id>/preview", returns=PlanPreviewOut, errors=[404])
    def preview_plan(path: PlanPath) -> PlanPreviewOut:
        """Say what carrying out the accepted items would do now: conflicts, new folders, space. Changes nothing."""
        actor = current_actor()
        plan = organizer.plans.get(actor, path.plan_id)
        counts = organizer.plans.counts(actor, path.plan_id).total
        items = organizer.plans.accepted(actor, path.plan_id, MOST_PREVIEWED)
        previewer = PlanPreviewer(organizer.roots.for_actor(actor), str(plan.options.get("conflict", "keep-both")))
        found = run_blocking(previewer.look, items)
        return _preview(found, undecided=counts.get("suggested", 0) + counts.get("asking", 0))


def _run_views(group: Group, organizer: Organizer) -> None:
    @group.get("/<id>/problems", returns=ProblemsOut, errors=[404])
    def list_problems(path: IdPath) -> ProblemsOut:
        """Say why things of a run were not done, with how many of each.

        `/actions?run_id=...&problems=true` lists the things themselves.
        """
        rows = organizer.history.problems(current_actor(), path.id)
        items = [
            ProblemOut(code=code or "unknown", reason=EXPLANATIONS.get(code, ""), state=state, count=count)
            for code, state, count in rows
        ]
        return ProblemsOut(items=items, total=sum(item.count for item in items))


def _folder_hit(hit: FolderHit) -> FolderHitOut:
    return FolderHitOut(
        name=hit.place.text.rpartition("/")[2] or hit.root.label,
        place=hit.place,
        path=encode_path(SafePath(hit.root, hit.place.relpath).absolute),
        label=hit.root.label,
        why=hit.why,
        files=hit.files,
        score=round(hit.score, 4),
    )


def _summary(counts: PlanCounts, version: int) -> PlanSummaryOut:
    return PlanSummaryOut(
        total=CountsOut(**counts.total),
        groups=counts.groups,
        categories=[CategoryCountsOut(category=name, **c) for name, c in sorted(counts.categories.items())],
        confidence=[ConfidenceBandOut(at_least=least, items=n, undecided=u) for least, n, u in counts.bands],
        version=version,
    )


def _preview(found: Preview, undecided: int) -> PlanPreviewOut:
    spaces = [
        SpaceNeedOut(
            volume_id=need.root.volume_id,
            label=need.root.label,
            online=need.online,
            writable=need.root.writable,
            free=need.free,
            needed=need.needed,
            enough=need.enough,
        )
        for need in found.spaces.values()
    ]
    return PlanPreviewOut(
        accepted=found.items,
        files=found.files,
        folders_moved=found.folders_moved,
        bytes=found.bytes,
        undecided=undecided,
        new_folders=len(found.new_folders),
        new_folder_examples=list(found.new_folders)[:50],
        spaces=spaces,
        conflicts=found.conflicts,
        conflict_examples=[ConflictOut.model_validate(conflict) for conflict in found.examples],
        complete=found.complete,
        ready=found.ready,
    )
