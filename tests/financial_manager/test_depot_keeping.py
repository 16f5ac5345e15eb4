"""Depots under what households really do: moves of a whole bank, several currencies, lost bookings, odd requests."""

from __future__ import annotations

import base64
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa

from backend.financial_manager.rates.book import changed
from backend.financial_manager.rates.shipped import shipped
from backend.sdk.actor import Actor
from backend.sdk.errors import InvalidInput
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_depots import (
    ACME,
    FUND,
    book,
    booked,
    depot_of,
    positions,
    problem,
    security,
)
from tests.financial_manager.test_ledger import enter
from tests.financial_manager.test_tax_reports import figures, report


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def priced(household: Household, actor: Actor, of: Any, day: str, price: str, **more: Any) -> Any:
    answer = household.client(actor).post(f"/securities/{of['id']}/prices", json={"date": day, "price": price, **more})
    assert answer.status_code == 201, answer.text
    return answer.json


def file_of(*rows: str) -> str:
    return base64.b64encode("\n".join(rows).encode()).decode()


def test_one_word_may_move_several_securities(household: Household, anna: Actor) -> None:
    """A change of bank has one number for all: each security keeps its own cost."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme, fund = security(household, anna, isin=ACME), security(household, anna, "World", isin=FUND)
    for one, cost in ((acme, 100_00), (fund, 70_00)):
        booked(household, anna, "buy", depot, one, "2025-01-10", quantity="10", amount_minor=cost)
        booked(household, anna, "transfer_out", depot, one, "2025-02-01", quantity="10", transfer="MOVE")
    for one in (acme, fund):
        booked(household, anna, "transfer_in", other, one, "2025-02-03", quantity="10", transfer="MOVE")
    held = {one["security"]: one for one in positions(household, anna, depot_id=other["id"])}
    assert {name: one["fifo"]["cost_minor"] for name, one in held.items()} == {"Acme": 100_00, "World": 70_00}
    done = household.client(anna).get("/depots/performance", query_string={"until": "2025-02-02"}).json["items"][0]
    assert (done["end_minor"], done["paid_out_minor"]) == (170_00, 0)  # still there while they are on the way


def test_shares_move_in_one_step_or_not_at_all(household: Household, anna: Actor) -> None:
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    swiss = depot_of(household, anna, "Bern", currency="CHF")
    acme, client = security(household, anna, isin=ACME), household.client(anna)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    body = {"from_depot_id": depot["id"], "to_depot_id": other["id"], "security_id": acme["id"], "quantity": "4"}
    for more, field in (
        ({"date": "2025-01-09"}, "body.quantity"),
        ({"date": "2025-02-01", "quantity": "11"}, "body.quantity"),
        ({"date": "2025-02-01", "to_depot_id": depot["id"]}, "body.to_depot_id"),
        ({"date": "2025-02-01", "to_depot_id": swiss["id"]}, "body.to_depot_id"),
        ({"date": "2025-02-01", "arrived": "2025-01-31"}, "body.arrived"),
    ):
        answer = client.post("/trades/transfers", json={**body, **more})
        assert (answer.status_code, problem(answer)[1]) == (422, field)
    assert len(client.get("/trades").json["items"]) == 1
    done = client.post("/trades/transfers", json={**body, "date": "2025-02-01", "arrived": "2025-02-03"}).json
    assert (done["left"]["kind"], done["arrived"]["date"]) == ("transfer_out", "2025-02-03")
    assert [one["quantity"] for one in positions(household, anna)] == ["6", "4"]
    client.post(f"/changes/{client.get('/changes').json['items'][0]['id']}/undo")
    assert [one["quantity"] for one in positions(household, anna)] == ["10"]


def test_a_rate_counts_only_for_the_currency_it_leads_into(household: Household, anna: Actor) -> None:
    """10 shares at 20 dollars are 180 euros at 0.9, and 160 francs at 0.8: neither rate is the other's."""
    euros, francs = depot_of(household, anna), depot_of(household, anna, "Bern", currency="CHF")
    acme = security(household, anna, isin=ACME, currency="USD")
    for depot, rate in ((euros, "0.95"), (francs, "0.8")):
        more = {"quantity": "10", "amount_minor": 100_00, "currency": "USD", "fx_rate": rate}
        booked(household, anna, "buy", depot, acme, "2025-01-10", **more)
    client = household.client(anna)
    unclear = client.post(
        f"/securities/{acme['id']}/prices", json={"date": "2025-01-17", "price": "20", "fx_rate": "0.9"}
    )
    assert (unclear.status_code, problem(unclear)[1]) == (422, "body.fx_currency")
    assert priced(household, anna, acme, "2025-01-17", "20", fx_rate="0.9", fx_currency="EUR")["fx_currency"] == "EUR"
    assert {one["currency"]: one["value_minor"] for one in positions(household, anna)} == {"EUR": 180_00, "CHF": 160_00}


