"""What if I sell? Gain, tax and what is left by both methods, before anything is done."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import PositionOut, SalePreviewOut, WhatIfOut
from frontend.financial_manager.depot_words import METHODS, method_name, shares_words
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.sale_preview_provider import SalePreviewProvider
from frontend.financial_manager.screens.parts.amounts import amount_error, amount_input
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.securities.depots import named_amount
from frontend.financial_manager.tax_words import country_name, said
from frontend.i18n import calendar_day, current_language, money, parse_amount, parse_decimal, plain_decimal, tr
from frontend.kit import (
    GAP,
    Form,
    Screen,
    TextInput,
    awaited,
    body,
    caption,
    card,
    chip,
    field_errors,
    filter_chips,
    keyed,
    notice,
    primary_button,
    scroll_body,
    section,
    state_of,
    toggle,
    use_action,
    use_form,
)

ROOT = "/financial_manager"
COUNTRIES = ("AT", "DE", "")


@ft.component
def WhatIf() -> ft.Control:
    """Show the question of the position that the address names."""
    asked = parse_qs(urlsplit(ft.context.page.route or "").query)
    depot, security = (asked.get(name, [""])[0] for name in ("depot", "security"))
    depots = use_money(DepotsProvider, lambda one: one.show(depot), [depot])
    position = depots.position(depot, security)
    back = f"{ROOT}/depots/{depot}/{security}" if position is not None else f"{ROOT}/depots"

    def content() -> ft.Control:
        if (waiting := awaited(depots, depots.shown == depot)) is not None:
            return scroll_body(waiting)
        if position is None or position["quantity"] == "0":
            return gone(ft.Icons.SHOW_CHART, tr("Nothing of it is held"), f"{ROOT}/depots", "")
        return keyed(_Question, "question", position)

    subtitle = position["security"] if position is not None else ""
    return Screen(tr("What if I sell?"), state_of(depots, content, retry=depots.load), back=back, subtitle=subtitle)


@ft.component
def _Question(position: PositionOut) -> ft.Control:
    preview = use_money(SalePreviewProvider, lambda one: one.load())
    price = position["price"]
    known = price is not None and price["currency"] == position["currency"]
    form = use_form(
        quantity=plain_decimal(position["quantity"]),
        price=plain_decimal(price["price"]) if price is not None and known else "",
        fees="",
    )
    unchosen: str | None = None
    chosen, choose = ft.use_state(unchosen)
    country = preview.country if chosen is None else chosen
    joint, set_joint = ft.use_state(False)
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)

    async def ask() -> None:
        problems = _errors(form, position["currency"])
        set_wrong(problems)
        if not problems:
            await preview.ask(_body(form, position) | {"country": country, "joint": joint and country == "DE"})

    action = use_action(ask)
    errors = {**field_errors(action), **wrong}
    rows: list[ft.Control] = [
        *_fields(form, position["currency"], errors),
        section(
            tr("Whose tax rules count?"),
            filter_chips(country, [(one, country_name(one) if one else tr("None")) for one in COUNTRIES], choose),
        ),
    ]
    if country == "DE":
        rows.append(toggle(tr("Assessed together with my spouse"), joint, set_joint))
    if errors.get("country"):
        rows.append(notice(errors["country"], "bad"))
    rows.append(ft.Row([primary_button(tr("Show what it would bring"), action)]))
    if preview.told is not None:
        rows.extend(_answer(preview.told))
    return scroll_body(*rows, spacing=GAP)


def _fields(form: Form, currency: str, errors: dict[str, str]) -> list[ft.Control]:
    number: dict[str, Any] = {"keyboard_type": ft.KeyboardType.NUMBER, "max_length": 26, "counter": ""}
    unit = ft.Text(currency)
    return [
        ft.Container(height=0),  # room for the first field's name
        TextInput(form, "quantity", tr("How many shares"), error=errors.get("quantity"), **number),
        TextInput(form, "price", tr("Price of one share"), error=errors.get("price"), suffix=unit, **number),
        amount_input(form, "fees", tr("Fees"), currency, error=errors.get("fees")),
    ]


def _errors(form: Form, currency: str) -> dict[str, str]:
    found: dict[str, str] = {}
    if parse_decimal(form["quantity"]) is None:
        found["quantity"] = tr("How many? Write it like 12.5.")
    if parse_decimal(form["price"]) is None:
        found["price"] = tr("What does one share cost? Write it like 12.5.")
    if form["fees"].strip() and (problem := amount_error(form["fees"], currency)):
        found["fees"] = problem
    return found


def _body(form: Form, position: PositionOut) -> dict[str, Any]:
    return {
        "depot_id": position["depot_id"],
        "security_id": position["security_id"],
        "quantity": parse_decimal(form["quantity"]),
        "price": parse_decimal(form["price"]),
        "fees_minor": parse_amount(form["fees"], position["currency"]) or 0,
    }


def _answer(told: WhatIfOut) -> list[ft.Control]:
    first = told["method"] or METHODS[0]
    both = sorted(METHODS, key=lambda one: one != first)
    shown: list[ft.Control] = [
        _method(one, told["average"] if one == "average" else told["fifo"], told) for one in both
    ]
    parts: list[ft.Control] = [ft.ResponsiveRow(shown, spacing=12, run_spacing=12)]
    german = current_language() == "de"
    if told["disclaimer_en"]:
        parts.insert(0, notice(told["disclaimer_de"] if german else told["disclaimer_en"], "warn"))
        parts.append(caption(told["status_de"] if german else told["status"]))
    return parts


def _method(method: str, of: SalePreviewOut, told: WhatIfOut) -> ft.Control:
    currency = told["currency"]
    head: list[ft.Control] = [body(method_name(method), weight=ft.FontWeight.W_600, expand=True)]
    if told["method"] == method:
        head.append(chip(tr("Counts for tax"), "accent"))
    rows: list[ft.Control] = [
        ft.Row(head),
        _line(tr("Sold for"), money(of["gross_minor"], currency)),
        _line(tr("Fees"), money(of["fees_minor"], currency)),
        _line(tr("Cost of what was sold"), money(of["cost_minor"], currency)),
        named_amount(tr("Gain"), of["gain_minor"], currency),
    ]
    if told["method"] is not None:
        rows.append(_line(tr("Tax of the year changes by"), money(of["tax_minor"], currency, signed=True)))
    left = money(of["left_minor"], currency)
    rows.append(
        ft.Row([body(tr("Left in the end"), expand=True), ft.Text(left, theme_style=ft.TextThemeStyle.TITLE_MEDIUM)])
    )
    if of["changes"]:
        rows.append(ft.Divider(height=8))
        rows.append(caption(tr("How the tax comes about")))
        rows.extend(
            _line(said(one["label"]), money(one["amount_minor"], currency, signed=True)) for one in of["changes"]
        )
    rows.append(ft.Divider(height=8))
    rows.append(caption(tr("What would be used")))
    for use in of["uses"]:
        name = tr("{shares} of {day}", shares=shares_words(use["quantity"]), day=calendar_day(use["acquired"]))
        rows.append(_line(name, money(use["gain_minor"], currency, signed=True)))
    return ft.Container(card(*rows), col={"xs": 12, "md": 6})


def _line(name: str, value: str) -> ft.Control:
    return ft.Row([caption(name, expand=True), body(value)], spacing=12)
