"""Every pair of colours that text is shown in can be read: WCAG AA, dark and light, by computation."""

from __future__ import annotations

import re

import flet as ft
import pytest

from frontend.kit import avatar as avatars
from frontend.kit import theme
from frontend.kit.cards import TONES

TEXT, LARGE_OR_DRAWN = 4.5, 3.0
# Material 3 defines each role by its tone (L*), whatever the seed; the contrast of two tones depends on nothing else.
DARK = {
    "surface_container": 12, "surface_container_highest": 22, "on_surface_variant": 80, "primary": 80,
    "on_primary": 20, "secondary_container": 30, "on_secondary_container": 90, "error": 80,
    "error_container": 30, "on_error_container": 90, "outline": 60,
}  # fmt: skip
LIGHT = {
    "surface": 98, "surface_container": 94, "surface_container_highest": 90, "on_surface_variant": 30, "primary": 40,
    "on_primary": 100, "secondary_container": 90, "on_secondary_container": 30, "error": 40,
    "error_container": 90, "on_error_container": 30, "outline": 50,
}  # fmt: skip
MATERIAL = {ft.Colors.GREEN_200: "#A5D6A7", ft.Colors.AMBER_200: "#FFE082", ft.Colors.BLACK: "#000000"}
PAIRS = (
    ("on_surface_variant", "surface_container", TEXT),
    ("on_surface_variant", "surface_container_highest", TEXT),
    ("on_surface_variant", "surface", TEXT),
    ("primary", "surface", TEXT),
    ("primary", "surface_container", TEXT),
    ("on_primary", "primary", TEXT),
    ("on_secondary_container", "secondary_container", TEXT),
    ("on_error_container", "error_container", TEXT),
    ("error", "surface", TEXT),
    ("primary", "surface_container_highest", LARGE_OR_DRAWN),
    ("error", "surface_container_highest", LARGE_OR_DRAWN),
    ("outline", "surface", LARGE_OR_DRAWN),
)


def light_of_tone(tone: float) -> float:
    """Return the relative luminance of an L*."""
    return ((tone + 16) / 116) ** 3 if tone > 8 else tone / 903.3


def light_of(colour: str) -> float:
    """Return the relative luminance of `#RRGGBB`, as WCAG defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: float, other: float) -> float:
    """Return the contrast of two luminances."""
    return (max(one, other) + 0.05) / (min(one, other) + 0.05)


def light_in(mode: str, role: str) -> float:
    """Return how light a role is in a mode."""
    if mode == "dark" and role == "surface":
        return light_of(theme.DARK_BACKGROUND)
    return light_of_tone((DARK if mode == "dark" else LIGHT)[role])


@pytest.mark.parametrize("mode", ["dark", "light"])
@pytest.mark.parametrize(("on", "ground", "least"), PAIRS)
def test_roles_can_be_read_on_their_ground(mode: str, on: str, ground: str, least: float) -> None:
    """Texts reach 4.5, what is only drawn reaches 3."""
    assert contrast(light_in(mode, on), light_in(mode, ground)) >= least


@pytest.mark.parametrize(("mode", "ink"), [("dark", theme._INK_ON_DARK), ("light", theme._INK_ON_LIGHT)])
@pytest.mark.parametrize("ground", ["surface", "surface_container", "surface_container_highest"])
def test_our_ink_can_be_read_on_every_surface(mode: str, ink: str, ground: str) -> None:
    """The theme's own ink replaces Material's, so it is held to the same."""
    assert contrast(light_of(ink), light_in(mode, ground)) >= TEXT


@pytest.mark.parametrize("tone", ["good", "warn"])
def test_fixed_tones_can_be_read(tone: str) -> None:
    """Green and amber are the same in both modes, with black on them."""
    ground, on = TONES[tone]
    assert contrast(light_of(MATERIAL[ground]), light_of(MATERIAL[on])) >= TEXT


def test_initials_can_be_read_on_every_persons_colour() -> None:
    """White letters on each."""
    for colour in avatars._COLOURS:
        assert re.fullmatch("#[0-9A-F]{6}", colour)
        assert contrast(light_of(colour), 1.0) >= TEXT, colour
