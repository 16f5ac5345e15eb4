"""Budgets: the rest of an envelope stays, that of a plain limit does not; changes hold from their month on."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session

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


_SETTING = st.tuples(st.integers(0, 11), st.none() | money, st.booleans())


@given(st.lists(_SETTING, min_size=1, max_size=6), st.lists(st.integers(-5_000, 100_000), max_size=12))
def test_the_rest_of_a_month_follows_that_months_own_budget(
    given_settings: list[tuple[int, int | None, bool]], spent: list[int]
) -> None:
    """Limits that become envelopes, the other way round, and ends between: the month before decides about its rest."""
    all_months = months(12)
    last = {number: (amount, rollover) for number, amount, rollover in given_settings}
    settings = [Setting(all_months[number], *one) for number, one in last.items()]
    found = {one.month: one for one in envelopes(settings, dict(zip(all_months, spent, strict=False)), all_months[-1])}
    for month in all_months[1:]:
        if (now := found.get(month)) is not None:
            before = found.get((month - dt.timedelta(days=1)).replace(day=1))
            stays = before is not None and before.rollover
            assert now.carried_minor == (before.remaining_minor if before is not None and stays else 0)


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
    ended = client.post("/budgets/end", json={"category_id": food, "month": "2026-05-01"})
    assert ended.status_code == 200
    asked = {"category_id": food, "until": "2026-06-30"}
    history = client.get("/budgets/history", query_string=asked).json["items"]
    assert [one["assigned_minor"] for one in history] == [100_00, 100_00, 150_00, 150_00]
    steps = client.get("/changes").json["items"]
    assert [one["kind"] for one in steps[:3]] == ["budget.end", "budget.set", "budget.set"]
    assert ended.json["change_id"] == steps[0]["id"]
    client.post(f"/changes/{ended.json['change_id']}/undo")
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


def test_budgets_are_proposed_from_the_usual_month(household: Household, anna: Actor, ben: Actor) -> None:
    """The median, so that one holiday sets nothing; rounded up; not what has a budget, is rare, or brings money in."""
    giro = household.account(anna)
    food, fun = category(household, anna, "food.groceries"), category(household, anna, "food.restaurants")
    rent, pay = category(household, anna, "housing.rent"), category(household, anna, "income.salary")
    for month, amount in (("2025-11", 300_10), ("2025-12", 900_00), ("2026-01", 310_20), ("2026-02", 290_00)):
        enter(household, anna, giro, -amount, date=f"{month}-10", category_id=food)
        enter(household, anna, giro, -800_00, date=f"{month}-01", category_id=rent)
        enter(household, anna, giro, 2000_00, date=f"{month}-01", category_id=pay)
    enter(household, anna, giro, -50_00, date="2026-02-11", category_id=fun)
    budget(household, anna, rent, 800_00, "2026-01-01")
    client = household.client(anna)
    items = client.get("/budgets/proposals", query_string={"month": "2026-03-05"}).json["items"]
    assert [(one["category_id"], one["median_minor"], one["amount_minor"], one["months"]) for one in items] == [
        (food, 305_15, 306_00, 4)
    ]
    enter(household, anna, giro, -1_00, date="2026-03-01", category_id=food)  # a month that has only begun
    assert client.get("/budgets/proposals", query_string={"month": "2026-04-01"}).json["items"] == items
    assert household.client(ben).get("/budgets/proposals?month=2026-03-05").json["items"] == []
    assert client.get("/budgets/proposals?month=2026-03-05&months=99").status_code == 422


def test_the_proposal_for_a_group_counts_what_its_budget_counts(household: Household, anna: Actor) -> None:
    """Something is booked on the group itself each month: taken as proposed, no usual month is overspent."""
    giro = household.account(anna)
    group, food = category(household, anna, "food"), category(household, anna, "food.groceries")
    for month in ("2025-12", "2026-01", "2026-02"):
        enter(household, anna, giro, -20_00, date=f"{month}-09", category_id=group)
        enter(household, anna, giro, -300_00, date=f"{month}-10", category_id=food)
    client = household.client(anna)
    items = client.get("/budgets/proposals", query_string={"month": "2026-03-01"}).json["items"]
    assert [(one["category_id"], one["amount_minor"]) for one in items] == [(group, 320_00), (food, 300_00)]
    for one in items:
        budget(household, anna, one["category_id"], one["amount_minor"], "2026-01-01")
    told = client.get("/budgets", query_string={"month": "2026-01-01"}).json["items"]
    assert [one["remaining_minor"] for one in told] == [0, 0]


def test_several_budgets_are_set_and_taken_back_in_one_step(household: Household, anna: Actor, ben: Actor) -> None:
    """All or none: a category of somebody else, or money that is none, leaves nothing behind."""
    food, fun = category(household, anna, "food.groceries"), category(household, anna, "food.restaurants")
    client = household.client(anna)
    items = [{"category_id": one, "amount_minor": 100_00, "rollover": True} for one in (food, fun)]
    done = client.put("/budgets/several", json={"month": "2026-03-01", "items": items}).json
    assert done["count"] == 2
    assert set(status(household, anna, "2026-04-01")) == {food, fun}
    client.post(f"/changes/{done['change_id']}/undo")
    assert status(household, anna, "2026-04-01") == {}
    foreign = [items[0], {"category_id": category(household, ben, "food.groceries"), "amount_minor": 1}]
    assert client.put("/budgets/several", json={"month": "2026-03-01", "items": foreign}).status_code == 404
    unknown = [{**items[0], "currency": "QQQ"}]
    told = client.put("/budgets/several", json={"month": "2026-03-01", "items": unknown})
    assert told.status_code == 422
    assert "body.items.0.currency" in told.text
    assert status(household, anna, "2026-04-01") == {}


def test_several_budgets_are_set_without_reading_all_of_all_years(household: Household, anna: Actor) -> None:
    """Each row is asked for by its key: what a hundred months hold makes the next one no slower."""
    food, fun = category(household, anna, "food.groceries"), category(household, anna, "food.restaurants")
    budget(household, anna, food, 100_00, "2026-01-01")
    asked: list[str] = []

    def note(state: ORMExecuteState) -> None:
        if "FROM budgets" in (text := str(state.statement)):
            asked.append(text)

    event.listen(Session, "do_orm_execute", note)
    try:
        items = [{"category_id": one, "amount_minor": 50_00} for one in (food, fun)]
        answer = household.client(anna).put("/budgets/several", json={"month": "2026-01-01", "items": items})
    finally:
        event.remove(Session, "do_orm_execute", note)
    assert answer.json["count"] == 2
    assert len(asked) == 2
    assert all("budgets.category_id = " in one for one in asked)
    told = household.client(anna).get("/budgets", query_string={"month": "2026-01-01"}).json["items"]
    assert {one["category_id"]: one["assigned_minor"] for one in told} == {food: 50_00, fun: 50_00}


def test_the_month_before_is_copied(household: Household, anna: Actor) -> None:
    """What was ended or changed gets its amount back; where all is the same already there is no step."""
    food, fun = category(household, anna, "food.groceries"), category(household, anna, "food.restaurants")
    client = household.client(anna)
    budget(household, anna, food, 100_00, "2026-01-01", rollover=True)
    budget(household, anna, fun, 40_00, "2026-01-01")
    client.post("/budgets/end", json={"category_id": food, "month": "2026-02-01"})
    budget(household, anna, fun, 70_00, "2026-02-01")
    done = client.post("/budgets/copy", json={"month": "2026-02-14"}).json
    assert done["count"] == 2
    assert {key: one[0] for key, one in status(household, anna, "2026-02-01").items()} == {food: 100_00, fun: 40_00}
    assert client.post("/budgets/copy", json={"month": "2026-02-14"}).json == {"count": 0, "change_id": None}
    client.post(f"/changes/{done['change_id']}/undo")
    assert {key: one[0] for key, one in status(household, anna, "2026-02-01").items()} == {fun: 70_00}


def test_a_person_and_the_household_keep_budgets_of_their_own(household: Household) -> None:
    """In one's own space they are the person's; in the household's everybody of it sees the same ones."""
    own, both = Actor.of("eva"), Actor("eva", "home", frozenset({"eva", "home"}))
    other = Actor("max", "home", frozenset({"max", "home"}))
    budget(household, own, category(household, own, "food.groceries"), 50_00, "2026-01-01")
    shared = category(household, both, "food.groceries")
    budget(household, both, shared, 400_00, "2026-01-01")
    assert [one[0] for one in status(household, own, "2026-01-01").values()] == [50_00]
    assert {key: one[0] for key, one in status(household, other, "2026-01-01").items()} == {shared: 400_00}


