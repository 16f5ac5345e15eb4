"""Depots through their API: trades that must be possible, positions by both methods, prices, undo, isolation."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household

ACME, FUND = "AT0000743059", "IE00B4L5Y983"
NOWHERE = "01900000-0000-7000-8000-000000000000"


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def security(household: Household, actor: Actor, name: str = "Acme", **values: Any) -> dict[str, Any]:
    answer = household.client(actor).post("/securities", json={"name": name, **values})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json
    return found


def book(household: Household, actor: Actor, kind: str, depot: Any, of: Any, day: str, **values: Any) -> Any:
    """Book a trade and return the answer."""
    body = {"kind": kind, "depot_id": depot["id"], "security_id": of and of["id"], "date": day, **values}
    return household.client(actor).post("/trades", json=body)


def booked(household: Household, actor: Actor, kind: str, depot: Any, of: Any, day: str, **values: Any) -> Any:
    answer = book(household, actor, kind, depot, of, day, **values)
    assert answer.status_code == 201, answer.text
    return answer.json


def positions(household: Household, actor: Actor, **query: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = household.client(actor).get("/depots/positions", query_string=query).json["items"]
    return found


def depot_of(household: Household, actor: Actor, name: str = "Depot", **values: Any) -> dict[str, Any]:
    return household.account(actor, name, kind="depot", **values)


def problem(answer: Any) -> tuple[str, str, str]:
    """Return status and code, the field, and what to do."""
    (field,) = answer.json["error"]["fields"]
    assert field["remedy"]
    return answer.json["error"]["code"], field["name"], field["problem"]


def test_two_purchases_and_a_sale_by_both_methods(household: Household, anna: Actor) -> None:
    """10 for 100.00 and 10 for 140.00, 15 sold for 225.00: FIFO costs 170.00, the average 180.00; fees count."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    first = booked(
        household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=99_00, fees_minor=1_00
    )
    booked(household, anna, "buy", depot, acme, "2025-02-10", quantity="10", amount_minor=140_00)
    booked(household, anna, "sell", depot, acme, "2025-03-10", quantity="15", amount_minor=225_00)
    household.client(anna).post(f"/securities/{acme['id']}/prices", json={"date": "2025-06-01", "price": "20.5"})
    (one,) = positions(household, anna)
    assert (one["quantity"], one["value_minor"], one["currency"]) == ("5", 102_50, "EUR")
    assert (one["fifo"]["realised_minor"], one["fifo"]["cost_minor"], one["fifo"]["unrealised_minor"]) == (
        225_00 - 170_00, 70_00, 32_50,
    )  # fmt: skip
    assert (one["average"]["realised_minor"], one["average"]["cost_minor"]) == (225_00 - 180_00, 60_00)
    assert one["average"]["average_price"] == "12"
    assert one["price"] == {
        "date": "2025-06-01", "price": "20.5", "currency": "EUR", "fx_rate": None, "source": "hand",
    }  # fmt: skip
    assert first["id"] not in [lot["trade_id"] for lot in one["fifo"]["lots"]]
    assert positions(household, anna, on="2025-01-31")[0]["fifo"]["lots"][0]["trade_id"] == first["id"]


def test_nothing_is_sold_that_was_not_held(household: Household, anna: Actor) -> None:
    """Neither by booking, nor by changing or deleting what a later sale needs, nor by taking it back."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    bought = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    answer = book(household, anna, "sell", depot, acme, "2025-01-09", quantity="1", amount_minor=1_00)
    assert answer.status_code == 422
    code, field, told = problem(answer)
    assert (code, field) == ("trade_invalid", "body.quantity")
    assert told == f"Only 0 of {ACME} are in the depot Depot on 2025-01-09, not 1."
    booked(household, anna, "sell", depot, acme, "2025-03-01", quantity="10", amount_minor=120_00)
    client = household.client(anna)
    assert client.patch(f"/trades/{bought['id']}", json={"quantity": "9"}).status_code == 422
    assert client.delete(f"/trades/{bought['id']}").status_code == 422
    purchase = next(one for one in client.get("/changes").json["items"] if one["title"].startswith("buy"))
    assert client.post(f"/changes/{purchase['id']}/undo").status_code == 422
    assert positions(household, anna)[0]["quantity"] == "0"
    assert len(client.get("/trades").json["items"]) == 2


def test_taking_back_a_trade_restores_the_positions(household: Household, anna: Actor) -> None:
    """A sale, a change and a deletion: undone, everything is as before; undone again, as after."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    client = household.client(anna)
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    before = positions(household, anna)
    sold = booked(household, anna, "sell", depot, acme, "2025-02-10", quantity="4", amount_minor=60_00)
    after = positions(household, anna)
    undone = client.post(f"/changes/{client.get('/changes').json['items'][0]['id']}/undo").json
    assert positions(household, anna) == before
    client.post(f"/changes/{undone['id']}/undo")
    assert positions(household, anna) == after
    assert client.patch(f"/trades/{sold['id']}", json={"quantity": "5"}).json["quantity"] == "5"
    client.post(f"/changes/{client.get('/changes').json['items'][0]['id']}/undo")
    assert positions(household, anna) == after
    assert client.delete(f"/trades/{sold['id']}").status_code == 204
    client.post(f"/changes/{client.get('/changes').json['items'][0]['id']}/undo")
    assert positions(household, anna) == after


