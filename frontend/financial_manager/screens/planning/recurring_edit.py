"""Enter a payment that comes again, or change one."""

from __future__ import annotations

from typing import Any, cast

import flet as ft

from frontend.api.generated.schemas import RecurringDetailOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.recurring_provider import RecurringProvider
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.planning.recurring_form import (
    RecurringFields,
    recurring_body,
    recurring_errors,
    recurring_values,
)
from frontend.i18n import tr
from frontend.kit import (
    AllOf,
    Screen,
    empty_state,
    field_errors,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
)

ROOT = "/financial_manager"
_FIELDS = {"amount_minor": "amount", "due_on": "due", "ends_on": "ends"}
"""Fields of the hub by other names here."""


@ft.component
def RecurringNew() -> ft.Control:
    """Ask for name, amount, how often and the next day."""
    ledger = use_ledger()
    recurring = use_money(RecurringProvider, lambda one: one.load())
    if ledger.open_accounts:
        return keyed(_Fields, "new", ledger, recurring, None)
    return Screen(
        tr("Add recurring payment"), state_of(ledger, _no_account, retry=ledger.load), back=f"{ROOT}/recurring"
    )


def _no_account() -> ft.Control:
    return empty_state(
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        tr("No account yet"),
        tr("Money lies somewhere: in a bank, or in your purse. Add that as an account first."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new")),
    )


@ft.component
def RecurringEdit() -> ft.Control:
    """Change the one that the address names."""
    recurring_id = ft.use_route_params()["recurring_id"]
    ledger = use_ledger()
    recurring = use_money(RecurringProvider, lambda one: one.open(recurring_id), [recurring_id])
    shown = recurring.shown if recurring.shown is not None and recurring.shown["id"] == recurring_id else None
    if shown is not None and ledger.loaded:
        return keyed(_Fields, f"edit-{recurring_id}", ledger, recurring, shown)
    missing = gone(ft.Icons.AUTORENEW, tr("This recurring payment is not here."), f"{ROOT}/recurring")
    both = AllOf((recurring, lambda: recurring.open(recurring_id)), ledger)
    return Screen(tr("Change"), state_of(both, lambda: missing), back=f"{ROOT}/recurring")


@ft.component
def _Fields(ledger: LedgerProvider, recurring: RecurringProvider, one: RecurringDetailOut | None) -> ft.Control:
    begun = use_begun_with(one)
    one = begun.row
    form = use_form(keep="recurring" if one is None else f"recurring-{one['id']}", **recurring_values(one, ledger))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        account = ledger.account(form["account_id"])
        currency = one["currency"] if one is not None else account["currency"] if account is not None else "EUR"
        said = recurring_errors(form, currency, new=one is None)
        set_wrong(said)
        if said:
            return
        values = recurring_body(form, currency, one)
        if one is None:
            place = await recurring.enter(cast("Any", values))
        else:
            place, seen = one["id"], one
            if values and not await begun.saving(lambda: recurring.change(seen, **values)):
                return
        form.sent()
        toast(tr("{name} is noted.", name=form["name"].strip()))
        navigate(f"{ROOT}/recurring/{place}")

    async def take_newer() -> None:
        if one is not None:
            newer = await recurring.newest(one)
            keep_typed(form, recurring_values(one, ledger), recurring_values(newer, ledger))
            begun.take(newer)

    action = use_action(save)
    errors = {_FIELDS.get(name, name): text for name, text in {**field_errors(action), **wrong}.items()}
    return Screen(
        tr("Add recurring payment") if one is None else tr("Change {name}", name=one["name"]),
        scroll_body(
            NewerRow(begun, take_newer), keyed(RecurringFields, f"fields{begun.round}", form, errors, ledger, one)
        ),
        back=f"{ROOT}/recurring" if one is None else f"{ROOT}/recurring/{one['id']}",
        footer=footer(primary_button(tr("Save"), action)),
    )
