"""The money screens in every state: empty, refused, filled; what a touch sends, and what is said of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frontend.financial_manager.screens.imports.statement_chooser import ENDINGS
from tests.frontend.financial_manager.money_desk import (
    API,
    account,
    batch,
    change,
    changed,
    ledger,
    line,
    open_at,
    part,
    preview,
    transaction,
    waiting,
)
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return ledger(FakeHub())


def sent(hub: FakeHub, method: str, path: str) -> Any:
    """Return the body of the last such request."""
    return json.loads(hub.calls(method, f"{API}{path}")[-1].content)


EMPTY = (
    ("/transactions", "No transactions yet"),
    ("/inbox", "Nothing waits"),
    ("/imports", "No statement was imported yet"),
    ("/transfers", "No pairs wait"),
    ("/changes", "Nothing was changed yet"),
    ("/reports", "Nothing to count yet"),
    ("/accounts/a1", "Nothing is booked on this account yet."),
    ("/accounts/gone", "This account is not here"),
    ("/import/a1", "No folder is opened yet"),
)


@pytest.mark.parametrize(("route", "said"), EMPTY)
async def test_what_is_empty_says_so(hub: FakeHub, route: str, said: str) -> None:
    """Each list has words for nothing."""
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows(said))


@pytest.mark.parametrize("route", ["/accounts", "/import", "/transactions/new"])
async def test_without_an_account_one_is_to_be_added(hub: FakeHub, route: str) -> None:
    """Nothing can be done before, and every place says how to begin."""
    hub.on("GET", f"{API}/accounts", {"items": []})
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("No account yet"))
    assert window.button("Add account")


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/accounts", "/accounts"), ("/transactions", "/transactions"), ("/inbox", "/transactions/inbox"),
        ("/imports", "/imports"), ("/transfers", "/transfers"), ("/changes", "/changes"),
        ("/reports", "/reports/months"), ("/categories", "/categories"), ("/transactions/t1", "/transactions/t1"),
        ("/imports/b1", "/imports/b1"), ("/changes/s1", "/changes/s1"), ("/import/a1", "/folders"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub, route: str, path: str) -> None:
    """The hub's own words, and a button."""
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


async def test_the_first_page_tells_what_is_there_and_what_waits(hub: FakeHub) -> None:
    """Net worth, accounts, counts, and what the month went to."""
    hub.on("GET", f"{API}/transactions", page(transaction()))
    worth = {"day": "2026-11-30", "currency": "EUR", "worth_minor": 123450}
    hub.on("GET", f"{API}/reports/net-worth", {"items": [worth]})
    spent = {"month": "2026-11-01", "category_id": "c1", "currency": "EUR", "spent_minor": 4200, "bookings": 2}
    hub.on("GET", f"{API}/reports/months", {"items": [spent]})
    window, session = await open_at(hub, "/accounts")
    await window.until(lambda: window.shows("Bookings without a category: 1"))
    for said in ("€1,234.50", "Giro", "Groceries", "€42.00"):
        assert window.shows(said), window.texts()
    hub.on("GET", f"{API}/accounts", {"items": [account(), account("a2", "Savings")]})
    session.socket.feed("event", event("financial_manager.ledger_changed", "e9", "a-9"))
    await window.until(lambda: window.shows("Savings"))


async def test_the_first_page_counts_what_the_depots_are_worth(hub: FakeHub) -> None:
    """A depot shows its securities, and how much of everything they are is told."""
    depot = account("a2", "Depot") | {"kind": "depot", "balance_minor": 500}
    hub.on("GET", f"{API}/accounts", {"items": [account(), depot]})
    points = [{"day": "2026-11-30", "worth_minor": 123450}]
    own = {"currency": "EUR", "points": points, "quotes": [], "missing": []}
    hub.on("GET", f"{API}/reports/own/net-worth", own)
    hub.on("GET", f"{API}/rates", {"source": "EUR", "items": []})
    held = {"depot": "Depot", "depot_id": "a2", "currency": "EUR", "value_minor": 668385, "own_minor": 668385}
    told = {"on": "2026-11-30", "currency": "EUR", "items": [held], "total_minor": 668385, "missing": [], "quotes": []}
    hub.on("GET", f"{API}/depots/worth", told | {"without_price": []})
    window, _ = await open_at(hub, "/accounts")
    await window.until(lambda: window.shows("€6,683.85 of it in securities"))
    assert window.shows("€6,688.85")


