"""What shows at once is taken back when the hub refuses, and live values stay apart from their lists."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from frontend.api.errors import ApiError
from frontend.providers.ai_provider import AiProvider
from frontend.providers.backups_provider import BackupsProvider
from frontend.providers.exports_provider import ExportsProvider
from frontend.providers.home_provider import HomeProvider
from frontend.providers.jobs_provider import JobsProvider
from frontend.providers.modules_provider import ModulesProvider
from frontend.providers.notifications_provider import NotificationsProvider
from frontend.providers.people_provider import PeopleProvider
from frontend.providers.preferences_provider import PreferencesProvider
from frontend.providers.search_provider import SearchProvider
from tests.frontend.wire import FakeHub, event, page, refusal

pytestmark = pytest.mark.anyio
JOBS = "/api/v1/jobs"


def job(id_: str = "j1", state: str = "running", **more: Any) -> dict[str, Any]:
    return {
        "id": id_,
        "state": state,
        "progress": 0.1,
        "note": "",
        "counts": {},
        "error": None,
        "result": None,
        "kind": "core.x",
        **more,
    }


async def _jobs(hub: FakeHub) -> JobsProvider:
    hub.on("GET", JOBS, page(job(), job("j2", "done")))
    jobs = JobsProvider(api=hub.api())
    await jobs.load()
    return jobs


async def test_progress_does_not_touch_the_list() -> None:
    """A tick changes the live object of its job, and neither the list nor the provider."""
    jobs = await _jobs(FakeHub())
    live, before = jobs.progress_of("j1"), jobs.jobs.items
    changes: list[Any] = []
    note = lambda _, name: changes.append(name)  # noqa: E731
    jobs.subscribe(note)
    jobs.jobs.subscribe(note)
    jobs.on_event(event("jobs.progressed", job_id="j1", progress=0.5, note="half", counts={"files": 3}))  # type: ignore[arg-type]
    assert (live.fraction, live.note, dict(live.counts)) == (0.5, "half", {"files": 3})
    assert jobs.jobs.items is before
    assert changes == []
    assert jobs.progress_of("j1") is live


@pytest.mark.parametrize("list_was_read", [True, False])
async def test_an_end_that_nobody_heard_of_is_read_when_the_line_is_back(list_was_read: bool) -> None:
    """A job that is followed does not stay at "running", whether or not the list holds it, or was read at all."""
    hub = FakeHub()
    hub.on("GET", JOBS, page(job()))
    hub.on("GET", f"{JOBS}/j1", job())
    jobs = JobsProvider(api=hub.api())
    if list_was_read:
        jobs.only_live = True
        await jobs.load()
    progress = await jobs.follow("j1")
    hub.on("GET", JOBS, page())
    hub.on("GET", f"{JOBS}/j1", job(state="done"))
    jobs.reload_soon()
    await asyncio.gather(*jobs._tasks)
    assert progress.state == "done"
    assert jobs.loaded is list_was_read


async def test_an_archive_that_was_ready_before_the_answer_is_ready() -> None:
    """The end of its job may be told before the answer says which job it is."""
    hub, archives = FakeHub(), "/api/v1/owners/o1/exports"
    hub.on("GET", archives, {"items": []})
    hub.on("GET", f"{JOBS}/j1", job(state="done"))
    provider = ExportsProvider(api=hub.api())
    await provider.show("o1")

    def queued(_: Any) -> dict[str, Any]:
        provider.on_event(event("jobs.finished", job_id="j1"))  # type: ignore[arg-type]
        return {"job_id": "j1"}

    hub.on("POST", archives, queued)
    await provider.start()
    assert provider.progress is None
    await asyncio.gather(*provider._tasks)


async def test_progress_after_the_end_is_ignored() -> None:
    """A late tick does not bring a finished job back to life."""
    jobs = await _jobs(FakeHub())
    live = jobs.progress_of("j1")
    jobs.on_event(event("jobs.finished", job_id="j1", result={"n": 1}))  # type: ignore[arg-type]
    jobs.on_event(event("jobs.progressed", job_id="j1", progress=0.5))  # type: ignore[arg-type]
    assert (live.state, live.fraction, dict(live.result or {})) == ("done", 1.0, {"n": 1})
    jobs.close()


async def test_cancelling_shows_at_once_and_rolls_back() -> None:
    """The job shows as being cancelled before the hub answered; a refusal takes that back in list and live object."""
    hub = FakeHub()
    jobs = await _jobs(hub)
    live = jobs.progress_of("j1")
    gate = asyncio.Event()

    async def answer() -> Any:
        await gate.wait()
        return refusal(409, "conflict")

    hub.on("POST", f"{JOBS}/j1/cancel", lambda _: answer())
    task = asyncio.create_task(jobs.cancel("j1"))
    await asyncio.sleep(0.01)
    assert live.state == "cancelling"
    assert jobs.jobs.items[0]["state"] == "cancelling"
    gate.set()
    with pytest.raises(ApiError):
        await task
    assert live.state == "running"
    assert jobs.jobs.items[0]["state"] == "running"


async def test_a_finished_job_is_read_once() -> None:
    """A change of state reads that one row."""
    hub = FakeHub()
    jobs = await _jobs(hub)
    hub.on("GET", f"{JOBS}/j1", job("j1", "done"))
    jobs.on_event(event("jobs.finished", job_id="j1"))  # type: ignore[arg-type]
    await asyncio.gather(*jobs._tasks)
    assert jobs.jobs.items[0]["state"] == "done"
    assert len(hub.calls("GET", JOBS)) == 1


async def test_retry_rolls_back() -> None:
    """A retry that the hub refuses leaves the job failed."""
    hub = FakeHub()
    hub.on("GET", JOBS, page(job("j1", "failed", error="Disk full.")))
    jobs = JobsProvider(api=hub.api())
    await jobs.load()
    hub.on("POST", f"{JOBS}/j1/retry", refusal(409, "conflict"))
    with pytest.raises(ApiError):
        await jobs.retry("j1")
    assert (jobs.jobs.items[0]["state"], jobs.jobs.items[0]["error"]) == ("failed", "Disk full.")


async def test_modules_switch_and_roll_back() -> None:
    """A module shows as switched at once, and as before when the hub refuses."""
    hub = FakeHub()
    hub.on("GET", "/api/v1/modules", {"items": [{"id": "m", "enabled": True, "state": "running"}]})
    modules = ModulesProvider(api=hub.api())
    await modules.load()
    assert modules.enabled_ids == {"m"}
    hub.on("POST", "/api/v1/modules/m/disable", refusal(403, "not_allowed"))
    with pytest.raises(ApiError):
        await modules.disable("m")
    assert modules.enabled_ids == {"m"}
    hub.on("POST", "/api/v1/modules/m/disable", {"id": "m", "enabled": False, "state": "disabled"})
    await modules.disable("m")
    assert modules.enabled_ids == set()


async def test_preferences_change_at_once_and_roll_back() -> None:
    """Language follows the choice, the choice follows the hub; the calls speak the same language."""
    hub = FakeHub()
    path = "/api/v1/accounts/preferences"
    hub.on("GET", path, {"language": "system", "theme": "dark"})
    preferences = PreferencesProvider(api=hub.api())
    preferences.device_language = "de"
    await preferences.load()
    assert (preferences.language, preferences.api.transport.language) == ("de", "de")
    hub.on("PATCH", path, refusal(422, "invalid_input"))
    with pytest.raises(ApiError):
        await preferences.change(language="en")
    assert preferences.language == "de"
    hub.on("PATCH", path, {"language": "en", "theme": "dark"})
    await preferences.change(language="en")
    assert (preferences.language, preferences.api.transport.language) == ("en", "en")


async def test_news_are_read_at_once() -> None:
    """Reading lowers the number on the bell at once; a refusal raises it again."""
    hub = FakeHub()
    base = "/api/v1/notifications"
    hub.on("GET", base, {"items": [{"id": "n1", "unread": True}], "next_cursor": None, "unread": 3})
    news = NotificationsProvider(api=hub.api())
    await news.load_list()
    hub.on("POST", f"{base}/n1/read", httpx.ReadError("cut"))
    with pytest.raises(ApiError):
        await news.read("n1")
    assert (news.unread, news.news.items[0]["unread"]) == (3, True)
    hub.on("POST", f"{base}/n1/read", {"unread": 2})
    await news.read("n1")
    assert (news.unread, news.news.items[0]["unread"]) == (2, False)
    hub.on("DELETE", f"{base}/n1", refusal(404, "not_found"))
    with pytest.raises(ApiError):
        await news.put_away("n1")
    assert len(news.news.items) == 1


async def test_the_newest_question_wins() -> None:
    """A slow answer to an older question never replaces the answer to a newer one."""
    hub = FakeHub()
    gate = asyncio.Event()

    async def answer(request: httpx.Request) -> Any:
        if request.url.params["q"] == "slow":
            await gate.wait()
        return {"query": request.url.params["q"], "groups": [], "searched": [], "left_out": []}

    hub.on("GET", "/api/v1/search", answer)
    search = SearchProvider(api=hub.api())
    slow = asyncio.create_task(search.search("slow"))
    await asyncio.sleep(0)
    await search.search("fast")
    gate.set()
    await slow
    assert search.found is not None
    assert search.found["query"] == "fast"
    await search.search("  ")
    assert (search.found, search.state) == (None, "idle")


async def test_home_listens_to_what_the_hub_names() -> None:
    """Home is read again after the events that the hub named, and after no others."""
    hub = FakeHub()
    hub.on("GET", "/api/v1/home", {"attention": [], "modules": [], "unread": 0, "refresh_on": ["jobs.failed"]})
    home = HomeProvider(api=hub.api())
    await home.load()
    home.on_event(event("jobs.progressed"))  # type: ignore[arg-type]
    assert not home._tasks
    end = home.subscribe(lambda *_: None)
    home.on_event(event("jobs.failed"))  # type: ignore[arg-type]
    await asyncio.gather(*home._tasks)
    assert len(hub.asked) == 2
    end()
    home.on_event(event("jobs.failed"))  # type: ignore[arg-type]
    assert not home._tasks, "what nobody looks at asks nothing"


async def test_home_misses_nothing_that_happens_while_it_is_first_read() -> None:
    """What happens after the hub wrote its first answer and before it is here is not in it: Home asks again."""
    hub = FakeHub()
    home = HomeProvider(api=hub.api())
    said = {"attention": [], "modules": [], "unread": 0, "refresh_on": ["modules.changed"]}

    def answer(_: object) -> object:
        if len(hub.asked) == 1:
            home.on_event(event("modules.changed"))  # type: ignore[arg-type]
        return {**said, "unread": len(hub.asked)}

    hub.on("GET", "/api/v1/home", answer)
    home.subscribe(lambda *_: None)
    await home.load()
    await asyncio.gather(*home._tasks)
    assert home.home is not None
    assert home.home["unread"] == 2


async def test_agreements_roll_back() -> None:
    """An agreement that the hub refuses is not shown as given."""
    hub = FakeHub()
    hub.on("GET", "/api/v1/ai/modules", {"items": [{"module": "m", "enabled": False}]})
    hub.on("GET", "/api/v1/ai/usage", {"months": []})
    ai = AiProvider(api=hub.api())
    await ai.load()
    hub.on("PUT", "/api/v1/ai/modules/m", refusal(409, "ai_not_ready"))
    with pytest.raises(ApiError):
        await ai.agree("m", True)
    assert ai.agreements[0]["enabled"] is False


async def test_members_are_put_back() -> None:
    """A member who could not be removed stands in the list again."""
    hub = FakeHub()
    hub.on("GET", "/api/v1/accounts/spaces/s1/members", {"items": [{"user_id": "u1"}, {"user_id": "u2"}]})
    people = PeopleProvider(api=hub.api())
    await people.load_members("s1")
    hub.on("DELETE", "/api/v1/accounts/spaces/s1/members/u2", refusal(409, "last_space_owner"))
    with pytest.raises(ApiError):
        await people.remove_member("s1", "u2")
    assert [one["user_id"] for one in people.members["s1"]] == ["u1", "u2"]


async def test_what_is_done_is_not_said_to_have_failed_because_reading_failed() -> None:
    """Somebody would be invited twice, and the code that is told once would be lost; a key would be sent again."""
    hub = FakeHub()
    hub.on("POST", "/api/v1/accounts/invitations", {"id": "v1", "code": "once"})
    hub.on("GET", "/api/v1/accounts/invitations", lambda _: refusal(500, "internal"))
    people = PeopleProvider(api=hub.api())
    made = await people.invite({"name": "Eva"})  # type: ignore[typeddict-item, typeddict-unknown-key]
    assert people.new_code == made
    hub.on("PUT", "/api/v1/ai/keys/openai", {})
    hub.on("GET", "/api/v1/ai/settings", lambda _: refusal(500, "internal"))
    await AiProvider(api=hub.api()).put_key("openai", "k")


async def test_a_restore_is_followed_through_an_outage() -> None:
    """A restore goes on while the hub does not answer for a moment, and ends with its outcome."""
    hub = FakeHub()
    base = "/api/v1/backups"
    running = {"id": "r1", "state": "running", "fraction": 0.5, "dry_run": True}
    hub.on("POST", f"{base}/b1/restore", running)
    hub.on("GET", f"{base}/restores/r1", [running, *[httpx.ConnectError("no")] * 3, {**running, "state": "done"}])
    backups = BackupsProvider(api=hub.api(), _sleep=hub.sleep)
    restored = await backups.restore("b1", {"dry_run": True})
    assert restored["state"] == "done"
    assert not backups.restoring.running
    assert backups.restoring.error is None


async def test_the_recovery_key_is_not_kept() -> None:
    """A recovery key is shown once and then forgotten."""
    hub = FakeHub()
    hub.on("POST", "/api/v1/backups/key", {"recovery_key": "secret"})
    backups = BackupsProvider(api=hub.api())
    await backups.create_key()
    assert backups.recovery_key == "secret"
    backups.forget_key()
    assert "secret" not in repr(backups)


async def test_news_asked_for_before_are_not_those_that_are_unread() -> None:
    """An answer for all news does not fill the list that shall hold unread ones only."""
    hub, path = FakeHub(), "/api/v1/notifications"
    go = asyncio.Event()

    async def late() -> Any:
        await go.wait()
        return {**page({"id": "n1", "unread": False}), "unread": 1}

    hub.on("GET", path, lambda _: late())
    provider = NotificationsProvider(api=hub.api())
    first = asyncio.create_task(provider.show(only_unread=False))
    await asyncio.sleep(0.01)
    hub.on("GET", path, lambda _: refusal(500, "internal"))
    second = asyncio.create_task(provider.show(only_unread=True))
    await asyncio.sleep(0)
    go.set()
    await asyncio.gather(first, second)
    assert provider.news.items == ()
