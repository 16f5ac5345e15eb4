"""A closed account takes no bookings of later days: by hand refused, by a file asked about, by undo refused."""

from __future__ import annotations

from typing import Any

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_depots import book, booked, security
from tests.financial_manager.test_importing import FEBRUARY
from tests.financial_manager.test_ledger import enter


def close(household: Household, actor: Actor, account: dict[str, Any], day: str | None) -> Any:
    return household.client(actor).patch(f"/accounts/{account['id']}", json={"closed_on": day})


def problem(answer: Any) -> tuple[int, str, str]:
    field = answer.json["error"]["fields"][0]
    assert field["remedy"]
    return answer.status_code, field["name"], field["problem"]


def test_a_booking_after_the_closing_is_refused(household: Household, anna: Actor) -> None:
    """On the account itself and as the other half of a transfer; on the last day it is booked."""
    giro, cash = household.account(anna), household.account(anna, "Cash", kind="cash")
    assert close(household, anna, giro, "2026-02-28").status_code == 200
    client = household.client(anna)
    late = {"account_id": giro["id"], "date": "2026-03-01", "amount_minor": -5_00}
    told = (422, "body.date", "Giro was closed on 2026-02-28.")
    assert problem(client.post("/transactions", json=late)) == told
    assert problem(client.post("/transactions", json={**late, "planned": True})) == told
    into = {**late, "account_id": cash["id"], "parts": [{"amount_minor": -5_00, "account_id": giro["id"]}]}
    assert problem(client.post("/transactions", json=into)) == told
    last = client.post("/transactions", json={**late, "date": "2026-02-28"})
    assert last.status_code == 201
    assert problem(client.patch(f"/transactions/{last.json['id']}", json={"date": "2026-03-02"})) == told
    assert household.balance(anna, giro["id"]) == -5_00
    assert close(household, anna, giro, None).status_code == 200
    assert client.post("/transactions", json=late).status_code == 201


def test_an_account_is_not_closed_before_its_last_booking(household: Household, anna: Actor) -> None:
    """The error says how many lie after the day and from which day on it works; planned ones count as well."""
    giro = household.account(anna)
    enter(household, anna, giro, -5_00, date="2026-02-10")
    enter(household, anna, giro, -6_00, date="2026-02-20", planned=True)
    refused = close(household, anna, giro, "2026-02-09")
    assert problem(refused) == (422, "body.closed_on", "2 bookings of Giro are after this day.")
    assert "2026-02-20" in refused.json["error"]["fields"][0]["remedy"]
    assert close(household, anna, giro, "2026-02-20").status_code == 200


def test_a_file_with_lines_after_the_closing_is_asked_about(household: Household, anna: Actor) -> None:
    """The preview says so at each such line; a person may leave it out, or book what the bank did all the same."""
    giro = household.account(anna)
    assert close(household, anna, giro, "2026-02-03").status_code == 200
    seen = household.look(anna, giro["id"], FEBRUARY).json
    told = "The account was closed on 2026-02-03: leave the line out, or open it again."
    doubted = [row["position"] for row in seen["rows"] if told in row["reasons"]]
    days = {row["position"]: row["date"] for row in seen["rows"]}
    assert doubted == [number for number, day in days.items() if day > "2026-02-03"] != []
    made = household.book(anna, giro["id"], FEBRUARY, leave_out=doubted)
    assert (made.json["added"], made.json["left_out"]) == (4 - len(doubted), len(doubted))


def test_what_a_bank_booked_after_the_closing_still_gets_a_category(household: Household, anna: Actor) -> None:
    """A note changes, its day does not move on."""
    giro = household.account(anna)
    close(household, anna, giro, "2026-02-03")
    household.book(anna, giro["id"], FEBRUARY)
    late = next(one for one in household.lines(anna) if one["date"] > "2026-02-03")
    client = household.client(anna)
    assert client.patch(f"/transactions/{late['id']}", json={"note": "Last bill"}).status_code == 200
    moved = client.patch(f"/transactions/{late['id']}", json={"date": "2026-02-27"})
    assert problem(moved)[:2] == (422, "body.date")


def test_undo_brings_nothing_back_behind_a_closing(household: Household, anna: Actor) -> None:
    """Neither a booking that was deleted before, nor a closing before which something was booked since."""
    giro, client = household.account(anna), household.client(anna)
    made = enter(household, anna, giro, -5_00, date="2026-02-10")
    gone = client.post("/transactions/delete", json={"ids": [made["id"]]}).json["change_id"]
    assert close(household, anna, giro, "2026-02-05").status_code == 200
    assert client.post(f"/changes/{gone}/undo").status_code == 422
    assert close(household, anna, giro, None).status_code == 200
    opened = client.get("/changes").json["items"][0]["id"]
    enter(household, anna, giro, -7_00, date="2026-02-11")
    assert client.post(f"/changes/{opened}/undo").status_code == 422


def test_a_closed_depot_takes_no_later_trades(household: Household, anna: Actor) -> None:
    """Nor is it closed before its last one; one that is there can still be mended, and undo goes not behind it."""
    depot, client = household.account(anna, "Depot", kind="depot"), household.client(anna)
    acme = security(household, anna)
    first = booked(household, anna, "buy", depot, acme, "2026-02-10", quantity="10", amount_minor=100_00)
    assert problem(close(household, anna, depot, "2026-02-09")) == (
        422, "body.closed_on", "1 trades of Depot are after this day.",
    )  # fmt: skip
    assert close(household, anna, depot, "2026-02-15").status_code == 200
    told = (422, "body.date", "Depot was closed on 2026-02-15.")
    late = book(household, anna, "buy", depot, acme, "2026-02-16", quantity="1", amount_minor=10_00)
    assert problem(late) == told
    assert problem(client.patch(f"/trades/{first['id']}", json={"date": "2026-02-16"})) == told
    assert client.patch(f"/trades/{first['id']}", json={"fees_minor": 1_00}).status_code == 200
    assert client.delete(f"/trades/{first['id']}").status_code == 204
    gone = client.get("/changes").json["items"][0]["id"]
    assert close(household, anna, depot, "2026-02-01").status_code == 200
    assert client.post(f"/changes/{gone}/undo").status_code == 422
