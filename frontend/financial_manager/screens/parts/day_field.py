"""A field for a day of the calendar, with the usual ones a touch away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import flet as ft

from frontend.i18n import parse_day, today, tr, typed_day
from frontend.kit import Form, TextInput, filter_chips, icon_action, pick_day, use_action


def day_error(text: str, *, needed: bool = True) -> str:
    """Say what is wrong with a typed day; empty where it is one, or none is needed."""
    if not text.strip() and not needed:
        return ""
    if parse_day(text) is None:
        return tr("This is no day. Write it like {example}.", example=typed_day(today()))
    return ""


def day_field(form: Form, name: str, label: str, *, error: str | None = None, **options: Any) -> ft.Control:
    """Show a field for a day, with a calendar at its end."""
    return DayField(form, name, label, error, options.pop("on_change", None), options)


@ft.component
def DayField(
    form: Form,
    name: str,
    label: str,
    error: str | None,
    on_change: Callable[[str], Any] | None,
    options: dict[str, Any],
) -> ft.Control:
    """Let a day be typed, or chosen from a calendar; `on_change` hears either."""
    drawn, draw = ft.use_state(0)

    async def look() -> None:
        day = await pick_day(label, parse_day(form[name]))
        if day is None:
            return
        form.typed(name, typed_day(day), secret=False)
        form.generation += 1
        draw(drawn + 1)
        if on_change is not None and (waiting := on_change(form[name])) is not None:
            await waiting

    more: dict[str, Any] = {
        "hint_text": typed_day(today()),
        "keyboard_type": ft.KeyboardType.DATETIME,
        "max_length": 10,
        "counter": "",
        "suffix_icon": icon_action(
            ft.Icons.CALENDAR_MONTH_OUTLINED, tr("Choose from the calendar: {what}", what=label), use_action(look)
        ),
        **options,
    }
    return TextInput(form, name, label, error=error, on_change=on_change, **more)


@ft.component
def DayChoice(form: Form, name: str, label: str, error: str | None = None) -> ft.Control:
    """Let the day be today, yesterday, or one that is typed."""
    days = {today().isoformat(): tr("Today"), (today() - timedelta(days=1)).isoformat(): tr("Yesterday")}
    found = parse_day(form[name])
    chosen = found.isoformat() if found is not None and found.isoformat() in days else "other"
    shown, show = ft.use_state(chosen)

    def choose(key: str) -> None:
        if key != "other":
            form.fill(**{name: typed_day(key)})
        show(key)

    rows: list[ft.Control] = [filter_chips(shown, [*days.items(), ("other", tr("Another day"))], choose)]
    if shown == "other" or error:
        rows.append(day_field(form, name, label, error=error))
    return ft.Column(rows, spacing=8, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
