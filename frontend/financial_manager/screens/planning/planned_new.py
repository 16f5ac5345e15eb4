"""Plan a transaction: the same fields as for one that happened."""

from __future__ import annotations

from datetime import timedelta

import flet as ft

from frontend.financial_manager.bookings_provider import BookingsProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.transactions.draft import (
    transaction_body,
    transaction_errors,
    transaction_values,
)
from frontend.financial_manager.screens.transactions.form import TransactionFields
from frontend.financial_manager.screens.transactions.new import no_account
from frontend.financial_manager.screens.transactions.split import Parts
from frontend.i18n import today, tr, typed_day
from frontend.kit import (
    Screen,
    body,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    scroll_body,
    state_of,
    use_action,
    use_form,
)

BACK = "/financial_manager/planned"


@ft.component
def PlannedNew() -> ft.Control:
    """Show the form as soon as the accounts are known."""
    ledger = use_ledger()
    bookings = use_money(BookingsProvider, lambda one: one.show(planned=True))
    if ledger.open_accounts:
        return keyed(_Entry, "plan", ledger, bookings)
    return Screen(tr("Plan something"), state_of(ledger, no_account, retry=ledger.load), back=BACK)


@ft.component
def _Entry(ledger: LedgerProvider, bookings: BookingsProvider) -> ft.Control:
    next_month = (today().replace(day=1) + timedelta(days=31)).replace(day=1)
    begins = {**transaction_values(None, ledger.usual_account or ledger.open_accounts[0]), "day": typed_day(next_month)}
    form = use_form(keep="plan", **begins)
    none: Parts = ()
    parts, set_parts = ft.use_state(none)
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def plan() -> None:
        said = transaction_errors(form, ledger, parts)
        set_wrong(said)
        if said:
            return
        await bookings.plan(transaction_body(form, ledger, parts))
        form.sent()
        navigate(BACK)

    action = use_action(plan, done=tr("It is planned."))
    errors: dict[str, str] = {**field_errors(action), **wrong}
    rest = {name: text for name, text in errors.items() if name not in ("amount", "day", "account", "other", "parts")}
    said: list[ft.Control] = [notice(text, "bad") for text in rest.values()]
    return Screen(
        tr("Plan something"),
        scroll_body(
            body(tr("Say on which day you expect it."), muted=True),
            TransactionFields(form, ledger, errors, parts, set_parts, bookings.found.items),
            *said,
        ),
        back=BACK,
        footer=footer(primary_button(tr("Save"), action)),
    )
