"""The card that says whether files are whole: every state in words, started, followed and stopped."""

from __future__ import annotations

from typing import Any

import pytest

from tests.frontend.file_organizer.manage_desk import API, household, job, open_at
from tests.frontend.file_organizer.test_manage_screens import ask
from tests.frontend.wire import FakeHub, event

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return household(FakeHub())


def result(**more: Any) -> dict[str, Any]:
    counts = {"checked": 200, "bytes": 5_000_000, "good": 200, "recorded": 0, "changed": 0, "damaged": 0}
    rest = {"unreadable": 0, "gone": 0, "away": [], "findings": [], "complete": True, "sample": 200}
    return {"last": {"at": "2026-03-04T10:00:00Z", **counts, **rest, **more}}


async def test_never_read_it_says_what_this_is(hub: FakeHub) -> None:
    """Words and one button."""
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Are the files still whole?"))
    assert window.shows("tells you if a drive damaged one")


async def test_damage_comes_first_and_changes_are_told_apart(hub: FakeHub) -> None:
    """The damaged file by name and folder, then what somebody changed."""
    place = {"volume_id": "v1", "path": "Photos/wedding.jpg"}
    findings = [
        {"condition": "changed", "place": {"volume_id": "v1", "path": "Notes/todo.txt"}, "path": ""},
        {"condition": "damaged", "place": place, "path": "/home/Downloads/Photos/wedding.jpg"},
    ]
    hub.on("GET", f"{API}/verification", result(damaged=1, changed=1, good=198, findings=findings))
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("1 file is damaged"))
    assert window.shows("Damaged · Downloads › Photos")
    texts = window.texts()
    assert texts.index("wedding.jpg") < texts.index("todo.txt")
    assert window.shows("1 was changed by somebody.")


async def test_it_is_started_followed_and_stopped(hub: FakeHub) -> None:
    """All or some; the number of files comes by events; stopped, what was found is read anew."""
    hub.on("POST", f"{API}/verification", {"job_id": "j5", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j5", job("j5"))
    hub.on("POST", "/api/v1/jobs/j5/cancel", job("j5", state="cancelling"))
    window, session = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Are the files still whole?"))
    await ask(window, "Read again whether files are whole")
    await window.click("Some, the longest unread first")
    await window.until(lambda: hub.bodies("POST", f"{API}/verification") == [{"sample": 200}])
    from frontend.file_organizer.verification_provider import VerificationProvider

    tick = event("jobs.progressed", job_id="j5", progress=0.2, note="", counts={"files": 40})
    session.of(VerificationProvider).on_event(tick)  # type: ignore[arg-type]
    await window.until(lambda: window.shows("40 files read"))
    await window.click("Stop reading")
    await window.until(lambda: hub.calls("POST", "/api/v1/jobs/j5/cancel"))
    hub.on("GET", f"{API}/verification", result(complete=False, checked=40, good=40))
    session.of(VerificationProvider).on_event(event("jobs.cancelled", job_id="j5"))  # type: ignore[arg-type]
    await window.until(lambda: window.shows("It was stopped before the end."))
