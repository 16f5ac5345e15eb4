"""API around the AI: closed folders, what asking would cost, why, and where else."""

from __future__ import annotations

from backend.file_organizer.asking.folder_rules import Openness
from backend.file_organizer.asking.models import AiFolderRule
from backend.file_organizer.errors import PlanClosed
from backend.file_organizer.jobs_ai import EstimateAiArgs, ExplainItemArgs, OtherIdeasArgs, RefusalArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planning.plan_models import ItemState, PlanState
from backend.file_organizer.schemas import IdPath, ItemPath, JobRefOut, PlanIn, PlanPath
from backend.file_organizer.schemas_ai import FolderRuleIn, FolderRuleOut, OtherIdeasIn, WhyIn
from backend.sdk.concurrency import run_blocking
from backend.sdk.files import OwnerRoots, SafePath, VolumePath, encode_path
from backend.sdk.http import Group, Page, PageQuery, current_actor, page
from backend.sdk.module import ModuleContext

_REFUSABLE = (ItemState.REJECTED.value, ItemState.SUGGESTED.value, ItemState.ASKING.value)


def ai_groups(ctx: ModuleContext, organizer: Organizer) -> list[Group]:
    """Return the groups about closed folders, estimates and second opinions."""
    rules = Group("asking", url_prefix="/ai", tag="AI")
    opinions = Group("opinions", url_prefix="/plans", tag="AI")
    _folders(rules, organizer)
    _estimates(rules, ctx, organizer)
    _opinions(opinions, ctx, organizer)
    return [rules, opinions]


def _folders(group: Group, organizer: Organizer) -> None:
    @group.get("/folders", returns=Page[FolderRuleOut])
    def list_ai_folders(query: PageQuery) -> Page[FolderRuleOut]:
        """List what an AI may be told about single folders of this space, newest first."""
        actor, after = current_actor(), query.after(str)
        roots = organizer.roots.for_actor(actor)
        rows = organizer.folder_rules.page(actor, limit=query.limit, before=after[0] if after else None)
        found = page(rows, query.limit, lambda rule: (rule.id,))
        items = [_rule_out(rule, roots) for rule in found.items]
        return Page[FolderRuleOut](items=items, next_cursor=found.next_cursor)

    @group.put("/folders", returns=FolderRuleOut, errors=[403])
    def put_ai_folder(body: FolderRuleIn) -> FolderRuleOut:
        """Set what an AI may be told about a folder and all below it; replaces its rule."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        place = run_blocking(roots.resolve_text, body.path, folder=True, field="body.path")
        return _rule_out(organizer.folder_rules.put(actor, place, Openness(body.rule)), roots)

    @group.delete("/folders/<id>", errors=[404])
    def delete_ai_folder(path: IdPath) -> None:
        """Drop the rule of a folder; the settings of the space count there again."""
        organizer.folder_rules.remove(current_actor(), path.id)


def _rule_out(rule: AiFolderRule, roots: OwnerRoots) -> FolderRuleOut:
    root = roots.root(rule.volume_id)
    place = VolumePath.from_text(rule.volume_id, rule.path)
    return FolderRuleOut(
        id=rule.id,
        place=place,
        path=encode_path(SafePath(root, place.relpath).absolute) if root is not None else "",
        rule=Openness(rule.rule).value,
        created_at=rule.created_at,
    )


def _estimates(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("/estimate", returns=JobRefOut, status=202, errors=[403, 503])
    def estimate_ai(body: PlanIn) -> JobRefOut:
        """Say what a scan of this folder with AI would ask and cost; the job's result shows it. Sends nothing."""
        actor = current_actor()
        roots = organizer.roots.for_actor(actor)
        root = run_blocking(roots.resolve_text, body.path, must_exist=True, folder=True, field="body.path")
        into = root
        if body.into is not None:
            into = run_blocking(roots.resolve_text, body.into, folder=True, field="body.into")
        settings = organizer.settings.get(actor)
        threshold = settings.accept_threshold if body.threshold is None else body.threshold
        args = EstimateAiArgs(
            root=root.volume_path, into=into.volume_path, threshold=threshold, deep=body.deep, settings=settings
        )
        job = ctx.jobs.enqueue(actor, "file_organizer.estimate_ai", args)
        return JobRefOut(job_id=job.id, state=job.state)


def _opinions(group: Group, ctx: ModuleContext, organizer: Organizer) -> None:
    @group.post("/<plan_id>/items/<item_id>/why", returns=JobRefOut, status=202, errors=[404])
    def explain_item(path: ItemPath, body: WhyIn) -> JobRefOut:
        """Ask why a file should go there: Homie's own evidence, and an AI's words where it may be asked."""
        actor = current_actor()
        organizer.plans.item(actor, path.plan_id, path.item_id)
        args = ExplainItemArgs(plan_id=path.plan_id, item_id=path.item_id, language=body.language)
        job = ctx.jobs.enqueue(actor, "file_organizer.explain_item", args)
        return JobRefOut(job_id=job.id, state=job.state)

    @group.post("/<plan_id>/other-ideas", returns=JobRefOut, status=202, idempotent=True, errors=[404, 409])
    def find_other_places(path: PlanPath, body: OtherIdeasIn) -> JobRefOut:
        """Ask for other folders for suggestions that you do not want; the new ones wait for your decision."""
        actor = current_actor()
        plan = organizer.plans.get(actor, path.plan_id)
        items = [organizer.plans.item(actor, path.plan_id, item_id) for item_id in dict.fromkeys(body.item_ids)]
        refused = [item for item in items if item.state in _REFUSABLE and item.lead]
        if plan.state != PlanState.READY.value or not refused:
            raise PlanClosed("These files were dealt with already.")
        refusals = [
            RefusalArgs(item_id=item.id, volume_id=item.target_volume, folder=item.target_folder) for item in refused
        ]
        args = OtherIdeasArgs(plan_id=path.plan_id, refusals=refusals)
        job = ctx.jobs.enqueue(actor, "file_organizer.find_other_places", args)
        return JobRefOut(job_id=job.id, state=job.state)
