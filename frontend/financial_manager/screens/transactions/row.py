"""One line of a list of transactions: with whom, when, what for, how much."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import TransactionOut
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import what_for, who
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.i18n import short_day, tr
from frontend.kit import caption, chip, navigate, title


@ft.component
def TransactionRow(transaction: TransactionOut, ledger: LedgerProvider, *_names: Any) -> ft.Control:
    """Show a transaction; a touch opens it. `_names`: accounts and categories, so that renaming draws rows anew."""
    parts = transaction["parts"]
    told = what_for(transaction, ledger)
    below: list[ft.Control] = [
        caption(
            f"{short_day(transaction['date'])} · {told}", max_lines=1, overflow=ft.TextOverflow.ELLIPSIS, expand=True
        )
    ]
    if transaction["planned"]:
        below.append(chip(tr("Planned")))
    moved = any(one["account_id"] for one in parts)
    icon = ft.Icons.SWAP_HORIZ if moved else ft.Icons.HELP_OUTLINE if _is_open(transaction) else None
    line: list[ft.Control] = [
        ft.Column(
            [
                title(who(transaction), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
                ft.Row(below, spacing=8, tight=False),
            ],
            spacing=4,
            tight=True,
            expand=True,
        ),
        amount(transaction["amount_minor"], transaction["currency"]),
    ]
    if icon is not None:
        line.insert(0, ft.Icon(icon, size=20, color=ft.Colors.ON_SURFACE_VARIANT))
    return ft.Container(
        ft.Row(line, spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        bgcolor=ft.Colors.SURFACE_CONTAINER,
        border_radius=12,
        padding=12,
        ink=True,
        on_click=lambda: navigate(f"{ROOT}/transactions/{transaction['id']}"),
    )


def _is_open(transaction: TransactionOut) -> bool:
    return any(one["account_id"] is None and one["category_id"] is None for one in transaction["parts"])
