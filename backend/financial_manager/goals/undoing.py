"""What must still hold of goals after a step was taken back."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select

from backend.financial_manager.days import EARLIEST
from backend.financial_manager.errors import ChangeOutdated
from backend.financial_manager.goals.models import GoalAmount
from backend.financial_manager.goals.progress import least_from
from backend.financial_manager.ledger.models import ChangedRow
from backend.sdk.db import OwnedSession


def check_goals_undone(session: OwnedSession, rows: Iterable[ChangedRow]) -> None:
    """Raise `ChangeOutdated` where more would have been taken out of a goal than was put aside."""
    goals = {
        str(values["goal_id"])
        for row in rows
        if row.table_name == GoalAmount.__tablename__
        for values in (row.before, row.after)
        if values and "goal_id" in values
    }
    for goal_id in goals:
        query = select(GoalAmount.date, GoalAmount.amount_minor).where(
            GoalAmount.owner_id == session.actor.owner_id, GoalAmount.goal_id == goal_id
        )
        if least_from([(day, amount) for day, amount in session.execute(query)], EARLIEST) < 0:
            raise ChangeOutdated()
