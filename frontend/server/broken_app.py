"""What people see when the app itself cannot be loaded: words instead of an empty window."""

from __future__ import annotations

import flet as ft


async def main(page: ft.Page) -> None:
    """Say that the app is damaged and what to do."""
    page.title = "Homie"
    page.theme_mode = ft.ThemeMode.DARK
    page.add(
        ft.Text("The Homie app cannot start", theme_style=ft.TextThemeStyle.HEADLINE_SMALL),
        ft.Text("Your data is safe and the server runs. Run `homie doctor` on the server: it says what is wrong."),
    )
