"""Bookings that paid something in a house: what they paid is told, and payments follow them or hold them (ADR 0200)."""

from __future__ import annotations

from typing import Any

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_building import Site
from tests.financial_manager.test_building_rules import refused, step, undo
from tests.financial_manager.test_ledger import enter

DUE = 38_000_00


class Paid:
    """A house with an invoice that a bank line paid, drawing a tranche; all of it Anna's."""

    def __init__(self, household: Household, anna: Actor) -> None:
        self.site = Site(household, anna)
        self.giro = household.account(anna)
        self.invoice = self.site.invoice("TR-1", "2026-02-01", 33_333_33)
        source = {"project_id": self.site.project, "kind": "loan", "title": "Tranche 1", "amount_minor": 50_000_00}
        self.loan = self.site.post("sources", source)["id"]
        told = {"date": "2026-02-20", "counterparty": "Huber Holzbau"}
        self.line = enter(household, anna, self.giro, -DUE, **told)["id"]
        self.pay()

    def pay(self) -> Any:
        body = {"transaction_id": self.line, "financing_id": self.loan}
        return self.site.post(f"invoices/{self.invoice['id']}/payments", body)["payment"]

    def standing(self) -> Any:
        return self.site.client.get("/construction/suggestions", query_string={"transaction_id": self.line}).json

    def drawn(self) -> int:
        money = self.site.client.get(f"/construction/projects/{self.site.project}/financing").json
        return int(money["sources"][0]["drawn_minor"])

    def days(self) -> list[str]:
        rows = self.site.client.get(f"/construction/projects/{self.site.project}").json["payments"]
        return [one["date"] for one in rows]

    def change(self, **values: Any) -> Any:
        return self.site.client.patch(f"/transactions/{self.line}", json=values)

    def delete(self) -> Any:
        answer = self.site.client.post("/transactions/delete", json={"ids": [self.line]})
        assert answer.status_code == 200, answer.text
        return answer.json


def test_a_booking_says_what_it_paid_and_what_it_may_pay(household: Household, anna: Actor, ben: Actor) -> None:
    """With the project, the Skonto and the money that it drew; somebody else is told nothing."""
    paid = Paid(household, anna)
    told = paid.standing()
    (one,) = told["paid"]
    assert (one["claim_id"], one["vendor"], one["title"]) == (paid.invoice["id"], "Holzbau Huber", "TR-1")
    assert (one["project"], one["project_id"]) == ("House", paid.site.project)
    assert (one["amount_minor"], one["skonto_minor"], one["source"]) == (DUE, 0, "Tranche 1")
    assert (told["left_minor"], told["currency"], told["items"]) == (0, "EUR", [])
    other = enter(household, anna, paid.giro, -5_00)["id"]
    none = paid.site.client.get("/construction/suggestions", query_string={"transaction_id": other}).json
    assert (none["paid"], none["items"], none["left_minor"]) == ([], [], 5_00)
    asked = household.client(ben).get("/construction/suggestions", query_string={"transaction_id": paid.line})
    assert asked.status_code == 404


def test_a_payment_follows_the_day_of_its_booking(household: Household, anna: Actor) -> None:
    """In one step with it, there and back and there again; a day that was given to the payment itself stays."""
    paid = Paid(household, anna)
    assert paid.change(date="2026-02-24").status_code == 200
    assert paid.days() == ["2026-02-24"]
    moved = step(paid.site, "transaction.change")
    assert undo(paid.site, moved).status_code == 200
    assert paid.days() == ["2026-02-20"]
    paid.site.undo_last("undo")
    assert paid.days() == ["2026-02-24"]
    other = paid.site.invoice("TR-2", "2026-03-01", 50_000_00)
    line = enter(household, anna, paid.giro, -1_000_00, date="2026-03-05")["id"]
    body = {"transaction_id": line, "date": "2026-03-03"}
    paid.site.post(f"invoices/{other['id']}/payments", body)
    assert paid.site.client.patch(f"/transactions/{line}", json={"date": "2026-03-06"}).status_code == 200
    assert paid.days() == ["2026-02-24", "2026-03-03"]


def test_a_booking_keeps_what_it_paid(household: Household, anna: Actor) -> None:
    """Lowered, turned round, only planned or in another currency it could not have paid: refused, nothing changes."""
    paid = Paid(household, anna)
    before = (paid.site.status(), paid.standing(), household.balance(anna, paid.giro["id"]))
    assert "38000.00" in refused(paid.change(amount_minor=-DUE + 1), "amount_minor")
    refused(paid.change(amount_minor=DUE), "amount_minor")
    assert "Holzbau Huber TR-1" in refused(paid.change(planned=True), "planned")
    dollars = household.account(anna, "Dollars", currency="USD")
    refused(paid.change(account_id=dollars["id"]), "account_id")
    refused(paid.change(account_id=dollars["id"], amount_minor=-DUE), "account_id")
    assert (paid.site.status(), paid.standing(), household.balance(anna, paid.giro["id"])) == before
    assert paid.change(amount_minor=-DUE - 5_00).status_code == 200
    assert paid.standing()["left_minor"] == 5_00
    assert paid.change(note="from the savings", amount_minor=-DUE).status_code == 200


