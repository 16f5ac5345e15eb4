"""One security: what it is, where its prices come from, and its prices with their source; each can be put right."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import FinancialManagerPriceOut, PriceSourceOut, SecurityOut
from frontend.financial_manager.depot_words import security_kind_name
from frontend.financial_manager.money_words import said_by_hub
from frontend.financial_manager.screens.parts.rows_state import rows_state
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.security_provider import SecurityProvider
from frontend.i18n import calendar_day, decimal_text, parse_decimal, plain_decimal, tr
from frontend.kit import (
    GAP,
    Action,
    PagedList,
    Screen,
    Tile,
    ask_text,
    body,
    choose_sheet,
    confirm,
    heading,
    icon_action,
    navigate,
    state_of,
    tile,
    tile_group,
    toast,
    tonal_button,
    use_action,
    use_provider,
)
from frontend.kit.facts import facts

ROOT = "/financial_manager"
BACK = f"{ROOT}/prices"


@ft.component
def Security() -> ft.Control:
    """Show the security that the address names."""
    security_id = ft.use_route_params()["security_id"]
    found = use_money(SecurityProvider, lambda one: one.show(security_id), [security_id])
    prices = use_provider(found.found)
    security = found.shown

    async def delete() -> None:
        assert security is not None
        text = tr("Its prices go with it. The list of changes brings them back.")
        if await confirm(tr("Delete this security?"), text, tr("Delete"), danger=True):
            await found.delete(security)
            toast(tr("The security is deleted."))
            navigate(BACK)

    remove = use_action(delete)

    def content() -> ft.Control:
        if security is None:
            return ft.Container(height=0)
        head = [facts(_facts(security)), _source(security, found.source), heading(tr("Prices"))]
        head += [*rows_state(prices, tr("No price known")), _ways(security["id"])]
        return PagedList(
            prices.items if prices.loaded else (),
            PriceRow,
            key_of=lambda one: str(one["id"]),
            more=prices.load_more,
            has_more=prices.has_more,
            before=head,
            arguments=(found,),
            spacing=GAP,
        )

    return Screen(
        security["name"] if security is not None else tr("Security"),
        state_of(found, content, retry=lambda: found.show(security_id)),
        back=BACK,
        actions=_actions(security, remove),
    )


def _actions(security: SecurityOut | None, remove: Action) -> list[ft.Control]:
    if security is None:
        return []
    place = f"{ROOT}/securities/{security['id']}/edit"
    return [
        icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(place)),
        icon_action(ft.Icons.DELETE_OUTLINE, tr("Delete security"), remove),
    ]


def _facts(one: SecurityOut) -> list[tuple[str, str]]:
    told = [
        (tr("What it is"), security_kind_name(one["kind"])),
        (tr("ISIN"), one["isin"]),
        (tr("Symbol"), one["symbol"]),
        (tr("Currency"), one["currency"]),
        (tr("Country"), one["country"]),
    ]
    return [(name, value) for name, value in told if value]


def _source(security: SecurityOut, source: PriceSourceOut | None) -> ft.Control:
    """Say where its prices come from, and lead to choosing it."""
    about = tr("By hand and from files; nothing is asked on the internet")
    if source is not None:
        about = said_by_hub(source["problem"]) if source["problem"] else source["title"]
    place = f"{ROOT}/securities/{security['id']}/source"
    icon = ft.Icons.CLOUD_OUTLINED if source is not None else ft.Icons.CLOUD_OFF_OUTLINED
    return tile_group([Tile(tr("Where its prices come from"), about, icon, lambda: navigate(place), key="source")])


def _ways(security_id: str) -> ft.Control:
    place = f"{ROOT}/prices?security={security_id}"
    name = tr("Enter prices, or take them from a file")
    return ft.Row([tonal_button(name, lambda: navigate(place), icon=ft.Icons.ADD)])


@ft.component
def PriceRow(price: FinancialManagerPriceOut, of: SecurityProvider) -> ft.Control:
    """Show a price with its day and who said it; a touch offers to change or delete it."""

    async def work() -> None:
        day = calendar_day(price["date"])
        choices = [
            ("change", Tile(tr("Change"), tr("It counts as entered by hand then"), ft.Icons.EDIT_OUTLINED)),
            ("delete", Tile(tr("Delete"), tr("The list of changes brings it back"), ft.Icons.DELETE_OUTLINE)),
        ]
        chosen = await choose_sheet(tr("Price of {day}", day=day), choices)
        if chosen == "change":
            number = await ask_text(
                tr("Price of {day}", day=day), tr("Price of one share"), plain_decimal(price["price"]), yes=tr("Save"),
                problem=_price_problem, most=26,
            )  # fmt: skip
            if number is not None and (read := parse_decimal(number)) is not None:
                await of.change_price(price, read)
                toast(tr("The price is noted."))
        elif chosen == "delete":
            await of.delete_price(price)
            toast(tr("The price is deleted."))

    action = use_action(work)
    amount = f"{decimal_text(price['price'])} {price['currency']}"
    return tile(
        Tile(calendar_day(price["date"]), price_origin(price), ft.Icons.SHOW_CHART, action, trailing=body(amount))
    )


def _price_problem(text: str) -> str:
    return "" if parse_decimal(text) is not None else tr("What does one share cost? Write it like 12.5.")


def price_origin(price: FinancialManagerPriceOut) -> str:
    """Say who said a price: a person, a file, or a server and when it was asked; and its rate."""
    told = tr("By hand") if price["source"] == "hand" else tr("From {source}", source=price["source"])
    if price["fetched_at"]:
        told = tr("From {source}, asked on {day}", source=price["source"], day=calendar_day(price["fetched_at"][:10]))
    if price["fx_rate"]:
        rate = f"1 {price['currency']} = {decimal_text(price['fx_rate'])} {price['fx_currency']}"
        told = f"{told} · {rate}"
    return told
