"""Begin a building project, or change what it is called and how it is counted."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import ROOT, SCHEMES, asked_for, place
from frontend.financial_manager.screens.house.editor import Editing, RowEditor
from frontend.financial_manager.screens.house.forms import project_fields
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.financial_manager.screens.parts.use_money import use_money, use_own_currency
from frontend.i18n import tr
from frontend.kit import Screen, keyed, state_of


@ft.component
def HouseNew() -> ft.Control:
    """Ask for its name and its cost groups."""
    house = use_money(HouseProvider, _nothing)
    own = use_own_currency()
    if not own.loaded:
        return Screen(tr("Begin a project"), state_of(own, lambda: ft.Container()), back=ROOT)
    wanted = asked_for(ft.context.page.route, "scheme")
    fields = project_fields(fresh=True, scheme=wanted if wanted in SCHEMES else SCHEMES[0], own=own.currency)
    of = Editing(tr("Begin a project"), "project", fields, ROOT, place, own.currency)
    return keyed(RowEditor, f"new{wanted}{own.currency}", house, of)


async def _nothing(_: HouseProvider) -> None:
    """Load nothing: there is no project yet."""


@ft.component
def HouseEdit() -> ft.Control:
    """Show the fields of the project that the address names."""
    house = use_house()
    back = place(house.house_id)

    def make() -> ft.Control:
        assert house.site is not None
        fields = project_fields(fresh=False)
        of = Editing(tr("Change project"), "project", fields, back, place, house.site["currency"], house.site)
        if not house.site["lines"] and not house.site["sources"]:
            of = Editing(of.title, of.kind, fields, back, place, of.currency, of.row, deleted=ROOT)
        return keyed(RowEditor, house.house_id, house, of)

    return house_screen(house, tr("Change project"), back, make)
