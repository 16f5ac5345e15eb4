"""Connected banks: which there are, how they stand, and what is sent where."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BankConnectionOut
from frontend.financial_manager.bank_words import PROVIDERS, last_fetch, next_fetch, state_words
from frontend.financial_manager.banks_provider import BanksProvider
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    card,
    chip,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    scroll_body,
    section,
    state_of,
    tile_group,
)

ROOT = "/financial_manager"


@ft.component
def Banks() -> ft.Control:
    """Show the connections."""
    found = use_money(BanksProvider, lambda one: one.load())

    def content() -> ft.Control:
        return scroll_body(
            tile_group([_bank(one) for one in found.connections]),
            section(tr("What is sent where"), card(body(what_is_sent()))),
            spacing=GAP,
        )

    add = icon_action(ft.Icons.ADD, tr("Connect a bank"), lambda: navigate(f"{ROOT}/banks/connect"))
    return Screen(
        tr("Connected banks"),
        state_of(found, content, is_empty=not found.connections, empty=_none),
        back=f"{ROOT}/accounts",
        actions=[add] if found.connections else [],
    )


def what_is_sent(provider: str = "") -> str:
    """Say what leaves the house when a bank is asked."""
    if provider == "fints":
        return tr(
            "Your bank itself is asked, and only when you press the button: it learns your user name and PIN, and "
            "sends your accounts and bookings. Nothing else leaves the house, and Homie knows no order that moves "
            "money. What is kept is encrypted on your hub."
        )
    return tr(
        "A bank is asked when you press the button, and every morning only where you switched that on. The provider "
        "that you chose learns your access and which days are asked for, and sends your bookings. Nothing else leaves "
        "the house, and nobody can move money with it. The access is kept encrypted on your hub."
    )


def _none() -> ft.Control:
    return empty_state(
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        tr("No bank is connected"),
        tr(
            "Statements as files always work. If you have an access to SimpleFIN, Enable Banking or FinTS, Homie can "
            "ask the bank."
        ),
        primary_button(tr("Connect a bank"), lambda: navigate(f"{ROOT}/banks/connect")),
    )


def _bank(one: BankConnectionOut) -> Tile:
    words, tone = state_words(one)
    return Tile(
        one["title"],
        " · ".join(text for text in (PROVIDERS[one["provider"]], last_fetch(one), next_fetch(one)) if text),
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        lambda: navigate(f"{ROOT}/banks/{one['id']}"),
        trailing=chip(words, tone),
        key=one["id"],
    )
