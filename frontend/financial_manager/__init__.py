"""The Financial Manager's part of the app: its screens and what they know."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.places import ROOT
from frontend.financial_manager.routes import ROUTES
from frontend.i18n import tr
from frontend.kit import ModuleScreens, QuickAction

APP = ModuleScreens(
    module_id="financial_manager",
    title=lambda: tr("Money"),
    icon=ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED,
    selected_icon=ft.Icons.ACCOUNT_BALANCE_WALLET,
    routes=ROUTES,
    quick_actions=(QuickAction(lambda: tr("Enter transaction"), ft.Icons.ADD_CARD, f"{ROOT}/transactions/new"),),
)
