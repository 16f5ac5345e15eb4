"""Words and sums for budgets: how one stands, what a group's come to, what was spent beside them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from frontend.api.generated.schemas import BudgetOut, CategoryOut, MonthSumOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.i18n import money, tr


def available(budget: BudgetOut) -> int:
    """Return what there was to spend in the month (minor units)."""
    return budget["carried_minor"] + budget["assigned_minor"]


def share_spent(spent: int, whole: int) -> float:
    """Return how much of an amount is spent, 0 to 1; where there was nothing to spend, all of it."""
    return max(0.0, min(1.0, spent / whole)) if whole > 0 else float(spent > 0 or whole < 0)


def left_words(remaining: int, currency: str) -> str:
    """Say what is left, or by how much more was spent."""
    if remaining < 0:
        return tr("{amount} too much", amount=money(-remaining, currency))
    return tr("{amount} left", amount=money(remaining, currency))


def budget_details(budget: BudgetOut) -> str:
    """Say what was spent of what, and what came along from the month before."""
    currency = budget["currency"]
    told = [
        tr(
            "{spent} of {whole} spent",
            spent=money(budget["spent_minor"], currency),
            whole=money(budget["assigned_minor"], currency),
        )
    ]
    carried = budget["carried_minor"]
    if carried > 0:
        told.append(tr("{amount} carried over", amount=money(carried, currency)))
    elif carried < 0:
        told.append(tr("{amount} overspent before", amount=money(-carried, currency)))
    told.append(tr("the rest stays") if budget["rollover"] else tr("a limit each month"))
    return " · ".join(told)


def by_group(budgets: Iterable[BudgetOut], ledger: LedgerProvider) -> list[tuple[CategoryOut | None, list[BudgetOut]]]:
    """Return the budgets by the group of their category, in the ledger's order; a group's own comes first."""
    order = {one["id"]: at for at, one in enumerate(ledger.categories)}
    found: dict[str, list[BudgetOut]] = {}
    for one in budgets:
        category = ledger.category(one["category_id"])
        if category is not None:
            found.setdefault(category["parent_id"] or category["id"], []).append(one)
    groups = sorted(found, key=lambda one: order.get(one, len(order)))
    return [
        (
            ledger.category(group),
            sorted(found[group], key=lambda one: (one["category_id"] != group, order.get(one["category_id"], 0))),
        )
        for group in groups
    ]


def counted(budgets: Sequence[BudgetOut], ledger: LedgerProvider) -> list[BudgetOut]:
    """Return the budgets that sums count: what a group's budget holds already is not counted twice."""
    whole = {one["category_id"] for one in budgets}
    return [
        one
        for one in budgets
        if (category := ledger.category(one["category_id"])) is None or category["parent_id"] not in whole
    ]


def unbudgeted(sums: Iterable[MonthSumOut], budgets: Sequence[BudgetOut], ledger: LedgerProvider, currency: str) -> int:
    """Return what was spent in categories that no budget covers (minor units)."""
    covered = {one["category_id"] for one in budgets}
    total = 0
    for one in sums:
        category = ledger.category(one["category_id"])
        if one["currency"] != currency or one["category_id"] in covered:
            continue
        if category is not None and (category["direction"] != "expense" or category["parent_id"] in covered):
            continue
        if category is None and one["spent_minor"] < 0:
            continue
        total += one["spent_minor"]
    return total
