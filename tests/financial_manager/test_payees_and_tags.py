"""Payees and tags: merged, renamed, forgotten; what is booked follows, search finds it, every step is undone."""

from __future__ import annotations

from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_importing import statement
from tests.financial_manager.test_ledger import category, enter

ODD = 'a "b" \\ %_'


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def payees(household: Household, actor: Actor) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in household.client(actor).get("/payees").json["items"]}


def named(household: Household, actor: Actor, name: str, *written: str) -> str:
    household.client(actor).post("/payees", json={"name": name, "written": list(written)})
    return str(payees(household, actor)[name]["id"])


def test_two_payees_become_one(household: Household, anna: Actor) -> None:
    """Bookings and ways of being written follow, what comes later too; the undo parts them again."""
    giro, client = household.account(anna), household.client(anna)
    enter(household, anna, giro, -1_00, counterparty="BILLA DANKT 0001")
    enter(household, anna, giro, -2_00, counterparty="BILLA PLUS 77")
    one = named(household, anna, "Billa", "BILLA DANKT 0001")
    other = named(household, anna, "Billa Plus", "BILLA PLUS 77")
    done = client.post(f"/payees/{other}/merge", json={"into_id": one}).json
    assert done["count"] == 1
    (merged,) = payees(household, anna).values()
    assert (merged["name"], merged["transactions"]) == ("Billa", 2)
    assert sorted(merged["written"]) == ["billa dankt 0001", "billa plus 77"]
    assert {line["payee"] for line in household.lines(anna, payee_id=one)} == {"Billa"}
    undone = client.post(f"/changes/{done['change_id']}/undo")
    assert undone.status_code == 200, undone.text
    assert {name: row["transactions"] for name, row in payees(household, anna).items()} == {"Billa": 1, "Billa Plus": 1}
    client.post(f"/payees/{other}/merge", json={"into_id": one})
    assert enter(household, anna, giro, -3_00, counterparty="Billa Plus 77")["payee"] == "Billa"
    assert client.post(f"/payees/{one}/merge", json={"into_id": one}).status_code == 422


def test_a_new_name_is_found_by_the_search_and_is_nobody_elses(household: Household, anna: Actor) -> None:
    """Renaming onto another payee is refused: merging says what happens then."""
    giro, client = household.account(anna), household.client(anna)
    enter(household, anna, giro, -1_00, counterparty="XQ 4711")
    shop = named(household, anna, "Shop", "XQ 4711")
    named(household, anna, "Market", "else")
    told = client.patch(f"/payees/{shop}", json={"name": " Market "})
    assert told.status_code == 422
    assert "body.name" in told.text
    client.patch(f"/payees/{shop}", json={"name": "Corner shop"})
    assert len(household.lines(anna, words="corner")) == 1
    assert client.patch(f"/payees/{shop}", json={"name": "Corner shop"}).status_code == 200


@pytest.mark.parametrize("how", ["merge", "rename"])
def test_who_is_written_as_a_payee_was_called_stays_that_payee(household: Household, anna: Actor, how: str) -> None:
    """A name has no spelling of its own: after the payee got another one, a note drops nobody, and new ones follow."""
    giro, client = household.account(anna), household.client(anna)
    billa, rewe = named(household, anna, "Billa", "BILLA DANKT"), named(household, anna, "Rewe", "REWE SAGT")
    line = enter(household, anna, giro, -5_00, counterparty="Billa")
    assert line["payee"] == "Billa"
    if how == "merge":
        done = client.post(f"/payees/{billa}/merge", json={"into_id": rewe})
    else:
        client.delete(f"/payees/{rewe}")
        done = client.patch(f"/payees/{billa}", json={"name": "Rewe"})
    assert done.status_code == 200
    assert client.patch(f"/transactions/{line['id']}", json={"note": "x"}).json["payee"] == "Rewe"
    assert enter(household, anna, giro, -6_00, counterparty="Billa")["payee"] == "Rewe"
    assert {one["id"] for one in household.lines(anna, words="rewe x")} == {line["id"]}


def test_an_undo_takes_no_spelling_away_that_was_said_later(household: Household, anna: Actor) -> None:
    """The step that made a payee is taken back after the ones that built upon it, as where bookings have it."""
    client = household.client(anna)
    named(household, anna, "Shop", "XQ 4711")
    first = client.get("/changes").json["items"][0]
    named(household, anna, "Shop", "XQ 4712")
    second = client.get("/changes").json["items"][0]
    assert client.post(f"/changes/{first['id']}/undo").json["error"]["code"] == "change_outdated"
    assert sorted(payees(household, anna)["Shop"]["written"]) == ["xq 4711", "xq 4712"]
    for step in (second, first):
        assert client.post(f"/changes/{step['id']}/undo").status_code == 200
    assert payees(household, anna) == {}


