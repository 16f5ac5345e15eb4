"""The File Organizer's own screens: what each shows in every state, what is sent, and what happens on refusal."""

from __future__ import annotations

import json
from typing import Any

import flet as ft
import pytest

from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.screens.history.undo_progress import undo_progress
from frontend.providers.jobs_provider import JobProgress
from tests.frontend.file_organizer.manage_desk import (
    API,
    ai,
    drive,
    folder,
    household,
    job,
    open_at,
    plan,
    run,
    settings,
    step,
)
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, event, page, refusal

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


# ---------------------------------------------------------------------- first screen


async def test_first_screen_says_what_waits_and_offers_each_folder(hub: FakeHub) -> None:
    """Suggestions and questions are counted; a folder away offers no scan."""
    hub.on("GET", f"{API}/plans", page(plan()))
    hub.on("GET", f"{API}/folders", page(folder(), folder("v2", "Attic", online=False)))
    window, _ = await open_at(hub, "")
    await window.until(lambda: window.shows("7 suggestions, 2 questions"))
    window.button("Scan Downloads")
    assert window.shows("Its drive is not connected")
    with pytest.raises(AssertionError):
        window.button("Scan Attic")
    await window.click("Review Downloads")
    assert [call for call in window.wire.calls if call[0] == "push_route"] or window.page.route.endswith("/plans/p1")


async def test_first_screen_without_folders_says_who_opens_them(hub: FakeHub) -> None:
    """An empty household is told what to do."""
    hub.on("GET", f"{API}/folders", page())
    window, _ = await open_at(hub, "")
    await window.until(lambda: window.shows("No folder is open to Homie yet"))
    window.button("Go to the household")


async def test_first_screen_says_what_went_wrong_and_tries_again(hub: FakeHub) -> None:
    """The hub's words and a button; the next answer is shown."""
    hub.on("GET", f"{API}/folders", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "")
    await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/folders", page(folder()))
    await window.click("Try again")
    await window.until(lambda: window.shows("Folders to tidy"))


async def test_a_scan_is_followed_live_and_leaves_when_it_was_stopped(hub: FakeHub) -> None:
    """Progress comes by events; after a stop the list is read anew."""
    hub.on("GET", f"{API}/plans", [page(plan(state="building", counts={})), page(plan(state="failed"))])
    hub.on("GET", "/api/v1/jobs/j1", job())
    hub.on("POST", "/api/v1/jobs/j1/cancel", job(state="cancelling"))
    window, session = await open_at(hub, "")
    await window.until(lambda: hub.calls("GET", "/api/v1/jobs/j1"))
    tick = event("jobs.progressed", job_id="j1", progress=0.5, note="", counts={"files": 1200})
    session.jobs.on_event(tick)  # type: ignore[arg-type]
    await window.until(lambda: window.shows("1200 files seen"))
    await window.click("Stop the scan of Downloads")
    await window.until(lambda: window.shows("Stopping…"))
    for provider in session._providers.values():
        provider.on_event(event("jobs.cancelled", job_id="j1"))  # type: ignore[arg-type]
    await window.until(lambda: window.shows("Nothing waits for you"))


# ---------------------------------------------------------------------- drives


async def test_drives_say_space_state_and_purpose_in_words(hub: FakeHub) -> None:
    """Nearly full and away are said, not only coloured; an away drive keeps its folders."""
    away = drive("d2", "Stick", online=False, status="offline", volumes=["v2"])
    hub.on("GET", f"{API}/drives", {"items": [drive(free=20_000_000_000, purpose="films"), away]})
    hub.on("GET", f"{API}/folders", page(folder(), folder("v2", "Holidays", online=False)))
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Nearly full: 20 GB free of 1 TB"))
    for said in (
        "2 drives, 1 is not connected",
        "For: Films and series",
        "Not connected",
        "Homie remembers its files.",
    ):
        assert window.shows(said), window.texts()
    assert window.shows("Holidays")


async def test_a_drive_that_leaves_is_seen_without_reloading(hub: FakeHub) -> None:
    """The event alone changes the picture."""
    gone = {"items": [drive(online=False, status="offline")]}
    hub.on("GET", f"{API}/drives", [{"items": [drive()]}, gone, gone])
    window, session = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Connected"))
    for provider in session._providers.values():
        provider.on_event(event("file_organizer.drive_removed", drive_id="d1", label="Big disk"))  # type: ignore[arg-type]
    await window.until(lambda: window.shows("Not connected"))


