"""Wire types of budgets. Amounts in minor units; a month by any of its days."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from backend.financial_manager.schemas import LARGEST, Minor
from backend.sdk.http import In, Out


class BudgetIn(In):
    """Say what a category may cost in each month from `month` on."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    month: dt.date
    amount_minor: Minor = Field(ge=0, le=LARGEST)
    rollover: bool = Field(False, description="What is left, or was overspent, counts in the next month.")


class BudgetEndIn(In):
    """End the budget of a category: from `month` on there is none."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    month: dt.date


class BudgetsQuery(In):
    """Choose a month."""

    month: dt.date


class BudgetHistoryQuery(In):
    """Choose a budget, and the last month that is asked for."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str = Field("EUR", pattern="^[A-Z]{3}$")
    until: dt.date


class BudgetMonthOut(Out):
    """Show one month of a budget."""

    month: dt.date
    assigned_minor: Minor
    carried_minor: Minor
    spent_minor: Minor
    remaining_minor: Minor = Field(description="Carried and assigned, less what was spent; negative if too much was.")
    rollover: bool


class BudgetOut(BudgetMonthOut):
    """Show how the budget of a category stands in a month."""

    category_id: str
    currency: str


class BudgetsOut(Out):
    """List the budgets of a month."""

    items: list[BudgetOut]


class BudgetHistoryOut(Out):
    """List the months of a budget."""

    items: list[BudgetMonthOut]
