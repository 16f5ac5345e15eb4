"""One security in one depot: what it is worth, gained by both methods, its lots, and its trades."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import LotOut, PositionOut, TradeOut
from frontend.financial_manager.depot_words import (
    METHODS,
    figures_of,
    method_about,
    method_name,
    price_words,
    shares_words,
    trade_amount,
    trade_icon,
    trade_name,
    trade_words,
)
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.screens.parts.amounts import balance
from frontend.financial_manager.screens.parts.gone import gone
from frontend.financial_manager.screens.parts.rows_state import rows_state
from frontend.financial_manager.screens.parts.use_money import use_money
from frontend.financial_manager.screens.securities.depots import named_amount
from frontend.financial_manager.trades_provider import TradesProvider
from frontend.i18n import calendar_day, decimal_text, money, tr
from frontend.kit import (
    GAP,
    AllOf,
    PagedList,
    Screen,
    Tile,
    awaited,
    body,
    caption,
    card,
    chip,
    filter_chips,
    heading,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    section,
    state_of,
    tile,
    tonal_button,
    use_provider,
)

ROOT = "/financial_manager"


@ft.component
def DepotPosition() -> ft.Control:
    """Show the position that the address names."""
    params = ft.use_route_params()
    depot_id, security_id = params["depot_id"], params["security_id"]
    depots = use_money(DepotsProvider, lambda one: one.show(depot_id), [depot_id])
    trades = use_money(TradesProvider, lambda one: one.show(depot_id, security_id), [depot_id, security_id])
    found = use_provider(trades.found)
    method, set_method = ft.use_state(METHODS[0])
    position, way = depots.position(depot_id, security_id), depots.on_the_way(depot_id, security_id)

    def content() -> ft.Control:
        if (waiting := awaited(depots, depots.shown == depot_id)) is not None:
            return scroll_body(waiting)
        if position is None:
            return gone(ft.Icons.SHOW_CHART, tr("This security is not in the depot"), f"{ROOT}/depots")
        head = [
            _head(position),
            filter_chips(method, [(one, method_name(one)) for one in METHODS], set_method),
            _gains(position, method),
            _lots(position, method),
            *([_on_the_way(way, method)] if way is not None else []),
            heading(tr("Trades")),
            *rows_state(found, tr("Nothing was traded yet.")),
        ]
        return PagedList(
            found.items if found.loaded else (),
            TradeRow,
            key_of=lambda one: str(one["id"]),
            more=found.load_more,
            has_more=found.has_more,
            before=head,
            spacing=GAP,
        )

    name = position["security"] if position is not None else tr("Security")
    subtitle = " · ".join(one for one in (position["isin"], position["depot"]) if one) if position is not None else ""
    return Screen(
        name,
        state_of(depots, content, retry=AllOf(depots, found).load),
        back=f"{ROOT}/depots?depot={depot_id}",
        subtitle=subtitle,
    )


def _head(one: PositionOut) -> ft.Control:
    asked = f"depot={one['depot_id']}&security={one['security_id']}"
    worth: ft.Control = body(tr("No price known"))
    if one["value_minor"] is not None:
        worth = balance(one["value_minor"], one["currency"], style=ft.TextThemeStyle.HEADLINE_MEDIUM)
    buttons: list[ft.Control] = [
        primary_button(tr("Enter trade"), lambda: navigate(f"{ROOT}/trades/new?{asked}"), icon=ft.Icons.ADD),
        tonal_button(tr("What if I sell?"), lambda: navigate(f"{ROOT}/what-if?{asked}"), icon=ft.Icons.HELP_OUTLINE),
        quiet_button(tr("Enter price"), lambda: navigate(f"{ROOT}/prices?security={one['security_id']}")),
        quiet_button(tr("All prices"), lambda: navigate(f"{ROOT}/securities/{one['security_id']}")),
    ]
    return card(
        worth,
        caption(" · ".join([shares_words(one["quantity"]), price_words(one)]), max_lines=3),
        ft.Row(buttons, wrap=True, spacing=8, run_spacing=8),
    )


def _gains(one: PositionOut, method: str) -> ft.Control:
    """Show both methods side by side, the chosen one first."""
    both = sorted(METHODS, key=lambda name: name != method)
    return ft.ResponsiveRow([_by(one, name) for name in both], spacing=12, run_spacing=12)


def _by(one: PositionOut, method: str) -> ft.Control:
    figures, currency = figures_of(one, method), one["currency"]
    rows: list[ft.Control] = [body(method_name(method), weight=ft.FontWeight.W_600), caption(method_about(method))]
    if figures["unrealised_minor"] is not None:
        rows.append(named_amount(tr("Not sold yet"), figures["unrealised_minor"], currency))
    rows.append(named_amount(tr("Already sold"), figures["realised_minor"], currency))
    rows.append(
        ft.Row([caption(tr("Cost of what is held"), expand=True), body(money(figures["cost_minor"], currency))])
    )
    if figures["average_price"] is not None:
        average = f"{decimal_text(figures['average_price'])} {currency}"
        rows.append(ft.Row([caption(tr("Cost of a share"), expand=True), body(average)]))
    return ft.Container(card(*rows), col={"xs": 12, "sm": 6})


def _on_the_way(one: PositionOut, method: str) -> ft.Control:
    """Show what left the depot and did not arrive yet, with its lots."""
    told = [shares_words(one["quantity"])]
    told += [money(one["value_minor"], one["currency"])] if one["value_minor"] is not None else []
    lots = [_lot(lot, one["currency"]) for lot in figures_of(one, method)["lots"]]
    rows: list[ft.Control] = [body(" · ".join(told)), *lots]
    return section(tr("On the way to another depot"), card(ft.Column(rows, spacing=8, tight=True)))


def _lots(one: PositionOut, method: str) -> ft.Control:
    lots = figures_of(one, method)["lots"]
    if not lots:
        return ft.Container(height=0)
    name = tr("What is held, as it was bought") if method == "fifo" else tr("What is held, together")
    return section(name, card(ft.Column([_lot(lot, one["currency"]) for lot in lots], spacing=8, tight=True)))


def _lot(lot: LotOut, currency: str) -> ft.Control:
    told: list[ft.Control] = [
        body(tr("Since {day}", day=calendar_day(lot["acquired"])), expand=True),
        caption(shares_words(lot["quantity"])),
        body(money(lot["cost_minor"], currency)),
    ]
    if lot["exempt"]:
        told.insert(1, chip(tr("Free of tax")))
    return ft.Row(told, spacing=12)


@ft.component
def TradeRow(trade: TradeOut) -> ft.Control:
    """Show a trade in one line."""
    return tile(
        Tile(
            trade_name(trade["kind"]),
            " · ".join(one for one in (trade_words(trade), trade["note"]) if one),
            trade_icon(trade["kind"]),
            lambda: navigate(f"{ROOT}/trades/{trade['id']}"),
            trailing=body(trade_amount(trade)),
        )
    )
