"""Prices: by hand for one day, from a file of any bank or data service, or from a server when a person asks."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import flet as ft

from frontend.api.generated.schemas import PricesImportedOut
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.money_words import said_by_hub
from frontend.financial_manager.screens.parts.day_field import DayChoice, day_error
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.securities.price_asking import PriceAsking
from frontend.financial_manager.screens.securities.trade_form import security_choice
from frontend.i18n import parse_day, parse_decimal, today, tr, typed_day
from frontend.kit import (
    GAP,
    Form,
    Screen,
    TextInput,
    body,
    caption,
    card,
    empty_state,
    field_errors,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    section,
    state_of,
    toast,
    tonal_button,
    use_action,
    use_form,
    use_provider,
)

ROOT = "/financial_manager"
MOST_BYTES = 5 * 1024 * 1024


@ft.component
def Prices() -> ft.Control:
    """Show the ways as soon as the securities are known; the address may name one."""
    wanted = parse_qs(urlsplit(ft.context.page.route or "").query).get("security", [""])[0]
    depots = use_money(DepotsProvider, lambda one: one.show(""))

    def content() -> ft.Control:
        if not depots.securities:
            return _no_security()
        return scroll_body(
            section(tr("By hand"), keyed(PriceEntry, "entry", depots, wanted)),
            section(tr("From a file"), keyed(PriceFile, "file", depots, wanted)),
            keyed(PriceAsking, "asking", depots),
            spacing=GAP * 1.5,
        )

    return Screen(tr("Prices"), state_of(depots, content, retry=depots.load), back=f"{ROOT}/depots")


def _no_security() -> ft.Control:
    return empty_state(
        ft.Icons.PRICE_CHANGE_OUTLINED,
        tr("No security yet"),
        tr("A price is of a security: add what you hold, then say what it costs."),
        primary_button(tr("Add security"), lambda: navigate(f"{ROOT}/securities/new"), icon=ft.Icons.ADD),
    )


@ft.component
def PriceEntry(of: DepotsProvider, wanted: str) -> ft.Control:
    """Enter what one share costs on a day."""
    depots = use_provider(of)
    form = use_form(keep="price", security=wanted, day=typed_day(today()))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)
    drawn, draw = ft.use_state(0)

    def choose(security: str) -> None:
        form.values["security"] = security
        draw(drawn + 1)

    security = depots.security(form["security"])

    async def save() -> None:
        said = _errors(form, chosen=security is not None)
        set_wrong(said)
        day = parse_day(form["day"])
        if said or security is None or day is None:
            return
        await depots.enter_price(security["id"], {"date": day.isoformat(), "price": parse_decimal(form["price"])})
        form.sent()
        toast(tr("The price is noted."))

    action = use_action(save)
    errors = {**field_errors(action), **wrong}
    unit = ft.Text(security["currency"] if security is not None else "")
    return ft.Column(
        [
            security_choice(depots, form["security"], errors.get("security"), choose),
            TextInput(
                form, "price", tr("Price of one share"), error=errors.get("price"), suffix=unit, max_length=26,
                counter="",
                keyboard_type=ft.KeyboardType.NUMBER,
            ),
            DayChoice(form, "day", tr("Day"), errors.get("day") or errors.get("date")),
            ft.Row([primary_button(tr("Save price"), action)]),
        ],
        spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )  # fmt: skip


def _errors(form: Form, *, chosen: bool) -> dict[str, str]:
    said = {"day": day_error(form["day"])}
    if not chosen:
        said["security"] = tr("Choose the security.")
    if parse_decimal(form["price"]) is None:
        said["price"] = tr("What does one share cost? Write it like 12.5.")
    return {name: text for name, text in said.items() if text}


@ft.component
def PriceFile(of: DepotsProvider, wanted: str) -> ft.Control:
    """Take the prices of a file, and say what became of it."""
    depots = use_provider(of)
    none: PricesImportedOut | None = None
    told, tell = ft.use_state(none)
    security = depots.security(wanted)

    async def pick() -> None:
        picked = await ft.FilePicker().pick_files(allowed_extensions=["csv", "txt", "tsv"], with_data=True)
        if not picked:
            return
        data = picked[0].bytes or b""
        if len(data) > MOST_BYTES:
            toast(tr("This file is too large. Split it, or leave out what you do not need."), error=True)
            return
        tell(await depots.import_prices(picked[0].name, data, wanted))

    rows: list[ft.Control] = [
        body(
            tr("A CSV with day, ISIN (or name), price and currency; banks and data services offer such files."),
            muted=True,
        )
    ]
    if security is not None:
        rows.append(caption(tr("Only prices of {security} are taken.", security=security["name"])))
    rows.append(ft.Row([tonal_button(tr("Choose file"), use_action(pick), icon=ft.Icons.UPLOAD_FILE_OUTLINED)]))
    if told is not None:
        rows.append(_told(told))
    return ft.Column(rows, spacing=12, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _told(of: PricesImportedOut) -> ft.Control:
    lines = [tr("{added} prices are new, {changed} changed, {same} were there already.",
                added=of["added"], changed=of["changed"], same=of["same"])]  # fmt: skip
    if of["unknown"]:
        lines.append(tr("Not among your securities: {names}", names=", ".join(of["unknown"][:10])))
    lines += [said_by_hub(one) for one in of["doubts"]]
    lines += [
        tr("Line {line}: {reason}", line=one["line"], reason=said_by_hub(one["reason"])) for one in of["skipped"][:10]
    ]
    if of["skipped_count"] > 10:
        lines.append(tr("{count} lines were left out.", count=of["skipped_count"]))
    return card(*(body(one) for one in lines))
