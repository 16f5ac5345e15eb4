"""One building project: what it will cost, what is to be paid, its cost groups, its money."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ClaimOut, ContractOut, FiguresOut, GroupFiguresOut
from frontend.financial_manager.house_provider import HouseProvider
from frontend.financial_manager.house_words import (
    ROOT,
    against_plan,
    claim_about,
    claim_name,
    claim_state,
    group_name,
    place,
    scheme_name,
)
from frontend.financial_manager.screens.house.figures import group_bar, reserve
from frontend.financial_manager.screens.house.use_house import house_screen, use_house
from frontend.i18n import calendar_day, money, tr
from frontend.kit import (
    GAP,
    Screen,
    Tile,
    body,
    caption,
    card,
    chip,
    empty_state,
    icon_action,
    icon_badge,
    navigate,
    notice,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    tile_group,
    title,
    tonal_button,
)

TOP = 5


@ft.component
def House() -> ft.Control:
    """Show the project that the address names."""
    house = use_house()
    return house_screen(house, tr("Building project"), ROOT, lambda: _screen(house))


def _screen(house: HouseProvider) -> ft.Control:
    assert house.site is not None
    edit = place(house.house_id, "edit")
    return Screen(
        house.site["name"],
        scroll_body(*_content(house), spacing=GAP * 1.25),
        back=ROOT,
        actions=[icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(edit))],
    )


def _content(house: HouseProvider) -> list[ft.Control]:
    assert house.site is not None
    assert house.status is not None
    add = place(house.house_id, "lines", "new")
    if not house.site["lines"]:
        return [
            empty_state(
                ft.Icons.PLAYLIST_ADD,
                tr("Nothing is planned yet"),
                tr("Enter what you will need, such as the shell or the kitchen, and what you think that it will cost."),
                primary_button(tr("Add to the budget"), lambda: navigate(add), icon=ft.Icons.ADD),
            ),
            _ways(house),
        ]
    unit, kept = house.status["currency"], house.status["contingency"]
    parts = [_total(house.status["total"], unit), *_short(house), *_to_pay(house)]
    if kept["reserve_minor"]:
        parts.append(section(tr("Reserve"), reserve(kept, unit)))
    bars = [_bar(house, one, unit) for one in house.status["groups"]]
    parts += [
        section(
            tr("Cost groups"),
            card(ft.Column([*bars], spacing=0, tight=True), padding=4),
            caption(tr("Dark: paid. Light: ordered. Amounts with VAT; at the right what it will cost.")),
            action=quiet_button(tr("Add to the budget"), lambda: navigate(add), icon=ft.Icons.ADD),
        ),
        _ways(house),
    ]
    return parts


def _bar(house: HouseProvider, group: GroupFiguresOut, unit: str) -> ft.Control:
    """Lead to a cost group."""
    there = place(house.house_id, "group", code=group["key"])
    return group_bar(group_name(house, group["key"]), group["figures"], unit, lambda: navigate(there))


def _total(total: FiguresOut, unit: str) -> ft.Control:
    """Show the forecast, and the steps on the way to it."""
    said, tone = against_plan(total, unit)
    columns = [
        (tr("Planned"), total["estimate_minor"]),
        (tr("Ordered"), total["committed_minor"]),
        (tr("Invoiced"), total["invoiced_minor"]),
        (tr("Paid"), total["paid_minor"]),
        (tr("Held back"), total["retained_minor"]),
        (tr("Unpaid"), total["open_minor"]),
    ]
    figures: list[ft.Control] = [
        ft.Column(
            [title(money(amount, unit), max_lines=1), caption(name)], spacing=0, tight=True, col={"xs": 6, "sm": 4}
        )
        for name, amount in columns
    ]
    return card(
        caption(tr("Will cost")),
        ft.Text(money(total["forecast_minor"], unit), theme_style=ft.TextThemeStyle.HEADLINE_MEDIUM),
        ft.Row([chip(said, tone)]),
        ft.Container(ft.ResponsiveRow(figures, spacing=12, run_spacing=12), padding=ft.Padding.only(top=8)),
        padding=GAP,
    )


def _short(house: HouseProvider) -> list[ft.Control]:
    """Warn of the day on which money would lack; nothing while no source of money was entered."""
    money_of = house.financing
    if money_of is None or not money_of["sources"] or money_of["short"] is None:
        return []
    short = money_of["short"]
    lacks = money(-short["left_minor"], money_of["currency"])
    if short["day"]:
        said = tr("On {day} {amount} will be missing.", day=calendar_day(short["day"]), amount=lacks)
    else:
        said = tr("In the end {amount} will be missing.", amount=lacks)
    look = tonal_button(tr("See the plan"), lambda: navigate(place(house.house_id, "money")))
    return [notice(said, "warn", ft.Icons.SAVINGS_OUTLINED, look)]


def _to_pay(house: HouseProvider) -> list[ft.Control]:
    """Lead to what is to be paid, the first due first."""
    found = house.open_claims()
    if not found:
        return []
    more = [caption(tr("And {n} more", n=len(found) - TOP))] if len(found) > TOP else []
    return [section(tr("To be paid"), tile_group([claim_tile(house, *one) for one in found[:TOP]]), *more)]


def claim_tile(house: HouseProvider, contract: ContractOut, claim: ClaimOut, *, named: bool = True) -> Tile:
    """Lead to an invoice or a release: how it stands, what is unpaid; `named`: whose it is."""
    unit = house.status["currency"] if house.status is not None else ""
    state, tone = claim_state(claim, unit)
    name = claim_name(house, claim["id"])
    shown = claim["open_minor"] or claim["due_minor"]
    kind = "invoices" if house.row("invoice", claim["id"]) is not None else "releases"
    right = ft.Column(
        [title(money(shown, unit), max_lines=1), caption(state)],
        spacing=0,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.END,
        alignment=ft.MainAxisAlignment.CENTER,
    )
    return Tile(
        f"{contract['vendor']} · {name}" if named else name,
        claim_about(claim, unit) if claim["open_minor"] else calendar_day(claim["date"]),
        leading=icon_badge(ft.Icons.RECEIPT_LONG_OUTLINED, tone),
        on_click=lambda: navigate(place(house.house_id, kind, claim["id"])),
        trailing=right,
        key=claim["id"],
    )


def _ways(house: HouseProvider) -> ft.Control:
    assert house.site is not None
    done = house.site["finish_on"]
    told = [scheme_name(house.site["scheme"]), *([tr("Done by {day}", day=calendar_day(done))] if done else [])]
    rows: list[ft.Control] = [
        tile_group(
            [
                Tile(
                    tr("Where the money comes from"),
                    tr("Own money, loans, subsidies, and whether they last"),
                    ft.Icons.SAVINGS_OUTLINED,
                    lambda: navigate(place(house.house_id, "money")),
                ),
                Tile(
                    tr("Changes, with undo"),
                    "",
                    ft.Icons.HISTORY,
                    lambda: navigate("/financial_manager/changes"),
                ),
            ]
        ),
        caption(" · ".join(told)),
    ]
    if house.site["note"]:
        rows.append(body(house.site["note"]))
    return section(tr("More"), *rows)
