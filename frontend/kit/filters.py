"""Narrow a list: chips beside each other, of which one is chosen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

import flet as ft

from frontend.kit.theme import TARGET


def filter_chips(
    value: str, options: Sequence[tuple[str, str]], on_choose: Callable[[str], Awaitable[None] | None]
) -> ft.Control:
    """Show (key, text) chips in one row that scrolls sideways where it is narrow."""
    return ft.Row([_chip(key, text, key == value, on_choose) for key, text in options], scroll=ft.ScrollMode.HIDDEN)


def _chip(key: str, text: str, chosen: bool, on_choose: Callable[[str], Awaitable[None] | None]) -> ft.Control:
    async def choose(_: object) -> None:
        if (waiting := on_choose(key)) is not None:
            await waiting

    return ft.Container(
        ft.Chip(label=ft.Text(text), selected=chosen, on_select=choose, show_checkmark=False),
        height=TARGET,
        alignment=ft.Alignment.CENTER,
        key=key,
    )
