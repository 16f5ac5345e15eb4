"""The ledger through its API: postings that sum to zero, balances, transfers, locks, record of changes, isolation."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from backend.financial_manager.ledger.models import Posting
from backend.sdk.actor import Actor
from backend.sdk.ids import new_id
from tests.financial_manager.conftest import Household


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def enter(household: Household, actor: Actor, account: dict[str, Any], amount: int, **more: Any) -> dict[str, Any]:
    body = {"account_id": account["id"], "date": "2026-02-10", "amount_minor": amount, **more}
    answer = household.client(actor).post("/transactions", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def category(household: Household, actor: Actor, key: str) -> str:
    items = household.client(actor).get("/categories").json["items"]
    return next(one["id"] for one in items if one["key"] == key)


def unbalanced(household: Household, actor: Actor) -> list[Any]:
    """Return the transactions whose postings do not sum to zero in some currency."""
    sums = select(Posting.transaction_id, Posting.currency, func.sum(Posting.amount_minor).label("total"))
    query = sums.group_by(Posting.transaction_id, Posting.currency).having(func.sum(Posting.amount_minor) != 0)
    return household.ctx.db.read(actor, lambda session: list(session.execute(query)))


def test_an_expense_lowers_the_balance_and_counts_for_its_category(household: Household, anna: Actor) -> None:
    """Entered in one request: an account, a day, an amount, a category."""
    giro = household.account(anna, opening_minor=100_00, opening_date="2026-01-31")
    food = category(household, anna, "food.groceries")
    made = enter(household, anna, giro, -12_34, counterparty="Billa", category_id=food)
    assert made["parts"] == [
        {
            "amount_minor": -12_34, "currency": "EUR", "category_id": food, "account_id": None, "memo": "",
            "source": "hand", "confidence": 1.0, "reason": "", "fx_rate": "", "fx_day": None,
        }
    ]  # fmt: skip
    assert household.balance(anna, giro["id"]) == 100_00 - 12_34
    asked = {"since": "2026-02-01", "until": "2026-02-01"}
    (month,) = household.client(anna).get("/reports/months", query_string=asked).json["items"]
    assert (month["category_id"], month["spent_minor"], month["month"]) == (food, 12_34, "2026-02-01")
    assert unbalanced(household, anna) == []


def test_parts_must_add_up(household: Household, anna: Actor) -> None:
    """Two parts of a shopping that do not come to its amount are refused, naming the amounts; nothing is stored."""
    giro = household.account(anna)
    parts = [{"amount_minor": -10_00}, {"amount_minor": -2_00}]
    body = {"account_id": giro["id"], "date": "2026-02-10", "amount_minor": -12_34, "parts": parts}
    answer = household.client(anna).post("/transactions", json=body)
    assert answer.status_code == 422
    assert answer.json["error"]["code"] == "postings_unbalanced"
    assert "-12.00" in answer.json["error"]["fields"][0]["problem"]
    assert household.lines(anna) == []


def test_a_transfer_moves_money_and_spends_none(household: Household, anna: Actor) -> None:
    """Both balances move, net worth and months do not; each account lists it."""
    giro = household.account(anna, opening_minor=500_00, opening_date="2026-01-01")
    savings = household.account(anna, "Savings")
    enter(household, anna, giro, -200_00, parts=[{"amount_minor": -200_00, "account_id": savings["id"]}])
    assert household.balance(anna, giro["id"]) == 300_00
    assert household.balance(anna, savings["id"]) == 200_00
    client = household.client(anna)
    assert (
        client.get("/reports/months", query_string={"since": "2026-01-01", "until": "2026-12-01"}).json["items"] == []
    )
    assert [
        one["worth_minor"] for one in client.get("/reports/net-worth", query_string={"months": 1}).json["items"]
    ] == [500_00]
    for account in (giro, savings):
        assert len(household.lines(anna, account_id=account["id"])) == 1


def test_a_transfer_into_another_currency_balances_in_both(household: Household, anna: Actor) -> None:
    """100 EUR became 108 USD: each currency sums to zero; without the second amount it is refused."""
    giro, dollars = household.account(anna), household.account(anna, "Dollars", currency="USD")
    part = {"amount_minor": -100_00, "account_id": dollars["id"]}
    body = {"account_id": giro["id"], "date": "2026-02-10", "amount_minor": -100_00, "parts": [part]}
    assert household.client(anna).post("/transactions", json=body).status_code == 422
    made = enter(household, anna, giro, -100_00, parts=[{**part, "other_minor": 108_00}])
    assert (household.balance(anna, giro["id"]), household.balance(anna, dollars["id"])) == (-100_00, 108_00)
    assert unbalanced(household, anna) == []
    changed = household.client(anna).patch(f"/transactions/{made['id']}", json={"note": "holiday"})
    assert changed.status_code == 200, changed.text
    assert (household.balance(anna, giro["id"]), household.balance(anna, dollars["id"])) == (-100_00, 108_00)


def test_what_is_planned_counts_in_no_balance(household: Household, anna: Actor) -> None:
    """Until it happens."""
    giro = household.account(anna)
    made = enter(household, anna, giro, -50_00, planned=True)
    assert household.balance(anna, giro["id"]) == 0
    assert household.client(anna).patch(f"/transactions/{made['id']}", json={"planned": False}).status_code == 200
    assert household.balance(anna, giro["id"]) == -50_00


def test_home_counts_as_booked_what_is_booked(household: Household, anna: Actor) -> None:
    """A planned transaction of this month is no booking of it, until it happened."""

    def booked() -> float:
        return next(one.value for one in household.app.summary(anna).figures if one.key == "bookings")

    giro = household.account(anna)
    enter(household, anna, giro, -5_00, date="2026-03-01")
    planned = enter(household, anna, giro, -50_00, date="2026-03-20", planned=True)
    assert booked() == 1
    household.client(anna).patch(f"/transactions/{planned['id']}", json={"planned": False})
    assert booked() == 2


def test_a_reconciled_time_is_locked_until_it_is_unlocked(household: Household, anna: Actor) -> None:
    """Nothing is entered, changed, deleted or undone in it; a category may still be said."""
    giro = household.account(anna)
    client = household.client(anna)
    made = enter(household, anna, giro, -5_00)
    assert client.patch(f"/accounts/{giro['id']}", json={"reconciled_through": "2026-02-28"}).status_code == 200
    refused = [
        client.patch(f"/transactions/{made['id']}", json={"amount_minor": -6_00}),
        client.post("/transactions/delete", json={"ids": [made["id"]]}),
        client.post("/transactions", json={"account_id": giro["id"], "date": "2026-02-28", "amount_minor": -1}),
    ]
    created = next(one for one in client.get("/changes").json["items"] if one["kind"] == "transaction.create")
    refused.append(client.post(f"/changes/{created['id']}/undo"))
    assert [(one.status_code, one.json["error"]["code"]) for one in refused] == [(409, "period_reconciled")] * 4
    assert "2026-02-28" in refused[0].json["error"]["fields"][0]["problem"]
    food = category(household, anna, "food.groceries")
    assert client.post("/transactions/categorise", json={"ids": [made["id"]], "category_id": food}).json["count"] == 1
    assert client.patch(f"/accounts/{giro['id']}", json={"reconciled_through": None}).status_code == 200
    assert client.post("/transactions/delete", json={"ids": [made["id"]]}).status_code == 200


def test_what_may_be_said_in_a_reconciled_time_may_be_taken_back(household: Household, anna: Actor) -> None:
    """A category, a payee's name, a tag: said, undone, said again; an amount that changed before the lock stays."""
    giro = household.account(anna)
    client = household.client(anna)
    made = enter(household, anna, giro, -5_00, counterparty="Billa", tags=["holiday"])
    client.patch(f"/transactions/{made['id']}", json={"amount_minor": -6_00})
    (changed, *_) = client.get("/changes").json["items"]
    client.patch(f"/accounts/{giro['id']}", json={"reconciled_through": "2026-02-28"})
    place, food = f"/transactions/{made['id']}", category(household, anna, "food.groceries")
    for where, body in (
        ("/transactions/categorise", {"ids": [made["id"]], "category_id": food}),
        ("/payees", {"written": ["Billa"], "name": "The shop"}),
        ("/tags/rename", {"tag": "holiday", "name": "Rome"}),
    ):
        before = client.get(place).json
        assert client.post(where, json=body).status_code in (200, 201)
        after = client.get(place).json
        assert after != before
        for wanted in (before, after):
            step = client.get("/changes").json["items"][0]
            answer = client.post(f"/changes/{step['id']}/undo")
            assert answer.status_code == 200, answer.text
            assert {**client.get(place).json, "version": 0} == {**wanted, "version": 0}
    answer = client.post(f"/changes/{changed['id']}/undo")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "period_reconciled")


