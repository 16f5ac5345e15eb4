"""The cash-flow forecast: sums that agree, the lowest point, what it rests on, houses and loans, hostile questions."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.forecasting.projection import EventKind, Expected, project, together
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter
from tests.financial_manager.test_recurring import rented, statement

TODAY = dt.date(2026, 3, 1)


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


moves = st.lists(
    st.builds(
        Expected, st.dates(TODAY - dt.timedelta(days=40), TODAY + dt.timedelta(days=90)), st.integers(-10**9, 10**9),
        st.just("EUR"), st.just("a"), st.sampled_from(EventKind), st.just(""), st.just(""),
    ),
    max_size=20,
)  # fmt: skip


@given(start=st.integers(-(10**9), 10**9), expected=moves, length=st.integers(0, 366), usual=st.integers(0, 10**6))
def test_each_day_is_there_once_and_nothing_is_lost(
    start: int, expected: list[Expected], length: int, usual: int
) -> None:
    """The last day is the first and all that moves until then; the lowest is one of the days."""
    until = TODAY + dt.timedelta(days=length)
    found = project(start, expected, TODAY, until, usual)
    assert [one.day for one in found.days] == [TODAY + dt.timedelta(days=n) for n in range(length + 1)]
    counted = sum(one.amount_minor for one in expected if one.day <= until) if length else 0
    assert found.end_minor == start + counted - usual * length // 30
    assert found.lowest in found.days
    assert all(found.lowest.balance_minor <= one.balance_minor for one in found.days)


@given(first=moves, second=moves, loose=moves)
def test_the_household_is_the_sum_of_its_accounts(
    first: list[Expected], second: list[Expected], loose: list[Expected]
) -> None:
    """Each day."""
    until = TODAY + dt.timedelta(days=60)
    parts = [project(100, first, TODAY, until, 30), project(-50, second, TODAY, until)]
    alone = project(0, loose, TODAY, until)
    whole = together(parts, loose, TODAY, until)
    for place, one in enumerate(whole.days):
        assert one.balance_minor == sum(part.days[place].balance_minor for part in (*parts, alone))


def asked(household: Household, actor: Actor, **query: Any) -> dict[str, Any]:
    answer = household.client(actor).get("/forecast", query_string=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


@pytest.fixture
def giro(household: Household, anna: Actor) -> dict[str, Any]:
    account = household.account(anna)
    assert household.book(anna, account["id"], statement()).status_code == 201
    return account


def test_the_lowest_point_is_named_with_what_it_rests_on(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """A planned holiday before the salary makes the hole; a booking of tomorrow counts, recurring ones too."""
    held = household.balance(anna, giro["id"])
    enter(household, anna, giro, -held, date="2026-03-28", counterparty="Holiday", planned=True)
    enter(household, anna, giro, -10_00, date="2026-03-02", counterparty="Card")
    told = asked(household, anna, months=3)
    shown = told["shown"]
    assert (shown["start_minor"], shown["account_id"], told["until"]) == (held, None, "2026-06-01")
    netflix = next(one for one in told["expected"] if one["day"] == "2026-03-03")
    assert (netflix["kind"], netflix["amount_minor"]) == ("recurring", -14_99)
    before_salary = {one["day"]: one["balance_minor"] for one in told["days"]}
    assert before_salary["2026-03-30"] < 0 < before_salary["2026-03-31"]
    assert (shown["lowest_on"], shown["below_zero_on"]) == ("2026-03-28", "2026-03-28")
    low = -shown["lowest_minor"]
    assert shown["words"][0] == f"The lowest point is -{low // 100}.{low % 100:02} EUR on 2026-03-28."
    assert "Recurring payments: 3." in told["rests_on"]
    assert "Planned and dated transactions: 2." in told["rests_on"]
    assert asked(household, anna, account_id=giro["id"])["days"] == told["days"]


def test_a_bank_that_was_not_heard_for_long_owes_nothing_twice(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """Half a year later each series is late once, not six times, and that is said; closed, nothing goes on."""
    household.clock.advance(180 * 86400)
    told = asked(household, anna, months=1)
    late = [one["ref_id"] for one in told["expected"] if one["day"] == "2026-08-29"]
    assert len(late) == len(set(late)) == 3
    assert "On Giro nothing is booked since 2026-02-28." in told["rests_on"]
    assert household.client(anna).patch(f"/accounts/{giro['id']}", json={"closed_on": "2026-08-01"}).status_code == 200
    assert all(one["ended"] for one in household.client(anna).get("/recurring").json["items"])
    assert household.client(anna).get("/recurring").json["sums"] == []


def test_a_planned_transaction_stands_for_the_recurring_one(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """The rent that is planned for the 2nd is not expected on the 1st as well; the 1st of May is no banking day."""
    rented(household, anna, giro, due_on="2026-04-01")
    enter(household, anna, giro, -800_00, date="2026-04-02", counterparty="Huber", planned=True)
    rents = [one for one in asked(household, anna)["expected"] if one["amount_minor"] == -800_00]
    assert [(one["day"], one["kind"]) for one in rents] == [("2026-04-02", "planned"), ("2026-05-04", "recurring"),
                                                            ("2026-06-01", "recurring")]  # fmt: skip


def test_what_is_usually_spent_besides_can_be_counted(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """The median month of shopping, without recurring payments and without the one repair."""
    plain, told = asked(household, anna), asked(household, anna, everyday=True)
    usual = told["shown"]["everyday_minor"]
    assert 100_00 < usual < 400_00
    assert plain["shown"]["end_minor"] - told["shown"]["end_minor"] == usual * 92 // 30
    assert any(one.startswith("What is usually spent besides in a month: ") for one in told["rests_on"])


def test_a_closed_account_spends_nothing_and_the_household_spends_on(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """Closed on a day to come: what is spent besides ends there with the account, for the household it does not."""
    client = household.client(anna)
    assert client.patch(f"/accounts/{giro['id']}", json={"closed_on": "2026-04-12"}).status_code == 200
    days, own = {}, {"account_id": giro["id"]}
    for place, query in (("household", {}), ("account", own)):
        plain, told = (asked(household, anna, everyday=wanted, **query) for wanted in (False, True))
        usual = told["shown"]["everyday_minor"]
        days[place] = [
            one["balance_minor"] - other["balance_minor"]
            for one, other in zip(plain["days"], told["days"], strict=True)
        ]
    assert days["household"] == [usual * number // 30 for number in range(93)]
    last = (dt.date(2026, 4, 12) - dt.date.fromisoformat(told["days"][0]["day"])).days
    assert days["account"] == [usual * min(number, last) // 30 for number in range(93)]


def test_cash_from_a_purchase_is_no_everyday_spending(household: Household, anna: Actor) -> None:
    """Of 70.00 at the till 50.00 went to the purse: they are spent from there, and not twice."""
    giro, purse = household.account(anna), household.account(anna, "Purse", kind="cash")
    food = category(household, anna, "food.groceries")
    parts = [{"amount_minor": -50_00, "account_id": purse["id"]}, {"amount_minor": -20_00, "category_id": food}]
    for month, day in ((9, 3), (10, 21), (11, 9), (12, 28)):
        when = f"2025-{month:02}-{day:02}"
        enter(household, anna, giro, -70_00, date=when, counterparty=f"Shop {month}", parts=parts)
        enter(household, anna, purse, -50_00, date=when, counterparty=f"Market {month}", category_id=food)
    assert asked(household, anna, everyday="true")["shown"]["everyday_minor"] == 70_00


def test_a_house_asks_for_money_and_its_loan_gives_it(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """An invoice that is due is drawn from the tranche that is available by then, as far as it goes."""
    client = household.client(anna)

    def made(path: str, **body: Any) -> str:
        answer = client.post(f"/construction/{path}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    project_id = made("projects", name="House")
    line = made("lines", project_id=project_id, cost_group="2", title="Shell", awarded=True)
    contract = made("contracts", line_id=line, vendor="Huber Bau", net_minor=1_000_00, due_days=30)
    made("invoices", contract_id=contract, number="1", date="2026-03-01", net_to_date_minor=1_000_00, kind="final")
    made("sources", project_id=project_id, kind="loan", title="Tranche 1", amount_minor=600_00,
         available_on="2026-03-15")  # fmt: skip
    made("sources", project_id=project_id, kind="loan", title="Tranche 2", amount_minor=9_000_00,
         available_on="2026-05-15")  # fmt: skip
    told = asked(household, anna)
    building = [(one["day"], one["kind"], one["amount_minor"], one["title"]) for one in told["expected"]
                if one["kind"] in ("building", "draw")]  # fmt: skip
    assert building == [("2026-03-31", "building", -1_000_00, "Huber Bau"), ("2026-03-31", "draw", 600_00, "Tranche 1")]
    assert asked(household, anna, account_id=giro["id"])["shown"]["end_minor"] == told["shown"]["end_minor"] + 400_00


def test_what_was_paid_too_much_is_asked_for_no_more(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """700.00 for a first invoice of 500.00, 840.00 invoiced in all: 140.00 are to come, as the financing says."""
    client = household.client(anna)

    def made(path: str, **body: Any) -> str:
        answer = client.post(f"/construction/{path}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json.get("id", ""))

    project_id = made("projects", name="House")
    line = made("lines", project_id=project_id, cost_group="2", title="Shell", awarded=True)
    contract = made("contracts", line_id=line, vendor="Huber Bau", net_minor=840_00, due_days=30)
    first = made("invoices", contract_id=contract, number="1", date="2026-01-10", net_to_date_minor=500_00)
    made(f"invoices/{first}/payments", amount_minor=700_00, date="2026-01-20")
    made("invoices", contract_id=contract, number="2", date="2026-02-20", net_to_date_minor=840_00)
    building = [one["amount_minor"] for one in asked(household, anna)["expected"] if one["kind"] == "building"]
    assert building == [-140_00]
    assert client.get(f"/construction/projects/{project_id}/financing").json["needed_minor"] == 140_00


def claimed(household: Household, actor: Actor, **more: Any) -> None:
    """Have a company ask for 1,000.00, less 3 % within 14 days, due on 31 March 2026."""
    client = household.client(actor)

    def made(path: str, **body: Any) -> str:
        answer = client.post(f"/construction/{path}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json["id"])

    project_id = made("projects", name="House")
    line = made("lines", project_id=project_id, cost_group="2", title="Shell", awarded=True)
    contract = made("contracts", line_id=line, vendor="Huber Bau GmbH", net_minor=1_000_00, due_days=30,
                    skonto_bp=300, skonto_days=14, **more)  # fmt: skip
    made("invoices", contract_id=contract, number="1", date="2026-03-01", net_to_date_minor=1_000_00, kind="final")
    made("sources", project_id=project_id, kind="loan", title="Tranche", amount_minor=600_00, available_on="2026-03-02")


@pytest.mark.parametrize(
    ("values", "once"),
    [
        ({}, True),
        ({"amount_minor": -970_00, "date": "2026-03-14"}, True),  # with Skonto
        ({"amount_minor": -969_99}, False),
        ({"amount_minor": -1_000_01}, False),
        ({"counterparty": "Spar"}, False),
        ({"date": "2026-05-20"}, False),
    ],
)
def test_a_claim_for_which_a_payment_is_planned_counts_once(
    household: Household, anna: Actor, giro: dict[str, Any], values: dict[str, Any], once: bool
) -> None:
    """As the planned one, with its account and day; the loan is drawn for it all the same, and it is said."""
    claimed(household, anna)
    wanted = {"amount_minor": -1_000_00, "date": "2026-03-30", "counterparty": "Huber Bau", **values}
    amount = int(wanted.pop("amount_minor"))
    enter(household, anna, giro, amount, planned=True, **wanted)
    told = asked(household, anna, months=6)
    kinds = sorted(one["kind"] for one in told["expected"] if one["kind"] in ("building", "draw", "planned"))
    assert kinds == (["draw", "planned"] if once else ["building", "draw", "planned"])
    drawn = [one["amount_minor"] for one in told["expected"] if one["kind"] == "draw"]
    assert drawn == [600_00]
    sentence = "Planned payments that stand for a claim of building, counted once: 1."
    assert (sentence in told["rests_on"]) is once


def test_two_payments_of_one_day_and_amount_are_both_told(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """One of an account, one of a house of which nobody knows yet from where it is paid."""
    claimed(household, anna)
    whole = next(one for one in asked(household, anna, months=6)["expected"] if one["kind"] == "building")
    other = {"date": whole["day"], "counterparty": "Insurance", "planned": True}
    enter(household, anna, giro, whole["amount_minor"], **other)
    told = asked(household, anna, months=6)["expected"]
    same = [one["kind"] for one in told if (one["day"], one["amount_minor"]) == (whole["day"], whole["amount_minor"])]
    assert sorted(same) == ["building", "planned"]


def test_one_planned_payment_stands_for_one_claim(household: Household, anna: Actor, giro: dict[str, Any]) -> None:
    """Two companies of one name ask for the same: the second one is still expected."""
    claimed(household, anna)
    claimed(household, anna)
    enter(household, anna, giro, -1_000_00, date="2026-03-30", counterparty="Huber Bau", planned=True)
    kinds = [one["kind"] for one in asked(household, anna)["expected"]]
    assert (kinds.count("planned"), kinds.count("building")) == (1, 1)


def test_hostile_questions(household: Household, anna: Actor, ben: Actor, giro: dict[str, Any]) -> None:
    """No account, another person's, a depot, too far: an answer that says so."""
    assert asked(household, ben)["shown"] is None
    client = household.client(ben)
    assert client.get("/forecast", query_string={"account_id": giro["id"]}).status_code == 404
    depot = household.account(anna, "Depot", kind="depot")
    answer = household.client(anna).get("/forecast", query_string={"account_id": depot["id"]})
    assert answer.json["error"]["fields"][0]["name"] == "query.account_id"
    assert client.get("/forecast", query_string={"months": 13}).status_code == 422
    assert len(asked(household, anna, months=12)["days"]) == 366


