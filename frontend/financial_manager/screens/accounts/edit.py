"""Change an account."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.accounts.form import (
    AccountFields,
    account_changes,
    account_errors,
    account_values,
)
from frontend.financial_manager.screens.accounts.missing import account_missing
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.financial_manager.screens.parts.use_money import use_ledger
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    field_errors,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    state_of,
    use_action,
    use_form,
)


@ft.component
def AccountEdit() -> ft.Control:
    """Show the account's fields as they are."""
    account_id = ft.use_route_params()["account_id"]
    ledger = use_ledger()
    account = ledger.account(account_id)
    back = f"{ROOT}/accounts/{account_id}"
    if account is not None:
        return keyed(_Editor, account_id, ledger, account, back)
    return Screen(
        tr("Change account"),
        state_of(ledger, account_missing),
        back=back,
    )


@ft.component
def _Editor(ledger: LedgerProvider, account: AccountOut, back: str) -> ft.Control:
    begun = use_begun_with(account)
    form = use_form(**account_values(begun.row))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        said = account_errors(form)
        set_wrong(said)
        if said:
            return
        changes = account_changes(form, begun.row)
        if not changes or await begun.saving(lambda: ledger.change_account(begun.row, **changes)):
            navigate(back)

    async def take_newer() -> None:
        newer = await ledger.newest_account(begun.row)
        keep_typed(form, account_values(begun.row), account_values(newer))
        begun.take(newer)

    action = use_action(save)
    errors: dict[str, str] = {**field_errors(action), **wrong}
    return Screen(
        tr("Change account"),
        scroll_body(NewerRow(begun, take_newer), keyed(AccountFields, f"fields{begun.round}", form, errors, begun.row)),
        back=back,
        footer=footer(primary_button(tr("Save"), action)),
    )
