"""Take part in the house that the address names."""

from __future__ import annotations

from collections.abc import Callable

import flet as ft

from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import ROOT
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import tr
from frontend.kit import Screen, empty_state, navigate, primary_button, state_of


def use_house() -> HouseProvider:
    """Return the project that the address names, loaded."""
    house_id = ft.use_route_params()["house_id"]
    return use_money(HouseProvider, lambda one: one.open(house_id), [house_id])


def house_screen(house: HouseProvider, name: str, back: str, make: Callable[[], ft.Control | None]) -> ft.Control:
    """Return what `make` shows of a loaded house; before, or where what is asked for is gone, a screen that says so.

    `make` returns a whole screen, or None where there is no such thing in the house.
    """
    shown = make() if house.loaded and house.site is not None else None
    return shown if shown is not None else Screen(name, state_of(house, house_missing), back=back)


def house_missing() -> ft.Control:
    """Say that it is gone, and lead to the projects."""
    return empty_state(
        ft.Icons.HOME_WORK_OUTLINED,
        tr("This is not here"),
        tr("It was deleted, or it belongs to another space."),
        primary_button(tr("To the building projects"), lambda: navigate(ROOT)),
    )