def test_a_price_counts_by_a_rate_of_its_own_time(household: Household, anna: Actor) -> None:
    """Bought at 0.8133: years later 100 dollars are what the ECB says; within a week of the trade, what the bank said.

    Where the hub knows of no newer rates of the ECB, the newest of all counts.
    """
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME, currency="USD")
    bought = {"quantity": "10", "amount_minor": 900_00, "currency": "USD", "fx_rate": "0.8133"}
    booked(household, anna, "buy", depot, acme, "2021-01-04", **bought)
    newest = changed(1000_00, "USD", "EUR", 1 / (shipped().rate("USD", shipped().last) or (None, Decimal(1)))[1])
    worth = {"2021-01-11": 813_30, "2021-01-12": 822_30, "2022-09-28": 1045_48, "2026-02-26": 846_45}
    for day, minor in {**worth, str(shipped().last + dt.timedelta(days=30)): newest}.items():
        priced(household, anna, acme, day, "100")
        assert positions(household, anna, on=day)[0]["value_minor"] == minor
    booked(household, anna, "buy", depot, acme, "2150-01-01", **{**bought, "fx_rate": "0.9"})
    priced(household, anna, acme, "2199-01-01", "100")
    assert positions(household, anna, on="2199-01-01")[0]["value_minor"] == 2 * 900_00


