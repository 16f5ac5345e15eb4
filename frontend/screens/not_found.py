"""The place that does not exist: an old link, or a slip of the keyboard."""

from __future__ import annotations

import flet as ft

from frontend.i18n import tr
from frontend.kit import Screen, empty_state, navigate, primary_button


@ft.component
def NotFound() -> ft.Control:
    """Say that nothing is here and lead home."""
    return Screen(
        tr("Nothing here"),
        empty_state(
            ft.Icons.EXPLORE_OFF_OUTLINED,
            tr("There is nothing at this address"),
            tr("The link may be old, or what it showed was removed."),
            primary_button(tr("Go home"), lambda: navigate("/")),
        ),
        back="/",
    )
