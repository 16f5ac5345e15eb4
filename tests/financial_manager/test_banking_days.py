"""Days on which banks move money: TARGET's closing days; what is due on them is expected on the next banking day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.banking_days import banking_day, closing_days, easter_sunday, is_banking_day
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household


@given(st.integers(1900, 2199))
def test_easter_is_where_another_library_has_it(year: int) -> None:
    assert easter_sunday(year) == easter(year)


def test_the_closing_days_of_a_year_as_the_ecb_lists_them() -> None:
    """The calendar of 2026: Good Friday on 3 April, Easter Monday on 6 April."""
    days = ("2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-12-25", "2026-12-26")
    assert closing_days(2026) == {dt.date.fromisoformat(day) for day in days}
    assert is_banking_day(dt.date(2026, 1, 6)), "a holiday in Austria, no closing day"
    assert banking_day(dt.date(2026, 4, 3)) == dt.date(2026, 4, 7)
    assert banking_day(dt.date(2026, 4, 6), -1) == dt.date(2026, 4, 2)
    assert banking_day(dt.date(2026, 5, 1), 1, "USD") == dt.date(2026, 5, 1)


@given(st.dates(dt.date(1900, 1, 10), dt.date(2199, 12, 20)), st.sampled_from([1, -1]), st.sampled_from(["EUR", "CHF"]))
def test_the_next_banking_day_is_one_and_the_nearest(day: dt.date, step: int, currency: str) -> None:
    found = banking_day(day, step, currency)
    assert is_banking_day(found, currency)
    assert abs((found - day).days) <= 5
    between = [day + dt.timedelta(days=step * n) for n in range(abs((found - day).days))]
    assert not any(is_banking_day(one, currency) for one in between)


def enter(household: Household, actor: Actor, account: dict[str, Any], **values: Any) -> dict[str, Any]:
    body = {"name": "Rent", "account_id": account["id"], "cadence": "monthly", "amount_minor": -900_00, **values}
    answer = household.client(actor).post("/recurring", json=body)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def expected(household: Household, actor: Actor) -> list[str]:
    answer = household.client(actor).get("/forecast", query_string={"months": 3})
    assert answer.status_code == 200, answer.text
    return [one["day"] for one in answer.json["expected"]]


@pytest.mark.parametrize(
    ("values", "days"),
    [
        ({"due_on": "2026-03-03"}, ["2026-03-03", "2026-04-07", "2026-05-04"]),  # Good Friday, a Sunday
        ({"due_on": "2026-02-28"}, ["2026-03-02", "2026-03-30", "2026-04-28", "2026-05-28"]),  # yesterday, a Saturday
        ({"due_on": "2026-02-28", "ends_on": "2026-02-28"}, ["2026-03-02"]),
        ({"due_on": "2026-03-01", "ends_on": "2026-05-01"}, ["2026-03-02", "2026-04-01", "2026-05-04"]),
        ({"due_on": "2026-03-28", "cadence": "quarterly"}, ["2026-03-30"]),
    ],
)
def test_what_is_due_while_banks_are_closed_is_expected_after(
    household: Household, anna: Actor, values: dict[str, Any], days: list[str]
) -> None:
    """Weekends, Easter and the first of May; also what ends on such a day is still paid."""
    giro = household.account(anna, opening_minor=9_000_00, opening_date="2026-01-01")
    made = enter(household, anna, giro, **values)
    assert expected(household, anna) == days
    assert made["next_on"] == days[0]


def test_what_is_meant_for_a_weekend_stays_there(household: Household, anna: Actor) -> None:
    """Each Saturday's pocket money; a wallet that books on Sundays; a day that moves beyond the end is not shown."""
    giro = household.account(anna, opening_minor=9_000_00, opening_date="2025-01-01")
    weekly = enter(household, anna, giro, cadence="weekly", due_on="2026-03-07", amount_minor=-10_00)
    assert weekly["next_on"] == "2026-03-07"
    rows = "".join(f"{day};Wallet Club;-7,00;EUR\n" for day in ("30.11.2025", "30.12.2025", "30.01.2026", "28.02.2026"))
    household.book(anna, giro["id"], f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{rows}".encode())
    items = household.client(anna).get("/recurring").json["items"]
    wallet = next(one for one in items if "Wallet" in one["name"])
    assert wallet["next_on"] == "2026-03-30"
    assert all(day <= "2026-06-01" for day in expected(household, anna))
