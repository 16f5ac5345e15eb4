"""The screens of a house in every state: empty, refused, filled; what a touch sends, and what is said of it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from frontend.financial_manager.house_words import parse_percent, percent_text
from tests.frontend.financial_manager.money_desk import API, change, ledger, open_at, somebody_changes, transaction
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio
C = f"{API}/construction"
COLUMNS = (
    "estimate", "revised", "contract", "changes", "committed", "pending", "invoiced", "paid", "skonto", "retained",
    "released", "open", "to_complete", "forecast", "variance",
)  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def figures(**known: int) -> dict[str, int]:
    return {f"{name}_minor": known.get(name, 0) for name in COLUMNS}


PROJECT = {
    "id": "h1", "name": "Timber house", "scheme": "oenorm", "currency": "EUR", "finish_on": None, "note": "",
    "version": 2,
}  # fmt: skip
LINE = {
    "id": "l1", "project_id": "h1", "cost_group": "2.D", "title": "Frame", "estimate_minor": 12_500_000,
    "quote_minor": None, "awarded": False, "contingency": False, "documents": ["/home/plan.pdf", "Folder 3"],
    "note": "", "version": 1,
}  # fmt: skip
CONTRACT = {
    "id": "c1", "line_id": "l1", "vendor": "Holzbau Huber", "title": "", "signed_on": None, "net_minor": 10_000_000,
    "vat_bp": 2000, "skonto_bp": 300, "skonto_days": 14, "due_days": 30, "cover_bp": 500, "liability_bp": 0,
    "liability_until": None, "note": "", "version": 1,
}  # fmt: skip
INVOICE = {
    "id": "i1", "contract_id": "c1", "number": "TR-1", "date": "2026-11-01", "net_to_date_minor": 3_333_333,
    "kind": "partial", "version": 1,
}  # fmt: skip
CLAIM = {
    "id": "i1", "date": "2026-11-01", "due_on": "2099-12-01", "net_minor": 3_333_333, "vat_minor": 666_667,
    "gross_minor": 4_000_000, "retain_minor": 200_000, "due_minor": 3_800_000, "skonto_minor": 114_000,
    "skonto_until": "2099-11-15", "paid_minor": 0, "taken_minor": 0, "open_minor": 3_800_000,
}  # fmt: skip
SOURCE = {
    "id": "s1", "project_id": "h1", "kind": "loan", "title": "Loan", "amount_minor": 100, "available_on": None,
    "note": "", "version": 1,
}  # fmt: skip
TOTAL = figures(estimate=12_500_000, committed=12_000_000, invoiced=4_000_000, forecast=12_500_000, open=3_800_000)


def settlement(**more: Any) -> dict[str, Any]:
    told = {"claim": CLAIM, "currency": "EUR", "amount_minor": 3_686_000, "date": "2026-11-10", "words": "x"}
    return {**told, "skonto_minor": 114_000, "difference_minor": 0, **more}


@pytest.fixture
def hub() -> FakeHub:
    """A hub with one house that has a line, a contract and an invoice."""
    hub = ledger(FakeHub())
    rest: dict[str, Any] = {"change_orders": [], "releases": [], "payments": [], "sources": [SOURCE]}
    site = {**PROJECT, "lines": [LINE], "contracts": [CONTRACT], "invoices": [INVOICE], **rest}
    group = {"key": "2", "title_en": "Shell", "title_de": "Rohbau", "figures": TOTAL}
    order = {"contract_id": "c1", "held_minor": 200_000, "released_minor": 0, "retained_minor": 200_000}
    status = {
        "currency": "EUR", "scheme": "oenorm", "groups": [group], "sums": [], "total": TOTAL,
        "lines": [{"line_id": "l1", "cost_group": "2.D", "title": "Frame", "figures": TOTAL}],
        "contingency": {"reserve_minor": 0, "burnt_minor": 0, "left_minor": 0},
        "contracts": [{**order, "claims": [CLAIM]}],
    }  # fmt: skip
    point = {"day": "2027-01-01", "comes_minor": 0, "needed_minor": 700, "left_minor": -600}
    drawn = {**SOURCE, "drawn_minor": 0, "left_minor": 100}
    financing = {
        "currency": "EUR", "sources": [drawn], "unassigned_minor": 0, "needed_minor": 700, "missing_minor": 600,
        "points": [point], "short": point,
    }  # fmt: skip
    hub.on("GET", f"{C}/projects", {"items": [{**PROJECT, "total": TOTAL}]})
    hub.on("GET", f"{C}/projects/h1", site)
    hub.on("GET", f"{C}/projects/h1/status", status)
    hub.on("GET", f"{C}/projects/h1/financing", financing)
    shell = {"key": "2", "code": "2", "last": "2", "title_en": "Shell", "title_de": "Rohbau"}
    hub.on("GET", f"{C}/cost-groups", {"items": [shell], "sums": []})
    hub.on("GET", f"{C}/invoices/i1/suggestions", {"items": []})
    return hub


def sent(hub: FakeHub, method: str, path: str) -> Any:
    return json.loads(hub.calls(method, f"{C}{path}")[-1].content)


async def test_without_a_project_one_is_to_be_begun(hub: FakeHub) -> None:
    """It says what it is good for, and offers each numbering of cost groups."""
    hub.on("GET", f"{C}/projects", {"items": []})
    window, _ = await open_at(hub, "/houses")
    await window.until(lambda: window.shows("No building project yet"))
    for said in ("ÖNORM B 1801-1", "DIN 276", "Names of my own"):
        assert window.shows(said)


@pytest.mark.parametrize(
    ("route", "path"), [("/houses", "/projects"), ("/houses/h1", "/projects/h1"), ("/houses/h1/money", "/projects/h1")]
)
async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub, route: str, path: str) -> None:
    """The hub's own words, and a button."""
    hub.on("GET", f"{C}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


@pytest.mark.parametrize(
    "route", ["lines/gone", "contracts/gone", "invoices/gone", "releases/gone", "invoices/gone/pay", "money/gone"]
)
async def test_what_is_gone_is_said(hub: FakeHub, route: str) -> None:
    """An old address leads to the projects."""
    window, _ = await open_at(hub, f"/houses/h1/{route}")
    await window.until(lambda: window.shows("This is not here"))
    assert window.button("To the building projects")


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("houses/h1", ("€125,000.00", "As planned", "2 Shell", "On 1 Jan 2027 €6.00 will be missing.")),
        ("houses/h1/group?code=2", ("Frame", "€120,000.00")),
        ("houses/h1/lines/l1", ("Holzbau Huber", "plan.pdf", "Folder 3")),
        ("houses/h1/contracts/c1", ("3 % within 14 days", "Invoice TR-1", "Held back now", "€2,000.00")),
        ("houses/h1/invoices/i1", ("€6,666.67", "−€2,000.00", "−€1,140.00", "€38,000.00", "Nothing was paid yet.")),
        ("houses/h1/money", ("Loan", "On 1 Jan 2027 €6.00 will be missing.", "€7.00 is needed")),
    ],
)
async def test_each_page_shows_its_figures(hub: FakeHub, route: str, said: tuple[str, ...]) -> None:
    """From the whole down to one invoice."""
    window, _ = await open_at(hub, f"/{route}")
    for text in said:
        await window.until(lambda text=text: window.shows(text))


