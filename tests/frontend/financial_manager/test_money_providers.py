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
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.import_provider import ImportProvider
from frontend.financial_manager.imports_provider import ImportsProvider
from frontend.financial_manager.inbox_provider import InboxProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.overview_provider import OverviewProvider, spent_most
from frontend.financial_manager.reports_provider import ReportsProvider
from frontend.financial_manager.taxes_provider import TaxesProvider
from frontend.financial_manager.trades_provider import TradesProvider
from frontend.financial_manager.transactions_provider import TransactionsProvider
from frontend.financial_manager.transfers_provider import TransfersProvider
from tests.frontend.financial_manager.depot_desk import DEPOT, TRADE, depots, report, trade
from tests.frontend.financial_manager.money_desk import (
    API,
    CATEGORIES,
    account,
    category,
    change,
    ledger,
    line,
    preview,
    transaction,
    waiting,
)
from tests.frontend.wire import FakeHub, Held, begun, event, page, refusal

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


async def test_a_refused_deletion_does_not_take_newer_rows_away(hub: FakeHub) -> None:
    """What was read meanwhile is newer than what was there before: it stays."""
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    held = Held(refusal(409, "in_use"))
    hub.on("DELETE", f"{API}/categories/c3", held)
    one = provider.category("c3")
    assert one is not None
    going = await begun(provider.delete_category(one))
    assert provider.category("c3") is None
    hub.on("GET", f"{API}/categories", {"items": [*CATEGORIES, category("c9", "New one")]})
    await provider.load()
    held.go.set()
    with pytest.raises(ApiError):
        await going
    assert provider.category("c3") is not None
    assert provider.category("c9") is not None


@pytest.mark.parametrize("names", [["Household"], []])
async def test_a_refused_deletion_does_not_bring_another_space_back(hub: FakeHub, names: list[str]) -> None:
    """Also where both spaces show nothing, which is one and the same object in Python."""
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    held = Held(refusal(409, "in_use"))
    hub.on("DELETE", f"{API}/accounts/a1", held)
    one = provider.account("a1")
    assert one is not None
    going = await begun(provider.delete_account(one))
    assert provider.accounts == ()
    hub.on("GET", f"{API}/accounts", {"items": [account("a9", name) for name in names]})
    provider.stand_in("o2")
    await provider.load()
    held.go.set()
    with pytest.raises(ApiError):
        await going
    assert [one["name"] for one in provider.accounts] == names


@pytest.mark.parametrize(
    ("kind", "path"),
    [(TransactionsProvider, "transactions"), (ImportsProvider, "imports"), (ChangesProvider, "changes")],
)
async def test_a_late_answer_is_not_shown_for_what_was_opened_since(hub: FakeHub, kind: Any, path: str) -> None:
    """The screen of the second one would say that it is gone, and drop what was typed into its form."""
    held = Held({"id": "one"})
    hub.on("GET", f"{API}/{path}/one", held)
    hub.on("GET", f"{API}/{path}/two", {"id": "two"})
    provider = kind(api=hub.api())
    first = await begun(provider.open("one"))
    await provider.open("two")
    held.go.set()
    await first
    assert provider.shown["id"] == "two"


async def test_days_covered_are_those_of_the_account_that_is_looked_at(hub: FakeHub) -> None:
    """A late answer for another account is dropped."""
    held = Held({"spans": [{"since": "2020-01-01", "until": "2020-12-31"}], "gaps": []})
    hub.on("GET", f"{API}/accounts/a1/coverage", held)
    hub.on("GET", f"{API}/accounts/a2/coverage", {"spans": [], "gaps": []})
    provider = LedgerProvider(api=hub.api())
    first = await begun(provider.cover("a1"))
    await provider.cover("a2")
    held.go.set()
    await first
    assert provider.coverage is not None
    assert provider.coverage["spans"] == []


