"""Read files again that Homie put where they are: with progress, to be stopped, and going on after a crash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from pydantic import Field

from backend.file_organizer.events import FilesVerified
from backend.file_organizer.jobs_common import Args
from backend.file_organizer.organizer import Organizer
from backend.sdk.jobs import JobContext, JobHandler


class VerifyFilesArgs(Args):
    """Read `sample` files again, or all of them."""

    sample: int | None = Field(default=None, ge=1, le=1_000_000)


def verify_files(ctx: JobContext, args: VerifyFilesArgs) -> Mapping[str, Any]:
    """Read, compare, keep the result; a second attempt goes on where the first was."""
    organizer = Organizer(ctx.module)

    def tell(fraction: float | None, note: str, files: int) -> None:
        ctx.progress(fraction, "Reading files again", files=files)

    def keep(step: str, report: dict[str, Any]) -> None:
        ctx.save({"after": step, "report": report})

    go_on = (str(ctx.saved["after"]), dict(ctx.saved["report"])) if "after" in ctx.saved else None
    report = organizer.verifier.verify(ctx.actor, sample=args.sample, tell=tell, keep=keep, go_on=go_on)
    damaged = report.damaged + report.unreadable
    ctx.module.bus.publish(
        FilesVerified(
            owner_id=ctx.actor.owner_id,
            checked=report.checked,
            damaged=damaged,
            changed=report.changed,
            gone=report.gone,
        )
    )
    return {name: value for name, value in asdict(report).items() if name != "findings"}


VERIFY_HANDLERS: tuple[JobHandler[Any], ...] = (
    JobHandler("file_organizer.verify_files", VerifyFilesArgs, verify_files, max_attempts=5, priority=-1),
)
