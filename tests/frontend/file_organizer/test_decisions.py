"""Deciding about suggestions at the wire: at once, whole groups, taken back, never overwritten by older news."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from frontend.api.errors import ApiError
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider, ItemFilter
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio
PLANS = "/api/v1/file_organizer/plans"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


def item(id_: str, state: str = "suggested", **more: Any) -> dict[str, Any]:
    place = {"volume_id": "v", "path": f"Photos/{id_}.jpg"}
    base = {"id": id_, "state": state, "confidence": 0.9, "category": "photo", "group_key": None, "alternatives": []}
    return {**base, "target": place, "source": place, "suggested": place, **more}


def plan(state: str = "ready", **more: Any) -> dict[str, Any]:
    base = {"id": "p1", "state": state, "job_id": None, "run_id": None, "root_path": "/home/x", "options": {}}
    return {**base, **more}


async def _open(hub: FakeHub, *items: dict[str, Any]) -> FileOrganizerProvider:
    hub.on("GET", PLANS, page(plan()))
    hub.on("GET", f"{PLANS}/p1", plan())
    hub.on("GET", f"{PLANS}/p1/items", page(*items))
    hub.on("GET", f"{PLANS}/p1/summary", {"total": {}, "categories": [], "confidence": [], "groups": 0, "version": 1})
    organizer = FileOrganizerProvider(api=hub.api())
    await organizer.load()
    await organizer.open_plan("p1")
    return organizer


def _states(organizer: FileOrganizerProvider) -> list[str]:
    return [one["state"] for one in organizer.items.items]


async def _settle(organizer: FileOrganizerProvider) -> None:
    while organizer._tasks:
        await asyncio.gather(*organizer._tasks)


async def test_a_decision_shows_before_the_answer_and_is_taken_back() -> None:
    """Accepting shows at once; when the hub refuses, every row is as before."""
    hub = FakeHub()
    organizer = await _open(hub, item("a"), item("b"), item("c", "asking"))
    gate = asyncio.Event()

    async def answer() -> Any:
        await gate.wait()
        return refusal(409, "plan_stale")

    hub.on("POST", f"{PLANS}/p1/accept", lambda _: answer())
    task = asyncio.create_task(organizer.accept(["a", "c"]))
    await asyncio.sleep(0.01)
    assert _states(organizer) == ["accepted", "suggested", "accepted"]
    gate.set()
    with pytest.raises(ApiError, match="plan_stale"):
        await task
    assert _states(organizer) == ["suggested", "suggested", "asking"]
    await _settle(organizer)


async def test_groups_go_together() -> None:
    """Accepting one file of a group shows the whole group accepted, as the hub does it."""
    hub = FakeHub()
    organizer = await _open(hub, item("a", group_key="g"), item("b", group_key="g"), item("c"))
    hub.on("POST", f"{PLANS}/p1/reject", {"changed": 2, "version": 2})
    task = asyncio.create_task(organizer.reject(["b"]))
    await asyncio.sleep(0.005)
    assert _states(organizer)[2] == "suggested"
    assert await task == 2
    await _settle(organizer)


@pytest.mark.parametrize(
    ("call", "chosen"),
    [
        (lambda o: o.accept_above(0.8), "ab"),
        (lambda o: o.accept_category("music"), "c"),
        (lambda o: o.accept_folder("Music"), "c"),
        (lambda o: o.accept_group("g"), "b"),
        (lambda o: o.accept_all(), "abc"),
    ],
)
async def test_bulk_means_what_it_says(call: Any, chosen: str) -> None:
    """Each way to accept many shows exactly those rows as accepted; decided and finished rows are left to the hub."""
    hub = FakeHub()
    music = {"volume_id": "v", "path": "Music/c.mp3"}
    organizer = await _open(
        hub,
        item("a"),
        item("b", group_key="g"),
        item("c", "asking", category="music", confidence=0.3, target=music),
        item("d", "done"),
    )
    gate = asyncio.Event()

    async def answer() -> Any:
        await gate.wait()
        return {"changed": len(chosen), "version": 2}

    hub.on("POST", f"{PLANS}/p1/accept", lambda _: answer())
    task = asyncio.create_task(call(organizer))
    await asyncio.sleep(0.01)
    assert "".join(one["id"] for one in organizer.items.items if one["state"] == "accepted") == chosen
    gate.set()
    assert await task == len(chosen)
    await _settle(organizer)


async def test_reading_waits_for_decisions() -> None:
    """News that arrive while a decision is on its way are read after it: the row never jumps back and forth."""
    hub = FakeHub()
    organizer = await _open(hub, item("a"))
    gate = asyncio.Event()

    async def answer() -> Any:
        await gate.wait()
        hub.on("GET", f"{PLANS}/p1/items", page(item("a", "accepted")))
        return {"changed": 1, "version": 2}

    hub.on("POST", f"{PLANS}/p1/accept", lambda _: answer())
    task = asyncio.create_task(organizer.accept(["a"]))
    await asyncio.sleep(0)
    seen: list[str] = []
    watch = lambda *_: seen.append(_states(organizer)[0])  # noqa: E731
    organizer.items.subscribe(watch)
    organizer.on_event(event("file_organizer.plan_changed", plan_id="p1", changed=1))  # type: ignore[arg-type]
    await asyncio.sleep(0.01)
    gate.set()
    await task
    await _settle(organizer)
    assert set(seen) == {"accepted"}


async def test_sending_elsewhere_shows_and_rolls_back() -> None:
    """Another folder shows at once with the file's name; a refusal brings the old one back."""
    hub = FakeHub()
    organizer = await _open(hub, item("a"))
    hub.on("PATCH", f"{PLANS}/p1/items/a", refusal(422, "invalid_input"))
    with pytest.raises(ApiError):
        await organizer.send_elsewhere("a", {"volume_id": "v", "path": "Other"})
    assert organizer.items.items[0]["target"]["path"] == "Photos/a.jpg"
    moved = item("a", "accepted", target={"volume_id": "v", "path": "Other/a.jpg"})
    hub.on("PATCH", f"{PLANS}/p1/items/a", moved)
    hub.on("GET", f"{PLANS}/p1/items", page(moved))
    await organizer.send_elsewhere("a", {"volume_id": "v", "path": "Other"})
    assert organizer.items.items[0]["target"]["path"] == "Other/a.jpg"
    await _settle(organizer)


