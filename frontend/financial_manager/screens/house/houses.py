"""The building projects: each with what it will cost and what is paid; without one, how to begin."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ProjectSummaryOut
from frontend.financial_manager.house_words import ROOT, SCHEMES, against_plan, place, scheme_about, scheme_name
from frontend.financial_manager.houses_provider import HousesProvider
from frontend.financial_manager.screens.parts.space_choice import Spaces
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import money, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    empty_state,
    heading,
    meter,
    navigate,
    primary_button,
    scroll_body,
    section,
    state_of,
    tile_group,
)


@ft.component
def Houses() -> ft.Control:
    """Show the projects of the space."""
    found = use_money(HousesProvider, lambda one: one.load())

    def content() -> ft.Control:
        if not found.houses:
            return scroll_body(Spaces(), _none_yet(), section(tr("Begin with cost groups of"), _schemes()))
        return scroll_body(
            Spaces(),
            *[_house(one) for one in found.houses],
            ft.Row([primary_button(tr("Begin a project"), lambda: navigate(f"{ROOT}/new"), icon=ft.Icons.ADD)]),
        )

    return Screen(tr("Building a house"), state_of(found, content), back="/financial_manager")


def _none_yet() -> ft.Control:
    return empty_state(
        ft.Icons.HOME_WORK_OUTLINED,
        tr("No building project yet"),
        tr(
            "Plan what it may cost, enter contracts and invoices, and pay them by a bank line. Homie says what it will "
            "cost in the end, what is held back, and whether the money lasts."
        ),
    )


def _schemes() -> ft.Control:
    return tile_group([_scheme(one) for one in SCHEMES])


def _scheme(scheme: str) -> Tile:
    there = f"{ROOT}/new?scheme={scheme}"
    return Tile(scheme_name(scheme), scheme_about(scheme), ft.Icons.ADD_HOME_OUTLINED, lambda: navigate(there))


def _house(house: ProjectSummaryOut) -> ft.Control:
    """Show a project: its forecast, how that stands to the plan, and how much of it is paid."""
    total, unit = house["total"], house["currency"]
    forecast, paid = total["forecast_minor"], total["paid_minor"]
    said, tone = against_plan(total, unit)
    told = tr("{paid} of {forecast} paid", paid=money(paid, unit), forecast=money(forecast, unit))
    return card(
        ft.Column(
            [
                ft.Row([ft.Container(heading(house["name"]), expand=True), chip(said, tone)], spacing=12, wrap=False),
                body(told),
                meter(paid / forecast if forecast > 0 else 0.0, tr("Paid")),
                caption(scheme_name(house["scheme"])),
            ],
            spacing=8,
            tight=True,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        on_click=lambda: navigate(place(house["id"])),
        padding=GAP,
        key=house["id"],
    )
