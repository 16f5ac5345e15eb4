"""One bar of spending: a name, an amount, and its share of the largest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft

from frontend.i18n import money
from frontend.kit import body, title


def spending_bar(
    name: str,
    minor: int,
    currency: str,
    share: float,
    on_click: Callable[[], Any] | None = None,
    *,
    colour: Any = ft.Colors.PRIMARY,
) -> ft.Control:
    """Show a bar; `share` (0..1) is its length. A touch leads to what it is made of."""
    shown = money(minor, currency)
    bar = ft.ProgressBar(
        value=max(0.0, min(1.0, share)),
        bar_height=6,
        border_radius=6,
        color=colour,
        bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
    )
    head: list[ft.Control] = [
        body(name, expand=True, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
        title(shown, max_lines=1),
    ]
    return ft.Container(
        ft.Column([ft.Row(head, spacing=12), ft.Semantics(exclude_semantics=True, content=bar)], spacing=6, tight=True),
        padding=ft.Padding.symmetric(horizontal=12, vertical=10),
        border_radius=12,
        ink=on_click is not None,
        on_click=on_click,
    )
