"""A security's prices on the screen: who said each, what would be sent where, and what became of asking."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.frontend.financial_manager.depot_desk import SECURITY, depots, security
from tests.frontend.financial_manager.money_desk import API, open_at
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio
OF = f"{API}/securities/{SECURITY}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def price(**more: Any) -> dict[str, Any]:
    facts = {"date": "2026-02-26", "price": "12.5", "currency": "EUR", "fx_rate": None, "fx_currency": ""}
    return {"id": "p1", "security_id": SECURITY, **facts, "source": "hand", "fetched_at": None, **more}


def source(**more: Any) -> dict[str, Any]:
    feed = {"preset": "", "symbol": "", "format": "json", "address": "https://prices.example/{isin}"}
    paths = {"date_path": "[*].d", "price_path": "[*].p", "currency_path": "", "date_form": "iso", "decimal": "."}
    head = {"security_id": SECURITY, "security": "Acme", "title": "prices.example", "host": "prices.example"}
    told = {"asks": "https://prices.example/AT0000743059", "problem": "", "currency": "", "version": 3}
    return {**head, **feed, **paths, **told, **more}


def preset() -> dict[str, Any]:
    both = {"en": "Crypto assets", "de": "Kryptowerte"}
    word = {"en": "The coin's id", "de": "Die Kennung"}
    facts = {"host": "api.example", "address": "https://api.example/{symbol}", "source": "https://docs.example"}
    return {"id": "coins", "title": "Coins", "about": both, "symbol": word, **facts}


@pytest.fixture
def hub() -> FakeHub:
    found = depots(FakeHub())
    found.on("GET", OF, security(version=7))
    found.on("GET", f"{OF}/prices", page(price()))
    found.on("GET", f"{OF}/price-source", lambda _: refusal(404, "price_source_missing"))
    found.on("GET", f"{API}/price-feeds", {"items": [preset()]})
    return found


async def test_each_price_says_who_said_it(hub: FakeHub) -> None:
    """By hand, of a file, of a server with its day; a rate stands beside."""
    file = price(id="p2", date="2026-02-25", source="bank.csv")
    asked = price(id="p3", date="2026-02-24", source="prices.example", fetched_at="2026-03-01T12:00:00Z",
                  currency="USD", fx_rate="0.9", fx_currency="EUR")  # fmt: skip
    hub.on("GET", f"{OF}/prices", page(price(), file, asked))
    window, _ = await open_at(hub, f"/securities/{SECURITY}")
    await window.until(lambda: window.shows("By hand and from files"))
    for said in ("By hand", "From bank.csv", "From prices.example, asked on", "1 USD = 0.9 EUR", "12.5 USD"):
        assert window.shows(said), (said, window.texts())


async def test_what_cannot_be_read_can_be_tried_again(hub: FakeHub) -> None:
    hub.on("GET", OF, lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, f"/securities/{SECURITY}")
    await window.until(lambda: window.shows("Words about internal."))
    assert window.button("Try again")


async def test_a_change_is_sent_as_it_was_seen(hub: FakeHub) -> None:
    """With its version; what another person changed meanwhile is said, and nothing is lost of what was typed."""
    hub.on("PATCH", OF, lambda _: refusal(409, "row_changed"))
    window, _ = await open_at(hub, f"/securities/{SECURITY}/edit")
    await window.until(lambda: window.shows("Countries tax shares"))
    await window.type("Name", "Acme Works")
    await window.click("Save")
    await window.until(lambda: hub.calls("PATCH", OF))
    body = json.loads(hub.calls("PATCH", OF)[-1].content)
    assert (body["name"], body["country"], body["version"]) == ("Acme Works", "AT", 7)
    await window.until(lambda: window.shows("Somebody else changed this while you were at it."))


async def test_a_source_is_chosen_and_says_what_would_be_sent(hub: FakeHub) -> None:
    """A feed that comes with Homie needs only its word; where it is described stands there."""
    hub.on("PUT", f"{OF}/price-source", source(preset="coins", symbol="acme"))
    window, _ = await open_at(hub, f"/securities/{SECURITY}/source")
    await window.until(lambda: window.shows("api.example; described at https://docs.example"))
    await window.type("What the source calls it", "acme")
    await window.click("Save")
    await window.until(lambda: window.shows("nothing else is sent: https://prices.example/AT0000743059"))
    sent = json.loads(hub.calls("PUT", f"{OF}/price-source")[-1].content)
    assert sent == {"preset": "coins", "symbol": "acme", "version": 0}  # nobody's choice meanwhile is overwritten


async def test_asking_tells_of_each_security_what_came(hub: FakeHub) -> None:
    """What was left out has its reason, a day that a person priced is said to be kept, a failure is said."""
    hub.on("GET", f"{API}/price-sources", {"items": [source()]})
    days = {"since": "2026-02-01", "until": "2026-03-01", "asked": "https://prices.example/AT0000743059"}
    row = {"text": "2026-02-27 -1", "reason": "The price is no number."}
    one = {"security_id": SECURITY, "security": "Acme", **days, "added": 2, "changed": 0, "same": 0, "kept": 1,
           "refused": [row], "refused_count": 1, "problem": ""}  # fmt: skip
    failed = {**one, "security": "Fund", "problem": "The server was asked too often. Ask again later."}
    hub.on("POST", f"{API}/price-sources/fetch", {"items": [one, failed], "change_id": "c1"})
    window, _ = await open_at(hub, "/prices")
    await window.until(lambda: window.button("Ask for newer prices"))
    assert window.shows("https://prices.example/AT0000743059")
    assert not hub.calls("POST", f"{API}/price-sources/fetch")
    await window.click("Ask for newer prices")
    await window.until(lambda: window.shows("Acme: 2 prices are new"))
    for said in ("1 day keeps the price", "2026-02-27 -1: The price is no number.", "Fund: The server was asked"):
        assert window.shows(said), (said, window.texts())
    await window.until(lambda: window.button("Undo") or window.shows("2 prices came."))


async def test_a_security_is_deleted_after_a_question(hub: FakeHub) -> None:
    """It is said that its prices go too; nothing goes before the answer."""
    hub.on("DELETE", OF, None)
    window, _ = await open_at(hub, f"/securities/{SECURITY}")
    await window.until(lambda: window.button("Delete security"))
    window.wire.loop.create_task(window.click("Delete security"))  # it ends with the answer
    await window.until(lambda: window.shows("Delete this security?"))
    assert not hub.calls("DELETE", OF)
    window.wire.loop.create_task(window.click("Delete"))
    await window.until(lambda: hub.calls("DELETE", OF))
