"""What is chosen anew cannot be read: nothing of the choice before stands below its name, and the error is said."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from frontend.financial_manager.screens.parts.month_bar import months_from
from frontend.i18n import month_name, today
from tests.frontend.financial_manager import depot_desk
from tests.frontend.financial_manager.money_desk import API, account, ledger, open_at
from tests.frontend.financial_manager.test_insight_screens import outlook
from tests.frontend.financial_manager.test_planning_screens import budget, of_month
from tests.frontend.wire import FakeHub, refusal

pytestmark = pytest.mark.anyio
MONTH = today().replace(day=1).isoformat()


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return ledger(FakeHub())


def budgets(hub: FakeHub) -> tuple[str, str, str, Any]:
    hub.on("GET", f"{API}/budgets", of_month(budget()))
    return "/budgets", "/budgets", "€60.00 left", _way("A month earlier", -1)


def comparison(hub: FakeHub) -> tuple[str, str, str, Any]:
    facts = {"key": "shop", "name": "Shop", "currency": "EUR", "received_minor": 0, "bookings": 1, "payee_id": None}
    hub.on("GET", f"{API}/insight/payees", {"items": [{**facts, "spent_minor": 7700}]})
    for what in ("people", "years"):
        hub.on("GET", f"{API}/insight/{what}", {"items": []})
    return "/compare", "/insight/payees", "Shop", _chip(str(today().year - 1))


def forecast(hub: FakeHub) -> tuple[str, str, str, Any]:
    told = {"today": "2026-11-30", "until": "2027-02-28", "outlooks": [outlook()], "shown": outlook()}
    days = [{"day": "2026-11-30", "balance_minor": 1000}, {"day": "2026-12-24", "balance_minor": -200}]
    hub.on("GET", f"{API}/forecast", {**told, "days": days, "expected": [], "rests_on": []})
    return "/forecast", "/forecast", "From 24 Dec 2026 on it is less than nothing.", _chip("6 months")


def reports(hub: FakeHub) -> tuple[str, str, str, Any]:
    facts = {"month": MONTH, "category_id": "c1", "currency": "EUR", "spent_minor": 7700, "bookings": 1}
    hub.on("GET", f"{API}/reports/months", {"items": [facts]})
    hub.on("GET", f"{API}/insight/news", {"month": MONTH, "complete": False, "items": []})
    return "/reports", "/reports/months", "Groceries", _way("A year earlier", -12)


def depots(hub: FakeHub) -> tuple[str, str, str, Any]:
    depot_desk.depots(hub)
    items = [account(id_, name, kind="depot") for id_, name in (("d1", "Broker"), ("d2", "Other broker"))]
    hub.on("GET", f"{API}/accounts", {"items": items})
    return "/depots", "/depots/positions", "Acme", _chip("Other broker")


def _way(text: str, months: int) -> Callable[[Any], Awaitable[None]]:
    there = month_name(months_from(MONTH, months))
    return lambda window: window.click(f"{text}: {there}")


def _chip(text: str) -> Callable[[Any], Awaitable[None]]:
    async def choose(window: Any) -> None:
        chip = next(one for one in window.find("Chip") if getattr(one.label, "value", "") == text)
        await window.fire(chip, "select", True)

    return choose


@pytest.mark.parametrize("screen", [budgets, comparison, forecast, reports, depots])
async def test_what_was_chosen_and_cannot_be_read_is_said(hub: FakeHub, screen: Any) -> None:
    """The hub's words and a button stand in place of the figures; trying again brings them."""
    route, path, figure, choose = screen(hub)
    window, _ = await open_at(hub, route)
    await window.until(lambda: window.shows(figure))
    answer = hub.answers["GET", f"{API}{path}"]
    hub.on("GET", f"{API}{path}", lambda _: refusal(500, "internal"))
    await choose(window)
    await window.until(lambda: window.shows("Words about internal."))
    assert not window.shows(figure), window.texts()
    hub.on("GET", f"{API}{path}", answer)
    await window.click("Try again")
    await window.until(lambda: not window.shows("Words about internal."))


async def test_sums_of_all_accounts_that_cannot_be_read_say_so(hub: FakeHub) -> None:
    """The accounts are there all the same; the sum is not "not known yet" for ever."""
    hub.on("GET", f"{API}/reports/net-worth", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/accounts")
    await window.until(lambda: window.shows("Words about internal."))
    assert window.shows("Giro")
    assert not window.shows("Not known yet")
    point = {"day": MONTH, "currency": "EUR", "worth_minor": 4711}
    hub.on("GET", f"{API}/reports/net-worth", {"items": [point]})
    await window.click("Try again")
    await window.until(lambda: window.shows("€47.11"))
    assert not window.shows("Words about internal.")