def test_the_parts_of_a_reconciled_booking_stay_as_they_are(household: Household, anna: Actor) -> None:
    """An undo changes no amount there either: of the account, or of what it was for."""
    giro, client = household.account(anna), household.client(anna)
    food, line = category(household, anna, "food.groceries"), enter(household, anna, giro, -50_00)
    parts = {"parts": [{"amount_minor": -20_00, "category_id": food}, {"amount_minor": -30_00}]}
    client.patch(f"/transactions/{line['id']}", json=parts)
    step = client.get("/changes").json["items"][0]
    client.patch(f"/accounts/{giro['id']}", json={"reconciled_through": "2026-02-28"})
    assert client.patch(f"/transactions/{line['id']}", json={"parts": []}).status_code == 409
    refused = client.post(f"/changes/{step['id']}/undo")
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "period_reconciled")
    assert len(client.get(f"/transactions/{line['id']}").json["parts"]) == 2
    client.patch(f"/accounts/{giro['id']}", json={"reconciled_through": None})
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200


def test_every_step_is_recorded_and_taken_back(household: Household, anna: Actor) -> None:
    """Enter, change, categorise, delete: undone step by step the ledger is as it was, and redone as it became."""
    giro = household.account(anna)
    client = household.client(anna)
    food = category(household, anna, "food.groceries")
    made = enter(household, anna, giro, -5_00, counterparty="Bakery")
    states = [household.lines(anna)]
    client.patch(f"/transactions/{made['id']}", json={"amount_minor": -6_00, "note": "with cake"})
    states.append(household.lines(anna))
    client.post("/transactions/categorise", json={"ids": [made["id"]], "category_id": food})
    states.append(household.lines(anna))
    client.post("/transactions/delete", json={"ids": [made["id"]]})
    assert household.lines(anna) == []

    def last() -> str:
        steps = [one for one in client.get("/changes").json["items"] if not one["undone"] and one["undoes"] is None]
        found: str = steps[0]["id"]
        return found

    undos = []
    for state in reversed(states):
        undos.append(client.post(f"/changes/{last()}/undo").json["id"])
        assert without_version(household.lines(anna)) == without_version(state)
    for undo, state in zip(reversed(undos), [*states[1:], []], strict=True):
        assert client.post(f"/changes/{undo}/undo").status_code == 200
        assert without_version(household.lines(anna)) == without_version(state)
    kinds = {one["kind"] for one in client.get("/changes", query_string={"limit": 200}).json["items"]}
    assert {"account.create", "transaction.create", "transaction.change", "transaction.delete", "undo"} <= kinds


