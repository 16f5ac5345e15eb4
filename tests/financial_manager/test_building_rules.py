"""What a contract needs stays: whatever is changed, deleted, undone or done again, it adds up or is refused."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_building import Site
from tests.financial_manager.test_ledger import enter


def refused(answer: Any, field: str) -> str:
    """Insist that an answer names a field; return what it says."""
    assert answer.status_code == 422, answer.text
    (problem,) = answer.json["error"]["fields"]
    assert problem["name"] == f"body.{field}"
    assert problem["remedy"]
    return str(problem["problem"])


def ended(household: Household, anna: Actor) -> tuple[Site, dict[str, Any], dict[str, Any]]:
    """Return a house whose contract has a final invoice, and a release of what was held back from it, paid out."""
    site = Site(household, anna)
    final = site.invoice("S1", "2026-04-01", 90_000_00, "final")
    release = {"contract_id": site.contract, "date": "2029-12-01", "amount_minor": 2_160_00}
    freed = site.post("releases", release)
    site.post(f"releases/{freed['id']}/payments", {"amount_minor": 2_160_00, "date": "2029-12-09"})
    assert site.total("paid", "retained", "released") == (2_160_00, 0, 2_160_00)
    return site, final, freed


@pytest.mark.parametrize(
    ("kind", "change", "field"),
    [
        ("invoices", {"kind": "partial"}, "kind"),
        ("invoices", {"net_to_date_minor": 80_000_00}, "net_to_date_minor"),
        ("contracts", {"liability_bp": 100}, "liability_bp"),
        ("contracts", {"vat_bp": 0}, "liability_bp"),
    ],
)
def test_a_release_keeps_the_money_that_it_releases(
    household: Household, anna: Actor, kind: str, change: dict[str, Any], field: str
) -> None:
    """What was paid out never vanishes because the invoice or the contract below it changed."""
    site, final, _ = ended(household, anna)
    before = site.status()
    row = final["id"] if kind == "invoices" else site.contract
    assert "2160.00 were released" in refused(site.client.patch(f"/construction/{kind}/{row}", json=change), field)
    assert site.status() == before


def test_the_final_invoice_is_not_deleted_under_a_release(household: Household, anna: Actor) -> None:
    """Neither by deleting it nor by taking back its entering; when the release is gone, both work."""
    site, final, freed = ended(household, anna)
    before = site.status()
    answer = site.client.delete(f"/construction/invoices/{final['id']}")
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "building_broken")
    assert answer.json["error"]["fields"][0]["remedy"] == "Take the release back first."
    made = next(one for one in site.client.get("/changes").json["items"] if one["kind"] == "building.invoice.create")
    undone = site.client.post(f"/changes/{made['id']}/undo")
    assert (undone.status_code, undone.json["error"]["code"]) == (409, "building_broken")
    assert site.status() == before
    site.undo_last("building.release.pay")
    assert site.client.delete(f"/construction/releases/{freed['id']}").status_code == 204
    assert site.client.delete(f"/construction/invoices/{final['id']}").status_code == 204
    assert site.total("invoiced", "paid") == (0, 0)


def test_a_final_invoice_before_a_release_of_cover_is_refused(household: Household, anna: Actor) -> None:
    """What was kept from partial invoices comes free with the final one: no release of it comes later."""
    site = Site(household, anna)
    site.invoice("1", "2026-02-01", 30_000_00)
    release = {"contract_id": site.contract, "date": "2026-05-01", "amount_minor": 1_00, "kind": "cover"}
    site.post("releases", release)
    body = {"contract_id": site.contract, "number": "S", "date": "2026-04-01", "net_to_date_minor": 90_000_00}
    refused(site.client.post("/construction/invoices", json={**body, "kind": "final"}), "date")
    site.invoice("S", "2026-05-01", 90_000_00, "final")


def test_skonto_that_was_kept_is_never_more_than_is_due(household: Household, anna: Actor) -> None:
    """An invoice is not made so small that the Skonto would be all of it."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    site.post(f"invoices/{invoice['id']}/payments", {"amount_minor": 36_860_00, "date": "2026-02-02"})
    answer = site.client.patch(f"/construction/invoices/{invoice['id']}", json={"net_to_date_minor": 900_00})
    assert "1140.00 were kept" in refused(answer, "net_to_date_minor")


def undo(site: Site, step: dict[str, Any]) -> Any:
    """Take a step back; return the answer."""
    return site.client.post(f"/changes/{step['id']}/undo")


def step(site: Site, kind: str) -> dict[str, Any]:
    """Return the newest step of a kind."""
    found: dict[str, Any] = next(one for one in site.client.get("/changes").json["items"] if one["kind"] == kind)
    return found


