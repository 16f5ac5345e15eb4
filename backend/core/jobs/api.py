"""The jobs API: look at long work, stop it, try it again. Jobs are begun by the modules' own operations."""

from __future__ import annotations

from typing import Any

from backend.core.jobs.models import LIVE_STATES
from backend.core.jobs.schemas import JobOut, JobPath, JobsQuery
from backend.core.jobs.service import JobFilter, JobService
from backend.sdk.http import Group, Page, current_actor, page


def jobs_group(jobs: JobService) -> Group:
    """Return the operations below `/jobs`."""
    group = Group("jobs", url_prefix="/jobs", tag="Jobs")

    @group.get("", returns=Page[JobOut])
    def list_jobs(query: JobsQuery) -> Page[Any]:
        """List jobs, newest first."""
        after = query.after(str)
        states = (query.state,) if query.state else LIVE_STATES if query.live else ()
        wanted = JobFilter(
            states=states,
            kind=query.kind,
            module=query.module,
            space=query.space,
            before=after[0] if after else None,
            limit=query.limit + 1,
        )
        return page(jobs.list(current_actor(), wanted), query.limit, lambda job: (job.id,))

    @group.get("/<job_id>", returns=JobOut, errors=[404])
    def get_job(path: JobPath) -> Any:
        """Show one job."""
        return jobs.get(current_actor(), path.job_id)

    @group.post("/<job_id>/cancel", returns=JobOut, status=200, errors=[404])
    def cancel_job(path: JobPath) -> Any:
        """Ask a job to stop.

        A waiting job is cancelled at once, a running one at its next checkpoint. A job that has ended is left as it is.
        """
        return jobs.cancel(current_actor(), path.job_id)

    @group.post("/<job_id>/retry", returns=JobOut, status=200, errors=[404, 409])
    def retry_job(path: JobPath) -> Any:
        """Try a failed or cancelled job again; it goes on from what it saved."""
        return jobs.retry(current_actor(), path.job_id)

    return group
