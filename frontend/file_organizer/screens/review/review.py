"""A plan at its address: whatever state it is in, from the scan to the result."""

from __future__ import annotations

import flet as ft

from frontend.file_organizer.review_provider import ReviewProvider
from frontend.file_organizer.screens.review.desk import ReviewDesk
from frontend.file_organizer.screens.review.plan_stages import PlanBuilding, PlanClosed, PlanEmpty, PlanRunning
from frontend.file_organizer.screens.review.run_result import RunResult
from frontend.i18n import tr
from frontend.kit import Screen, error_state, loading_state, use_mount, use_provider, use_session


@ft.component
def Review() -> ft.Control:
    """Show a plan, and follow it from stage to stage."""
    plan_id = ft.use_route_params()["plan_id"]
    review = use_provider(use_session().of(ReviewProvider))

    async def load() -> None:
        await review.open(plan_id)

    use_mount(load, [plan_id])
    plan = review.plan if review.plan_id == plan_id else None
    if plan is None:
        wrong = review.error is not None and review.plan_id == plan_id and review.state != "loading"
        shown = error_state(review.error, load) if wrong and review.error else loading_state(6)
        return Screen(tr("Suggestions"), shown, back="/file_organizer")
    if plan["state"] == "building":
        return PlanBuilding(review)
    if plan["state"] == "executing":
        return PlanRunning(review)
    if plan["state"] == "executed":
        return RunResult(review)
    if plan["state"] != "ready":
        return PlanClosed(review)
    if review.summary is not None and not review.count("items"):
        return PlanEmpty(review)
    return ReviewDesk(review)
