"""Wire types of budgets. Amounts in minor units; a month by any of its days."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

from pydantic import Field

from backend.financial_manager.schemas import LARGEST, Minor, Month
from backend.sdk.http import In, Out

Whose = Annotated[
    str | None,
    Field(
        min_length=1, max_length=64, description="Only what this person entered or imported counts; all if left out."
    ),
]


class BudgetIn(In):
    """Say what a category may cost in each month from `month` on, everybody or one person of the space."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the household's own.")
    person_id: Whose = None
    month: Month
    amount_minor: Minor = Field(ge=0, le=LARGEST)
    rollover: bool = Field(False, description="What is left, or was overspent, counts in the next month.")


class BudgetAmountIn(In):
    """Say what one category may cost."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the household's own.")
    amount_minor: Minor = Field(ge=0, le=LARGEST)
    rollover: bool = Field(False, description="What is left, or was overspent, counts in the next month.")


class BudgetsIn(In):
    """Say what several categories may cost everybody in each month from `month` on."""

    month: Month
    items: list[BudgetAmountIn] = Field(min_length=1, max_length=500)


class BudgetMonthIn(In):
    """Name a month."""

    month: Month


class BudgetEndIn(In):
    """End the budget of a category: from `month` on there is none."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the household's own.")
    person_id: Whose = None
    month: Month


class BudgetsQuery(In):
    """Choose a month."""

    month: Month


class BudgetHistoryQuery(In):
    """Choose a budget, and the last month that is asked for."""

    category_id: str = Field(min_length=1, max_length=64)
    currency: str | None = Field(None, pattern="^[A-Z]{3}$", description="Unset: the household's own.")
    person_id: Whose = None
    until: Month


class BudgetMonthOut(Out):
    """Show one month of a budget."""

    month: dt.date
    assigned_minor: Minor
    carried_minor: Minor
    spent_minor: Minor
    remaining_minor: Minor = Field(description="Carried and assigned, less what was spent; negative if too much was.")
    rollover: bool


class BudgetOut(BudgetMonthOut):
    """Show how the budget of a category stands in a month. `person_name`: how they are shown whose it is."""

    category_id: str
    currency: str
    person_id: str | None = Field(description="Whose it is; null where everybody's.")
    person_name: str
    person_left: bool = Field(description="They do not belong to the space any more.")


class SpentBesideOut(Out):
    """Say what expenses no budget of the month counts in a currency."""

    currency: str
    spent_minor: Minor


class BudgetPersonOut(Out):
    """Name somebody of the space who may have a budget of their own."""

    id: str
    name: str


class BudgetsOut(Out):
    """List the budgets of a month, what was spent beside them, and who may have one of their own."""

    items: list[BudgetOut]
    beside: list[SpentBesideOut]
    people: list[BudgetPersonOut]


class BudgetHistoryOut(Out):
    """List the months of a budget."""

    items: list[BudgetMonthOut]


class BudgetProposalQuery(In):
    """Choose the month to propose for, and how many full months before it are looked at."""

    month: Month
    months: int = Field(6, ge=1, le=24)


class BudgetProposalOut(Out):
    """Propose a budget. `median_minor`: of what was spent in each of `months`; `amount_minor`: that, rounded up."""

    category_id: str
    currency: str
    median_minor: Minor
    amount_minor: Minor
    months: int


class BudgetProposalsOut(Out):
    """List proposals, the largest first; categories for which everybody has a budget are left out."""

    items: list[BudgetProposalOut]
