"""Activity: each piece of work in words, narrowed, live, repeated; nothing of the machinery is shown."""

from __future__ import annotations

from typing import Any

import httpx

from backend.core.module_records import load_object
from frontend.kit.installed_screens import installed_screens
from tests.frontend.screens.stage import V1, Stage, job, run
from tests.frontend.wire import page, refusal


def test_the_list_says_what_was_done_and_how_it_ended() -> None:
    """Kinds and states are words; ids and names of handlers never appear."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/jobs", page(job("j1", "failed"), job("j2", "done", "core.verify_backup"), job("j3")))
        window = await stage.open("/activity")
        await window.until(lambda: window.shows("Make a backup"))
        assert window.shows("Did not succeed")
        assert window.shows("The drive is full.")
        assert window.shows("Check a backup")
        assert not [text for text in window.texts() if "core." in text or "j1" in text]

    run(scenario)


def test_all_work_of_the_modules_has_a_name_in_words() -> None:
    """What a module's workers may do stands in Activity: no kind is called by its handler."""
    for module in installed_screens():
        handlers = load_object(f"backend.{module.module_id}.jobs:HANDLERS")
        assert {one.kind for one in handlers} == set(module.job_names)


def test_the_same_work_of_two_spaces_is_told_apart() -> None:
    """The hub looks for new files in each space by itself: what is shared has its name behind it, going on or done."""

    async def scenario() -> None:
        stage = Stage()
        both = [
            job(f"{state}{owner}", state, owner_id=owner) for state in ("running", "done") for owner in ("o1", "o2")
        ]
        window = await stage.open("/more")
        shared: Any = {"id": "o2", "kind": "household", "name": "Family", "role": "owner"}
        stage.session.auth.spaces = (shared,)
        stage.hub.on("GET", f"{V1}/jobs", page(*both))
        await window.go("/activity")
        await window.until(lambda: window.shows("Make a backup · Family"))
        assert window.texts().count("Make a backup") == window.texts().count("Make a backup · Family") == 2
        window.button("Stop Make a backup · Family")

    run(scenario)


def test_the_same_work_of_two_parts_is_told_apart() -> None:
    """Every part of the hub has its backups: each piece of work says whose, going on, done and looked at closely."""

    async def scenario() -> None:
        stage = Stage()
        two = [
            job(part, "running", "core.verify_backup", part=part, owner_id="system")
            for part in ("core", "financial_manager")
        ]
        stage.hub.on("GET", f"{V1}/jobs", page(*two))
        stage.hub.on("GET", f"{V1}/jobs/core", two[0])
        window = await stage.open("/activity")
        await window.until(lambda: window.shows("Check a backup · Accounts and settings"))
        window.button("Stop Check a backup · Accounts and settings")
        window.button("Stop Check a backup · Financial manager")
        await window.go("/activity/core")
        await window.until(lambda: window.shows("Check a backup · Accounts and settings"))

    run(scenario)


def test_filters_and_the_address_narrow_the_list() -> None:
    """A link from Home opens the failed ones; another chip asks anew."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/jobs", page(job("j1", "failed")))
        window = await stage.open("/activity?state=failed")
        await window.until(lambda: window.shows("The drive is full."))
        assert stage.hub.calls("GET", f"{V1}/jobs")[-1].url.params["state"] == "failed"
        stage.hub.on("GET", f"{V1}/jobs", page())
        done = next(one for one in window.find("Chip") if one.label.value == "Done")
        await window.fire(done, "select", True)
        await window.until(lambda: window.shows("Nothing was done yet"))
        assert stage.hub.calls("GET", f"{V1}/jobs")[-1].url.params["state"] == "done"

    run(scenario)


def test_long_lists_are_read_in_pages() -> None:
    """Fifty at a time, more on demand, each once."""

    async def scenario() -> None:
        stage = Stage()
        answers = {
            None: page(*(job(f"j{n}", "done") for n in range(50)), cursor="c1"),
            "c1": page(*(job(f"j{n}", "done") for n in range(50, 60))),
        }
        stage.hub.on("GET", f"{V1}/jobs", lambda request: answers[request.url.params.get("cursor")])
        window = await stage.open("/activity")
        await window.until(lambda: len(window.find("ListTile")) == 50)
        await window.click("Show more")
        await window.until(lambda: len(window.find("ListTile")) == 60)

    run(scenario)


def test_failed_work_says_why_and_is_tried_again() -> None:
    """The reason and what to do stand beside the button; while waiting it shows so."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/jobs/j1", job("j1", "failed", attempt=3))
        stage.hub.on("POST", f"{V1}/jobs/j1/retry", job("j1", "queued"))
        window = await stage.open("/activity/j1")
        await window.until(lambda: window.shows("The drive is full."))
        assert window.shows("is the backup drive connected")
        assert window.shows("3 of 3")
        await window.click("Try again Make a backup")
        await window.until(lambda: window.shows("Waiting"))
        assert not window.shows("The drive is full.")

    run(scenario)


def test_a_refused_retry_is_taken_back() -> None:
    """What was shown before comes back, with the hub's words."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/jobs/j1", job("j1", "failed"))
        stage.hub.on("POST", f"{V1}/jobs/j1/retry", refusal(409, "job_gone"))
        window = await stage.open("/activity/j1")
        await window.until(lambda: window.shows("The drive is full."))
        await window.click("Try again Make a backup")
        await window.until(lambda: window.shows("Words about job_gone."))
        assert window.shows("The drive is full.")
        assert window.shows("Did not succeed")

    run(scenario)


def test_work_that_is_forgotten_says_so() -> None:
    """An old link is no error."""

    async def scenario() -> None:
        stage = Stage()
        window = await stage.open("/activity/gone")
        await window.until(lambda: window.shows("This work is not known any more"))

    run(scenario)


def test_offline_says_what_to_do() -> None:
    """The list that was never read shows words and a way to try again."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/jobs", httpx.ConnectError("nobody"))
        window = await stage.open("/activity")
        await window.until(lambda: window.shows("No connection to Homie"))
        assert window.button("Try again")

    run(scenario)
