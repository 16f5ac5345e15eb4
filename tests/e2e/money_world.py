"""A ledger as a household has it after a few weeks, made through the API."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any

Want = Callable[..., Any]
M = "/financial_manager"


def kept_ledger(want: Want) -> dict[str, str]:
    """Open accounts, import statements, enter and split; return what stands for the placeholders of the routes."""
    today = dt.date.today()

    def days_ago(number: int) -> dt.date:
        return today - dt.timedelta(days=number)

    def opened(name: str, **more: Any) -> str:
        return str(want("POST", f"{M}/accounts", {"name": name, **more})["id"])

    giro = opened("Household account", iban="AT611904300234573201", institution="Erste Bank")
    begins = days_ago(90).isoformat()
    savings = opened("Savings", opening_minor=1_250_000, opening_date=begins, institution="Erste Bank")
    purse = opened("Purse", kind="cash", opening_minor=8000, opening_date=begins)
    lines = [
        (days_ago(1), "Kleine Eisdiele am Platz", "Karte 4711", "-7,80"),
        (days_ago(2), "Anna Berger", "Sparen", "-500,00"),
        (days_ago(3), "Wien Energie", "Rechnung Strom", "-88,00"),
        (days_ago(4), "Fahrradwerkstatt Roth", "Service", "-145,00"),
        (days_ago(5), "Hausverwaltung Huber", "Miete Top 7", "-940,00"),
        (days_ago(6), "XQ Handels KG", "Order 8812", "-59,90"),
        (days_ago(7), "Muster GmbH", "Gehalt", "2.850,00"),
        (days_ago(35), "BILLA DANKT", "Filiale 2231", "-64,20"),
    ]
    made = want("POST", f"{M}/imports", _statement(giro, "Household account.csv", lines))
    saved = [(days_ago(1), "A. Berger", "Sparen", "500,00"), (days_ago(33), "Erste Bank", "Zinsen", "14,20")]
    want("POST", f"{M}/imports", _statement(savings, "Savings.csv", saved))
    keys = {one["key"]: one["id"] for one in want("GET", f"{M}/categories")["items"]}
    parts = [
        {"amount_minor": -1550, "category_id": keys["food.groceries"]},
        {"amount_minor": -800, "category_id": keys["food.cafes"]},
    ]
    body = {"account_id": purse, "date": today.isoformat(), "amount_minor": -2350, "counterparty": "Naschmarkt"}
    split = want("POST", f"{M}/transactions", {**body, "parts": parts})["id"]
    change = want("GET", f"{M}/changes")["items"][0]["id"]
    return {
        ":account_id": giro, ":transaction_id": str(split), ":import_id": made["id"], ":change_id": str(change),
        **_planned_ahead(want, keys, giro, today),
        **_ahead(want, giro, today),
    }  # fmt: skip


def _planned_ahead(want: Want, keys: dict[str, str], account: str, today: dt.date) -> dict[str, str]:
    """Set budgets, a rule, a payee and a plan; return what stands for their placeholders."""
    month = today.replace(day=1).isoformat()
    amounts = {"food.groceries": 45_000, "food.cafes": 500, "housing.rent": 95_000}
    items = [{"category_id": keys[key], "amount_minor": one, "rollover": True} for key, one in amounts.items()]
    want("PUT", f"{M}/budgets/several", {"month": month, "items": items})
    text = {"what": "text", "values": ["Eisdiele", "Cafe"]}
    rule = {"name": "Sweets", "conditions": [text], "action": {"category_id": keys["food.cafes"], "tags": ["sweet"]}}
    made = want("POST", f"{M}/category-rules", rule)["id"]
    payees = want("POST", f"{M}/payees", {"name": "Our market", "written": ["Naschmarkt"]})["items"]
    body = {"account_id": account, "date": (today + dt.timedelta(days=20)).isoformat(), "amount_minor": -68_000}
    want("POST", f"{M}/transactions", {**body, "counterparty": "Skiing", "planned": True, "tags": ["winter"]})
    return {":category_rule_id": str(made), ":payee_id": str(payees[0]["id"])}


def _ahead(want: Want, giro: str, today: dt.date) -> dict[str, str]:
    """Enter what comes again, and what is saved for."""
    rent = {"name": "Garage", "account_id": giro, "cadence": "monthly", "amount_minor": -9000}
    bicycle = {"name": "Bicycle", "target_minor": 120_000, "until": (today + dt.timedelta(days=300)).isoformat()}
    return {
        ":recurring_id": str(want("POST", f"{M}/recurring", {**rent, "due_on": today.isoformat()})["id"]),
        ":goal_id": str(want("POST", f"{M}/goals", bicycle)["id"]),
    }


def _statement(account_id: str, name: str, lines: list[tuple[dt.date, str, str, str]]) -> dict[str, Any]:
    rows = "".join(f"{day:%d.%m.%Y};{who};{text};{amount};EUR\n" for day, who, text, amount in lines)
    content = ("Buchungsdatum;Empfänger;Verwendungszweck;Betrag;Währung\n" + rows).encode()
    return {"account_id": account_id, "name": name, "content": base64.b64encode(content).decode()}
