"""The day is the household's: in Vienna a summer day begins two hours before that of UTC."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock, local_day
from tests.financial_manager.conftest import Household

MIDNIGHT = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)
"""Half past midnight on the first of July in Vienna."""


@pytest.fixture
def vienna(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand the machine in Vienna."""
    monkeypatch.setenv("TZ", "Europe/Vienna")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("vienna")
@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (MIDNIGHT, date(2026, 7, 1)),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), date(2026, 6, 30)),
        (datetime(2026, 12, 31, 23, 0, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2026, 12, 31, 22, 59, tzinfo=UTC), date(2026, 12, 31)),
    ],
)
def test_the_day_begins_at_midnight_at_home(moment: datetime, day: date) -> None:
    """Summer time and winter time, a month's and a year's end."""
    assert local_day(FakeClock(moment)) == day


@pytest.mark.usefixtures("vienna")
def test_a_purchase_after_midnight_counts_at_once(household: Household, anna: Actor) -> None:
    """What is entered for today stands in today's balance, in July's months and not in June's."""
    household.clock.advance((MIDNIGHT - household.clock.now()).total_seconds())
    client, account = household.client(anna), household.account(anna)["id"]
    body = {"account_id": account, "date": "2026-07-01", "amount_minor": -1200, "counterparty": "Bakery"}
    assert client.post("/transactions", json=body).status_code == 201
    assert household.balance(anna, account) == -1200
    assert household.finances.today() == date(2026, 7, 1)
    worth = client.get("/reports/net-worth").json["items"]
    assert (worth[-1]["day"], worth[-1]["worth_minor"]) == ("2026-07-01", -1200)
