"""The operations below /api/v1/jobs.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import cast

from frontend.api.generated.schemas import JobOut, JobOutPage, JobState
from frontend.api.transport import Transport, segment


class JobsApi:
    """The operations below /api/v1/jobs."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def cancel_job(self, job_id: str, *, space: str | None = None) -> JobOut:
        """Ask a job to stop."""
        return cast("JobOut", await self._transport.call("POST", f"/api/v1/jobs/{segment(job_id)}/cancel", space=space))

    async def get_job(self, job_id: str, *, space: str | None = None) -> JobOut:
        """Show one job."""
        return cast("JobOut", await self._transport.call("GET", f"/api/v1/jobs/{segment(job_id)}", space=space))

    async def list_jobs(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        state: JobState | None = None,
        live: bool | None = None,
        kind: str | None = None,
        module: str | None = None,
    ) -> JobOutPage:
        """List jobs, newest first."""
        return cast(
            "JobOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/jobs",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "space": space,
                    "state": state,
                    "live": live,
                    "kind": kind,
                    "module": module,
                },
            ),
        )

    async def retry_job(self, job_id: str, *, space: str | None = None) -> JobOut:
        """Try a failed or cancelled job again; it goes on from what it saved."""
        return cast("JobOut", await self._transport.call("POST", f"/api/v1/jobs/{segment(job_id)}/retry", space=space))
