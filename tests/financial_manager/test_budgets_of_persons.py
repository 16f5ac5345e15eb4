"""Budgets of one person in a shared space: they count what that person entered or imported, as the report by person."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.financial_manager.financial_manager_app import FinancialManagerApp
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter

HOME = frozenset({"home"})
BEA, TOM, HUB = (Actor(name, "home", HOME) for name in ("bea", "tom", "home"))
PEOPLE = {"bea": "Bea", "tom": "Tom"}
MONTH, ASKED = "2026-02-01", {"month": "2026-02-01"}


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@pytest.fixture
def shared(household: Household) -> Household:
    """Give a space that Bea and Tom share; whoever stands in `people` belongs to it."""
    people = dict(PEOPLE)
    household.ctx.people = lambda actor: dict(people) if actor.owner_id == "home" else {actor.user_id: actor.user_id}
    app = FinancialManagerApp(household.ctx)
    app.setup()
    household.app, household.people = app, people  # type: ignore[attr-defined]
    return household


def put(house: Household, actor: Actor, category_id: str, amount: int, person: str | None = None, **more: Any) -> Any:
    body = {"category_id": category_id, "amount_minor": amount, "month": MONTH, "person_id": person, **more}
    return house.client(actor).put("/budgets", json=body)


def told(house: Household, actor: Actor = BEA, month: str = MONTH) -> Any:
    return house.client(actor).get("/budgets", query_string={"month": month}).json


def spent(house: Household, actor: Actor = BEA) -> dict[tuple[str, str | None], int]:
    return {(one["category_id"], one["person_id"]): one["spent_minor"] for one in told(house, actor)["items"]}


def test_a_category_has_a_budget_of_the_household_and_one_of_each_person(shared: Household) -> None:
    """Entered by hand or imported, the group too; what the hub booked by itself is nobody's, and the household's."""
    giro = shared.account(BEA)
    food = category(shared, BEA, "food.groceries")
    group = next(one["parent_id"] for one in shared.client(BEA).get("/categories").json["items"] if one["id"] == food)
    enter(shared, BEA, giro, -10_00, date="2026-02-05", category_id=food)
    enter(shared, TOM, giro, -25_00, date="2026-02-06", category_id=food)
    enter(shared, HUB, giro, -3_00, date="2026-02-07", category_id=food)
    data = b"Buchungstag;Auftraggeber;Betrag;Waehrung\n11.02.2026;Bakery;-40,00;EUR\n"
    assert shared.book(TOM, giro["id"], data).status_code == 201
    row = next(one for one in shared.lines(BEA) if one["amount_minor"] == -40_00)
    body = {"ids": [row["id"]], "category_id": food}
    assert shared.client(BEA).post("/transactions/categorise", json=body).status_code in (200, 204)
    for category_id, person in ((food, None), (food, "bea"), (food, "tom"), (group, "bea")):
        assert put(shared, BEA, category_id, 50_00, person, rollover=True).status_code == 200
    assert spent(shared) == {(food, None): 78_00, (food, "bea"): 10_00, (food, "tom"): 65_00, (group, "bea"): 10_00}
    names = {one["person_id"]: (one["person_name"], one["person_left"]) for one in told(shared)["items"]}
    assert names == {None: ("", False), "bea": ("Bea", False), "tom": ("Tom", False)}
    assert {one["id"]: one["name"] for one in told(shared)["people"]} == PEOPLE
    asked = {"category_id": food, "person_id": "tom", "until": "2026-03-31"}
    history = shared.client(BEA).get("/budgets/history", query_string=asked).json["items"]
    assert [(one["spent_minor"], one["carried_minor"]) for one in history] == [(65_00, 0), (0, -15_00)]


_BOOKINGS = st.lists(
    st.tuples(st.sampled_from((BEA, TOM, HUB)), st.booleans(), st.integers(-5_000, 5_000).filter(bool)), max_size=8
)


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_BOOKINGS)
def test_persons_and_nobody_together_are_the_household(
    shared: Household, bookings: list[tuple[Actor, bool, int]]
) -> None:
    """What nobody of them entered included; and each person's budget counts what the report by person says of them."""
    house = Actor("bea", "home", HOME)
    giro, food = shared.account(house), category(shared, house, "food.groceries")
    before, known = spent(shared), shared.client(house).get("/insight/people", query_string=_YEAR).json["items"]
    for actor, imported, amount in bookings:
        if imported:
            _imported(shared, actor, giro["id"], amount, food)
        else:
            enter(shared, actor, giro, amount, date="2026-02-09", category_id=food)
    for person in (None, *PEOPLE):
        assert put(shared, house, food, 10_00, person).status_code == 200
    now = {person: total for (_, person), total in spent(shared).items()}
    nobody = -sum(amount for actor, _, amount in bookings if actor is HUB) + _of(known, "home")
    assert now[None] == now["bea"] + now["tom"] + nobody
    people = shared.client(house).get("/insight/people", query_string=_YEAR).json["items"]
    assert (now["bea"], now["tom"], nobody) == (_of(people, "bea"), _of(people, "tom"), _of(people, "home"))
    assert before.keys() <= spent(shared).keys()


