"""A booking counts once: whatever way it came, was moved, deleted, taken back or undone before."""

from __future__ import annotations

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_importing import statement
from tests.financial_manager.test_ledger import enter

SALARY, SHOP = ("02.02.2026", "Muster", "100,00"), ("05.02.2026", "Shop", "-5,00")
FILE = statement(SALARY, SHOP)
QIF = b"!Type:Bank\nD2026-02-02\nT100.00\nPMuster GmbH Wien\n^\nD2026-02-05\nT-5.00\nPShop 1234\n^\n"


def fates(household: Household, actor: Actor, account_id: str, data: bytes, name: str = "bank.csv") -> tuple[int, ...]:
    """Return how many lines of a file are new, known and twins."""
    seen = household.look(actor, account_id, data, name=name).json
    return seen["new"], seen["known"], seen["twins"]


def test_a_transfer_made_of_one_accounts_line_meets_the_other_accounts_line(household: Household, anna: Actor) -> None:
    """Both accounts are of one bank, so that both files have one format."""
    giro, savings = household.account(anna), household.account(anna, "Savings")
    household.book(anna, giro["id"], statement(("02.02.2026", "Umbuchung", "-200,00")))
    line = household.lines(anna)[0]
    into = {"parts": [{"amount_minor": -200_00, "account_id": savings["id"]}]}
    assert household.client(anna).patch(f"/transactions/{line['id']}", json=into).status_code == 200
    other = statement(("03.02.2026", "Umbuchung von Giro", "200,00"))
    assert fates(household, anna, savings["id"], other) == (0, 0, 1)
    household.book(anna, savings["id"], other)
    assert household.balance(anna, savings["id"]) == 200_00
    assert household.client(anna).get("/transfers").json["items"] == []


def test_a_line_that_was_moved_into_another_account_is_met_there(household: Household, anna: Actor) -> None:
    """It was imported into the wrong account; now the right one's file comes."""
    giro, other = household.account(anna), household.account(anna, "B")
    household.book(anna, giro["id"], statement(SALARY))
    line = household.lines(anna)[0]
    household.client(anna).patch(f"/transactions/{line['id']}", json={"account_id": other["id"]})
    assert fates(household, anna, other["id"], statement(SALARY)) == (0, 0, 1)


def test_two_lines_of_one_account_and_format_stay_two(household: Household, anna: Actor) -> None:
    """Near days and one amount make no twin within an account's own files."""
    giro = household.account(anna)
    household.book(anna, giro["id"], statement(SHOP))
    assert fates(household, anna, giro["id"], statement(SHOP, ("06.02.2026", "Bakery", "-5,00"))) == (1, 1, 0)


def test_a_deletion_comes_not_back_once_its_import_was_taken_back(household: Household, anna: Actor) -> None:
    """The file brings its lines again: with the line that came back it would be there twice."""
    giro, client = household.account(anna), household.client(anna)
    batch = household.book(anna, giro["id"], FILE).json
    line = next(one for one in household.lines(anna) if one["amount_minor"] == 100_00)
    gone = client.post("/transactions/delete", json={"ids": [line["id"]]}).json
    client.post(f"/imports/{batch['id']}/undo")
    for _ in range(2):
        answer = client.post(f"/changes/{gone['change_id']}/undo")
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "change_outdated")
        household.book(anna, giro["id"], FILE)
    assert household.balance(anna, giro["id"]) == 95_00


def test_what_is_only_planned_is_no_twin(household: Household, anna: Actor) -> None:
    """The bank's line is booked: what is planned counts in no balance."""
    giro = household.account(anna)
    enter(household, anna, giro, -5_00, date="2026-02-04", planned=True)
    assert fates(household, anna, giro["id"], FILE) == (2, 0, 0)
    household.book(anna, giro["id"], FILE)
    assert household.balance(anna, giro["id"]) == 95_00


def test_a_line_whose_twin_is_gone_is_new(household: Household, anna: Actor) -> None:
    """The twin was entered by hand and deleted, or came by an import that was taken back."""
    giro, client = household.account(anna), household.client(anna)
    by_hand = enter(household, anna, giro, -5_00, date="2026-02-04")
    first = household.book(anna, giro["id"], FILE).json
    assert fates(household, anna, giro["id"], FILE) == (0, 2, 0)
    client.post("/transactions/delete", json={"ids": [by_hand["id"]]})
    assert fates(household, anna, giro["id"], FILE) == (1, 1, 0)
    household.book(anna, giro["id"], FILE)
    assert household.book(anna, giro["id"], QIF, name="x.qif").json["added"] == 0
    for batch in client.get("/imports").json["items"]:
        if batch["added"]:
            assert client.post(f"/imports/{batch['id']}/undo").status_code == 200, first
    assert fates(household, anna, giro["id"], QIF, "x.qif") == (2, 0, 0)


def test_a_deleted_line_of_the_bank_stays_deleted_in_its_other_format(household: Household, anna: Actor) -> None:
    """Somebody did not want it; a file that met it brings it not back."""
    giro, client = household.account(anna), household.client(anna)
    household.book(anna, giro["id"], FILE)
    household.book(anna, giro["id"], QIF, name="x.qif")
    line = next(one for one in household.lines(anna) if one["amount_minor"] == -5_00)
    client.post("/transactions/delete", json={"ids": [line["id"]]})
    assert fates(household, anna, giro["id"], FILE) == (0, 2, 0)
    assert fates(household, anna, giro["id"], QIF, "x.qif") == (0, 2, 0)


def test_an_account_does_not_go_with_what_a_deletion_can_bring_back(household: Household, anna: Actor) -> None:
    """Nor with the memory that its deleted lines are not wanted; what was taken back holds nothing any more."""
    giro, client = household.account(anna), household.client(anna)
    made = client.get("/changes").json["items"][0]
    data = FILE
    booked = household.book(anna, giro["id"], data).json
    gone = client.post("/transactions/delete", json={"ids": [one["id"] for one in household.lines(anna)]}).json
    for refused in (client.delete(f"/accounts/{giro['id']}"), client.post(f"/changes/{made['id']}/undo")):
        assert (refused.status_code, refused.json["error"]["code"]) == (409, "account_in_use")
    assert household.look(anna, giro["id"], data).json["known"] == 2
    assert client.post(f"/changes/{gone['change_id']}/undo").status_code == 200
    assert len(household.lines(anna)) == 2
    nothing_new = household.book(anna, giro["id"], FILE).json
    for one in (booked, nothing_new):
        assert client.delete(f"/accounts/{giro['id']}").status_code == 409
        assert client.post(f"/imports/{one['id']}/undo").status_code == 200
    assert client.delete(f"/accounts/{giro['id']}").status_code == 204
