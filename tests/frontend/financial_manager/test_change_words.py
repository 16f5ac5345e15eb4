"""Every kind of step and row has words; amounts are in their own currency; what cannot be taken back is not offered."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import backend.financial_manager.models  # noqa: F401
from backend.financial_manager.construction.rows import KINDS
from backend.financial_manager.ledger.change_log import AUDITED
from frontend.financial_manager.change_words import change_title
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.row_fields import FIELDS
from frontend.financial_manager.row_words import row_lines, row_subject, row_title
from frontend.i18n import money, set_language
from tests.frontend.financial_manager.money_desk import API, CATEGORIES, change, changed, ledger, open_at
from tests.frontend.wire import FakeHub, page

pytestmark = pytest.mark.anyio
MODULE = Path(__file__).resolve().parents[3] / "backend" / "financial_manager"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return ledger(FakeHub())


def book(hub: FakeHub) -> LedgerProvider:
    found = LedgerProvider(api=hub.api())
    found.categories = tuple(CATEGORIES)  # type: ignore[arg-type]
    return found


def kinds() -> set[str]:
    """Return every kind of step that the hub's own code names."""
    found = {"import"}
    for path in MODULE.rglob("*.py"):
        text = path.read_text("utf-8")
        found |= set(re.findall(r'_?log\.(?:write|within)\([^"]*?"([a-z_]+\.[a-z_]+)"', text))
        for template in re.findall(r'f"(building\.\{kind\}\.[a-z]+)"', text):
            found |= {template.replace("{kind}", kind) for kind in KINDS}
    return found


def test_the_code_names_many_kinds() -> None:
    """The search above finds them; otherwise the next test says nothing."""
    assert {"account.create", "price.import", "budget.end", "rule.apply", "building.contract.change"} <= kinds()


@pytest.mark.parametrize("kind", sorted(kinds()))
def test_every_kind_of_step_has_words(kind: str) -> None:
    """None is only "Changed"; the name of what it is about is in it."""
    said = change_title(change(kind=kind, title="Something"))  # type: ignore[arg-type]
    assert "Something" in said
    assert not said.startswith("Changed:"), kind


@pytest.mark.parametrize("table", sorted(AUDITED))
def test_every_recorded_table_has_words(hub: FakeHub, table: str) -> None:
    """For the thing itself, and for columns that it really has."""
    assert row_title(changed(table, {}, None)) != "Part of the ledger: removed"  # type: ignore[arg-type]
    columns = set(AUDITED[table].__table__.columns.keys())
    assert FIELDS[table]
    assert set(FIELDS[table]) <= columns
    amounts = {name for name in columns if name.endswith("_minor")}
    assert amounts <= set(FIELDS[table]), "no amount changes unseen"


ROWS: tuple[tuple[dict[str, Any], tuple[str, str, str]], ...] = (
    (changed("user_accounts", {"opening_minor": 0}, {"opening_minor": 500}, currency="JPY"),
     ("Held then", "JP¥0", "JP¥500")),
    (changed("postings", {"amount_minor": 500}, {"amount_minor": 600}, currency="CHF"),
     ("Amount", "−CHF5.00", "−CHF6.00")),
    (changed("postings", {"amount_minor": -500}, {"amount_minor": -600}, of_account=True),
     ("Amount", "−€5.00", "−€6.00")),
    (changed("con_contracts", {"net_minor": 100, "vat_bp": 2000}, {"net_minor": 200, "vat_bp": 1950}),
     ("Value added tax", "20%", "19.5%")),
    (changed("security_prices", None, {"price": "20.5"}, currency="USD"), ("Price", "", "20.5 USD")),
    (changed("security_trades", {"kind": "buy"}, {"kind": "transfer_in"}), ("Kind", "Purchase", "Moved here")),
    (changed("securities", {"kind": "stock"}, {"kind": "fund_equity"}), ("Kind", "Shares", "Equity funds")),
    (changed("con_invoices", {"kind": "partial"}, {"kind": "final"}), ("Kind", "Part invoice", "Final invoice")),
    (changed("budgets", None, {"since": "2026-03-01"}), ("From this month on", "", "March 2026")),
    (changed("category_rules", {"body": {"a": 1}}, {"body": {"a": 2}}), ("What it looks for", "", "changed")),
    (changed("con_invoices", None, {"contract_id": "k1"}, names={"k1": "Huber"}), ("Contract", "", "Huber")),
)  # fmt: skip