def without_version(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in line.items() if name != "version"} for line in lines]


def test_an_older_step_is_not_taken_back_over_a_newer_one(household: Household, anna: Actor) -> None:
    """Undoing the first change after a second to the same transaction would lose the second."""
    giro = household.account(anna)
    client = household.client(anna)
    made = enter(household, anna, giro, -5_00)
    client.patch(f"/transactions/{made['id']}", json={"note": "one"})
    first = client.get("/changes").json["items"][0]["id"]
    client.patch(f"/transactions/{made['id']}", json={"note": "two"})
    answer = client.post(f"/changes/{first}/undo")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "change_outdated")
    assert household.lines(anna)[0]["note"] == "two"


def test_two_people_editing_one_transaction_do_not_overwrite_each_other(household: Household, anna: Actor) -> None:
    """Who looked before the other changed it is told so."""
    giro = household.account(anna)
    made = enter(household, anna, giro, -5_00)
    client = household.client(anna)
    assert client.patch(f"/transactions/{made['id']}", json={"note": "a", "version": 1}).status_code == 200
    late = client.patch(f"/transactions/{made['id']}", json={"note": "b", "version": 1})
    assert (late.status_code, late.json["error"]["code"]) == (409, "row_changed")


def test_nothing_is_orphaned(household: Household, anna: Actor) -> None:
    """An account with bookings, and a category with money on it or others in it, cannot be deleted."""
    giro = household.account(anna)
    client = household.client(anna)
    food = category(household, anna, "food.groceries")
    enter(household, anna, giro, -5_00, category_id=food)
    group = next(one["parent_id"] for one in client.get("/categories").json["items"] if one["id"] == food)
    codes = [client.delete(path).status_code for path in (f"/accounts/{giro['id']}", f"/categories/{food}")]
    assert [*codes, client.delete(f"/categories/{group}").status_code] == [409, 409, 409]