async def test_an_account_is_added_with_what_it_held(hub: FakeHub) -> None:
    """What is wrong is said at its field; the amount is sent in cents."""
    hub.on("POST", f"{API}/accounts", account("a9", "Purse"))
    window, _ = await open_at(hub, "/accounts/new")
    await window.until(lambda: window.shows("How it began"))
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/accounts")
    await window.type("Name", "Purse")
    await window.type("Held then", "1.234,5")
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/accounts")  # of which day is not said
    await window.type("At the end of this day", "31/10/2026")
    await window.click("Save")
    body = sent(hub, "POST", "/accounts")
    assert (body["name"], body["opening_minor"], body["opening_date"]) == ("Purse", 123450, "2026-10-31")


async def test_an_account_begins_in_the_households_own_currency(hub: FakeHub) -> None:
    """Also one that stands in no short menu."""
    hub.on("GET", f"{API}/settings", {"currency": "JPY", "country": "XX"})
    hub.on("POST", f"{API}/accounts", account("a9", "Purse"))
    window, _ = await open_at(hub, "/accounts/new")
    await window.until(lambda: window.shows("How it began"))
    await window.type("Name", "Purse")
    await window.click("Save")
    assert sent(hub, "POST", "/accounts")["currency"] == "JPY"


async def test_the_import_names_every_kind_of_file_that_it_takes(hub: FakeHub) -> None:
    """By its ending, and in the words above the button."""
    names = {"csv": "CSV", "camt": "CAMT", "mt940": "MT940", "ofx": "OFX", "qif": "QIF", "xlsx": "Excel"}
    names |= {"json": "JSON", "xls": "Excel"}
    assert set(names) <= set(ENDINGS)
    window, _ = await open_at(hub, "/import/a1")
    await window.until(lambda: window.shows("Banks offer CSV, CAMT"))
    assert [name for name in names.values() if not window.shows(name)] == []


async def test_something_new_is_of_the_account_that_is_used_most(hub: FakeHub) -> None:
    """Not of a depot because its name comes first."""
    depot = account("d1", "Broker", kind="depot", bookings=90)
    hub.on("GET", f"{API}/accounts", {"items": [depot, account("a1", "Alltag"), account("a2", "Giro", bookings=40)]})
    hub.on("POST", f"{API}/transactions", transaction())
    window, _ = await open_at(hub, "/transactions/new")
    await window.until(lambda: window.shows("What was it for?"))
    await window.type("Amount", "3")
    await window.click("Save")
    assert sent(hub, "POST", "/transactions")["account_id"] == "a2"


async def test_a_transaction_is_entered_by_amount_and_category(hub: FakeHub) -> None:
    """Spent money leaves: the sign is not typed; what was refused is said."""
    hub.on("POST", f"{API}/transactions", transaction())
    window, _ = await open_at(hub, "/transactions/new")
    await window.until(lambda: window.shows("What was it for?"))
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/transactions")
    await window.type("Amount", "12,34")
    groceries = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == "Groceries")
    await window.fire(groceries, "select", True)
    await window.click("Save")
    body = sent(hub, "POST", "/transactions")
    assert (body["amount_minor"], body["category_id"], body["account_id"]) == (-1234, "c1", "a1")


async def test_a_split_must_add_up(hub: FakeHub) -> None:
    """Parts are sent with their signs; what is left over is said first."""
    hub.on("POST", f"{API}/transactions", transaction())
    window, _ = await open_at(hub, "/transactions/new")
    await window.until(lambda: window.shows("Split into parts"))
    await window.type("Amount", "10")
    await window.click("Split into parts")
    await window.type("Amount of part 1", "6")
    await window.type("Amount of part 2", "3")
    assert window.shows("Still to be split: €1.00")
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/transactions")
    await window.type("Amount of part 2", "4")
    await window.click("Save")
    assert [one["amount_minor"] for one in sent(hub, "POST", "/transactions")["parts"]] == [-600, -400]


