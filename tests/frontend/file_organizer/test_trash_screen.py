"""The trash's screen: what it shows in every state, what is sent, and that nothing goes without a clear yes."""

from __future__ import annotations

import pytest

from tests.frontend.file_organizer.manage_desk import (
    API,
    folder,
    household,
    job,
    open_at,
    run,
    trash_sums,
    trash_volume,
    trashed,
)
from tests.frontend.file_organizer.test_manage_screens import ask
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    hub = household(FakeHub())
    hub.on("GET", f"{API}/trash", page(trashed()))
    hub.on("GET", f"{API}/trash/volumes", trash_sums(trash_volume()))
    return hub


async def answer_yes(window: Headless) -> None:
    [question] = window.find("AlertDialog")
    await window.fire(question.actions[-1], "click")


async def test_an_empty_trash_says_what_it_is_for(hub: FakeHub) -> None:
    """No list, no button: words."""
    hub.on("GET", f"{API}/trash", page())
    hub.on("GET", f"{API}/trash/volumes", trash_sums())
    window, _ = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("The trash is empty"))


async def test_a_refusal_is_said_and_tried_again(hub: FakeHub) -> None:
    """The hub's words and a button; the next answer is shown."""
    hub.on("GET", f"{API}/trash/volumes", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/trash/volumes", trash_sums(trash_volume()))
    await window.click("Try again")
    await window.until(lambda: window.shows("old bill.pdf"))


async def test_each_thing_says_where_it_was_and_when_it_goes(hub: FakeHub) -> None:
    """Folder, run and day; on a drive that is away it stays and cannot be removed."""
    away = trashed("t2", "film.mkv", online=False, expires_at=None)
    hub.on("GET", f"{API}/trash", page(trashed(), away))
    hub.on("GET", f"{API}/trash/volumes", trash_sums(trash_volume(items=2)))
    window, _ = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("old bill.pdf"))
    for said in ("Was in Downloads › Bills", "Tidied", "goes on 3 Apr 2036", "its drive is not connected", "2 things"):
        assert window.shows(said), window.texts()
    assert not window.button("Remove old bill.pdf for good").disabled
    assert window.button("Remove film.mkv for good").disabled


async def test_putting_back_needs_no_question_and_says_what_came_of_it(hub: FakeHub) -> None:
    """One press; a drive that is away is waited for, in words; the end is told."""
    hub.on("POST", f"{API}/trash/restore", {"job_id": "j7", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j7", job("j7", state="queued", note="The drive is not connected.", progress=None))
    window, session = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("old bill.pdf"))
    await window.click("Put old bill.pdf back")
    await window.until(lambda: hub.bodies("POST", f"{API}/trash/restore") == [{"ids": ["t1"]}])
    await window.until(lambda: window.shows("The drive is not connected."))
    done = {"runs": [{"run_id": "r2", "done": 1}]}
    for provider in session._providers.values():
        provider.on_event(event("jobs.finished", job_id="j7", result=done))  # type: ignore[arg-type]
    await window.until(lambda: window.shows("1 thing is back where it was."))


async def test_one_thing_is_removed_only_after_a_clear_yes(hub: FakeHub) -> None:
    """The question says that nothing takes it back; nothing is sent before the answer."""
    hub.on("POST", f"{API}/trash/empty", {"job_id": "j8", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j8", job("j8", state="done", result={"run_id": "r3", "done": 1}))
    window, _ = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("old bill.pdf"))
    await ask(window, "Remove old bill.pdf for good")
    assert window.shows("This cannot be taken back.")
    assert hub.calls("POST", f"{API}/trash/empty") == []
    await answer_yes(window)
    await window.until(lambda: hub.bodies("POST", f"{API}/trash/empty") == [{"ids": ["t1"]}])
    await window.until(lambda: window.shows("1 thing was removed for good."))


async def test_all_of_one_drive_is_emptied(hub: FakeHub) -> None:
    """The chosen drive alone is listed, counted in the question, and emptied."""
    hub.on("GET", f"{API}/folders", page(folder(), folder("v2", "Films")))
    hub.on("GET", f"{API}/trash/volumes", trash_sums(trash_volume(), trash_volume("v2", "Films", 5, bytes=5_000_000)))
    hub.on("POST", f"{API}/trash/empty", {"job_id": "j8", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j8", job("j8"))
    window, _ = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("All drives"))
    [chip] = [one for one in window.find("Chip") if one.label.value == "Films"]
    await window.fire(chip, "select", "true")
    await window.until(lambda: "volume_id=v2" in str(hub.calls("GET", f"{API}/trash")[-1].url))
    await ask(window, "Empty the trash")
    assert window.shows("5 things (5 MB) are removed for good.")
    await answer_yes(window)
    await window.until(lambda: hub.bodies("POST", f"{API}/trash/empty") == [{"volume_id": "v2"}])


async def test_how_long_things_are_kept_is_chosen(hub: FakeHub) -> None:
    """A press on a choice is all; the new number is read from the hub."""
    hub.on("PATCH", f"{API}/settings", {})
    sums = [trash_sums(trash_volume()), trash_sums(trash_volume(), days=90), trash_sums(trash_volume(), days=90)]
    hub.on("GET", f"{API}/trash/volumes", sums)
    window, _ = await open_at(hub, "/trash")
    await window.until(lambda: window.shows("Things are removed after 30 days."))
    await ask(window, "Change how long things are kept")
    await window.click("90 days")
    await window.until(lambda: hub.bodies("PATCH", f"{API}/settings") == [{"trash_days": 90}])
    await window.until(lambda: window.shows("Things are removed after 90 days."))


async def test_the_history_says_of_an_emptied_trash_that_nothing_takes_it_back(hub: FakeHub) -> None:
    """By hand and by itself are told apart; there is no undo."""
    gone = run("r2", kind="purge", title="", plan_id="retention-2026-03-04", undoable=False)
    hub.on("GET", f"{API}/runs", page(run("r1", kind="purge", title="", plan_id="empty-1", undoable=False), gone))
    hub.on("GET", f"{API}/runs/r2", gone)
    hub.on("GET", f"{API}/runs/r2/problems", {"items": [], "total": 0})
    window, _ = await open_at(hub, "/history")
    await window.until(lambda: window.shows("Trash emptied after its time"))
    assert window.texts().count("Trash emptied") == 1
    assert window.shows("3 things removed for good")
    window, _ = await open_at(hub, "/history/r2")
    await window.until(lambda: window.shows("What was removed from the trash is gone for good."))
