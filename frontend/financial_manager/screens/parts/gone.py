"""What stands where something was that an old address names."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.i18n import tr
from frontend.kit import empty_state, navigate, tonal_button


def gone(icon: Any, text: str, place: str, explanation: str | None = None) -> ft.Control:
    """Say that it is not here, why that may be, and lead to `place`, where the others are."""
    why = tr("It was deleted, or it belongs to another space.") if explanation is None else explanation
    return empty_state(icon, text, why, tonal_button(tr("Show the others"), lambda: navigate(place)))
