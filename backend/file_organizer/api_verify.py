"""API of reading files again: start it, and what was found last."""

from __future__ import annotations

from typing import Any

from backend.file_organizer.jobs_verify import VerifyFilesArgs
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import JobRefOut
from backend.file_organizer.schemas_verify import FindingOut, VerificationOut, VerificationStateOut, VerifyIn
from backend.sdk.files import OwnerRoots, VolumePath, encode_path
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext


def verify_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the group of reading files again."""
    group = Group("verification", url_prefix="/verification", tag="Drives")

    @group.get("", returns=VerificationStateOut)
    def get_verification() -> VerificationStateOut:
        """Show what was found when files of this space were read again last."""
        actor = current_actor()
        last = organizer.verifier.last(actor)
        if last is None:
            return VerificationStateOut(last=None)
        return VerificationStateOut(last=_result(last, organizer.roots.for_actor(actor)))

    @group.post("", returns=JobRefOut, status=202, idempotent=True)
    def verify_files(body: VerifyIn) -> JobRefOut:
        """Read files again that Homie put where they are, and compare them with what they were. Changes nothing."""
        actor = current_actor()
        args = VerifyFilesArgs(sample=body.sample)
        job = ctx.jobs.enqueue(actor, "file_organizer.verify_files", args, dedupe=f"verify-{actor.owner_id}")
        return JobRefOut(job_id=job.id, state=job.state)

    return group


def _result(last: dict[str, Any], roots: OwnerRoots) -> VerificationOut:
    findings = [_finding(one, roots) for one in last["findings"]]
    return VerificationOut.model_validate({**last, "findings": findings})


def _finding(one: dict[str, Any], roots: OwnerRoots) -> FindingOut:
    root = roots.root(one["volume_id"])
    path = f"{encode_path(root.path).rstrip('/')}/{one['path']}" if root is not None else ""
    place = VolumePath.from_text(one["volume_id"], one["path"])
    return FindingOut(condition=one["condition"], place=place, path=path)
