"""The screens that look ahead and back: empty, refused, filled; what a touch sends; sentences in German."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import pytest

from frontend.financial_manager.insight_words import sentence
from frontend.financial_manager.screens.planning.forecast_chart import column_names
from frontend.i18n import today
from tests.frontend.financial_manager.money_desk import API, ledger, open_at
from tests.frontend.wire import FakeHub, event, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def payment(**more: Any) -> dict[str, Any]:
    facts = {"id": "r1", "name": "Netflix", "account_id": "a1", "currency": "EUR", "cadence": "monthly"}
    amounts = {"amount_minor": -1499, "per_month_minor": -1499, "per_year_minor": -17988}
    when = {"next_on": "2199-03-03", "last_on": "2026-02-03", "ends_on": None, "ended": False}
    flags = {"steady": True, "transfer": False, "by_hand": False, "state": "found", "category_id": None}
    rest = {"note": "", "bookings": 1, "last_change": None, "version": 0}
    detail = {
        "reasons": ["Netflix went from 12.99 EUR to 14.99 EUR in 2026-01."],
        "price_changes": [],
        "paid": [{"transaction_id": "t1", "date": "2026-02-03", "amount_minor": -1499}],
    }
    return {**facts, **amounts, **when, **flags, **rest, **detail, **more}


def goal(**more: Any) -> dict[str, Any]:
    facts = {"id": "g1", "name": "Bicycle", "account_id": None, "currency": "EUR", "target_minor": 120000}
    when = {"until": "2027-01-31", "started_on": "2026-01-01", "note": "", "version": 2}
    stand = {"saved_minor": 30000, "left_minor": 90000, "months_left": 9, "per_month_minor": 10000}
    rest = {"planned_minor": 20000, "on_track": True, "reached": False, "amounts": []}
    return {**facts, **when, **stand, **rest, "words": ["You are on track."], **more}


def outlook(**more: Any) -> dict[str, Any]:
    facts = {"account_id": None, "name": "", "currency": "EUR", "start_minor": 1000, "end_minor": 500}
    low = {"lowest_minor": -200, "lowest_on": "2026-12-24", "below_zero_on": "2026-12-24", "everyday_minor": 0}
    words = ["The lowest point is -2.00 EUR on 2026-12-24.", "From 2026-12-24 on it is less than nothing."]
    return {**facts, **low, "words": words, **more}


@pytest.fixture
def hub() -> FakeHub:
    hub = ledger(FakeHub())
    hub.on("GET", f"{API}/recurring", {"items": [], "sums": []})
    hub.on("GET", f"{API}/recurring-notices", {"items": []})
    hub.on("GET", f"{API}/goals", {"items": []})
    nothing = {"today": "2026-11-30", "until": "2027-02-28", "outlooks": [], "shown": None}
    hub.on("GET", f"{API}/forecast", {**nothing, "days": [], "expected": [], "rests_on": []})
    for what in ("payees", "people", "years"):
        hub.on("GET", f"{API}/insight/{what}", {"items": []})
    return hub


def sent(hub: FakeHub, method: str, path: str) -> Any:
    return json.loads(hub.calls(method, f"{API}{path}")[-1].content)


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("/recurring", "Nothing that comes again yet"),
        ("/goals", "No goals yet"),
        ("/forecast", "Nothing to look ahead from"),
        ("/compare", "Nothing in this year"),
        ("/goals/gone", "This goal is not here."),
    ],
)
async def test_what_is_empty_says_so(hub: FakeHub, route: str, said: str) -> None:
    """Each has words for nothing."""
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows(said))


@pytest.mark.parametrize(
    ("route", "path"),
    [
        ("/recurring", "/recurring"), ("/recurring/r1", "/recurring/r1"), ("/goals", "/goals"),
        ("/forecast", "/forecast"), ("/compare", "/insight/payees"),
    ],
)  # fmt: skip
async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub, route: str, path: str) -> None:
    """The hub's own words, and a button."""
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


async def test_a_found_payment_is_confirmed_as_it_was_seen(hub: FakeHub) -> None:
    """Its reasons are shown with amounts as people write them; the version goes along."""
    hub.on("GET", f"{API}/recurring/r1", payment())
    hub.on("PUT", f"{API}/recurring/r1/state", payment(state="confirmed", version=1))
    window, _ = await open_at(hub, "/recurring/r1")
    await window.until(lambda: window.shows("Netflix went from €12.99 to €14.99 in January 2026."))
    await window.click("Confirm")
    assert sent(hub, "PUT", "/recurring/r1/state") == {"state": "confirmed", "version": 0}
    await window.until(lambda: window.shows("As found"))


