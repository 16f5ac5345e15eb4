"""A hub at the wire with one depot, one security, a sale, and a tax report of two figures."""

from __future__ import annotations

from typing import Any

from tests.frontend.financial_manager.money_desk import API, account, ledger
from tests.frontend.wire import FakeHub, page

DEPOT, SECURITY, TRADE = "d1", "s1", "x1"


def method(**more: Any) -> dict[str, Any]:
    lot = {"trade_id": "x0", "acquired": "2025-01-10", "quantity": "5", "cost_minor": 7000, "exempt": False}
    facts = {"cost_minor": 7000, "realised_minor": 5500, "unrealised_minor": 3250, "average_price": "14"}
    return {**facts, "lots": [lot], **more}


def position(**more: Any) -> dict[str, Any]:
    who = {"depot_id": DEPOT, "depot": "Broker", "security_id": SECURITY, "security": "Acme", "isin": "AT0000743059"}
    price = {"date": "2026-02-01", "price": "20.5", "currency": "EUR", "fx_rate": None, "source": "hand"}
    paid = {
        "dividends_minor": 0,
        "foreign_withheld_minor": 0,
        "withheld_minor": 0,
        "surcharge_minor": 0,
        "fees_minor": 0,
    }
    both = {"fifo": method(), "average": method(cost_minor=6000, realised_minor=4500, unrealised_minor=4250)}
    return {
        **who,
        "currency": "EUR",
        "on_the_way": False,
        "quantity": "5",
        "price": price,
        "value_minor": 10250,
        **both,
        **paid,
        **more,
    }


def security(**more: Any) -> dict[str, Any]:
    facts = {"isin": "AT0000743059", "symbol": "", "kind": "stock", "currency": "EUR", "country": "AT", "version": 1}
    return {"id": SECURITY, "name": "Acme", **facts, **more}


def trade(**more: Any) -> dict[str, Any]:
    amounts = ("fees_minor", "withheld_minor", "surcharge_minor", "foreign_withheld_minor", "income_minor")
    none = ("fx_rate", "acquired", "split_new", "split_old", "transaction_id")
    facts = {"kind": "sell", "depot_id": DEPOT, "security_id": SECURITY, "date": "2025-03-10", "sequence": 0}
    rest = {"quantity": "15", "amount_minor": 22500, "currency": "EUR", "sign": 1, "country": "", "transfer": ""}
    return {
        "id": TRADE,
        **facts,
        **rest,
        **dict.fromkeys(amounts, 0),
        **dict.fromkeys(none),
        "note": "",
        "version": 1,
        **more,
    }


def use(**more: Any) -> dict[str, Any]:
    amounts = {"cost_minor": 10000, "proceeds_minor": 15000, "gain_minor": 5000}
    return {"trade_id": "x0", "acquired": "2025-01-10", "quantity": "10", **amounts, "exempt": False, **more}


def sale() -> dict[str, Any]:
    amounts = {
        "gross_minor": 22500,
        "fees_minor": 0,
        "withheld_minor": 0,
        "surcharge_minor": 0,
        "proceeds_minor": 22500,
    }
    by = {"cost_minor": 17000, "gain_minor": 5500, "exempt_gain_minor": 0, "uses": [use()]}
    step = {"trade_id": "x0", "date": "2025-01-10", "exempt": False, "quantity": "10", "cost_minor": 10000}
    return {
        "trade_id": TRADE, "date": "2025-03-10", "security_id": SECURITY, "security": "Acme", "currency": "EUR",
        "quantity": "15", **amounts, "fifo": by, "average": by, "average_steps": [{**step, "average_price": "10"}],
    }  # fmt: skip


def preview(**more: Any) -> dict[str, Any]:
    amounts = {
        "gross_minor": 10250,
        "fees_minor": 0,
        "cost_minor": 6000,
        "gain_minor": 4250,
        "taxable_gain_minor": 4250,
    }
    change = {"label": both("Gains", "Gewinne"), "amount_minor": 4250}
    return {**amounts, "tax_minor": 1169, "left_minor": 9081, "changes": [change], "uses": [use()], **more}