async def test_the_purpose_of_a_drive_is_chosen_and_put_back_on_refusal(hub: FakeHub) -> None:
    """The choice shows at once; the hub's refusal takes it back."""
    hub.on("PATCH", f"{API}/drives/d1", refusal(409, "busy"))
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Nobody has said what it is for"))
    await ask(window, "Change what Big disk is for")
    await window.click("Music")
    await window.until(lambda: hub.bodies("PATCH", f"{API}/drives/d1") == [{"purpose": "music"}])
    await window.until(lambda: window.shows("Words about busy."))
    assert window.shows("Nobody has said what it is for")


async def test_the_purpose_of_a_drive_can_be_said_in_own_words(hub: FakeHub) -> None:
    """What is typed is kept as it is."""
    hub.on("PATCH", f"{API}/drives/d1", drive(purpose="Grandpa's slides"))
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Nobody has said what it is for"))
    await ask(window, "Change what Big disk is for")
    await window.click("Something else")
    await window.until(lambda: window.find("TextField", label="In your words"))
    await window.type("In your words", " Grandpa's slides ")
    await window.click("Save")
    await window.until(lambda: hub.bodies("PATCH", f"{API}/drives/d1") == [{"purpose": "Grandpa's slides"}])
    await window.until(lambda: window.shows("For: Grandpa's slides"))


# ---------------------------------------------------------------------- history


async def test_history_groups_by_day_and_undoes_small_runs_at_once(hub: FakeHub) -> None:
    """Three files need no question; the undo that was started is followed."""
    hub.on("GET", f"{API}/runs", page(run(), run("r0", created_at="2026-03-03T10:00:00Z", undoable=False)))
    hub.on("POST", f"{API}/runs/r1/undo", {"job_id": "j9", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j9", job("j9", state="done", result={"runs": [{"run_id": "r2", "done": 3}]}))
    window, session = await open_at(hub, "/history")
    await window.until(lambda: window.shows("4 Mar 2026"))
    assert window.shows("3 Mar 2026")
    await window.click("Undo Downloads")
    await window.until(lambda: session.of(HistoryProvider).undoing is not None)
    assert hub.bodies("POST", f"{API}/runs/r1/undo") == [{"keep_both": False}]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"state": "running"}, "Putting files back…"),
        ({"state": "failed", "error": "There is nothing left to undo here."}, "There is nothing left to undo here."),
        ({"state": "done", "result": {"runs": [{"run_id": "r2", "done": 3}]}}, "3 files are back where they were."),
        (
            {"state": "done", "result": {"runs": [{"run_id": "r2", "done": 3, "skipped": 2}]}},
            "2 could not be put back.",
        ),
    ],
)
async def test_an_undo_says_how_far_it_is_and_what_came_of_it(hub: FakeHub, state: dict[str, Any], words: str) -> None:
    """Each end has its words; what could not be put back leads to the reasons."""
    history = HistoryProvider(api=hub.api())
    history.undoing = JobProgress("j9", **state)
    window = Headless()
    await window.show(ft.component(lambda: ft.Column(undo_progress(history))))
    await window.until(lambda: window.shows(words))


