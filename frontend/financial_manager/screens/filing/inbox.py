"""The inbox: bookings of which nobody said what they were for; one touch files each."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import CategoryOut
from frontend.financial_manager.category_names import category_title
from frontend.financial_manager.inbox_provider import InboxProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import who
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.filing.ask_offer import AskOffer
from frontend.financial_manager.screens.filing.waiting_row import WaitingRow
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.i18n import tr, trn
from frontend.kit import (
    AllOf,
    PagedList,
    Screen,
    caption,
    card,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    quiet_button,
    state_of,
    title,
    toast,
    tonal_button,
    use_action,
    use_provider,
)


@ft.component
def Inbox() -> ft.Control:
    """Show what waits, newest first."""
    ledger = use_ledger()
    inbox = use_money(InboxProvider, lambda one: one.load())
    waiting = use_provider(inbox.waiting)

    def content() -> ft.Control:
        if not waiting.items and not inbox.similar:
            return _all_done() if any(one["bookings"] for one in ledger.accounts) else _nothing_booked()
        return PagedList(
            waiting.items,
            WaitingRow,
            key_of=lambda one: str(one["transaction"]["id"]),
            more=waiting.load_more,
            has_more=waiting.has_more,
            before=[AskOffer(), Similar(inbox, ledger)],
            arguments=(ledger, ledger.categories, ledger.accounts),
        )

    return Screen(tr("Inbox"), state_of(AllOf(inbox, ledger), content), back=f"{ROOT}/accounts")


def _all_done() -> ft.Control:
    return empty_state(
        ft.Icons.INBOX_OUTLINED,
        tr("Nothing waits"),
        tr("Homie knows of every booking what it was for. What it is not sure of comes here."),
        quiet_button(tr("All transactions"), lambda: navigate(f"{ROOT}/transactions")),
    )


def _nothing_booked() -> ft.Control:
    return empty_state(
        ft.Icons.INBOX_OUTLINED,
        tr("Nothing waits"),
        tr("Nothing is booked yet. When Homie is not sure what a booking was for, it asks here."),
        primary_button(tr("Import statement"), lambda: navigate(f"{ROOT}/import")),
    )


@ft.component
def Similar(of: InboxProvider, ledger: LedgerProvider) -> ft.Control:
    """Offer the same for the bookings that look like the one filed last; nothing while there are none."""
    inbox = use_provider(of)

    async def file() -> None:
        name = _name(ledger.category(inbox.similar_to))
        count = await inbox.file_similar()
        toast(trn("{n} booking is filed as {category}.", "{n} bookings are filed as {category}.", count,
                  category=name))  # fmt: skip

    action = use_action(file)
    if not inbox.similar:
        return ft.Container(height=0)
    name = _name(ledger.category(inbox.similar_to))
    names = ", ".join(list(dict.fromkeys(who(one) for one in inbox.similar))[:3])
    count = len(inbox.similar)
    return card(
        ft.Row(
            [
                ft.Column(
                    [
                        title(
                            trn("Also file {n} similar booking as {category}?",
                                "Also file {n} similar bookings as {category}?", count, category=name),
                            max_lines=3,
                        ),
                        caption(names, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                    ],
                    spacing=4,
                    tight=True,
                    expand=True,
                ),
                icon_action(ft.Icons.CLOSE, tr("No, leave them"), inbox.dismiss),
            ],
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        ft.Row([tonal_button(trn("File this one too", "File all {n}", count), action)]),
        padding=12,
    )  # fmt: skip


def _name(category: CategoryOut | None) -> str:
    return category_title(category) if category is not None else tr("this category")
