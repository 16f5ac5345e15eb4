"""What the jobs API reads and answers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field, field_validator

from backend.core.jobs.texts import readable
from backend.sdk.http import In, Out, PageQuery
from backend.sdk.jobs import JobState


class JobPath(In):
    """Name one job."""

    job_id: str = Field(min_length=1, max_length=64, description="Id of the job.")


class JobsQuery(PageQuery):
    """Narrow the list of jobs; without filters it holds all of the caller's spaces, newest first."""

    state: JobState | None = Field(None, description="Only jobs in this state.")
    live: bool = Field(False, description="Only jobs that wait or run.")
    kind: str | None = Field(None, max_length=120, description="Only this kind, like `file_organizer.scan_folder`.")
    module: str | None = Field(None, max_length=60, description="Only jobs of this module.")


class JobOut(Out):
    """Show one job. `progress` is 0..1 or null while unknown; `error` is a sentence for people."""

    id: str
    owner_id: str = Field(description="The space that the job works for.")
    kind: str
    state: JobState
    progress: float | None
    note: str
    counts: dict[str, int]
    attempt: int
    max_attempts: int
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    result: dict[str, Any] | None
    error: str | None
    part: str | None = Field(None, description="What core's own work is about: core, or a module. Else null.")

    @field_validator("result", mode="before")
    @classmethod
    def _readable(cls, result: Any) -> Any:
        return readable(result)
