"""Building projects through their API: entering, paying by a bank line, undo, isolation, what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.financial_manager.conftest import Household
from tests.financial_manager.test_ledger import enter


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


class Site:
    """A timber house of somebody, with one contract; every call insists on its answer."""

    def __init__(self, household: Household, actor: Actor, **rules: Any) -> None:
        self.client = household.client(actor)
        self.project = self.post("projects", {"name": "House", "finish_on": "2026-12-31"})["id"]
        line = {"project_id": self.project, "cost_group": "2.D", "title": "Timber", "estimate_minor": 125_000_00}
        self.line = self.post("lines", {**line, "quote_minor": 121_500_00, "awarded": True})["id"]
        agreed: dict[str, Any] = {
            "net_minor": 100_000_00,
            "vat_bp": 2000,
            "skonto_bp": 300,
            "skonto_days": 14,
            "cover_bp": 500,
        }
        agreed |= {"line_id": self.line, "vendor": "Holzbau Huber", "liability_bp": 200, **rules}
        self.contract = self.post("contracts", agreed)["id"]

    def post(self, path: str, body: dict[str, Any], expect: int = 201) -> Any:
        answer = self.client.post(f"/construction/{path}", json=body)
        assert answer.status_code == expect, answer.text
        return answer.json

    def invoice(self, number: str, date: str, net: int, kind: str = "partial", expect: int = 201) -> Any:
        body = {"contract_id": self.contract, "number": number, "date": date, "net_to_date_minor": net, "kind": kind}
        return self.post("invoices", body, expect)

    def status(self) -> Any:
        return self.client.get(f"/construction/projects/{self.project}/status").json

    def total(self, *names: str) -> tuple[int, ...]:
        total = self.status()["total"]
        return tuple(total[f"{name}_minor"] for name in names)

    def undo_last(self, kind: str) -> None:
        step = next(one for one in self.client.get("/changes").json["items"] if one["kind"] == kind)
        assert self.client.post(f"/changes/{step['id']}/undo").status_code == 200


def test_a_bank_line_settles_an_invoice_a_cost_group_and_a_loans_tranche(household: Household, anna: Actor) -> None:
    """36,860.00 of a 40,000.00 invoice: less 5 % held back and 3 % Skonto; suggested, looked at, paid in one step."""
    site = Site(household, anna)
    giro = household.account(anna)
    invoice = site.invoice("TR-2026-1", "2026-02-01", 33_333_33)
    tranche = {"project_id": site.project, "kind": "loan", "title": "Tranche 1", "amount_minor": 80_000_00}
    loan = site.post("sources", tranche)["id"]
    line = enter(household, anna, giro, -36_860_00, counterparty="HUBER HOLZBAU GMBH", purpose="TR-2026-1")
    asked = {"transaction_id": line["id"]}
    (hint,) = site.client.get("/construction/suggestions", query_string=asked).json["items"]
    assert (hint["claim_id"], hint["score"], hint["vendor"]) == (invoice["id"], 1.0, "Holzbau Huber")
    body = {"transaction_id": line["id"], "financing_id": loan}
    looked = site.post(f"invoices/{invoice['id']}/payments/preview", body, 200)
    assert looked["words"] == "This pays all of it, less 1140.00 EUR of Skonto."
    assert site.total("paid") == (0,)
    paid = site.post(f"invoices/{invoice['id']}/payments", body)
    assert paid["settlement"] == looked
    assert site.total("invoiced", "paid", "skonto", "retained", "open") == (40_000_00, 36_860_00, 1_140_00, 2_000_00, 0)
    (group,) = site.status()["groups"]
    assert (group["key"], group["title_de"], group["figures"]["paid_minor"]) == ("2", "Rohbau", 36_860_00)
    money = site.client.get(f"/construction/projects/{site.project}/financing").json
    assert [(one["title"], one["drawn_minor"]) for one in money["sources"]] == [("Tranche 1", 36_860_00)]
    assert site.client.get("/construction/suggestions", query_string=asked).json["items"] == []
    again = site.post(f"invoices/{invoice['id']}/payments", body, 422)
    assert again["error"]["fields"][0]["name"] == "body.transaction_id"
    site.undo_last("building.invoice.pay")
    assert site.total("invoiced", "paid", "skonto", "open") == (40_000_00, 0, 0, 38_000_00)
    assert household.lines(anna)[0]["amount_minor"] == -36_860_00


def test_skonto_that_was_taken_too_late_stays_open(household: Household, anna: Actor) -> None:
    """The difference is said in words; in time it would have been the Skonto."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    path = f"invoices/{invoice['id']}/payments/preview"
    late = site.post(path, {"amount_minor": 36_860_00, "date": "2026-02-16"}, 200)
    assert (late["skonto_minor"], late["difference_minor"]) == (0, 1_140_00)
    assert late["words"] == "1140.00 EUR stay open: that is the Skonto, and its time ended on 2026-02-15."
    part = site.post(path, {"amount_minor": 30_000_00, "date": "2026-02-02"}, 200)
    assert (part["skonto_minor"], part["words"]) == (0, "8000.00 EUR stay open.")
    whole = site.post(path, {"amount_minor": 38_000_00, "date": "2026-02-02"}, 200)
    assert (whole["skonto_minor"], whole["words"]) == (0, "This pays all of it.")
    more = site.post(path, {"amount_minor": 38_000_01, "date": "2026-02-02"}, 200)
    assert (more["difference_minor"], more["words"]) == (-1, "This is 0.01 EUR more than is due.")
    granted = site.post(path, {"amount_minor": 36_860_00, "date": "2026-02-16", "skonto_minor": 1_140_00}, 200)
    assert granted["difference_minor"] == 0


