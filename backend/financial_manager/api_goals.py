"""API of goals."""

from __future__ import annotations

from backend.financial_manager.api_ledger import given, refuse_nothing
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import IdPath
from backend.financial_manager.schemas_goals import GoalAmountIn, GoalIn, GoalOut, GoalPatch, GoalsOut
from backend.financial_manager.views_goals import goal_out
from backend.sdk.http import Group, current_actor


def goal_group(finances: Finances) -> Group:
    """Return the group of goals."""
    group = Group("goals", url_prefix="/goals", tag="Goals")
    goals = finances.goals

    @group.get("", returns=GoalsOut)
    def list_goals() -> GoalsOut:
        """List what is saved for, the most urgent first, with how it stands."""
        return GoalsOut(items=[goal_out(one) for one in goals.all(current_actor())])

    @group.post("", returns=GoalOut, status=201, errors=[404], idempotent=True)
    def create_goal(body: GoalIn) -> GoalOut:
        """Begin to save for something, from an account's balance or by amounts that you put aside."""
        return goal_out(goals.create(current_actor(), body.model_dump()))

    @group.get("/<id>", returns=GoalOut, errors=[404])
    def get_goal(path: IdPath) -> GoalOut:
        """Show one goal."""
        return goal_out(goals.get(current_actor(), path.id))

    @group.patch("/<id>", returns=GoalOut, errors=[404, 409])
    def change_goal(path: IdPath, body: GoalPatch) -> GoalOut:
        """Change some of a goal."""
        values = given(body)
        refuse_nothing(values, "name", "target_minor", "note")
        return goal_out(goals.change(current_actor(), path.id, values, body.version))

    @group.delete("/<id>", errors=[404])
    def delete_goal(path: IdPath) -> None:
        """Delete a goal with what was put aside for it; no money moves."""
        goals.delete(current_actor(), path.id)

    @group.post("/<id>/amounts", returns=GoalOut, status=201, errors=[404], idempotent=True)
    def put_aside(path: IdPath, body: GoalAmountIn) -> GoalOut:
        """Put an amount aside for a goal, or take it out again; no money moves."""
        return goal_out(goals.put_aside(current_actor(), path.id, body.amount_minor, body.date, body.note))

    return group