def test_a_history_of_prices_asks_no_rate_day_by_day(household: Household, anna: Actor) -> None:
    """Sixty days in dollars, of which no trade says a rate: the ECB's are read at once, and each day has its own."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME, currency="USD")
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    days = [dt.date(2025, 2, 1) + dt.timedelta(days=n) for n in range(60)]
    body = {"content": file_of("date;isin;price;currency", *(f"{day};{ACME};20;USD" for day in days))}
    assert household.client(anna).post("/prices/import", json=body).json["added"] == 60
    asked: list[str] = []

    def note(*told: Any) -> None:
        asked.append(told[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        (one,) = positions(household, anna, on="2025-02-07")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert len([words for words in asked if "FROM fx_rates" in words]) == 1
    assert (one["value_minor"], one["price"]["date"]) == (192_73, "2025-02-07")


def test_a_file_that_names_another_currency_drops_the_old_rate(household: Household, anna: Actor) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME, currency="USD")
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    assert priced(household, anna, acme, "2025-06-01", "20", fx_rate="0.9")["fx_currency"] == "EUR"
    body = {"content": file_of("date;isin;price;currency", f"2025-06-01;{ACME};30,00;GBP")}
    assert household.client(anna).post("/prices/import", json=body).json["changed"] == 1
    (row,) = household.client(anna).get(f"/securities/{acme['id']}/prices").json["items"]
    assert (row["currency"], row["fx_rate"], row["fx_currency"]) == ("GBP", None, "")


def test_a_name_of_two_securities_is_asked_about(household: Household, anna: Actor) -> None:
    first = security(household, anna, "World", isin=FUND)
    second = security(household, anna, "World", isin=ACME)
    client = household.client(anna)
    body = {"content": file_of("date;name;price;currency", "2025-06-01;World;30,00;EUR")}
    refused = client.post("/prices/import", json=body)
    assert refused.status_code == 422
    told = problem(refused)[2]
    assert FUND in told
    assert ACME in told
    assert client.get(f"/securities/{first['id']}/prices").json["items"] == []
    assert client.post("/prices/import", json={**body, "security_id": second["id"]}).json["added"] == 1
    assert client.get(f"/securities/{second['id']}/prices").json["items"][0]["price"] == "30.00"
    assert client.get(f"/securities/{first['id']}/prices").json["items"] == []


def test_one_split_that_two_banks_book_apart_halves_a_price_once(household: Household, anna: Actor) -> None:
    """A price of 100 before a split 2 for 1 is 50 after it, whichever bank books it when; a second split is another."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme = security(household, anna, isin=ACME)
    for one in (depot, other):
        booked(household, anna, "buy", one, acme, "2025-01-10", quantity="10", amount_minor=1_000_00)
    priced(household, anna, acme, "2025-01-31", "100")
    booked(household, anna, "split", depot, acme, "2025-02-03", split_new="2")
    booked(household, anna, "split", other, acme, "2025-02-06", split_new="4", split_old="2")
    assert [one["value_minor"] for one in positions(household, anna, on="2025-03-01")] == [1_000_00, 1_000_00]
    booked(household, anna, "split", depot, acme, "2025-02-20", split_new="2")
    booked(household, anna, "split", other, acme, "2025-02-24", split_new="2")
    assert [one["value_minor"] for one in positions(household, anna, on="2025-03-01")] == [1_000_00, 1_000_00]