def test_skonto_counts_for_what_was_paid_in_its_days(household: Household, anna: Actor) -> None:
    """10,000 of 38,000 were paid too late: 3 % of the rest may be kept, not of the whole; nor is it kept twice."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    path = f"invoices/{invoice['id']}/payments"
    site.post(path, {"amount_minor": 10_000_00, "date": "2026-02-20"})
    whole = site.post(f"{path}/preview", {"amount_minor": 26_860_00, "date": "2026-02-10"}, 200)
    assert (whole["skonto_minor"], whole["words"]) == (0, "1140.00 EUR stay open.")
    rest = site.post(path, {"amount_minor": 27_160_00, "date": "2026-02-10"})["settlement"]
    assert (rest["skonto_minor"], rest["words"]) == (840_00, "This pays all of it, less 840.00 EUR of Skonto.")
    assert site.total("paid", "skonto", "open") == (37_160_00, 840_00, 0)


def test_parts_that_are_all_in_time_keep_the_whole_skonto(household: Household, anna: Actor) -> None:
    """The last of them keeps it; a part alone keeps none by itself."""
    site = Site(household, anna)
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    path = f"invoices/{invoice['id']}/payments"
    assert site.post(path, {"amount_minor": 10_000_00, "date": "2026-02-03"})["settlement"]["skonto_minor"] == 0
    last = site.post(path, {"amount_minor": 26_860_00, "date": "2026-02-15"})["settlement"]
    assert (last["skonto_minor"], last["difference_minor"]) == (1_140_00, 0)


def test_a_house_from_the_first_invoice_to_the_release(household: Household, anna: Actor) -> None:
    """The golden timber contract, entered as a household does: changes, three invoices, payments, release."""
    site = Site(household, anna)
    order = {"contract_id": site.contract, "title": "Dormer", "net_minor": 4_321_50}
    change = site.post("change-orders", order)
    assert site.total("committed", "pending") == (120_000_00, 5_185_80)
    path = f"/construction/change-orders/{change['id']}"
    assert site.client.patch(path, json={"approved_on": "2026-03-01"}).status_code == 200
    assert site.total("committed", "changes", "pending") == (125_185_80, 5_185_80, 0)
    dues = (36_860_00, 43_207_40, 40_230_44)
    days = ("2026-04-10", "2026-06-10", "2026-11-10")
    totals = (33_333_33, 71_234_56, 104_321_50)
    for number, (day, net, pay) in enumerate(zip(days, totals, dues, strict=True)):
        invoice = site.invoice(str(number), day, net, "final" if number == 2 else "partial")
        when = "2026-08-01" if number == 1 else day
        paid = site.post(f"invoices/{invoice['id']}/payments", {"amount_minor": pay, "date": when})
        assert paid["settlement"]["difference_minor"] == 0
    assert site.total("invoiced", "paid", "skonto", "retained", "released") == (
        125_185_80, 120_297_84, 2_384_24, 2_503_72, 4_274_07,
    )  # fmt: skip
    release = {"contract_id": site.contract, "date": "2029-12-01", "amount_minor": 2_503_73}
    assert site.post("releases", release, 422)["error"]["fields"][0]["name"] == "body.amount_minor"
    freed = site.post("releases", {**release, "amount_minor": 2_503_72})
    assert site.total("retained", "open", "invoiced") == (0, 2_503_72, 125_185_80)
    site.post(f"releases/{freed['id']}/payments", {"amount_minor": 2_503_72, "date": "2029-12-09"})
    assert site.total("open", "paid") == (0, 122_801_56)
    listed = site.client.get("/construction/projects").json["items"]
    assert [(one["name"], one["total"]["paid_minor"]) for one in listed] == [("House", 122_801_56)]


def test_each_step_is_recorded_and_taken_back(household: Household, anna: Actor) -> None:
    """An invoice with a payment is not taken back before the payment; then all is as it was."""
    site = Site(household, anna)
    before = site.status()
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    site.post(f"invoices/{invoice['id']}/payments", {"amount_minor": 100, "date": "2026-02-02"})
    steps = {one["kind"]: one for one in site.client.get("/changes").json["items"]}
    assert steps["building.invoice.pay"]["title"] == "Holzbau Huber 1, 1.00 EUR"
    early = site.client.post(f"/changes/{steps['building.invoice.create']['id']}/undo")
    assert (early.status_code, early.json["error"]["code"]) == (409, "change_outdated")
    assert site.client.delete(f"/construction/invoices/{invoice['id']}").status_code == 409
    site.undo_last("building.invoice.pay")
    site.undo_last("building.invoice.create")
    assert site.status() == before
    site.undo_last("undo")
    assert site.total("invoiced") == (40_000_00,)


def test_a_deleted_payment_leaves_the_booking(household: Household, anna: Actor) -> None:
    """Money left the account all the same; it may pay something else, or the same again."""
    site, giro = Site(household, anna), household.account(anna)
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    line = enter(household, anna, giro, -38_000_00)
    path = f"invoices/{invoice['id']}/payments"
    paid = site.post(path, {"transaction_id": line["id"]})["payment"]
    assert site.client.delete(f"/construction/payments/{paid['id']}").status_code == 204
    assert len(household.lines(anna)) == 1
    assert site.total("paid") == (0,)
    site.post(path, {"transaction_id": line["id"]})
    assert site.total("paid") == (38_000_00,)


def test_nonsense_is_refused_with_the_field_and_a_remedy(household: Household, anna: Actor) -> None:
    """Invoices that shrink, follow the final one or have a number twice; codes of no scheme; orders on a reserve."""
    site = Site(household, anna)
    site.invoice("1", "2026-02-01", 30_000_00)
    site.invoice("2", "2026-04-01", 90_000_00, "final")
    reserve = {"project_id": site.project, "cost_group": "9", "title": "Reserve", "contingency": True}
    kept = site.post("lines", reserve)["id"]
    line = {"project_id": site.project, "cost_group": "X", "title": "x"}
    held = {"contract_id": site.contract, "date": "2026-05-01", "amount_minor": 1_00, "kind": "cover"}
    refused = [
        (site.invoice("3", "2026-03-01", 20_000_00, expect=422), "net_to_date_minor"),
        (site.invoice("3", "2026-05-01", 95_000_00, expect=422), "date"),
        (site.invoice("3", "2026-03-01", 95_000_00, "final", expect=422), "kind"),
        (site.invoice("1", "2026-03-01", 95_000_00, expect=422), "number"),
        (site.invoice(" ", "2026-03-01", 95_000_00, expect=422), "number"),
        (site.post("lines", line, 422), "cost_group"),
        (site.post("contracts", {"line_id": kept, "vendor": "x", "net_minor": 1}, 422), "line_id"),
        (site.post("projects", {"name": "x", "currency": "XYZ"}, 422), "currency"),
        (site.post("releases", held, 422), "kind"),
        (site.post("lines", {**line, "estimate_minor": -1}, 422), "estimate_minor"),
    ]
    for answer, field in refused:
        (problem,) = answer["error"]["fields"]
        assert problem["name"] == f"body.{field}"
        assert problem["remedy"]
    patch = site.client.patch(f"/construction/projects/{site.project}", json={"scheme": "din276"})
    assert (patch.status_code, patch.json["error"]["fields"][0]["name"]) == (422, "body.scheme")
    nothing = site.client.patch(f"/construction/lines/{site.line}", json={"title": None})
    assert (nothing.status_code, nothing.json["error"]["fields"][0]["name"]) == (422, "body.title")
    old = site.client.patch(f"/construction/lines/{site.line}", json={"title": "a", "version": 7})
    assert (old.status_code, old.json["error"]["code"]) == (409, "row_changed")
    for kind, one in (("projects", site.project), ("lines", site.line), ("contracts", site.contract)):
        assert site.client.delete(f"/construction/{kind}/{one}").status_code == 409
    assert site.total("invoiced") == (108_000_00,)


def test_a_house_is_taken_down_from_the_top(household: Household, anna: Actor) -> None:
    """What nothing stands on can go, and comes back by undo."""
    site = Site(household, anna)
    for kind, one in (("contracts", site.contract), ("lines", site.line), ("projects", site.project)):
        assert site.client.delete(f"/construction/{kind}/{one}").status_code == 204
    assert site.client.get("/construction/projects").json["items"] == []
    for kind in ("project", "line", "contract"):
        site.undo_last(f"building.{kind}.delete")
    assert site.total("committed") == (120_000_00,)


def test_another_person_sees_and_changes_nothing(household: Household, anna: Actor, ben: Actor) -> None:
    """Every id answers as one that does not exist, also where it stands in a body of one's own."""
    site, own = Site(household, anna), Site(household, ben)
    giro = household.account(anna)
    line = enter(household, anna, giro, -38_000_00)
    invoice, mine = site.invoice("1", "2026-02-01", 33_333_33), own.invoice("1", "2026-02-01", 33_333_33)
    source = {"project_id": site.project, "title": "Own", "amount_minor": 1}
    money = site.post("sources", source)["id"]
    before = site.client.get(f"/construction/projects/{site.project}").json
    client, pay = own.client, {"amount_minor": 1, "date": "2026-02-01"}
    answers = [
        client.get(f"/construction/projects/{site.project}"),
        client.get(f"/construction/projects/{site.project}/status"),
        client.get(f"/construction/projects/{site.project}/financing"),
        client.patch(f"/construction/lines/{site.line}", json={"title": "mine"}),
        client.delete(f"/construction/contracts/{site.contract}"),
        client.post("/construction/lines", json={"project_id": site.project, "cost_group": "2", "title": "x"}),
        client.post(f"/construction/invoices/{invoice['id']}/payments", json=pay),
        client.post(f"/construction/invoices/{mine['id']}/payments", json={"transaction_id": line["id"]}),
        client.post(f"/construction/invoices/{mine['id']}/payments", json={**pay, "financing_id": money}),
        client.get("/construction/suggestions", query_string={"transaction_id": line["id"]}),
    ]
    assert [one.status_code for one in answers] == [404] * len(answers)
    assert site.client.get(f"/construction/projects/{site.project}").json == before
    assert [one["id"] for one in client.get("/construction/projects").json["items"]] == [own.project]


