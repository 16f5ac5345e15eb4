"""The record of changes says what people need to read it: currency, names, and whether a step can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_building import Site
from tests.financial_manager.test_depots import booked, depot_of, security
from tests.financial_manager.test_importing import FEBRUARY
from tests.financial_manager.test_ledger import enter


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def step(household: Household, actor: Actor, kind: str) -> Any:
    """Return the newest step of a kind, with its rows."""
    client = household.client(actor)
    found = next(one for one in client.get("/changes").json["items"] if one["kind"] == kind)
    return client.get(f"/changes/{found['id']}").json


def told(found: Any, table: str) -> list[tuple[str, str]]:
    return [(one["currency"], one["subject"]) for one in found["rows"] if one["table_name"] == table]


def test_a_changed_amount_is_told_in_the_currency_of_its_account(household: Household, anna: Actor) -> None:
    """Only the amount differs, so only the amount is recorded; currency, side and name are looked up."""
    yen = household.account(anna, "Tokyo", currency="JPY")
    made = enter(household, anna, yen, -500, counterparty="Lawson")
    client = household.client(anna)
    client.patch(f"/transactions/{made['id']}", json={"amount_minor": -600})
    client.patch(f"/accounts/{yen['id']}", json={"opening_minor": 5, "opening_date": "2025-12-31"})
    rows = [one for one in step(household, anna, "transaction.change")["rows"] if one["table_name"] == "postings"]
    assert [set(one["after"]) for one in rows] == [{"amount_minor"}, {"amount_minor"}]
    sides = {(one["currency"], one["subject"], one["of_account"], one["after"]["amount_minor"]) for one in rows}
    assert sides == {("JPY", "Lawson", True, -600), ("JPY", "Lawson", False, 600)}
    assert told(step(household, anna, "account.change"), "user_accounts") == [("JPY", "Tokyo")]
    client.post("/transactions/delete", json={"ids": [made["id"]]})
    gone = step(household, anna, "transaction.change")
    assert told(gone, "postings") == [("JPY", "Lawson")] * 2, "the record knows what is gone"


def test_rows_of_a_building_are_told_with_company_and_currency(household: Household, anna: Actor) -> None:
    """A contract has neither of its own: both come from what it stands on, also when all of it is gone."""
    site = Site(household, anna)
    invoice = site.invoice("TR-1", "2026-02-01", 1000_00)
    client = site.client
    client.patch(f"/construction/contracts/{site.contract}", json={"net_minor": 90_000_00})
    client.delete(f"/construction/invoices/{invoice['id']}")
    client.delete(f"/construction/contracts/{site.contract}")
    assert told(step(household, anna, "building.contract.change"), "con_contracts") == [("EUR", "Holzbau Huber")]
    made = step(household, anna, "building.invoice.create")
    assert told(made, "con_invoices") == [("EUR", "TR-1")]
    assert made["rows"][0]["names"] == {site.contract: "Holzbau Huber"}


def test_rows_of_a_depot_are_told_with_their_security(household: Household, anna: Actor) -> None:
    """A trade and a price say of what; ids get names."""
    depot, acme = depot_of(household, anna), security(household, anna, currency="USD")
    booked(household, anna, "buy", depot, acme, "2025-01-10", quantity="1", amount_minor=5, currency="USD", fx_rate="1")
    household.client(anna).post(f"/securities/{acme['id']}/prices", json={"date": "2025-06-01", "price": "20.5"})
    assert told(step(household, anna, "price.enter"), "security_prices") == [("USD", "Acme")]
    trade = step(household, anna, "trade.create")
    assert told(trade, "security_trades") == [("USD", "Acme")]
    assert trade["rows"][0]["names"] == {acme["id"]: "Acme", depot["id"]: "Depot"}


def test_a_step_tells_whether_it_can_be_taken_back(household: Household, anna: Actor) -> None:
    """Not twice, not after a later change of the same; an undo can be done again; all of it is true when tried."""
    giro, client = household.account(anna), household.client(anna)
    for name in ("Main", "Wages"):
        client.patch(f"/accounts/{giro['id']}", json={"name": name})
    later, earlier = (one["id"] for one in client.get("/changes").json["items"] if one["kind"] == "account.change")

    def can(change_id: str) -> bool:
        answer: bool = client.get(f"/changes/{change_id}").json["can_undo"]
        return answer

    assert (can(later), can(earlier)) == (True, False)
    assert client.post(f"/changes/{earlier}/undo").status_code == 409
    again = client.post(f"/changes/{later}/undo").json
    assert (again["can_undo"], can(later), can(earlier)) == (True, False, True)
    assert client.post(f"/changes/{again['id']}/undo").status_code == 200
    assert (can(again["id"]), can(later), can(earlier)) == (False, True, False)


def test_an_import_that_was_taken_back_is_not_done_again(household: Household, anna: Actor) -> None:
    """It comes from its file: the step says so instead of offering what is refused."""
    giro, client = household.account(anna), household.client(anna)
    made = household.book(anna, giro["id"], FEBRUARY).json
    (booked_,) = [one for one in client.get("/changes").json["items"] if one["import_id"]]
    assert (booked_["can_undo"], booked_["import_id"]) == (True, made["id"])
    back = client.post(f"/changes/{booked_['id']}/undo").json
    assert (back["can_undo"], back["import_id"]) == (False, made["id"])
    listed = {one["id"]: one["can_undo"] for one in client.get("/changes").json["items"]}
    assert (listed[back["id"]], listed[booked_["id"]]) == (False, False)
    assert client.post(f"/changes/{back['id']}/undo").status_code == 409


def test_nobody_else_is_told_anything(household: Household, anna: Actor, ben: Actor) -> None:
    """Names are looked up in the reader's own space only."""
    giro = household.account(anna)
    enter(household, anna, giro, -500, counterparty="Lawson")
    found = step(household, anna, "transaction.create")
    assert household.client(ben).get(f"/changes/{found['id']}").status_code == 404
    assert household.client(ben).get("/changes").json["items"] == []