def test_while_a_bank_lags_with_a_split_nothing_is_worth_less(household: Household, anna: Actor) -> None:
    """Ten each of 100; one bank books 2 for 1 on Monday, the other on Thursday: 1,000.00 each on every day."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme, client = security(household, anna, isin=ACME), household.client(anna)
    for one in (depot, other):
        booked(household, anna, "buy", one, acme, "2025-01-10", quantity="10", amount_minor=1_000_00)
    booked(household, anna, "split", depot, acme, "2025-02-03", split_new="2")
    booked(household, anna, "split", other, acme, "2025-02-06", split_new="2")
    priced(household, anna, acme, "2025-02-03", "50")
    for day, numbers in (("2025-02-02", "10 10"), ("2025-02-04", "20 10"), ("2025-02-06", "20 20")):
        held = positions(household, anna, on=day)
        assert " ".join(one["quantity"] for one in held) == numbers
        assert [one["value_minor"] for one in held] == [1_000_00, 1_000_00]
    query = {"depot_id": other["id"], "since": "2025-02-01", "until": "2025-02-04"}
    (did,) = client.get("/depots/performance", query_string=query).json["items"]
    assert (did["end_minor"], did["gain_minor"]) == (1_000_00, 0)
    sold = booked(household, anna, "sell", other, acme, "2025-02-05", quantity="15", amount_minor=900_00)
    trail = client.get(f"/depots/{other['id']}/sales").json["items"][0]
    assert (trail["trade_id"], trail["fifo"]["cost_minor"]) == (sold["id"], 750_00)


def test_a_sale_of_a_bank_that_lags_over_new_year_stops_no_report(household: Household, anna: Actor) -> None:
    """15 new shares sold on the last day of the year, the split booked in January: both reports are made."""
    depot, other = (depot_of(household, anna, name, country="AT") for name in ("Depot", "Other"))
    acme = security(household, anna, isin=ACME, kind="stock")
    for one in (depot, other):
        booked(household, anna, "buy", one, acme, "2025-01-10", quantity="10", amount_minor=1_000_00)
    booked(household, anna, "split", depot, acme, "2025-12-30", split_new="2")
    booked(household, anna, "split", other, acme, "2026-01-02", split_new="2")
    booked(household, anna, "sell", other, acme, "2025-12-31", quantity="15", amount_minor=900_00)
    for country, figure in (("AT", "gains_home"), ("DE", "stock_gains")):
        told = household.client(anna).get("/tax-reports", query_string={"country": country, "year": 2025}).json
        assert {one["id"]: one["amount_minor"] for one in told["figures"]}[figure] == 150_00


def test_shares_on_their_way_are_held_and_worth_what_they_are(household: Household, anna: Actor, ben: Actor) -> None:
    """Four of ten leave on the first and arrive on the fifth: in between they are a position of the depot they left."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme, client = security(household, anna, isin=ACME), household.client(anna)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    priced(household, anna, acme, "2025-01-31", "12")
    body = {"from_depot_id": depot["id"], "to_depot_id": other["id"], "security_id": acme["id"], "quantity": "4"}
    assert (
        client.post("/trades/transfers", json={**body, "date": "2025-02-01", "arrived": "2025-02-05"}).status_code
        == 201
    )
    for day, expected in (
        ("2025-01-31", [("Depot", False, "10", 120_00)]),
        ("2025-02-01", [("Depot", False, "6", 72_00), ("Depot", True, "4", 48_00)]),
        ("2025-02-04", [("Depot", False, "6", 72_00), ("Depot", True, "4", 48_00)]),
        ("2025-02-05", [("Depot", False, "6", 72_00), ("Other", False, "4", 48_00)]),
    ):
        held = positions(household, anna, on=day)
        assert [(one["depot"], one["on_the_way"], one["quantity"], one["value_minor"]) for one in held] == expected
        worth = client.get("/depots/worth", query_string={"on": day}).json
        assert worth["total_minor"] == 120_00
    way = positions(household, anna, on="2025-02-03", depot_id=depot["id"])[1]
    assert [(lot["acquired"], lot["quantity"], lot["cost_minor"]) for lot in way["fifo"]["lots"]] == [
        ("2025-01-10", "4", 40_00)
    ]
    (spread,) = client.get("/depots/allocation", query_string={"by": "security", "on": "2025-02-03"}).json["items"]
    assert [one["value_minor"] for one in spread["slices"]] == [120_00]
    assert positions(household, ben, on="2025-02-03") == []


def test_a_transfer_across_a_split_brings_the_new_number(household: Household, anna: Actor) -> None:
    """Ten leave, 2 for 1, twenty come: by the one step, and by two trades of which a wrong number is refused."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme, client = security(household, anna, isin=ACME), household.client(anna)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="20", amount_minor=200_00)
    booked(household, anna, "split", depot, acme, "2025-02-03", split_new="2")
    body = {"from_depot_id": depot["id"], "to_depot_id": other["id"], "security_id": acme["id"], "quantity": "10"}
    done = client.post("/trades/transfers", json={**body, "date": "2025-02-01", "arrived": "2025-02-05"}).json
    assert (done["left"]["quantity"], done["arrived"]["quantity"]) == ("10", "20")
    here, there = positions(household, anna)
    assert [(one["quantity"], one["fifo"]["cost_minor"]) for one in (here, there)] == [("20", 100_00), ("20", 100_00)]
    booked(household, anna, "transfer_out", depot, acme, "2025-02-02", quantity="5", transfer="MOVE")
    for wrong in ("5", "7"):
        answer = book(household, anna, "transfer_in", other, acme, "2025-02-06", quantity=wrong, transfer="MOVE")
        assert (answer.status_code, problem(answer)[1]) == (422, "body.quantity")
    booked(household, anna, "transfer_in", other, acme, "2025-02-06", quantity="10", transfer="MOVE")
    assert [one["quantity"] for one in positions(household, anna)] == ["10", "30"]


def test_a_split_that_is_entered_after_the_transfer_locks_nothing(household: Household, anna: Actor) -> None:
    """The number that arrived is corrected afterwards."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme, client = security(household, anna, isin=ACME), household.client(anna)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    body = {"from_depot_id": depot["id"], "to_depot_id": other["id"], "security_id": acme["id"], "quantity": "10"}
    done = client.post("/trades/transfers", json={**body, "date": "2025-02-01", "arrived": "2025-02-05"}).json
    booked(household, anna, "split", other, acme, "2025-02-03", split_new="2")
    assert client.patch(f"/trades/{done['arrived']['id']}", json={"quantity": "20"}).status_code == 200
    assert [one["quantity"] for one in positions(household, anna)] == ["0", "20"]
    assert client.patch(f"/trades/{done['arrived']['id']}", json={"quantity": "10"}).status_code == 422


