"""Changing what is there: only what differs is sent, and nobody's change is lost to another person's."""

from __future__ import annotations

import json
from typing import Any

import pytest

from frontend.financial_manager.screens.securities import price_source
from tests.frontend.financial_manager.depot_desk import SECURITY, TRADE, depots, security, trade
from tests.frontend.financial_manager.money_desk import (
    API,
    account,
    category,
    change,
    ledger,
    open_at,
    part,
    somebody_changes,
    transaction,
)
from tests.frontend.financial_manager.test_insight_screens import payment
from tests.frontend.financial_manager.test_price_screens import price, source
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, Held, event, page, refusal

pytestmark = pytest.mark.anyio
EDIT = "/transactions/t1/edit"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    found = ledger(FakeHub())
    found.on("GET", f"{API}/accounts", {"items": [account(), account("a2", "Savings"), account("a3", "Purse")]})
    return found


def patches(hub: FakeHub, path: str = "/transactions/t1") -> list[Any]:
    return [json.loads(one.content) for one in hub.calls("PATCH", f"{API}{path}")]


async def edit(hub: FakeHub, **more: Any) -> Headless:
    """Open the form of a transaction, and let the hub take what is sent."""
    hub.on("GET", f"{API}/transactions/t1", transaction(**more))
    hub.on("PATCH", f"{API}/transactions/t1", transaction(**more))
    window, _ = await open_at(hub, EDIT)
    await window.until(lambda: window.button("Save"))
    return window


SHAPES: tuple[dict[str, Any], ...] = (
    {},
    {"amount": 0, "parts": [part(0)]},
    {"amount": 5000, "parts": [part(5000, account_id="a2", memo="rent")]},
    {"amount": -5000, "parts": [part(-5000, account_id="a2", memo="rent")]},
    {"parts": [part(-234, "c1", memo="bread"), part(-1000, "c2", source="rule")]},
    {"amount": -1000, "parts": [part(-1234, "c1", memo="bread"), part(234, "c2")]},
    {"amount": -1000, "parts": [part(-900, "c1"), part(-100, account_id="a2")]},
    {"amount": -1000, "parts": [part(-1000, "cc"), part(1100, "cc", currency="USD"),
                                part(-1100, account_id="a3", currency="USD")]},
    {"counterparty": "B" * 300, "purpose": " spaced ", "note": "n", "tags": ["x"], "planned": True},
)  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
async def test_saving_without_a_change_sends_nothing(hub: FakeHub, shape: dict[str, Any]) -> None:
    """Whatever a transaction is made of: looking at it in the form rewrites none of it."""
    window = await edit(hub, **shape)
    await window.click("Save")
    assert patches(hub) == []


@pytest.mark.parametrize("shape", SHAPES)
async def test_another_note_leaves_the_money_alone(hub: FakeHub, shape: dict[str, Any]) -> None:
    """Only the note travels, with the version that was seen."""
    window = await edit(hub, **shape)
    await window.type("Note", "seen")
    await window.click("Save")
    assert patches(hub) == [{"note": "seen", "version": 1}]


async def test_money_that_came_from_an_own_account_keeps_its_direction(hub: FakeHub) -> None:
    """A transfer that was seen from where the money arrived stays one: other amount, same sign."""
    window = await edit(hub, amount=5000, parts=[part(5000, account_id="a2", memo="rent")])
    await window.type("Amount", "60")
    await window.click("Save")
    assert patches(hub) == [{"amount_minor": 6000, "version": 1}]


async def test_the_other_account_of_a_transfer_changes_with_its_note(hub: FakeHub) -> None:
    """The part is sent whole: its amount, its sign and its note are kept."""
    window = await edit(hub, amount=5000, parts=[part(5000, account_id="a2", memo="rent")])
    chips = [one for one in window.find("Chip") if getattr(one.label, "value", "") == "Purse"]
    await window.fire(chips[-1], "select", True)
    await window.click("Save")
    parts = [{"amount_minor": 5000, "account_id": "a3", "memo": "rent"}]
    assert patches(hub) == [{"parts": parts, "version": 1}]