async def test_one_touch_files_a_booking_and_offers_the_similar_ones(hub: FakeHub) -> None:
    """The chip with the suggestion; then the others at once."""
    hub.on("GET", f"{API}/transactions/inbox", page(waiting("t1", "c1", "c2"), waiting("t2", "c1")))
    hub.on("POST", f"{API}/transactions/categorise", {"count": 1, "similar": [transaction("t2")]})
    window, _ = await open_at(hub, "/inbox")
    await window.until(lambda: window.shows("Groceries"))
    await window.click("Billa is Groceries")
    await window.until(lambda: window.shows("Also file 1 similar booking as Groceries?"))
    await window.click("File this one too")
    assert sent(hub, "POST", "/transactions/categorise") == {"ids": ["t2"], "category_id": "c1"}
    await window.until(lambda: window.shows("Nothing waits"))


async def test_a_transaction_says_who_decided_and_why(hub: FakeHub) -> None:
    """Each part with its reason; no id is shown."""
    parts = [
        part(-600, "c1", source="hand"),
        part(-634, "c2", source="memory", reason="3 of 4 payments to Billa were Restaurants."),
    ]
    hub.on("GET", f"{API}/transactions/t1", transaction(parts=parts, batch_id="b1"))
    window, _ = await open_at(hub, "/transactions/t1")
    await window.until(lambda: window.shows("You said so"))
    assert window.shows("3 of 4 payments to Billa were Restaurants.")
    assert window.shows("−€6.34")
    assert not any("b1" in text or text in ("t1", "c1") for text in window.texts())


async def test_a_preview_says_whether_bank_and_homie_agree(hub: FakeHub) -> None:
    """Counts, the balances in words, doubts, and lines with their reasons."""
    entry = {"name": "m.csv", "path": "/bank/m.csv", "is_folder": False, "size": 9, "modified": 1}
    hub.on("GET", f"{API}/folders", {"path": "/bank", "parent": None, "writable": False, "items": [entry]})
    bank = preview()["bank"] | {"closing_minor": 9000, "closing_date": "2026-03-31", "ledger_minor": 8000}
    twin = line(1, "twin", reasons=["There is one of this amount already, on 2026-03-02. Is it the same?"])
    told = preview(bank=bank | {"difference_minor": 1000}, twins=1, rows=[line(), twin], doubts=["A doubt."])
    hub.on("POST", f"{API}/imports/preview", told)
    window, _ = await open_at(hub, "/import/a1")
    await window.until(lambda: window.shows("m.csv"))
    await window.click("m.csv")
    await window.until(lambda: window.shows("Homie will say €80.00: €10.00 apart"))
    for said in ("A doubt.", "There is one of this amount already, on 2 Mar 2026.", "Book 1 line"):
        assert window.shows(said), window.texts()


async def test_a_statement_of_another_account_offers_the_others_and_trust(hub: FakeHub) -> None:
    """Said in words, with the ways on."""
    entry = {"name": "m.csv", "path": "/bank/m.csv", "is_folder": False, "size": 9, "modified": 1}
    hub.on("GET", f"{API}/folders", {"path": "/bank", "parent": None, "writable": False, "items": [entry]})
    hub.on("GET", f"{API}/accounts", {"items": [account(), account("a2", "Savings")]})
    hub.on("POST", f"{API}/imports/preview", lambda _: refusal(409, "statement_of_another_account"))
    window, _ = await open_at(hub, "/import/a1")
    await window.until(lambda: window.shows("m.csv"))
    await window.click("m.csv")
    await window.until(lambda: window.shows("Is it of another account?"))
    assert window.shows("Savings")
    assert window.button("Use it all the same")