def test_what_no_country_could_count_is_refused_when_it_is_entered(household: Household, anna: Actor) -> None:
    """Austria counts no fees: a cost of 100 cannot fall by 105, although 110 were paid. Its report stays readable."""
    depot, fund = depot_of(household, anna, country="AT"), security(household, anna, isin=FUND, kind="fund_equity")
    booked(household, anna, "buy", depot, fund, "2024-01-10", quantity="10", amount_minor=100_00, fees_minor=10_00)
    answer = book(household, anna, "cost_adjustment", depot, fund, "2025-04-01", amount_minor=105_00, sign=-1)
    assert (answer.status_code, problem(answer)[1]) == (422, "body.amount_minor")
    booked(household, anna, "cost_adjustment", depot, fund, "2025-04-01", amount_minor=90_00, sign=-1)
    for country in ("AT", "DE", "ZZ"):
        assert report(household, anna, country)["figures"]


def test_null_says_what_it_means_or_is_refused(household: Household, anna: Actor) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME, symbol="ACM", country="US")
    made = booked(
        household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00, note="n", sequence=3
    )
    client = household.client(anna)
    for name in ("kind", "depot_id", "date"):
        answer = client.patch(f"/trades/{made['id']}", json={name: None})
        assert (answer.status_code, problem(answer)[1]) == (422, f"body.{name}")
    for name in ("quantity", "security_id"):
        answer = client.patch(f"/trades/{made['id']}", json={name: None})
        assert (answer.status_code, problem(answer)[1]) == (422, f"body.{name}")
    told = client.patch(f"/trades/{made['id']}", json={"note": None, "sequence": None, "currency": None}).json
    assert (told["note"], told["sequence"], told["currency"]) == ("", 0, "EUR")
    for name in ("name", "kind", "currency"):
        answer = client.patch(f"/securities/{acme['id']}", json={name: None})
        assert (answer.status_code, problem(answer)[1]) == (422, f"body.{name}")
    told = client.patch(f"/securities/{acme['id']}", json={"symbol": None, "country": None}).json
    assert (told["symbol"], told["country"], told["isin"]) == ("", "", ACME)


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31"])
def test_far_days_are_refused_everywhere(household: Household, anna: Actor, day: str) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    made = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    client = household.client(anna)
    idea = {"depot_id": depot["id"], "security_id": acme["id"], "quantity": "1", "price": "1", "on": day}
    move = {"from_depot_id": depot["id"], "to_depot_id": depot["id"], "security_id": acme["id"], "quantity": "1"}
    answers = [
        client.patch(f"/trades/{made['id']}", json={"date": day}),
        client.post(f"/securities/{acme['id']}/prices", json={"date": day, "price": "1"}),
        client.post("/depots/what-if", json=idea),
        client.post("/trades/transfers", json={**move, "date": day}),
        book(household, anna, "opening", depot, acme, "2025-01-01", quantity="1", amount_minor=1, acquired=day),
        client.get("/depots/positions", query_string={"on": day}),
        client.get("/depots/allocation", query_string={"on": day}),
        client.get("/depots/performance", query_string={"since": day}),
        client.get("/depots/performance", query_string={"until": day}),
        client.get(f"/depots/{depot['id']}/sales", query_string={"since": day}),
        client.get("/trades", query_string={"until": day}),
    ]
    assert [one.status_code for one in answers] == [422] * len(answers)
    far = {"content": file_of("date;isin;price;currency", f"{day};{ACME};1,00;EUR", f"2025-01-01;{ACME};1,00;EUR")}
    assert client.post("/prices/import", json=far).json["added"] == 1


