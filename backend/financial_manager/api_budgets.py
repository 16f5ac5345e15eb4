"""API of budgets."""

from __future__ import annotations

from typing import Any

from backend.financial_manager.budgets.budgets import Amount, BudgetStatus
from backend.financial_manager.budgets.envelopes import Envelope
from backend.financial_manager.budgets.standing import BudgetKey
from backend.financial_manager.finances import Finances
from backend.financial_manager.schemas import RecordedOut
from backend.financial_manager.schemas_budgets import (
    BudgetEndIn,
    BudgetHistoryOut,
    BudgetHistoryQuery,
    BudgetIn,
    BudgetMonthIn,
    BudgetMonthOut,
    BudgetOut,
    BudgetPersonOut,
    BudgetProposalOut,
    BudgetProposalQuery,
    BudgetProposalsOut,
    BudgetsIn,
    BudgetsOut,
    BudgetsQuery,
    SpentBesideOut,
)
from backend.sdk.http import Group, current_actor


def budget_group(finances: Finances) -> Group:
    """Return the group of budgets."""
    group = Group("budgets", url_prefix="/budgets", tag="Budgets")
    budgets = finances.budgets

    @group.get("", returns=BudgetsOut)
    def list_budgets(query: BudgetsQuery) -> BudgetsOut:
        """Show how each budget stands in a month; a group's counts what lies in it."""
        found = budgets.month(current_actor(), query.month)
        return BudgetsOut(
            items=[_budget(one) for one in found.budgets],
            beside=[SpentBesideOut(currency=unit, spent_minor=spent) for unit, spent in found.beside.items()],
            people=[BudgetPersonOut(id=user_id, name=name) for user_id, name in found.people.items()],
        )

    @group.get("/history", returns=BudgetHistoryOut, errors=[404])
    def show_budget_history(query: BudgetHistoryQuery) -> BudgetHistoryOut:
        """Show one budget month by month."""
        found = budgets.history(current_actor(), _key(query), query.until)
        return BudgetHistoryOut(items=[BudgetMonthOut(**_month(one)) for one in found])

    @group.get("/proposals", returns=BudgetProposalsOut)
    def propose_budgets(query: BudgetProposalQuery) -> BudgetProposalsOut:
        """Propose a budget for each category of expenses without one: the median of the full months before."""
        found = budgets.proposals(current_actor(), query.month, query.months, finances.today())
        return BudgetProposalsOut(items=[BudgetProposalOut.model_validate(one) for one in found])

    _changes(group, finances)
    return group


def _changes(group: Group, finances: Finances) -> None:
    budgets = finances.budgets

    @group.put("", returns=RecordedOut, errors=[404])
    def set_budget(body: BudgetIn) -> RecordedOut:
        """Say what a category may cost in each month from one on; earlier months keep theirs."""
        done = budgets.set(current_actor(), _key(body), body.month, body.amount_minor, rollover=body.rollover)
        return RecordedOut.model_validate(done)

    @group.put("/several", returns=RecordedOut, errors=[404])
    def set_budgets(body: BudgetsIn) -> RecordedOut:
        """Do the same for several categories, in one step that is undone as one."""
        amounts = [Amount(one.category_id, one.currency, one.amount_minor, one.rollover) for one in body.items]
        return RecordedOut.model_validate(budgets.set_several(current_actor(), body.month, amounts))

    @group.post("/copy", returns=RecordedOut, status=200)
    def copy_budgets(body: BudgetMonthIn) -> RecordedOut:
        """Let the budgets of the month before hold in a month, also those that were ended or changed in it."""
        return RecordedOut.model_validate(budgets.copy(current_actor(), body.month))

    @group.post("/end", returns=RecordedOut, status=200, errors=[404])
    def end_budget(body: BudgetEndIn) -> RecordedOut:
        """End a budget: from a month on there is none."""
        done = budgets.end(current_actor(), _key(body), body.month)
        return RecordedOut.model_validate(done)


def _key(asked: BudgetIn | BudgetEndIn | BudgetHistoryQuery) -> BudgetKey:
    return BudgetKey(asked.category_id, asked.currency or "", asked.person_id or "")


def _budget(one: BudgetStatus) -> BudgetOut:
    return BudgetOut(
        category_id=one.key.category_id,
        currency=one.key.currency,
        person_id=one.key.person_id or None,
        person_name=one.person,
        person_left=one.person_left,
        **_month(one.envelope),
    )


def _month(one: Envelope) -> dict[str, Any]:
    return {name: getattr(one, name) for name in BudgetMonthOut.model_fields}
