"""The offer to ask the AI about the inbox; nothing while this household has none."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.asking_provider import AskingProvider
from frontend.financial_manager.places import ROOT
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import tr
from frontend.kit import caption, card, navigate, tonal_button


@ft.component
def AskOffer() -> ft.Control:
    """Lead to what would be sent."""
    asking = use_money(AskingProvider, lambda one: one.look())
    if not asking.is_set_up:
        return ft.Container(height=0)
    button = tonal_button(tr("Ask the AI"), lambda: navigate(f"{ROOT}/inbox/ask"), icon=ft.Icons.AUTO_AWESOME_OUTLINED)
    return card(
        caption(tr("It may know whom these payments went to. You see first what it is told."), max_lines=3),
        ft.Row([button]),
        padding=12,
    )
