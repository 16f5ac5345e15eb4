"""Begin a scan, for the API and for what was unpacked: an empty plan that can be watched, and the job that fills it."""

from __future__ import annotations

from pydantic import Field

from backend.file_organizer.jobs_common import Args
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.planner import BuildOptions
from backend.file_organizer.settings import OwnerSettings
from backend.sdk.actor import Actor
from backend.sdk.files import SafePath, VolumePath
from backend.sdk.module import ModuleContext


class ScanFolderArgs(Args):
    """Scan `root` into the plan `plan_id`, with suggestions below `into`."""

    plan_id: str
    root: VolumePath
    into: VolumePath
    threshold: float = Field(ge=0, le=1)
    deep: bool = False
    use_ai: bool = False
    inside_only: bool = False
    settings: OwnerSettings


def begin_scan(
    ctx: ModuleContext,
    organizer: Organizer,
    actor: Actor,
    root: SafePath,
    into: SafePath | None,
    *,
    threshold: float | None = None,
    deep: bool = False,
    use_ai: bool = False,
) -> str:
    """Return the id of a new plan for the folder `root`; a job builds it. `into`: where to file, `root` if None."""
    settings = organizer.settings.get(actor)
    threshold = settings.accept_threshold if threshold is None else threshold
    use_ai = use_ai and settings.ai_enabled
    options = BuildOptions(settings, threshold, deep=deep, use_ai=use_ai)
    plan_id = organizer.plans.create(actor, root, into or root, options.stored())
    args = ScanFolderArgs(
        plan_id=plan_id,
        root=root.volume_path,
        into=(into or root).volume_path,
        threshold=threshold,
        deep=deep,
        use_ai=use_ai,
        inside_only=into is not None,
        settings=settings,
    )
    job = ctx.jobs.enqueue(actor, "file_organizer.scan_folder", args, dedupe=f"scan-{plan_id}")
    organizer.plans.note_job(actor, plan_id, job.id)
    return plan_id
