"""What is expected of an account next: what comes again, and what is planned."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut
from frontend.financial_manager.forecast_provider import UpcomingProvider
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.planning.expected_tile import expected_tile
from frontend.i18n import tr
from frontend.kit import error_state, navigate, quiet_button, section, tile_group

FIRST = 3
PAID_FROM = ("bank", "card", "cash")


@ft.component
def Upcoming(account: AccountOut) -> ft.Control:
    """Show the next few, or why they are not known; nothing where nothing is expected."""
    ledger = use_ledger()
    upcoming = use_money(UpcomingProvider, lambda one: one.show(account["id"]), [account["id"]])
    if upcoming.error is not None and upcoming.state != "loading":
        return section(tr("Coming up"), error_state(upcoming.error, upcoming.load))
    if upcoming.account_id != account["id"] or not upcoming.expected:
        return ft.Container(height=0)
    tiles = [expected_tile(one, ledger) for one in upcoming.expected[:FIRST]]
    more = quiet_button(tr("Forecast"), lambda: navigate("/financial_manager/forecast"))
    return section(tr("Coming up"), tile_group(tiles), action=more)


def is_paid_from(account: AccountOut) -> bool:
    """Tell whether anything can be expected of an account."""
    return account["kind"] in PAID_FROM and account["closed_on"] is None