@pytest.mark.parametrize(("row", "line"), ROWS)
def test_values_are_told_by_their_table(hub: FakeHub, row: Any, line: tuple[str, str, str]) -> None:
    """The same column means another thing elsewhere; the currency is the row's own."""
    assert line in row_lines(row, book(hub))


def test_what_a_row_belongs_to_is_said_once(hub: FakeHub) -> None:
    """A changed contract says whose; a new one has the company among its lines already."""
    row = changed("con_contracts", {"net_minor": 1}, {"net_minor": 2}, subject="Huber")
    assert row_subject(row, book(hub)) == "Huber"  # type: ignore[arg-type]
    row = changed("con_contracts", None, {"vendor": "Huber"}, subject="Huber")
    assert row_subject(row, book(hub)) == ""  # type: ignore[arg-type]


async def test_titles_that_the_hub_puts_together_are_said_in_german(hub: FakeHub) -> None:
    """Counts, kinds of trades, names of shipped categories."""
    window, _ = await open_at(hub, "/changes")  # the language lies in its session
    set_language("de")
    said = {
        change_title(change(kind=kind, title=title))  # type: ignore[arg-type]
        for kind, title in (
            ("transaction.categorise", "3 transactions: Groceries"),
            ("trade.create", "cost adjustment Acme, 2026-03-04"),
            ("budget.set", "Groceries"),
            ("building.invoice.pay", "Huber TR-1, 100.00 EUR"),
        )
    }
    assert said == {
        "Abgelegt: 3 Buchungen: Lebensmittel",
        "Depotbuchung hinzugefügt: Änderung der Kosten Acme, 04.03.2026",
        "Budget gesetzt: Lebensmittel",
        f"Rechnung bezahlt: Huber TR-1, {money(100_00, 'EUR')}",
    }, window.texts()


async def test_an_import_that_was_taken_back_leads_to_its_file(hub: FakeHub) -> None:
    """Doing it again is refused by the hub, so it is not offered, neither in the list nor in the step."""
    back = change("s2", "undo", "Giro: March.csv", undoes="s1", can_undo=False, import_id="b1")
    hub.on("GET", f"{API}/changes", page(back))
    hub.on("GET", f"{API}/changes/s2", back)
    window, _ = await open_at(hub, "/changes")
    await window.until(lambda: window.shows("Import the file again"))
    assert not window.shows("Do it again")
    window, _ = await open_at(hub, "/changes/s2")
    await window.until(lambda: window.shows("Import the file again"))
    await window.click("Import the file again")
    assert ("push_route", {"route": "/financial_manager/import"}) in window.wire.calls


async def test_a_step_whose_rows_were_changed_since_says_so(hub: FakeHub) -> None:
    """No button that is refused; the way is said instead."""
    hub.on("GET", f"{API}/changes/s1", change(can_undo=False))
    window, _ = await open_at(hub, "/changes/s1")
    await window.until(lambda: window.shows("Take the later change back first."))
    assert not window.shows("Take it back")


def test_an_amount_in_a_title_is_written_as_people_write_it() -> None:
    """Also one without cents, and what a company gave back; a number in a company's name is none."""
    kind = "building.invoice.pay"
    for title, said in (
        ("Huber TR-1, 36859.63 EUR", "Invoice paid: Huber TR-1, €36,859.63"),
        ("Huber TR-1, 36860 JPY", "Invoice paid: Huber TR-1, JP¥36,860"),
        ("Huber TR-1, -600.00 EUR", "Invoice paid: Huber TR-1, −€600.00"),
        ("Studio 54 EUROPA", "Invoice paid: Studio 54 EUROPA"),
    ):
        assert change_title(change(kind=kind, title=title)) == said  # type: ignore[arg-type]
