"""What is saved for, and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast

from frontend.api.generated.schemas import GoalIn, GoalOut
from frontend.financial_manager.money_provider import MoneyProvider
from frontend.providers.base import undone_on_error


@dataclass(eq=False)
class GoalsProvider(MoneyProvider):
    """Hold the goals, the most urgent first."""

    goals: tuple[GoalOut, ...] = ()

    async def fetch(self) -> None:
        """Read the goals."""
        self.goals = tuple((await self.money.list_goals(space=self._space))["items"])

    def goal(self, goal_id: str) -> GoalOut | None:
        """Return a goal, or None."""
        return next((one for one in self.goals if one["id"] == goal_id), None)

    async def create(self, body: GoalIn) -> str:
        """Begin a goal; return its id; raises `ApiError`."""
        made = await self.money.create_goal(body, space=self._space)
        self._take(made)
        return made["id"]

    async def change(self, goal: GoalOut, **changes: Any) -> None:
        """Change some of a goal, as it was seen; raises `ApiError`."""
        body = cast("Any", {**changes, "version": goal["version"]})
        self._take(await self.money.change_goal(goal["id"], body, space=self._space))

    async def put_aside(self, goal: GoalOut, amount_minor: int) -> None:
        """Put an amount aside, or take it out again; raises `ApiError`."""
        self._take(await self.money.put_aside(goal["id"], {"amount_minor": amount_minor}, space=self._space))

    async def delete(self, goal: GoalOut) -> None:
        """Delete a goal: at once, taken back if the hub refuses; raises `ApiError`."""
        undo = self.replace("goals", tuple(one for one in self.goals if one["id"] != goal["id"]))
        async with undone_on_error(undo):
            await self.money.delete_goal(goal["id"], space=self._space)

    def _take(self, told: GoalOut) -> None:
        rest = [one for one in self.goals if one["id"] != told["id"]]
        self.goals = tuple(sorted([*rest, told], key=lambda one: (one["until"] or "9999", one["id"])))