def test_a_payee_takes_over_what_is_written_so(household: Household, anna: Actor) -> None:
    """Named once, everything that a bank writes so, before and after, carries the name, and is found by it."""
    giro = household.account(anna)
    enter(household, anna, giro, -5_00, counterparty="BILLA DANKT  0123")
    client = household.client(anna)
    assert client.post("/payees", json={"name": "Billa", "written": ["Billa dankt 0123"]}).status_code == 201
    enter(household, anna, giro, -7_00, counterparty="Billa dankt 0123")
    assert [one["payee"] for one in household.lines(anna)] == ["Billa", "Billa"]
    (payee,) = client.get("/payees").json["items"]
    assert (payee["transactions"], payee["written"]) == (2, ["billa dankt 0123"])


def test_transactions_are_found_by_words_of_any_case_and_accent(household: Household, anna: Actor) -> None:
    """All words must be there; the page's order is by day, newest first."""
    giro = household.account(anna)
    for day, text in (("2026-02-01", "Café Müller"), ("2026-02-03", "Mueller Bau"), ("2026-02-02", "CAFE muller 2")):
        enter(household, anna, giro, -1_00, purpose=text, date=day)
    assert [one["date"] for one in household.lines(anna, words="muller CAFÉ")] == ["2026-02-02", "2026-02-01"]
    assert [one["date"] for one in household.lines(anna)] == ["2026-02-03", "2026-02-02", "2026-02-01"]


def test_all_that_was_entered_is_found_however_long_it_is(household: Household, anna: Actor) -> None:
    """Words at the end of the longest purpose and note, and what comes behind them: the payee's name and tags."""
    giro, words = household.account(anna), "ß" * 3_990
    household.client(anna).post("/payees", json={"written": ["XQ 4711"], "name": "Corner shop"})
    tags = [f"{number:02}{'t' * 58}" for number in range(19)]
    line = enter(
        household, anna, giro, -1_00, counterparty="XQ 4711", purpose=f"{words} lastword", note=f"{words} endnote",
        tags=[*tags, "holiday"],
    )  # fmt: skip
    for word in ("lastword", "endnote", "corner", "holiday"):
        assert [one["id"] for one in household.lines(anna, words=word)] == [line["id"]], word