async def test_a_big_undo_is_asked_about_first(hub: FakeHub) -> None:
    """Nothing is sent until the person said yes."""
    hub.on("GET", f"{API}/runs", page(run(done=500)))
    hub.on("POST", f"{API}/runs/r1/undo", {"job_id": "j9", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j9", job("j9"))
    window, _ = await open_at(hub, "/history")
    await window.until(lambda: window.shows("500 files done"))
    await ask(window, "Undo Downloads")
    assert window.shows("500 files go back to where they were.")
    assert hub.calls("POST", f"{API}/runs/r1/undo") == []
    [question] = window.find("AlertDialog")
    await window.fire(question.actions[-1], "click")
    await window.until(lambda: hub.calls("POST", f"{API}/runs/r1/undo"))


async def test_history_finds_single_files_by_name(hub: FakeHub) -> None:
    """What is typed is what is asked for; nothing found says so."""
    hub.on("GET", f"{API}/actions", lambda request: page(*([] if "zebra" in str(request.url) else [step()])))
    window, _ = await open_at(hub, "/history")
    await window.until(lambda: window.shows("Nothing was done yet"))
    [views] = window.find("SegmentedButton")
    window.session.apply_patch(views._i, {"selected": ["files"]})
    await window.fire(views, "change", '["files"]')
    await window.until(lambda: window.shows("bill.pdf"))
    assert window.shows("To Downloads › Documents › Bills")
    await window.type("Words of a name or folder", "zebra")
    await window.until(lambda: window.shows("Nothing found"))
    assert "q=zebra" in str(hub.calls("GET", f"{API}/actions")[-1].url)


async def test_a_run_says_what_was_not_done_and_why(hub: FakeHub) -> None:
    """Each reason with its count; steps that failed carry their own, and offer no undo."""
    reason = "The file is not there any more."
    problem = {"code": "source_missing", "reason": reason, "state": "skipped", "count": 2}
    hub.on("GET", f"{API}/runs/r1", run(done=1, skipped=2))
    hub.on("GET", f"{API}/runs/r1/problems", {"items": [problem], "total": 2})
    hub.on("GET", f"{API}/actions", page(step(), step("a2", "gone.pdf", state="skipped", reason=reason)))
    window, _ = await open_at(hub, "/history/r1")
    await window.until(lambda: window.shows("Every step"))
    assert window.shows("1 file done, 2 left alone")
    assert window.texts().count(reason) == 2
    window.button("Undo bill.pdf")
    with pytest.raises(AssertionError):
        window.button("Undo gone.pdf")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({"state": "running"}, "It is still running."),
        ({"done": 0, "skipped": 3}, "Nothing was changed, so there is nothing to take back."),
        ({}, "It was taken back already."),
    ],
)
async def test_what_cannot_be_undone_says_why(hub: FakeHub, state: dict[str, Any], words: str) -> None:
    """No dead button: words instead."""
    hub.on("GET", f"{API}/runs/r1", run(undoable=False, **state))
    hub.on("GET", f"{API}/runs/r1/problems", {"items": [], "total": 0})
    window, _ = await open_at(hub, "/history/r1")
    await window.until(lambda: window.shows(words))


async def test_a_run_that_is_not_there_says_so(hub: FakeHub) -> None:
    """An old link shows the hub's words, not an endless wait."""
    window, _ = await open_at(hub, "/runs/nothing")
    await window.until(lambda: window.shows("Words about not_found."))


# ---------------------------------------------------------------------- learned


LEARNED = {
    "id": "m1", "volume_id": "v1", "folder": "Bills/{year}", "files": 4, "refused": 0, "colour": "", "purpose": "",
    "signs": [{"sign": "paper:invoice", "files": 4, "total": 5, "last_at": "2026-03-04T10:00:00Z"}],
    "last_at": "2026-03-04T10:00:00Z",
}  # fmt: skip
MEMORY = {"files": 4, "folders": 1, "series": 0, "refusals": 0, "learning": True, "last_at": "2026-03-04T10:00:00Z"}


async def test_what_was_learned_is_forgotten_after_a_question_and_comes_back_on_refusal(hub: FakeHub) -> None:
    """The row leaves at once; refused, it is back."""
    hub.on("GET", f"{API}/destinations", page(LEARNED))
    hub.on("DELETE", f"{API}/destinations/m1", refusal(409, "busy"))
    window, _ = await open_at(hub, "/learned")
    await window.until(lambda: window.shows("Downloads › Bills › (year)"))
    assert window.shows("4 files went there")
    assert window.shows("Invoices")
    await ask(window, "Forget Downloads › Bills › (year)")
    assert hub.calls("DELETE", f"{API}/destinations/m1") == []
    await window.click("Forget")
    await window.until(lambda: window.shows("Words about busy."))
    assert window.shows("Downloads › Bills › (year)")


async def test_a_memory_that_is_empty_explains_how_homie_learns(hub: FakeHub) -> None:
    """The first look is no dead end."""
    window, _ = await open_at(hub, "/learned")
    await window.until(lambda: window.shows("Homie has learned nothing yet"))


# ---------------------------------------------------------------------- scan, settings, privacy


