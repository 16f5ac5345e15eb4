"""What begins without a currency is in the household's own one: by the API as by the command line, as in the app."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.command_line import homie
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category

BEGUN = {
    "/goals": {"name": "Bicycle", "target_minor": 120_000},
    "/construction/projects": {"name": "House"},
    "/securities": {"name": "Alpine Cables"},
    "/accounts": {"name": "Giro"},
}


@pytest.fixture
def swiss(household: Household, anna: Actor) -> Any:
    """Return Anna's client, in a household that counts in francs."""
    client = household.client(anna)
    assert client.patch("/settings", json={"currency": "CHF"}).status_code == 200
    return client


@pytest.mark.parametrize("path", BEGUN)
def test_what_begins_without_a_currency_is_in_the_households_own(swiss: Any, path: str) -> None:
    """A Swiss household's goal, house and security were in euros; one that is named stays."""
    made = swiss.post(path, json=BEGUN[path])
    assert (made.status_code, made.json["currency"]) == (201, "CHF")
    named = swiss.post(path, json={**BEGUN[path], "name": "Another", "currency": "USD"})
    assert (named.status_code, named.json["currency"]) == (201, "USD")


def test_an_accounts_goal_has_its_accounts_currency(swiss: Any) -> None:
    """Whatever the household counts in."""
    account = swiss.post("/accounts", json={"name": "Dollars", "currency": "USD"}).json["id"]
    made = swiss.post("/goals", json={"name": "Trip", "target_minor": 1_000_00, "account_id": account})
    assert made.json["currency"] == "USD"


def test_a_budget_without_a_currency_is_in_the_households_own(household: Household, anna: Actor, swiss: Any) -> None:
    """Set alone and with others, shown month by month, and ended."""
    food, rent = (category(household, anna, key) for key in ("food.groceries", "housing.rent"))
    alone = {"category_id": food, "month": "2026-02-01", "amount_minor": 400_00}
    several = {"month": "2026-02-01", "items": [{"category_id": rent, "amount_minor": 1_500_00}]}
    assert swiss.put("/budgets", json=alone).status_code == 200
    assert swiss.put("/budgets/several", json=several).status_code == 200
    found = swiss.get("/budgets", query_string={"month": "2026-02-01"}).json["items"]
    assert {one["currency"] for one in found} == {"CHF"}
    history = {"category_id": food, "until": "2026-03-01"}
    assert len(swiss.get("/budgets/history", query_string=history).json["items"]) == 2
    assert swiss.post("/budgets/end", json={"category_id": food, "month": "2026-02-01"}).status_code == 200
    left = swiss.get("/budgets", query_string={"month": "2026-02-01"}).json["items"]
    assert [one["category_id"] for one in left] == [rent]


def test_the_command_line_begins_in_the_households_own_currency(tmp_path: Path) -> None:
    """Amounts are read as that currency's: yen have no cents."""

    def money(*words: str) -> str:
        return homie(tmp_path, "money", *words)

    money("settings", "--currency", "JPY")
    assert money("budget", "food.groceries", "40000").strip() == "food.groceries: 40000 JPY"
    assert "40000 JPY left" in money("budgets")
    goal = json.loads(money("goals", "add", "Bicycle", "120000", "--json"))
    assert (goal["currency"], goal["target_minor"]) == ("JPY", 120_000)
    assert json.loads(money("house", "begin", "House", "--json"))["currency"] == "JPY"
    assert json.loads(money("depot", "securities", "add", "Alpine Cables", "--json"))["currency"] == "JPY"
    rule = json.loads(money("rules", "add", "Big", "--at-least", "5000", "--category", "food.groceries", "--json"))
    assert "5000" in rule["sentence"]
    assert "50.00" not in rule["sentence"]
