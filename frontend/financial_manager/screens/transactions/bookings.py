"""A list of transactions below what they have in common."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from frontend.financial_manager.bookings_provider import BookingsProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.transactions.row import TransactionRow
from frontend.i18n import tr
from frontend.kit import AllOf, PagedList, body, heading, state_of, use_provider


@ft.component
def Bookings(bookings: BookingsProvider, ledger: LedgerProvider, above: Sequence[ft.Control]) -> ft.Control:
    """Show `above`, then the list, which scrolls by itself."""
    found = use_provider(bookings.found)
    rows = state_of(
        AllOf(found, ledger),
        lambda: PagedList(
            found.items,
            TransactionRow,
            key_of=lambda one: str(one["id"]),
            more=found.load_more,
            has_more=found.has_more,
            arguments=(ledger, ledger.accounts, ledger.categories),
        ),
        is_empty=not found.items,
        empty=lambda: body(tr("No transactions."), muted=True),
    )
    return ft.Column(
        [*above, heading(tr("Transactions")), ft.Container(rows, expand=True)],
        expand=True,
        spacing=12,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )
