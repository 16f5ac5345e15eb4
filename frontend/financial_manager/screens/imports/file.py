"""Import a statement: choose the file, see what would become of it, book it."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.import_provider import ImportProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.accounts.missing import account_missing
from frontend.financial_manager.screens.imports.preview import ImportPreview
from frontend.financial_manager.screens.imports.refused import ImportRefused
from frontend.financial_manager.screens.imports.statement_chooser import StatementChooser
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import tr, trn
from frontend.kit import (
    Action,
    AllOf,
    Screen,
    loading_state,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    toast,
    use_action,
)


@ft.component
def ImportFile() -> ft.Control:
    """Show the step that the import has come to."""
    account_id = ft.use_route_params()["account_id"]
    wanted = parse_qs(urlsplit(ft.context.page.route or "").query).get("path", [""])[0]
    ledger = use_ledger()

    async def begin(one: ImportProvider) -> None:
        one.begin(account_id)
        if wanted and one.path != wanted:
            await one.take_path(wanted)
        if one.folder is None:
            await one.load()

    found = use_money(ImportProvider, begin, [account_id, wanted])
    account = ledger.account(account_id)

    async def book() -> None:
        made = await found.book()
        navigate(f"{ROOT}/imports/{made}?new=1")
        toast(tr("The statement is booked."))

    action = use_action(book)

    return Screen(
        tr("Import statement"),
        state_of(ledger, lambda: _step(found, ledger, account, account_id), retry=AllOf(ledger, found).load),
        subtitle=account["name"] if account is not None else "",
        back=f"{ROOT}/accounts/{account_id}",
        footer=_buttons(found, action) if found.preview is not None and found.account_id == account_id else None,
    )


def _step(found: ImportProvider, ledger: LedgerProvider, account: AccountOut | None, account_id: str) -> ft.Control:
    """Show the step that the import has come to."""
    if account is None:
        return account_missing()
    if not found.file_name or found.account_id != account_id:
        return StatementChooser(found, account)
    if found.problem is not None:
        return ImportRefused(found, ledger, account)
    if found.preview is None:
        return scroll_body(loading_state())
    return ImportPreview(found, found.preview)


def _buttons(found: ImportProvider, book: Action) -> ft.Control:
    """Offer to book what was looked at, or to take another file."""
    text = trn("Book {n} line", "Book {n} lines", found.to_book) if found.to_book else tr("Nothing to book")
    twins = found.preview is not None and found.preview["twins"]
    return footer(
        quiet_button(tr("Another file"), found.give_up),
        primary_button(text, book, disabled=not found.to_book and not twins),
    )
