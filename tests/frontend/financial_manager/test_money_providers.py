"""What the providers know and send, without any screen: narrowing, filing, importing, undoing, rolling back."""

from __future__ import annotations

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest

from frontend.api.errors import ApiError
from frontend.financial_manager.changes_provider import ChangesProvider
from frontend.financial_manager.import_provider import ImportProvider
from frontend.financial_manager.inbox_provider import InboxProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.overview_provider import OverviewProvider, spent_most
from frontend.financial_manager.reports_provider import ReportsProvider
from frontend.financial_manager.trades_provider import TradesProvider
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.financial_manager.transfers_provider import TransfersProvider
from tests.frontend.financial_manager.depot_desk import DEPOT, TRADE, depots, trade
from tests.frontend.financial_manager.money_desk import (
    API,
    CATEGORIES,
    account,
    change,
    ledger,
    line,
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


async def test_every_call_speaks_of_the_chosen_space(hub: FakeHub) -> None:
    """Another space: what was known is dropped, and the calls name it."""
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    assert [one["name"] for one in provider.accounts] == ["Giro"]
    assert "X-Homie-Space" not in hub.calls("GET", f"{API}/accounts")[-1].headers
    provider.stand_in("o2")
    assert (provider.accounts, provider.loaded) == ((), False)
    await provider.load()
    assert hub.calls("GET", f"{API}/accounts")[-1].headers["X-Homie-Space"] == "o2"


async def test_a_category_is_renamed_at_once_and_back_when_refused(hub: FakeHub) -> None:
    """What was seen goes along, so that nobody's change is lost."""
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    hub.on("PATCH", f"{API}/categories/c3", lambda _: refusal(409, "row_changed"))
    rent = provider.category("c3")
    assert rent is not None
    with pytest.raises(ApiError):
        await provider.change_category(rent, title="Flat")
    assert provider.category("c3") == rent
    assert sent(hub, "PATCH", "/categories/c3") == {"title": "Flat", "version": 1}


async def test_leaves_are_what_a_booking_can_get(hub: FakeHub) -> None:
    """No group, nothing hidden, and not the ledger's own one for changing money."""
    own = {**CATEGORIES[3], "id": "c9", "key": "conversion", "parent_id": None}
    hidden = {**CATEGORIES[3], "id": "c8", "hidden": True}
    hub.on("GET", f"{API}/categories", {"items": [*CATEGORIES, own, hidden]})
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    assert [one["id"] for one in provider.leaves] == ["c1", "c2", "c3"]


async def test_an_event_reads_the_accounts_anew(hub: FakeHub) -> None:
    """What somebody else does to the ledger is shown without asking."""
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    hub.on("GET", f"{API}/accounts", {"items": [account(), account("a2", "Savings")]})
    provider.on_event(event("financial_manager.ledger_changed"))  # type: ignore[arg-type]
    await provider.reload()
    assert len(provider.accounts) == 2


async def test_the_list_is_narrowed_and_unfiled_ones_are_asked_for(hub: FakeHub) -> None:
    """Each filter is a parameter; "none" means those without a category."""
    provider = TransactionsProvider(api=hub.api())
    await provider.show_only(account_id="a1", category_id="none", words="billa")
    query = dict(hub.calls("GET", f"{API}/transactions")[-1].url.params)
    assert query == {"account_id": "a1", "inbox": "true", "words": "billa", "limit": "50"}
    await provider.show_only()
    assert not provider.is_narrowed


async def test_a_deleted_transaction_comes_back_when_the_hub_refuses(hub: FakeHub) -> None:
    """It goes at once; a reconciled time keeps it."""
    hub.on("GET", f"{API}/transactions", page(transaction()))
    hub.on("POST", f"{API}/transactions/delete", lambda _: refusal(409, "period_reconciled"))
    provider = TransactionsProvider(api=hub.api())
    await provider.show_only()
    with pytest.raises(ApiError):
        await provider.delete(provider.found.items[0])
    assert [one["id"] for one in provider.found.items] == ["t1"]


async def test_filing_takes_the_booking_away_and_offers_similar_ones(hub: FakeHub) -> None:
    """One request; the same for the others is a second one, and refused it all comes back."""
    hub.on("GET", f"{API}/transactions/inbox", page(waiting("t1", "c1"), waiting("t2")))
    hub.on("POST", f"{API}/transactions/categorise", {"count": 1, "similar": [transaction("t2")]})
    inbox = InboxProvider(api=hub.api())
    await inbox.load()
    await inbox.file("t1", "c1")
    assert [one["transaction"]["id"] for one in inbox.waiting.items] == ["t2"]
    assert [one["id"] for one in inbox.similar] == ["t2"]
    hub.on("POST", f"{API}/transactions/categorise", lambda _: refusal(404, "category_missing"))
    with pytest.raises(ApiError):
        await inbox.file_similar()
    assert ([one["id"] for one in inbox.similar], len(inbox.waiting.items)) == (["t2"], 1)
    assert sent(hub, "POST", "/transactions/categorise") == {"ids": ["t2"], "category_id": "c1"}


async def test_a_statement_is_looked_at_decided_about_and_booked(hub: FakeHub) -> None:
    """What the person ticked goes along, with the hash of what was seen."""
    rows = [line(0), line(1), line(2, "twin")]
    hub.on("POST", f"{API}/imports/preview", preview(new=2, twins=1, rows=rows))
    hub.on("POST", f"{API}/imports", {"id": "b1"})
    found = ImportProvider(api=hub.api())
    found.begin("a1")
    await found.take_content("March.csv", b"1;2")
    found.leave_out(1)
    found.book_twin(2)
    assert found.to_book == 2
    assert await found.book() == "b1"
    body = sent(hub, "POST", "/imports")
    assert (body["leave_out"], body["book_twins"], body["looked_at"]) == ([1], [2], "h1")
    assert base64.b64decode(body["content"]) == b"1;2"
    assert found.file_name == ""


async def test_a_statement_of_another_account_is_looked_at_for_that_one(hub: FakeHub) -> None:
    """The refusal is kept for the screen; another account, or trust, asks again with the same file."""
    hub.on("POST", f"{API}/imports/preview", lambda _: refusal(409, "statement_of_another_account"))
    found = ImportProvider(api=hub.api())
    found.begin("a1")
    await found.take({"name": "m.csv", "path": "/bank/m.csv", "is_folder": False, "size": 1, "modified": 0})
    assert found.problem is not None
    hub.on("POST", f"{API}/imports/preview", preview())
    await found.look(account_id="a2")
    assert (found.problem, sent(hub, "POST", "/imports/preview")["account_id"]) == (None, "a2")
    found.begin("a2")
    assert found.file_name == "m.csv"
    await found.look(trust=True)
    assert sent(hub, "POST", "/imports/preview") == {"account_id": "a2", "trust": True, "path": "/bank/m.csv"}


async def test_a_step_is_taken_back_by_the_row_that_it_touched(hub: FakeHub) -> None:
    """Of several deletions the right one is undone."""
    kind = "transaction.delete"
    hub.on("GET", f"{API}/changes", page(change("s2", kind), change("s1", kind)))
    row = {"table_name": "transactions", "before": {}, "after": None}
    hub.on("GET", f"{API}/changes/s2", change("s2", kind, rows=[{**row, "row_id": "other"}]))
    hub.on("GET", f"{API}/changes/s1", change("s1", kind, rows=[{**row, "row_id": "t1"}]))
    hub.on("POST", f"{API}/changes/s1/undo", change("s3", "undo", undoes="s1"))
    assert await ChangesProvider(api=hub.api()).undo_last(kind, "t1")
    assert len(hub.calls("POST", f"{API}/changes/s1/undo")) == 1


async def test_a_pair_comes_back_when_the_answer_is_refused(hub: FakeHub) -> None:
    """Yes and no are sent to their places."""
    pair = {"out": transaction("t1"), "into": transaction("t2", 1234), "score": 0.9, "reason": ""}
    hub.on("GET", f"{API}/transfers", {"items": [pair]})
    transfers = TransfersProvider(api=hub.api())
    await transfers.load()
    hub.on("POST", f"{API}/transfers/reject", lambda _: refusal(404, "transfer_missing"))
    with pytest.raises(ApiError):
        await transfers.answer(transfers.pairs[0], yes=False)
    assert len(transfers.pairs) == 1
    hub.on("POST", f"{API}/transfers/confirm", {})
    await transfers.answer(transfers.pairs[0], yes=True)
    assert (transfers.pairs, sent(hub, "POST", "/transfers/confirm")) == ((), {"out_id": "t1", "in_id": "t2"})


async def test_spending_is_the_largest_first_by_currency(hub: FakeHub) -> None:
    """What came in is no spending; each currency stands for itself."""
    sums = [
        {"month": "2026-03-01", "category_id": name, "currency": currency, "spent_minor": spent, "bookings": 1}
        for name, currency, spent in (("c1", "EUR", 5), ("c2", "EUR", 9), ("c3", "EUR", -100), ("c1", "USD", 7))
    ]
    hub.on("GET", f"{API}/reports/months", {"items": sums})
    overview = OverviewProvider(api=hub.api())
    await overview.show("2026-03-01")
    found = spent_most(overview.sums, 1)
    assert {key: [one["category_id"] for one in rows] for key, rows in found.items()} == {"EUR": ["c2"], "USD": ["c1"]}
    reports = ReportsProvider(api=hub.api())
    await reports.show("2026-03-01", "2026-03-01")
    assert reports.currencies == ("EUR", "USD")


async def test_a_trade_looked_at_while_the_list_is_read_is_read_too() -> None:
    """To have read the list is no answer to whoever wants to see one trade."""
    hub = depots(ledger(FakeHub()))
    provider = TradesProvider(api=hub.api())
    await provider.show(DEPOT)
    answer = asyncio.get_running_loop().create_future()
    hub.on("GET", f"{API}/trades", lambda _: answer)
    asked = [asyncio.create_task(one) for one in (provider.load(), provider.load(), provider.look_at(TRADE))]
    await asyncio.sleep(0)
    answer.set_result(page(trade()))
    await asyncio.gather(*asked)
    assert provider.shown is not None


async def test_a_list_that_nobody_answered_is_read_when_the_line_is_back(hub: FakeHub) -> None:
    """The provider itself is ready then, but its list is not."""
    hub.on("GET", f"{API}/transactions", httpx.ConnectError("nobody"))
    provider = TransactionsProvider(api=hub.api())
    await provider.show_only()
    assert provider.found.state == "offline"
    hub.on("GET", f"{API}/transactions", page(transaction("t1")))
    await provider.came_online()
    assert [one["id"] for one in provider.found.items] == ["t1"]
