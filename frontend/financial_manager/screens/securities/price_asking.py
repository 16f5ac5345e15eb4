"""Ask for newer prices: from where, what is sent, and what became of it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import FetchedPricesOut, PriceSourceOut
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.money_words import said_by_hub
from frontend.financial_manager.price_sources_provider import PriceSourcesProvider
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.parts.use_undo import use_undo_offer
from frontend.i18n import tr, trn
from frontend.kit import Tile, body, card, navigate, section, tile_group, tonal_button, use_action, use_provider

ROOT = "/financial_manager"


@ft.component
def PriceAsking(of: DepotsProvider) -> ft.Control:
    """Show all securities with their sources; the button asks all sources."""
    depots = use_provider(of)
    found = use_money(PriceSourcesProvider, lambda one: one.load())
    offer = use_undo_offer()

    async def ask() -> None:
        told = await found.ask()
        count = sum(one["added"] + one["changed"] for one in told["items"])
        await depots.load()
        offer(trn("{n} price came.", "{n} prices came.", count), told["change_id"])

    action = use_action(ask)
    sources = {one["security_id"]: one for one in found.sources}
    rows: list[ft.Control] = []
    if sources:
        rows.append(ft.Row([tonal_button(tr("Ask for newer prices"), action, icon=ft.Icons.SYNC)]))
    if found.told is not None:
        rows.append(card(*(body(one) for item in found.told["items"] for one in fetched_words(item))))
    rows.append(body(tr("Touch a security to see its prices and to choose where they come from."), muted=True))
    tiles = [_tile(one["id"], one["name"], sources.get(one["id"])) for one in depots.securities]
    return section(tr("From the internet"), *rows, tile_group(tiles))


def _tile(security_id: str, name: str, source: PriceSourceOut | None) -> Tile:
    about = tr("Is not asked for")
    if source is not None:
        about = said_by_hub(source["problem"]) if source["problem"] else source["asks"]
    icon = ft.Icons.CLOUD_OUTLINED if source is not None else ft.Icons.CLOUD_OFF_OUTLINED
    return Tile(name, about, icon, lambda: navigate(f"{ROOT}/securities/{security_id}"), key=security_id)


def fetched_words(one: FetchedPricesOut) -> list[str]:
    """Say what became of one security."""
    if one["problem"]:
        return [f"{one['security']}: {said_by_hub(one['problem'])}"]
    told = tr("{added} prices are new, {changed} changed, {same} were there already.",
              added=one["added"], changed=one["changed"], same=one["same"])  # fmt: skip
    lines = [f"{one['security']}: {told}"]
    if one["kept"]:
        lines.append(
            trn("{n} day keeps the price that you gave.", "{n} days keep the price that you gave.", one["kept"])
        )
    lines += [f"{row['text']}: {said_by_hub(row['reason'])}" for row in one["refused"][:5]]
    if one["refused_count"] > 5:
        lines.append(tr("{count} lines were left out.", count=one["refused_count"]))
    return lines
