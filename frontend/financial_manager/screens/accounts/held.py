"""What an account holds, with its securities where it is a depot."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.screens.parts.amounts import balance
from frontend.i18n import tr
from frontend.kit import caption


def held(account: AccountOut, securities_minor: int | None, style: Any) -> ft.Control:
    """Show what an account holds; `securities_minor`: what a depot's securities are worth, None where nobody knows."""
    if account["kind"] != "depot":
        securities_minor = 0
    if securities_minor is None:
        return caption(tr("Not known yet"))
    return balance(account["balance_minor"] + securities_minor, account["currency"], style=style)
