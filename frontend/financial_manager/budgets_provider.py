"""The budgets of a month, what was spent beside them, and what others could be."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from frontend.api.generated.schemas import BudgetOut, BudgetPersonOut, BudgetProposalOut, RecordedOut
from frontend.financial_manager.money_provider import MoneyProvider


@dataclass(eq=False)
class BudgetsProvider(MoneyProvider):
    """Hold one month. `month`: the one that is asked for, `shown`: the one that the rest is of (first days).

    `people`: who may have a budget of their own. `beside`: currency -> what no budget counts (minor units).
    """

    month: str = ""
    shown: str = ""
    budgets: tuple[BudgetOut, ...] = ()
    proposals: tuple[BudgetProposalOut, ...] = ()
    people: tuple[BudgetPersonOut, ...] = ()
    beside: Mapping[str, int] = field(default_factory=dict)

    async def fetch(self) -> None:
        """Read the month; another one may be asked for meanwhile."""
        month, space = self.month, self._space
        budgets, proposals = await asyncio.gather(
            self.money.list_budgets(month=month, space=space),
            self.money.propose_budgets(month=month, space=space),
        )
        if month == self.month:
            self.budgets, self.proposals = tuple(budgets["items"]), tuple(proposals["items"])
            self.people, self.shown = tuple(budgets["people"]), month
            self.beside = {one["currency"]: one["spent_minor"] for one in budgets["beside"]}

    async def show(self, month: str) -> None:
        """Show a month (its first day); the outcome lies in `state`."""
        self.month = month
        await self.load()

    async def put(
        self, category_id: str, currency: str, amount_minor: int, *, rollover: bool, person_id: str = ""
    ) -> RecordedOut:
        """Say what a category may cost from this month on, everybody or one person; raises `ApiError`."""
        body: Any = {
            "category_id": category_id, "currency": currency, "month": self.month, "amount_minor": amount_minor,
            "rollover": rollover, "person_id": person_id or None,
        }  # fmt: skip
        done = await self.money.set_budget(body, space=self._space)
        await self.load()
        return done

    async def accept(self, proposals: Sequence[BudgetProposalOut]) -> RecordedOut:
        """Set what was proposed, as envelopes, in one step; raises `ApiError`."""
        items: Any = [
            {name: one[name] for name in ("category_id", "currency", "amount_minor")} | {"rollover": True}
            for one in proposals
        ]
        done = await self.money.set_budgets({"month": self.month, "items": items}, space=self._space)
        await self.load()
        return done

    async def copy(self) -> RecordedOut:
        """Let last month's budgets hold in this one; raises `ApiError`."""
        done = await self.money.copy_budgets({"month": self.month}, space=self._space)
        await self.load()
        return done

    async def end(self, budget: BudgetOut) -> RecordedOut:
        """End a budget from this month on; raises `ApiError`."""
        named = {name: budget[name] for name in ("category_id", "currency", "person_id")}
        body: Any = {**named, "month": self.month}
        done = await self.money.end_budget(body, space=self._space)
        await self.load()
        return done
