"""Lines that a bank sends and that are perhaps there already: they wait, are decided about, and each step is undone."""

from __future__ import annotations

from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.bank_servers import IBAN, BankServer, booked
from tests.financial_manager.banking import bank, consent, fetch, ok
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_category_rules import rule
from tests.financial_manager.test_ledger import category

__all__ = ["bank"]
FILE = b"Buchungstag;Auftraggeber;Betrag;Waehrung\n25.02.2026;Laden am Eck;-2,50;EUR\n"


@pytest.fixture
def twin(household: Household, anna: Actor, bank: BankServer) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """Give account, connection and import of a fetch of which the only line is perhaps one that a file brought."""
    giro = household.account(anna, "Giro", iban=IBAN)
    household.book(anna, giro["id"], FILE)
    bank.lines = [booked("2026-02-26", "-2.50", "Shop", "r2")]
    connection = consent(household, anna, bank)
    (told,) = ok(fetch(household, anna, connection))["items"]
    assert (told["added"], told["twins"]) == (0, 1)
    return giro, connection, ok(household.client(anna).get(f"/imports/{told['batch_id']}"))


def waiting(household: Household, actor: Actor) -> list[int]:
    return [one.count for one in household.app.attention(actor) if one.kind == "financial_manager.twins"]


def decide(household: Household, actor: Actor, found: dict[str, Any], book: bool, position: int = 0) -> Any:
    return household.client(actor).post(f"/imports/{found['id']}/decide", json={"position": position, "book": book})


def undo_last(household: Household, actor: Actor) -> None:
    last = household.client(actor).get("/changes").json["items"][0]
    ok(household.client(actor).post(f"/changes/{last['id']}/undo"))


def test_a_fetch_of_twins_only_waits_to_be_decided(
    household: Household, anna: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    """Home says so and leads there; nothing is booked meanwhile, and asking again makes no second import."""
    giro, connection, found = twin
    assert waiting(household, anna) == [1]
    (line,) = found["lines"]
    (there,) = household.lines(anna)
    assert (line["fate"], line["twin_id"]) == ("twin", there["id"])
    (again,) = ok(fetch(household, anna, connection))["items"]
    assert (again["batch_id"], again["known"]) == (None, 1)
    assert household.balance(anna, giro["id"]) == -2_50


def test_the_same_one_is_known_for_good(
    household: Household, anna: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    """It waits no more, is decided once, and a like line of another day's fetch meets it no second time."""
    giro, connection, found = twin
    assert ok(decide(household, anna, found, book=False))["lines"][0]["fate"] == "known"
    assert waiting(household, anna) == []
    assert decide(household, anna, found, book=True).json["error"]["code"] == "line_decided"
    assert household.balance(anna, giro["id"]) == -2_50
    bank.lines.append(booked("2026-02-27", "-2.50", "Shop", "r3"))
    (more,) = ok(fetch(household, anna, connection))["items"]
    assert (more["added"], more["known"], more["twins"]) == (1, 1, 0)
    assert household.balance(anna, giro["id"]) == -5_00


def test_another_one_is_booked_and_undone_with_its_import(
    household: Household, anna: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    """Booked as the bank told it; undone it waits again; booked once more it goes with the import."""
    giro, connection, found = twin
    now = ok(decide(household, anna, found, book=True))
    assert (now["added"], now["left_out"], now["lines"]) == (1, 0, [])
    line = next(one for one in household.lines(anna) if one["date"] == "2026-02-26")
    assert (line["counterparty"], line["amount_minor"], line["purpose"]) == ("Shop", -2_50, "to Shop thanks")
    assert household.balance(anna, giro["id"]) == -5_00
    assert ok(fetch(household, anna, connection))["items"][0]["known"] == 1
    undo_last(household, anna)
    assert waiting(household, anna) == [1]
    assert household.balance(anna, giro["id"]) == -2_50
    undo_last(household, anna)  # the undo itself
    assert household.balance(anna, giro["id"]) == -5_00
    ok(household.client(anna).post(f"/imports/{found['id']}/undo"))
    assert household.balance(anna, giro["id"]) == -2_50
    assert waiting(household, anna) == []
    assert decide(household, anna, found, book=False).status_code == 409


def test_a_line_that_waited_for_what_is_gone_is_booked_once(
    household: Household, anna: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    """The next fetch books it, since nothing resembles it any more; nobody is asked then, until that is undone."""
    _, connection, found = twin
    client, (there,) = household.client(anna), household.lines(anna)
    ok(client.post(f"/imports/{there['batch_id']}/undo"))
    (again,) = ok(fetch(household, anna, connection))["items"]
    assert (again["added"], again["twins"], len(household.lines(anna))) == (1, 0, 1)
    assert waiting(household, anna) == []
    assert decide(household, anna, found, book=True).json["error"]["code"] == "line_decided"
    assert len(household.lines(anna)) == 1
    ok(client.post(f"/imports/{again['batch_id']}/undo"))
    assert waiting(household, anna) == [1]
    assert ok(fetch(household, anna, connection))["items"][0]["added"] == 1
    assert (waiting(household, anna), len(household.lines(anna))) == ([], 1)


def test_a_line_that_resembles_another_booking_by_now_waits_once(
    household: Household, anna: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    """The file was taken back and booked again: the line is asked about once more, and no longer of the old import."""
    giro, connection, found = twin
    client, (there,) = household.client(anna), household.lines(anna)
    ok(client.post(f"/imports/{there['batch_id']}/undo"))
    household.book(anna, giro["id"], FILE)
    (again,) = ok(fetch(household, anna, connection))["items"]
    assert (again["twins"], waiting(household, anna)) == (1, [1])
    assert decide(household, anna, found, book=True).json["error"]["code"] == "line_decided"
    ok(client.post(f"/imports/{again['batch_id']}/decide", json={"position": 0, "book": False}))
    assert (waiting(household, anna), len(household.lines(anna))) == ([], 1)
    assert ok(fetch(household, anna, connection))["items"][0]["known"] == 1


def test_a_decided_line_gets_what_its_rule_says_like_any_line(
    household: Household, anna: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    """Also where the rule asks for a currency, which is that of the import."""
    food, large = category(household, anna, "food.groceries"), {"what": "amount", "at_least": 1_00, "currency": "EUR"}
    rule(household, anna, "Shop", "shop", food, conditions=[large, {"what": "currency", "values": ["EUR"]}])
    ok(decide(household, anna, twin[2], book=True))
    line = next(one for one in household.lines(anna) if one["date"] == "2026-02-26")
    assert [(part["category_id"], part["source"]) for part in line["parts"]] == [(food, "rule")]


def test_only_lines_of_ones_own_that_wait_are_decided(
    household: Household, anna: Actor, ben: Actor, bank: BankServer, twin: tuple[dict[str, Any], ...]
) -> None:
    giro, _, found = twin
    assert decide(household, ben, found, book=True).status_code == 404
    assert waiting(household, ben) == []
    answer = decide(household, anna, found, book=True, position=7)
    assert (answer.status_code, answer.json["error"]["fields"][0]["name"]) == (422, "body.position")
    assert household.client(anna).post(f"/imports/{found['id']}/decide", json={"position": 0}).status_code == 422
    ok(household.client(anna).patch(f"/accounts/{giro['id']}", json={"reconciled_through": "2026-02-28"}))
    assert decide(household, anna, found, book=True).status_code == 409
    assert waiting(household, anna) == [1]
    assert ok(decide(household, anna, found, book=False))["lines"][0]["fate"] == "known"