async def test_a_changed_part_takes_the_notes_of_all_along(hub: FakeHub) -> None:
    """Parts are sent together; what nobody touched is sent as it was."""
    window = await edit(hub, parts=[part(-234, "c1", memo="bread"), part(-1000, "c2")])
    await window.type("Amount of part 1", "2,00")
    await window.type("Amount of part 2", "10,34")
    await window.click("Save")
    first = {"amount_minor": -200, "category_id": "c1", "memo": "bread"}
    assert patches(hub) == [{"parts": [first, {"amount_minor": -1034, "category_id": "c2"}], "version": 1}]


async def test_another_category_keeps_the_note_of_the_part(hub: FakeHub) -> None:
    """The hub drops a note that is not sent."""
    window = await edit(hub, parts=[part(-1234, "c2", memo="with Eva")])
    groceries = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == "Groceries")
    await window.fire(groceries, "select", True)
    await window.click("Save")
    parts = [{"amount_minor": -1234, "category_id": "c1", "memo": "with Eva"}]
    assert patches(hub) == [{"parts": parts, "version": 1}]


async def test_parts_that_the_form_cannot_show_are_only_shown(hub: FakeHub) -> None:
    """No field for the amount, no conversion among the lines; the day can be changed."""
    own = category("cc", "Change of money", key="conversion")
    hub.on("GET", f"{API}/categories", {"items": [own]})
    window = await edit(hub, **SHAPES[7])
    assert not window.find("TextField", label="Amount")
    assert window.shows("To Purse")
    assert not window.shows("Change of money")
    assert window.shows("stay as they are")
    await window.type("Day", "05/03/2026")
    await window.click("Save")
    assert patches(hub) == [{"date": "2026-03-05", "version": 1}]


async def test_somebody_elses_change_is_not_overwritten(hub: FakeHub) -> None:
    """The version of the first rendering is sent, although an event brought a newer one; what was typed stays."""
    hub.on("GET", f"{API}/transactions", page(transaction()))
    hub.on("GET", f"{API}/transactions/t1", transaction())
    window, session = await open_at(hub, EDIT)
    await window.until(lambda: window.button("Save"))
    await window.type("Note", "mine")
    hub.on("GET", f"{API}/transactions/t1", transaction(amount=-2000, note="theirs", counterparty="Spar", version=2))
    session.socket.feed("event", event("financial_manager.ledger_changed", "e9", "a-9"))
    await window.settle(0.3)
    hub.on("PATCH", f"{API}/transactions/t1", lambda _: refusal(409, "row_changed"))
    await window.click("Save")
    assert patches(hub) == [{"note": "mine", "version": 1}]
    assert window.shows("Somebody else changed this while you were at it.")
    hub.on("PATCH", f"{API}/transactions/t1", transaction(version=3))
    await window.click("Load the newer one")
    await window.until(lambda: window.shows("This is the newer one"))
    values = {one.label: one.value for one in window.find("TextField")}
    assert (values["Note"], values["To whom"], values["Amount"]) == ("mine", "Spar", "20.00")
    await window.click("Save")
    assert patches(hub)[-1] == {"note": "mine", "version": 2}


async def edit_account(hub: FakeHub, **more: Any) -> tuple[Headless, Any]:
    """Open the form of an account."""
    hub.on("GET", f"{API}/accounts", {"items": [account(**more)]})
    window, session = await open_at(hub, "/accounts/a1/edit")
    await window.until(lambda: window.button("Save"))
    return window, session


@pytest.mark.parametrize(
    "facts",
    [{"name": " Giro ", "note": "two\n"}, {"opening_minor": 500}, {"opening_minor": 0, "opening_date": "2026-01-01"}],
)
async def test_an_account_that_nobody_changed_is_not_rewritten(hub: FakeHub, facts: dict[str, Any]) -> None:
    """Neither spaces nor an opening without a day are put right behind somebody's back."""
    window, _ = await edit_account(hub, **facts)
    await window.click("Save")
    assert patches(hub, "/accounts/a1") == []