async def test_filters_are_asked_for() -> None:
    """A filter is sent as the hub names it, and empty fields are not."""
    hub = FakeHub()
    organizer = await _open(hub, item("a"))
    await organizer.show_items(ItemFilter(state="asking", min_confidence=0.0, q=""))
    sent = dict(hub.calls("GET", f"{PLANS}/p1/items")[-1].url.params)
    assert sent == {"limit": "50", "state": "asking", "min_confidence": "0.0"}
    assert organizer.filter.active


async def test_discarding_rolls_back() -> None:
    """A plan that could not be thrown away stands in the list again."""
    hub = FakeHub()
    organizer = await _open(hub, item("a"))
    hub.on("DELETE", f"{PLANS}/p1", refusal(409, "conflict"))
    with pytest.raises(ApiError):
        await organizer.discard()
    assert len(organizer.plans.items) == 1
    assert organizer.plan is not None


async def test_a_scan_is_followed() -> None:
    """Files seen and the job's progress arrive in live values; the end reads the plan."""
    hub = FakeHub()
    organizer = await _open(hub, item("a"))
    job = {"id": "j1", "state": "running", "progress": None, "note": "", "counts": {}, "error": None, "result": None}
    hub.on("POST", PLANS, plan("building", id="p2", job_id="j1"))
    hub.on("GET", f"{PLANS}/p2", plan("building", id="p2", job_id="j1"))
    hub.on("GET", "/api/v1/jobs/j1", job)
    await organizer.scan("/home/x", deep=True)
    assert organizer.scanning is not None
    organizer.on_event(event("file_organizer.scan_progressed", plan_id="p2", files_seen=7))  # type: ignore[arg-type]
    organizer.on_event(event("jobs.progressed", job_id="j1", progress=0.5))  # type: ignore[arg-type]
    assert (organizer.files_seen, organizer.scanning.fraction) == (7, 0.5)
    assert organizer.items.items == ()
    hub.on("GET", f"{PLANS}/p2", plan(id="p2", job_id="j1"))
    hub.on("GET", f"{PLANS}/p2/items", page(item("z")))
    hub.on("GET", f"{PLANS}/p2/summary", {"version": 1})
    organizer.on_event(event("jobs.finished", job_id="j1"))  # type: ignore[arg-type]
    await _settle(organizer)
    assert [one["id"] for one in organizer.items.items] == ["z"]
