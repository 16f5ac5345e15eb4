"""Add an account."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.account_form import AccountFields, account_body, account_errors, account_values
from frontend.financial_manager.screens.footer import footer
from frontend.financial_manager.screens.use_money import use_ledger
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    field_errors,
    navigate,
    primary_button,
    scroll_body,
    toast,
    use_action,
    use_form,
)


@ft.component
def AccountNew() -> ft.Control:
    """Ask for what an account is called and what it is; everything else may stay empty."""
    ledger = use_ledger()
    form = use_form(keep="account", **account_values(None))
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
