"""One transaction: everything that is known of it, who decided what it was for and why, and what can be done."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import flet as ft

from frontend.api.generated.schemas import FinancialManagerPartOut, TransactionOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import decided, iban_text, part_name, who
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.filing.category_picker import NOBODY_KNOWS, pick_category
from frontend.financial_manager.screens.filing.similar_offer import offer_similar
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.use_money import money_space, use_ledger
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.financial_manager.screens.transactions.attachments import Attachments
from frontend.financial_manager.screens.transactions.house import HousePayments
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.i18n import calendar_day, tr
from frontend.kit import (
    GAP,
    AllOf,
    Screen,
    Tile,
    ask_text,
    body,
    caption,
    card,
    chip,
    danger_button,
    empty_state,
    icon_action,
    keyed,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile_group,
    title,
    toast,
    use_action,
    use_loading,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.facts import facts
from frontend.providers.base import Loading


def use_transaction(
    transaction_id: str,
) -> tuple[LedgerProvider, TransactionsProvider, Loading, Callable[[], Awaitable[None]]]:
    """Return the ledger and the provider with the transaction that is asked for, and how far loading it is."""
    session = use_session()
    ledger = use_ledger()
    transactions = use_provider(session.of(TransactionsProvider))
    loading = use_loading()
    space = money_space(session)

    async def load() -> None:
        transactions.stand_in(space)
        await loading.loading(lambda: transactions.open(transaction_id))

    use_mount(load, [space, transaction_id])
    return ledger, transactions, loading, load


@ft.component
def Transaction() -> ft.Control:
    """Show the transaction that the address names."""
    transaction_id = ft.use_route_params()["transaction_id"]
    ledger, transactions, loading, load = use_transaction(transaction_id)
    shown = transactions.shown if transactions.shown and transactions.shown["id"] == transaction_id else None
    edit = f"{ROOT}/transactions/{transaction_id}/edit"

    def content() -> ft.Control:
        if shown is None:
            return transaction_missing()
        return scroll_body(
            _head(shown, ledger),
            section(tr("What it was for"), Parts(shown, ledger)),
            *_house(shown),
            section(tr("What is known of it"), facts(_facts(shown, ledger))),
            keyed(Attachments, shown["id"], shown["id"]),
            Work(shown),
            spacing=GAP * 1.25,
        )

    return Screen(
        who(shown) if shown is not None else tr("Transaction"),
        state_of(AllOf((loading, load), ledger), content),
        back=f"{ROOT}/accounts/{shown['account_id']}" if shown is not None else f"{ROOT}/transactions",
        actions=[icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(edit))] if shown else [],
    )


def _house(shown: TransactionOut) -> list[ft.Control]:
    """Show what a booking that happened paid, or may pay, for a house."""
    return [] if shown["planned"] else [keyed(HousePayments, f"house-{shown['id']}", shown)]


def transaction_missing() -> ft.Control:
    """Say that the transaction is gone, and lead to the others."""
    return empty_state(
        ft.Icons.RECEIPT_LONG_OUTLINED,
        tr("This transaction is not here"),
        tr("It was deleted, or it belongs to another space."),
        primary_button(tr("All transactions"), lambda: navigate(f"{ROOT}/transactions")),
    )


def _head(shown: TransactionOut, ledger: LedgerProvider) -> ft.Control:
    account = ledger.account(shown["account_id"])
    told = [calendar_day(shown["date"])]
    if account is not None:
        told.append(account["name"])
    parts: list[ft.Control] = [
        ft.Row([amount(shown["amount_minor"], shown["currency"], style=ft.TextThemeStyle.HEADLINE_MEDIUM)]),
        caption(" · ".join(told)),
    ]
    if shown["planned"]:
        parts.append(ft.Row([chip(tr("Planned"))], tight=True))
    return card(*parts, padding=GAP)


def _facts(shown: TransactionOut, ledger: LedgerProvider) -> list[tuple[str, str]]:
    account = ledger.account(shown["account_id"])
    known = [
        (tr("Account"), account["name"] if account else ""),
        (tr("Day"), calendar_day(shown["date"])),
        (tr("Value date"), calendar_day(shown["value_date"]) if shown["value_date"] else ""),
        (tr("Called"), shown["payee"]),
        (tr("Written as"), shown["counterparty"]),
        (tr("Their account"), iban_text(shown["iban"])),
        (tr("What for"), shown["purpose"]),
        (tr("Note"), shown["note"]),
        (tr("Tags"), ", ".join(shown["tags"])),
        (tr("Came from"), tr("An imported statement") if shown["batch_id"] else tr("Entered by hand")),
    ]
    return [(name, value) for name, value in known if value]


@ft.component
def Parts(shown: TransactionOut, ledger: LedgerProvider) -> ft.Control:
    """Show each part with who decided and why; where there is one, its category can be changed at once."""
    transactions = use_session().of(TransactionsProvider)

    async def choose() -> None:
        direction = "income" if shown["amount_minor"] > 0 else "expense"
        chosen = await pick_category(ledger, direction=direction, none=True)
        if chosen is None:
            return
        category_id = None if chosen == NOBODY_KNOWS else chosen
        similar = await transactions.categorise(shown, category_id)
        if similar and category_id is not None:
            await offer_similar(transactions.money, ledger, similar, category_id, transactions.space)

    change = use_action(choose)
    parts = shown["parts"]
    rows: list[ft.Control] = [_part(one, ledger, alone=len(parts) == 1) for one in parts]
    if len(parts) == 1 and parts[0]["account_id"] is None:
        text = tr("Choose a category") if parts[0]["category_id"] is None else tr("Another category")
        rows.append(ft.Row([quiet_button(text, change, icon=ft.Icons.SELL_OUTLINED)]))
    return card(ft.Column(rows, spacing=12, tight=True))


def _part(part: FinancialManagerPartOut, ledger: LedgerProvider, *, alone: bool) -> ft.Control:
    said: list[ft.Control] = [title(part_name(part, ledger)), caption(decided(part, ledger), max_lines=4)]
    if part["memo"]:
        said.append(body(part["memo"]))
    line: list[ft.Control] = [ft.Column(said, spacing=4, tight=True, expand=True)]
    if not alone:
        line.append(amount(part["amount_minor"], part["currency"]))
    return ft.Row(line, spacing=12, vertical_alignment=ft.CrossAxisAlignment.START)


def deleted_words(payments: int) -> str:
    """Say that a transaction is deleted, and that payments of a house went along."""
    if payments:
        return tr("The transaction is deleted. What it paid for your house is open again.")
    return tr("The transaction is deleted.")


@ft.component
def Work(shown: TransactionOut) -> ft.Control:
    """Offer to name whom it was with, to see its import, and to delete it."""
    session = use_session()
    transactions = session.of(TransactionsProvider)
    offer = use_undo_offer()

    async def name() -> None:
        written = shown["counterparty"]
        said = await ask_text(
            tr("What do you call them?"),
            tr("Name"),
            shown["payee"] or written.title(),
            yes=tr("Save"),
            about=tr("The bank writes “{name}”. Say how you call them, also in what is booked already.", name=written),
            most=200,
        )
        if said is not None and said != shown["payee"]:
            await transactions.name_payee(shown, said)
            toast(tr("Everything written so is called {name} now.", name=said))

    async def tag() -> None:
        now, words = ", ".join(shown["tags"]), tr("Tags, with commas between them")
        typed = await ask_text(tr("Tags"), words, now, yes=tr("Save"), problem=lambda _: "", most=1000)
        if typed is not None:
            tags = [part.strip()[:60] for part in typed.split(",") if part.strip()][:20]
            await transactions.change(shown, tags=tags)

    async def delete() -> None:
        account = shown["account_id"]
        done = await transactions.delete(shown)
        navigate(f"{ROOT}/accounts/{account}")
        offer(deleted_words(done["payments"]), done["change_id"])

    tiles = []
    if shown["counterparty"]:
        tiles.append(Tile(tr("Give them a name"), shown["counterparty"], ft.Icons.BADGE_OUTLINED, use_action(name)))
    tiles.append(Tile(tr("Tags"), ", ".join(shown["tags"]), ft.Icons.LABEL_OUTLINE, use_action(tag)))
    if shown["batch_id"]:
        place = f"{ROOT}/imports/{shown['batch_id']}"
        tiles.append(Tile(tr("The import it came with"), "", ft.Icons.UPLOAD_FILE_OUTLINED, lambda: navigate(place)))
    delete_button = ft.Row([danger_button(tr("Delete transaction"), use_action(delete))])
    rows: list[ft.Control] = [tile_group(tiles), delete_button]
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