async def test_a_contract_is_sent_in_cents_and_basis_points(hub: FakeHub) -> None:
    """What is no percent is said at its field, and nothing is sent before it is right."""
    hub.on("POST", f"{C}/contracts", CONTRACT)
    window, _ = await open_at(hub, "/houses/h1/contracts/new?line=l1")
    await window.until(lambda: window.shows("Paying"))
    await window.type("Company", "Holzbau Huber")
    await window.type("Amount without VAT", "100.000,50")
    await window.type("Skonto", "101")
    await window.click("Save")
    assert not hub.calls("POST", f"{C}/contracts")
    await window.type("Skonto", "2,5")
    await window.click("Save")
    body = sent(hub, "POST", "/contracts")
    assert (body["line_id"], body["net_minor"], body["skonto_bp"], body["vat_bp"]) == ("l1", 10_000_050, 250, 2000)
    assert (body["due_days"], body["liability_until"]) == (30, None)


async def test_only_what_changed_is_sent_with_what_was_seen(hub: FakeHub) -> None:
    """An empty quote is none, not zero; somebody else's change is noticed by the version."""
    hub.on("PATCH", f"{C}/lines/l1", LINE)
    window, _ = await open_at(hub, "/houses/h1/lines/l1/edit")
    await window.until(lambda: window.shows("This is a reserve"))
    await window.type("Planned, with VAT", "130000")
    await window.click("Save")
    assert sent(hub, "PATCH", "/lines/l1") == {"estimate_minor": 13_000_000, "version": 1}


