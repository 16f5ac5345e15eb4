"""Looking for copies: what each state shows, what is sent, and that nothing goes without being asked for."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.file_organizer.duplicates_provider import DuplicatesProvider
from tests.frontend.file_organizer.manage_desk import API, household, job, open_at
from tests.frontend.file_organizer.test_manage_screens import ask
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio
SEARCHES = f"{API}/duplicates/searches"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    made = household(FakeHub())
    made.on("GET", SEARCHES, page(search()))
    made.on("GET", f"{SEARCHES}/s1/groups", page(group()))
    return made


def search(**more: Any) -> dict[str, Any]:
    counts = {"files": 12, "bytes": 4000, "empty": 0, "unreadable": 0, "changed": 0, "problems": []}
    waiting = {"same": {"groups": 1, "files": 2, "gain": 64_000_000}, "similar": {"groups": 0, "files": 0, "gain": 0}}
    when = {"created_at": "2026-03-04T10:00:00Z", "finished_at": "2026-03-04T10:01:00Z"}
    known = {"id": "s1", "owner_id": "o1", "state": "ready", "paths": ["/home"], "pictures": True, "notice": ""}
    return {**known, "job_id": "j1", **counts, **waiting, **when, **more}


def copy(id_: str, path: str, keep: bool, **more: Any) -> dict[str, Any]:
    known = {"id": id_, "place": {"volume_id": "v1", "path": path}, "path": f"/home/{path}", "label": "Home"}
    facts = {"size": 64_000_000, "modified": "2026-01-01T00:00:00Z", "movable": True, "links": 1, "width": 0}
    return {**known, **facts, "height": 0, "keep": keep, "state": "there", "explanation": "", **more}


def group(id_: str = "g1", **more: Any) -> dict[str, Any]:
    known = {"id": id_, "search_id": "s1", "kind": "same", "state": "open", "size": 64_000_000, "files": 2}
    copies = [copy("f1", "Films/heat.mkv", True), copy("f2", "Downloads/heat.mkv", False)]
    return {**known, "gain": 64_000_000, "reason": "tidy_place", "run_id": None, "copies": copies, **more}


async def test_before_the_first_look_it_says_what_will_happen(hub: FakeHub) -> None:
    """Nothing is looked at before somebody asks; then the folders of the space, and pictures unless switched off."""
    hub.on("GET", SEARCHES, [page(), page(search(state="looking"))])
    hub.on("POST", SEARCHES, search(state="looking"))
    hub.on("GET", "/api/v1/jobs/j1", job(progress=0.25, note="Comparing files"))
    window, _ = await open_at(hub, "/duplicates")
    await window.until(lambda: window.shows("Find what you have twice"))
    await window.click("Look for copies")
    assert hub.bodies("POST", SEARCHES) == [{"paths": [], "pictures": True}]
    await window.until(lambda: window.shows("Comparing files"))
    window.button("Stop the look for copies")


async def test_a_group_says_what_stays_and_why_and_goes_when_asked(hub: FakeHub) -> None:
    """What stays, what goes, why and what is won; the press sends this group only, and says what became of it."""
    hub.on("POST", f"{SEARCHES}/s1/put-away", {"job_id": "j2", "state": "queued", "files": 1})
    hub.on("GET", "/api/v1/jobs/j2", job("j2"))
    window, session = await open_at(hub, "/duplicates")
    for said in ("heat.mkv", "64 MB to win", "Stays: Home › Films", "Goes: Home › Downloads", "among downloads"):
        await window.until(lambda said=said: window.shows(said))
    await window.click("Into the trash heat.mkv")
    (sent,) = hub.calls("POST", f"{SEARCHES}/s1/put-away")
    assert hub.bodies("POST", f"{SEARCHES}/s1/put-away") == [{"group_ids": ["g1"], "kind": "same"}]
    assert "o1" in sent.headers.values()
    await window.until(lambda: window.shows("Putting files away…"))
    hub.on("GET", SEARCHES, page(search(same={"groups": 0, "files": 0, "gain": 0})))
    hub.on("GET", f"{SEARCHES}/s1/groups", page())
    done = event("jobs.finished", job_id="j2", result={"run_id": "r9", "total": 1, "done": 0, "kept": 1})
    session.of(DuplicatesProvider).on_event(done)  # type: ignore[arg-type]
    await window.until(lambda: window.shows("could not prove that they are copies"))
    await window.until(lambda: window.shows("Nothing is there twice"))
    window.button("Why?")


async def test_putting_all_away_is_asked_about_first(hub: FakeHub) -> None:
    """The number and what happens are said; without a yes nothing is sent."""
    window, _ = await open_at(hub, "/duplicates")
    await window.until(lambda: window.shows("Put all copies into the trash: 64 MB"))
    await ask(window, "Put all copies into the trash: 64 MB")
    await window.until(lambda: window.shows("Put 1 copy into the trash?"))
    assert hub.calls("POST", f"{SEARCHES}/s1/put-away") == []


async def test_keeping_all_leaves_the_list_and_comes_back_when_refused(hub: FakeHub) -> None:
    """At once, and back with the hub's words if it refuses."""
    hub.on("PATCH", f"{API}/duplicates/groups/g1", lambda _: refusal(409, "group_busy"))
    window, _ = await open_at(hub, "/duplicates")
    await window.until(lambda: window.shows("heat.mkv"))
    await window.click("Keep all heat.mkv")
    await window.until(lambda: window.shows("Words about group_busy."))
    assert window.shows("heat.mkv")


async def test_a_group_is_decided_file_by_file(hub: FakeHub) -> None:
    """Each file says whether it stays; the other one can be kept instead, and a read-only one cannot go."""
    first = group(copies=[copy("f1", "a.bin", True, movable=False), copy("f2", "b.bin", False)], reason="read_only")
    turned = group(copies=[copy("f2", "b.bin", True), copy("f1", "a.bin", True, movable=False)], gain=0)
    hub.on("GET", f"{API}/duplicates/groups/g1", first)
    hub.on("PATCH", f"{API}/duplicates/groups/g1/files/f2", turned)
    window, _ = await open_at(hub, "/duplicates/g1")
    await window.until(lambda: window.shows("Homie may only look here"))
    with pytest.raises(AssertionError):
        window.button("Let it go a.bin")
    await window.click("Keep it too b.bin")
    assert hub.bodies("PATCH", f"{API}/duplicates/groups/g1/files/f2") == [{"keep": True}]
    await window.until(lambda: window.shows("Let it go"))


async def test_what_went_wrong_and_what_could_not_be_read_are_said(hub: FakeHub) -> None:
    """A failed look, a stopped one, unreadable files by name, and a hub that does not answer."""
    lost = search(state="failed", notice="The drive is not connected.", same={"groups": 0, "files": 0, "gain": 0})
    hub.on("GET", f"{SEARCHES}/s1/groups", page())
    hub.on("GET", SEARCHES, page(lost))
    window, _ = await open_at(hub, "/duplicates")
    await window.until(lambda: window.shows("The drive is not connected."))
    hub.on("GET", SEARCHES, page(search(unreadable=1, problems=[{"path": "/home/secret.bin", "problem": "file"}])))
    window, _ = await open_at(hub, "/duplicates")
    await window.until(lambda: window.shows("/home/secret.bin"))
    hub.on("GET", SEARCHES, lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/duplicates")
    await window.until(lambda: window.shows("Words about internal."))
    window.button("Try again")