async def test_a_payment_opened_while_the_list_is_read_anew_is_read_too(hub: FakeHub) -> None:
    """Two events ask for the list; the payment that is opened meanwhile is not said to be gone."""
    listed: dict[str, Any] = {"items": [payment()], "sums": []}
    hub.on("GET", f"{API}/recurring", listed)
    hub.on("GET", f"{API}/recurring/r1", payment())
    window, session = await open_at(hub, "/recurring")
    await window.until(lambda: window.shows("Netflix"))
    answer = asyncio.get_running_loop().create_future()
    hub.on("GET", f"{API}/recurring", lambda _: answer)
    for one in ("e1", "e2"):
        session.socket.feed("event", event("financial_manager.ledger_changed", one))
        await window.settle()
    await window.go("/financial_manager/recurring/r1")
    hub.on("GET", f"{API}/recurring", listed)
    answer.set_result(listed)
    await window.until(lambda: window.shows("went from"))


async def test_rent_is_entered_with_its_sign(hub: FakeHub) -> None:
    """What goes out is sent as negative; a missing day is said at its field first."""
    hub.on("POST", f"{API}/recurring", payment(id="r9", name="Rent", by_hand=True, state="confirmed"))
    window, _ = await open_at(hub, "/recurring/new")
    await window.until(lambda: window.shows("Comes in"))
    await window.type("Name", "Rent")
    await window.type("Amount", "800")
    await window.click("Save")
    assert not hub.calls("POST", f"{API}/recurring")
    await window.type("Due next on", "01/03/2026")
    await window.click("Save")
    body = sent(hub, "POST", "/recurring")
    assert (body["amount_minor"], body["due_on"], body["cadence"]) == (-80000, "2026-03-01", "monthly")


async def test_only_what_was_changed_is_sent(hub: FakeHub) -> None:
    """A new amount alone: name, day and cadence stay as found."""
    hub.on("GET", f"{API}/recurring/r1", payment())
    hub.on("PATCH", f"{API}/recurring/r1", payment(amount_minor=-1599, state="confirmed", version=1))
    window, _ = await open_at(hub, "/recurring/r1/edit")
    await window.until(lambda: window.shows("Change Netflix"))
    await window.type("Amount", "15.99")
    await window.click("Save")
    assert sent(hub, "PATCH", "/recurring/r1") == {"amount_minor": -1599, "version": 0}


async def test_the_forecast_warns_of_less_than_nothing(hub: FakeHub) -> None:
    """The lowest point, the day, what is expected and what it rests on."""
    days = [{"day": "2026-11-30", "balance_minor": 1000}, {"day": "2026-12-24", "balance_minor": -200}]
    expected = {"day": "2026-12-24", "amount_minor": -1200, "currency": "EUR", "account_id": None, "kind": "building"}
    told = {"today": "2026-11-30", "until": "2027-02-28", "outlooks": [outlook()], "shown": outlook(), "days": days}
    rest = {"expected": [{**expected, "title": "Huber Bau", "ref_id": "p1"}], "rests_on": ["Recurring payments: 3."]}
    hub.on("GET", f"{API}/forecast", {**told, **rest})
    window, _ = await open_at(hub, "/forecast")
    for said in ("From 24 Dec 2026 on it is less than nothing.", "Huber Bau", "Recurring payments: 3."):
        await window.until(lambda said=said: window.shows(said))  # type: ignore[misc]
    six = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == "6 months")
    await window.fire(six, "select", True)
    await window.until(lambda: "months=6" in str(hub.calls("GET", f"{API}/forecast")[-1].url))


async def test_years_tell_spent_from_received(hub: FakeHub) -> None:
    """A salary without a category is no spending; the year before stands below."""
    this = today().year
    facts = {"currency": "EUR", "bookings": 1}
    hub.on("GET", f"{API}/insight/years", {"items": [
        {**facts, "year": this, "category_id": None, "spent_minor": -285000},
        {**facts, "year": this - 1, "category_id": "c1", "spent_minor": 4000},
        {**facts, "year": this, "category_id": "c1", "spent_minor": 5000},
    ]})  # fmt: skip
    window, _ = await open_at(hub, "/compare")
    await window.until(lambda: window.shows("By year"))
    by_year = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == "By year")
    await window.fire(by_year, "select", True)
    for said in ("Spent", "−€50.00", f"{this - 1}: −€40.00 · {this - 2}: €0.00", "Received", "+€2,850.00"):
        await window.until(lambda said=said: window.shows(said))  # type: ignore[misc]