async def test_a_bank_line_is_looked_at_before_it_pays(hub: FakeHub) -> None:
    """The touch asks what it would do; only the button enters it, with the money that it draws."""
    line = {
        "transaction_id": "t1", "date": "2026-11-10", "counterparty": "HUBER", "purpose": "TR-1", "score": 1.0,
        "amount_minor": 3_686_000, "settlement": settlement(),
    }  # fmt: skip
    hub.on("GET", f"{C}/invoices/i1/suggestions", {"items": [line]})
    hub.on("POST", f"{C}/invoices/i1/payments/preview", settlement())
    hub.on("POST", f"{C}/invoices/i1/payments", {"payment": {}, "settlement": settlement()})
    window, _ = await open_at(hub, "/houses/h1/invoices/i1/pay")
    await window.until(lambda: window.shows("HUBER"))
    tile = next(one for one in window.find("ListTile") if getattr(one.title, "value", "") == "HUBER")
    await window.fire(tile, "click")
    assert sent(hub, "POST", "/invoices/i1/payments/preview") == {"financing_id": None, "transaction_id": "t1"}
    assert not hub.calls("POST", f"{C}/invoices/i1/payments")
    await window.until(lambda: window.shows("This pays all of it, less €1,140.00 of Skonto."))
    loan = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == "Loan")
    await window.fire(loan, "select", True)
    await window.click("Enter payment")
    assert sent(hub, "POST", "/invoices/i1/payments") == {"financing_id": "s1", "transaction_id": "t1"}


def offered(**more: Any) -> dict[str, Any]:
    """Return what a booking may pay."""
    facts = {"kind": "invoice", "claim_id": "i1", "vendor": "Holzbau Huber", "title": "TR-1", "project_id": "h1"}
    return {**facts, "score": 1.0, "settlement": settlement(**more)}


async def test_a_booking_pays_an_invoice_by_one_press(hub: FakeHub) -> None:
    """What it does, Skonto and what is held back are said before; after it the invoice is a way there, with undo."""
    unit = {"currency": "EUR", "left_minor": 3_686_000}
    hub.on("GET", f"{API}/transactions/t1", transaction(amount=-3_686_000))
    hub.on("GET", f"{C}/suggestions", {**unit, "paid": [], "items": [offered()]})
    hub.on("POST", f"{C}/invoices/i1/payments", {"payment": {}, "settlement": settlement(), "change_id": "s7"})
    hub.on("POST", f"{API}/changes/s7/undo", {})
    window, _ = await open_at(hub, "/transactions/t1")
    await window.until(lambda: window.button("Pays this invoice"))
    assert window.shows("Holzbau Huber, Invoice TR-1")
    assert window.shows("This pays all of it, less €1,140.00 of Skonto.")
    assert window.shows("Of €40,000.00, €2,000.00 are held back and not paid yet.")
    paid = {"payment_id": "p1", "kind": "invoice", "claim_id": "i1", "vendor": "Holzbau Huber", "title": "TR-1"}
    paid |= {"project_id": "h1", "project": "Timber house", "source": "Loan"}
    amounts = {"amount_minor": 3_686_000, "skonto_minor": 114_000}
    hub.on("GET", f"{C}/suggestions", {**unit, "left_minor": 0, "paid": [{**paid, **amounts}], "items": []})
    await window.click("Pays this invoice")
    await window.until(lambda: window.shows("Timber house · €1,140.00 of Skonto kept · From Loan"))
    assert sent(hub, "POST", "/invoices/i1/payments") == {"transaction_id": "t1"}
    assert not window.shows("Pays this invoice")
    (message,) = [one for one in window.find("SnackBar") if one.action is not None]
    await window.fire(message.action, "click")
    await window.until(lambda: bool(hub.calls("POST", f"{API}/changes/s7/undo")))


