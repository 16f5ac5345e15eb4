"""Planned transactions: what is expected, when; entering one, and saying that it happened."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.bookings_provider import BookingsProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import what_for, who
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import calendar_day, short_day, today, tr
from frontend.kit import (
    AllOf,
    PagedList,
    Screen,
    body,
    caption,
    card,
    chip,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    state_of,
    title,
    toast,
    tonal_button,
    use_action,
    use_provider,
)

ROOT = "/financial_manager"
NEW = f"{ROOT}/planned/new"


@ft.component
def Planned() -> ft.Control:
    """Show what is planned, the latest first."""
    ledger = use_ledger()
    bookings = use_money(BookingsProvider, lambda one: one.show(planned=True))
    found = use_provider(bookings.found)
    rows = state_of(
        AllOf(found, ledger),
        lambda: ft.Column(
            [
                body(tr("It counts in no balance until you say that it happened."), muted=True),
                ft.Container(_list(bookings, ledger), expand=True),
            ],
            expand=True,
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        is_empty=not found.items,
        empty=_nothing,
    )
    add = icon_action(ft.Icons.ADD, tr("Plan something"), lambda: navigate(NEW))
    return Screen(
        tr("Planned"),
        rows,
        back=f"{ROOT}/accounts",
        actions=[add] if found.items else [],  # where there is none, the page itself offers it
    )


def _nothing() -> ft.Control:
    return empty_state(
        ft.Icons.EVENT_OUTLINED,
        tr("Nothing is planned"),
        tr("A holiday to be paid, a bonus that comes: enter it, so that you do not forget it."),
        primary_button(tr("Plan something"), lambda: navigate(NEW), icon=ft.Icons.ADD),
    )


def _list(bookings: BookingsProvider, ledger: LedgerProvider) -> ft.Control:
    found = bookings.found
    return PagedList(
        found.items,
        Plan,
        key_of=lambda one: str(one["id"]),
        more=found.load_more,
        has_more=found.has_more,
        arguments=(bookings, ledger, ledger.accounts, ledger.categories),
    )


@ft.component
def Plan(transaction: TransactionOut, bookings: BookingsProvider, ledger: LedgerProvider, *_names: Any) -> ft.Control:
    """Show one plan, with its day, and a button that books it."""

    async def happened() -> None:
        await bookings.happened(transaction)
        toast(tr("It is booked on {day}.", day=calendar_day(transaction["date"])))

    account = ledger.account(transaction["account_id"])
    told = [short_day(transaction["date"]), what_for(transaction, ledger)]
    if account is not None:
        told.append(account["name"])
    texts: list[ft.Control] = [
        title(who(transaction), max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
        caption(" · ".join(told), max_lines=2),
    ]
    if transaction["date"] < today().isoformat():
        texts.append(ft.Row([chip(tr("The day is past"), "warn")], tight=True))
    name = who(transaction)
    return card(
        ft.Row(
            [
                ft.Column(texts, spacing=4, tight=True, expand=True),
                amount(transaction["amount_minor"], transaction["currency"]),
            ],
            spacing=12,
        ),
        ft.Row(
            [tonal_button(tr("It happened"), use_action(happened), icon=ft.Icons.CHECK, about=name)],
            alignment=ft.MainAxisAlignment.END,
        ),
        padding=12,
        on_click=lambda: navigate(f"{ROOT}/transactions/{transaction['id']}"),
    )