def test_every_kind_of_trade_counts(household: Household, anna: Actor) -> None:
    """Opening, split, transfer between two depots with its cost, adjustment, dividend and fee."""
    depot, other = depot_of(household, anna), depot_of(household, anna, "Other")
    fund = security(household, anna, "World", isin=FUND, kind="fund_equity")
    booked(
        household, anna, "opening", depot, fund, "2025-01-01", quantity="10", amount_minor=100_00, acquired="2020-05-05"
    )
    booked(household, anna, "split", depot, fund, "2025-02-01", split_new="2")
    booked(household, anna, "transfer_out", depot, fund, "2025-03-01", quantity="5", transfer="T1")
    booked(household, anna, "transfer_in", other, fund, "2025-03-02", quantity="5", transfer="T1")
    booked(household, anna, "cost_adjustment", other, fund, "2025-04-01", amount_minor=3_00, income_minor=4_00)
    booked(
        household, anna, "dividend", depot, fund, "2025-05-01", amount_minor=10_00, foreign_withheld_minor=1_50,
        country="IE",
    )  # fmt: skip
    booked(household, anna, "fee", depot, None, "2025-06-01", amount_minor=2_00)
    here, there = positions(household, anna)
    assert (here["quantity"], here["fifo"]["cost_minor"], here["dividends_minor"]) == ("15", 75_00, 10_00)
    assert (there["quantity"], there["fifo"]["cost_minor"]) == ("5", 25_00 + 3_00)
    assert there["fifo"]["lots"][0]["acquired"] == "2020-05-05"
    assert positions(household, anna, depot_id=other["id"]) == [there]


def test_values_that_a_kind_does_not_have_are_named(household: Household, anna: Actor) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    giro = household.account(anna)
    answer = book(household, anna, "dividend", depot, acme, "2025-01-01", amount_minor=1_00, quantity="3")
    assert problem(answer)[:2] == ("invalid_input", "body.quantity")
    assert problem(book(household, anna, "buy", depot, acme, "2025-01-01", amount_minor=1_00))[1] == "body.quantity"
    assert problem(book(household, anna, "split", depot, None, "2025-01-01", split_new="2"))[1] == "body.security_id"
    assert problem(book(household, anna, "fee", giro, None, "2025-01-01", amount_minor=1_00))[1] == "body.depot_id"
    answer = book(household, anna, "buy", depot, acme, "2025-01-01", amount_minor=1_00, quantity="1", currency="USD")
    assert problem(answer)[:2] == ("trade_invalid", "body.fx_rate")
    assert (
        problem(household.client(anna).post("/securities", json={"name": "x", "isin": "AT0000743058"}))[1]
        == "body.isin"
    )
    assert problem(household.client(anna).post("/securities", json={"name": "x", "isin": ACME}))[1] == "body.isin"
    client = household.client(anna)
    price = client.post(f"/securities/{acme['id']}/prices", json={"date": "2025-01-01", "price": "1", "fx_rate": "0"})
    assert problem(price)[1] == "body.fx_rate"
    assert client.post("/accounts", json={"name": "x", "country": "Austria"}).status_code == 422


def test_a_reconciled_depot_is_locked(household: Household, anna: Actor) -> None:
    """No trade up to that day is entered, changed, deleted or taken back."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    made = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    client = household.client(anna)
    step = client.get("/changes").json["items"][0]["id"]
    client.patch(f"/accounts/{depot['id']}", json={"reconciled_through": "2025-01-31"})
    asked = [
        book(household, anna, "buy", depot, acme, "2025-01-31", quantity="1", amount_minor=1_00),
        client.patch(f"/trades/{made['id']}", json={"date": "2025-02-02"}),
        client.delete(f"/trades/{made['id']}"),
        client.post(f"/changes/{step}/undo"),
    ]
    assert [one.json["error"]["code"] for one in asked] == ["period_reconciled"] * 4


def test_a_depot_and_a_security_in_use_stay(household: Household, anna: Actor) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    made = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    client = household.client(anna)
    assert client.delete(f"/accounts/{depot['id']}").json["error"]["code"] == "account_in_use"
    assert client.delete(f"/securities/{acme['id']}").json["error"]["code"] == "security_in_use"
    assert client.delete(f"/trades/{made['id']}").status_code == 204
    assert client.delete(f"/securities/{acme['id']}").status_code == 204
    assert client.delete(f"/accounts/{depot['id']}").status_code == 204


def test_prices_come_from_a_file_and_the_last_word_counts(household: Household, anna: Actor) -> None:
    """Twice the same file changes nothing; unknown securities are named; a price in dollars takes the trade's rate."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME, currency="USD")
    booked(
        household, anna, "buy", depot, acme, "2025-12-29", quantity="10", amount_minor=100_00, currency="USD",
        fx_rate="0.9",
    )  # fmt: skip
    rows = (f"30.12.2025;{ACME};11,50;USD", f"31.12.2025;{ACME};12,00;USD", f"30.12.2025;{FUND};1,00;EUR")
    text = "\n".join(("Datum;ISIN;Kurs;Währung", *rows, ""))
    client = household.client(anna)
    body = {"name": "prices.csv", "content": base64.b64encode(text.encode()).decode()}
    done = client.post("/prices/import", json=body).json
    assert (done["added"], done["same"], done["unknown"]) == (2, 0, [FUND])
    assert client.post("/prices/import", json=body).json["same"] == 2
    (one,) = positions(household, anna)
    assert (one["value_minor"], one["price"]["source"], one["price"]["fx_rate"]) == (108_00, "prices.csv", "0.9")
    first, second = client.get(f"/securities/{acme['id']}/prices").json["items"]
    assert (first["date"], second["price"]) == ("2025-12-31", "11.50")
    page = client.get(f"/securities/{acme['id']}/prices", query_string={"limit": 1}).json
    rest = client.get(f"/securities/{acme['id']}/prices", query_string={"limit": 1, "cursor": page["next_cursor"]}).json
    assert [*page["items"], *rest["items"]] == [first, second]
    assert client.delete(f"/prices/{first['id']}").status_code == 204
    assert positions(household, anna)[0]["value_minor"] == 103_50
    assert client.post("/prices/import", json={"content": "!"}).status_code == 422


