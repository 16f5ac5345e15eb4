"""Cards, list tiles, chips, meters and figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import flet as ft

from frontend.i18n import percent
from frontend.kit.texts import caption, heading, label, title
from frontend.kit.theme import GAP, RADIUS, TARGET

TONES = {
    "neutral": (ft.Colors.SURFACE_CONTAINER_HIGHEST, ft.Colors.ON_SURFACE_VARIANT),
    "accent": (ft.Colors.SECONDARY_CONTAINER, ft.Colors.ON_SECONDARY_CONTAINER),
    "good": (ft.Colors.GREEN_200, ft.Colors.BLACK),
    "warn": (ft.Colors.AMBER_200, ft.Colors.BLACK),
    "bad": (ft.Colors.ERROR_CONTAINER, ft.Colors.ON_ERROR_CONTAINER),
}


def card(*content: ft.Control, on_click: Any = None, tone: str = "", padding: int = GAP, **options: Any) -> ft.Control:
    """Put controls on a surface of their own. `tone` is one of `TONES` for a card that asks for attention."""
    colour = TONES[tone][0] if tone else ft.Colors.SURFACE_CONTAINER
    inner = content[0] if len(content) == 1 else ft.Column(list(content), spacing=GAP / 2, tight=True)
    return ft.Container(
        content=inner,
        bgcolor=colour,
        border_radius=RADIUS,
        padding=padding,
        on_click=on_click,
        ink=on_click is not None,
        **options,
    )


def section(text: str, *content: ft.Control, action: ft.Control | None = None) -> ft.Control:
    """Put controls under a heading, with one action at its right."""
    head: ft.Control = heading(text)
    if action is not None:
        head = ft.Row([ft.Container(head, expand=True), action], vertical_alignment=ft.CrossAxisAlignment.CENTER)
    return ft.Column([head, *content], spacing=GAP / 2, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


@dataclass(frozen=True)
class Tile:
    """Describe one line of a list or menu."""

    title: str
    subtitle: str = ""
    icon: Any = None
    on_click: Callable[..., Any] | None = None
    trailing: ft.Control | None = None
    tone: str = ""
    selected: bool = False
    key: str | None = None
    leading: ft.Control | None = None
    """Shown instead of the icon, such as an `icon_badge`."""


def tile(of: Tile) -> ft.Control:
    """Make a line: icon, title over subtitle, something at the right. At least 56 pixels high."""
    leading = of.leading
    if leading is None and of.icon:
        leading = icon_badge(of.icon, of.tone) if of.tone else ft.Icon(of.icon, color=ft.Colors.ON_SURFACE_VARIANT)
    trailing = of.trailing
    if trailing is None and of.on_click is not None:
        trailing = ft.Icon(ft.Icons.CHEVRON_RIGHT, color=ft.Colors.ON_SURFACE_VARIANT)
    return ft.ListTile(
        key=of.key,
        title=title(of.title, max_lines=3, overflow=ft.TextOverflow.ELLIPSIS),
        subtitle=caption(of.subtitle, max_lines=6, overflow=ft.TextOverflow.ELLIPSIS) if of.subtitle else None,
        leading=leading,
        trailing=trailing,
        on_click=of.on_click,
        selected=of.selected,
        min_height=TARGET + 8,
        content_padding=ft.Padding.symmetric(horizontal=GAP, vertical=4),
        shape=ft.RoundedRectangleBorder(radius=RADIUS),
    )


def icon_badge(icon: Any, tone: str = "accent", size: int = 40) -> ft.Control:
    """Show an icon on a round ground of its tone: readable on dark and light."""
    background, colour = TONES[tone]
    return ft.Container(
        ft.Icon(icon, size=size * 0.55, color=colour),
        width=size,
        height=size,
        bgcolor=background,
        border_radius=size / 2,
        alignment=ft.Alignment.CENTER,
    )


def tile_group(tiles: Sequence[Tile]) -> ft.Control:
    """Put lines together on one card."""
    return card(ft.Column([tile(one) for one in tiles], spacing=0, tight=True), padding=4)


def chip(text: str, tone: str = "neutral", icon: Any = None) -> ft.Control:
    """Say a state in a word or two."""
    background, colour = TONES[tone]
    parts: list[ft.Control] = [ft.Icon(icon, size=14, color=colour)] if icon else []
    return ft.Container(
        ft.Row([*parts, label(text, color=colour, max_lines=1)], spacing=4, tight=True),
        bgcolor=background,
        border_radius=8,
        padding=ft.Padding.symmetric(horizontal=8, vertical=4),
    )


def meter(share: float | None, name: str, *, tone: str = "", height: int = 8) -> ft.Control:
    """Show a share (0..1) as a bar; None while it is not known. `name` is read out with the percentage."""
    colour = ft.Colors.ERROR if tone == "bad" else ft.Colors.AMBER_400 if tone == "warn" else ft.Colors.PRIMARY
    return ft.Semantics(
        container=True,
        exclude_semantics=True,
        label=name if share is None else f"{name}: {percent(share)}",
        content=ft.ProgressBar(
            value=share,
            bar_height=height,
            border_radius=height,
            color=colour,
            bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
        ),
    )


def key_figure(value: str, name: str) -> ft.Control:
    """Show one number with its name below."""
    shown = ft.Text(value, theme_style=ft.TextThemeStyle.HEADLINE_SMALL)
    return ft.Column([shown, caption(name)], spacing=0, tight=True)


def notice(
    text: str, tone: str = "accent", icon: Any = ft.Icons.INFO_OUTLINE, action: ft.Control | None = None
) -> ft.Control:
    """Tell something that one should know on this screen."""
    background, colour = TONES[tone]
    said = ft.Text(text, theme_style=ft.TextThemeStyle.BODY_MEDIUM, color=colour, expand=True)
    row: list[ft.Control] = [ft.Icon(icon, color=colour), said, *([action] if action else [])]
    return ft.Container(
        ft.Row(row, spacing=12, vertical_alignment=ft.CrossAxisAlignment.CENTER),
        bgcolor=background,
        border_radius=12,
        padding=12,
    )
