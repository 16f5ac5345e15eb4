"""Buttons: 48 pixels high, with a name for screen readers that says what they act on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.kit.theme import TARGET


def primary_button(text: str, on_click: Any, **options: Any) -> ft.Control:
    """Make the one button that a screen is about."""
    return _button(ft.FilledButton, text, on_click, **options)


def tonal_button(text: str, on_click: Any, **options: Any) -> ft.Control:
    """Make a button that matters, beside the primary one."""
    return _button(ft.FilledTonalButton, text, on_click, **options)


def quiet_button(text: str, on_click: Any, **options: Any) -> ft.Control:
    """Make a button for what is rarely wanted."""
    return _button(ft.TextButton, text, on_click, **options)


def danger_button(text: str, on_click: Any, **options: Any) -> ft.Control:
    """Make a button for what takes something away."""
    style = ft.ButtonStyle(bgcolor=ft.Colors.ERROR_CONTAINER, color=ft.Colors.ON_ERROR_CONTAINER)
    return _button(ft.FilledButton, text, on_click, style=style, **options)


def icon_action(icon: Any, name: str, on_click: Any, **options: Any) -> ft.Control:
    """Make a button of an icon; `name` says to everybody what it does (tooltip, screen reader)."""
    disabled = bool(options.pop("disabled", False)) or bool(getattr(on_click, "busy", False))
    return ft.IconButton(
        icon=ft.Icon(icon, semantics_label=name),  # browsers do not read tooltips out
        tooltip=name,
        on_click=on_click,
        disabled=disabled,
        size_constraints=ft.BoxConstraints(min_width=TARGET, min_height=TARGET),
        **options,
    )


def _button(
    make: Callable[..., ft.Control],
    text: str,
    on_click: Any,
    *,
    icon: Any = None,
    about: str = "",
    disabled: bool = False,
    **options: Any,
) -> ft.Control:
    """Make a button; `about` names the thing it acts on, for screen readers ("Accept invoice.pdf")."""
    busy = bool(getattr(on_click, "busy", False))
    content = ft.Text(text, semantics_label=f"{text} {about}" if about else None, max_lines=1, no_wrap=True)
    return make(content=content, icon=icon, on_click=on_click, disabled=disabled or busy, height=TARGET, **options)
