"""Add a security: its name, its ISIN, and what it is, for the tax report."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import SecurityIn
from frontend.financial_manager.depot_words import SECURITY_KINDS, security_kind_name
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.screens.account_form import CURRENCIES
from frontend.financial_manager.screens.footer import footer
from frontend.financial_manager.screens.use_money import use_money
from frontend.i18n import tr
from frontend.kit import (
    GAP,
    Form,
    Screen,
    TextInput,
    caption,
    choice,
    field_errors,
    navigate,
    primary_button,
    scroll_body,
    toast,
    use_action,
    use_form,
)

ROOT = "/financial_manager"


@ft.component
def SecurityNew() -> ft.Control:
    """Ask for little; the ISIN says the country."""
    depots = use_money(DepotsProvider, lambda one: one.show(""))
    form = use_form(keep="security", kind="stock", currency="EUR")
    drawn, draw = ft.use_state(0)
    missing, set_missing = ft.use_state(False)

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    async def save() -> None:
        set_missing(not form["name"].strip())
        if not form["name"].strip():
            return
        body: SecurityIn = {
            "name": form["name"].strip(),
            "isin": form["isin"].strip().upper(),
            "symbol": form["symbol"].strip(),
            "kind": form["kind"],  # type: ignore[typeddict-item]
            "currency": form["currency"],
        }
        made = await depots.add_security(body)
        form.sent()
        toast(tr("{security} is there.", security=made["name"]))
        navigate(f"{ROOT}/trades/new?security={made['id']}")

    action = use_action(save)
    errors = field_errors(action) | ({"name": tr("Give it a name.")} if missing else {})
    return Screen(
        tr("Add security"),
        scroll_body(_fields(form, errors, choose)),
        back=f"{ROOT}/depots",
        footer=footer(primary_button(tr("Save"), action)),
    )


def _fields(form: Form, errors: dict[str, str], choose: Any) -> ft.Control:
    kinds = [(one, security_kind_name(one)) for one in SECURITY_KINDS]
    rows: list[ft.Control] = [
        ft.Container(height=0),  # room for the first field's name
        TextInput(form, "name", tr("Name"), error=errors.get("name"), max_length=200, counter="", autofocus=True),
        TextInput(form, "isin", tr("ISIN"), error=errors.get("isin"), max_length=12, counter="",
                  helper=tr("Twelve signs on the bank's paper, such as AT0000743059")),
        TextInput(form, "symbol", tr("Symbol, if it has no ISIN"), error=errors.get("symbol"), max_length=40,
                  counter=""),
        choice(tr("What it is"), form["kind"], kinds, lambda one: choose(kind=one)),
        caption(tr("Countries tax shares, bonds and funds differently; the bank's paper says what it is.")),
        choice(tr("Currency that it is quoted in"), form["currency"], [(one, one) for one in CURRENCIES],
               lambda one: choose(currency=one)),
    ]  # fmt: skip
    return ft.Column(rows, spacing=GAP, tight=True, horizontal_alignment=ft.CrossAxisAlignment.STRETCH)