def test_another_person_sees_and_changes_nothing(household: Household, anna: Actor, ben: Actor) -> None:
    """Every list is empty, every id answers as one that does not exist."""
    giro = household.account(anna)
    made = enter(household, anna, giro, -5_00)
    change = household.client(anna).get("/changes").json["items"][0]["id"]
    client = household.client(ben)
    for path in ("/accounts", "/transactions", "/changes", "/imports", "/payees", "/transfers"):
        assert client.get(path).json["items"] == [], path
    answers = [
        client.get(f"/accounts/{giro['id']}"),
        client.patch(f"/accounts/{giro['id']}", json={"name": "mine"}),
        client.get(f"/transactions/{made['id']}"),
        client.patch(f"/transactions/{made['id']}", json={"note": "x"}),
        client.post("/transactions/delete", json={"ids": [made["id"]]}),
        client.post("/transactions", json={"account_id": giro["id"], "date": "2026-02-10", "amount_minor": 1}),
        client.get(f"/changes/{change}"),
        client.post(f"/changes/{change}/undo"),
    ]
    assert {one.status_code for one in answers} == {404}
    assert household.balance(anna, giro["id"]) == -5_00


def test_bad_accounts_are_refused_with_the_field_and_a_remedy(household: Household, anna: Actor) -> None:
    """A wrong check digit, a currency that is none, an IBAN that another account has."""
    household.account(anna, iban="AT61 1904 3002 3457 3201")
    client = household.client(anna)
    for body, field in (
        ({"name": "x", "iban": "AT61 1904 3002 3457 3202"}, "body.iban"),
        ({"name": "x", "currency": "XYZ"}, "body.currency"),
        ({"name": "x", "iban": "AT611904300234573201"}, "body.iban"),
        ({"name": "  "}, "body.name"),
    ):
        answer = client.post("/accounts", json=body)
        assert answer.status_code == 422, body
        assert answer.json["error"]["fields"][0]["name"] == field
        assert answer.json["error"]["fields"][0]["remedy"]


moves = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 3), st.integers(-10_000, 10_000), st.integers(1, 28)), max_size=12
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moves=moves, seed=st.randoms())
def test_balances_follow_from_the_sums_in_any_order(household: Household, moves: Any, seed: Any) -> None:
    """balance(t) = opening + sum(<= t), net worth is untouched by transfers, every transaction sums to zero."""
    actor = Actor.of(new_id())
    accounts = [household.account(actor, f"A{n}", opening_minor=n * 100, opening_date="2025-12-31") for n in range(3)]
    seed.shuffle(moves)
    expected = [n * 100 for n in range(3)]
    for which, other, amount, day in moves:
        parts = []
        expected[which] += amount
        if other < 3 and other != which:
            parts = [{"amount_minor": amount, "account_id": accounts[other]["id"]}]
            expected[other] -= amount
        enter(household, actor, accounts[which], amount, date=f"2026-01-{day:02}", parts=parts)
    assert [household.balance(actor, one["id"]) for one in accounts] == expected
    assert unbalanced(household, actor) == []
    worth = household.client(actor).get("/reports/net-worth", query_string={"months": 1}).json["items"]
    assert [one["worth_minor"] for one in worth] == [sum(expected)]


def test_an_opening_never_counts_a_booking_twice(household: Household, anna: Actor) -> None:
    """The opening cannot move past bookings, a transfer cannot reach behind the other account's, nor can an undo."""
    client = household.client(anna)
    giro, savings = household.account(anna), household.account(anna, "Savings", opening_date="2026-02-10")
    made = enter(household, anna, giro, -10_00)
    refused = client.patch(f"/accounts/{giro['id']}", json={"opening_date": "2026-02-10", "opening_minor": 5_00})
    assert refused.status_code == 422
    (problem,) = refused.json["error"]["fields"]
    assert problem["name"] == "body.opening_date"
    assert "2026-02-10" in problem["remedy"]
    assert household.balance(anna, giro["id"]) == -10_00
    parts = [{"amount_minor": -5_00, "account_id": savings["id"]}]
    body = {"account_id": giro["id"], "date": "2026-02-10", "amount_minor": -5_00, "parts": parts}
    assert client.post("/transactions", json=body).json["error"]["fields"][0]["name"] == "body.date"
    moved = client.patch(f"/accounts/{giro['id']}", json={"opening_date": "2026-02-09", "opening_minor": 5_00})
    assert moved.status_code == 200
    client.post("/transactions/delete", json={"ids": [made["id"]]})
    deleted = client.get("/changes").json["items"][0]["id"]
    client.patch(f"/accounts/{giro['id']}", json={"opening_date": "2026-02-10"})
    assert client.post(f"/changes/{deleted}/undo").status_code == 422
    assert household.balance(anna, giro["id"]) == 5_00


