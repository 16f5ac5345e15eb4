"""A changed booking says what it said before, but for what was changed: parts, currencies, what arrives."""

from __future__ import annotations

from typing import Any

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter


def patch(household: Household, actor: Actor, row: dict[str, Any], **values: Any) -> Any:
    return household.client(actor).patch(f"/transactions/{row['id']}", json=values)


def told(row: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Return what the parts of a booking say."""
    return [(one["amount_minor"], one["currency"], one["category_id"], one["account_id"]) for one in row["parts"]]


def test_a_note_leaves_every_part_as_it_was(household: Household, anna: Actor) -> None:
    """Whatever parts stand beside one into another currency, and in whichever order."""
    giro, other = household.account(anna), household.account(anna, "B")
    usd, gbp = household.account(anna, "US", currency="USD"), household.account(anna, "UK", currency="GBP")
    food = category(household, anna, "food.groceries")
    into_usd = {"amount_minor": -100_00, "account_id": usd["id"], "other_minor": 108_00}
    into_gbp = {"amount_minor": -30_00, "account_id": gbp["id"], "other_minor": 25_00}
    own, spent, open_part = (
        {"amount_minor": -50_00, "account_id": other["id"]},
        {"amount_minor": -20_00, "category_id": food},
        {"amount_minor": -5_00},
    )
    for parts in ([spent, into_usd], [own, into_usd, spent], [into_gbp, open_part, into_usd, spent, own]):
        amount = sum(part["amount_minor"] for part in parts)
        row = enter(household, anna, giro, amount, parts=parts)
        held = [household.balance(anna, one["id"]) for one in (giro, other, usd, gbp)]
        changed = patch(household, anna, row, note="x")
        assert changed.status_code == 200, changed.text
        assert told(changed.json) == told(row)
        assert [household.balance(anna, one["id"]) for one in (giro, other, usd, gbp)] == held


def test_what_arrives_of_another_amount_is_asked_for(household: Household, anna: Actor) -> None:
    """Nobody knows it but the bank; where it is said, it is taken."""
    giro, usd = household.account(anna), household.account(anna, "US", currency="USD")
    part = {"amount_minor": -100_00, "account_id": usd["id"], "other_minor": 108_00}
    row = enter(household, anna, giro, -100_00, parts=[part])
    refused = patch(household, anna, row, amount_minor=-200_00)
    assert refused.status_code == 422
    assert refused.json["error"]["fields"][0]["name"] == "body.parts.0.other_minor"
    assert household.balance(anna, usd["id"]) == 108_00
    assert patch(household, anna, row, amount_minor=-100_00, note="x").status_code == 200
    parts = [{**part, "amount_minor": -200_00, "other_minor": 215_00}]
    assert patch(household, anna, row, amount_minor=-200_00, parts=parts).status_code == 200
    assert household.balance(anna, usd["id"]) == 215_00


def test_an_amount_is_not_called_by_another_currency(household: Household, anna: Actor) -> None:
    """Moving a booking into an account of another currency says how much it is there."""
    giro, jpy = household.account(anna), household.account(anna, "JP", currency="JPY")
    row = enter(household, anna, giro, -100_00)
    refused = patch(household, anna, row, account_id=jpy["id"])
    assert refused.status_code == 422
    assert refused.json["error"]["fields"][0]["name"] == "body.account_id"
    assert (household.balance(anna, giro["id"]), household.balance(anna, jpy["id"])) == (-100_00, 0)
    moved = patch(household, anna, row, account_id=jpy["id"], amount_minor=-16_000)
    assert (moved.status_code, moved.json["amount_minor"], moved.json["currency"]) == (200, -16_000, "JPY")
    assert patch(household, anna, row, account_id=household.account(anna, "J", currency="JPY")["id"]).status_code == 200
