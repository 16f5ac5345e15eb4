"""Change a transaction."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.footer import footer
from frontend.financial_manager.screens.parts_editor import Parts, begin_parts
from frontend.financial_manager.screens.transaction import transaction_missing, use_transaction
from frontend.financial_manager.screens.transaction_form import (
    TransactionFields,
    transaction_body,
    transaction_errors,
    transaction_values,
)
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
)


@ft.component
def TransactionEdit() -> ft.Control:
    """Show the fields of the transaction that the address names."""
    transaction_id = ft.use_route_params()["transaction_id"]
    ledger, transactions, loading, load = use_transaction(transaction_id)
    shown = transactions.shown
    back = f"/financial_manager/transactions/{transaction_id}"
    if shown is not None and shown["id"] == transaction_id and ledger.loaded:
        return keyed(_Editor, transaction_id, ledger, transactions, shown, back)
    return Screen(tr("Change transaction"), state_of(loading, transaction_missing, retry=load), back=back)


@ft.component
def _Editor(ledger: LedgerProvider, transactions: TransactionsProvider, shown: TransactionOut, back: str) -> ft.Control:
    form = use_form(**transaction_values(shown, None))
    split = shown["parts"] if len(shown["parts"]) > 1 and form["direction"] != "transfer" else []
    first: Parts = begin_parts(form, split) if not form.values.get("begun") else ()
    parts, set_parts = ft.use_state(first)
    form.values["begun"] = "yes"  # the parts are filled in once: what is typed stays
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        said = transaction_errors(form, ledger, parts)
        set_wrong(said)
        if said:
            return
        await transactions.change(shown, **transaction_body(form, ledger, parts))
        toast(tr("The transaction is changed."))
        navigate(back)

    action = use_action(save)
    errors: dict[str, str] = {**field_errors(action), **wrong}
    rest = {name: text for name, text in errors.items() if name not in ("amount", "day", "account", "other", "parts")}
    return Screen(
        tr("Change transaction"),
        scroll_body(
            TransactionFields(form, ledger, errors, parts, set_parts, transactions.found.items, shown),
            *[notice(text, "bad") for text in rest.values()],
        ),
        back=back,
        footer=footer(primary_button(tr("Save"), action)),
    )
