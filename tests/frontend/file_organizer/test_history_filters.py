"""Single files of the history by days and folder: what is asked of the hub, and what is said of a wrong day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.screens.history.filters import day_of
from frontend.file_organizer.screens.parts.folder_chooser import place_at
from tests.frontend.file_organizer.manage_desk import API, folder, household, open_at, step
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, page

pytestmark = pytest.mark.anyio


@pytest.fixture
def hub() -> FakeHub:
    return household(FakeHub())


async def open_files(hub: FakeHub) -> tuple[Headless, Any]:
    """Open the history at its single files."""
    window, session = await open_at(hub, "/history")
    await window.until(lambda: window.shows("Nothing was done yet"))
    [views] = window.find("SegmentedButton")
    window.session.apply_patch(views._i, {"selected": ["files"]})
    await window.fire(views, "change", '["files"]')
    await window.until(lambda: window.shows("bill.pdf"))
    return window, session


async def press_chip(window: Headless, text: str) -> None:
    [chip] = [one for one in window.find("Chip") if one.label.value == text]
    await window.fire(chip, "select", "true")


def asked(hub: FakeHub) -> dict[str, str]:
    """Return what the last search asked for."""
    query = parse_qs(urlsplit(str(hub.calls("GET", f"{API}/actions")[-1].url)).query)
    return {name: values[0] for name, values in query.items() if name not in ("limit", "cursor")}


async def test_days_are_typed_and_both_belong_to_what_is_shown(hub: FakeHub) -> None:
    """From the first moment of the first day to the last moment of the last one, by the person's clock."""
    hub.on("GET", f"{API}/actions", lambda request: page(step()))
    window, session = await open_files(hub)
    await press_chip(window, "Between two days")
    await window.until(lambda: window.find("TextField", label="First day"))
    await window.type("First day", "2026-03-04")
    await window.type("Last day", "2026-03-05")
    await window.click("Show these days")
    await window.until(lambda: "until" in asked(hub))
    since, until = (datetime.fromisoformat(asked(hub)[name]) for name in ("since", "until"))
    assert (since.replace(tzinfo=None), until.replace(tzinfo=None)) == (datetime(2026, 3, 4), datetime(2026, 3, 6))
    assert since.tzinfo is not None
    await press_chip(window, "Any time")
    await window.until(lambda: asked(hub) == {})
    assert not session.of(HistoryProvider).is_narrowed


async def test_the_chosen_time_stays_marked_as_the_clock_goes_on(hub: FakeHub) -> None:
    """Chosen at ten to three, looked at after three: still the last week, and still marked as that."""
    hub.on("GET", f"{API}/actions", lambda request: page(step()))
    window, session = await open_files(hub)
    await press_chip(window, "Last week")
    await window.until(lambda: set(asked(hub)) == {"since"})
    history = session.of(HistoryProvider)
    await history.narrow(since="2026-03-01T14:00:00+00:00")
    await window.until(lambda: asked(hub)["since"].startswith("2026-03-01"))
    marked = {one.label.value for one in window.find("Chip") if one.selected}
    assert "Last week" in marked
    assert "Any time" not in marked
    assert not window.find("TextField", label="First day")


async def test_one_of_the_days_may_be_left_out(hub: FakeHub) -> None:
    """Only until then: nothing is said of the beginning."""
    hub.on("GET", f"{API}/actions", lambda request: page(step()))
    window, _ = await open_files(hub)
    await press_chip(window, "Between two days")
    await window.until(lambda: window.find("TextField", label="Last day"))
    await window.type("Last day", "2026-03-05")
    await window.click("Show these days")
    await window.until(lambda: set(asked(hub)) == {"until"})


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("4.3.2026", "", "This is no day. Write it like 2026-03-04."),
        ("", "2026-02-30", "This is no day. Write it like 2026-03-04."),
        ("2026-03-05", "2026-03-04", "This day is before the first one. Choose a later one."),
    ],
)
async def test_a_wrong_day_is_said_with_a_remedy_and_asks_nothing(
    hub: FakeHub, first: str, last: str, words: str
) -> None:
    """The words stand at the field; what was shown stays."""
    hub.on("GET", f"{API}/actions", lambda request: page(step()))
    window, _ = await open_files(hub)
    await press_chip(window, "Between two days")
    await window.until(lambda: window.find("TextField", label="First day"))
    before = len(hub.calls("GET", f"{API}/actions"))
    await window.type("First day", first)
    await window.type("Last day", last)
    await window.click("Show these days")
    await window.until(lambda: [field for field in window.find("TextField") if field.error == words])
    assert len(hub.calls("GET", f"{API}/actions")) == before


async def test_a_folder_is_chosen_shown_and_given_up(hub: FakeHub) -> None:
    """The chooser takes the place of the list; the folder's name is a chip; nothing found says what to change."""
    found = {"name": "Bills", "path": "/home/Downloads/Documents/Bills", "label": "Downloads", "why": "recent"}
    place = {"volume_id": "v1", "path": "Documents/Bills"}
    hub.on("GET", f"{API}/folders/recent", {"items": [{**found, "place": place, "score": 1.0, "files": 3}]})
    hub.on("GET", f"{API}/actions", lambda request: page(*([] if "Bills" in str(request.url) else [step()])))
    window, _ = await open_files(hub)
    await press_chip(window, "Choose a folder")
    await window.until(lambda: window.shows("What happened in which folder, or in a folder inside of it?"))
    await window.until(lambda: window.shows("/home/Downloads/Documents/Bills"))
    await window.click("Bills")
    await window.until(lambda: asked(hub) == {"volume_id": "v1", "folder": "Documents/Bills"})
    await window.until(lambda: window.shows("Nothing in the history fits this choice."))
    assert [one.label.value for one in window.find("Chip") if one.selected] == ["Everything", "Any time", "Bills"]
    await press_chip(window, "Every folder")
    await window.until(lambda: asked(hub) == {})
    await window.until(lambda: window.shows("bill.pdf"))


def test_days_are_those_of_the_calendar() -> None:
    """Only the one way of writing, and only days that exist."""
    assert day_of(" 2024-02-29 ") == date(2024, 2, 29)
    for text in ("", "2023-02-29", "20240229", "2024-W09-4", "9999-12-31", "0001-01-01", "tomorrow"):
        assert day_of(text) is None


def test_a_path_is_placed_in_the_innermost_opened_folder() -> None:
    """A folder that is opened inside of another one has the place; a name that only begins alike does not."""
    roots: Any = [
        folder("v1", path="/home/Downloads"),
        folder("v2", path="/home/Downloads/Films"),
        folder("v3", path="/"),
    ]
    assert place_at("/home/Downloads/Films/Old", roots) == {"volume_id": "v2", "path": "Old"}
    assert place_at("/home/Downloads", roots) == {"volume_id": "v1", "path": ""}
    assert place_at("/home/Downloads2/a", roots) == {"volume_id": "v3", "path": "home/Downloads2/a"}
    assert place_at("/srv", roots[:2]) is None
