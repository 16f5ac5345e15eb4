"""Cleaning up: each kind with its reason, what is sent, and what is said when something stayed."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.file_organizer.clean_provider import CleanProvider
from tests.frontend.file_organizer.manage_desk import API, household, job, open_at
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio
SEARCHES = f"{API}/clean/searches"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    made = household(FakeHub())
    made.on("GET", SEARCHES, page(search()))
    made.on("GET", f"{SEARCHES}/c1/items", page(item()))
    return made


def search(**more: Any) -> dict[str, Any]:
    kinds = [
        {"kind": "litter", "action": "trash", "items": 1, "bytes": 4000},
        {"kind": "copy_name", "action": "rename", "items": 2, "bytes": 10},
    ]
    when = {"created_at": "2026-03-04T10:00:00Z", "finished_at": "2026-03-04T10:01:00Z"}
    known = {"id": "c1", "owner_id": "o1", "state": "ready", "paths": ["/home"], "notice": "", "job_id": "j1"}
    return {**known, "files": 12, "unreadable": 0, "problems": [], "kinds": kinds, **when, **more}


def item(**more: Any) -> dict[str, Any]:
    known = {"id": "i1", "kind": "litter", "action": "trash", "state": "open", "path": "/home/Photos/Thumbs.db"}
    place = {"place": {"volume_id": "v1", "path": "Photos/Thumbs.db"}, "label": "Home", "folder": False, "size": 4000}
    words = {"new_name": "", "detail": "", "explanation": ""}
    return {**known, **place, "modified": "2026-01-01T00:00:00Z", **words, **more}


async def test_before_the_first_look_it_says_what_will_happen(hub: FakeHub) -> None:
    """Nothing is looked at before somebody asks; then progress and a stop."""
    hub.on("GET", SEARCHES, [page(), page(search(state="looking"))])
    hub.on("POST", SEARCHES, search(state="looking"))
    hub.on("GET", "/api/v1/jobs/j1", job(note="Listing files"))
    window, _ = await open_at(hub, "/clean")
    await window.until(lambda: window.shows("Find what nobody needs"))
    await window.click("Look for oddities")
    assert hub.bodies("POST", SEARCHES) == [{"paths": []}]
    await window.until(lambda: window.shows("Listing files"))
    window.button("Stop the look for oddities")


async def test_a_kind_is_explained_and_cleaned_up_as_a_whole(hub: FakeHub) -> None:
    """Its reason and what would be done; the press sends that kind; what stayed is said with a way to the reasons."""
    hub.on("POST", f"{SEARCHES}/c1/apply", {"job_id": "j2", "state": "queued", "files": 2})
    hub.on("GET", "/api/v1/jobs/j2", job("j2"))
    window, session = await open_at(hub, "/clean")
    await window.until(lambda: window.shows("Nobody misses them."))
    await window.click("Rename all 2 Names of copies")
    assert hub.bodies("POST", f"{SEARCHES}/c1/apply") == [{"kinds": ["copy_name"], "item_ids": []}]
    done = event("jobs.finished", job_id="j2", result={"run_id": "r9", "total": 2, "done": 1, "kept": 1})
    session.of(CleanProvider).on_event(done)  # type: ignore[arg-type]
    await window.until(lambda: window.shows("1 was changed meanwhile and stayed."))
    window.button("Undo what is put away")
    window.button("Why?")


async def test_single_ones_are_left_or_put_away(hub: FakeHub) -> None:
    """Opened, each one is named with its folder; leaving it takes it away, and a refusal brings it back."""
    hub.on("POST", f"{SEARCHES}/c1/leave", lambda _: refusal(404, "group_missing"))
    hub.on("POST", f"{SEARCHES}/c1/apply", {"job_id": "j2", "state": "queued", "files": 1})
    hub.on("GET", "/api/v1/jobs/j2", job("j2"))
    window, _ = await open_at(hub, "/clean")
    await window.until(lambda: window.shows("Left behind by computers"))
    await window.click("Show each Left behind by computers")
    await window.until(lambda: window.shows("Home › Photos"))
    await window.click("Leave Thumbs.db as it is")
    await window.until(lambda: window.shows("Words about group_missing."))
    await window.until(lambda: window.shows("Thumbs.db"))
    await window.click("Put Thumbs.db into the trash")
    assert hub.bodies("POST", f"{SEARCHES}/c1/apply") == [{"kinds": [], "item_ids": ["i1"]}]


async def test_nothing_found_and_what_went_wrong_are_said(hub: FakeHub) -> None:
    """An empty result, a failed look, and a hub that does not answer."""
    hub.on("GET", SEARCHES, page(search(kinds=[])))
    window, _ = await open_at(hub, "/clean")
    await window.until(lambda: window.shows("There is nothing to clean up"))
    hub.on("GET", SEARCHES, page(search(state="failed", notice="The drive is not connected.")))
    window, _ = await open_at(hub, "/clean")
    await window.until(lambda: window.shows("The drive is not connected."))
    hub.on("GET", SEARCHES, lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/clean")
    await window.until(lambda: window.shows("Words about internal."))