def test_money_of_another_project_is_not_drawn(household: Household, anna: Actor) -> None:
    """A tranche belongs to one house; a booking of another currency pays no invoice."""
    site = Site(household, anna)
    other = site.post("projects", {"name": "Barn"})["id"]
    source = site.post("sources", {"project_id": other, "title": "Own", "amount_minor": 1})["id"]
    invoice = site.invoice("1", "2026-02-01", 33_333_33)
    path = f"invoices/{invoice['id']}/payments"
    body = {"amount_minor": 1, "date": "2026-02-01", "financing_id": source}
    assert site.post(path, body, 422)["error"]["fields"][0]["name"] == "body.financing_id"
    dollars = household.account(anna, "Dollars", currency="USD")
    line = enter(household, anna, dollars, -38_000_00)
    assert site.post(path, {"transaction_id": line["id"]}, 422)["error"]["fields"][0]["name"] == "body.transaction_id"
    assert site.post(path, {}, 422)["error"]["fields"][0]["name"] == "body.amount_minor"


def test_money_that_came_since_pays_what_is_overdue(household: Household, anna: Actor) -> None:
    """Due in January, a loan from February, and it is March: nothing is missing on a day that is over."""
    site = Site(household, anna, due_days=10)
    site.invoice("1", "2026-01-05", 40_000_00)
    loan = {"project_id": site.project, "kind": "loan", "title": "Loan", "amount_minor": 200_000_00}
    site.post("sources", {**loan, "available_on": "2026-02-01"})
    told = site.client.get(f"/construction/projects/{site.project}/financing").json
    assert told["short"] is None
    points = [(one["day"], one["needed_minor"]) for one in told["points"] if one["needed_minor"]]
    assert points == [("2026-03-01", 45_600_00), ("2026-12-31", 74_400_00)]


