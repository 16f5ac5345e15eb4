"""Change a trade: what was mistyped is put right, and everything after it is counted anew."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import AccountOut, TradeOut
from frontend.financial_manager.depot_words import trade_name
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.screens.parts.footer import footer
from frontend.financial_manager.screens.parts.newer_row import NewerRow, keep_typed, use_begun_with
from frontend.financial_manager.screens.parts.use_money import use_ledger, use_money
from frontend.financial_manager.screens.securities.depots import depots_of
from frontend.financial_manager.screens.securities.trade_form import TradeFields, trade_body, trade_errors, values_of
from frontend.financial_manager.screens.securities.trade_new import refused, unplaced
from frontend.financial_manager.trades_provider import TradesProvider
from frontend.i18n import tr
from frontend.kit import (
    AllOf,
    Screen,
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
def TradeEdit() -> ft.Control:
    """Show the form of the trade that the address names."""
    trade_id = ft.use_route_params()["trade_id"]
    ledger = use_ledger()
    depots = use_money(DepotsProvider, lambda one: one.show(""))
    trades = use_money(TradesProvider, lambda one: one.look_at(trade_id), [trade_id])
    trade = trades.shown
    if trade is not None and trade["id"] == trade_id and ledger.loaded and depots.loaded:
        return keyed(_Edit, f"edit {trade_id}", trade, depots_of(ledger), depots, trades)
    waiting = state_of(
        AllOf((trades, lambda: trades.look_at(trade_id)), ledger, depots), lambda: ft.Container(height=0)
    )
    return Screen(tr("Change"), waiting, back=f"{ROOT}/trades/{trade_id}")


@ft.component
def _Edit(trade: TradeOut, accounts: list[AccountOut], depots: DepotsProvider, trades: TradesProvider) -> ft.Control:
    begun = use_begun_with(trade)
    form = use_form(keep="trade", **values_of(begun.row))
    nothing: dict[str, str] = {}
    wrong, set_wrong = ft.use_state(nothing)
    back = f"{ROOT}/trades/{trade['id']}"

    async def save() -> None:
        depot = next((one for one in accounts if one["id"] == trade["depot_id"]), None)
        said = trade_errors(form, depot)
        set_wrong(said)
        if said or depot is None:
            return
        body = trade_body(form, depot)
        changes = {name: body[name] for name in body if name not in ("kind", "depot_id")}
        if not await begun.saving(lambda: trades.change(begun.row, changes)):
            return
        form.sent()
        toast(tr("The trade is changed."))
        navigate(back)

    async def take_newer() -> None:
        newer = await trades.newest(begun.row)
        keep_typed(form, values_of(begun.row), values_of(newer))
        begun.take(newer)

    action = use_action(save)
    errors = {**refused(action), **wrong}
    return Screen(
        tr("Change"),
        scroll_body(
            NewerRow(begun, take_newer),
            keyed(TradeFields, f"fields{begun.round}", form, accounts, depots, errors, True),
            *unplaced(errors),
        ),
        back=back,
        subtitle=trade_name(trade["kind"]),
        footer=footer(primary_button(tr("Save"), action)),
    )
