"""A depot as a household has it after two years of saving, made through the API."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

Want = Callable[..., Any]
M = "/financial_manager"


def kept_depot(want: Want) -> dict[str, str]:
    """Buy a fund and shares, receive a dividend, sell some, know prices; return the placeholders of the routes."""
    today = dt.date.today()

    def day(number: int) -> str:
        return (today - dt.timedelta(days=number)).isoformat()

    depot = want("POST", f"{M}/accounts", {"name": "Depot", "kind": "depot", "country": "AT"})["id"]

    def security(name: str, isin: str, kind: str) -> str:
        return str(want("POST", f"{M}/securities", {"name": name, "isin": isin, "kind": kind})["id"])

    def trade(of: str, kind: str, when: int, amount: int, quantity: str | None = None) -> str:
        body = {"depot_id": depot, "security_id": of, "kind": kind, "date": day(when), "amount_minor": amount}
        return str(want("POST", f"{M}/trades", body | ({"quantity": quantity} if quantity else {}))["id"])

    world = security("World fund", "IE00B4L5Y983", "fund_equity")
    oil = security("Danube Oil", "AT0000743059", "stock")
    for number in range(8):
        trade(world, "buy", 720 - 80 * number, 60_000 + 1_500 * number, "8")
    trade(oil, "buy", 700, 144_000, "40")
    trade(oil, "dividend", 170, 9_000)
    sold = trade(oil, "sell", 40, 62_000, "15")
    for number, (fund, share) in enumerate([("74.10", "36.20"), ("81.35", "39.90"), ("88.40", "41.05")]):
        for of, price in ((world, fund), (oil, share)):
            want("POST", f"{M}/securities/{of}/prices", {"date": day(361 - 180 * number), "price": price})
    known = max(one["year"] for one in want("GET", f"{M}/tax-packs")["items"] if one["country"] == "AT")
    year = min(known, (today - dt.timedelta(days=40)).year)
    figures = want("GET", f"{M}/tax-reports?country=AT&year={year}")["figures"]
    figure = next((one["id"] for one in figures if one["amount_minor"] and one["trail"]), figures[0]["id"])
    return {
        ":depot_id": depot, ":security_id": oil, ":trade_id": sold, ":country": "AT", ":year": str(year),
        ":figure_id": figure,
    }  # fmt: skip
