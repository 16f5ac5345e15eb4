"""The buttons at the end of a form: at the right, below each other where it is narrow."""

from __future__ import annotations

import flet as ft


def footer(*buttons: ft.Control) -> ft.Control:
    """Put buttons at the right end of a screen's footer."""
    row = ft.Row([*buttons], alignment=ft.MainAxisAlignment.END, wrap=True, spacing=8, run_spacing=8)
    return ft.Container(row, alignment=ft.Alignment.CENTER_RIGHT)
