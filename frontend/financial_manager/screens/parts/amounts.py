"""Amounts as they are shown and typed: what comes in is green and has a plus, what goes out is plain."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.i18n import money, parse_amount, tr
from frontend.kit import Form, TextInput


def income_colour() -> Any:
    """Return the green that can be read on the ground of this window."""
    page = ft.context.page
    light = page.theme_mode == ft.ThemeMode.LIGHT or (
        page.theme_mode == ft.ThemeMode.SYSTEM and page.platform_brightness == ft.Brightness.LIGHT
    )
    return ft.Colors.GREEN_800 if light else ft.Colors.GREEN_300


def amount(minor: int, currency: str, *, style: Any = ft.TextThemeStyle.TITLE_SMALL, **options: Any) -> ft.Text:
    """Show what a booking moved."""
    options.setdefault("color", income_colour() if minor > 0 else None)
    return ft.Text(
        money(minor, currency, signed=True),
        theme_style=style,
        text_align=ft.TextAlign.RIGHT,
        max_lines=1,
        no_wrap=True,
        **options,
    )


def balance(minor: int, currency: str, *, style: Any = ft.TextThemeStyle.TITLE_SMALL) -> ft.Text:
    """Show what an account holds; less than nothing is marked by its minus alone."""
    return ft.Text(money(minor, currency), theme_style=style, text_align=ft.TextAlign.RIGHT, max_lines=1, no_wrap=True)


def amount_error(text: str, currency: str) -> str:
    """Say what is wrong with a typed amount; empty where it is one."""
    if not text.strip():
        return tr("Type an amount.")
    if parse_amount(text, currency) is None:
        return tr("This is no amount. Write it like {example}.", example=money(1234, currency))
    return ""


def amount_input(
    form: Form,
    name: str,
    label: str,
    currency: str,
    *,
    error: str | None = None,
    on_submit: Callable[..., Any] | None = None,
    on_change: Callable[[str], Any] | None = None,
    **options: Any,
) -> ft.Control:
    """Show a field for an amount, with the keys that a phone has for numbers."""
    more: dict[str, Any] = {
        "keyboard_type": ft.KeyboardType.TEXT if options.pop("signed", False) else ft.KeyboardType.NUMBER,
        "suffix": ft.Text(currency),
        "max_length": 24,
        "counter": "",
        **options,
    }
    return TextInput(form, name, label, error=error, on_submit=on_submit, on_change=on_change, **more)
