"""Add a security: its name, its ISIN, and what it is, for the tax report."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.use_money import use_money, use_own_currency
from frontend.financial_manager.screens.securities.security_form import security_body, security_fields
from frontend.i18n import tr
from frontend.kit import (
    Screen,
    field_errors,
    keyed,
    navigate,
    primary_button,
    scroll_body,
    state_of,
    toast,
    use_action,
    use_form,
)

ROOT = "/financial_manager"


@ft.component
def SecurityNew() -> ft.Control:
    """Ask for little; the ISIN says the country, and the currency begins as the household's own."""
    own = use_own_currency()
    if own.loaded:
        return keyed(_Asked, own.currency, own.currency)
    return Screen(tr("Add security"), state_of(own, lambda: ft.Container()), back=f"{ROOT}/depots")


@ft.component
def _Asked(own: str) -> ft.Control:
    """Show the fields; `own`: the household's own currency, in which the security begins."""
    depots = use_money(DepotsProvider, lambda one: one.show(""))
    form = use_form(keep="security", kind="stock", currency=own)
    drawn, draw = ft.use_state(0)
    missing, set_missing = ft.use_state(False)

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    async def save() -> None:
        set_missing(not form["name"].strip())
        if not form["name"].strip():
            return
        made = await depots.add_security(security_body(form))
        form.sent()
        toast(tr("{security} is there.", security=made["name"]))
        navigate(f"{ROOT}/trades/new?security={made['id']}")

    action = use_action(save)
    errors = field_errors(action) | ({"name": tr("Give it a name.")} if missing else {})
    return Screen(
        tr("Add security"),
        scroll_body(security_fields(form, errors, choose)),
        back=f"{ROOT}/depots",
        footer=footer(primary_button(tr("Save"), action)),
    )