async def test_an_account_is_changed_as_it_was_seen(hub: FakeHub) -> None:
    """A newer version is said, and taken without losing what was typed."""
    window, session = await edit_account(hub)
    await window.type("Name", "Wages")
    theirs = account(institution="Erste", name="Main", version=4)
    hub.on("GET", f"{API}/accounts", {"items": [theirs]})
    hub.on("GET", f"{API}/accounts/a1", theirs)
    session.socket.feed("event", event("financial_manager.ledger_changed", "e9", "a-9"))
    await window.settle(0.3)
    hub.on("PATCH", f"{API}/accounts/a1", lambda _: refusal(409, "row_changed"))
    await window.click("Save")
    assert patches(hub, "/accounts/a1") == [{"name": "Wages", "version": 3}]
    hub.on("PATCH", f"{API}/accounts/a1", theirs)
    await window.click("Load the newer one")
    await window.until(lambda: window.shows("This is the newer one"))
    values = {one.label: one.value for one in window.find("TextField")}
    assert (values["Name"], values["Bank"]) == ("Wages", "Erste")
    await window.click("Save")
    assert patches(hub, "/accounts/a1")[-1] == {"name": "Wages", "version": 4}


async def reconciling(hub: FakeHub) -> Headless:
    """Open the dialog that compares an account with the bank; the hub answers by the day that is asked for."""
    held = {"2026-03-31": 10000, "2026-02-28": 8000}
    hub.on("GET", f"{API}/accounts", {"items": [account(last="2026-03-31", balance_minor=99999)]})
    hub.on("GET", f"{API}/accounts/a1", lambda asked: account(balance_minor=held[asked.url.params["on"]]))
    window, _ = await open_at(hub, "/accounts/a1")
    await window.until(lambda: window.shows("Giro"))
    window.wire.loop.create_task(window.click("More for Giro"))
    await window.settle(0.05)
    await window.click("Reconcile with the bank")
    await window.until(lambda: window.shows("held €100.00 at the end of 31 Mar 2026"))
    return window


async def test_reconciling_compares_with_the_chosen_day(hub: FakeHub) -> None:
    """Not with today's balance; what the bank says is compared, and a difference keeps the dialog and its input."""
    window = await reconciling(hub)
    await window.type("Up to the end of this day", "28/02/2026")
    await window.until(lambda: window.shows("held €80.00 at the end of 28 Feb 2026"))
    await window.type("What the bank says (if you like)", "79")
    await window.click("Lock up to this day")
    assert patches(hub, "/accounts/a1") == []
    fields = {one.label: one for one in window.find("TextField")}
    assert "€1.00 apart" in fields["What the bank says (if you like)"].error
    assert fields["Up to the end of this day"].value == "28/02/2026"
    hub.on("PATCH", f"{API}/accounts/a1", account(reconciled_through="2026-02-28"))
    await window.type("What the bank says (if you like)", "80")
    await window.click("Lock up to this day")
    assert patches(hub, "/accounts/a1") == [{"reconciled_through": "2026-02-28", "version": 3}]
    await window.until(lambda: not window.find("TextField"))


async def test_an_account_is_never_locked_by_the_balance_of_another_day(hub: FakeHub) -> None:
    """Where that of the chosen day cannot be read it is said, and the button asks for it before it locks anything."""
    window = await reconciling(hub)
    known = hub.answers["GET", f"{API}/accounts/a1"]
    hub.on("GET", f"{API}/accounts/a1", lambda _: refusal(500, "internal"))
    hub.on("PATCH", f"{API}/accounts/a1", account())
    await window.type("Up to the end of this day", "28/02/2026")
    await window.until(lambda: window.shows("Words about internal."))
    assert not window.shows("held €100.00")
    await window.type("What the bank says (if you like)", "100")
    await window.click("Lock up to this day")
    assert patches(hub, "/accounts/a1") == []
    hub.on("GET", f"{API}/accounts/a1", known)
    await window.click("Lock up to this day")
    await window.until(lambda: window.shows("held €80.00 at the end of 28 Feb 2026"))
    await window.click("Lock up to this day")
    assert patches(hub, "/accounts/a1") == []
    assert "€20.00 apart" in window.find("TextField", label="What the bank says (if you like)")[0].error


