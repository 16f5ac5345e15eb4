"""Set a budget in place: whose a new one is, the amount, whether the rest stays, its transactions, and its end."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.api.generated.schemas import BudgetOut, CategoryOut
from frontend.financial_manager.budgets_provider import BudgetsProvider
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.i18n import month_name, parse_amount, plain_amount, tr
from frontend.kit import (
    body,
    caption,
    card,
    danger_button,
    field_errors,
    filter_chips,
    heading,
    label,
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
    person: str = "",
) -> ft.Control:
    """Show the fields; without `of` it is a new budget, which may be one of the category's whole group.

    `person`: whose a new one is at first, "" for everybody's.
    """
    form = use_form(amount=plain_amount(of["assigned_minor"], currency) if of is not None else "")
    rollover, set_rollover = ft.use_state(of["rollover"] if of is not None else True)
    chosen, set_chosen = ft.use_state(category["id"] if category is not None else "")
    whose, set_whose = ft.use_state(person if any(one["id"] == person for one in budgets.people) else "")
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
        done = await budgets.put(
            chosen, currency, minor, rollover=rollover, person_id=whose if of is None else of["person_id"] or ""
        )
        close()
        offer(tr("The budget holds from {month} on.", month=month_name(month)), done["change_id"])

    async def end() -> None:
        assert of is not None
        done = await budgets.end(of)
        offer(tr("From {month} on there is no budget.", month=month_name(month)), done["change_id"])

    saving, ending = use_action(save), use_action(end)
    if of is not None and of["person_left"]:
        gone = body(tr("{name} left this space: the budget can only be ended.", name=of["person_name"]), muted=True)
        return _framed([gone, _row(_beside(of, ending, month))], "neutral")
    parts = [] if of is not None else _which(category, ledger, chosen, set_chosen)
    if of is None and len(budgets.people) > 1:
        parts += _of_whom(budgets, whose, set_whose)
    error = wrong or field_errors(saving).get("amount_minor")
    amount_of = tr("May cost in a month")
    about = tr("An envelope: the rest, or what was spent too much, counts in the next month")
    parts += [
        amount_input(form, "amount", amount_of, currency, error=error, on_submit=saving, autofocus=of is None),
        toggle(tr("What is left stays"), rollover, set_rollover, about=about),
        _row(_buttons(of, saving, ending, close, month)),
    ]
    return _framed(parts, "" if of is None else "neutral")


def _framed(parts: list[ft.Control], tone: str) -> ft.Control:
    column = ft.Column(parts, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
    return card(column, padding=12, tone=tone)


def _row(buttons: list[ft.Control]) -> ft.Control:
    return ft.Row(buttons, wrap=True, spacing=8, run_spacing=8)


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


def _of_whom(budgets: BudgetsProvider, chosen: str, choose: Callable[[str], None]) -> list[ft.Control]:
    """Let a new budget be everybody's or one person's, and say what it counts then."""
    names = {one["id"]: one["name"] for one in budgets.people}
    options = [("", tr("Everybody's")), *sorted(names.items(), key=lambda one: one[1].casefold())]
    chips = ft.Column([label(tr("Whose")), filter_chips(chosen, options, choose)], spacing=4, tight=True)
    if chosen not in names:
        return [chips]
    return [chips, caption(tr("It counts what {name} entered or imported.", name=names[chosen]))]


def _buttons(
    of: BudgetOut | None, saving: object, ending: object, close: Callable[[], None], month: str
) -> list[ft.Control]:
    buttons = [primary_button(tr("Save"), saving)]
    if of is None:
        return [*buttons, quiet_button(tr("Cancel"), close)]
    return [*buttons, *_beside(of, ending, month)]


def _beside(of: BudgetOut, ending: object, month: str) -> list[ft.Control]:
    """Lead to what a budget counts, and offer its end."""
    place = f"{ROOT}/transactions?month={month}&category={of['category_id']}"
    if of["person_id"]:
        place += f"&person={of['person_id']}"
    return [
        quiet_button(tr("Its transactions"), lambda: navigate(place)),
        danger_button(tr("End the budget"), ending),
    ]
