"""Budgets: the rest of an envelope stays, that of a plain limit does not; changes hold from their month on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.budgets.envelopes import Setting, envelopes, next_month
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter

FIRST = dt.date(2026, 1, 1)


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def months(count: int) -> list[dt.date]:
    found = [FIRST]
    while len(found) < count:
        found.append(next_month(found[-1]))
    return found


money = st.integers(0, 100_000)


@given(amounts=st.lists(money, min_size=1, max_size=8), spent=st.lists(st.integers(-5_000, 100_000), max_size=24))
def test_what_was_assigned_less_what_was_spent_is_carried(amounts: list[int], spent: list[int]) -> None:
    """Over all months of an envelope, however often its amount changed."""
    all_months = months(max(len(spent), 3 * len(amounts)))
    settings = [Setting(all_months[3 * n], amount, True) for n, amount in enumerate(amounts)]
    told = dict(zip(all_months, spent, strict=False))
    found = envelopes(settings, told, all_months[-1])
    assert [one.month for one in found] == all_months
    assert sum(one.assigned_minor for one in found) - sum(told.values()) == found[-1].remaining_minor


def budget(household: Household, actor: Actor, category_id: str, amount: int, month: str, **more: Any) -> None:
    body = {"category_id": category_id, "amount_minor": amount, "month": month, **more}
    answer = household.client(actor).put("/budgets", json=body)
    assert answer.status_code in (200, 204), answer.text


def status(household: Household, actor: Actor, month: str) -> dict[str, tuple[int, int, int, int]]:
    items = household.client(actor).get("/budgets", query_string={"month": month}).json["items"]
    return {
        one["category_id"]: (one["assigned_minor"], one["carried_minor"], one["spent_minor"], one["remaining_minor"])
        for one in items
    }


def test_an_envelope_keeps_its_rest_and_a_limit_does_not(household: Household, anna: Actor) -> None:
    """100 a month: 60 spent in January leaves 40, which only the envelope has in February."""
    giro = household.account(anna)
    food, fun = category(household, anna, "food.groceries"), category(household, anna, "food.restaurants")
    budget(household, anna, food, 100_00, "2026-01-15", rollover=True)
    budget(household, anna, fun, 100_00, "2026-01-01")
    for one in (food, fun):
        enter(household, anna, giro, -60_00, date="2026-01-20", category_id=one)
        enter(household, anna, giro, -120_00, date="2026-02-20", category_id=one)
    assert status(household, anna, "2026-02-03") == {
        food: (100_00, 40_00, 120_00, 20_00),
        fun: (100_00, 0, 120_00, -20_00),
    }
    assert status(household, anna, "2025-12-31") == {}


def test_a_change_holds_from_its_month_on(household: Household, anna: Actor) -> None:
    """Earlier months keep their amount; ended, there is none; each step can be undone."""
    food = category(household, anna, "food.groceries")
    client = household.client(anna)
    budget(household, anna, food, 100_00, "2026-01-01")
    budget(household, anna, food, 150_00, "2026-03-01")
    assert client.post("/budgets/end", json={"category_id": food, "month": "2026-05-01"}).status_code == 204
    asked = {"category_id": food, "until": "2026-06-30"}
    history = client.get("/budgets/history", query_string=asked).json["items"]
    assert [one["assigned_minor"] for one in history] == [100_00, 100_00, 150_00, 150_00]
    steps = client.get("/changes").json["items"]
    assert [one["kind"] for one in steps[:3]] == ["budget.end", "budget.set", "budget.set"]
    client.post(f"/changes/{steps[0]['id']}/undo")
    assert len(client.get("/budgets/history", query_string=asked).json["items"]) == 6


def test_the_budget_of_a_group_counts_what_lies_in_it(household: Household, anna: Actor, ben: Actor) -> None:
    """And another person sees nothing of it."""
    giro = household.account(anna)
    food = category(household, anna, "food.groceries")
    items = household.client(anna).get("/categories").json["items"]
    group = next(one["parent_id"] for one in items if one["id"] == food)
    budget(household, anna, group, 300_00, "2026-02-01")
    enter(household, anna, giro, -60_00, category_id=food)
    enter(household, anna, giro, -20_00, category_id=category(household, anna, "food.restaurants"))
    assert status(household, anna, "2026-02-01") == {group: (300_00, 0, 80_00, 220_00)}
    assert status(household, ben, "2026-02-01") == {}
    body = {"category_id": group, "amount_minor": 1, "month": "2026-02-01"}
    assert household.client(ben).put("/budgets", json=body).status_code == 404
