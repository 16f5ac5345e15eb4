"""Names that cannot be seen are refused everywhere, at their field; what is unseen at the ends of others goes."""

from __future__ import annotations

from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter

UNSEEN = ["\u200b", "\u202e", "\u2067\u2069", " \u00a0 ", "\ufeff\u200d", "\u3164"]
NAMED: dict[str, tuple[str, dict[str, Any]]] = {
    "/accounts": ("name", {}),
    "/categories": ("title", {"direction": "expense"}),
    "/goals": ("name", {"target_minor": 100_00}),
    "/construction/projects": ("name", {}),
    "/securities": ("name", {}),
    "/payees": ("name", {"written": ["BILLA DANKT"]}),
}


def refused_at(answer: Any) -> str:
    assert answer.status_code == 422, answer.text
    (field,) = answer.json["error"]["fields"]
    assert field["problem"]
    assert field["remedy"]
    return str(field["name"])


@pytest.mark.parametrize("path", NAMED)
def test_a_name_that_cannot_be_seen_is_refused(household: Household, anna: Actor, path: str) -> None:
    """Zero width, directions, spaces of all kinds, blank letters; with something to see it is cleaned."""
    name, more = NAMED[path]
    client = household.client(anna)
    for unseen in UNSEEN:
        assert refused_at(client.post(path, json={name: unseen, **more})) == f"body.{name}"
    made = client.post(path, json={name: "\u200b Fine\u202e  thing \ufeff", **more})
    assert made.status_code in (200, 201), made.text
    shown = client.get(path).json["items"]
    assert "Fine thing" in {one.get("project", one).get(name) for one in shown}


@pytest.mark.parametrize("path", ["/accounts", "/categories", "/goals", "/construction/projects", "/securities"])
def test_nor_is_anything_called_so_afterwards(household: Household, anna: Actor, path: str) -> None:
    """A name that is there stays."""
    name, more = NAMED[path]
    client = household.client(anna)
    made = client.post(path, json={name: "Fine thing", **more}).json
    for unseen in UNSEEN:
        assert refused_at(client.patch(f"{path}/{made['id']}", json={name: unseen})) == f"body.{name}"


def test_tags_can_be_seen(household: Household, anna: Actor) -> None:
    """On a booking, when one is renamed, and in a rule."""
    giro, client = household.account(anna), household.client(anna)
    body = {"account_id": giro["id"], "date": "2026-02-10", "amount_minor": -5_00}
    for unseen in UNSEEN:
        assert refused_at(client.post("/transactions", json={**body, "tags": ["fun", unseen]})) == "body.tags.1"
    made = enter(household, anna, giro, -5_00, tags=["\u200bholiday", "holiday\u200b "])
    assert made["tags"] == ["holiday"]
    assert refused_at(client.patch(f"/transactions/{made['id']}", json={"tags": ["\u200b"]})) == "body.tags.0"
    assert refused_at(client.post("/tags/rename", json={"tag": "holiday", "name": "\u200b"})) == "body.name"
    food = category(household, anna, "food.groceries")
    rule = {"name": "R", "conditions": [{"what": "text", "values": ["x"]}], "action": {"category_id": food}}
    assert refused_at(client.post("/category-rules", json={**rule, "name": "\u200b"})).startswith("body")
    tagged = {**rule, "action": {"category_id": food, "tags": ["\u200b"]}}
    assert client.post("/category-rules", json=tagged).status_code == 422
