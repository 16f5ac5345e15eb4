"""The review's screens in a headless window: each state of a plan, decisions, details, preview, result, in words."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.frontend.file_organizer.review_answers import PLAN, V1, folder, item, lay_out, plan, summary
from tests.frontend.screens.stage import Stage, job, run
from tests.frontend.wire import page, refusal

ROUTE = "/file_organizer/plans/p1"
PREVIEW = {
    "accepted": 2,
    "files": 2,
    "folders_moved": 0,
    "bytes": 4000,
    "undecided": 1,
    "new_folders": 1,
    "new_folder_examples": [{"volume_id": "v", "path": "Music"}],
    "spaces": [
        {
            "volume_id": "v",
            "label": "Home",
            "online": True,
            "writable": True,
            "free": 5_000_000,
            "needed": 4000,
            "enough": True,
        }
    ],
    "conflicts": 1,
    "conflict_examples": [
        {
            "item_id": "a",
            "source": {"volume_id": "v", "path": "Downloads/a.mp3"},
            "target": {"volume_id": "v", "path": "Music/a.mp3"},
            "kind": "taken",
            "text": "There is something of this name already. Both are kept.",
        }
    ],
    "complete": True,
    "ready": False,
}
RUN = {
    "id": "r1",
    "owner_id": "o1",
    "plan_id": "p1",
    "kind": "plan",
    "state": "done",
    "title": "Downloads",
    "user_id": "p1",
    "undo_of": None,
    "total": 3,
    "done": 2,
    "skipped": 0,
    "failed": 1,
    "bytes_done": 4000,
    "undoable": True,
    "created_at": "2026-11-23T12:00:00Z",
    "finished_at": "2026-11-23T12:01:00Z",
}


def stage(*items: Any, width: float = 412, language: str = "en", online: bool = True, **of_plan: Any) -> Stage:
    """Return a window onto a plan with these items."""
    made = Stage(width=width, language=language)
    lay_out(made.hub, *items, online=online, **of_plan)
    return made


def test_suggestions_are_decided_and_taken_back() -> None:
    """Accept takes the row away, counts it and offers Undo; Undo brings it back."""

    async def scenario() -> None:
        on = stage(item("a"), item("b", "asking", confidence=0.4))
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("2 files to decide"))
        for words in ("Sure · 95%", "Unsure · 40%", "Music", "It is music or sound."):
            assert app.shows(words), app.texts()
        await app.click("Accept a.mp3")
        assert app.shows("1 file accepted.")
        assert app.shows("1 file to decide")
        assert on.hub.bodies("POST", f"{PLAN}/accept") == [{"item_ids": ["a"]}]
        await app.click("Undo")
        assert on.hub.bodies("POST", f"{PLAN}/take-back") == [{"version": 2}]
        await app.until(lambda: app.shows("2 files to decide"))

    run(scenario)


def test_a_refused_decision_is_said_and_taken_back() -> None:
    """The row stands where it stood, and words say what happened."""

    async def scenario() -> None:
        on = stage(item("a"))
        on.hub.on("POST", f"{PLAN}/reject", refusal(409, "plan_closed"))
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("1 file to decide"))
        await app.click("Reject a.mp3")
        assert app.shows("Words about plan_closed.")
        assert app.shows("1 file to decide")
        assert app.shows("a.mp3")

    run(scenario)


def test_a_swipe_decides() -> None:
    """Right accepts, left rejects; the card itself slides back, because the list says what became of it."""

    async def scenario() -> None:
        on = stage(item("a"), item("b"))
        app = await on.open(ROUTE)
        await app.until(lambda: app.find("Dismissible"))
        for way, name in (("startToEnd", "accept"), ("endToStart", "reject")):
            await app.fire(app.find("Dismissible")[0], "confirm_dismiss", {"direction": way})
            assert on.hub.calls("POST", f"{PLAN}/{name}")
        assert app.shows("Everything is decided")

    run(scenario)


@pytest.mark.parametrize(
    ("of_plan", "words"),
    [
        ({"state": "building"}, "Looking through the folder"),
        ({"state": "discarded"}, "This plan was closed"),
        ({"state": "failed", "notice": "The scan was stopped."}, "The scan was stopped."),
        ({"state": "executing"}, "Moving your files"),
    ],
)
def test_a_plan_that_cannot_be_reviewed_says_why(of_plan: dict[str, Any], words: str) -> None:
    """Being made, closed, failed, being carried out: each has its words and a way on."""

    async def scenario() -> None:
        on = stage(item("a"), **of_plan)
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows(words))

    run(scenario)


def test_nothing_to_tidy_is_good_news() -> None:
    """An empty plan says that all is in its place."""

    async def scenario() -> None:
        on = stage()
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("Nothing to tidy"))
        assert app.shows("Homie looked at 12 files, and all are where they belong.")

    run(scenario)


def test_a_plan_that_is_not_there_says_so() -> None:
    """The hub's words, and a way to try again."""

    async def scenario() -> None:
        on = stage(item("a"))
        on.hub.on("GET", PLAN, refusal(404, "plan_missing"))
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("Words about plan_missing."))
        on.hub.on("GET", PLAN, plan())
        await app.click("Try again")
        await app.until(lambda: app.shows("1 file to decide"))

    run(scenario)


