"""Texts by role: the theme decides how a role looks, screens never set sizes."""

from __future__ import annotations

from typing import Any

import flet as ft

_Style = ft.TextThemeStyle


def headline(text: str, **options: Any) -> ft.Control:
    """Write the one big text of a screen; screen readers take it for the page's heading."""
    return ft.Semantics(
        header=True, heading_level=1, content=ft.Text(text, theme_style=_Style.HEADLINE_SMALL, **options)
    )


def heading(text: str, **options: Any) -> ft.Control:
    """Write the heading of a section."""
    return ft.Semantics(header=True, heading_level=2, content=ft.Text(text, theme_style=_Style.TITLE_MEDIUM, **options))


def title(text: str, **options: Any) -> ft.Text:
    """Write the name of a thing in a list or card."""
    return ft.Text(text, theme_style=_Style.TITLE_SMALL, **options)


def body(text: str, *, muted: bool = False, **options: Any) -> ft.Text:
    """Write running text; `muted` for what explains."""
    return ft.Text(
        text, theme_style=_Style.BODY_MEDIUM, color=ft.Colors.ON_SURFACE_VARIANT if muted else None, **options
    )


def caption(text: str, **options: Any) -> ft.Text:
    """Write a small remark."""
    options.setdefault("color", ft.Colors.ON_SURFACE_VARIANT)
    return ft.Text(text, theme_style=_Style.BODY_SMALL, **options)


def label(text: str, **options: Any) -> ft.Text:
    """Write the text of a chip, badge or figure."""
    return ft.Text(text, theme_style=_Style.LABEL_MEDIUM, **options)