def test_a_late_rent_that_is_planned_too_is_expected_once(
    household: Household, anna: Actor, giro: dict[str, Any]
) -> None:
    """Twelve days after the first, with the statement still out: one rent stands tomorrow, not two."""
    rented(household, anna, giro, due_on="2026-03-01")
    enter(household, anna, giro, -800_00, date="2026-03-01", counterparty="Huber", planned=True)
    household.clock.advance(11 * 86400)
    rents = [one for one in asked(household, anna, months=1)["expected"] if one["amount_minor"] == -800_00]
    assert [(one["day"], one["kind"]) for one in rents] == [("2026-03-01", "planned"), ("2026-04-01", "recurring")]


def test_what_was_planned_and_booked_since_is_not_expected_again(household: Household, anna: Actor) -> None:
    """The bank's line is a transaction of its own: it stands for one plan that has passed, by account, cents, days."""
    giro = household.account(anna, opening_minor=5_000_00, opening_date="2026-01-31")
    other = household.account(anna, "Other", opening_date="2026-01-31")
    enter(household, anna, giro, -800_00, date="2026-02-26", counterparty="There before it was planned")
    for title, day in (
        ("Rent", "2026-02-25"),
        ("Rent again", "2026-02-28"),
        ("Fee", "2026-02-20"),
        ("Next", "2026-03-03"),
    ):
        enter(household, anna, giro, -700_00 if title == "Fee" else -800_00, date=day, counterparty=title, planned=True)
    enter(household, anna, giro, -800_00, date="2026-02-27", counterparty="Huber")
    enter(household, anna, other, -700_00, date="2026-02-20", counterparty="Of another account")
    enter(household, anna, giro, -700_01, date="2026-02-20", counterparty="Another amount")
    enter(household, anna, giro, -700_00, date="2026-02-10", counterparty="Another time")
    told = asked(household, anna, account_id=giro["id"])
    assert [one["title"] for one in told["expected"]] == ["Fee", "Rent again", "Next"]
    assert told["shown"]["start_minor"] - told["shown"]["end_minor"] == 700_00 + 2 * 800_00
    assert "Planned transactions that were booked since, counted once: 1." in told["rests_on"]
    assert not any("booked since" in one for one in asked(household, anna, account_id=other["id"])["rests_on"])