def test_a_drive_that_is_away_is_said_on_its_rows() -> None:
    """The plan says it once, each row says it too."""

    async def scenario() -> None:
        on = stage(item("a"), online=False)
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("A drive of this plan is not connected"))
        assert app.shows("Drive away")
        on.hub.on("GET", f"{V1}/folders", page(folder()))
        await on.hear("file_organizer.drive_added", drive_id="d", label="Home")
        await app.until(lambda: not app.shows("Drive away"))

    run(scenario)


def test_keys_decide_on_the_desktop_but_not_while_somebody_types() -> None:
    """A accepts what is marked; in the search field it is a letter."""

    async def scenario() -> None:
        on = stage(item("a"), item("b"), width=1280)
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("Why here?"))
        await on.session.keys.press("A")
        await app.settle()
        assert on.hub.bodies("POST", f"{PLAN}/accept") == [{"item_ids": ["a"]}]
        await on.session.keys.press("R")
        await app.settle()
        assert on.hub.bodies("POST", f"{PLAN}/reject") == [{"item_ids": ["b"]}]
        await app.go("/about")
        await app.settle()
        assert not await on.session.keys.press("A"), "the keys end with their screen"

    run(scenario)


def test_the_detail_says_why_and_sends_elsewhere() -> None:
    """Where from, where to, why, what else; another folder is a touch away."""

    async def scenario() -> None:
        other = {"place": {"volume_id": "v", "path": "Audio books"}, "confidence": 0.5, "reason": "It is long."}
        one = item("a", alternatives=[other], oddity="it is a program", confidence=0.7)
        on = stage(one, item("b"))
        moved = {**one, "state": "accepted", "target": {"volume_id": "v", "path": "Audio books/a.mp3"}, "decided_in": 5}
        on.hub.on("PATCH", f"{PLAN}/items/a", moved)
        app = await on.open(f"{ROUTE}/items/a")
        await app.until(lambda: app.shows("Why here?"))
        for words in ("/home/anna/Downloads", "/home/anna/Music", "It is music or sound", "Likely · 70%"):
            assert app.shows(words), app.texts()
        await app.click("Audio books")
        sent = on.hub.bodies("PATCH", f"{PLAN}/items/a")
        assert sent == [{"folder": {"volume_id": "v", "path": "Audio books"}}]
        assert app.shows("/home/anna/Audio books")

    run(scenario)