@pytest.mark.parametrize("month", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_a_month_of_no_household_is_refused(household: Household, anna: Actor, month: str) -> None:
    """Each operation says so, and nothing runs for ever."""
    food, client = category(household, anna, "food.groceries"), household.client(anna)
    body = {"category_id": food, "amount_minor": 1, "month": month}
    answers = [
        client.get("/budgets", query_string={"month": month}),
        client.get("/budgets/proposals", query_string={"month": month}),
        client.get("/budgets/history", query_string={"category_id": food, "until": month}),
        client.get("/reports/months", query_string={"since": month, "until": month}),
        client.put("/budgets", json=body),
        client.put("/budgets/several", json={"month": month, "items": [{"category_id": food, "amount_minor": 1}]}),
        client.post("/budgets/copy", json={"month": month}),
        client.post("/budgets/end", json={"category_id": food, "month": month}),
    ]
    assert [one.status_code for one in answers] == [422] * len(answers)
    assert not [one for one in client.get("/changes").json["items"] if one["kind"].startswith("budget")]


def test_an_ended_budget_does_not_come_back(household: Household, anna: Actor) -> None:
    """An amount that was entered ahead ends with it; the undo brings both back."""
    food, client = category(household, anna, "food.groceries"), household.client(anna)
    budget(household, anna, food, 100_00, "2026-01-01")
    budget(household, anna, food, 150_00, "2026-11-01")
    ended = client.post("/budgets/end", json={"category_id": food, "month": "2026-10-01"})
    asked = {"category_id": food, "until": "2026-12-31"}
    assert len(client.get("/budgets/history", query_string=asked).json["items"]) == 9
    assert client.post(f"/changes/{ended.json['change_id']}/undo").status_code == 200
    assert client.get("/budgets/history", query_string=asked).json["items"][-1]["assigned_minor"] == 150_00


def test_a_salary_without_a_category_hides_no_purchase_without_one(household: Household, anna: Actor) -> None:
    """What left and what came in are two sums until somebody says what they were for: in months, budgets and news."""
    giro, dollars = household.account(anna), household.account(anna, "Dollars", currency="USD")
    for account, amount in ((giro, 3_000_00), (giro, -500_00), (giro, -30_00), (dollars, 900_00), (dollars, -100_00)):
        enter(household, anna, account, amount, date="2026-02-03")
    client, february = household.client(anna), {"since": "2026-02-01", "until": "2026-02-28"}
    items = client.get("/reports/months", query_string=february).json["items"]
    assert [(one["currency"], one["spent_minor"], one["bookings"]) for one in items] == [
        ("EUR", 530_00, 2), ("EUR", -3_000_00, 1), ("USD", 100_00, 1), ("USD", -900_00, 1),
    ]  # fmt: skip
    out, into = client.get("/reports/own/months", query_string=february).json["items"]
    assert out["spent_minor"] > 530_00
    assert into["spent_minor"] < -3_000_00
    assert (out["bookings"], into["bookings"]) == (3, 2)
    beside = client.get("/budgets", query_string={"month": "2026-02-01"}).json["beside"]
    assert {one["currency"]: one["spent_minor"] for one in beside} == {"EUR": 530_00, "USD": 100_00}
    news = client.get("/insight/news", query_string={"month": "2026-02-01"}).json["items"]
    assert [one["amount_minor"] for one in news if one["kind"] == "total"] == [530_00, 100_00]
    (year,) = [one for one in client.get("/insight/years").json["items"] if one["currency"] == "EUR"]
    assert (year["spent_minor"], year["bookings"]) == (-2_470_00, 3)