def test_undo_does_not_make_what_entering_refuses(household: Household, anna: Actor) -> None:
    """Two final invoices, a contract on a reserve, a line of another scheme, one booking paid twice."""
    site, giro = Site(household, anna), household.account(anna)
    first = site.invoice("1", "2026-02-01", 30_000_00)
    final = site.invoice("2", "2026-04-01", 90_000_00, "final")
    assert site.client.delete(f"/construction/invoices/{final['id']}").status_code == 204
    deleted = step(site, "building.invoice.delete")
    site.invoice("3", "2026-04-02", 91_000_00, "final")
    assert undo(site, deleted).json["error"]["code"] == "building_broken"

    line = {"project_id": site.project, "cost_group": "4", "title": "Doors", "contingency": True}
    doors = site.post("lines", line)["id"]
    assert site.client.patch(f"/construction/lines/{doors}", json={"contingency": False}).status_code == 200
    opened = step(site, "building.line.change")
    site.post("contracts", {"line_id": doors, "vendor": "Tischler", "net_minor": 1})
    assert undo(site, opened).json["error"]["code"] == "building_broken"

    other = site.post("projects", {"name": "Barn", "scheme": "own"})["id"]
    stall = site.post("lines", {"project_id": other, "cost_group": "Stall", "title": "Stall"})["id"]
    assert site.client.delete(f"/construction/lines/{stall}").status_code == 204
    gone = step(site, "building.line.delete")
    assert site.client.patch(f"/construction/projects/{other}", json={"scheme": "din276"}).status_code == 200
    assert undo(site, gone).json["error"]["code"] == "building_broken"

    booking = enter(household, anna, giro, -10_000_00)["id"]
    path = f"invoices/{first['id']}/payments"
    paid = site.post(path, {"transaction_id": booking})["payment"]
    assert site.client.delete(f"/construction/payments/{paid['id']}").status_code == 204
    unpaid = step(site, "building.payment.delete")
    site.post(path, {"transaction_id": booking})
    before = site.status()
    assert undo(site, unpaid).json["error"]["code"] == "building_broken"
    assert site.status() == before


def test_done_again_is_checked_like_done(household: Household, anna: Actor) -> None:
    """An undo that is undone puts a second final invoice no more than entering one does."""
    site = Site(household, anna)
    site.invoice("1", "2026-04-01", 90_000_00, "final")
    assert undo(site, step(site, "building.invoice.create")).status_code == 200
    taken = step(site, "undo")
    site.invoice("2", "2026-04-02", 91_000_00, "final")
    assert undo(site, taken).json["error"]["code"] == "building_broken"
    assert site.total("invoiced") == (109_200_00,)


