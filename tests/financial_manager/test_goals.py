"""Goals: what is needed each month, on track or not; an account's money counts once; amounts, undo, two users."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.goals.progress import Plan, progress, shared
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import enter

DAY = st.dates(dt.date(2020, 1, 1), dt.date(2060, 1, 1))


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@given(target=st.integers(1, 10**12), start=st.integers(0, 10**9), saved=st.integers(0, 10**12), begun=DAY, until=DAY,
       today=DAY)  # fmt: skip
def test_what_is_needed_each_month_suffices(
    target: int, start: int, saved: int, begun: dt.date, until: dt.date, today: dt.date
) -> None:
    """Saved for as many months as are left, it is there, and a cent less each month would not be."""
    told = progress(Plan(target, begun, start, until), saved, today)
    assert told.per_month_minor is not None
    months = told.months_left or 1
    assert saved + told.per_month_minor * months >= target
    assert told.reached or saved + (told.per_month_minor - 1) * months < target
    assert told.on_track == (told.behind_minor == 0)


@given(balance=st.integers(-(10**6), 10**9), wanted=st.lists(st.integers(1, 10**8), max_size=6))
def test_an_accounts_money_counts_once(balance: int, wanted: list[int]) -> None:
    """However many goals it is for, and the first one is filled first."""
    found = shared(balance, wanted)
    assert sum(found) == (max(0, balance) if wanted else 0)
    assert all(got >= want for got, want in zip(found, wanted, strict=True) if found[-1] and got is not found[-1])


def goal(household: Household, actor: Actor, **body: Any) -> dict[str, Any]:
    answer = household.client(actor).post("/goals", json={"name": "Bicycle", "target_minor": 1_200_00, **body})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def test_a_goal_by_amounts(household: Household, anna: Actor) -> None:
    """1,200 until December: 120 a month; after two months without anything one is behind."""
    made = goal(household, anna, until="2026-12-31")
    assert (made["months_left"], made["per_month_minor"], made["on_track"]) == (10, 120_00, True)
    assert made["words"] == ["Save 120.00 EUR each month to be there on 2026-12-31.", "You are on track."]
    client, place = household.client(anna), f"/goals/{made['id']}"
    household.clock.advance(61 * 86400)
    behind = client.get(place).json
    assert (behind["on_track"], behind["planned_minor"]) == (False, 240_00)
    assert behind["words"][1] == "You are 240.00 EUR behind a steady pace."
    put = client.post(f"{place}/amounts", json={"amount_minor": 400_00})
    assert (put.status_code, put.json["saved_minor"], put.json["per_month_minor"]) == (201, 400_00, 100_00)
    answer = client.post(f"{place}/amounts", json={"amount_minor": -400_01})
    assert answer.status_code == 422
    assert answer.json["error"]["fields"][0]["name"] == "body.amount_minor"
    assert client.post(f"{place}/amounts", json={"amount_minor": 800_00}).json["words"] == ["The goal is reached."]


def test_a_goal_by_an_account(household: Household, anna: Actor) -> None:
    """The balance counts, for the more urgent goal first; nothing is put aside by hand."""
    savings = household.account(anna, "Savings", opening_minor=500_00, opening_date="2026-01-31")
    first = goal(household, anna, account_id=savings["id"], until="2026-06-30")
    second = goal(household, anna, name="Car", account_id=savings["id"], until="2028-06-30", target_minor=9_000_00)
    assert (first["saved_minor"], second["saved_minor"]) == (500_00, 0)
    enter(household, anna, savings, 900_00, date="2026-02-20")
    items = {one["name"]: one for one in household.client(anna).get("/goals").json["items"]}
    assert (items["Bicycle"]["reached"], items["Car"]["saved_minor"]) == (True, 200_00)
    answer = household.client(anna).post(f"/goals/{first['id']}/amounts", json={"amount_minor": 1})
    assert answer.status_code == 422
    assert household.client(anna).delete(f"/accounts/{savings['id']}").status_code == 409


def test_changes_conflicts_and_undo(household: Household, anna: Actor, ben: Actor) -> None:
    """Null for a name is refused, an old version too; deleting takes the amounts, and undo brings them back."""
    made = goal(household, anna, until="2026-12-31")
    client, place = household.client(anna), f"/goals/{made['id']}"
    client.post(f"{place}/amounts", json={"amount_minor": 50_00})
    assert client.patch(place, json={"target_minor": 2_000_00, "version": 1}).status_code == 409
    assert client.patch(place, json={"name": None}).json["error"]["fields"][0]["name"] == "body.name"
    assert client.patch(place, json={"until": "2026-03-01"}).status_code == 422
    assert client.patch(place, json={"until": None, "version": 2}).json["per_month_minor"] is None
    other = household.client(ben)
    assert other.get(place).status_code == other.delete(place).status_code == 404
    assert other.post(f"{place}/amounts", json={"amount_minor": 1}).status_code == 404
    assert client.delete(place).status_code == 204
    step = client.get("/changes").json["items"][0]
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert client.get(place).json["saved_minor"] == 50_00


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": " "}, "body.name"),
        ({"until": "2026-03-01"}, "body.until"),
        ({"until": "2999-01-01"}, "body.until"),
        ({"currency": "QQQ"}, "body.currency"),
        ({"account_id": "nowhere"}, "body.account_id"),
        ({"target_minor": 0}, "body.target_minor"),
    ],
)
def test_nonsense_is_refused(household: Household, anna: Actor, body: dict[str, Any], field: str) -> None:
    """With the field; nothing is kept."""
    answer = household.client(anna).post("/goals", json={"name": "X", "target_minor": 1, **body})
    assert answer.status_code in (404, 422)
    assert answer.json["error"]["fields"][0]["name"] == field
    assert household.client(anna).get("/goals").json["items"] == []


def test_no_undo_takes_out_more_than_is_there(household: Household, anna: Actor) -> None:
    """Put aside, taken out: the first step cannot be taken back while the second one stands."""
    made = goal(household, anna)
    client, place = household.client(anna), f"/goals/{made['id']}"
    client.post(f"{place}/amounts", json={"amount_minor": 100_00})
    first = client.get("/changes").json["items"][0]["id"]
    client.post(f"{place}/amounts", json={"amount_minor": -100_00})
    assert client.post(f"/changes/{first}/undo").status_code == 409
    assert client.get(place).json["saved_minor"] == 0
