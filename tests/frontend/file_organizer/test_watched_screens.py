"""The screens of watched folders: each state in words, each choice sent and taken back when the hub refuses."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.file_organizer.watched_words import state_about, state_words
from tests.frontend.file_organizer.manage_desk import API, household, open_at, watched, watched_list
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, event, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return household(FakeHub())


async def ask(window: Headless, name: str) -> None:
    """Press what asks something first: the press ends with the answer only, so it is not waited for."""
    window.wire.loop.create_task(window.click(name))
    await window.settle(0.05)


def went(window: Headless, route: str) -> bool:
    """Tell whether the window was sent to a place."""
    pushed = [call for call in window.wire.calls if call[0] == "push_route" and route in str(call)]
    return bool(pushed) or window.page.route.endswith(route)


async def test_nothing_watched_says_what_to_do(hub: FakeHub) -> None:
    """The empty list leads to choosing a folder; the chosen one is watched and its choices are shown."""
    hub.on("POST", f"{API}/watched", watched())
    window, _ = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("No folder is watched yet"))
    await window.click("Watch a folder")
    await window.until(lambda: went(window, "/file_organizer/watched/new"))


async def test_the_list_that_cannot_be_read_is_tried_again(hub: FakeHub) -> None:
    """The hub's words and a button."""
    hub.on("GET", f"{API}/watched", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/watched", watched_list(watched()))
    await window.click("Try again")
    await window.until(lambda: window.shows("Downloads"))


async def test_each_folder_says_how_it_is_seen_and_what_waits(hub: FakeHub) -> None:
    """Waiting suggestions lead to their plan; unfinished and filed files are counted; the daily limit is said."""
    busy = watched(waiting=3, settling=2, filed_today=5, plan_id="p1", held_back=4, mode="file")
    away = watched("w2", "Scanner", state="away")
    hub.on("GET", f"{API}/watched", watched_list(busy, away, indexed_files=12))
    window, _ = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("Scanner"))
    for said in (
        "3 suggestions wait for you · 2 files are not finished yet · 5 files filed today",
        "Homie filed as many files as it may in a day. The others wait for you.",
        "Its drive is not connected. Homie goes on when it is back; nothing is lost.",
        "Homie knows 12 files of your folders by name. The search finds them.",
    ):
        assert window.shows(said), window.texts()
    await window.click("Review Downloads")
    await window.until(lambda: went(window, "/file_organizer/plans/p1"))


@pytest.mark.parametrize("state", ["watching", "starting", "checking", "limit", "away", "gone", "paused"])
async def test_every_state_has_words(state: str) -> None:
    """And what is not as it should be is explained."""
    shown: Any = watched(state=state)
    words, _ = state_words(shown)
    assert words
    assert bool(state_about(shown)) == (state not in ("watching", "paused"))


async def test_a_new_file_is_seen_without_reloading(hub: FakeHub) -> None:
    """The event alone changes the picture."""
    after = watched_list(watched(waiting=1, plan_id="p1"))
    hub.on("GET", f"{API}/watched", [watched_list(watched()), after, after])
    window, session = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("Nothing waits."))
    for provider in session._providers.values():
        provider.on_event(event("file_organizer.folder_tended", watched_id="w1", waiting=1))  # type: ignore[arg-type]
    await window.until(lambda: window.shows("1 suggestion waits for you"))


async def test_pausing_shows_at_once_and_is_put_back_on_refusal(hub: FakeHub) -> None:
    """The button says what it does next; the hub's refusal takes it back."""
    hub.on("GET", f"{API}/watched", watched_list(watched()))
    hub.on("PATCH", f"{API}/watched/w1", refusal(409, "busy"))
    window, _ = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("Downloads"))
    await window.click("Pause watching Downloads")
    await window.until(lambda: window.shows("Words about busy."))
    assert hub.bodies("PATCH", f"{API}/watched/w1") == [{"paused": True}]
    window.button("Pause watching Downloads")
    hub.on("PATCH", f"{API}/watched/w1", watched(paused=True, state="paused"))
    await window.click("Pause watching Downloads")
    await window.until(lambda: window.shows("Paused"))
    window.button("Go on watching Downloads")


async def test_looking_now_is_asked_of_the_hub(hub: FakeHub) -> None:
    """One press, one job."""
    hub.on("GET", f"{API}/watched", watched_list(watched()))
    hub.on("POST", f"{API}/watched/w1/look", {"job_id": "j1", "state": "queued"})
    window, _ = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("Downloads"))
    await window.click("Look at Downloads now")
    await window.until(lambda: window.shows("Homie looks at it now."))
    assert len(hub.calls("POST", f"{API}/watched/w1/look")) == 1


async def test_the_hour_of_the_digest_is_sent_with_the_persons_zone(hub: FakeHub) -> None:
    """Never is a choice too."""
    hub.on("GET", f"{API}/watched", watched_list(watched()))
    hub.on("PATCH", f"{API}/watched/digest", {"hour": None, "time_zone": "UTC"})
    window, _ = await open_at(hub, "/watched")
    await window.until(lambda: window.shows("Downloads"))
    (menu,) = window.find("Dropdown", label="Tell me")
    assert menu.value == "8"
    window.session.apply_patch(menu._i, {"value": "never"})
    await window.fire(menu, "select", "never")
    await window.until(lambda: hub.bodies("PATCH", f"{API}/watched/digest") == [{"hour": None, "time_zone": "UTC"}])


async def test_filing_by_itself_is_switched_on_with_a_certainty_in_words(hub: FakeHub) -> None:
    """The switch shows slider and daily limit; each change is sent alone."""
    hub.on("GET", f"{API}/watched", watched_list(watched()))
    hub.on("PATCH", f"{API}/watched/w1", watched(mode="file"))
    window, _ = await open_at(hub, "/watched/w1")
    await window.until(lambda: window.shows("File by itself"))
    assert not window.shows("How sure Homie must be")
    switch = window.find("Switch")[0]
    window.session.apply_patch(switch._i, {"value": True})
    await window.fire(switch, "change", True)
    await window.until(lambda: window.shows("Careful: what you have filed the same way again and again."))
    assert hub.bodies("PATCH", f"{API}/watched/w1") == [{"mode": "file"}]
    assert window.find("Dropdown", label="File at most, in one day")


async def test_a_folder_is_taken_out_after_asking(hub: FakeHub) -> None:
    """The question says that nothing is moved; the list is read anew."""
    hub.on("GET", f"{API}/watched", [watched_list(watched()), watched_list(), watched_list()])
    hub.on("DELETE", f"{API}/watched/w1", {})
    window, _ = await open_at(hub, "/watched/w1")
    await window.until(lambda: window.shows("Watch no more"))
    await ask(window, "Watch no more")
    await window.until(lambda: window.shows("Watch this folder no more?"))
    assert hub.calls("DELETE", f"{API}/watched/w1") == []
    [question] = window.find("AlertDialog")
    await window.fire(question.actions[-1], "click")
    await window.until(lambda: hub.calls("DELETE", f"{API}/watched/w1"))


async def test_a_folder_that_is_not_watched_any_more_says_so(hub: FakeHub) -> None:
    """An old address leads back to the list."""
    hub.on("GET", f"{API}/watched", watched_list(watched()))
    window, _ = await open_at(hub, "/watched/other")
    await window.until(lambda: window.shows("This folder is not watched any more"))
    window.button("All watched folders")