_YEAR = {"since": "2026-01-01", "until": "2026-12-31"}


def _of(people: list[dict[str, Any]], person: str) -> int:
    return sum(one["spent_minor"] - one["received_minor"] for one in people if one["key"] == person)


def _imported(house: Household, actor: Actor, account_id: str, amount: int, category_id: str) -> None:
    """Import one line, and say what it was for: that is by another person, and changes nothing about whose it is."""
    known = {one["id"] for one in house.lines(actor)}
    text = f"Buchungstag;Auftraggeber;Betrag;Waehrung\n10.02.2026;Shop {len(known)};{amount / 100:.2f};EUR\n"
    answer = house.book(actor, account_id, text.encode())
    assert answer.status_code == 201, answer.text
    (row,) = [one["id"] for one in house.lines(actor) if one["id"] not in known]
    house.client(TOM).post("/transactions/categorise", json={"ids": [row], "category_id": category_id})


def test_what_was_spent_beside_the_budgets_is_counted_by_person(shared: Household) -> None:
    """Of a category that only Bea has a budget for, Tom's spending is beside it; the household's covers everybody's."""
    giro = shared.account(BEA)
    food, rent = category(shared, BEA, "food.groceries"), category(shared, BEA, "housing.rent")
    pay = category(shared, BEA, "income.salary")
    for actor, amount, of in ((BEA, -10_00, food), (TOM, -25_00, food), (TOM, -500_00, rent), (TOM, 900_00, pay)):
        enter(shared, actor, giro, amount, date="2026-02-05", category_id=of)
    enter(shared, BEA, giro, -1_00, date="2026-02-05")
    beside = []
    for category_id, person in ((None, None), (food, "bea"), (rent, None), (food, "tom"), (food, None)):
        if category_id is not None:
            assert put(shared, TOM, category_id, 1_00, person).status_code == 200
        beside.append({one["currency"]: one["spent_minor"] for one in told(shared)["beside"]}["EUR"])
    assert beside == [536_00, 526_00, 26_00, 1_00, 1_00]


def test_what_a_person_moved_is_spent_by_nobody(shared: Household) -> None:
    """Savings count in no budget of the household, and so in none of a person."""
    giro, savings = shared.account(BEA), category(shared, BEA, "transfers.savings")
    enter(shared, BEA, giro, -40_00, date="2026-02-05", category_id=savings)
    for person in (None, "bea"):
        assert put(shared, BEA, savings, 100_00, person).status_code == 200
    assert [one["spent_minor"] for one in told(shared)["items"]] == [0, 0]


