"""The screens of what Homie learned: a folder with reasons and lessons, pausing, forgetting, taking it back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.frontend.file_organizer.manage_desk import API, household, open_at
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio
WHEN = "2026-03-04T10:00:00Z"
FOLDER: dict[str, Any] = {
    "id": "m1", "volume_id": "v1", "folder": "Bills/{year}", "files": 11, "refused": 1, "colour": "blue",
    "purpose": "Strom", "signs": [{"sign": "word:stadtwerke", "files": 11, "total": 12, "last_at": WHEN}],
    "last_at": WHEN,
}  # fmt: skip
FILE: dict[str, Any] = {
    "id": "f1", "name": "Stadtwerke 1.pdf", "files": 1, "volume_id": "v1", "folder": "Bills/{year}", "belongs": True,
    "how": "moved", "at": WHEN,
}  # fmt: skip


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    made = household(FakeHub())
    made.on("GET", f"{API}/destinations", page(FOLDER))
    made.on("GET", f"{API}/destinations/m1", FOLDER)
    made.on("GET", f"{API}/destinations/m1/files", page(FILE))
    return made


async def ask(window: Headless, name: str) -> None:
    """Press what asks something first: the press ends with the answer only, so it is not waited for."""
    window.wire.loop.create_task(window.click(name))
    await window.settle(0.05)


async def test_a_folder_shows_its_purpose_its_signs_and_each_lesson(hub: FakeHub) -> None:
    """Eleven of twelve with a word, and how each file came there."""
    window, _ = await open_at(hub, "/learned/m1")
    await window.until(lambda: window.shows("Strom"))
    assert window.shows("Files with “stadtwerke” in the name")
    assert window.shows("11 of 12 went there")
    assert window.shows("Stadtwerke 1.pdf")
    assert window.shows("You moved it there yourself")


async def test_one_lesson_is_forgotten_and_comes_back_on_refusal(hub: FakeHub) -> None:
    """Gone at once; refused, it is back with the hub's words."""
    hub.on("DELETE", f"{API}/learned/f1", refusal(409, "busy"))
    window, _ = await open_at(hub, "/learned/m1")
    await window.until(lambda: window.shows("Stadtwerke 1.pdf"))
    await window.click("Forget Stadtwerke 1.pdf")
    await window.until(lambda: window.shows("Words about busy."))
    assert window.shows("Stadtwerke 1.pdf")


async def test_a_folder_that_is_gone_says_so(hub: FakeHub) -> None:
    """An old link shows the hub's words and a way to try again."""
    hub.on("GET", f"{API}/destinations/m9", refusal(404, "mapping_missing"))
    window, _ = await open_at(hub, "/learned/m9")
    await window.until(lambda: window.shows("Words about mapping_missing."))


async def test_everything_is_forgotten_after_a_question_only(hub: FakeHub) -> None:
    """The menu asks; the hub hears that it is meant."""
    hub.on("POST", f"{API}/learned/forget-everything", {"key": "k1", "files": 11})
    window, _ = await open_at(hub, "/learned")
    await window.until(lambda: window.shows("Strom"))
    await ask(window, "Save, bring in or forget everything")
    await ask(window, "Forget everything")
    assert hub.calls("POST", f"{API}/learned/forget-everything") == []
    await window.click("Forget everything")
    await window.until(lambda: bool(hub.calls("POST", f"{API}/learned/forget-everything")))
    (call,) = hub.calls("POST", f"{API}/learned/forget-everything")
    assert json.loads(call.content) == {"confirm": True}


async def test_the_memory_says_that_it_is_paused(hub: FakeHub) -> None:
    """Whoever paused it is told so where the learned things are."""
    paused = {"files": 11, "folders": 1, "series": 0, "refusals": 1, "learning": False, "last_at": WHEN}
    hub.on("GET", f"{API}/learned/summary", paused)
    window, _ = await open_at(hub, "/learned")
    await window.until(lambda: window.shows("Paused: nothing new is remembered"))
