"""Columns of what will be there: each some days, the lowest of them; what is less than nothing hangs below the line."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.api.generated.schemas import DayBalanceOut
from frontend.i18n import calendar_day, money, month_name, tr
from frontend.kit import body, card, use_viewport
from frontend.kit.theme import TARGET

HEIGHT = 120
WEEK = 7
LONG = 200
"""Days above which a column is two weeks, so that it can still be touched."""


@ft.component
def ForecastChart(days: list[DayBalanceOut], currency: str) -> ft.Control:
    """Show the weeks; a touch says what the lowest day of one is."""
    step = WEEK if len(days) < LONG else 2 * WEEK
    spans = [_lowest(days[at : at + step]) for at in range(0, len(days), step)]
    least = _lowest(spans)
    chosen, choose = ft.use_state(least["day"])
    narrow = use_viewport().is_phone
    shown = next((one for one in spans if one["day"] == chosen), least)
    top = max(0, *(one["balance_minor"] for one in spans))
    below = max(0, *(-one["balance_minor"] for one in spans))
    scale = HEIGHT / max(1, top + below)
    columns: list[ft.Control] = [
        _column(one, name, currency, one is shown, top * scale, below * scale, scale, choose, narrow=narrow)
        for one, name in zip(spans, column_names([one["day"] for one in spans]), strict=True)
    ]
    row = ft.Row(columns, spacing=2, scroll=ft.ScrollMode.HIDDEN if narrow else None)
    value = money(shown["balance_minor"], currency)
    said = tr("{amount} on {day}, the lowest of those days", amount=value, day=calendar_day(shown["day"]))
    return card(row, body(said))


def _lowest(week: list[DayBalanceOut]) -> DayBalanceOut:
    return min(week, key=lambda one: (one["balance_minor"], one["day"]))


def column_names(days: list[str]) -> list[str]:
    """Return what stands below the columns of some days in order: the day, and the month where a month begins."""
    begins = [number == 0 or day[:7] != days[number - 1][:7] for number, day in enumerate(days)]
    return [month_name(d, short=True)[:3] if first else f"{int(d[8:])}" for d, first in zip(days, begins, strict=True)]


def _name(one: DayBalanceOut, name: str, currency: str) -> ft.Control:
    """Write below a column what it is."""
    day = one["day"]
    return ft.Text(
        name,
        theme_style=ft.TextThemeStyle.LABEL_SMALL,
        text_align=ft.TextAlign.CENTER,
        max_lines=1,
        no_wrap=True,
        semantics_label=f"{calendar_day(day)}: {money(one['balance_minor'], currency)}",
    )


def _column(
    one: DayBalanceOut,
    name: str,
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
    parts = [up, ft.Container(height=1, bgcolor=ft.Colors.OUTLINE_VARIANT), down, _name(one, name, currency)]
    return ft.Container(
        ft.Column([*parts], spacing=0, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH),
        ink=True,
        on_click=lambda: choose(one["day"]),
        border_radius=4,
        key=one["day"],
        width=TARGET if narrow else None,
        expand=None if narrow else True,
    )
