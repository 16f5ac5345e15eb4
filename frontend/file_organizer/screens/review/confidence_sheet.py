"""Accept everything above a confidence: a slider that says how many files that is."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.file_organizer.review_provider import ReviewProvider
from frontend.i18n import percent, tr, trn
from frontend.kit import GAP, body, heading, primary_button, slider
from frontend.kit.dialogs import Asked
from frontend.kit.standalone import standalone

LEVELS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
"""The bands in which the hub counts."""


@ft.component
def _Chooser(review: ReviewProvider, close: Any) -> ft.Control:
    at, set_at = ft.use_state(4)
    level = LEVELS[at]
    files = review.undecided_above(level)
    return ft.Container(
        ft.Column(
            [
                heading(tr("Accept all above a confidence")),
                body(
                    tr("Homie says of each suggestion how sure it is. Files that you have rejected stay rejected."),
                    muted=True,
                ),
                slider(
                    tr("At least"),
                    float(at),
                    0,
                    len(LEVELS) - 1,
                    len(LEVELS) - 1,
                    lambda v: set_at(round(v)),
                    shown=percent(level),
                ),
                primary_button(
                    trn("Accept {n} file", "Accept {n} files", files), lambda: close(level), disabled=not files
                ),
            ],
            spacing=GAP,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        padding=ft.Padding.only(left=24, right=24, bottom=24),
    )


async def choose_confidence(review: ReviewProvider) -> float | None:
    """Ask from which confidence on; None when the person thought better of it."""
    asked = Asked(None)
    level: float | None = await asked.show(
        ft.BottomSheet(
            content=standalone(_Chooser, review, asked.close),
            show_drag_handle=True,
            use_safe_area=True,
            on_dismiss=asked.dismissed,
        )
    )
    return level
