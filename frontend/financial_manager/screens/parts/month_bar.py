"""Go from month to month, and from year to year: arrows that say in words where they lead."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import flet as ft

from frontend.i18n import month_name, tr
from frontend.kit import heading, icon_action

LATEST = "2199-12-01"


def month_of(day: date) -> str:
    """Return the month of a day, as its first day (YYYY-MM-01)."""
    return day.replace(day=1).isoformat()


def months_from(month: str, number: int) -> str:
    """Return the month that lies `number` months after one; before it where negative."""
    day = date.fromisoformat(month)
    index = day.year * 12 + day.month - 1 + number
    return date(index // 12, index % 12 + 1, 1).isoformat()


def month_bar(month: str, go: Callable[[str], Any], *, latest: str = LATEST) -> ft.Control:
    """Show a month with ways to the ones around it; none leads beyond `latest`."""

    def way(icon: Any, text: str, number: int) -> ft.Control:
        index = int(month[:4]) * 12 + int(month[5:7]) - 1 + number
        there = months_from(month, number) if 1900 * 12 <= index < 2200 * 12 else ""
        if not there or there > latest:
            return icon_action(icon, text, None, disabled=True)
        named = tr("{way}: {month}", way=text, month=month_name(there))
        return icon_action(icon, named, lambda: go(there))

    return ft.Row(
        [
            way(ft.Icons.KEYBOARD_DOUBLE_ARROW_LEFT, tr("A year earlier"), -12),
            way(ft.Icons.CHEVRON_LEFT, tr("A month earlier"), -1),
            ft.Container(heading(month_name(month)), expand=True, alignment=ft.Alignment.CENTER),
            way(ft.Icons.CHEVRON_RIGHT, tr("A month later"), 1),
            way(ft.Icons.KEYBOARD_DOUBLE_ARROW_RIGHT, tr("A year later"), 12),
        ],
        spacing=0,
    )
