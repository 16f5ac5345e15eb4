"""Where the prices of one security come from: nowhere, a feed that comes with Homie, or one's own."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import PriceFeedOut, PriceSourceOut, SecurityOut
from frontend.financial_manager.money_words import said_by_hub
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.security_provider import SecurityProvider
from frontend.financial_manager.tax_words import said
from frontend.i18n import tr
from frontend.kit import (
    GAP,
    Form,
    Screen,
    TextInput,
    body,
    caption,
    choice,
    danger_button,
    field_errors,
    keyed,
    navigate,
    notice,
    primary_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
    use_provider,
)

ROOT = "/financial_manager"
OWN = "own"
_FIELDS = ("symbol", "address", "date_path", "price_path", "currency_path", "currency")


@ft.component
def PriceSource() -> ft.Control:
    """Show the form as soon as the security that the address names is known."""
    security_id = ft.use_route_params()["security_id"]
    found = use_money(SecurityProvider, lambda one: one.show(security_id), [security_id])
    security = found.shown
    if security is not None and security["id"] == security_id and found.loaded:
        return keyed(_Entry, f"source {security_id}", security, found)
    waiting = state_of(found, lambda: ft.Container(height=0), retry=lambda: found.show(security_id))
    return Screen(tr("Where prices come from"), waiting, back=f"{ROOT}/securities/{security_id}")


@ft.component
def _Entry(security: SecurityOut, of: SecurityProvider) -> ft.Control:
    found = use_provider(of)
    source = found.source
    begun = use_begun_with(source)
    form = use_form(keep="price source", **_begin(begun.row, found.feeds))
    drawn, draw = ft.use_state(0)
    back = f"{ROOT}/securities/{security['id']}"

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    async def save() -> None:
        if not await begun.saving(lambda: found.set_source(begun.row, source_body(form))):
            return
        form.sent()
        begun.saved(found.source)
        toast(tr("Saved. Nothing is asked before you want it."))

    async def take_newer() -> None:
        newer = await found.newest_source()
        keep_typed(form, _begin(begun.row, found.feeds), _begin(newer, found.feeds))
        begun.take(newer)

    async def remove() -> None:
        await found.remove_source()
        form.sent()
        toast(tr("Its prices are asked for no more."))
        navigate(back)

    action, away = use_action(save), use_action(remove)
    rows: list[ft.Control] = [
        NewerRow(begun, take_newer), _fields(form, found.feeds, field_errors(action), choose)
    ]  # fmt: skip
    if source is not None:
        rows.append(asks_words(source["asks"], source["problem"]))
        rows.append(ft.Row([danger_button(tr("Ask there no more"), away, icon=ft.Icons.CLOUD_OFF_OUTLINED)]))
    return Screen(
        tr("Where prices come from"),
        scroll_body(*rows),
        back=back,
        subtitle=security["name"],
        footer=footer(primary_button(tr("Save"), action)),
    )


def _begin(source: PriceSourceOut | None, feeds: tuple[PriceFeedOut, ...]) -> dict[str, str]:
    """Return what the fields begin with."""
    begin: dict[str, str] = {"preset": OWN, "format": "json", "date_form": "iso", "decimal": "."}
    if source is not None:
        begin |= {name: str(source[name]) for name in (*begin, *_FIELDS)}  # type: ignore[literal-required]
        begin["preset"] = source["preset"] or OWN
    elif feeds:
        begin["preset"] = feeds[0]["id"]
    return begin


def asks_words(asks: str, problem: str) -> ft.Control:
    """Say what would be sent where, or why nothing can be."""
    if problem:
        return notice(said_by_hub(problem), "warn")
    return caption(tr("Asked would be, and nothing else is sent: {address}", address=asks), max_lines=6)


def source_body(form: Form) -> dict[str, Any]:
    """Return what is sent; a feed that comes with Homie needs only its word for the security."""
    if form["preset"] != OWN:
        return {"preset": form["preset"], "symbol": form["symbol"].strip()}
    names = ("format", "date_form", "decimal", *_FIELDS)
    return {"preset": "", **{name: form[name].strip() for name in names}, "currency": form["currency"].strip().upper()}


def _fields(form: Form, feeds: tuple[PriceFeedOut, ...], errors: dict[str, str], choose: Any) -> ft.Control:
    options = [
        *((one["id"], f"{one['title']}: {said(one['about'])}") for one in feeds),
        (OWN, tr("A feed of your own")),
    ]
    feed = next((one for one in feeds if one["id"] == form["preset"]), None)
    rows: list[ft.Control] = [
        ft.Container(height=0),  # room for the first field's name
        body(tr("A server is asked only when you press a button, and only for the securities that you choose."),
             muted=True),
        choice(tr("Source"), form["preset"], options, lambda one: choose(preset=one),
               error_text=errors.get("preset") or None),
    ]  # fmt: skip
    if feed is None:
        rows.extend(_own(form, errors, choose))
    elif feed["symbol"]:
        rows.append(_text(form, "symbol", tr("What the source calls it"), errors, said(feed["symbol"])))
    if feed is not None:
        rows.append(caption(tr("{host}; described at {address}", host=feed["host"], address=feed["source"])))
        if not feed["symbol"] and errors.get("symbol"):
            rows.append(notice(errors["symbol"], "bad"))
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)


def _own(form: Form, errors: dict[str, str], choose: Any) -> list[ft.Control]:
    """Show the fields of a feed of one's own."""
    forms = [
        ("iso", "2026-01-31"), ("dmy", "31.01.2026"), ("mdy", "01/31/2026"),
        ("unix", tr("Seconds since 1970")), ("unix_ms", tr("Thousandths of seconds since 1970")),
    ]  # fmt: skip
    where = tr("A path such as prices[*][0]") if form["format"] == "json" else tr("The column's heading or number")
    return [
        _text(form, "address", tr("Address"), errors, tr("With {isin}, {symbol}, {from} and {to}", isin="{isin}",
              symbol="{symbol}", **{"from": "{from}", "to": "{to}"}), most=1000),
        choice(tr("Form of the answer"), form["format"], [("json", "JSON"), ("csv", "CSV")],
               lambda one: choose(format=one)),
        _text(form, "date_path", tr("Where the day stands"), errors, where),
        choice(tr("How a day is written"), form["date_form"], forms, lambda one: choose(date_form=one)),
        _text(form, "price_path", tr("Where the price stands"), errors, where),
        choice(tr("Decimal sign"), form["decimal"], [(".", tr("Point")), (",", tr("Comma"))],
               lambda one: choose(decimal=one)),
        _text(form, "currency_path", tr("Where the currency stands (if it is said)"), errors, where),
        _text(form, "currency", tr("Else its currency"), errors, tr("The security's if you leave it empty"), most=3),
        _text(form, "symbol", tr("What the source calls it"), errors, tr("Its symbol if you leave it empty")),
    ]  # fmt: skip


def _text(form: Form, name: str, text: str, errors: dict[str, str], helper: str, most: int = 80) -> ft.Control:
    most = 200 if name.endswith("_path") else most
    return TextInput(form, name, text, error=errors.get(name), helper=helper, max_length=most, counter="")
