"""Go from month to month: arrows around the month's name, and back to this one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import flet as ft

from frontend.i18n import month_name, today, tr
from frontend.kit import heading, icon_action, quiet_button

EARLIEST, LATEST = date(1900, 1, 1), date(2199, 12, 1)


def month_arrows(month: date, choose: Callable[[date], None]) -> ft.Control:
    """Show the arrows; `month` is its first day, and so is what `choose` is called with."""
    before = (month - timedelta(days=1)).replace(day=1)
    after = (month + timedelta(days=31)).replace(day=1)
    now = today().replace(day=1)
    row: list[ft.Control] = [
        icon_action(ft.Icons.CHEVRON_LEFT, tr("Month before"), lambda: choose(before), disabled=month <= EARLIEST),
        ft.Container(heading(month_name(month)), width=170, alignment=ft.Alignment.CENTER),
        icon_action(ft.Icons.CHEVRON_RIGHT, tr("Month after"), lambda: choose(after), disabled=month >= LATEST),
    ]
    if month != now:
        row.append(quiet_button(tr("This month"), lambda: choose(now)))
    return ft.Row(row, spacing=4, wrap=True, vertical_alignment=ft.CrossAxisAlignment.CENTER)