async def test_an_account_shows_what_comes_up(hub: FakeHub) -> None:
    """Rent that somebody entered is seen where it will be booked, and leads to itself."""
    rent = {"day": "2026-12-01", "amount_minor": -80000, "currency": "EUR", "account_id": "a1", "kind": "recurring"}
    told = {"today": "2026-11-30", "until": "2026-12-31", "outlooks": [], "shown": None, "days": [], "rests_on": []}
    hub.on("GET", f"{API}/forecast", {**told, "expected": [{**rent, "title": "Rent", "ref_id": "r1"}]})
    window, _ = await open_at(hub, "/accounts/a1")
    for said in ("Coming up", "Rent", "−€800.00"):
        await window.until(lambda said=said: window.shows(said))  # type: ignore[misc]


async def test_a_goal_shows_how_it_stands(hub: FakeHub) -> None:
    """Saved of the target, in words."""
    hub.on("GET", f"{API}/goals", {"items": [goal()]})
    window, _ = await open_at(hub, "/goals")
    for said in ("€300.00 of €1,200.00", "You are on track."):
        await window.until(lambda said=said: window.shows(said))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("text", "german"),
    [
        ("Netflix went from 12.99 EUR to 14.99 EUR in 2026-03.", "Netflix: seit März 2026 14,99 € statt 12,99 €."),
        ("NETFLIX.COM went from 12.99 EUR to 14.99 EUR in 2026-03.",
         "NETFLIX.COM: seit März 2026 14,99 € statt 12,99 €."),
        ("Groceries: 480.00 EUR were spent, 80.00 EUR more than usual.",
         "Groceries: 480,00 € wurden ausgegeben, 80,00 € mehr als üblich."),
        ("480.00 EUR were spent, 80.00 EUR less than usual.",
         "480,00 € wurden ausgegeben, 80,00 € weniger als üblich."),
        ("Muster GmbH did not come: 2850.00 EUR were expected on 2026-03-31.",
         "Muster GmbH blieb aus: 2.850,00 € waren am 31.03.2026 erwartet."),
        ("The lowest point is -12.34 EUR on 2026-03-28.", "Der tiefste Stand ist −12,34 € am 28.03.2026."),
        ("9 bookings, one each month.", "9 Buchungen, eine jeden Monat."),
        ("You are 240.00 EUR behind a steady pace.", "Du liegst 240,00 € hinter einem gleichmäßigen Tempo."),
    ],
)  # fmt: skip
def test_sentences_of_the_hub_are_said_in_german(monkeypatch: pytest.MonkeyPatch, text: str, german: str) -> None:
    """With amounts, days and months as people write them; names stay."""

    class Nothing:
        categories: tuple[Any, ...] = ()

    for name in ("translation", "money", "calendar_days"):
        monkeypatch.setattr(sys.modules[f"frontend.i18n.{name}"], "current_language", lambda: "de")
    assert sentence(text, Nothing()) == german  # type: ignore[arg-type]


def test_a_month_is_named_where_it_begins() -> None:
    """Once, whichever of its days comes first; then the days."""
    days = ["2026-11-30", "2026-12-01", "2026-12-07", "2026-12-20", "2027-01-11"]
    assert column_names(days) == ["Nov", "Dec", "7", "20", "Jan"]


async def test_what_is_new_is_told_until_it_was_seen(hub: FakeHub) -> None:
    """A price that rose, with amounts as people write them; seen, it is gone."""
    told = {"kind": "price", "recurring_id": "r1", "told_at": "2026-03-01T10:00:00Z"}
    text = "Netflix went from 12.99 EUR to 14.99 EUR in 2026-01."
    hub.on("GET", f"{API}/recurring", {"items": [payment()], "sums": []})
    hub.on("GET", f"{API}/recurring-notices", {"items": [{**told, "id": "n1", "text": text}]})
    hub.on("POST", f"{API}/recurring-notices/dismiss", {})
    window, _ = await open_at(hub, "/recurring")
    await window.until(lambda: window.shows("Netflix went from €12.99 to €14.99 in January 2026."))
    await window.click("Seen Netflix went from €12.99 to €14.99 in January 2026.")
    await window.until(lambda: not window.shows("Netflix went from"))
    assert sent(hub, "POST", "/recurring-notices/dismiss") == {"ids": ["n1"]}
