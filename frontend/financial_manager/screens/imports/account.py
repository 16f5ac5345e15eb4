"""Import a statement, first step: which account it is of."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.money_words import iban_text, kind_icon, kind_name
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.use_money import use_ledger
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    Tile,
    body,
    empty_state,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    tile_group,
)


@ft.component
def ImportAccount() -> ft.Control:
    """Let the account be chosen."""
    ledger = use_ledger()

    def content() -> ft.Control:
        tiles = [
            Tile(
                one["name"],
                iban_text(one["iban"]) or kind_name(one["kind"]),
                kind_icon(one["kind"]),
                lambda one=one: navigate(f"{ROOT}/import/{one['id']}"),
                key=one["id"],
            )
            for one in ledger.open_accounts
        ]
        return scroll_body(
            body(tr("Which account is the statement of?"), muted=True),
            tile_group(tiles),
            ft.Row([quiet_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new"), icon=ft.Icons.ADD)]),
        )

    return Screen(
        tr("Import statement"),
        state_of(ledger, content, is_empty=not ledger.open_accounts, empty=_no_account),
        back=f"{ROOT}/accounts",
    )


def _no_account() -> ft.Control:
    return empty_state(
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        tr("No account yet"),
        tr("Add the account that the statement is of. A name is enough."),
        primary_button(tr("Add account"), lambda: navigate(f"{ROOT}/accounts/new")),
    )
