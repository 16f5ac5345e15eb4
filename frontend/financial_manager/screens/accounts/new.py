"""Add an account."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.accounts.form import AccountFields, account_body, account_errors, account_values
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_own_currency
from frontend.i18n import tr
from frontend.kit import (
    Screen,
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


@ft.component
def AccountNew() -> ft.Control:
    """Ask for what an account is called and what it is; everything else may stay empty."""
    own = use_own_currency()
    if own.loaded:
        return keyed(_Asked, own.currency, own.currency)
    return Screen(tr("Add account"), state_of(own, lambda: ft.Container()), back=f"{ROOT}/accounts")


@ft.component
def _Asked(own: str) -> ft.Control:
    """Show the fields; `own`: the household's own currency, in which the account begins."""
    ledger = use_ledger()
    form = use_form(keep="account", **account_values(None, own))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        said = account_errors(form)
        set_wrong(said)
        if said:
            return
        made = await ledger.open_account(account_body(form))
        form.sent()
        toast(tr("{account} is there.", account=form["name"].strip()))
        navigate(f"{ROOT}/accounts/{made}")

    action = use_action(save)
    errors: dict[str, str] = {**field_errors(action), **wrong}
    return Screen(
        tr("Add account"),
        scroll_body(AccountFields(form, errors, None)),
        back=f"{ROOT}/accounts",
        footer=footer(primary_button(tr("Save"), action)),
    )
