"""Work around the AI that takes a while: what asking would cost, why a file goes there, where else it could go."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planner import BuildOptions
from backend.file_organizer.second_opinions import NoTo, SecondOpinions
from backend.file_organizer.settings import Language, OwnerSettings
from backend.sdk.files import VolumePath
from backend.sdk.jobs import JobContext, JobHandler


class _Args(BaseModel):
    model_config = ConfigDict(extra="forbid")


class EstimateAiArgs(_Args):
    """Say what asking about a folder would take."""

    root: VolumePath
    into: VolumePath
    threshold: float = Field(ge=0, le=1)
    deep: bool = False
    settings: OwnerSettings


class ExplainItemArgs(_Args):
    """Say why one suggestion is as it is, in a language."""

    plan_id: str
    item_id: str
    language: Language = "en"


class RefusalArgs(_Args):
    """Name an item and the folder that was refused for it."""

    item_id: str
    volume_id: str
    folder: str


class OtherIdeasArgs(_Args):
    """Look for other folders for items whose present ones were refused."""

    plan_id: str
    refusals: list[RefusalArgs] = Field(min_length=1, max_length=200)


def estimate_ai(ctx: JobContext, args: EstimateAiArgs) -> Mapping[str, Any]:
    """Return what a plan of the folder would ask, and what that would take; sends nothing."""
    organizer = Organizer(ctx.module)
    roots = organizer.roots.for_actor(ctx.actor)
    root = roots.locate(args.root, must_exist=True, folder=True, field="body.path")
    into = roots.locate(args.into, folder=True, field="body.into")
    options = BuildOptions(args.settings, args.threshold, deep=args.deep, use_ai=True)

    def progress(fraction: float | None, note: str, files: int) -> None:
        ctx.progress(fraction, note, files=files)

    found = organizer.planner.estimate_ai(ctx.actor, root, into, options, progress).as_json()
    if not args.settings.ai_enabled:
        found |= {"would_send": False, "reason": "AI is switched off for the File Organizer."}
    return found


def explain_item(ctx: JobContext, args: ExplainItemArgs) -> Mapping[str, Any]:
    """Return why one file should go where it is to go."""
    opinions = SecondOpinions(Organizer(ctx.module), ctx.module)
    found = opinions.explain(ctx.actor, args.plan_id, args.item_id, args.language)
    return asdict(found) | {"item_id": args.item_id}


def find_other_places(ctx: JobContext, args: OtherIdeasArgs) -> Mapping[str, Any]:
    """Give items whose suggestions were refused other ones; a second attempt leaves those alone that have one."""
    opinions = SecondOpinions(Organizer(ctx.module), ctx.module)
    refusals = [NoTo(one.item_id, one.volume_id, one.folder) for one in args.refusals]
    return asdict(opinions.other_ideas(ctx.actor, args.plan_id, refusals))


AI_HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("file_organizer.estimate_ai", EstimateAiArgs, estimate_ai),
    JobHandler("file_organizer.explain_item", ExplainItemArgs, explain_item),
    JobHandler("file_organizer.find_other_places", OtherIdeasArgs, find_other_places),
)
