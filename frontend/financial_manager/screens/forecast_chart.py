"""Columns of what will be there: one per week, its lowest day; what is less than nothing hangs below the line."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.api.generated.schemas import DayBalanceOut
from frontend.i18n import calendar_day, money, month_name, tr
from frontend.kit import body, card, use_viewport

HEIGHT = 120
WEEK = 7


@ft.component
def ForecastChart(days: list[DayBalanceOut], currency: str) -> ft.Control:
    """Show the weeks; a touch says what the lowest day of one is."""
    weeks = [_lowest(days[at : at + WEEK]) for at in range(0, len(days), WEEK)]
    least = min(weeks, key=lambda one: (one["balance_minor"], one["day"]))
    chosen, choose = ft.use_state(least["day"])
    narrow = use_viewport().is_phone
    shown = next((one for one in weeks if one["day"] == chosen), least)
    top = max(0, *(one["balance_minor"] for one in weeks))
    below = max(0, *(-one["balance_minor"] for one in weeks))
    scale = HEIGHT / max(1, top + below)
    columns: list[ft.Control] = [
        _column(one, currency, one is shown, top * scale, below * scale, scale, choose, narrow=narrow) for one in weeks
    ]
    for at, one in enumerate(columns):
        named = at == 0 or weeks[at]["day"][5:7] != weeks[at - 1]["day"][5:7]
        one.content.controls.append(_name(weeks[at]["day"] if named else ""))  # type: ignore[attr-defined]
    row = ft.Row(columns, spacing=2, scroll=ft.ScrollMode.HIDDEN if narrow else None)
    value = money(shown["balance_minor"], currency)
    said = tr("{amount} on {day}, the lowest day of that week", amount=value, day=calendar_day(shown["day"]))
    return card(row, body(said))


def _lowest(week: list[DayBalanceOut]) -> DayBalanceOut:
    return min(week, key=lambda one: (one["balance_minor"], one["day"]))


def _name(day: str) -> ft.Control:
    text = month_name(day, short=True)[:3] if day else ""
    shown = ft.Text(text, theme_style=ft.TextThemeStyle.LABEL_SMALL, max_lines=1, no_wrap=True)
    return ft.Container(shown, height=18)


def _column(
    one: DayBalanceOut,
    currency: str,
    chosen: bool,
    top: float,
    below: float,
    scale: float,
    choose: Callable[[str], None],
    *,
    narrow: bool,
) -> ft.Container:
    minor = one["balance_minor"]
    colour = ft.Colors.ERROR if minor < 0 else ft.Colors.PRIMARY if chosen else ft.Colors.PRIMARY_CONTAINER
    bar = ft.Container(height=max(2.0, abs(minor) * scale), bgcolor=colour, border_radius=4)
    up = ft.Container(bar if minor >= 0 else None, height=top, alignment=ft.Alignment.BOTTOM_CENTER)
    down = ft.Container(bar if minor < 0 else None, height=below, alignment=ft.Alignment.TOP_CENTER)
    said = f"{calendar_day(one['day'])}: {money(minor, currency)}"
    parts = [up, ft.Container(height=1, bgcolor=ft.Colors.OUTLINE_VARIANT), down]
    return ft.Container(
        ft.Column([*parts], spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        ink=True,
        on_click=lambda: choose(one["day"]),
        border_radius=4,
        tooltip=said,
        key=one["day"],
        width=24 if narrow else None,
        expand=None if narrow else True,
    )
