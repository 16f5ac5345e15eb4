"""A person as a round picture of their initials, in a colour that stays theirs."""

from __future__ import annotations

import zlib

import flet as ft

_COLOURS = ("#3F51B5", "#00695C", "#6A1B9A", "#AD1457", "#37474F", "#2E7D32", "#4527A0", "#00838F")
"""Dark enough for white letters (contrast over 4.5)."""


def avatar(name: str, *, size: float = 48) -> ft.Control:
    """Show the initials of a name."""
    words = [word for word in name.split() if word]
    letters = (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper() if words else "?"
    colour = _COLOURS[zlib.crc32(name.encode("utf-8", "replace")) % len(_COLOURS)]
    return ft.Container(
        ft.Text(letters, size=size * 0.38, weight=ft.FontWeight.W_600, color=ft.Colors.WHITE),
        width=size,
        height=size,
        bgcolor=colour,
        border_radius=size / 2,
        alignment=ft.Alignment.CENTER,
    )