def test_the_preview_says_what_will_happen_and_starts_it() -> None:
    """Files, new folders, room, what is in the way; the button names what it does."""

    async def scenario() -> None:
        on = stage(item("a", "accepted"), item("b", "accepted"), item("c"))
        on.hub.on("GET", f"{PLAN}/preview", PREVIEW)
        on.hub.on("POST", f"{PLAN}/execute", {"job_id": "j1", "state": "queued"})
        on.hub.on(
            "GET", "/api/v1/jobs/j1", job("j1", kind="file_organizer.execute_plan", counts={"files": 1, "total": 2})
        )
        app = await on.open(f"{ROUTE}/preview")
        await app.until(lambda: app.shows("What will happen"))
        for words in ("new folder", "Both are kept", "Enough room", "is not decided yet", "Nothing is deleted"):
            assert app.shows(words), app.texts()
        on.hub.on("GET", PLAN, plan("executing", job_id="j1"))
        await app.click("Move 2 files")
        assert on.hub.bodies("POST", f"{PLAN}/execute") == [{"skip_changed": False}]
        await app.go(ROUTE)
        await app.until(lambda: app.shows("1 / 2"))
        await on.hear("jobs.progressed", job_id="j1", kind="x", progress=0.9, note="", counts={"files": 2, "total": 2})
        await app.until(lambda: app.shows("2 / 2"))

    run(scenario)


def test_no_room_holds_the_move_back() -> None:
    """A drive that is too full is said with figures, and the button does nothing yet."""

    async def scenario() -> None:
        full = {**PREVIEW["spaces"][0], "free": 10, "enough": False}  # type: ignore[index]
        on = stage(item("a", "accepted"))
        on.hub.on("GET", f"{PLAN}/preview", {**PREVIEW, "spaces": [full]})
        app = await on.open(f"{ROUTE}/preview")
        await app.until(lambda: app.shows("Too full"))
        assert app.button("Move 2 files").disabled

    run(scenario)


def test_the_result_says_what_was_not_moved_and_takes_all_back() -> None:
    """Reasons with remedies; the undo is live, and then everything is back."""

    async def scenario() -> None:
        on = stage(item("a", "done"), item("b", "failed"), state="executed", run_id="r1")
        reason = "The destination drive is full. Make room and run this again."
        on.hub.on("GET", f"{V1}/runs/r1", RUN)
        problem = {"code": "drive_full", "reason": reason, "state": "failed", "count": 1}
        on.hub.on("GET", f"{V1}/runs/r1/problems", {"items": [problem], "total": 1})
        on.hub.on("POST", f"{V1}/runs/r1/undo", {"job_id": "j2", "state": "queued"})
        on.hub.on("GET", "/api/v1/jobs/j2", job("j2", kind="file_organizer.undo"))
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("Done, but not everything could be moved"))
        assert app.shows("The destination drive is full.")
        assert app.shows("Make room and run this again.")
        asked = asyncio.create_task(app.click("Put everything back"))
        await app.until(lambda: app.shows("Put everything back?"))
        await app.click("Put back")
        await asked
        await app.until(lambda: app.shows("Putting your files back"))
        on.hub.on("GET", f"{V1}/runs/r1", {**RUN, "undoable": False})
        on.hub.on("GET", f"{PLAN}/summary", {**summary(), "total": {"items": 2, "undone": 2}})
        await on.hear("jobs.finished", job_id="j2", kind="file_organizer.undo", result={"runs": []})
        await app.until(lambda: app.shows("Everything is back where it was"))

    run(scenario)


@pytest.mark.parametrize("width", [320, 412, 820, 1280])
def test_german_and_every_width(width: float) -> None:
    """The same plan in German, on every width, shows its words."""

    async def scenario() -> None:
        on = stage(item("a"), item("b", "asking", confidence=0.4), width=width, language="de")
        app = await on.open(ROUTE)
        await app.until(lambda: app.shows("2 Dateien zu entscheiden"))
        assert app.shows("Sicher · 95 %")
        assert app.button("Annehmen a.mp3")

    run(scenario)


@pytest.mark.parametrize("rest", ["left-alone", "tree", "items/i1/folder"])
def test_a_plan_that_is_gone_is_said_beside_the_review_too(rest: str) -> None:
    """The hub's words and a way to try again, no waiting without end."""

    async def scenario() -> None:
        app = await Stage().open(f"{ROUTE}/{rest}")
        await app.until(lambda: app.shows("Words about not_found"))
        app.button("Try again")

    run(scenario)


def test_a_suggestion_that_is_gone_offers_no_folders() -> None:
    """To choose one would change nothing."""

    async def scenario() -> None:
        app = await stage(item("a")).open(f"{ROUTE}/items/gone/folder")
        await app.until(lambda: app.shows("Words about not_found"))
        app.button("Try again")

    run(scenario)