async def test_what_was_typed_stays_when_the_hub_or_the_day_is_wrong(hub: FakeHub) -> None:
    """The dialog does not go before the account is locked."""
    window = await reconciling(hub)
    await window.type("What the bank says (if you like)", "100")
    await window.type("Up to the end of this day", "31/02")
    await window.click("Lock up to this day")
    fields = {one.label: one for one in window.find("TextField")}
    assert "This is no day." in fields["Up to the end of this day"].error
    await window.type("Up to the end of this day", "31/03/2026")
    await window.until(lambda: window.shows("held €100.00"))
    hub.on("PATCH", f"{API}/accounts/a1", lambda _: refusal(409, "row_changed"))
    await window.click("Lock up to this day")
    await window.until(lambda: window.shows("Words about row_changed."))
    assert {one.value for one in window.find("TextField")} == {"31/03/2026", "100"}


@pytest.mark.parametrize(("typed", "sent"), [("Groceries", []), ("Food", [{"title": "Food", "version": 1}])])
async def test_a_shipped_category_that_nobody_renamed_keeps_its_name(hub: FakeHub, typed: str, sent: list[Any]) -> None:
    """Saving the translated name would store it, and end the translation."""
    hub.on("PATCH", f"{API}/categories/c1", category("c1", "Food", "g1"))
    window, _ = await open_at(hub, "/categories")
    await window.until(lambda: window.shows("Groceries"))
    window.wire.loop.create_task(window.click("Groceries"))
    await window.settle(0.05)
    await window.click("Rename")
    await window.type("Name", "")
    await window.click("Save")
    assert window.find("TextField", label="Name")[0].error
    await window.type("Name", typed)
    await window.click("Save")
    assert patches(hub, "/categories/c1") == sent


async def conflict_is_solved(window: Headless, hub: FakeHub, method: str, path: str) -> list[Any]:
    """Save what another one changed meanwhile, take the newer one, and save again; return the bodies that were sent."""
    took = hub.answers[method, f"{API}{path}"]
    hub.on(method, f"{API}{path}", lambda _: refusal(409, "row_changed"))
    await window.click("Save")
    await window.until(lambda: window.shows("Somebody else changed this while you were at it."))
    await window.click("Load the newer one")
    await window.until(lambda: window.shows("This is the newer one"))
    hub.on(method, f"{API}{path}", took)
    await window.click("Save")
    return hub.bodies(method, f"{API}{path}")


async def test_a_trade_that_somebody_changed_is_not_overwritten(hub: FakeHub) -> None:
    """An event brings the newer one below the open form: the version that the form began with is sent all the same."""
    path = f"/trades/{TRADE}"
    depots(hub).on("PATCH", f"{API}{path}", trade(version=3))
    window, session = await open_at(hub, f"{path}/edit")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", f"{API}{path}", trade(version=2, fees_minor=990, note="Theirs"))
    await somebody_changes(window, session)
    await window.type("Amount, before fees and taxes", "230")
    first, second = await conflict_is_solved(window, hub, "PATCH", path)
    assert (first["version"], first["note"], first["amount_minor"]) == (1, "", 23000)
    found = second["version"], second["note"], second["fees_minor"], second["amount_minor"]
    assert found == (2, "Theirs", 990, 23000)


def with_security(hub: FakeHub) -> FakeHub:
    """Let the hub know a security with a price and a source of prices."""
    of = f"{API}/securities/{SECURITY}"
    depots(hub).on("GET", of, security())
    hub.on("GET", f"{of}/prices", page(price()))
    hub.on("GET", f"{of}/price-source", source(version=1, currency="EUR"))
    hub.on("GET", f"{API}/price-feeds", {"items": []})
    return hub


async def test_a_security_that_somebody_changed_is_not_overwritten(hub: FakeHub) -> None:
    """Its version is that of the row that the form began with."""
    path = f"/securities/{SECURITY}"
    with_security(hub).on("PATCH", f"{API}{path}", security(version=3))
    window, session = await open_at(hub, f"{path}/edit")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", f"{API}{path}", security(version=2, symbol="ACM"))
    await somebody_changes(window, session)
    await window.type("Name", "Acme AG")
    first, second = await conflict_is_solved(window, hub, "PATCH", path)
    assert (first["version"], first["name"]) == (1, "Acme AG")
    assert (second["version"], second["name"], second["symbol"]) == (2, "Acme AG", "ACM")