def test_returns_shares_and_a_sale_that_is_only_thought_of(household: Household, anna: Actor) -> None:
    """100.00 became 110.00 in a year: 10 % both ways; half of it sold is taxed by Austria's 27.5 %."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    booked(household, anna, "buy", depot, acme, "2025-01-01", quantity="10", amount_minor=100_00)
    client = household.client(anna)
    client.post(f"/securities/{acme['id']}/prices", json={"date": "2026-01-01", "price": "11"})
    (done,) = client.get("/depots/performance", query_string={"until": "2026-01-01"}).json["items"]
    assert (done["gain_minor"], done["time_weighted"], done["money_weighted"]) == (10_00, "0.1", "0.1")
    (spread,) = client.get("/depots/allocation", query_string={"by": "country"}).json["items"]
    assert spread["slices"] == [{"label": "AT", "value_minor": 110_00, "share": 10_000}]
    idea = {"depot_id": depot["id"], "security_id": acme["id"], "quantity": "5", "price": "12", "on": "2026-02-01"}
    found = client.post("/depots/what-if", json={**idea, "country": "AT"}).json
    assert (found["method"], found["average"]["gain_minor"], found["average"]["tax_minor"]) == ("average", 10_00, 2_75)
    assert found["disclaimer_de"]
    assert client.post("/depots/what-if", json={**idea, "quantity": "11"}).json["error"]["fields"][0]["name"] == (
        "body.quantity"
    )
    assert positions(household, anna)[0]["quantity"] == "10"


def test_trades_are_listed_page_by_page(household: Household, anna: Actor) -> None:
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    for day in range(1, 8):
        booked(household, anna, "buy", depot, acme, f"2025-01-{day:02}", quantity="1", amount_minor=1_00)
    found: list[str] = []
    cursor = None
    while True:
        asked = {"limit": 3, "since": "2025-01-02", **({"cursor": cursor} if cursor else {})}
        answer = household.client(anna).get("/trades", query_string=asked).json
        found += [one["date"] for one in answer["items"]]
        cursor = answer["next_cursor"]
        if cursor is None:
            break
    assert found == [f"2025-01-{day:02}" for day in range(7, 1, -1)]


def test_another_person_sees_and_touches_nothing(household: Household, anna: Actor, ben: Actor) -> None:
    """Every id of Anna's is for Ben as unknown as none."""
    depot, acme = depot_of(household, anna), security(household, anna, isin=ACME)
    made = booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="10", amount_minor=100_00)
    price = (
        household.client(anna).post(f"/securities/{acme['id']}/prices", json={"date": "2025-06-01", "price": "9"}).json
    )
    client = household.client(ben)
    for path, method in (
        (f"/securities/{acme['id']}", "get"),
        (f"/securities/{acme['id']}", "delete"),
        (f"/securities/{acme['id']}/prices", "get"),
        (f"/trades/{made['id']}", "get"),
        (f"/trades/{made['id']}", "delete"),
        (f"/prices/{price['id']}", "delete"),
        (f"/depots/positions?depot_id={depot['id']}", "get"),
    ):
        assert getattr(client, method)(path).status_code == 404, path
    own, mine = depot_of(household, ben), security(household, ben, isin=ACME)
    assert book(household, ben, "buy", depot, mine, "2025-01-01", quantity="1", amount_minor=1).status_code == 404
    assert book(household, ben, "buy", own, acme, "2025-01-01", quantity="1", amount_minor=1).status_code == 404
    assert client.get("/trades").json["items"] == []
    assert positions(household, ben) == []
    assert positions(household, anna)[0]["quantity"] == "10"