async def test_changes_are_sentences_and_can_be_taken_back(hub: FakeHub) -> None:
    """A step, an undo that can be done again, and what was taken back already."""
    undone, made = change("s2", undone=True), change("s1", "account.create", "Giro")
    hub.on("GET", f"{API}/changes", page(change("s3", "undo", "Billa", undoes="s2"), undone, made))
    hub.on("POST", f"{API}/changes/s1/undo", change("s4", "undo", "Giro", undoes="s1"))
    window, _ = await open_at(hub, "/changes")
    await window.until(lambda: window.shows("Account added: Giro"))
    for said in ("Taken back: Billa", "Do it again", "Entered: Billa"):
        assert window.shows(said), window.texts()
    await window.click("Undo Account added: Giro")
    assert hub.calls("POST", f"{API}/changes/s1/undo")


async def test_a_step_tells_before_and_after(hub: FakeHub) -> None:
    """Values in people's words: names, amounts, days."""
    row = changed("postings", {"category_id": "c1"}, {"category_id": "c2"})
    hub.on("GET", f"{API}/changes/s1", change(kind="transaction.categorise", rows=[row]))
    window, _ = await open_at(hub, "/changes/s1")
    await window.until(lambda: window.shows("Category: Groceries, now Restaurants"))


async def test_an_import_shows_what_it_left_out_and_is_taken_back_after_asking(hub: FakeHub) -> None:
    """The lines with their reasons; undone it says that the file can come again."""
    left = {"position": 2, "fate": "earlier", "date": "2025-01-01", "amount_minor": 100, "text": "Old", "twin_id": None}
    shown = {**batch(), "change_id": "s1", "lines": [{**left, "reason": "The account begins after 2026-01-01."}]}
    hub.on("GET", f"{API}/imports/b1", shown)
    hub.on("POST", f"{API}/imports/b1/undo", batch(undone_at="2026-03-31T12:00:00Z"))
    window, _ = await open_at(hub, "/imports/b1")
    await window.until(lambda: window.shows("2 bookings are new"))
    assert window.shows("The account begins after 1 Jan 2026.")
    window.wire.loop.create_task(window.click("Take this import back"))
    await window.settle(0.05)
    hub.on("GET", f"{API}/imports/b1", {**shown, "undone_at": "2026-03-31T12:00:00Z"})
    await window.click("Take it back")
    await window.until(lambda: window.shows("The same file can be imported again."))


async def test_a_line_that_is_perhaps_there_is_decided_about(hub: FakeHub) -> None:
    """It says why, leads to what is there, and is booked too; decided, nothing is asked any more."""
    line = {"position": 4, "fate": "twin", "date": "2026-03-01", "amount_minor": -250, "text": "Shop", "twin_id": "t1"}
    told = {**batch(), "change_id": "s1", "lines": [{**line, "reason": "Is it the same?"}]}
    hub.on("GET", f"{API}/imports/b1", told)
    hub.on("POST", f"{API}/imports/b1/decide", {**told, "lines": []})
    window, _ = await open_at(hub, "/imports/b1")
    await window.until(lambda: window.shows("It is the same"))
    assert window.shows("Look at what is there")
    await window.click("Book it too")
    await window.until(lambda: not window.shows("Book it too"))
    assert sent(hub, "POST", "/imports/b1/decide") == {"position": 4, "book": True}


async def test_a_pair_says_why_and_is_answered(hub: FakeHub) -> None:
    """The hub's parts of a reason are said as a whole; yes is sent."""
    reason = "The same amount left one account and came into the other, its text speaks of a transfer, 1 days apart."
    pair = {"out": transaction("t1"), "into": transaction("t2", 1234), "score": 0.9, "reason": reason}
    hub.on("GET", f"{API}/transfers", {"items": [pair]})
    hub.on("POST", f"{API}/transfers/confirm", {})
    window, _ = await open_at(hub, "/transfers")
    await window.until(lambda: window.shows("its text speaks of a transfer, 1 day apart"))
    await window.click("Yes, one transfer Billa")
    assert sent(hub, "POST", "/transfers/confirm") == {"out_id": "t1", "in_id": "t2"}
    await window.until(lambda: window.shows("No pairs wait"))
