"""Short messages at the bottom of the screen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import flet as ft


def toast(text: str, *, action: str = "", on_action: Callable[..., Any] | None = None, error: bool = False) -> None:
    """Say something for a few seconds; longer when it went wrong or offers an action such as "Undo"."""
    ft.context.page.show_dialog(
        ft.SnackBar(
            content=ft.Semantics(
                live_region=True,
                content=ft.Text(text, color=ft.Colors.ON_ERROR_CONTAINER if error else None),
            ),
            action=ft.SnackBarAction(label=action, on_click=on_action) if action else None,
            bgcolor=ft.Colors.ERROR_CONTAINER if error else None,
            duration=ft.Duration(seconds=10 if action else 7 if error else 4),
            show_close_icon=error,
        )
    )
