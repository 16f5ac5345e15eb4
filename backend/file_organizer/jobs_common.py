"""What the module's jobs have in common: the form of their arguments, telling how far they are, their results."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict

from backend.file_organizer.execution.run_loop import OnProgress, RunProgress
from backend.file_organizer.execution.runs import RunReport
from backend.sdk.jobs import JobContext


class Args(BaseModel):
    """Be the base of what jobs are given."""

    model_config = ConfigDict(extra="forbid")


def summary(report: RunReport) -> dict[str, Any]:
    """Return a run's report as the job's result: counts, and the first problems with reasons."""
    return {
        "run_id": report.run_id,
        "total": report.total,
        "done": report.done,
        "skipped": report.skipped,
        "failed": report.failed,
        "bytes": report.bytes_done,
        "problems": [
            {"path": problem.source.text if problem.source else "", "explanation": problem.explanation}
            for problem in report.problems[:20]
        ],
        **_left_packed(report),
    }


def _left_packed(report: RunReport) -> dict[str, Any]:
    """Return the archives inside unpacked ones that stayed packed, if any."""
    left = [
        {"path": f"{result.target.text}/{path}" if result.target else path, "explanation": explanation}
        for result in report.results
        for path, explanation in result.left_packed
    ]
    return {"left_packed": left[:20]} if left else {}


def run_progress(ctx: JobContext, note: str) -> OnProgress:
    """Tell of a run: files and bytes so far, of how many, and the name that it is at."""

    def tell(state: RunProgress) -> None:
        name = state.current.text.rpartition("/")[2] if state.current is not None else ""
        ctx.progress(
            state.done / state.total if state.total else None,
            f"{note}: {name}" if name else note,
            files=state.done,
            total=state.total,
            bytes=state.bytes_done,
        )

    return tell
