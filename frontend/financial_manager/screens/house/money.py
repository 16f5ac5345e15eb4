"""Where the money of a house comes from: own means, loans, subsidies; what was drawn, and whether it lasts."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import DrawnOut, FinancingOut
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import place, source_kind
from frontend.financial_manager.screens.house.editor import Editing, RowEditor
from frontend.financial_manager.screens.house.figures import amount_rows
from frontend.financial_manager.screens.house.forms import source_fields
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    Screen,
    body,
    caption,
    card,
    empty_state,
    keyed,
    meter,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    title,
)


@ft.component
def HouseMoney() -> ft.Control:
    """Show the money of the project that the address names."""
    house = use_house()
    back = place(house.house_id)
    return house_screen(house, tr("Where the money comes from"), back, lambda: _screen(house, back))


def _screen(house: HouseProvider, back: str) -> ft.Control | None:
    told = house.financing
    if told is None:
        return None
    add = place(house.house_id, "money", "new")
    if not told["sources"]:
        content: list[ft.Control] = [
            empty_state(
                ft.Icons.SAVINGS_OUTLINED,
                tr("No money was entered yet"),
                tr("Enter savings, each part of the loan and subsidies: Homie says on which day they do not suffice."),
                primary_button(tr("Add money"), lambda: navigate(add), icon=ft.Icons.ADD),
            )
        ]
    else:
        content = [
            _lasts(told),
            section(
                tr("Money"),
                *[_source(house, one, told["currency"]) for one in told["sources"]],
                action=quiet_button(tr("Add money"), lambda: navigate(add), icon=ft.Icons.ADD),
            ),
            *_unassigned(told),
            section(tr("How it lasts"), _plan(told)),
        ]
    return Screen(tr("Where the money comes from"), scroll_body(*content, spacing=GAP * 1.25), back=back)


def _lasts(told: FinancingOut) -> ft.Control:
    """Say whether the money suffices on every day."""
    short = told["short"]
    if short is None:
        return notice(tr("The money suffices on every day."), "good", ft.Icons.CHECK_CIRCLE_OUTLINE)
    lacks = money(-short["left_minor"], told["currency"])
    if short["day"]:
        said = tr("On {day} {amount} will be missing.", day=calendar_day(short["day"]), amount=lacks)
    else:
        said = tr("In the end {amount} will be missing.", amount=lacks)
    return notice(said, "warn", ft.Icons.WARNING_AMBER)


def _source(house: HouseProvider, source: DrawnOut, unit: str) -> ft.Control:
    """Show how much of one source was drawn; a touch changes it."""
    whole, drawn = source["amount_minor"], source["drawn_minor"]
    there = source["available_on"]
    kind = source_kind(source["kind"])
    when = tr("from {day}", day=calendar_day(there)) if there else ""
    told = tr("{drawn} of {whole} drawn", drawn=money(drawn, unit), whole=money(whole, unit))
    share = min(1.0, drawn / whole) if whole else 0.0
    return card(
        ft.Column(
            [
                ft.Row([title(source["title"], expand=True), title(money(source["left_minor"], unit), max_lines=1)]),
                meter(share, tr("Drawn"), tone="bad" if source["left_minor"] < 0 else ""),
                caption(" · ".join(one for one in (kind, when, told) if one), max_lines=2),
            ],
            spacing=8,
            tight=True,
        ),
        on_click=lambda: navigate(place(house.house_id, "money", source["id"])),
        key=source["id"],
    )


def _unassigned(told: FinancingOut) -> list[ft.Control]:
    if not told["unassigned_minor"]:
        return []
    amount = money(told["unassigned_minor"], told["currency"])
    return [caption(tr("{amount} was paid from money that is not entered here.", amount=amount), max_lines=3)]


def _plan(told: FinancingOut) -> ft.Control:
    """Show what is left after each day on which money comes or is needed."""
    unit = told["currency"]
    rows: list[ft.Control] = [
        amount_rows([(tr("Still to be paid"), money(told["needed_minor"], unit))], strong=(tr("Still to be paid"),))
    ]
    for one in told["points"]:
        moved = []
        if one["comes_minor"]:
            moved.append(tr("{amount} comes", amount=money(one["comes_minor"], unit)))
        if one["needed_minor"]:
            moved.append(tr("{amount} is needed", amount=money(one["needed_minor"], unit)))
        day = calendar_day(one["day"]) if one["day"] else tr("At the end")
        left = money(one["left_minor"], unit)
        rows.append(
            ft.Row(
                [
                    ft.Column([body(day), caption(" · ".join(moved), max_lines=2)], spacing=0, tight=True, expand=True),
                    title(left, max_lines=1, color=ft.Colors.ERROR if one["left_minor"] < 0 else None),
                ],
                spacing=12,
            )
        )
    return card(ft.Column(rows, spacing=12, tight=True), padding=GAP)


@ft.component
def HouseSource() -> ft.Control:
    """Add money, or change or delete what the address names."""
    house = use_house()
    source_id = ft.use_route_params().get("source_id", "")
    back = place(house.house_id, "money")
    name = tr("Change money") if source_id else tr("Add money")

    def make() -> ft.Control | None:
        row = house.row("source", source_id) if source_id else None
        if house.site is None or (source_id and row is None):
            return None
        drawn = any(one["financing_id"] == source_id for one in house.site["payments"]) if source_id else False
        of = Editing(
            name, "source", source_fields(), back, lambda _: back, house.site["currency"], row,
            {"project_id": house.house_id}, "" if drawn else back,
        )  # fmt: skip
        return keyed(RowEditor, source_id or "new", house, of)

    return house_screen(house, name, back, make)
