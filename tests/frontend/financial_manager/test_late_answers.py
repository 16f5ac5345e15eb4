"""An answer that comes when something else is looked at already changes nothing of what is shown."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from frontend.financial_manager.forecast_provider import UpcomingProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.settle_provider import SettleProvider
from frontend.financial_manager.transactions_provider import TransactionsProvider
from tests.frontend.financial_manager.depot_desk import SECURITY, TRADE, depots, security, trade
from tests.frontend.financial_manager.money_desk import API, account, ledger, open_at, transaction
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio
C = f"{API}/construction"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return depots(ledger(FakeHub()))


class Late:
    """An answer that comes when the test says so, also when nobody waits for it any more."""

    def __init__(self, hub: FakeHub, path: str) -> None:
        self.told: Any = None
        self.there = asyncio.Event()
        hub.on("GET", path, lambda _: self.wait())

    async def wait(self) -> Any:
        await self.there.wait()
        return self.told

    def come(self, told: Any) -> None:
        self.told = told
        self.there.set()


def down(hub: FakeHub, *paths: str) -> None:
    """Let the hub fail at these questions."""
    for path in paths:
        hub.on("GET", path, lambda _: refusal(500, "internal"))


async def begun(work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    """Begin to ask, until the question is under way."""
    task = asyncio.create_task(work)
    await asyncio.sleep(0.01)
    return task


@pytest.mark.parametrize(
    ("first", "path", "answer", "second", "place", "wrong"),
    [
        (f"/trades/{TRADE}", f"/trades/{TRADE}", trade(), "/trades/x2", "/trades/x2", "Delete trade"),
        (f"/securities/{SECURITY}", f"/securities/{SECURITY}", security(), "/securities/s9", "/securities/s9", "Acme"),
        ("/houses/h1", "/construction/projects/h1", {"id": "h1"}, "/houses/h2", "/construction/projects/h2", "deleted"),
    ],
)
async def test_one_thing_is_not_shown_at_the_place_of_another(
    hub: FakeHub, first: str, path: str, answer: Any, second: str, place: str, wrong: str
) -> None:
    """Neither with its buttons, nor as something that was deleted: the failure is said, and can be tried again."""
    one = Late(hub, f"{API}{path}")
    down(hub, f"{API}{place}")
    window, _ = await open_at(hub, first)
    await window.go("/financial_manager/depots")
    await window.go(f"/financial_manager{second}")
    one.come(answer)
    await window.until(lambda: window.shows("Words about internal"))
    assert not window.shows(wrong)


async def test_accounts_of_the_space_before_are_not_those_of_this_one(hub: FakeHub) -> None:
    """What was asked for one's own space is dropped with it."""
    one = Late(hub, f"{API}/accounts")
    provider = LedgerProvider(api=hub.api())
    first = await begun(provider.load())
    provider.stand_in("o2")
    down(hub, f"{API}/accounts")
    second = await begun(provider.load())
    one.come({"items": [account("a1", "Mine alone")]})
    await asyncio.gather(first, second)
    assert (provider.accounts, provider.loaded, provider.state) == ((), False, "error")


async def test_rows_of_the_account_before_are_not_those_of_this_one(hub: FakeHub) -> None:
    """A list that is narrowed to something else drops what was asked for."""
    one = Late(hub, f"{API}/transactions")
    provider = TransactionsProvider(api=hub.api())
    first = await begun(provider.show_only(account_id="a1"))
    down(hub, f"{API}/transactions")
    second = await begun(provider.show_only(account_id="a2"))
    one.come(page(transaction("t1")))
    await asyncio.gather(first, second)
    assert (provider.found.items, provider.found.state) == ((), "error")


async def test_bank_lines_of_one_invoice_are_not_offered_for_another(hub: FakeHub) -> None:
    """The second one's are not there when they could not be read."""
    one = Late(hub, f"{C}/invoices/i1/suggestions")
    down(hub, f"{C}/invoices/i2/suggestions")
    provider = SettleProvider(api=hub.api())
    first = await begun(provider.open("invoice", "i1"))
    second = await begun(provider.open("invoice", "i2"))
    one.come({"items": [{"transaction_id": "t1"}]})
    await asyncio.gather(first, second)
    assert (provider.bookings, provider.loaded) == ((), False)


async def test_what_one_account_expects_is_not_said_of_another(hub: FakeHub) -> None:
    """Not even until the answer for the other one is there."""
    one = Late(hub, f"{API}/forecast")
    provider = UpcomingProvider(api=hub.api())
    first = await begun(provider.show("a1"))
    two = Late(hub, f"{API}/forecast")
    second = await begun(provider.show("a2"))
    one.come({"expected": [{"of": "a1"}]})
    await first
    assert (provider.account_id, provider.expected) == ("a2", ())
    two.come({"expected": [{"of": "a2"}]})
    await second
    assert provider.expected == ({"of": "a2"},)