def test_a_deleted_booking_takes_its_payment_along(household: Household, anna: Actor) -> None:
    """The invoice is open and the tranche undrawn again; undone, both are back; done again, both are gone."""
    paid = Paid(household, anna)
    before = (paid.site.status(), paid.standing())
    told = paid.delete()
    assert (told["count"], told["payments"]) == (1, 1)
    assert paid.site.total("paid", "open") == (0, DUE)
    assert paid.drawn() == 0
    detail = paid.site.client.get(f"/changes/{told['change_id']}").json
    assert "con_payments" in {one["table_name"] for one in detail["rows"]}
    assert undo(paid.site, {"id": told["change_id"]}).status_code == 200
    assert (paid.site.status(), paid.standing(), paid.drawn()) == (*before, DUE)
    paid.site.undo_last("undo")
    assert (paid.site.total("paid"), household.lines(anna)) == ((0,), [])
    other = enter(household, anna, paid.giro, -1_00)["id"]
    assert paid.site.client.post("/transactions/delete", json={"ids": [other]}).json["payments"] == 0


def test_taking_back_an_entry_takes_its_payment_along(household: Household, anna: Actor) -> None:
    """The step that entered the booking is undone after it paid: both go, and both come again."""
    paid = Paid(household, anna)
    assert undo(paid.site, step(paid.site, "transaction.create")).status_code == 200
    assert (paid.site.total("paid"), paid.drawn(), household.lines(anna)) == ((0,), 0, [])
    paid.site.undo_last("undo")
    assert (paid.site.total("paid"), paid.drawn()) == ((DUE,), DUE)
    assert paid.standing()["left_minor"] == 0


def test_an_undo_leaves_no_booking_that_paid_more_than_it_has(household: Household, anna: Actor) -> None:
    """A raised booking paid all of it: lowering it by an undo is refused until the payment is taken back."""
    paid = Paid(household, anna)
    paid.site.undo_last("building.invoice.pay")
    assert paid.change(amount_minor=-30_000_00).status_code == 200
    assert paid.change(amount_minor=-DUE).status_code == 200
    raised = step(paid.site, "transaction.change")
    paid.pay()
    answer = undo(paid.site, raised)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "building_broken")
    assert household.lines(anna)[0]["amount_minor"] == -DUE
    paid.site.undo_last("building.invoice.pay")
    assert undo(paid.site, raised).status_code == 200


def test_no_payment_comes_back_without_a_booking_that_paid_it(household: Household, anna: Actor) -> None:
    """Its booking went, or is only planned by now: an undo does not say "paid" where no money went."""
    paid = Paid(household, anna)
    (one,) = paid.site.client.get(f"/construction/projects/{paid.site.project}").json["payments"]
    assert paid.site.client.delete(f"/construction/payments/{one['id']}").status_code == 204
    gone = step(paid.site, "building.payment.delete")
    assert paid.delete()["payments"] == 0
    answer = undo(paid.site, gone)
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "building_broken")
    assert answer.json["error"]["fields"][0]["problem"] == "The booking that this payment was is gone."
    assert (paid.site.total("paid"), paid.drawn()) == ((0,), 0)
    paid.site.undo_last("transaction.delete")
    assert paid.change(planned=True).status_code == 200
    assert undo(paid.site, gone).status_code == 409
    assert paid.change(planned=False).status_code == 200
    assert undo(paid.site, gone).status_code == 200
    assert (paid.site.total("paid"), paid.drawn(), paid.standing()["left_minor"]) == ((DUE,), DUE, 0)


def test_an_import_whose_booking_paid_is_not_taken_back(household: Household, anna: Actor) -> None:
    """It could not be brought again with its payment; when that is taken back, it can."""
    site, giro = Site(household, anna), household.account(anna)
    invoice = site.invoice("TR-1", "2026-02-01", 33_333_33)
    data = b"Buchungstag;Auftraggeber;Betrag;Waehrung\n20.02.2026;Huber Holzbau;-38000,00;EUR\n"
    batch = household.book(anna, giro["id"], data).json["id"]
    (line,) = household.lines(anna)
    paid = site.post(f"invoices/{invoice['id']}/payments", {"transaction_id": line["id"]})["payment"]
    answer = site.client.post(f"/imports/{batch}/undo")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "booking_pays")
    assert "Holzbau Huber TR-1" in answer.json["error"]["fields"][0]["problem"]
    assert undo(site, step(site, "import")).status_code == 409
    assert (len(household.lines(anna)), site.total("paid")) == (1, (DUE,))
    assert site.client.delete(f"/construction/payments/{paid['id']}").status_code == 204
    assert site.client.post(f"/imports/{batch}/undo").status_code == 200
    assert household.lines(anna) == []