async def test_an_account_opened_in_one_space_does_not_stand_in_another(hub: FakeHub) -> None:
    """Somebody went to another space while the hub opened it."""
    provider = LedgerProvider(api=hub.api())
    await provider.load()
    held = Held(account("a5", "Mine, new"))
    hub.on("POST", f"{API}/accounts", held)
    going = await begun(provider.open_account({"name": "Mine, new"}))
    hub.on("GET", f"{API}/accounts", {"items": [account("a9", "Household")]})
    provider.stand_in("o2")
    await provider.load()
    held.go.set()
    await going
    assert [one["name"] for one in provider.accounts] == ["Household"]


async def test_the_preview_is_that_of_the_file_that_was_chosen_last(hub: FakeHub) -> None:
    """Otherwise one file would be looked at and another one booked; a file that was given up is not shown either."""
    first, second = Held(preview(file_name="A.csv")), Held(preview(file_name="B.csv"))
    hub.on("POST", f"{API}/imports/preview", [first, second])
    provider = ImportProvider(api=hub.api())
    provider.begin("a1")
    going = [await begun(provider.take_path("/in/A.csv")), await begun(provider.take_path("/in/B.csv"))]
    second.go.set()
    await going[1]
    first.go.set()
    await going[0]
    assert provider.preview is not None
    assert provider.preview["file_name"] == "B.csv"
    late = Held(preview(file_name="C.csv"))
    hub.on("POST", f"{API}/imports/preview", late)
    third = await begun(provider.take_path("/in/C.csv"))
    provider.give_up()
    late.go.set()
    await third
    assert provider.preview is None


async def test_the_figures_are_those_of_the_year_that_is_shown(hub: FakeHub) -> None:
    """A late answer about another year is dropped."""
    provider = TaxesProvider(api=depots(hub).api())
    await provider.show("AT", 2025)
    held = Held(report())
    hub.on("GET", f"{API}/tax-reports", held)
    given = await begun(provider.given(joint=False, income_minor=100))
    hub.on("GET", f"{API}/tax-reports", {**report(), "year": 2024})
    await provider.show("AT", 2024)
    held.go.set()
    await given
    assert provider.report is not None
    assert provider.report["year"] == 2024


async def test_the_spread_is_by_what_was_chosen_last(hub: FakeHub) -> None:
    """A reading that began before does not put the other one back."""

    def spread(label: str) -> dict[str, Any]:
        part = {"label": label, "value_minor": 1, "share": 1}
        return {"items": [{"currency": "EUR", "total_minor": 1, "slices": [part], "without_price": []}]}

    provider = DepotsProvider(api=depots(hub).api())
    await provider.load()
    held = Held(spread("stock"))
    hub.on("GET", f"{API}/depots/allocation", held)
    going = await begun(provider.load())
    hub.on("GET", f"{API}/depots/allocation", spread("AT"))
    await provider.spread_by("country")
    held.go.set()
    await going
    assert provider.spread[0]["slices"][0]["label"] == "AT"


async def test_what_is_done_is_not_said_to_have_failed_because_reading_failed(hub: FakeHub) -> None:
    """An import that was taken back, a category that was given, a name: each is done when the hub said so."""
    hub.on("GET", f"{API}/imports/i1", {"id": "i1"})
    hub.on("POST", f"{API}/imports/i1/undo", {"id": "i1", "undone": True})
    imports = ImportsProvider(api=hub.api())
    await imports.open("i1")
    hub.on("GET", f"{API}/imports/i1", lambda _: refusal(500, "internal"))
    await imports.undo("i1")
    hub.on("GET", f"{API}/transactions/t1", transaction("t1"))
    hub.on("POST", f"{API}/transactions/categorise", {"similar": [transaction("t2")]})
    hub.on("POST", f"{API}/payees", {"items": []})
    transactions = TransactionsProvider(api=hub.api())
    await transactions.open("t1")
    hub.on("GET", f"{API}/transactions/t1", lambda _: refusal(500, "internal"))
    one: Any = transaction("t1")
    assert [row["id"] for row in await transactions.categorise(one, "c1")] == ["t2"]
    await transactions.name_payee(one, "Spar")


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
