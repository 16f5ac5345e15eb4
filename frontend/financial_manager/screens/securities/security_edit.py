"""Change a security: its name, what it is called, and what it is for the tax report."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import SecurityOut
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.securities.security_form import security_body, security_fields
from frontend.financial_manager.security_provider import SecurityProvider
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
def SecurityEdit() -> ft.Control:
    """Show the form of the security that the address names."""
    security_id = ft.use_route_params()["security_id"]
    found = use_money(SecurityProvider, lambda one: one.show(security_id), [security_id])
    security = found.shown
    if security is not None and security["id"] == security_id:
        return keyed(_Edit, f"edit {security_id}", security, found)
    waiting = state_of(found, lambda: ft.Container(height=0), retry=lambda: found.show(security_id))
    return Screen(tr("Change"), waiting, back=f"{ROOT}/securities/{security_id}")


@ft.component
def _Edit(security: SecurityOut, of: SecurityProvider) -> ft.Control:
    begun = use_begun_with(security)
    form = use_form(keep="security", **_values(begun.row))
    drawn, draw = ft.use_state(0)
    missing, set_missing = ft.use_state(False)
    back = f"{ROOT}/securities/{security['id']}"

    def choose(**values: str) -> None:
        form.values.update(values)
        draw(drawn + 1)

    async def save() -> None:
        set_missing(not form["name"].strip())
        if not form["name"].strip():
            return
        changes: Any = {**security_body(form), "country": form["country"].strip().upper()}
        if not await begun.saving(lambda: of.change(begun.row, changes)):
            return
        form.sent()
        toast(tr("The security is changed."))
        navigate(back)

    async def take_newer() -> None:
        newer = await of.newest(begun.row)
        keep_typed(form, _values(begun.row), _values(newer))
        begun.take(newer)

    action = use_action(save)
    errors = field_errors(action) | ({"name": tr("Give it a name.")} if missing else {})
    return Screen(
        tr("Change"),
        scroll_body(NewerRow(begun, take_newer), security_fields(form, errors, choose, country=True)),
        back=back,
        footer=footer(primary_button(tr("Save"), action)),
    )


def _values(security: SecurityOut) -> dict[str, str]:
    names = ("name", "isin", "symbol", "kind", "currency", "country")
    return {name: str(security[name]) for name in names}  # type: ignore[literal-required]
