"""One trade: what the broker's paper says, the trail of its lots where it was a sale, and deleting it."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import TradeOut
from frontend.financial_manager.depot_words import shares_words, trade_name, trade_words
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.securities.sale_trail import sale_trail
from frontend.financial_manager.trades_provider import TradesProvider
from frontend.i18n import calendar_day, decimal_text, money, tr
from frontend.kit import (
    AllOf,
    Screen,
    confirm,
    danger_button,
    icon_action,
    navigate,
    scroll_body,
    state_of,
    toast,
    use_action,
)
from frontend.kit.facts import facts

ROOT = "/financial_manager"


@ft.component
def Trade() -> ft.Control:
    """Show the trade that the address names."""
    trade_id = ft.use_route_params()["trade_id"]
    ledger = use_ledger()
    depots = use_money(DepotsProvider, lambda one: one.load())
    trades = use_money(TradesProvider, lambda one: one.look_at(trade_id), [trade_id])
    trade = trades.shown
    back = f"{ROOT}/depots/{trade['depot_id']}/{trade['security_id']}" if trade is not None else f"{ROOT}/depots"

    async def delete() -> None:
        assert trade is not None
        text = tr("What it changed is counted anew. The list of changes brings it back.")
        if await confirm(tr("Delete this trade?"), text, tr("Delete"), danger=True):
            await trades.delete(trade)
            toast(tr("The trade is deleted."))
            navigate(back if trade["security_id"] else f"{ROOT}/depots")

    remove = use_action(delete)

    def content() -> ft.Control:
        if trade is None:
            return ft.Container(height=0)
        parts: list[ft.Control] = [facts(_facts(trade, ledger, depots))]
        if trades.sale is not None:
            parts.extend(sale_trail(trades.sale))
        parts.append(ft.Row([danger_button(tr("Delete trade"), remove, icon=ft.Icons.DELETE_OUTLINE)]))
        return scroll_body(*parts)

    return Screen(
        trade_name(trade["kind"]) if trade is not None else tr("Trade"),
        state_of(AllOf((trades, lambda: trades.look_at(trade_id)), ledger, depots), content),
        back=back if trade is not None and trade["security_id"] else f"{ROOT}/depots",
        subtitle=trade_words(trade) if trade is not None else "",
        actions=_actions(trade),
    )


def _actions(trade: TradeOut | None) -> list[ft.Control]:
    """Offer to change it; the two sides of a transfer are deleted and moved anew instead."""
    if trade is None or trade["kind"].startswith("transfer"):
        return []
    place = f"{ROOT}/trades/{trade['id']}/edit"
    return [icon_action(ft.Icons.EDIT_OUTLINED, tr("Change"), lambda: navigate(place))]


def _facts(trade: TradeOut, ledger: LedgerProvider, depots: DepotsProvider) -> list[tuple[str, str]]:
    currency = trade["currency"]
    security = depots.security(trade["security_id"] or "")
    depot = ledger.account(trade["depot_id"])
    amounts = (
        ("amount_minor", tr("Amount, before fees and taxes")),
        ("fees_minor", tr("Fees")),
        ("withheld_minor", tr("Tax that the bank kept")),
        ("surcharge_minor", tr("Solidarity surcharge kept")),
        ("foreign_withheld_minor", tr("Foreign withholding tax")),
        ("income_minor", tr("Reported income")),
    )
    found = [
        (tr("Day"), calendar_day(trade["date"])),
        (tr("Depot"), depot["name"] if depot is not None else ""),
        (tr("Security"), security["name"] if security is not None else ""),
        (tr("Quantity"), shares_words(trade["quantity"]) if trade["quantity"] else ""),
    ]
    found += [(name, money(minor, currency)) for key, name in amounts if (minor := int(trade[key]))]  # type: ignore[literal-required]
    found += [
        (tr("Exchange rate"), decimal_text(trade["fx_rate"]) if trade["fx_rate"] else ""),
        (tr("Bought on"), calendar_day(trade["acquired"]) if trade["acquired"] else ""),
        (tr("Country"), trade["country"]),
        (tr("Note"), trade["note"]),
    ]
    return [(name, value) for name, value in found if value]
