"""Rules of the household through the API: they decide what is imported, in their order, and never over a hand."""

from __future__ import annotations

from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_importing import statement
from tests.financial_manager.test_ledger import category, enter

LINES = statement(
    ("02.02.2026", "Qwertz Handel Wien", "-10,00"),
    ("03.02.2026", "Qwertz Handel Graz", "-2000,00"),
    ("04.02.2026", "Other", "-5,00"),
)


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def rule(household: Household, actor: Actor, name: str, text: str, category_id: str, **more: Any) -> dict[str, Any]:
    body = {
        "name": name,
        "conditions": [{"what": "text", "values": [text]}, *more.pop("conditions", [])],
        "action": {"category_id": category_id, **more.pop("action", {})},
        **more,
    }
    answer = household.client(actor).post("/category-rules", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def said(household: Household, actor: Actor) -> dict[int, tuple[str | None, str]]:
    return {
        one["amount_minor"]: (one["parts"][0]["category_id"], one["parts"][0]["source"])
        for one in household.lines(actor)
    }


def test_the_first_rule_that_fits_decides_what_is_imported(household: Household, anna: Actor) -> None:
    """With the reason and the tags; the order can be changed, and what fits none waits."""
    giro = household.account(anna)
    food, home = category(household, anna, "food.groceries"), category(household, anna, "housing.furniture")
    large = [{"what": "amount", "at_least": 1000_00}]
    rule(household, anna, "Food", "qwertz", food, action={"tags": ["weekly"]})
    second = rule(household, anna, "Large", "qwertz", home, conditions=large)
    assert "qwertz" in second["sentence"]
    client = household.client(anna)
    order = client.post(f"/category-rules/{second['id']}/place", json={"index": 0}).json["items"]
    assert [one["name"] for one in order] == ["Large", "Food"]
    household.book(anna, giro["id"], LINES)
    assert said(household, anna) == {-10_00: (food, "rule"), -2000_00: (home, "rule"), -5_00: (None, "")}
    (first,) = household.lines(anna, words="weekly")
    assert first["parts"][0]["reason"] == "Your rule 'Food' says so."


def test_a_rule_is_tried_before_it_is_saved(household: Household, anna: Actor) -> None:
    """Counts and examples of what is booked; nothing changes; what a person said is counted apart."""
    giro = household.account(anna)
    household.book(anna, giro["id"], LINES)
    food = category(household, anna, "food.groceries")
    client = household.client(anna)
    hand = household.lines(anna, words="wien")[0]["id"]
    client.post("/transactions/categorise", json={"ids": [hand], "category_id": food})
    body = {"name": "x", "conditions": [{"what": "text", "values": ["qwertz"]}], "action": {"category_id": food}}
    seen = client.post("/category-rules/try", json={"rule": body}).json
    assert (seen["looked_at"], seen["fits"], seen["decides"], seen["by_hand"]) == (3, 2, 1, 1)
    assert [one["amount_minor"] for one in seen["examples"]] == [-2000_00]
    assert client.get("/category-rules").json["items"] == []


def test_rules_are_applied_to_what_is_booked_and_that_is_undone(household: Household, anna: Actor) -> None:
    """Never over a hand; applied twice nothing changes; one step takes it back."""
    giro = household.account(anna)
    household.book(anna, giro["id"], LINES)
    food, home = category(household, anna, "food.groceries"), category(household, anna, "housing.furniture")
    client = household.client(anna)
    hand = household.lines(anna, words="graz")[0]["id"]
    client.post("/transactions/categorise", json={"ids": [hand], "category_id": home})
    before = said(household, anna)
    rule(household, anna, "Food", "qwertz", food)
    assert client.post("/category-rules/apply").json["count"] == 1
    assert said(household, anna) == before | {-10_00: (food, "rule")}
    assert client.post("/category-rules/apply").json["count"] == 0
    step = next(one for one in client.get("/changes").json["items"] if one["kind"] == "rule.apply")
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert said(household, anna) == before


def test_a_line_without_a_currency_is_in_the_accounts(household: Household, anna: Actor) -> None:
    """A rule that asks for a currency fits it when it is imported, as it does afterwards."""
    giro, food = household.account(anna), category(household, anna, "food.groceries")
    rule(household, anna, "Cafe", "sperl", food, conditions=[{"what": "currency", "values": ["EUR"]}])
    mt940 = b":20:1\r\n:25:1234567890\r\n:28C:1/1\r\n:61:2602030203D4,90NMSCNONREF\r\n:86:Cafe Sperl\r\n-\r\n"
    assert household.book(anna, giro["id"], mt940, "x.sta").json["added"] == 1
    assert said(household, anna) == {-4_90: (food, "rule")}
    assert household.client(anna).post("/category-rules/apply").json["count"] == 0


def test_what_is_tried_is_what_is_applied(household: Household, anna: Actor) -> None:
    """Among what nobody said, what a person said, a split, and the halves of a transfer."""
    food, home = category(household, anna, "food.groceries"), category(household, anna, "housing.furniture")
    giro, client = household.account(anna), household.client(anna)
    out, into = enter(household, anna, giro, -50_00), enter(household, anna, household.account(anna, "B"), 50_00)
    enter(household, anna, giro, -50_00, category_id=home)
    enter(household, anna, giro, -50_00, parts=[{"amount_minor": -20_00}, {"amount_minor": -30_00}])
    enter(household, anna, giro, -50_00)
    assert client.post("/transfers/confirm", json={"out_id": out["id"], "in_id": into["id"]}).status_code == 204
    body = {"name": "R", "conditions": [{"what": "amount", "at_least": 50_00}], "action": {"category_id": food}}
    tried = client.post("/category-rules/try", json={"rule": body}).json
    assert client.post("/category-rules", json=body).status_code == 201
    assert tried["changes"] == client.post("/category-rules/apply").json["count"] == 1
    assert (tried["looked_at"], tried["by_hand"]) == (2, 1)


def test_a_deleted_rule_comes_back_by_undo(household: Household, anna: Actor, ben: Actor) -> None:
    """And another person neither sees nor changes it."""
    food = category(household, anna, "food.groceries")
    made = rule(household, anna, "Food", "qwertz", food)
    assert household.client(ben).get("/category-rules").json["items"] == []
    assert household.client(ben).delete(f"/category-rules/{made['id']}").status_code == 404
    client = household.client(anna)
    deleted = client.delete(f"/category-rules/{made['id']}")
    assert deleted.status_code == 200
    assert client.get("/category-rules").json["items"] == []
    client.post(f"/changes/{deleted.json['change_id']}/undo")
    assert [one["name"] for one in client.get("/category-rules").json["items"]] == ["Food"]


def test_a_rule_that_cannot_be_is_refused(household: Household, anna: Actor) -> None:
    """It does nothing, looks for nothing, or names a category that is not there; the field is named."""
    client = household.client(anna)
    text = {"what": "text", "values": ["x"]}
    broken = {**text, "how": "regex", "values": ["("]}
    for body, field in (
        ({"name": "a", "conditions": [text], "action": {}}, "body.action"),
        ({"name": "a", "conditions": [], "action": {"tags": ["x"]}}, "body.conditions"),
        ({"name": "a", "conditions": [broken], "action": {"tags": ["x"]}}, "body.conditions"),
    ):
        answer = client.post("/category-rules", json=body)
        assert answer.status_code == 422, body
        assert answer.json["error"]["fields"][0]["name"].startswith(field)
    body = {"name": "a", "conditions": [text], "action": {"category_id": "none"}}
    assert client.post("/category-rules", json=body).status_code == 404


def test_a_rule_of_a_deleted_category_decides_nothing(household: Household, anna: Actor) -> None:
    """Its category went before anything stood on it: the other rules are applied, nothing fails."""
    giro, client = household.account(anna), household.client(anna)
    household.book(anna, giro["id"], LINES)
    parent = next(one["id"] for one in client.get("/categories").json["items"] if one["key"] == "food")
    made = client.post("/categories", json={"title": "Dog", "parent_id": parent}).json
    rule(household, anna, "Dog", "qwertz", made["id"])
    rule(household, anna, "Food", "qwertz", category(household, anna, "food.groceries"))
    assert client.delete(f"/categories/{made['id']}").status_code in (200, 204)
    assert client.post("/category-rules/apply").json["count"] == 2
    (dog,) = (one for one in client.get("/category-rules").json["items"] if one["name"] == "Dog")
    assert dog["sentence"].endswith("file it under a category that is gone.")
    body = {
        "name": "Old dog", "enabled": False, "conditions": dog["conditions"], "action": {"category_id": made["id"]},
    }  # fmt: skip
    changed = client.put(f"/category-rules/{dog['id']}", json={"rule": body})
    assert (changed.status_code, changed.json["enabled"]) == (200, False)  # it can be switched off, and put away
    moved = client.put(f"/category-rules/{dog['id']}", json={"rule": {**body, "action": {"category_id": "none"}}})
    assert moved.json["error"]["fields"][0]["name"] == "body.rule.action.category_id"