async def test_a_source_of_prices_that_somebody_changed_is_not_overwritten(hub: FakeHub) -> None:
    """Its version is that of the source that the form began with; saved once more, it is that of what was saved."""
    path = f"/securities/{SECURITY}/price-source"
    newer = source(**dict.fromkeys(price_source._FIELDS, "new") | {"currency": "USD", "version": 2})
    with_security(hub).on("PUT", f"{API}{path}", {**newer, "version": 3})
    window, session = await open_at(hub, f"/securities/{SECURITY}/source")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", f"{API}{path}", newer)
    await somebody_changes(window, session)
    first, second = await conflict_is_solved(window, hub, "PUT", path)
    assert (first["version"], first["currency"]) == (1, "EUR")
    assert (second["version"], second["currency"], second["date_path"]) == (2, "USD", "new")
    assert not window.shows("This is the newer one")
    await window.click("Save")
    assert hub.bodies("PUT", f"{API}{path}")[-1]["version"] == 3


async def test_a_recurring_payment_that_somebody_changed_is_not_overwritten(hub: FakeHub) -> None:
    """What differs is told by the row that the form began with: without typing nothing is sent."""
    one, path = payment(version=1), "/recurring/r1"
    hub.on("GET", f"{API}/recurring", {"items": [one], "sums": []})
    hub.on("GET", f"{API}/recurring-notices", {"items": []})
    hub.on("GET", f"{API}{path}", one)
    hub.on("PATCH", f"{API}{path}", {**one, "version": 3})
    window, session = await open_at(hub, f"{path}/edit")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", f"{API}{path}", {**one, "version": 2, "note": "Theirs", "amount_minor": -9999})
    await somebody_changes(window, session)
    await window.type("Name", "Films")
    bodies = await conflict_is_solved(window, hub, "PATCH", path)
    assert bodies == [{"name": "Films", "version": 1}, {"name": "Films", "version": 2}]


async def test_a_recurring_payment_that_nobody_changed_is_not_sent(hub: FakeHub) -> None:
    """Also not where an event brought a newer one."""
    one = payment()
    hub.on("GET", f"{API}/recurring", {"items": [one], "sums": []})
    hub.on("GET", f"{API}/recurring-notices", {"items": []})
    hub.on("GET", f"{API}/recurring/r1", one)
    window, session = await open_at(hub, "/recurring/r1/edit")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", f"{API}/recurring/r1", {**one, "version": 99, "note": "Theirs", "amount_minor": -9999})
    await somebody_changes(window, session)
    await window.click("Save")
    assert patches(hub, "/recurring/r1") == []


async def test_a_late_answer_for_another_transaction_leaves_the_form_alone(hub: FakeHub) -> None:
    """What is half typed stays, although the one that was looked at before comes only now."""
    held = Held(transaction("t1"))
    hub.on("GET", f"{API}/transactions/t1", held)
    hub.on("GET", f"{API}/transactions/t2", transaction("t2", counterparty="Spar"))
    window, _ = await open_at(hub, "/transactions/t1")
    await window.go("/financial_manager/transactions")
    await window.go("/financial_manager/transactions/t2/edit")
    await window.until(lambda: window.button("Save"))
    await window.type("Note", "half typed")
    held.go.set()
    await window.settle(0.1)
    assert [one.value for one in window.find("TextField", label="Note")] == ["half typed"]


async def test_a_step_that_is_taken_back_is_not_said_to_have_failed(hub: FakeHub) -> None:
    """It is done; only reading it anew failed."""
    hub.on("GET", f"{API}/changes/s1", change())
    hub.on("POST", f"{API}/changes/s1/undo", {"count": 1, "change_id": "s2"})
    window, _ = await open_at(hub, "/changes/s1")
    await window.until(lambda: window.button("Take it back"))
    hub.on("GET", f"{API}/changes/s1", lambda _: refusal(500, "internal"))
    await window.click("Take it back")
    await window.until(lambda: window.shows("It is taken back."))


async def test_a_trade_that_is_saved_is_not_said_to_have_failed(hub: FakeHub) -> None:
    """It is done; only reading it anew failed."""
    depots(hub).on("PATCH", f"{API}/trades/{TRADE}", trade(version=2))
    window, _ = await open_at(hub, f"/trades/{TRADE}/edit")
    await window.until(lambda: window.button("Save"))
    hub.on("GET", f"{API}/trades/{TRADE}", lambda _: refusal(500, "internal"))
    await window.click("Save")
    await window.until(lambda: window.shows("The trade is changed."))
