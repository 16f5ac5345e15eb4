"""One booking of the inbox: what is known of it, and what Homie would say as buttons that file it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import flet as ft

from frontend.api.generated.schemas import FinancialManagerWaitingOut as WaitingOut
from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.inbox_provider import InboxProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import reason_words, who
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.filing.category_picker import pick_category
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.i18n import short_day, tr
from frontend.kit import caption, card, icon_action, navigate, title, use_action, use_session


@ft.component
def WaitingRow(waiting: WaitingOut, ledger: LedgerProvider, *_names: Any) -> ft.Control:
    """Show one booking with what Homie would say as chips, and all categories behind the last."""
    inbox = use_session().of(InboxProvider)
    transaction = waiting["transaction"]

    async def file(category_id: str) -> None:
        await inbox.file(transaction["id"], category_id)

    async def other() -> None:
        direction = "income" if transaction["amount_minor"] > 0 else "expense"
        chosen = await pick_category(ledger, direction=direction)
        if chosen is not None:
            await inbox.file(transaction["id"], chosen)

    action, pick = use_action(file), use_action(other)
    chips = [_chip(waiting, one["category_id"], ledger, action) for one in waiting["suggestions"]]
    chips.append(_offer(tr("Other…"), tr("Another category for {booking}", booking=who(transaction)), pick))
    texts = ft.Column(_texts(waiting, ledger), spacing=4, tight=True, expand=True)
    return card(
        ft.Row([texts, _side(transaction)], spacing=12, vertical_alignment=ft.CrossAxisAlignment.START),
        ft.Row([one for one in chips if one is not None], wrap=True, spacing=8, run_spacing=4),
        padding=12,
    )


def _texts(waiting: WaitingOut, ledger: LedgerProvider) -> list[ft.Control]:
    """Say whom it was with, what for, when, on which account where there are several, and why Homie says so."""
    transaction = waiting["transaction"]
    account = ledger.account(transaction["account_id"])
    told = [short_day(transaction["date"])]
    if account is not None and len(ledger.accounts) > 1:
        told.append(account["name"])
    texts: list[ft.Control] = [title(who(transaction), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)]
    if transaction["purpose"] and transaction["purpose"] != who(transaction):
        texts.append(caption(transaction["purpose"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS))
    texts.append(caption(" · ".join(told), max_lines=2))
    if waiting["reason"]:
        texts.append(caption(reason_words(waiting["reason"], ledger), max_lines=3, italic=True))
    return texts


def _side(transaction: TransactionOut) -> ft.Control:
    """Show the amount, and lead to everything that is known."""
    where = f"{ROOT}/transactions/{transaction['id']}"
    more = icon_action(ft.Icons.CHEVRON_RIGHT, tr("Open {booking}", booking=who(transaction)), lambda: navigate(where))
    return ft.Column(
        [amount(transaction["amount_minor"], transaction["currency"]), more],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
    )


def _chip(
    waiting: WaitingOut, category_id: str, ledger: LedgerProvider, file: Callable[..., Awaitable[None]]
) -> ft.Control | None:
    category = ledger.category(category_id)
    if category is None:
        return None

    async def press(_: object) -> None:
        await file(None, category_id)

    name = category_title(category)
    return _offer(name, tr("{booking} is {category}", booking=who(waiting["transaction"]), category=name), press)


def _offer(name: str, spoken: str, press: Any) -> ft.Control:
    """Make a button that says one category; `spoken` also says of what."""
    return ft.OutlinedButton(content=ft.Text(name, semantics_label=spoken, max_lines=1), on_click=press, height=48)