async def test_a_scan_sends_what_was_chosen_and_can_be_begun_again(hub: FakeHub) -> None:
    """Folder and switches arrive; a scan that failed says why and offers another."""
    hub.on("POST", f"{API}/plans", plan(state="failed", notice="The scan was stopped."))
    hub.on("GET", f"{API}/plans/p1", plan(state="failed", notice="The scan was stopped."))
    hub.on("GET", f"{API}/plans/p1/items", page())
    hub.on("GET", f"{API}/plans/p1/summary", {"confidence": []})
    hub.on("GET", "/api/v1/jobs/j1", job(state="cancelled"))
    window, _ = await open_at(hub, "/scan/v1")
    await window.until(lambda: window.shows("Homie only looks."))
    await window.click("Start the scan")
    await window.until(lambda: window.shows("The scan was stopped."))
    assert hub.bodies("POST", f"{API}/plans") == [{"path": "/home/Downloads", "deep": False, "use_ai": False}]
    window.button("Scan again")


async def test_settings_say_what_a_threshold_means_for_real_files(hub: FakeHub) -> None:
    """The example counts the newest plan's own suggestions."""
    bands = [{"at_least": 0.0, "items": 3, "undecided": 3}, {"at_least": 0.7, "items": 20, "undecided": 20}]
    total: dict[str, Any] = {}
    hub.on("GET", f"{API}/plans", page(plan()))
    summary = {"total": total, "groups": 0, "categories": [], "confidence": bands, "version": 1}
    hub.on("GET", f"{API}/plans/p1/summary", summary)
    window, _ = await open_at(hub, "/settings")
    await window.until(lambda: window.shows("Balanced"))
    await window.until(lambda: window.shows("In Downloads, Homie would suggest a place for 20 files and ask about 3."))


async def test_nothing_is_agreed_to_without_knowing_what_is_sent(hub: FakeHub) -> None:
    """The question names what leaves the house; only yes sends the agreement, and then the module's own switch."""
    hub.on("GET", f"{API}/ai", ai("not_opted_in"))
    hub.on("PUT", "/api/v1/ai/modules/file_organizer", {"module": "file_organizer", "enabled": True})
    hub.on("PATCH", f"{API}/settings", settings(ai_enabled=True))
    window, _ = await open_at(hub, "/settings")
    await window.until(lambda: window.shows("Nothing is sent before you agree."))
    await ask(window, "Let the AI help")
    assert window.shows("it sends to Google Gemini")
    assert hub.calls("PUT", "/api/v1/ai/modules/file_organizer") == []
    await window.click("I agree")
    await window.until(lambda: hub.bodies("PATCH", f"{API}/settings") == [{"ai_enabled": True}])
    assert hub.bodies("PUT", "/api/v1/ai/modules/file_organizer") == [{"enabled": True}]


async def test_the_preview_lists_files_and_folders_and_shows_the_exact_text(hub: FakeHub) -> None:
    """What would be sent is readable, and the bytes themselves are one press away."""
    data = {
        "facts": {},
        "choices": {"folders": [{"id": "c1", "label": "Bills"}]},
        "items": [{"id": "i1", "data": {"name": "scan 7.pdf", "kind": "document", "year": 2026}}],
    }
    text = json.dumps({"contents": [{"parts": [{"text": f"DATA-abc123\n{json.dumps(data)}\nDATA-abc123\nAnswer."}]}]})
    result = {"would_send": False, "reason": "AI is switched off.", "provider": "gemini", "model": "m", "body": text}
    result |= {"hidden": {"email": 2}, "estimated_input_tokens": 321}
    hub.on("POST", f"{API}/ai/preview", {"job_id": "j1", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j1", job(state="done", result=result))
    hub.on("GET", f"{API}/folders/content", page())
    window, _ = await open_at(hub, "/settings/preview")
    await window.until(lambda: window.shows("Opened folders"))
    await window.click("Downloads")
    await window.click("Choose Downloads")
    await window.until(lambda: window.shows("scan 7.pdf"))
    for said in ("This would be sent if you agreed", "Bills", "2 places were hidden", "kind: document · year: 2026"):
        assert window.shows(said), window.texts()
    await window.click("Show the exact text")
    assert window.shows('"contents"')