def balances(told: dict[str, Any]) -> dict[str, int]:
    return {one["day"]: one["balance_minor"] for one in told["days"]}


def test_an_account_that_begins_within_the_forecast_holds_its_opening_from_then_on(
    household: Household, anna: Actor
) -> None:
    """Nothing before, all of it on its day, what is planned after it besides; the household sees the same."""
    saved = household.account(anna, "Savings", opening_minor=5_000_00, opening_date="2026-03-15")
    enter(household, anna, saved, -200_00, date="2026-03-20", counterparty="Garage", planned=True)
    told = asked(household, anna, months=2, account_id=saved["id"])
    days = balances(told)
    assert (days["2026-03-01"], days["2026-03-14"], days["2026-03-15"]) == (0, 0, 5_000_00)
    assert (days["2026-03-19"], days["2026-03-20"], told["shown"]["end_minor"]) == (5_000_00, 4_800_00, 4_800_00)
    assert next((one["kind"], one["title"], one["ref_id"]) for one in told["expected"]) == (
        "opening", "Savings", saved["id"],
    )  # fmt: skip
    assert "Accounts that begin on a day to come: 1." in told["rests_on"]
    assert asked(household, anna, months=2)["days"] == told["days"]


def test_what_is_due_before_an_account_begins_is_in_its_opening(household: Household, anna: Actor) -> None:
    """A rent of the 1st of April is in what an account holds that begins on the 10th; that of May is not."""
    saved = household.account(anna, "Savings", opening_minor=5_000_00, opening_date="2026-04-10")
    rented(household, anna, saved, due_on="2026-03-01")
    told = asked(household, anna, months=3, account_id=saved["id"])
    rents = [one["day"] for one in told["expected"] if one["kind"] == "recurring"]
    assert rents == ["2026-05-04", "2026-06-01"]
    assert min(one for one in balances(told).values()) == 0
    assert balances(told)["2026-04-10"] == 5_000_00
    assert told["shown"]["end_minor"] == 5_000_00 - 2 * 800_00