def test_a_return_since_the_year_one_is_refused_on_the_command_line_too(household: Household, anna: Actor) -> None:
    """The command line hands days on as they were typed: the day before the first of all days is none."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="1", amount_minor=1_00)
    with pytest.raises(InvalidInput) as refused:
        household.finances.valuation.performance(anna, since=dt.date(1, 1, 1))
    assert refused.value.fields[0].name == "query.since"


def test_a_lost_booking_locks_no_trade(household: Household, anna: Actor) -> None:
    """The booking of a trade was deleted: the trade can still be changed, but not linked to another lost one."""
    depot, acme, giro = depot_of(household, anna), security(household, anna, isin=ACME), household.account(anna)
    paid = enter(household, anna, giro, -100_00, date="2025-01-10")
    made = booked(
        household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00, transaction_id=paid["id"]
    )
    client = household.client(anna)
    client.post("/transactions/delete", json={"ids": [paid["id"]]})
    changed = client.patch(f"/trades/{made['id']}", json={"quantity": "9", "transaction_id": paid["id"]})
    assert (changed.status_code, changed.json["quantity"]) == (200, "9")
    assert client.patch(f"/trades/{made['id']}", json={"transaction_id": None}).json["transaction_id"] is None
    assert client.patch(f"/trades/{made['id']}", json={"transaction_id": paid["id"]}).status_code == 404
    assert client.delete(f"/trades/{made['id']}").status_code == 204


def test_a_depot_with_trades_stays_a_depot(household: Household, anna: Actor) -> None:
    """Also where the step that made it one is taken back."""
    account, acme, client = household.account(anna, "Depot"), security(household, anna, isin=ACME), None
    client = household.client(anna)
    assert client.patch(f"/accounts/{account['id']}", json={"kind": "depot"}).status_code == 200
    step = client.get("/changes").json["items"][0]["id"]
    made = booked(household, anna, "buy", account, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    answer = client.patch(f"/accounts/{account['id']}", json={"kind": "bank"})
    assert (answer.status_code, problem(answer)[1]) == (422, "body.kind")
    assert client.post(f"/changes/{step}/undo").status_code == 422
    assert client.patch(f"/accounts/{account['id']}", json={"name": "Broker"}).status_code == 200
    client.delete(f"/trades/{made['id']}")
    assert client.patch(f"/accounts/{account['id']}", json={"kind": "bank"}).status_code == 200


def test_no_trade_comes_back_to_an_account_that_is_no_depot_any_more(household: Household, anna: Actor) -> None:
    """Its trade was deleted, then it became a bank account: an undo puts no shares there that nobody could mend."""
    depot, acme, client = depot_of(household, anna), security(household, anna, isin=ACME), household.client(anna)
    trade = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    assert client.delete(f"/trades/{trade['id']}").status_code == 204
    step = next(one for one in client.get("/changes").json["items"] if one["kind"] == "trade.delete")
    assert client.patch(f"/accounts/{depot['id']}", json={"kind": "bank"}).status_code == 200
    answer = client.post(f"/changes/{step['id']}/undo")
    assert (answer.status_code, positions(household, anna)) == (422, [])
    assert client.patch(f"/accounts/{depot['id']}", json={"kind": "depot"}).status_code == 200
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert positions(household, anna)[0]["quantity"] == "10"


def test_the_surcharge_stands_on_its_own_line(household: Household, anna: Actor) -> None:
    """Germany: tax and solidarity surcharge that the bank kept go to two lines, and both lower what was paid out."""
    depot, acme = depot_of(household, anna, country="DE"), security(household, anna, isin=ACME)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=1_000_00)
    kept = {"withheld_minor": 250_00, "surcharge_minor": 13_75}
    booked(household, anna, "sell", depot, acme, "2025-06-10", quantity="10", amount_minor=3_000_00, **kept)
    booked(
        household, anna, "dividend", depot, acme, "2025-03-01", amount_minor=100_00, withheld_minor=25_00,
        surcharge_minor=1_37,
    )  # fmt: skip
    found = figures(report(household, anna, "DE"))
    assert (found["kest_withheld"], found["solidarity_withheld"]) == (275_00, 15_12)
    (one,) = positions(household, anna)
    assert (one["withheld_minor"], one["surcharge_minor"]) == (275_00, 15_12)
    (done,) = household.client(anna).get("/depots/performance", query_string={"until": "2025-12-31"}).json["items"]
    assert done["paid_out_minor"] == 3_000_00 - 263_75 + 100_00 - 26_37


def test_the_trail_of_a_sale_names_its_lots_by_both_methods(household: Household, anna: Actor) -> None:
    """15 of 10 and 10 sold: FIFO used the first lot whole and half of the second; the average was 12."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    first = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    second = booked(household, anna, "buy", depot, acme, "2025-02-10", quantity="10", amount_minor=140_00)
    sold = booked(household, anna, "sell", depot, acme, "2025-03-10", quantity="15", amount_minor=225_00)
    path = f"/depots/{depot['id']}/sales"
    (sale,) = household.client(anna).get(path).json["items"]
    assert (sale["trade_id"], sale["gross_minor"], sale["security"]) == (sold["id"], 225_00, "Acme")
    assert [
        (one["trade_id"], one["quantity"], one["cost_minor"], one["gain_minor"]) for one in sale["fifo"]["uses"]
    ] == [
        (first["id"], "10", 100_00, 50_00),
        (second["id"], "5", 70_00, 5_00),
    ]
    assert (sale["fifo"]["gain_minor"], sale["average"]["gain_minor"]) == (55_00, 45_00)
    assert [(one["trade_id"], one["average_price"]) for one in sale["average_steps"]] == [
        (first["id"], "10"), (second["id"], "12"), (sold["id"], "12"),
    ]  # fmt: skip
    assert household.client(anna).get(path, query_string={"until": "2025-03-09"}).json["items"] == []
    assert household.client(anna).get(path, query_string={"since": "2025-03-11"}).json["items"] == []


