"""Change a transaction."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.financial_manager.screens.transactions.draft import (
    first_parts,
    transaction_changes,
    transaction_errors,
    transaction_values,
)
from frontend.financial_manager.screens.transactions.form import SHOWN_ERRORS, TransactionFields
from frontend.financial_manager.screens.transactions.split import Parts
from frontend.financial_manager.screens.transactions.transaction import transaction_missing, use_transaction
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.i18n import tr
from frontend.kit import (
    AllOf,
    Form,
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
    back = f"{ROOT}/transactions/{transaction_id}"
    # The form begins with what the hub says now, not with what a list showed before.
    if shown is not None and shown["id"] == transaction_id and ledger.loaded and loading.loaded:
        return keyed(_Editor, transaction_id, ledger, transactions, shown, back)
    return Screen(tr("Change transaction"), state_of(AllOf((loading, load), ledger), transaction_missing), back=back)


@ft.component
def _Editor(ledger: LedgerProvider, transactions: TransactionsProvider, shown: TransactionOut, back: str) -> ft.Control:
    begun = use_begun_with(shown)
    form = use_form(**transaction_values(begun.row, None))
    parts, set_parts = ft.use_state(first_parts(begun.row))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def save() -> None:
        said = transaction_errors(form, ledger, parts, begun.row)
        set_wrong(said)
        if said:
            return
        changes = transaction_changes(form, ledger, parts, begun.row)
        if changes and not await begun.saving(lambda: transactions.change(begun.row, **changes)):
            return
        toast(tr("The transaction is changed.") if changes else tr("Nothing was changed."))
        navigate(back)

    async def take_newer() -> None:
        newer = await transactions.newest(begun.row)
        set_parts(_take_newer(form, parts, begun.row, newer))
        begun.take(newer)

    action = use_action(save)
    errors: dict[str, str] = {**field_errors(action), **wrong}
    recent = transactions.found.items
    return Screen(
        tr("Change transaction"),
        scroll_body(
            NewerRow(begun, take_newer),
            keyed(TransactionFields, f"fields{begun.round}", form, ledger, errors, parts, set_parts, recent, begun.row),
            *[notice(text, "bad") for name, text in errors.items() if name not in SHOWN_ERRORS],
        ),
        back=back,
        footer=footer(primary_button(tr("Save"), action)),
    )


def _take_newer(form: Form, parts: Parts, before: TransactionOut, newer: TransactionOut) -> Parts:
    """Put a newer transaction into the form where nobody typed; return its parts, or the typed ones."""
    was, now = transaction_values(before, None), transaction_values(newer, None)
    begun = first_parts(before)
    typed = parts != begun or any(form[one.field] != was[one.field] for one in parts)
    keep_typed(form, was, {name: text for name, text in now.items() if not typed or not name.startswith("part")})
    return parts if typed else first_parts(newer)