async def test_a_booking_that_has_more_pays_only_what_is_due(hub: FakeHub) -> None:
    """And says so; a booking that has to do with no house says nothing of one."""
    hub.on("GET", f"{API}/transactions/t1", transaction(amount=-4_000_000))
    told = {"currency": "EUR", "left_minor": 4_000_000, "paid": [], "items": [offered(difference_minor=-200_000)]}
    hub.on("GET", f"{C}/suggestions", told)
    hub.on("POST", f"{C}/invoices/i1/payments", {"payment": {}, "settlement": settlement(), "change_id": "s7"})
    window, _ = await open_at(hub, "/transactions/t1")
    said = "This pays all of it: €38,000.00 of this booking; €2,000.00 of it stay free."
    await window.until(lambda: window.shows(said))
    await window.click("Pays this invoice")
    body = {"transaction_id": "t1", "amount_minor": 3_800_000}
    await window.until(lambda: bool(hub.calls("POST", f"{C}/invoices/i1/payments")))
    assert sent(hub, "POST", "/invoices/i1/payments") == body
    hub.on("GET", f"{C}/suggestions", {**told, "items": []})
    plain, _ = await open_at(hub, "/transactions/t1")
    await plain.until(lambda: plain.shows("What is known of it"))
    assert not plain.shows("Does this pay an invoice?")


@pytest.mark.parametrize(
    ("text", "bp"),
    [("20", 2000), ("2,5", 250), ("2.55 %", 255), ("0", 0), ("100", 10000), ("100,01", None), ("", None)],
)
async def test_percents_are_read_as_typed(text: str, bp: int | None) -> None:
    """Comma or point, with or without the sign; written back they are the same."""
    assert parse_percent(text) == bp
    if bp is not None:
        assert parse_percent(percent_text(bp)) == bp


def went(window: Any, route: str) -> bool:
    """Tell whether a touch led to a place."""
    return any(call[0] == "push_route" and f"'{route}'" in str(call) for call in window.wire.calls)


async def test_a_bar_leads_to_its_cost_group(hub: FakeHub) -> None:
    """The touch passes the group's own code on."""
    window, _ = await open_at(hub, "/houses/h1")
    await window.until(lambda: window.shows("2 Shell"))
    bar = next(one for one in window.find("Container") if one.key == "2 Shell")
    await window.fire(bar, "click")
    await window.until(lambda: went(window, "/financial_manager/houses/h1/group?code=2"))


async def test_a_numbering_is_chosen_before_the_project_begins(hub: FakeHub) -> None:
    """What was touched stands in the form, and is sent."""
    hub.on("GET", f"{C}/projects", {"items": []})
    hub.on("POST", f"{C}/projects", PROJECT)
    window, _ = await open_at(hub, "/houses")
    await window.until(lambda: window.shows("DIN 276"))
    line = next(one for one in window.find("ListTile") if getattr(one.title, "value", "") == "DIN 276")
    await window.fire(line, "click")
    await window.until(lambda: went(window, "/financial_manager/houses/new?scheme=din276"))
    window, _ = await open_at(hub, "/houses/new?scheme=din276")
    await window.until(lambda: window.shows("Currency"))
    await window.type("Name", "Barn")
    await window.click("Save")
    body = sent(hub, "POST", "/projects")
    assert (body["name"], body["scheme"], body["currency"]) == ("Barn", "din276", "EUR")


