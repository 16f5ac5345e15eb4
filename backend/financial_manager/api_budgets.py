"""API of budgets."""

from __future__ import annotations

from typing import Any

from backend.financial_manager.budgets.envelopes import Envelope
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas_budgets import (
    BudgetEndIn,
    BudgetHistoryOut,
    BudgetHistoryQuery,
    BudgetIn,
    BudgetMonthOut,
    BudgetOut,
    BudgetsOut,
    BudgetsQuery,
)
from backend.sdk.http import Group, current_actor


def budget_group(finances: Finances) -> Group:
    """Return the group of budgets."""
    group = Group("budgets", url_prefix="/budgets", tag="Budgets")
    budgets = finances.budgets

    @group.get("", returns=BudgetsOut)
    def list_budgets(query: BudgetsQuery) -> BudgetsOut:
        """Show how each budget stands in a month; a group's counts what lies in it."""
        found = budgets.status(current_actor(), query.month)
        return BudgetsOut(
            items=[BudgetOut(category_id=o.category_id, currency=o.currency, **_month(o.envelope)) for o in found]
        )

    @group.get("/history", returns=BudgetHistoryOut, errors=[404])
    def show_budget_history(query: BudgetHistoryQuery) -> BudgetHistoryOut:
        """Show one budget month by month."""
        found = budgets.history(current_actor(), query.category_id, query.currency, query.until)
        return BudgetHistoryOut(items=[BudgetMonthOut(**_month(one)) for one in found])

    @group.put("", errors=[404])
    def set_budget(body: BudgetIn) -> None:
        """Say what a category may cost in each month from one on; earlier months keep theirs."""
        budgets.set(
            current_actor(), body.category_id, body.currency, body.month, body.amount_minor, rollover=body.rollover
        )

    @group.post("/end", errors=[404])
    def end_budget(body: BudgetEndIn) -> None:
        """End a budget: from a month on there is none."""
        budgets.end(current_actor(), body.category_id, body.currency, body.month)

    return group


def _month(one: Envelope) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BudgetMonthOut.model_fields}
