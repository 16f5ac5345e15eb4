"""One cost group of a house: how it stands, and its lines."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import BudgetLineOut
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import against_plan, asked_for, group_name, place
from frontend.financial_manager.screens.house.figures import ladder
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.i18n import money, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    caption,
    icon_badge,
    navigate,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    title,
)


@ft.component
def HouseGroup() -> ft.Control:
    """Show the cost group that the address asks for."""
    house = use_house()
    group = asked_for(ft.context.page.route, "code")
    back = place(house.house_id)
    return house_screen(house, tr("Cost group"), back, lambda: _screen(house, group, back))


def _screen(house: HouseProvider, group: str, back: str) -> ft.Control | None:
    assert house.status is not None
    found = next((one for one in house.status["groups"] if one["key"] == group), None)
    if found is None:
        return None
    add = place(house.house_id, "lines", "new", group=group)
    return Screen(
        group_name(house, group),
        scroll_body(
            ladder(found["figures"], house.status["currency"]),
            section(
                tr("In this group"),
                tile_group([_line(house, one) for one in house.lines_of(group)]),
                action=quiet_button(tr("Add to the budget"), lambda: navigate(add), icon=ft.Icons.ADD),
            ),
            spacing=GAP * 1.25,
        ),
        back=back,
    )


def _line(house: HouseProvider, line: BudgetLineOut) -> Tile:
    figures = house.figures_of(line["id"])
    unit = house.status["currency"] if house.status is not None else ""
    said, shown = line["cost_group"], ""
    if figures is not None:
        paid = tr("{amount} paid", amount=money(figures["paid_minor"], unit))
        said = f"{line['cost_group']} · {paid} · {against_plan(figures, unit)[0]}"
        shown = money(figures["forecast_minor"], unit)
    if line["contingency"]:
        said = f"{line['cost_group']} · {tr('Reserve')}"
    icon = ft.Icons.SAVINGS_OUTLINED if line["contingency"] else ft.Icons.CONSTRUCTION
    return Tile(
        line["title"],
        said,
        leading=icon_badge(icon, "accent"),
        on_click=lambda: navigate(place(house.house_id, "lines", line["id"])),
        trailing=title(shown, max_lines=1) if shown else caption(""),
        key=line["id"],
    )
