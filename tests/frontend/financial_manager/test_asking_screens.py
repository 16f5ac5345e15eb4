"""Asking the AI about the inbox: offered only where there is one, shown before it is sent, and agreed to first."""

from __future__ import annotations

from typing import Any

import pytest

from tests.frontend.financial_manager.money_desk import API, ledger, open_at, waiting
from tests.frontend.wire import FakeHub, event, page

pytestmark = pytest.mark.anyio
AGREEMENT = "/api/v1/ai/modules/financial_manager"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    found = ledger(FakeHub())
    found.on("GET", f"{API}/transactions/inbox", page(waiting("t1"), waiting("t2")))
    return found


def stands(hub: FakeHub, state: str) -> None:
    more = {"module": "financial_manager", "enabled": state == "ready", "ready": state == "ready", "text": "Words."}
    hub.on("GET", AGREEMENT, {**more, "state": state, "provider": "openai", "model": "llama"})


def preview(state: str = "ready", **more: Any) -> dict[str, Any]:
    payees = [{"text": "Cafe Habakuk", "amount": "10-20", "direction": "out"}]
    facts = {"would_send": state == "ready", "reason": "" if state == "ready" else "Words about why not."}
    counts = {"known_payees": 0, "bookings": 2, "left": 0, "input_tokens": 90, "cost_micro_usd": 0}
    asked = {"state": state, "provider": "openai", "model": "llama", "payees": payees, "body": '{"the": "body"}'}
    return {**facts, **counts, **asked, **more}


def told(**more: Any) -> dict[str, Any]:
    facts = {"asked": 1, "known": 0, "filed": 2, "notice": "", "provider": "openai", "model": "llama", "unsure": []}
    return {**facts, **more}


@pytest.mark.parametrize(
    ("state", "offered"), [("off", False), ("no_key", False), ("not_opted_in", True), ("ready", True)]
)
async def test_it_is_offered_only_where_somebody_set_an_ai_up(hub: FakeHub, state: str, offered: bool) -> None:
    """A household without one never reads of it; the inbox is there in any case."""
    stands(hub, state)
    window, _ = await open_at(hub, "/inbox")
    await window.until(lambda: window.shows("Billa") and hub.calls("GET", AGREEMENT))
    await window.settle()
    assert window.shows("Ask the AI") is offered
    assert not hub.calls("GET", f"{API}/inbox/ask")


async def test_all_that_leaves_is_shown_and_sent_on_a_touch_only(hub: FakeHub) -> None:
    """Payee, band, direction, to whom, what it costs, and the exact text; then one request, and back."""
    stands(hub, "ready")
    hub.on("GET", f"{API}/inbox/ask", preview())
    hub.on("POST", f"{API}/inbox/ask", told())
    window, _ = await open_at(hub, "/inbox/ask")
    await window.until(lambda: window.shows("Cafe Habakuk"))
    for said in ("10-20, paid", "the AI server of this household", "llama"):
        assert window.shows(said), window.texts()
    await window.click("Show the exact text")
    assert window.shows('{"the": "body"}')
    assert not hub.calls("POST", f"{API}/inbox/ask")
    await window.click("Ask about 1 payee")
    assert len(hub.calls("POST", f"{API}/inbox/ask")) == 1
    await window.until(lambda: ("push_route", {"route": "/financial_manager/inbox"}) in window.wire.calls)


async def test_nothing_is_sent_before_the_space_agreed(hub: FakeHub) -> None:
    """The button asks for consent in words, for this space; only then asking is offered."""
    hub.on("GET", f"{API}/inbox/ask", preview("not_opted_in"))
    hub.on("PUT", AGREEMENT, {})
    window, _ = await open_at(hub, "/inbox/ask")
    await window.until(lambda: window.shows("Words about why not."))
    assert not window.shows("Ask about 1 payee")
    window.wire.loop.create_task(window.click("Let the AI help"))
    await window.until(lambda: window.shows("Let the AI help with money?"))
    hub.on("GET", f"{API}/inbox/ask", preview())
    await window.click("I agree")
    await window.until(lambda: window.shows("Ask about 1 payee"))
    assert hub.bodies("PUT", AGREEMENT) == [{"enabled": True}]
    assert not hub.calls("POST", f"{API}/inbox/ask")


async def test_what_it_was_not_sure_of_is_offered_in_the_inbox(hub: FakeHub) -> None:
    """Also after the inbox was read anew; a booking that changed since keeps Homie's own words."""
    from frontend.financial_manager.inbox_provider import InboxProvider

    stands(hub, "ready")
    inbox = InboxProvider(api=hub.api())
    await inbox.load()
    inbox.hear([waiting("t1", "c2"), waiting("t2", "c2")])  # type: ignore[list-item]
    hub.on("GET", f"{API}/transactions/inbox", page(waiting("t1"), waiting("t2", version=2)))
    await inbox.load()
    offered = [[found["category_id"] for found in one["suggestions"]] for one in inbox.waiting.items]
    assert offered == [["c2"], []]
    inbox.stand_in("another space")
    inbox.stand_in("")
    await inbox.load()
    assert inbox.waiting.items[0]["suggestions"] == []


async def test_a_provider_that_failed_is_said(hub: FakeHub) -> None:
    """The screen stays, with the reason and what would be sent."""
    hub.on("GET", f"{API}/inbox/ask", preview())
    hub.on("POST", f"{API}/inbox/ask", told(asked=0, filed=0, notice="The provider did not answer."))
    window, session = await open_at(hub, "/inbox/ask")
    await window.until(lambda: window.shows("Cafe Habakuk"))
    await window.click("Ask about 1 payee")
    await window.until(lambda: window.shows("The provider did not answer."))
    session.socket.feed("event", event("financial_manager.ledger_changed", "e9", "a-9"))
    await window.settle()
    assert window.shows("The provider did not answer.")


async def test_without_anybody_to_ask_about_it_says_so(hub: FakeHub) -> None:
    """And there is no button that would do nothing."""
    hub.on("GET", f"{API}/inbox/ask", preview(payees=[], body=None))
    window, _ = await open_at(hub, "/inbox/ask")
    await window.until(lambda: window.shows("Nothing to ask about"))
    assert not window.shows("Ask about")
