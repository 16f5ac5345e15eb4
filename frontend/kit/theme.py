"""Colours, type and spacing: Material 3 from one seed, dark first; text sizes follow the person's setting."""

from __future__ import annotations

import flet as ft

SEED = "#6474E5"
DARK_BACKGROUND = "#111318"
"""The boot screen in `frontend/server/assets/index.html` has the same colour: no flash between the two."""

GAP = 16
"""Space around and between blocks, in logical pixels; half of it within a block."""
TARGET = 48
"""Smallest side of anything that is touched (WCAG 2.5.5, Material 3)."""
READABLE = 840
"""Widest a column of text or a list gets."""
RADIUS = 16

# The font that is served has one weight: from 600 on Flutter would smear it to look bold.
_SIZES = {
    "display_small": (36, ft.FontWeight.W_400),
    "headline_medium": (28, ft.FontWeight.W_500),
    "headline_small": (24, ft.FontWeight.W_500),
    "title_large": (22, ft.FontWeight.W_500),
    "title_medium": (16, ft.FontWeight.W_500),
    "title_small": (14, ft.FontWeight.W_500),
    "body_large": (16, ft.FontWeight.W_400),
    "body_medium": (14, ft.FontWeight.W_400),
    "body_small": (12, ft.FontWeight.W_400),
    "label_large": (14, ft.FontWeight.W_500),
    "label_medium": (12, ft.FontWeight.W_500),
    "label_small": (11, ft.FontWeight.W_500),
}
_MODES = {"dark": ft.ThemeMode.DARK, "light": ft.ThemeMode.LIGHT, "system": ft.ThemeMode.SYSTEM}


def apply_appearance(page: ft.Page, mode: str = "dark", text_size: float = 1.0, *, still: bool = False) -> None:
    """Give the page its theme: `mode` dark, light or system; `text_size` is a factor from 0.85 to 1.6.

    `still` is for people whom movement disturbs: pages change at once.
    """
    page.theme_mode = _MODES.get(mode, ft.ThemeMode.DARK)
    page.theme = _theme(text_size, still=still)
    page.dark_theme = _theme(text_size, dark=True, still=still)


def _theme(factor: float, *, dark: bool = False, still: bool = False) -> ft.Theme:
    ink = _INK_ON_DARK if dark else _INK_ON_LIGHT
    styles = {
        name: ft.TextStyle(size=size * factor, weight=weight, color=ink) for name, (size, weight) in _SIZES.items()
    }
    return ft.Theme(
        color_scheme_seed=SEED,
        color_scheme=_DARK if dark else None,
        use_material3=True,
        text_theme=ft.TextTheme(**styles),
        visual_density=ft.VisualDensity.STANDARD,
        scaffold_bgcolor=DARK_BACKGROUND if dark else None,
        page_transitions=_transitions(still),
        snackbar_theme=ft.SnackBarTheme(behavior=ft.SnackBarBehavior.FLOATING),
    )


def _transitions(still: bool) -> ft.PageTransitionsTheme:
    if not still:
        return ft.PageTransitionsTheme()
    none = ft.PageTransitionTheme.NONE
    return ft.PageTransitionsTheme(android=none, ios=none, linux=none, macos=none, windows=none)


_DARK = ft.ColorScheme(surface=DARK_BACKGROUND)
# A text theme of one's own replaces the colours that Material would choose.
_INK_ON_DARK, _INK_ON_LIGHT = "#E3E1E9", "#1B1B21"