def test_one_bank_line_pays_two_invoices(household: Household, anna: Actor) -> None:
    """Each a part; never more than the line has."""
    site, giro = Site(household, anna), household.account(anna)
    first, second = site.invoice("1", "2026-02-01", 10_000_00), site.invoice("2", "2026-03-01", 20_000_00)
    line = enter(household, anna, giro, -20_000_00)["id"]
    path = f"invoices/{first['id']}/payments"
    site.post(path, {"transaction_id": line, "amount_minor": 11_400_00})
    rest = site.post(f"invoices/{second['id']}/payments", {"transaction_id": line})
    assert rest["payment"]["amount_minor"] == 8_600_00
    assert site.post(path, {"transaction_id": line, "amount_minor": 1}, 422)["error"]["fields"]


def test_money_that_a_company_gives_back_closes_what_was_overpaid(household: Household, anna: Actor) -> None:
    """The final invoice came to less than was paid: the difference is open the other way, until it comes back."""
    site, giro = Site(household, anna, cover_bp=0, liability_bp=0), household.account(anna)
    first = site.invoice("1", "2026-02-01", 10_000_00)
    site.post(f"invoices/{first['id']}/payments", {"amount_minor": 12_000_00, "date": "2026-03-01"})
    final = site.invoice("2", "2026-04-01", 9_500_00, "final")
    assert site.total("invoiced", "open", "forecast") == (11_400_00, -600_00, 11_400_00)
    path = f"invoices/{final['id']}/payments"
    planned = enter(household, anna, giro, 600_00, planned=True)["id"]
    assert site.post(path, {"transaction_id": planned}, 422)["error"]["fields"][0]["name"] == "body.transaction_id"
    back = enter(household, anna, giro, 600_00)["id"]
    assert site.post(path, {"transaction_id": back, "amount_minor": 1}, 422)["error"]["fields"]
    assert site.post(path, {"transaction_id": back})["payment"]["amount_minor"] == -600_00
    assert site.total("invoiced", "paid", "open") == (11_400_00, 11_400_00, 0)


