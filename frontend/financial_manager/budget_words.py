"""Words and sums for budgets: how one stands and whose it is, what a group's come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from frontend.api.generated.schemas import BudgetOut, CategoryOut
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
    """Return the budgets by the group of their category, in the ledger's order.

    A group's own come first, and everybody's before those of single persons.
    """
    order = {one["id"]: at for at, one in enumerate(ledger.categories)}
    found: dict[str, list[BudgetOut]] = {}
    for one in budgets:
        category = ledger.category(one["category_id"])
        if category is not None:
            found.setdefault(category["parent_id"] or category["id"], []).append(one)
    groups = sorted(found, key=lambda one: order.get(one, len(order)))

    def place(one: BudgetOut) -> tuple[bool, int, str]:
        return one["category_id"] not in found, order.get(one["category_id"], 0), one["person_name"].casefold()

    return [(ledger.category(group), sorted(found[group], key=place)) for group in groups]


def counted(budgets: Sequence[BudgetOut], ledger: LedgerProvider) -> list[BudgetOut]:
    """Return the budgets that sums count, so that no spending counts twice: what the budget of a group, or everybody's,
    holds already is left out, and so is a person's of a group in which everybody has one.
    """
    group = {one["id"]: one["parent_id"] for one in ledger.categories}
    in_everybodys = {group.get(one["category_id"]) for one in budgets if not one["person_id"]}
    kept = [one for one in budgets if not one["person_id"] or one["category_id"] not in in_everybodys]
    known = {(one["category_id"], one["person_id"]) for one in kept}

    def held(one: BudgetOut) -> bool:
        above = group.get(one["category_id"])
        everybodys = {(one["category_id"], None), (above, None)} if one["person_id"] else set()
        return bool({(above, one["person_id"]), *everybodys} & known)

    return [one for one in kept if not held(one)]


def whose(budget: BudgetOut) -> str:
    """Say whose a budget is; "" where it is everybody's."""
    name = budget["person_name"]
    return tr("{name}, who left", name=name) if budget["person_left"] else name


EVERYBODY = "everybody"
"""The choice of the budgets that are everybody's; persons are chosen by their id."""


def whose_choices(budgets: Iterable[BudgetOut]) -> list[tuple[str, str]]:
    """Return whose budgets can be looked at apart, (key, words); nothing where all are everybody's."""
    rows = list(budgets)
    persons = {one["person_id"]: whose(one) for one in rows if one["person_id"]}
    if not persons:
        return []
    everybodys = [(EVERYBODY, tr("Everybody's"))] if any(not one["person_id"] for one in rows) else []
    named = sorted(((str(key), name) for key, name in persons.items()), key=lambda one: one[1].casefold())
    return [("", tr("All budgets")), *everybodys, *named]


def of_whom(budgets: Iterable[BudgetOut], chosen: str) -> list[BudgetOut]:
    """Return the budgets of a choice of `whose_choices`."""
    return [one for one in budgets if chosen in ("", one["person_id"] or EVERYBODY)]