@pytest.mark.parametrize("day", ["9999-12-31", "2200-01-01", "1899-12-31", "0001-01-01"])
def test_days_of_no_household_are_refused(household: Household, anna: Actor, day: str) -> None:
    """Each day of each kind of row, before anything is added to it."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 30_000_00)
    contract = {"line_id": site.line, "vendor": "x", "net_minor": 1}
    bodies: list[tuple[str, dict[str, Any], str]] = [
        ("invoices", {"contract_id": site.contract, "number": "2", "date": day, "net_to_date_minor": 1}, "date"),
        ("releases", {"contract_id": site.contract, "date": day, "amount_minor": 1, "kind": "cover"}, "date"),
        ("contracts", {**contract, "liability_until": day}, "liability_until"),
        ("contracts", {**contract, "signed_on": day}, "signed_on"),
        (
            "change-orders",
            {"contract_id": site.contract, "title": "x", "net_minor": 1, "approved_on": day},
            "approved_on",
        ),
        ("projects", {"name": "x", "finish_on": day}, "finish_on"),
        (
            "sources",
            {"project_id": site.project, "title": "x", "amount_minor": 1, "available_on": day},
            "available_on",
        ),
        (f"invoices/{invoice['id']}/payments", {"amount_minor": 1, "date": day}, "date"),
        (f"invoices/{invoice['id']}/payments/preview", {"amount_minor": 1, "date": day}, "date"),
    ]
    for path, body, field in bodies:
        refused(site.client.post(f"/construction/{path}", json=body), field)
    refused(site.client.patch(f"/construction/invoices/{invoice['id']}", json={"date": day}), "date")
    assert site.client.get(f"/construction/projects/{site.project}/financing").status_code == 200


def test_money_kept_from_partial_invoices_is_due_with_the_final_one(household: Household, anna: Actor) -> None:
    """Not when the liability ends: years later the plan would have had money that was needed at the end of the work."""
    site = Site(household, anna, liability_until="2029-12-31")
    site.invoice("1", "2026-02-01", 50_000_00)

    def needs() -> dict[str, int]:
        points = site.client.get(f"/construction/projects/{site.project}/financing").json["points"]
        return {one["day"]: one["needed_minor"] for one in points}

    assert needs() == {"2026-03-03": 57_000_00, "2026-12-31": 60_000_00 + 3_000_00}
    site.invoice("S", "2026-06-01", 100_000_00, "final")
    assert needs() == {"2026-03-03": 57_000_00, "2026-07-01": 60_600_00, "2029-12-31": 2_400_00}


def test_what_is_only_planned_is_suggested_for_nothing(household: Household, anna: Actor) -> None:
    """It cannot pay: it has not happened."""
    site, giro = Site(household, anna), household.account(anna)
    site.invoice("TR-2026-1", "2026-02-01", 33_333_33)
    told = {"counterparty": "HUBER HOLZBAU", "purpose": "TR-2026-1"}
    planned = enter(household, anna, giro, -38_000_00, planned=True, **told)["id"]
    booked = enter(household, anna, giro, -38_000_00, **told)["id"]

    def hints(booking: str) -> int:
        asked = {"transaction_id": booking}
        return len(site.client.get("/construction/suggestions", query_string=asked).json["items"])

    assert (hints(planned), hints(booked)) == (0, 1)


def test_totals_of_a_scheme_have_keys_of_their_own(household: Household, anna: Actor) -> None:
    """Two totals may begin with the same group; their keys are those of the status."""
    client = household.client(anna)
    site = Site(household, anna)
    for scheme in ("oenorm", "din276"):
        found = client.get("/construction/cost-groups", query_string={"scheme": scheme}).json
        keys = [one["key"] for one in (*found["items"], *found["sums"])]
        assert len(set(keys)) == len(keys)
    sums = client.get("/construction/cost-groups", query_string={"scheme": "oenorm"}).json["sums"]
    assert {one["key"] for one in sums} == {one["key"] for one in site.status()["sums"]}


def test_a_project_is_read_with_one_query_for_each_kind(household: Household, anna: Actor) -> None:
    """However many lines and contracts it has: no list of ids grows with it."""
    site = Site(household, anna)
    bulk = {"project_id": site.project, "cost_group": "2"}
    for number in range(30):
        line = site.post("lines", {**bulk, "title": str(number)})["id"]
        site.post("contracts", {"line_id": line, "vendor": "x", "net_minor": 1_00})
    asked: list[str] = []

    def note(*told: Any) -> None:
        asked.append(told[2])

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        found = site.client.get(f"/construction/projects/{site.project}").json
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    assert (len(found["lines"]), len(found["contracts"])) == (31, 31)
    queries = [one for one in asked if "FROM con_" in one or "FROM construction_budget" in one]
    assert len(queries) == 8, queries
    assert max(one.count("?") for one in queries) <= 8
    other = Site(household, anna)
    other.invoice("1", "2026-02-01", 1_00)
    assert site.client.get(f"/construction/projects/{site.project}").json == found


def test_nothing_is_no_value_where_one_is_needed(household: Household, anna: Actor) -> None:
    """null in a change is refused with its field where a row needs a value, and empties where it does not."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 30_000_00)
    source = site.post("sources", {"project_id": site.project, "title": "Own", "amount_minor": 1})["id"]
    needed = {
        f"invoices/{invoice['id']}": ("number", "date", "net_to_date_minor", "kind"),
        f"contracts/{site.contract}": ("vendor", "net_minor", "vat_bp", "due_days", "cover_bp", "liability_bp"),
        f"lines/{site.line}": ("cost_group", "estimate_minor", "awarded", "contingency", "documents"),
        f"sources/{source}": ("kind", "title", "amount_minor"),
        f"projects/{site.project}": ("name", "scheme", "note"),
    }
    before = site.client.get(f"/construction/projects/{site.project}").json
    for path, names in needed.items():
        for name in names:
            refused(site.client.patch(f"/construction/{path}", json={name: None}), name)
    assert site.client.get(f"/construction/projects/{site.project}").json == before
    for path, name in (
        (f"contracts/{site.contract}", "liability_until"),
        (f"projects/{site.project}", "finish_on"),
        (f"lines/{site.line}", "quote_minor"),
    ):
        assert site.client.patch(f"/construction/{path}", json={name: None}).json[name] is None


def test_of_two_who_change_at_once_the_second_looks_again(household: Household, anna: Actor) -> None:
    """What the first said stays."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 30_000_00)
    path = f"/construction/invoices/{invoice['id']}"
    assert site.client.patch(path, json={"number": "A", "version": 1}).status_code == 200
    second = site.client.patch(path, json={"number": "B", "version": 1})
    assert (second.status_code, second.json["error"]["code"]) == (409, "row_changed")
