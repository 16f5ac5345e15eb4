"""The help sheet of the keyboard."""

from __future__ import annotations

import flet as ft

from frontend.i18n import tr
from frontend.kit import GAP, body, heading


async def show_key_help() -> None:
    """Show what each key does in the review."""
    keys = [
        (tr("Arrows, J, K"), tr("Go to the next or previous suggestion")),
        ("A", tr("Accept it")),
        ("R", tr("Reject it: the file stays where it is")),
        ("E", tr("Choose another folder")),
        ("Enter", tr("Look at it closely")),
        ("X", tr("Choose several")),
        (tr("Ctrl+Z or U"), tr("Take the last decision back")),
        (tr("Shift+A"), tr("Accept everything that Homie is sure of")),
        ("F", tr("Search in this plan")),
        ("T", tr("Before and after")),
        ("P", tr("See what will happen")),
        ("?", tr("Show this help")),
    ]
    lines = [
        ft.Row(
            [
                ft.Container(
                    ft.Text(key, theme_style=ft.TextThemeStyle.LABEL_LARGE),
                    bgcolor=ft.Colors.SURFACE_CONTAINER_HIGHEST,
                    border_radius=8,
                    padding=ft.Padding.symmetric(horizontal=10, vertical=6),
                    width=140,
                ),
                body(text, expand=True),
            ],
            spacing=12,
        )
        for key, text in keys
    ]
    ft.context.page.show_dialog(
        ft.BottomSheet(
            content=ft.Container(
                ft.Column(
                    [heading(tr("Keys of the keyboard")), *lines], spacing=8, tight=True, scroll=ft.ScrollMode.AUTO
                ),
                padding=ft.Padding.only(left=24, right=24, bottom=GAP * 2),
            ),
            show_drag_handle=True,
            use_safe_area=True,
            scrollable=True,
        )
    )
