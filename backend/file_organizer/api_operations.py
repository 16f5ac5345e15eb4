"""API of single operations: make folders, move, copy, rename, trash, unpack and pack what is named."""

from __future__ import annotations

from backend.file_organizer.jobs import OperateArgs, SortAfter
from backend.file_organizer.operation_requests import (
    OperationsIn,
    operations_of_requests,
    sorting_of_requests,
    title_of,
)
from backend.file_organizer.organizer import Organizer
from backend.file_organizer.schemas import JobRefOut
from backend.sdk.concurrency import run_blocking
from backend.sdk.http import Group, current_actor
from backend.sdk.module import ModuleContext


def operation_group(ctx: ModuleContext, organizer: Organizer) -> Group:
    """Return the group of operations."""
    group = Group("operations", url_prefix="/operations", tag="Operations")

    @group.post("", returns=JobRefOut, status=202, idempotent=True, errors=[403, 503])
    def carry_out(body: OperationsIn) -> JobRefOut:
        """Make folders, move, copy, rename, trash, unpack or pack.

        What is named must be there already; the steps are carried out in the given order as one run of the history,
        which can be taken back like any other. Nothing is overwritten. A step that cannot be done does not stop the
        others: the job's result says why. After an `extract` with `sort`, its `plans` name the plan that sorts what was
        unpacked.
        """
        actor = current_actor()
        roots = organizer.roots.for_actor(actor.only_in(actor.owner_id))  # the worker acts in this space only

        def naming(index: int, name: str) -> str:
            return f"body.operations.{index}.{name}"

        operations = run_blocking(operations_of_requests, body.operations, roots, naming)
        wishes = run_blocking(sorting_of_requests, body.operations, roots, naming)
        args = OperateArgs(
            request_id=ctx.new_id(),
            title=body.title or title_of(operations),
            operations=operations,
            sort=[SortAfter(step_id=step, into=into) for step, into in wishes],
        )
        job = ctx.jobs.enqueue(actor, "file_organizer.operate", args)
        return JobRefOut(job_id=job.id, state=job.state)

    return group
