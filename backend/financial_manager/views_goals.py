"""What goals look like on the wire."""

from __future__ import annotations

from backend.financial_manager.goals.goals import GoalStatus, said
from backend.financial_manager.schemas_goals import GoalAmountOut, GoalOut


def goal_out(found: GoalStatus) -> GoalOut:
    """Return a goal with how it stands."""
    goal, told = found.goal, found.progress
    of_goal = ("id", "name", "account_id", "currency", "target_minor", "until", "started_on", "note", "version")
    of_progress = (
        "saved_minor", "left_minor", "months_left", "per_month_minor", "planned_minor", "on_track", "reached",
    )  # fmt: skip
    return GoalOut(
        **{name: getattr(goal, name) for name in of_goal},
        **{name: getattr(told, name) for name in of_progress},
        words=said(found),
        amounts=[GoalAmountOut.model_validate(one) for one in found.amounts],
    )