def test_a_page_of_an_account_or_category_meets_each_transaction_once(household: Household, anna: Actor) -> None:
    """Whatever leads to it, a transaction of several fitting postings is one row, and pages join without a gap."""
    client = household.client(anna)
    giro, savings = household.account(anna), household.account(anna, "Savings")
    food, shop = category(household, anna, "food"), category(household, anna, "food.groceries")
    ids = []
    for day in range(1, 10):
        parts = [{"amount_minor": -1_00, "category_id": food}, {"amount_minor": -1_00, "category_id": shop},
                 {"amount_minor": -1_00, "account_id": savings["id"]},
                 {"amount_minor": -2_00, "account_id": savings["id"]}]  # fmt: skip
        body = {"date": f"2026-02-0{day % 3 + 1}", "parts": parts}
        ids.append(enter(household, anna, giro, -5_00, **body)["id"])
    enter(household, anna, giro, -5_00)
    for query in (f"account_id={savings['id']}", f"category_id={food}", f"category_id={food}&account_id={giro['id']}"):
        seen: list[str] = []
        cursor = ""
        while True:
            page = client.get(f"/transactions?limit=4&{query}{cursor}").json
            seen += [(one["date"], one["id"]) for one in page["items"]]
            if not page["next_cursor"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        assert seen == sorted(seen, reverse=True)
        assert sorted(one for _, one in seen) == sorted(ids)


def test_an_account_tells_what_it_held_on_a_day(household: Household, anna: Actor, ben: Actor) -> None:
    """At the end of that day; today where none is named; no day that no household lives in."""
    giro, client = household.account(anna, opening_minor=100, opening_date="2026-02-01"), household.client(anna)
    enter(household, anna, giro, -30, date="2026-02-10")
    enter(household, anna, giro, -20, date="2026-02-20")
    held = {
        day: client.get(f"/accounts/{giro['id']}", query_string={"on": day}).json["balance_minor"]
        for day in ("2026-01-31", "2026-02-01", "2026-02-10", "2026-02-28")
    }
    assert held == {"2026-01-31": 0, "2026-02-01": 100, "2026-02-10": 70, "2026-02-28": 50}
    listed = client.get("/accounts", query_string={"on": "2026-02-10"}).json["items"]
    assert [one["balance_minor"] for one in listed] == [70]
    assert client.get(f"/accounts/{giro['id']}").json["balance_minor"] == 50
    assert household.client(ben).get(f"/accounts/{giro['id']}", query_string={"on": "2026-02-10"}).status_code == 404
    for day in ("0001-01-01", "9999-12-31", "tomorrow"):
        for path in ("/accounts", f"/accounts/{giro['id']}"):
            answer = client.get(path, query_string={"on": day})
            assert answer.status_code == 422
            assert answer.json["error"]["fields"][0]["name"] == "query.on"
    for name in ("opening_date", "closed_on", "reconciled_through"):
        answer = client.patch(f"/accounts/{giro['id']}", json={name: "9999-12-31"})
        assert (answer.status_code, answer.json["error"]["fields"][0]["name"]) == (422, f"body.{name}")


def test_what_is_only_planned_waits_for_no_category(household: Household, anna: Actor) -> None:
    """The inbox holds what was booked, as many as Home says; a plan gets its category when somebody enters it."""
    giro = household.account(anna)
    booked = enter(household, anna, giro, -5_00, counterparty="Qzxwert")
    enter(household, anna, giro, -700_00, date="2026-12-20", counterparty="Skiing", planned=True)
    waiting = household.client(anna).get("/transactions/inbox").json["items"]
    assert [one["transaction"]["id"] for one in waiting] == [booked["id"]]