def test_only_people_of_the_space_can_be_named(shared: Household) -> None:
    """Somebody else's id is as unknown as one that nobody has; another space is told nothing of the budgets."""
    food, ben = category(shared, BEA, "food.groceries"), Actor.of("ben")
    answers = [put(shared, BEA, food, 1_00, name) for name in ("ben", "nobody-has-this")]
    assert [one.status_code for one in answers] == [404, 404]
    assert answers[0].json["error"]["code"] == answers[1].json["error"]["code"] == "person_missing"
    assert told(shared)["items"] == []
    assert put(shared, BEA, food, 1_00, "tom").status_code == 200
    other = told(shared, ben)
    assert (other["items"], [one["id"] for one in other["people"]]) == ([], ["ben"])
    mine = category(shared, ben, "food.groceries")
    assert put(shared, ben, mine, 1_00, "tom").status_code == 404
    assert put(shared, ben, mine, 1_00, "ben").status_code == 200


def test_who_left_stays_shown_by_name(shared: Household) -> None:
    """Their budget can be ended and taken back, not be set or copied any more."""
    food, client = category(shared, BEA, "food.groceries"), shared.client(BEA)
    assert put(shared, BEA, food, 5_00, "tom").status_code == 200
    shared.people.pop("tom")  # type: ignore[attr-defined]
    (one,) = told(shared)["items"]
    assert (one["person_id"], one["person_name"], one["person_left"]) == ("tom", "Tom", True)
    assert put(shared, BEA, food, 6_00, "tom").status_code == 404
    body = {"category_id": food, "month": "2026-03-01", "person_id": "tom"}
    ended = client.post("/budgets/end", json=body)
    assert ended.status_code == 200
    assert told(shared, month="2026-03-01")["items"] == []
    assert client.post("/budgets/copy", json={"month": "2026-03-01"}).json["count"] == 0
    client.post(f"/changes/{ended.json['change_id']}/undo")
    assert [one["person_name"] for one in told(shared, month="2026-03-01")["items"]] == ["Tom"]
    assert client.post("/budgets/end", json={**body, "person_id": "bea"}).status_code == 404


def test_one_persons_budget_ends_and_is_copied_alone(shared: Household) -> None:
    """The household's and the other's stay; the record of changes names whose it was; proposals are the household's."""
    food, client = category(shared, BEA, "food.groceries"), shared.client(BEA)
    for person, amount in ((None, 100_00), ("bea", 20_00), ("tom", 30_00)):
        assert put(shared, BEA, food, amount, person).status_code == 200
    done = client.post("/budgets/end", json={"category_id": food, "month": "2026-03-01", "person_id": "bea"}).json
    assert {one["person_id"] for one in told(shared, month="2026-03-01")["items"]} == {None, "tom"}
    (row,) = client.get(f"/changes/{done['change_id']}").json["rows"]
    assert (row["after"]["person_name"], row["after"]["ended"]) == ("Bea", True)
    assert client.post("/budgets/copy", json={"month": "2026-03-01"}).json["count"] == 1
    now = {one["person_id"]: one["assigned_minor"] for one in told(shared, month="2026-03-01")["items"]}
    assert now == {None: 100_00, "bea": 20_00, "tom": 30_00}


def test_proposals_ask_only_for_the_households_own_budget(shared: Household) -> None:
    """A category for which only Bea has a budget is proposed all the same."""
    giro, food = shared.account(BEA), category(shared, BEA, "food.groceries")
    for month in ("2025-12", "2026-01", "2026-02"):
        enter(shared, BEA, giro, -30_00, date=f"{month}-10", category_id=food)
    assert put(shared, BEA, food, 20_00, "bea").status_code == 200
    asked = {"month": dt.date(2026, 3, 1).isoformat()}
    found = shared.client(BEA).get("/budgets/proposals", query_string=asked).json["items"]
    assert [one["category_id"] for one in found] == [food]
    assert put(shared, BEA, food, 90_00).status_code == 200
    assert shared.client(BEA).get("/budgets/proposals", query_string=asked).json["items"] == []
