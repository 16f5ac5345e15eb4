"""Enter a transaction: the amount, a touch on what it was for, done."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.transactions.draft import (
    transaction_body,
    transaction_errors,
    transaction_values,
)
from frontend.financial_manager.screens.transactions.form import SHOWN_ERRORS, TransactionFields
from frontend.financial_manager.screens.transactions.split import Parts
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.i18n import tr
from frontend.kit import (
    Form,
    Screen,
    empty_state,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
    use_provider,
)


@ft.component
def TransactionNew() -> ft.Control:
    """Show the form as soon as the accounts are known; the address may name one."""
    wanted = parse_qs(urlsplit(ft.context.page.route or "").query).get("account", [""])[0]
    ledger = use_ledger()
    transactions = use_money(TransactionsProvider, lambda one: one.show_only())
    if ledger.open_accounts:
        return keyed(_Entry, "entry", ledger, transactions, wanted)
    return Screen(
        tr("Enter transaction"),
        state_of(ledger, no_account, retry=ledger.load),
        back=f"{ROOT}/accounts",
    )


def no_account() -> ft.Control:
    """Say that an account comes first, and lead to adding one."""
    return empty_state(
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        tr("No account yet"),
        tr("Money lies somewhere: in a bank, or in your purse. Add that as an account first."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new")),
    )


@ft.component
def _Entry(ledger: LedgerProvider, transactions: TransactionsProvider, wanted: str) -> ft.Control:
    found = use_provider(transactions.found)
    form = use_form(keep="transaction", **transaction_values(None, _likely(ledger, wanted, transactions.last_entered)))
    none: Parts = ()
    parts, set_parts = ft.use_state(none)
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)
    round_, set_round = ft.use_state(0)
    back = f"{ROOT}/accounts/{wanted}" if wanted else f"{ROOT}/accounts"

    async def enter(again: bool = False) -> None:
        said = transaction_errors(form, ledger, parts)
        set_wrong(said)
        if said:
            return
        made = await transactions.enter(transaction_body(form, ledger, parts))
        form.sent()
        where = f"{ROOT}/transactions/{made['id']}"
        toast(tr("The transaction is entered."), action=tr("Show"), on_action=lambda: navigate(where))
        if not again:
            navigate(back)
            return
        _empty(form)
        set_parts(())
        set_round(round_ + 1)

    action = use_action(enter)

    async def next_one() -> None:
        await action(None, True)

    errors: dict[str, str] = {**field_errors(action), **wrong}
    said: list[ft.Control] = [notice(text, "bad") for name, text in errors.items() if name not in SHOWN_ERRORS]
    return Screen(
        tr("Enter transaction"),
        scroll_body(
            keyed(TransactionFields, f"fields{round_}", form, ledger, errors, parts, set_parts, found.items), *said
        ),
        back=back,
        footer=footer(quiet_button(tr("Save and next"), next_one), primary_button(tr("Save"), action)),
    )


def _likely(ledger: LedgerProvider, *wanted: str) -> AccountOut:
    """Return the first account that is wanted and open, else the one that is used most."""
    accounts = {one["id"]: one for one in ledger.open_accounts}
    return next((accounts[one] for one in wanted if one in accounts), ledger.usual_account or ledger.open_accounts[0])


def _empty(form: Form) -> None:
    """Empty the form for the next one, which is probably of the same day and account."""
    kept = {name: form[name] for name in ("direction", "account", "day")}
    form.clear()
    form.fill(**kept)