def test_an_account_is_expected_to_pay_until_it_is_closed(household: Household, anna: Actor) -> None:
    """Closed on a day to come its money and its dues count up to then; once closed, what was entered has ended too."""
    giro = household.account(anna, opening_minor=9_000_00, opening_date="2026-01-01")
    client = household.client(anna)
    body = {"name": "Rent", "account_id": giro["id"], "cadence": "monthly", "amount_minor": -800_00,
            "due_on": "2026-03-10"}  # fmt: skip
    rent = client.post("/recurring", json=body).json["id"]
    client.patch(f"/accounts/{giro['id']}", json={"closed_on": "2026-04-30"})
    told = asked(household, anna)
    assert [one["day"] for one in told["expected"]] == ["2026-03-10", "2026-04-10"]
    assert (told["shown"]["start_minor"], told["shown"]["end_minor"]) == (9_000_00, 7_400_00)
    assert client.get(f"/recurring/{rent}").json["next_on"] == "2026-03-10"
    client.patch(f"/accounts/{giro['id']}", json={"closed_on": "2026-03-01"})
    found = client.get(f"/recurring/{rent}").json
    assert (found["ended"], found["next_on"], found["reasons"]) == (
        True, None, ["You entered it.", "Its account is closed."],
    )  # fmt: skip
    assert client.get("/recurring").json["sums"] == []
    assert asked(household, anna)["outlooks"] == []


def test_an_account_that_begins_today_is_counted_once(household: Household, anna: Actor) -> None:
    """Its opening is what it holds at the end of the day."""
    saved = household.account(anna, "Savings", opening_minor=5_000_00, opening_date="2026-03-01")
    told = asked(household, anna, months=1, account_id=saved["id"])
    assert set(balances(told).values()) == {5_000_00}
    assert told["expected"] == []