def test_another_person_sees_no_trail_and_moves_nothing(household: Household, anna: Actor, ben: Actor) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    own = depot_of(household, ben)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    client = household.client(ben)
    assert client.get(f"/depots/{depot['id']}/sales").status_code == 404
    assert client.get(f"/depots/{own['id']}/sales", query_string={"security_id": acme["id"]}).status_code == 404
    body = {"from_depot_id": depot["id"], "to_depot_id": own["id"], "security_id": acme["id"], "quantity": "1"}
    assert client.post("/trades/transfers", json={**body, "date": "2025-02-01"}).status_code == 404


def test_a_depot_named_like_another_ones_label_keeps_its_own_shares(household: Household, anna: Actor) -> None:
    """Two depots of one name are told apart by the end of their ids; a third one may be called just so."""
    first, second = depot_of(household, anna, "D"), depot_of(household, anna, "D")
    third = depot_of(household, anna, f"D ({first['id'][-6:]})")
    of = security(household, anna, isin=ACME)
    for quantity, place in (("1", first), ("2", second), ("3", third)):
        booked(household, anna, "buy", place, of, "2025-01-10", quantity=quantity, amount_minor=100_00)
    held = {one["depot_id"]: one["quantity"] for one in positions(household, anna)}
    assert held == {first["id"]: "1", second["id"]: "2", third["id"]: "3"}


