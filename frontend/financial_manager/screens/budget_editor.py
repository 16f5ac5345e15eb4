"""Set a budget in place: the amount, whether the rest stays, its transactions, and its end."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.api.generated.schemas import BudgetOut, CategoryOut
from frontend.financial_manager.budgets_provider import BudgetsProvider
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.amounts import amount_error, amount_input
from frontend.financial_manager.screens.use_undo import use_undo_offer
from frontend.i18n import month_name, parse_amount, plain_amount, tr
from frontend.kit import (
    card,
    danger_button,
    field_errors,
    filter_chips,
    heading,
    navigate,
    primary_button,
    quiet_button,
    toggle,
    use_action,
    use_form,
)

ROOT = "/financial_manager"


@ft.component
def BudgetEditor(
    budgets: BudgetsProvider,
    ledger: LedgerProvider,
    category: CategoryOut | None,
    currency: str,
    close: Callable[[], None],
    of: BudgetOut | None = None,
) -> ft.Control:
    """Show the fields; without `of` it is a new budget, which may be one of the category's whole group."""
    form = use_form(amount=plain_amount(of["assigned_minor"], currency) if of is not None else "")
    rollover, set_rollover = ft.use_state(of["rollover"] if of is not None else True)
    chosen, set_chosen = ft.use_state(category["id"] if category is not None else "")
    wrong, set_wrong = ft.use_state("")
    offer = use_undo_offer()
    month = budgets.month

    async def save() -> None:
        said = amount_error(form["amount"], currency)
        minor = parse_amount(form["amount"], currency)
        if not said and (minor is None or minor < 0):
            said = tr("Type it without a minus.")
        set_wrong(said)
        if said or minor is None:
            return
        done = await budgets.put(chosen, currency, minor, rollover=rollover)
        close()
        offer(tr("The budget holds from {month} on.", month=month_name(month)), done["change_id"])

    async def end() -> None:
        assert of is not None
        done = await budgets.end(of)
        offer(tr("From {month} on there is no budget.", month=month_name(month)), done["change_id"])

    saving, ending = use_action(save), use_action(end)
    parts = [] if of is not None else _which(category, ledger, chosen, set_chosen)
    error = wrong or field_errors(saving).get("amount_minor")
    label = tr("May cost in a month")
    about = tr("An envelope: the rest, or what was spent too much, counts in the next month")
    parts += [
        amount_input(form, "amount", label, currency, error=error, on_submit=saving, autofocus=of is None),
        toggle(tr("What is left stays"), rollover, set_rollover, about=about),
        ft.Row(_buttons(of, saving, ending, close, month), wrap=True, spacing=8, run_spacing=8),
    ]
    column = ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return card(column, padding=12, tone="" if of is None else "neutral")


def _which(
    category: CategoryOut | None, ledger: LedgerProvider, chosen: str, choose: Callable[[str], None]
) -> list[ft.Control]:
    """Name the category of a new budget, or let all of its group be chosen."""
    if category is None:
        return []
    parts: list[ft.Control] = [heading(category_title(category))]
    if (group := ledger.category(category["parent_id"])) is not None:
        whole = tr("All of {group}", group=category_title(group))
        parts.append(filter_chips(chosen, [(category["id"], category_title(category)), (group["id"], whole)], choose))
    return parts


def _buttons(
    of: BudgetOut | None, saving: object, ending: object, close: Callable[[], None], month: str
) -> list[ft.Control]:
    buttons = [primary_button(tr("Save"), saving)]
    if of is None:
        return [*buttons, quiet_button(tr("Cancel"), close)]
    place = f"{ROOT}/transactions?month={month}&category={of['category_id']}"
    return [
        *buttons,
        quiet_button(tr("Its transactions"), lambda: navigate(place)),
        danger_button(tr("End the budget"), ending),
    ]