def test_a_payee_is_found_alike_by_hand_and_in_a_file(household: Household, anna: Actor) -> None:
    """By its spellings, and by its very name; changing something else of a booking never says who it was."""
    giro, client = household.account(anna), household.client(anna)
    named(household, anna, "Billa", "BILLA DANKT")
    household.book(anna, giro["id"], statement(("02.02.2026", "Billa", "-10,00"), ("03.02.2026", "Spar", "-11,00")))
    assert {one["counterparty"]: one["payee"] for one in household.lines(anna)} == {"Billa": "Billa", "Spar": ""}
    named(household, anna, "Spar", "SPAR DANKT")
    spar = next(one for one in household.lines(anna) if one["counterparty"] == "Spar")
    assert client.patch(f"/transactions/{spar['id']}", json={"note": "x"}).json["payee"] == ""


def test_a_spelling_and_a_payee_are_forgotten(household: Household, anna: Actor) -> None:
    """What was booked stays and is called as its bank wrote it."""
    giro, client = household.account(anna), household.client(anna)
    for text in ("Cafe Eins", "Cafe Zwei"):
        enter(household, anna, giro, -1_00, counterparty=text)
    cafe = named(household, anna, "Coffee", "Cafe Eins", "Cafe Zwei")
    done = client.post(f"/payees/{cafe}/forget", json={"written": ["cafe zwei"]}).json
    assert done["count"] == 1
    assert [line["counterparty"] for line in household.lines(anna, payee_id=cafe)] == ["Cafe Eins"]
    assert client.post(f"/payees/{cafe}/forget", json={"written": ["nobody"]}).status_code == 422
    gone = client.delete(f"/payees/{cafe}").json
    assert gone["count"] == 1
    assert payees(household, anna) == {}
    assert [line["payee"] for line in household.lines(anna)] == ["", ""]
    assert household.lines(anna, words="coffee") == []
    for step in (gone, done):
        assert client.post(f"/changes/{step['change_id']}/undo").status_code == 200
    assert payees(household, anna)["Coffee"]["transactions"] == 2


def test_tags_are_counted_narrowed_by_and_renamed(household: Household, anna: Actor) -> None:
    """Whole tags only, with umlauts and quotes too; a rule that gives the tag gives the new one."""
    giro, client = household.account(anna), household.client(anna)
    enter(household, anna, giro, -1_00, counterparty="A", tags=["Österreich", "trip"])
    enter(household, anna, giro, -2_00, counterparty="B", tags=["Österreich 2026", ODD])
    enter(household, anna, giro, -3_00, counterparty="C")
    action = {"category_id": category(household, anna, "food.groceries"), "tags": ["trip", "Österreich"]}
    rule = {"name": "R", "conditions": [{"what": "text", "values": ["x"]}], "action": action}
    assert client.post("/category-rules", json=rule).status_code == 201
    tags = {one["name"]: one["transactions"] for one in client.get("/tags").json["items"]}
    assert tags == {"Österreich": 1, "Österreich 2026": 1, "trip": 1, ODD: 1}
    assert [line["counterparty"] for line in household.lines(anna, tag="Österreich")] == ["A"]
    assert [line["counterparty"] for line in household.lines(anna, tag=ODD)] == ["B"]
    assert household.lines(anna, tag="%") == []
    done = client.post("/tags/rename", json={"tag": "Österreich", "name": "trip"}).json
    assert done["count"] == 1
    assert [line["tags"] for line in household.lines(anna, tag="trip")] == [["trip"]]
    assert client.get("/category-rules").json["items"][0]["tags"] == ["trip"]
    assert client.post(f"/changes/{done['change_id']}/undo").status_code == 200
    assert client.post("/tags/remove", json={"tag": "trip"}).json["count"] == 1
    assert [line["tags"] for line in household.lines(anna, tag="Österreich")] == [["Österreich"]]
    assert client.post("/tags/rename", json={"tag": "gone", "name": "x"}).status_code == 404
    assert client.post("/tags/rename", json={"tag": "Österreich", "name": "   "}).status_code == 422


def test_payees_and_tags_of_another_person_are_not_there(household: Household, anna: Actor, ben: Actor) -> None:
    """The same answer as for what does not exist, and nothing changes."""
    giro = household.account(anna)
    enter(household, anna, giro, -1_00, counterparty="A", tags=["secret"])
    payee, own = named(household, anna, "Shop", "A"), named(household, ben, "Mine", "B")
    client = household.client(ben)
    assert client.get("/tags").json["items"] == []
    answers = [
        client.post("/tags/remove", json={"tag": "secret"}),
        client.post("/tags/rename", json={"tag": "secret", "name": "x"}),
        client.delete(f"/payees/{payee}"),
        client.post(f"/payees/{payee}/merge", json={"into_id": own}),
        client.post(f"/payees/{own}/merge", json={"into_id": payee}),
        client.post(f"/payees/{payee}/forget", json={"written": ["a"]}),
    ]
    assert [one.status_code for one in answers] == [404] * len(answers)
    assert payees(household, anna)["Shop"]["transactions"] == 1
    assert household.lines(anna, tag="secret")
