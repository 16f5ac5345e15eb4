"""One line of a house's budget: from the plan to what it costs, its contracts, its papers and photos."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BudgetLineOut, ContractOut
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import asked_for, group_name, place
from frontend.financial_manager.screens.house.documents import Documents
from frontend.financial_manager.screens.house.editor import Editing, RowEditor
from frontend.financial_manager.screens.house.figures import ladder
from frontend.financial_manager.screens.house.forms import line_fields
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.i18n import money, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    icon_action,
    icon_badge,
    keyed,
    navigate,
    notice,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    title,
)


@ft.component
def HouseLine() -> ft.Control:
    """Show the line that the address names."""
    house = use_house()
    line_id = ft.use_route_params()["line_id"]
    return house_screen(
        house, tr("Part of the budget"), place(house.house_id), lambda: _screen(house, house.row("line", line_id))
    )


def _screen(house: HouseProvider, line: BudgetLineOut | None) -> ft.Control | None:
    if line is None or house.status is None:
        return None
    group = house.group_of(line["cost_group"])
    edit = place(house.house_id, "lines", line["id"], "edit")
    figures, unit = house.figures_of(line["id"]), house.status["currency"]
    parts: list[ft.Control] = [] if figures is None else [ladder(figures, unit)]
    if line["contingency"]:
        parts.append(notice(tr("A reserve: it shrinks by itself when something becomes dearer."), "neutral"))
    else:
        parts.append(_contracts(house, line, unit))
    parts.append(section(tr("Papers and photos"), keyed(Documents, line["id"], house, line)))
    if line["note"]:
        parts.append(section(tr("Note"), body(line["note"])))
    return Screen(
        line["title"],
        scroll_body(*parts, spacing=GAP * 1.25),
        back=place(house.house_id, "group", code=group),
        subtitle=group_name(house, group),
        actions=[icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(edit))],
    )


def _contracts(house: HouseProvider, line: BudgetLineOut, unit: str) -> ft.Control:
    add = place(house.house_id, "contracts", "new", line=line["id"])
    found = house.contracts_of(line["id"])
    rows: list[ft.Control] = [tile_group([_contract(house, one, unit) for one in found])] if found else []
    if not found:
        rows.append(body(tr("Nothing is ordered yet. A purchase is a contract with one final invoice."), muted=True))
    enter = quiet_button(tr("Enter contract"), lambda: navigate(add), icon=ft.Icons.ADD)
    return section(tr("Contracts"), *rows, action=enter)


def _contract(house: HouseProvider, contract: ContractOut, unit: str) -> Tile:
    count = len(house.invoices_of(contract["id"]))
    told = [contract["title"], tr("Invoices: {count}", count=count)]
    return Tile(
        contract["vendor"],
        " · ".join(one for one in told if one),
        leading=icon_badge(ft.Icons.HANDSHAKE_OUTLINED, "accent"),
        on_click=lambda: navigate(place(house.house_id, "contracts", contract["id"])),
        trailing=title(tr("{amount} net", amount=money(contract["net_minor"], unit)), max_lines=1),
        key=contract["id"],
    )


@ft.component
def HouseLineNew() -> ft.Control:
    """Ask for a new line of the budget."""
    house = use_house()
    group = asked_for(ft.context.page.route, "group")
    back = place(house.house_id, "group", code=group) if group else place(house.house_id)

    def make() -> ft.Control:
        assert house.site is not None
        of = Editing(
            tr("Add to the budget"), "line", line_fields(house, group), back,
            lambda row: place(house.house_id, "lines", row), house.site["currency"],
            fixed={"project_id": house.house_id},
        )  # fmt: skip
        return keyed(RowEditor, f"new{house.house_id}", house, of)

    return house_screen(house, tr("Add to the budget"), back, make)


@ft.component
def HouseLineEdit() -> ft.Control:
    """Show the fields of the line that the address names."""
    house = use_house()
    line_id = ft.use_route_params()["line_id"]
    back = place(house.house_id, "lines", line_id)

    def make() -> ft.Control | None:
        row = house.row("line", line_id)
        if row is None or house.site is None:
            return None
        after = "" if house.contracts_of(line_id) else place(house.house_id)
        of = Editing(
            tr("Change"), "line", line_fields(house), back, lambda _: back, house.site["currency"], row, deleted=after
        )
        return keyed(RowEditor, line_id, house, of)

    return house_screen(house, tr("Change"), back, make)