def test_all_depots_are_told_in_the_households_own_currency(household: Household, anna: Actor, ben: Actor) -> None:
    """Each depot by the ECB's rate with its day; a currency without a rate is named and not counted."""
    acme = security(household, anna, isin=ACME)
    for name, currency in (("Wien", "EUR"), ("Bern", "CHF"), ("Kuwait", "KWD")):
        depot = depot_of(household, anna, name, currency=currency)
        more = {"quantity": "10", "amount_minor": 1000_00, "currency": currency}
        booked(household, anna, "buy", depot, acme, "2025-01-10", **more)
    client = household.client(anna)
    asked = {"amount_minor": 1000_00, "source": "CHF", "target": "EUR", "day": "2025-02-02"}
    francs = client.get("/rates/exchange", query_string=asked).json
    told = client.get("/depots/worth", query_string={"on": "2025-02-02"}).json
    assert (told["currency"], told["missing"]) == ("EUR", ["KWD"])
    assert {one["depot"]: one["own_minor"] for one in told["items"]} == {
        "Wien": 1000_00, "Bern": francs["amount_minor"], "Kuwait": None,
    }  # fmt: skip
    assert told["total_minor"] == 1000_00 + francs["amount_minor"]
    assert [(one["source"], one["as_of"], one["stale"]) for one in told["quotes"]] == [("CHF", "2025-01-31", False)]
    assert client.get("/depots/worth", query_string={"on": "2150-01-01"}).json["quotes"][0]["stale"] is True
    assert household.client(ben).get("/depots/worth").json["items"] == []


def test_a_blank_symbol_is_none(household: Household, anna: Actor) -> None:
    """A security without ISIN whose symbol is only a space is known by its name: positions and taxes go on."""
    place, of = depot_of(household, anna), security(household, anna, isin=ACME)
    booked(household, anna, "buy", place, of, "2025-01-10", quantity="1", amount_minor=100_00)
    client = household.client(anna)
    assert client.patch(f"/securities/{of['id']}", json={"isin": "", "symbol": " "}).json["symbol"] == ""
    assert [one["quantity"] for one in positions(household, anna)] == ["1"]
    assert client.get("/tax-reports", query_string={"country": "AT", "year": 2025}).status_code == 200


def test_net_worth_counts_securities_at_their_price_of_each_day(household: Household, anna: Actor, ben: Actor) -> None:
    """Also while they are on their way between two depots; nobody sees another one's."""
    household.account(anna, opening_minor=50_00, opening_date="2025-01-01")
    place, other = depot_of(household, anna), depot_of(household, anna, "Other")
    acme, nameless = security(household, anna, isin=ACME), security(household, anna, "Paper", isin=FUND)
    day = household.clock.now().date()
    before = day.replace(day=1) - dt.timedelta(days=1)
    booked(household, anna, "buy", place, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    booked(household, anna, "opening", place, nameless, "2025-01-10", quantity="1", amount_minor=7_00)
    booked(household, anna, "transfer_out", place, acme, before.isoformat(), quantity="10", transfer="MOVE")
    booked(household, anna, "transfer_in", other, acme, day.isoformat(), quantity="10", transfer="MOVE")
    priced(household, anna, acme, before.isoformat(), "12")
    priced(household, anna, acme, day.isoformat(), "15")
    asked = {"query_string": {"months": 2}}
    items = household.client(anna).get("/reports/net-worth", **asked).json["items"]
    assert [one["worth_minor"] for one in items] == [50_00 + 120_00, 50_00 + 150_00]
    own = household.client(anna).get("/reports/own/net-worth", **asked).json["points"]
    assert [one["worth_minor"] for one in own] == [50_00 + 120_00, 50_00 + 150_00]
    assert household.client(ben).get("/reports/net-worth", **asked).json["items"] == []
