"""Words for what the hub keeps as codes of depots: kinds of trades and securities, methods, what is spread."""

from __future__ import annotations

from typing import Any

import flet as ft

from frontend.api.generated.schemas import MethodOut, PositionOut, TradeOut
from frontend.i18n import calendar_day, decimal_text, money, tr

SECURITY_KINDS = ("stock", "bond", "fund_equity", "fund_mixed", "fund_other", "derivative", "crypto")
TRADE_KINDS = ("buy", "sell", "dividend", "split", "fee", "transfer", "opening", "cost_adjustment")
METHODS = ("average", "fifo")


def trade_name(kind: str) -> str:
    """Return what a kind of trade is called."""
    return {
        "buy": tr("Purchase"),
        "sell": tr("Sale"),
        "dividend": tr("Dividend"),
        "split": tr("Share split"),
        "fee": tr("Fee"),
        "transfer": tr("To another depot"),
        "transfer_out": tr("Moved away"),
        "transfer_in": tr("Moved here"),
        "opening": tr("Held before"),
        "cost_adjustment": tr("Change of cost"),
    }.get(kind, tr("Trade"))


def trade_icon(kind: str) -> Any:
    """Return the picture of a kind of trade."""
    return {
        "buy": ft.Icons.ADD_SHOPPING_CART,
        "sell": ft.Icons.SELL_OUTLINED,
        "dividend": ft.Icons.PAYMENTS_OUTLINED,
        "split": ft.Icons.CALL_SPLIT,
        "fee": ft.Icons.RECEIPT_OUTLINED,
        "transfer_out": ft.Icons.LOGOUT,
        "transfer_in": ft.Icons.LOGIN,
        "opening": ft.Icons.FLAG_OUTLINED,
        "cost_adjustment": ft.Icons.TUNE,
    }.get(kind, ft.Icons.SHOW_CHART)


def security_kind_name(kind: str) -> str:
    """Return what a kind of security is called."""
    return {
        "stock": tr("Shares"),
        "bond": tr("Bonds"),
        "fund_equity": tr("Equity funds"),
        "fund_mixed": tr("Mixed funds"),
        "fund_other": tr("Other funds"),
        "derivative": tr("Certificates and derivatives"),
        "crypto": tr("Crypto assets"),
    }.get(kind, kind)


def method_name(method: str) -> str:
    """Return what a method is called."""
    return {"average": tr("Moving average"), "fifo": tr("First in, first out")}[method]


def method_about(method: str) -> str:
    """Say what a method means."""
    if method == "average":
        return tr("Every share cost the same: the average of all that you hold. Austria counts so.")
    return tr("What was bought first is sold first. Germany counts so.")


def figures_of(position: PositionOut, method: str) -> MethodOut:
    """Return what a method says of a position."""
    return position["average"] if method == "average" else position["fifo"]


def shares_words(quantity: str) -> str:
    """Write how many shares."""
    return tr("{number} shares", number=decimal_text(quantity))


def price_words(position: PositionOut) -> str:
    """Say what one share costs and since when that is known."""
    price = position["price"]
    if price is None:
        return tr("No price known")
    amount = f"{decimal_text(price['price'])} {price['currency']}"
    return tr("{price} a share on {day}", price=amount, day=calendar_day(price["date"]))


def trade_words(trade: TradeOut) -> str:
    """Say of a trade its day and how much it was, in a line."""
    said = [calendar_day(trade["date"])]
    if trade["quantity"]:
        said.append(shares_words(trade["quantity"]))
    if trade["kind"] == "split":
        new, old = decimal_text(trade["split_new"] or "1"), decimal_text(trade["split_old"] or "1")
        said.append(tr("{new} for {old}", new=new, old=old))
    return " · ".join(said)


def trade_amount(trade: TradeOut) -> str:
    """Write the amount of a trade; nothing where none moves."""
    return money(trade["amount_minor"], trade["currency"]) if trade["amount_minor"] else ""


def spread_name(by: str) -> str:
    """Return what the spread can tell apart."""
    return {
        "security": tr("Security"),
        "kind": tr("Kind"),
        "country": tr("Country"),
        "currency": tr("Currency"),
        "depot": tr("Depot"),
    }[by]


def slice_name(by: str, label: str) -> str:
    """Return what one part of the spread is called."""
    return security_kind_name(label) if by == "kind" else label or tr("Not said")