def test_cost_groups_have_names_in_both_languages(household: Household, anna: Actor) -> None:
    """Ten of the ÖNORM with four totals, eight of DIN 276, none of one's own."""
    client = household.client(anna)
    counts = {}
    for scheme in ("oenorm", "din276", "own"):
        found = client.get("/construction/cost-groups", query_string={"scheme": scheme}).json
        counts[scheme] = (len(found["items"]), len(found["sums"]))
    assert counts == {"oenorm": (10, 4), "din276": (8, 2), "own": (0, 0)}


def test_an_invoice_finds_the_bank_lines_that_may_pay_it(household: Household, anna: Actor, ben: Actor) -> None:
    """By amount, company and number; used up, planned, foreign and other people's lines are none."""
    site, giro = Site(household, anna), household.account(anna)
    invoice = site.invoice("TR-2026-1", "2026-02-01", 33_333_33)
    other = site.invoice("TR-2026-2", "2026-03-01", 43_333_33)
    told = {"counterparty": "HUBER HOLZBAU GMBH", "purpose": "TR-2026-1"}
    best = enter(household, anna, giro, -36_860_00, date="2026-02-05", **told)["id"]
    named = enter(household, anna, giro, -5_00, date="2026-02-06", counterparty="Holzbau Huber")["id"]
    enter(household, anna, giro, -36_860_00, date="2026-02-05", planned=True, **told)
    enter(household, anna, giro, -7_00, date="2026-02-06", counterparty="Bakery")
    enter(household, anna, giro, -36_860_00, date="2027-12-05", **told)
    enter(household, ben, household.account(ben), -36_860_00, date="2026-02-05", **told)
    dollars = household.account(anna, "Dollars", currency="USD")
    enter(household, anna, dollars, -36_860_00, date="2026-02-05", **told)
    path = f"/construction/invoices/{invoice['id']}/suggestions"
    first, second = site.client.get(path).json["items"]
    assert (first["transaction_id"], first["score"], first["amount_minor"]) == (best, 1.0, 36_860_00)
    assert first["settlement"]["words"] == "This pays all of it, less 1140.00 EUR of Skonto."
    assert (second["transaction_id"], second["score"]) == (named, 0.25)
    assert household.client(ben).get(path).status_code == 404
    site.post(f"invoices/{other['id']}/payments", {"transaction_id": named})
    assert [one["transaction_id"] for one in site.client.get(path).json["items"]] == [best]
    site.post(f"invoices/{invoice['id']}/payments", {"transaction_id": best})
    assert site.client.get(path).json["items"] == []


