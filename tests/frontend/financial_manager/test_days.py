"""Days: typed or chosen from a calendar, the same day in every time zone; months and years in words."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from frontend.financial_manager.screens.parts.month_bar import months_from
from frontend.financial_manager.screens.reports.reports import last_of_year_around
from frontend.kit.day_picker import day_of
from tests.frontend.financial_manager.money_desk import API, ledger, open_at, transaction
from tests.frontend.wire import FakeHub

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return ledger(FakeHub())


@pytest.mark.parametrize("hours", range(-11, 12))
def test_a_chosen_day_is_that_day_in_every_zone(hours: int) -> None:
    """The calendar sends its own midnight: with its zone, as UTC, or without any."""
    midnight = datetime(2026, 3, 5, tzinfo=timezone(timedelta(hours=hours)))
    for sent in (midnight, midnight.astimezone(UTC), midnight.replace(tzinfo=None), date(2026, 3, 5)):
        assert day_of(sent) == date(2026, 3, 5)
    assert day_of("2026-03-05T00:00:00.000") == date(2026, 3, 5)


async def test_a_day_is_chosen_from_the_calendar(hub: FakeHub) -> None:
    """It begins at what was typed, and what was chosen stands in the field and is sent."""
    hub.on("GET", f"{API}/transactions/t1", transaction())
    hub.on("PATCH", f"{API}/transactions/t1", transaction())
    window, _ = await open_at(hub, "/transactions/t1/edit")
    await window.until(lambda: window.button("Save"))
    window.wire.loop.create_task(window.click("Choose from the calendar: Day"))
    (picker,) = await window.until(lambda: window.find("DatePicker"))
    assert picker.value == date(2026, 3, 4)
    await window.fire(picker, "change", datetime(2026, 3, 9))
    (field,) = window.find("TextField", label="Day")
    assert field.value == "09/03/2026"
    await window.click("Save")
    sent = json.loads(hub.calls("PATCH", f"{API}/transactions/t1")[-1].content)
    assert sent == {"date": "2026-03-09", "version": 1}


async def test_a_calendar_that_is_left_changes_nothing(hub: FakeHub) -> None:
    """What was typed stays, even what is no day yet."""
    window, _ = await open_at(hub, "/accounts/new")
    await window.until(lambda: window.shows("How it began"))
    await window.type("At the end of this day", "31/0")
    window.wire.loop.create_task(window.click("Choose from the calendar: At the end of this day"))
    (picker,) = await window.until(lambda: window.find("DatePicker"))
    await window.fire(picker, "dismiss")
    (field,) = window.find("TextField", label="At the end of this day")
    assert field.value == "31/0"


async def test_reports_go_back_by_months_and_years_in_words(hub: FakeHub) -> None:
    """The arrows name where they lead; another year is asked for; nothing leads beyond this month."""
    asked: list[Any] = []

    def months(request: Any) -> Any:
        asked.append((request.url.params["since"], request.url.params["until"]))
        row = {"month": "2025-11-01", "category_id": "c1", "currency": "EUR", "spent_minor": 4200, "bookings": 1}
        return {"items": [row]}

    hub.on("GET", f"{API}/reports/months", months)
    window, _ = await open_at(hub, "/reports")
    now = date.today().replace(day=1).isoformat()
    await window.until(lambda: asked == [(months_from(now, -11), now)])
    back = months_from(now, -12)
    label = datetime.fromisoformat(back).strftime("A year earlier: %B %Y")
    await window.until(lambda: label in [getattr(one, "tooltip", None) for one in window.controls()])
    await window.click(label)
    await window.until(lambda: asked[-1] == (months_from(now, -23), months_from(now, -12)))
    later = datetime.fromisoformat(months_from(now, -11)).strftime("A month later: %B %Y")
    await window.click(later)
    await window.until(lambda: asked[-1] == (months_from(now, -11), now))
    for _ in range(11):
        (step,) = [one for one in window.find("IconButton") if str(one.tooltip).startswith("A month later")]
        await window.fire(step, "click")
    (step,) = [one for one in window.find("IconButton") if str(one.tooltip).startswith("A month later")]
    assert step.disabled


def test_the_year_that_is_shown_follows_the_month() -> None:
    """It stays while the month is in it, never goes beyond the latest, and always holds the month."""
    latest = "2026-11-01"
    assert last_of_year_around("2026-01-01", latest, latest) == latest
    assert last_of_year_around("2025-11-01", latest, latest) == "2025-11-01"
    assert last_of_year_around("2026-03-01", "2025-11-01", latest) == latest
    for number in range(-60, 0):
        month = months_from(latest, number)
        last = last_of_year_around(month, latest, latest)
        assert months_from(last, -11) <= month <= last <= latest