def both(english: str, german: str) -> dict[str, str]:
    return {"en": english, "de": german}


def figure(id_: str = "gains", amount: int | None = 4500, **more: Any) -> dict[str, Any]:
    source = {"kind": "trade", "id": TRADE, "date": "2025-03-10", "title": "sell Acme", "trade_kind": "sell",
              "security": "Acme", "rate": None}  # fmt: skip
    line = {"sign": "+", "label": both("facts", "Belege"), "amount_minor": amount, "rate": ""}
    facts = {"section": "capital", "form": "E1kv", "field": "994", "label": both("Gains", "Gewinne"), "note": None}
    rest = {"needs": "", "trail": [line], "sources": [source], "law": "§ 27 EStG", "law_de": "§ 27 EStG",
            "checked": {"text": both("§ 27 Abs 3 EStG", "§ 27 Abs 3 EStG"), "version": "2018-08-15"}}  # fmt: skip
    return {"id": id_, "amount_minor": amount, **facts, **rest, **more}


def report(*figures: dict[str, Any], **more: Any) -> dict[str, Any]:
    words = {"title": both("Austria 2025", "Österreich 2025"), "status": "checked", "status_de": "geprüft"}
    advice = both("This is no tax advice.", "Das ist keine Steuerberatung.")
    head = {"country": "AT", "year": 2025, "currency": "EUR", **words, "disclaimer": advice}
    return {**head, "figures": list(figures or (figure(),)), "left_out": [], **more}


def pack(country: str = "AT", year: int = 2025) -> dict[str, Any]:
    said = both("Austria", "Österreich")
    head = {"country": country, "year": year, "currency": "EUR", "status": "checked", "status_de": "geprüft"}
    return {**head, "title": said, "disclaimer": said, "securities": True, "purposes": []}


def worth(currency: str = "EUR", **more: Any) -> dict[str, Any]:
    item = {"depot_id": DEPOT, "depot": "Broker", "currency": currency, "value_minor": 10250, "own_minor": 10250}
    head = {"currency": "EUR", "on": "2026-03-01", "total_minor": 10250, "items": [item], "quotes": []}
    return {**head, "missing": [], "without_price": [], **more}


def depots(hub: FakeHub) -> FakeHub:
    """Let the hub answer for a depot and a tax report."""
    ledger(hub)
    hub.on("GET", f"{API}/settings", {"currency": "EUR", "country": "AT"})
    hub.on("GET", f"{API}/accounts", {"items": [account(DEPOT, "Broker", kind="depot"), account()]})
    hub.on("GET", f"{API}/securities", {"items": [security()]})
    hub.on("GET", f"{API}/depots/positions", {"items": [position()]})
    returns = {"start": "2025-01-10", "end": "2026-03-01", "start_minor": 0, "end_minor": 10250, "paid_in_minor": 24000}
    rates = {"time_weighted": "0.35", "time_weighted_yearly": "0.3", "money_weighted": "-0.0123", "without_price": []}
    gained = {"currency": "EUR", **returns, "paid_out_minor": 22500, "gain_minor": 8750, **rates}
    hub.on("GET", f"{API}/depots/performance", {"items": [gained]})
    part = {"label": "stock", "value_minor": 10250, "share": 10000}
    spread = {"currency": "EUR", "total_minor": 10250, "slices": [part], "without_price": []}
    hub.on("GET", f"{API}/depots/allocation", {"items": [spread]})
    hub.on("GET", f"{API}/depots/worth", worth())
    hub.on("GET", f"{API}/price-sources", {"items": []})
    hub.on("GET", f"{API}/depots/{DEPOT}/sales", {"items": [sale()]})
    hub.on("GET", f"{API}/trades", page(trade()))
    hub.on("GET", f"{API}/trades/{TRADE}", trade())
    hub.on("GET", f"{API}/tax-packs", {"items": [pack(), pack("DE"), pack("ZZ", 2025), pack("AT", 2024)]})
    hub.on("GET", f"{API}/tax-reports", report())
    return hub
