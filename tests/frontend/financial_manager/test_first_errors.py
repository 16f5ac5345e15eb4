"""The first look at a screen while the hub cannot answer all of it: nothing wrong is said, trying again brings it."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from frontend.api.errors import ApiError
from frontend.financial_manager.depots_provider import DepotsProvider
from frontend.financial_manager.taxes_provider import TaxesProvider
from tests.frontend.financial_manager.depot_desk import DEPOT, SECURITY, TRADE, depots, security
from tests.frontend.financial_manager.money_desk import API, account, change, ledger, open_at, part, transaction
from tests.frontend.financial_manager.test_insight_screens import goal, payment
from tests.frontend.financial_manager.test_planning_screens import rule
from tests.frontend.financial_manager.test_price_screens import price
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio
OF = f"/securities/{SECURITY}"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    """A household with something on every screen that is looked at here."""
    found = depots(ledger(FakeHub()))
    found.on("GET", f"{API}/accounts", {"items": [account(), account(DEPOT, "Broker", kind="depot")]})
    filed = transaction(parts=[part(category_id="c1", source="hand")])
    found.on("GET", f"{API}/transactions", page(filed))
    found.on("GET", f"{API}/transactions/t1", filed)
    for what, rows in (("goals", [goal()]), ("category-rules", [rule()]), ("recurring-notices", [])):
        found.on("GET", f"{API}/{what}", {"items": rows})
    found.on("GET", f"{API}/recurring", {"items": [payment()], "sums": []})
    found.on("GET", f"{API}/recurring/r1", payment())
    found.on("GET", f"{API}/changes/s1", change())
    for what in ("payees", "people", "years"):
        found.on("GET", f"{API}/insight/{what}", {"items": []})
    nothing: dict[str, Any] = {"today": "2026-11-30", "until": "2027-02-28", "outlooks": [], "shown": None}
    found.on("GET", f"{API}/forecast", {**nothing, "days": [], "expected": [], "rests_on": []})
    found.on("GET", f"{API}{OF}", security())
    found.on("GET", f"{API}{OF}/prices", page(price()))
    found.on("GET", f"{API}{OF}/price-source", lambda _: refusal(404, "price_source_missing"))
    found.on("GET", f"{API}/price-feeds", {"items": []})
    found.on("GET", f"{API}/rates", {"source": "EUR", "through": None, "items": [], "stale": False})
    return found


@pytest.mark.parametrize(
    ("route", "path", "said"),
    [
        ("/inbox", "/accounts", "Nothing waits"),
        ("/inbox", "/transactions/inbox", "Nothing waits"),
        ("/transactions", "/categories", "Groceries"),
        ("/transactions/t1", "/categories", "Groceries"),
        ("/transactions/t1/edit", "/categories", "Change transaction"),
        ("/planned", "/categories", "Groceries"),
        ("/transfers", "/accounts", "No pairs wait"),
        ("/changes/s1", "/accounts", "Entered: Billa"),
        ("/tags?tag=trip", "/categories", "Groceries"),
        ("/reports", "/categories", "Nothing to count yet"),
        ("/compare", "/categories", "Nothing in this year"),
        ("/forecast", "/accounts", "Nothing to look ahead from"),
        ("/goals", "/accounts", "Bicycle"),
        ("/goals/g1", "/accounts", "Bicycle"),
        ("/goals/new", "/accounts", "EUR"),
        ("/goals/new", "/settings", "EUR"),
        ("/recurring/r1", "/recurring/r1", "Netflix"),
        ("/recurring/r1", "/accounts", "Giro"),
        ("/recurring/r1/edit", "/recurring/r1", "Change Netflix"),
        ("/rules", "/categories", "Groceries"),
        ("/rules", "/settings", "Groceries"),
        ("/rules/r1", "/categories", "File under Groceries"),
        ("/rules/r1", "/settings", "File under Groceries"),
        ("/rules/new", "/accounts", "If a booking fits this"),
        ("/budgets", "/settings", "No budgets in"),
        ("/depots", "/depots/positions", "Acme"),
        (f"/depots/{DEPOT}/{SECURITY}", "/trades", "Sale"),
        ("/trades/new", "/depots/positions", "Save"),
        (f"/trades/{TRADE}", f"/trades/{TRADE}", "Acme"),
        (f"/trades/{TRADE}", "/securities", "Acme"),
        (f"/trades/{TRADE}", "/accounts", "Broker"),
        (f"/trades/{TRADE}/edit", "/accounts", "Save"),
        (f"/trades/{TRADE}/edit", f"/trades/{TRADE}", "Save"),
        (OF, OF, "Acme"),
        (OF, f"{OF}/prices", "12.5 EUR"),
        (f"{OF}/edit", OF, "Save"),
        (f"{OF}/source", "/price-feeds", "Save"),
        ("/accounts/a1", "/forecast", "Giro"),
        ("/accounts/a1", "/transactions", "Billa"),
        ("/accounts", "/depots/worth", "of it in securities"),
    ],
)  # fmt: skip
async def test_what_failed_at_first_comes_by_trying_again(hub: FakeHub, route: str, path: str, said: str) -> None:
    """One answer is missing: the screen says so in place of what needs it, and then is as if nothing had been."""
    whole, _ = await open_at(hub, route)
    await whole.until(lambda: whole.shows(said))
    await whole.until(lambda: not whole.find("Semantics", label="Loading"))
    answer = hub.answers["GET", f"{API}{path}"]
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    assert not any(window.shows(wrong) for wrong in ("is not here", "No depot yet", "No category yet", "€0.00"))
    hub.on("GET", f"{API}{path}", answer)
    await window.click("Try again")
    await window.until(lambda: window.texts() == whole.texts())


async def test_what_is_on_its_way_is_not_missing(hub: FakeHub) -> None:
    """The positions of another depot are known, those of this one are not: nothing is said to be held nowhere."""
    known = hub.answers["GET", f"{API}/depots/positions"]
    hub.on("GET", f"{API}/depots/positions", {"items": []})
    window, _ = await open_at(hub, "/depots?depot=other")
    await window.until(lambda: window.shows("Nothing is held yet"))
    hub.on("GET", f"{API}/depots/positions", lambda _: refusal(500, "internal"))
    for place in (f"depots/{DEPOT}/{SECURITY}", f"what-if?depot={DEPOT}&security={SECURITY}"):
        await window.go(f"/financial_manager/{place}")
        await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/depots/positions", known)
    await window.click("Try again")
    await window.until(lambda: window.shows("Whose tax rules count?"))


@pytest.mark.parametrize(
    ("route", "said"),
    [
        ("/accounts/a1", "Billa"), ("/import/a1", "No folder is opened yet"), ("/inbox", "Nothing waits"),
        (f"/depots/{DEPOT}/{SECURITY}", "Sale"), ("/rules/r1", "File under Groceries"), ("/payees/p1", "Billa"),
        (f"/trades/{TRADE}/edit", "Save"), ("/budgets", "No budgets in"),
    ],
)  # fmt: skip
async def test_one_press_is_enough_where_nothing_could_be_read(hub: FakeHub, route: str, said: str) -> None:
    """The hub was away: it is back, and so is the whole screen."""
    payee = {"id": "p1", "name": "Our market", "written": [], "transactions": 1, "category_id": None}
    hub.on("GET", f"{API}/payees", {"items": [payee]})
    answers = dict(hub.answers)
    hub.answers = {key: lambda _: refusal(500, "internal") for key in answers}
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows("Words about internal."))
    hub.answers = answers
    await window.click("Try again")
    await window.until(lambda: window.shows(said))
    await window.until(lambda: not window.shows("Words about internal."))


@pytest.mark.parametrize(
    ("route", "said", "button"),
    [
        ("/inbox", "Nothing is booked yet.", "Import statement"), ("/reports", "Nothing to count", "Import statement"),
        ("/prices", "No security yet", "Add security"), ("/payees", "No payee has a name yet", "All transactions"),
    ],
)  # fmt: skip
async def test_a_new_household_is_shown_how_to_begin(hub: FakeHub, route: str, said: str, button: str) -> None:
    """What is empty for want of something leads to it; the form of a price without a security led nowhere."""
    hub.on("GET", f"{API}/accounts", {"items": []})
    for what in ("securities", "depots/positions"):
        hub.on("GET", f"{API}/{what}", {"items": []})
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows(said))
    assert window.button(button)
    assert not window.find("TextField", label="Price of one share")


async def test_what_a_depot_holds_is_not_nothing_while_it_is_not_known(hub: FakeHub) -> None:
    """Its tile waits for the worth, says the kind of account, and the sum of all shows that it is asked for."""
    gate = asyncio.Event()
    sums, worth = hub.answers["GET", f"{API}/reports/net-worth"], hub.answers["GET", f"{API}/depots/worth"]

    async def late(answer: Any) -> Any:
        await gate.wait()
        return answer

    hub.on("GET", f"{API}/reports/net-worth", lambda _: late(httpx.Response(200, json=sums)))
    hub.on("GET", f"{API}/depots/worth", lambda _: late(httpx.Response(200, json=worth)))
    window, _ = await open_at(hub, "/accounts")
    await window.until(lambda: window.shows("Broker"))
    assert window.texts().count("Not known yet") == 2
    assert window.find("ProgressBar", semantics_label="Loading")
    assert window.shows("Securities account")
    gate.set()
    await window.until(lambda: window.shows("€102.50 of it in securities"))
    assert not window.shows("Not known yet")


@pytest.mark.parametrize(("cash", "whole"), [(123450, "€1,337.00"), (0, "€102.50")])
async def test_a_depots_own_page_counts_its_securities_as_the_first_page_does(
    hub: FakeHub, cash: int, whole: str
) -> None:
    """Until their worth is there no sum is said: the cash of a depot alone is not what it holds."""
    hub.on("GET", f"{API}/accounts", {"items": [account(DEPOT, "Broker", kind="depot", balance_minor=cash)]})
    worth = hub.answers["GET", f"{API}/depots/worth"]
    hub.on("GET", f"{API}/accounts/{DEPOT}/coverage", {"spans": [], "gaps": []})
    hub.on("GET", f"{API}/depots/worth", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, f"/accounts/{DEPOT}")
    await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/depots/worth", worth)
    await window.click("Try again")
    await window.until(lambda: whole in window.texts())
    assert window.shows("€102.50 of it in securities") == bool(cash)
    assert window.button("Securities")


async def test_a_tax_year_that_cannot_be_read_says_so(hub: FakeHub) -> None:
    """Below the chips of country and year, which stay."""
    depots(hub)
    window, session = await open_at(hub, "/taxes")
    await window.until(lambda: window.shows("2025"))
    hub.on("GET", f"{API}/tax-reports", lambda _: refusal(500, "internal"))
    await session.of(TaxesProvider).show("AT", 2024)
    await window.until(lambda: window.shows("Try again"))
    assert window.shows("Austria")


async def test_rows_of_the_filter_before_do_not_stand_below_one_that_failed(hub: FakeHub) -> None:
    """They would look as if they fitted it."""
    hub.on("GET", f"{API}/transactions", page(transaction("t1")))
    window, _ = await open_at(hub, "/transactions")
    await window.until(lambda: window.shows("Billa"))
    hub.on("GET", f"{API}/transactions", lambda _: refusal(500, "internal"))
    await window.type("Search by words", "Rent of March")
    await window.until(lambda: window.shows("Try again"))
    assert not window.shows("Billa")


async def test_what_is_told_apart_changes_with_its_figures(hub: FakeHub) -> None:
    """A spread that could not be read leaves the chosen one chosen."""
    provider = DepotsProvider(api=depots(hub).api())
    await provider.load()
    hub.on("GET", f"{API}/depots/allocation", lambda _: refusal(500, "internal"))
    with pytest.raises(ApiError):
        await provider.spread_by("country")
    assert provider.by == "security"
