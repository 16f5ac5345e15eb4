"""What is shown at the address of an account that is not there."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.places import ROOT
from frontend.i18n import tr
from frontend.kit import empty_state, navigate, primary_button


def account_missing() -> ft.Control:
    """Say that the account is gone, and lead to the others."""
    return empty_state(
        ft.Icons.ACCOUNT_BALANCE_OUTLINED,
        tr("This account is not here"),
        tr("It was deleted, or it belongs to another space."),
        primary_button(tr("To the accounts"), lambda: navigate(f"{ROOT}/accounts")),
    )
