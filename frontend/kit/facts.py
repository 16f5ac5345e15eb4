"""Facts of one thing: names at the left, values at the right, below each other where it is narrow."""

from __future__ import annotations

from collections.abc import Sequence

import flet as ft

from frontend.kit.cards import card
from frontend.kit.texts import body


def facts(of: Sequence[tuple[str, str]]) -> ft.Control:
    """Show (name, value) pairs on a card."""
    return card(ft.Column([_fact(name, value) for name, value in of], spacing=12, tight=True))


def _fact(name: str, value: str) -> ft.Control:
    return ft.ResponsiveRow(
        [
            ft.Container(body(name, muted=True), col={"xs": 5, "sm": 4}),
            ft.Container(body(value, selectable=False), col={"xs": 7, "sm": 8}),
        ],
        spacing=12,
    )
