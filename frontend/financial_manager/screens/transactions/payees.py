"""Payees and tags: whom money goes to as the household calls them, and the words on its transactions."""

from __future__ import annotations

from urllib.parse import quote

import flet as ft

from frontend.api.generated.schemas import PayeeOut, TagOut
from frontend.financial_manager.names_provider import NamesProvider
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.i18n import tr, trn
from frontend.kit import (
    GAP,
    Screen,
    TextInput,
    Tile,
    body,
    empty_state,
    filter_chips,
    navigate,
    quiet_button,
    scroll_body,
    state_of,
    tile_group,
    use_form,
)

ROOT = "/financial_manager"


@ft.component
def Payees() -> ft.Control:
    """Show the payees, or the tags."""
    names = use_money(NamesProvider, lambda one: one.load())
    shown, show = ft.use_state("payees")
    query, set_query = ft.use_state("")
    form = use_form(search="")

    async def typed(text: str) -> None:
        set_query(text.strip().casefold())

    def content() -> ft.Control:
        parts: list[ft.Control] = [
            filter_chips(shown, [("payees", tr("Payees")), ("tags", tr("Tags"))], show),
        ]
        tiles = _payees(names.payees, query) if shown == "payees" else _tags(names.tags, query)
        if len(names.payees) + len(names.tags) > 8:
            search = TextInput(form, "search", tr("Search"), on_change=typed, prefix_icon=ft.Icons.SEARCH)
            parts.append(ft.Container(search, padding=ft.Padding.only(top=4)))
        if tiles:
            parts.append(tile_group(tiles))
        elif query:
            parts.append(body(tr("Nothing is called that."), muted=True))
        else:
            parts.append(ft.Container(_no_payees() if shown == "payees" else _no_tags(), height=320))
        return scroll_body(*parts, spacing=GAP)

    return Screen(tr("Payees and tags"), state_of(names, content), back=f"{ROOT}/accounts")


def _times(number: int) -> str:
    return trn("{n} transaction", "{n} transactions", number)


def _payees(payees: tuple[PayeeOut, ...], query: str) -> list[Tile]:
    def opened(one: PayeeOut) -> Tile:
        return Tile(
            one["name"],
            _times(one["transactions"]),
            ft.Icons.BADGE_OUTLINED,
            lambda: navigate(f"{ROOT}/payees/{one['id']}"),
            key=one["id"],
        )

    return [opened(one) for one in payees if query in " ".join([one["name"], *one["written"]]).casefold()]


def _tags(tags: tuple[TagOut, ...], query: str) -> list[Tile]:
    def opened(one: TagOut) -> Tile:
        place = f"{ROOT}/tags?tag={quote(one['name'], safe='')}"
        return Tile(
            one["name"], _times(one["transactions"]), ft.Icons.LABEL_OUTLINE, lambda: navigate(place), key=one["name"]
        )

    return [opened(one) for one in tags if query in one["name"].casefold()]


def _no_payees() -> ft.Control:
    return empty_state(
        ft.Icons.BADGE_OUTLINED,
        tr("No payee has a name yet"),
        tr("Banks write the same shop in many ways. On a transaction's page you say once how you call it."),
        quiet_button(tr("All transactions"), lambda: navigate(f"{ROOT}/transactions")),
    )


def _no_tags() -> ft.Control:
    return empty_state(
        ft.Icons.LABEL_OUTLINE,
        tr("No tags yet"),
        tr("A tag gathers what lies in several categories, such as a holiday. Rules put them on what they fit."),
        quiet_button(tr("Rules"), lambda: navigate(f"{ROOT}/rules")),
    )
