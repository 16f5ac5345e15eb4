"""Screens of where money data comes from: empty, refused, filled; what a touch sends, and what is said of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.frontend.financial_manager.money_desk import API, account, ledger, open_at, part, transaction
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


QUOTE = {"source": "EUR", "target": "USD", "rate": "1.1172", "as_of": "2026-10-30", "stale": True}


@pytest.fixture
def hub() -> FakeHub:
    found = ledger(FakeHub())
    rates = {"items": [QUOTE], "through": "2026-10-30", "stale": True, "address": "https://ecb.example"}
    found.on("GET", f"{API}/settings", {"currency": "EUR", "country": "AT"})
    found.on("GET", f"{API}/rates", rates)
    worth = {"currency": "EUR", "points": [{"day": "2026-11-30", "worth_minor": 200_00}], "quotes": [], "missing": []}
    found.on("GET", f"{API}/reports/own/net-worth", worth)
    found.on("GET", f"{API}/statement-inboxes", {"items": []})
    found.on("GET", f"{API}/statements-seen", {"items": []})
    found.on("GET", f"{API}/bank-connections", {"items": []})
    found.on("GET", f"{API}/bank-key", {"application": None})
    return found


def sent(hub: FakeHub, method: str, path: str) -> Any:
    """Return the body of the last such request."""
    return json.loads(hub.calls(method, f"{API}{path}")[-1].content)


def seen(**more: Any) -> dict[str, Any]:
    facts = {"id": "s1", "name": "odd.csv", "path": "/home/bank/odd.csv", "state": "waiting", "account_id": None}
    when = {"batch_id": None, "undone": False, "seen_at": "2026-11-30T10:00:00Z"}
    return {**facts, **when, "reason": "The file does not prove its lines by a balance.", **more}


def remote(**more: Any) -> dict[str, Any]:
    facts = {"id": "r1", "name": "Checking", "currency": "EUR", "iban": "", "account_id": None}
    return {**facts, "balance_minor": 75_00, "balance_on": "2026-11-30", "fetched_through": None, **more}


def connection(**more: Any) -> dict[str, Any]:
    facts = {"id": "k1", "provider": "simplefin", "title": "Example Bank", "state": "ready", "problem": ""}
    when = {"valid_until": None, "fetched_at": None, "created_at": "2026-11-30T10:00:00Z"}
    clock = {"clock": False, "next_at": None, "unattended": True}
    return {**facts, **when, **clock, "accounts": [remote()], **more}


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("/inboxes", "No folder is a statement inbox"), ("/banks", "No bank is connected"),
        ("/banks/gone", "This bank is not connected."), ("/settings", "1 EUR = 1.1172 USD"),
        ("/banks/connect", "Make a setup token"),
    ],
)  # fmt: skip
async def test_what_is_empty_says_so(hub: FakeHub, route: str, said: str) -> None:
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows(said))


@pytest.mark.parametrize(
    ("route", "path"), [("/inboxes", "/statement-inboxes"), ("/banks", "/bank-connections"), ("/settings", "/rates")]
)
async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub, route: str, path: str) -> None:
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


async def test_the_first_page_says_by_which_rate_it_counted(hub: FakeHub) -> None:
    """Two currencies become one, with the rate, its day, and that it is old."""
    points = [{"day": "2026-11-30", "currency": code, "worth_minor": 100_00} for code in ("EUR", "USD")]
    hub.on("GET", f"{API}/reports/net-worth", {"items": points})
    worth = {"currency": "EUR", "points": [{"day": "2026-11-30", "worth_minor": 189_51}], "missing": ["XAU"]}
    used = {**QUOTE, "source": "USD", "target": "EUR", "rate": "0.8951"}
    hub.on("GET", f"{API}/reports/own/net-worth", {**worth, "quotes": [used]})
    window, _ = await open_at(hub, "/accounts")
    await window.until(lambda: window.shows("€189.51"))
    for said in ("1 USD = 0.8951 EUR", "more than a week old", "There is no rate of XAU"):
        assert window.shows(said), window.texts()


async def test_newer_rates_come_only_by_a_press(hub: FakeHub) -> None:
    hub.on("POST", f"{API}/rates/update", {"days": 2, "through": "2026-11-27"})
    window, _ = await open_at(hub, "/settings")
    await window.until(lambda: window.shows("The newest rates are more than a week old."))
    assert hub.calls("POST", f"{API}/rates/update") == []
    await window.click("Ask for newer rates")
    await window.until(lambda: window.shows("Rates of 2 days came."))


async def test_a_transfer_is_counted_by_the_rate(hub: FakeHub) -> None:
    """The suggestion is shown with its day; what is saved asks the hub to count."""
    hub.on("GET", f"{API}/accounts", {"items": [account(), account("a2", "Dollars", currency="USD")]})
    hub.on("GET", f"{API}/rates/exchange", {"amount_minor": 111_72, "quote": {**QUOTE, "stale": False}})
    hub.on("POST", f"{API}/transactions", transaction("t9", parts=[part(-100_00, account_id="a2")]))
    window, _ = await open_at(hub, "/transactions/new")
    await window.until(lambda: window.find("SegmentedButton"))
    await window.type("Amount", "100")
    (ways,) = window.find("SegmentedButton")
    ways.selected = ["transfer"]
    await window.fire(ways, "change", '["transfer"]')
    await window.until(lambda: window.shows("To account"))
    chips = [one for one in window.find("Chip") if getattr(one.label, "value", "") == "Dollars"]
    await window.fire(chips[-1], "select")
    await window.until(lambda: window.shows("Count by the ECB's rate"))
    await window.click("Count by the ECB's rate")
    await window.until(lambda: window.shows("111.72 arrive"))
    assert window.shows("1 EUR = 1.1172 USD")
    await window.click("Save")
    await window.until(lambda: hub.calls("POST", f"{API}/transactions"))
    assert sent(hub, "POST", "/transactions")["parts"] == [
        {"amount_minor": -100_00, "account_id": "a2", "by_rate": True}
    ]


async def test_a_bank_is_asked_every_morning_by_a_switch(hub: FakeHub) -> None:
    """Off at first; on, it says when next; what may ask for a code has no switch, and says why."""
    hub.on("GET", f"{API}/bank-connections", {"items": [connection()]})
    on = connection(clock=True, next_at="2026-12-01T05:30:00Z")
    hub.on("PUT", f"{API}/bank-connections/k1/clock", on)
    window, _ = await open_at(hub, "/banks/k1")
    await window.until(lambda: window.shows("Fetch every morning"))
    assert window.shows("Between five and seven")
    (switch,) = window.find("Switch")
    window.session.apply_patch(switch._i, {"value": True})
    await window.fire(switch, "change", True)
    await window.until(lambda: window.shows("Next by itself"))
    assert sent(hub, "PUT", "/bank-connections/k1/clock") == {"on": True}
    hub.on("GET", f"{API}/bank-connections", {"items": [connection(unattended=False)]})
    other, _ = await open_at(hub, "/banks/k1")
    await other.until(lambda: other.shows("This bank may ask you for a code"))
    assert not other.find("Switch")


async def test_a_statement_that_waits_says_why_and_can_be_left(hub: FakeHub) -> None:
    inbox = {"id": "i1", "name": "Bank", "path": "/home/bank", "created_at": "2026-11-30T10:00:00Z"}
    hub.on("GET", f"{API}/statement-inboxes", {"items": [inbox]})
    hub.on("GET", f"{API}/statements-seen", {"items": [seen()]})
    hub.on("PATCH", f"{API}/statements-seen/s1", seen(state="left"))
    window, _ = await open_at(hub, "/inboxes")
    await window.until(lambda: window.shows("does not prove its lines"))
    assert window.shows("/home/bank")
    await window.click("Leave it out")
    await window.until(lambda: not window.shows("odd.csv"))
    assert sent(hub, "PATCH", "/statements-seen/s1") == {"left": True}


async def test_a_fetch_says_what_it_did_and_whether_the_bank_agrees(hub: FakeHub) -> None:
    hub.on("GET", f"{API}/bank-connections", {"items": [connection(accounts=[remote(account_id="a1")])]})
    done = {"bank_account_id": "r1", "account_id": "a1", "added": 2, "known": 1, "twins": 0, "left_out": 0}
    hub.on(
        "POST",
        f"{API}/bank-connections/k1/fetch",
        {"items": [{**done, "batch_id": "b1", "difference_minor": 0, "doubts": []}]},
    )
    window, _ = await open_at(hub, "/banks/k1")
    await window.until(lambda: window.shows("Booked into Giro"))
    await window.click("Fetch now")
    await window.until(lambda: window.shows("2 new, 1 were there already. The bank and Homie agree."))


async def test_a_bank_that_refused_is_not_fetched_again(hub: FakeHub) -> None:
    """It says what to do, and offers no fetch."""
    refused = connection(
        state="needs_you", problem="The bank refuses the login, or your consent has ended. Connect it again."
    )
    hub.on("GET", f"{API}/bank-connections", {"items": [refused]})
    window, _ = await open_at(hub, "/banks/k1")
    await window.until(lambda: window.shows("The bank refuses the login"))
    assert not window.shows("Fetch now")


async def test_a_setup_token_is_sent_once_and_not_kept(hub: FakeHub) -> None:
    hub.on("POST", f"{API}/bank-connections/simplefin", connection())
    window, session = await open_at(hub, "/banks/connect")
    await window.until(lambda: window.shows("Make a setup token"))
    await window.type("Setup token", "aHR0cHM6Ly9iYW5rLmV4YW1wbGU=")
    await window.click("Connect")
    await window.until(lambda: hub.calls("POST", f"{API}/bank-connections/simplefin"))
    assert sent(hub, "POST", "/bank-connections/simplefin") == {"setup_token": "aHR0cHM6Ly9iYW5rLmV4YW1wbGU="}
    assert session.drafts.texts("/financial_manager/banks/connect") == {}


async def test_reports_offer_everything_in_the_own_currency(hub: FakeHub) -> None:
    """All currencies together first, with the words about the rates."""
    spent = {"month": "2026-11-01", "category_id": "c1", "spent_minor": 42_00, "bookings": 2}
    sums = [{**spent, "currency": code} for code in ("EUR", "USD")]
    hub.on("GET", f"{API}/reports/months", {"items": sums})
    own = {"currency": "EUR", "items": [{**spent, "spent_minor": 79_60}], "through": "2026-10-30", "stale": True}
    hub.on("GET", f"{API}/reports/own/months", {**own, "foreign": ["USD"], "missing": []})
    hub.on("GET", f"{API}/transactions", page())
    window, _ = await open_at(hub, "/reports")
    await window.until(lambda: window.shows("All in EUR"))
    assert window.shows("Some rates are more than a week older")


async def test_whether_fints_can_be_used_is_asked_again_after_a_failure(hub: FakeHub) -> None:
    """The hub's words stand there, no waiting without end."""
    window, _ = await open_at(hub, "/banks/connect")
    await window.until(lambda: window.shows("Make a setup token"))
    [chip] = [one for one in window.find("Chip") if getattr(one.label, "value", one.label) == "FinTS"]
    await window.fire(chip, "select", True)
    await window.until(lambda: window.shows("Words about not_found"))
    hub.on("GET", f"{API}/fints", {"installed": False, "product": None, "remedy": "Install it."})
    await window.click("Try again")
    await window.until(lambda: window.shows("Install it."))