def test_money_held_back_is_paid_out_by_a_bank_line(household: Household, anna: Actor) -> None:
    """The release finds the line, shows what it does, and is settled by it."""
    site, giro = Site(household, anna), household.account(anna)
    site.invoice("1", "2026-02-01", 50_000_00)
    freed = site.post(
        "releases", {"contract_id": site.contract, "date": "2026-03-01", "amount_minor": 1_000_00, "kind": "cover"}
    )
    line = enter(household, anna, giro, -1_000_00, date="2026-03-03", counterparty="Holzbau Huber")["id"]
    path = f"releases/{freed['id']}"
    (found,) = site.client.get(f"/construction/{path}/suggestions").json["items"]
    assert found["transaction_id"] == line
    looked = site.post(f"{path}/payments/preview", {"transaction_id": line}, 200)
    assert (looked["words"], site.total("paid")) == ("This pays all of it.", (0,))
    site.post(f"{path}/payments", {"transaction_id": line})
    assert site.total("paid", "released") == (1_000_00, 1_000_00)


def test_papers_of_a_line_are_files_of_the_household(
    household: Household, anna: Actor, ben: Actor, tmp_path: Path
) -> None:
    """A path must name a file in an opened folder; words for a paper are kept; a file that went stops no change."""
    site = Site(household, anna)
    folder = tmp_path / "house"
    folder.mkdir()
    (folder / "plan.pdf").write_bytes(b"%PDF")
    household.roots.grant(anna.owner_id, folder)
    plan = str(folder / "plan.pdf")
    path = f"/construction/lines/{site.line}"

    def keep(*documents: str, client: Any = site.client, line: str = path) -> Any:
        return client.patch(line, json={"documents": list(documents)})

    assert keep(plan, "Ordner 3").json["documents"] == [plan, "Ordner 3"]
    for foreign in (str(folder / "gone.pdf"), "/etc/passwd", f"{folder}/../../etc/passwd"):
        answer = keep(plan, foreign)
        assert answer.status_code == 403, answer.text
        assert answer.json["error"]["fields"][0]["name"] == "body.documents.1"
    other = Site(household, ben)
    assert keep(plan, client=other.client, line=f"/construction/lines/{other.line}").status_code == 403
    (folder / "plan.pdf").unlink()
    assert keep(plan).json["documents"] == [plan]
    assert keep().json["documents"] == []
    assert keep(plan).status_code == 403
