"""A transfer has two halves that fit; what is no half any more says nothing of a transfer."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from backend.financial_manager.ledger.models import TransferLink
from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import category, enter

HEAD = "Buchungstag;Auftraggeber;IBAN;Verwendungszweck;Betrag;Waehrung\n"
GIRO, SAVINGS = "AT611904300234573201", "DE89370400440532013000"


def confirm(household: Household, actor: Actor, out: dict[str, Any], into: dict[str, Any]) -> Any:
    return household.client(actor).post("/transfers/confirm", json={"out_id": out["id"], "in_id": into["id"]})


def sources(household: Household, actor: Actor, *rows: dict[str, Any]) -> list[str]:
    """Return by whom it was said what bookings were for."""
    client = household.client(actor)
    return [client.get(f"/transactions/{one['id']}").json["parts"][0]["source"] for one in rows]


def links(household: Household, actor: Actor) -> list[tuple[str, str, str]]:
    return household.ctx.db.read(
        actor, lambda session: [(one.out_id, one.in_id, one.state) for one in session.scalars(select(TransferLink))]
    )


@pytest.fixture
def linked(household: Household, anna: Actor) -> tuple[dict[str, Any], dict[str, Any]]:
    """Give two bookings that are one transfer."""
    category(household, anna, "food.groceries")
    out = enter(household, anna, household.account(anna), -50_00)
    into = enter(household, anna, household.account(anna, "B"), 50_00)
    assert confirm(household, anna, out, into).status_code == 204
    assert sources(household, anna, out, into) == ["transfer", "transfer"]
    return out, into


def test_what_cannot_be_a_transfer_is_refused(household: Household, anna: Actor) -> None:
    """Signs, accounts, amounts, parts and plans have to fit; the error names the half that does not."""
    food, fun = category(household, anna, "food.groceries"), category(household, anna, "food.restaurants")
    giro, other = household.account(anna), household.account(anna, "B")
    out = enter(household, anna, giro, -50_00, category_id=food)
    parts = [{"amount_minor": -20_00, "category_id": food}, {"amount_minor": -30_00, "category_id": fun}]
    moved = [{"amount_minor": -50_00, "account_id": other["id"]}]
    right = enter(household, anna, other, 50_00)
    wrong = [
        (out, out, "in_id"),
        (out, enter(household, anna, other, -50_00), "in_id"),
        (right, enter(household, anna, giro, 50_00), "out_id"),
        (out, enter(household, anna, other, 700_00), "in_id"),
        (out, enter(household, anna, giro, 50_00), "in_id"),
        (out, enter(household, anna, other, 50_00, planned=True), "in_id"),
        (enter(household, anna, giro, -50_00, parts=parts), right, "out_id"),
        (enter(household, anna, giro, -50_00, parts=moved), right, "out_id"),
    ]
    for one, two, field in wrong:
        answer = confirm(household, anna, one, two)
        assert answer.status_code == 422, answer.text
        assert [problem["name"] for problem in answer.json["error"]["fields"]] == [f"body.{field}"]
    assert links(household, anna) == []
    assert sources(household, anna, out) == ["hand"]
    assert confirm(household, anna, out, right).status_code == 204


def test_two_currencies_may_be_one_transfer(household: Household, anna: Actor) -> None:
    """Nobody can say what had to arrive."""
    out = enter(household, anna, household.account(anna), -50_00)
    into = enter(household, anna, household.account(anna, "US", currency="USD"), 54_10)
    assert confirm(household, anna, out, into).status_code == 204


def test_a_booking_is_half_of_one_transfer(
    household: Household, anna: Actor, linked: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """The same again changes nothing; with a third one it is refused."""
    out, into = linked
    third = enter(household, anna, household.account(anna, "C"), 50_00)
    assert confirm(household, anna, out, third).status_code == 422
    assert confirm(household, anna, out, into).status_code == 204
    assert [state for _, _, state in links(household, anna)] == ["linked"]


def test_a_half_whose_other_half_is_deleted_is_undecided(
    household: Household, anna: Actor, linked: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """It waits in the inbox; undoing the deletion makes the transfer whole again."""
    (out, into), client = linked, household.client(anna)
    gone = client.post("/transactions/delete", json={"ids": [into["id"]]}).json
    assert sources(household, anna, out) == [""]
    assert [one["id"] for one in household.lines(anna, inbox="true")] == [out["id"]]
    assert client.post(f"/changes/{gone['change_id']}/undo").status_code == 200
    assert sources(household, anna, out, into) == ["transfer", "transfer"]
    assert len(links(household, anna)) == 1


def test_a_deletion_is_not_undone_into_a_second_transfer(
    household: Household, anna: Actor, linked: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """The half that stayed belongs to another transfer by now."""
    (out, into), client = linked, household.client(anna)
    gone = client.post("/transactions/delete", json={"ids": [into["id"]]}).json
    third = enter(household, anna, household.account(anna, "C"), 50_00)
    confirm(household, anna, out, third)
    assert client.post(f"/changes/{gone['change_id']}/undo").status_code == 409


@pytest.mark.parametrize("change", [{"amount_minor": 1_00}, {"planned": True}, "account", "transfer"])
def test_a_changed_half_is_none_any_more(
    household: Household, anna: Actor, linked: tuple[dict[str, Any], dict[str, Any]], change: Any
) -> None:
    """Amount, account, plan and what it is by itself make a half.

    Both are undecided, in one step that is undone as a whole.
    """
    (out, into), client = linked, household.client(anna)
    third = household.account(anna, "C")["id"]
    itself = {"parts": [{"amount_minor": 50_00, "account_id": third}]}
    values = {"account": {"account_id": third}, "transfer": itself}[change] if isinstance(change, str) else change
    assert client.patch(f"/transactions/{into['id']}", json=values).status_code == 200
    assert sources(household, anna, out, into) == ["", ""]
    assert links(household, anna) == []
    step = client.get("/changes").json["items"][0]
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert sources(household, anna, out, into) == ["transfer", "transfer"]


def test_a_note_on_a_half_keeps_the_transfer(
    household: Household, anna: Actor, linked: tuple[dict[str, Any], dict[str, Any]]
) -> None:
    """Nothing of what makes it a half changed."""
    out, into = linked
    household.client(anna).patch(f"/transactions/{into['id']}", json={"note": "x", "date": "2026-02-12"})
    assert sources(household, anna, out, into) == ["transfer", "transfer"]


def test_an_undo_leaves_no_transfer_that_does_not_fit(household: Household, anna: Actor) -> None:
    """The amount was changed before the halves were linked; taking that back parts them."""
    category(household, anna, "food.groceries")
    client = household.client(anna)
    out = enter(household, anna, household.account(anna), -40_00)
    into = enter(household, anna, household.account(anna, "B"), 50_00)
    client.patch(f"/transactions/{out['id']}", json={"amount_minor": -50_00})
    step = client.get("/changes").json["items"][0]
    assert confirm(household, anna, out, into).status_code == 204
    assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert (links(household, anna), sources(household, anna, out, into)) == ([], ["", ""])


@pytest.mark.parametrize(
    "change",
    [{"amount_minor": -1_00}, {"planned": True}, {"parts": [{"amount_minor": -20_00}, {"amount_minor": -30_00}]}],
)
def test_a_denial_is_not_taken_back_into_a_transfer_that_does_not_fit(
    household: Household, anna: Actor, linked: tuple[dict[str, Any], dict[str, Any]], change: dict[str, Any]
) -> None:
    """A half was changed after the transfer was denied: taking the denial back makes no transfer of other amounts."""
    (out, into), client = linked, household.client(anna)
    client.post("/transfers/reject", json={"out_id": out["id"], "in_id": into["id"]})
    step = client.get("/changes").json["items"][0]
    assert client.patch(f"/transactions/{out['id']}", json=change).status_code == 200
    client.post(f"/changes/{step['id']}/undo")
    assert "linked" not in {state for _, _, state in links(household, anna)}
    assert set(sources(household, anna, out, into)) == {""}


def test_an_undo_brings_no_suggestion_back_that_nobody_can_follow(household: Household, anna: Actor) -> None:
    """What was suggested of a deleted booking is linked with a third one by now."""
    category(household, anna, "food.groceries")
    client, accounts = household.client(anna), [household.account(anna, name) for name in "ABC"]
    household.book(anna, accounts[0]["id"], f"{HEAD}02.02.2026;Ich;;Zahlung;-200,00;EUR\n".encode())
    household.book(anna, accounts[1]["id"], f"{HEAD}02.02.2026;Ich;;Zahlung;200,00;EUR\n".encode())
    ((out_id, in_id, state),) = links(household, anna)
    assert state == "suggested"
    gone = client.post("/transactions/delete", json={"ids": [in_id]}).json
    third = enter(household, anna, accounts[2], 200_00)
    assert confirm(household, anna, {"id": out_id}, third).status_code == 204
    assert client.post(f"/changes/{gone['change_id']}/undo").status_code == 200
    assert links(household, anna) == [(out_id, third["id"], "linked")]


def test_a_transfer_by_hand_is_not_paired_with_itself(household: Household, anna: Actor) -> None:
    """An imported line was made a transfer; the next import looks for halves around it."""
    category(household, anna, "food.groceries")
    giro, savings = household.account(anna, iban=GIRO), household.account(anna, "Savings", iban=SAVINGS)
    first = f"{HEAD}02.02.2026;Ich;{SAVINGS};Zahlung;-200,00;EUR\n".encode()
    household.book(anna, giro["id"], first, trust=True)
    line = household.lines(anna)[0]
    into = {"parts": [{"amount_minor": -200_00, "account_id": savings["id"]}]}
    household.client(anna).patch(f"/transactions/{line['id']}", json=into)
    third = household.account(anna, "C")
    household.book(anna, third["id"], f"{HEAD}03.02.2026;Other;;Zahlung;5,00;EUR\n".encode(), trust=True)
    assert links(household, anna) == []


def test_a_split_booking_is_no_half_that_is_found(household: Household, anna: Actor) -> None:
    """Nor can a person say so: parts of it may be something else, also while nobody said of what."""
    category(household, anna, "food.groceries")
    giro, savings = household.account(anna, iban=GIRO), household.account(anna, "Savings", iban=SAVINGS)
    household.book(anna, giro["id"], f"{HEAD}02.02.2026;Ich;{SAVINGS};Zahlung;-200,00;EUR\n".encode())
    (line,) = household.lines(anna)
    parts = {"parts": [{"amount_minor": -150_00}, {"amount_minor": -50_00, "memo": "fee"}]}
    assert household.client(anna).patch(f"/transactions/{line['id']}", json=parts).status_code == 200
    household.book(anna, savings["id"], f"{HEAD}02.02.2026;Ich;{GIRO};Zahlung;200,00;EUR\n".encode())
    assert links(household, anna) == []


def test_a_transfer_counts_nowhere_whatever_became_of_its_category(household: Household, anna: Actor) -> None:
    """In a space that never looked at its categories, and where somebody deleted the one of transfers as not used."""
    giro, other, client = household.account(anna), household.account(anna, "B"), household.client(anna)
    february = {"since": "2026-02-01", "until": "2026-02-28"}
    for _ in range(2):
        out, into = enter(household, anna, giro, -50_00), enter(household, anna, other, 50_00)
        assert confirm(household, anna, out, into).status_code == 204
        assert sources(household, anna, out, into) == ["transfer", "transfer"]
        assert client.get("/reports/months", query_string=february).json["items"] == []
        step = client.get("/changes").json["items"][0]
        assert client.post(f"/changes/{step['id']}/undo").status_code == 200
        assert client.post("/transactions/delete", json={"ids": [out["id"], into["id"]]}).status_code == 200
        moves = category(household, anna, "transfers.own_account")
        assert client.delete(f"/categories/{moves}").status_code == 204
    assert category(household, anna, "food.groceries")


def test_the_first_exchange_is_taken_back_after_a_second_one(household: Household, anna: Actor) -> None:
    """The category through which money changes its currency is made with the first; the second stands on it too."""
    giro, dollars = household.account(anna), household.account(anna, "Dollars", currency="USD")
    part = {"amount_minor": -100_00, "account_id": dollars["id"], "other_minor": 108_00}
    client = household.client(anna)
    for _ in range(2):
        enter(household, anna, giro, -100_00, parts=[part])
    (_, first) = [one for one in client.get("/changes").json["items"] if one["kind"] == "transaction.create"]
    answer = client.post(f"/changes/{first['id']}/undo")
    assert answer.status_code == 200, answer.text
    assert household.balance(anna, dollars["id"]) == 108_00
