"""The Financial Manager's part of the app: its screens and what they know."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.places import ROOT
from frontend.financial_manager.routes import ROUTES
from frontend.i18n import tr
from frontend.kit import ModuleScreens, QuickAction

JOB_NAMES = {
    "financial_manager.fetch_bank": lambda: tr("Ask a bank"),
    "financial_manager.look_into_inboxes": lambda: tr("Look for new statements"),
    "financial_manager.notice_recurring": lambda: tr("Look for what comes again"),
}
"""What each kind of the module's work is called."""
APP = ModuleScreens(
    module_id="financial_manager",
    title=lambda: tr("Money"),
    icon=ft.Icons.ACCOUNT_BALANCE_WALLET_OUTLINED,
    selected_icon=ft.Icons.ACCOUNT_BALANCE_WALLET,
    routes=ROUTES,
    job_names=JOB_NAMES,
    quick_actions=(QuickAction(lambda: tr("Enter transaction"), ft.Icons.ADD_CARD, f"{ROOT}/transactions/new"),),
)