async def test_a_paper_is_a_file_of_an_opened_folder(hub: FakeHub) -> None:
    """Folders are looked into, a file is chosen by a touch, and stands behind those that were there."""
    folder = {"name": "House", "path": "/home/House", "is_folder": True, "size": 0, "modified": 0}
    photo = {"name": "roof.jpg", "path": "/home/House/roof.jpg", "is_folder": False, "size": 9, "modified": 1}
    hub.on("GET", f"{API}/folders", {"path": None, "parent": None, "writable": False, "items": [folder]})
    hub.on("PATCH", f"{C}/lines/l1", LINE)
    window, _ = await open_at(hub, "/houses/h1/lines/l1")
    await window.until(lambda: window.shows("plan.pdf"))
    pressing = asyncio.ensure_future(window.click("Add a file"))
    await window.until(lambda: window.shows("House"))

    def line(name: str) -> Any:
        return next(one for one in window.find("ListTile") if getattr(one.title, "value", "") == name)

    hub.on("GET", f"{API}/folders", {"path": "/home/House", "parent": None, "writable": True, "items": [photo]})
    await window.fire(line("House"), "click")
    await window.until(lambda: window.shows("roof.jpg"))
    await window.fire(line("roof.jpg"), "click")
    await window.until(lambda: hub.calls("PATCH", f"{C}/lines/l1"))
    documents = ["/home/plan.pdf", "Folder 3", "/home/House/roof.jpg"]
    assert sent(hub, "PATCH", "/lines/l1") == {"documents": documents, "version": 1}
    assert all("kind=all" in str(call.url) for call in hub.calls("GET", f"{API}/folders"))
    await pressing


async def test_the_list_of_changes_says_what_was_done_to_a_house(hub: FakeHub) -> None:
    """Paid, entered, removed, changed: each by its own words."""
    steps = [
        change("s1", "building.invoice.pay", "Holzbau Huber TR-1, 1.00 EUR"),
        change("s2", "building.line.create", "Frame"),
        change("s3", "building.contract.delete", "Mason"),
        change("s4", "building.project.change", "Timber house"),
    ]
    hub.on("GET", f"{API}/changes", page(*steps))
    window, _ = await open_at(hub, "/changes")
    said = ("Invoice paid: Holzbau Huber TR-1, €1.00", "Line of the building budget added: Frame")
    for text in (*said, "Contract deleted: Mason", "Building project changed: Timber house"):
        await window.until(lambda text=text: window.shows(text))


async def test_a_row_that_somebody_changed_is_not_overwritten(hub: FakeHub) -> None:
    """Version and difference are those of the row that the form began with, although an event brought a newer one."""
    path = f"{C}/projects/h1"
    site = hub.answers["GET", path]
    window, session = await open_at(hub, "/houses/h1/edit")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", path, {**site, "version": 7, "note": "Theirs"})
    await somebody_changes(window, session)
    await window.type("Name", "Stone house")
    hub.on("PATCH", path, lambda _: refusal(409, "row_changed"))
    await window.click("Save")
    assert sent(hub, "PATCH", "/projects/h1") == {"name": "Stone house", "version": 2}
    await window.click("Load the newer one")
    await window.until(lambda: window.shows("This is the newer one"))
    assert window.find("TextField", label="Note")[0].value == "Theirs"
    hub.on("PATCH", path, {"id": "h1"})
    await window.click("Save")
    assert sent(hub, "PATCH", "/projects/h1") == {"name": "Stone house", "version": 7}
