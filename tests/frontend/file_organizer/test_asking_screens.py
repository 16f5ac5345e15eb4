"""Asking the AI, on the screens: what it would cost, folders that are closed, why, and another idea after a no."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.frontend.file_organizer.manage_desk import API, ai, household, job, open_at, settings
from tests.frontend.file_organizer.review_answers import PLAN, V1, item, lay_out
from tests.frontend.screens.stage import Stage, run
from tests.frontend.wire import FakeHub, page, refusal

ROUTE = "/file_organizer/plans/p1"
RULE = {
    "id": "r1",
    "place": {"volume_id": "v1", "path": "Private"},
    "path": "/home/Downloads/Private",
    "rule": "nothing",
    "created_at": "2026-03-04T10:00:00Z",
}


def forecast(**more: Any) -> dict[str, Any]:
    known = {"would_send": True, "reason": "Gemini is asked.", "provider": "gemini", "model": "m", "items": 12}
    figures = {"known_items": 0, "calls": 1, "input_tokens": 1500, "output_tokens": 500, "most_output_tokens": 4000}
    money = {"cost_micro_usd": 20_000, "most_cost_micro_usd": 40_000, "price_per_million": [1, 2]}
    left = {"budget_left_micro_usd": None, "looked_at": 30, "unsure": 12, "private": 0, "speaking": 0}
    return {**known, **figures, **money, **left, "complete": True, **more}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    made = household(FakeHub())
    made.on("GET", f"{API}/ai", ai("ready", enabled_here=True, text="Gemini is asked."))
    made.on("GET", f"{API}/settings", settings(ai_enabled=True))
    return made


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ["12 unclear files · 1 question", "About 2,000 tokens", "About 0.02 US dollars, at most 0.04 US dollars"]),
        ({"cost_micro_usd": None, "most_cost_micro_usd": None}, ["The cost is unknown"]),
        ({"cost_micro_usd": 0, "most_cost_micro_usd": 0}, ["It costs nothing"]),
        ({"budget_left_micro_usd": 10}, ["more than is left of this month's budget"]),
        ({"calls": 0, "known_items": 12, "would_send": False}, ["has answered about all unclear files before"]),
        ({"private": 2, "speaking": 1}, ["2 files lie in closed folders", "looks like an order to a machine"]),
    ],
)
async def test_the_estimate_is_shown_before_a_scan_with_ai(hub: FakeHub, more: dict[str, Any], said: list[str]) -> None:
    """Only with the AI switched on for this scan; the folder and its options arrive; unknown is called unknown."""
    hub.on("POST", f"{API}/ai/estimate", {"job_id": "j1", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j1", job(state="done", result=forecast(**more)))
    window, _ = await open_at(hub, "/scan/v1")
    await window.until(lambda: window.shows("Ask the AI about unclear files"))
    assert not window.shows("Before the AI is asked")
    switch = window.find("Switch")[1]
    window.session.apply_patch(switch._i, {"value": True})
    await window.fire(switch, "change", True)
    await window.until(lambda: window.shows("Before the AI is asked"))
    await window.click("What would it cost?")
    for words in said:
        await window.until(lambda words=words: window.shows(words))
    assert hub.bodies("POST", f"{API}/ai/estimate") == [
        {"path": "/home/Downloads", "into": None, "deep": False, "threshold": None, "use_ai": True}
    ]


@pytest.mark.anyio
async def test_an_estimate_that_goes_on_can_be_stopped(hub: FakeHub) -> None:
    """It counts the files that it has seen; Stop cancels the work."""
    hub.on("POST", f"{API}/ai/estimate", {"job_id": "j1", "state": "queued"})
    hub.on("GET", "/api/v1/jobs/j1", job(counts={"files": 7}))
    hub.on("POST", "/api/v1/jobs/j1/cancel", job(state="cancelling"))
    window, _ = await open_at(hub, "/scan/v1")
    await window.until(lambda: window.shows("Ask the AI about unclear files"))
    switch = window.find("Switch")[1]
    window.session.apply_patch(switch._i, {"value": True})
    await window.fire(switch, "change", True)
    await window.until(lambda: window.shows("What would it cost?"))
    await window.click("What would it cost?")
    await window.until(lambda: window.shows("7 files seen"))
    await window.click("Stop")
    await window.until(lambda: len(hub.calls("POST", "/api/v1/jobs/j1/cancel")) == 1)


@pytest.mark.anyio
async def test_a_folder_is_closed_to_the_ai_and_opened_again(hub: FakeHub) -> None:
    """Empty it says what a rule is for; adding sends the folder; the rule can be changed and removed."""
    hub.on("PUT", f"{API}/ai/folders", RULE)
    hub.on("DELETE", f"{API}/ai/folders/r1", httpx.Response(204))
    hub.on("GET", f"{API}/folders/content", page())
    window, _ = await open_at(hub, "/settings/ai-folders")
    await window.until(lambda: window.shows("No folder has a rule of its own"))
    await window.click("Add a folder")
    await window.until(lambda: window.shows("Opened folders"))
    await window.click("Downloads")
    await window.until(lambda: window.shows("Choose"))
    hub.on("GET", f"{API}/ai/folders", page(RULE))
    await window.click("Choose Downloads")
    await window.until(lambda: window.shows("/home/Downloads/Private"))
    assert hub.bodies("PUT", f"{API}/ai/folders") == [{"path": "/home/Downloads", "rule": "nothing"}]
    menu = window.find("Dropdown")[0]
    window.session.apply_patch(menu._i, {"value": "names"})
    await window.fire(menu, "select", "names")
    await window.until(lambda: len(hub.calls("PUT", f"{API}/ai/folders")) == 2)
    assert hub.bodies("PUT", f"{API}/ai/folders")[1] == {"path": "/home/Downloads/Private", "rule": "names"}
    hub.on("GET", f"{API}/ai/folders", page())
    await window.click("Remove the rule of Private")
    await window.until(lambda: window.shows("No folder has a rule of its own"))


@pytest.mark.anyio
async def test_a_rule_that_is_refused_is_said(hub: FakeHub) -> None:
    """The list that cannot be read says what to do."""
    hub.on("GET", f"{API}/ai/folders", refusal(500, "internal"))
    window, _ = await open_at(hub, "/settings/ai-folders")
    await window.until(lambda: window.find("FilledButton") or window.find("FilledTonalButton"))
    assert not window.shows("No folder has a rule of its own")


def test_why_shows_the_ais_words_apart_from_homies_own() -> None:
    """One press asks; the sentence names who said it; the evidence stands below, in the person's language."""

    async def scenario() -> None:
        on = Stage(width=412, language="de")
        lay_out(on.hub, item("a"))
        found = {"item_id": "a", "by": "ai", "model": "llama", "sentence": "Es ist Musik.", "notice": ""}
        found["points"] = ["The year 2023 is in its name."]
        on.hub.on("POST", f"{PLAN}/items/a/why", {"job_id": "j1", "state": "queued"})
        on.hub.on("GET", "/api/v1/jobs/j1", job(state="done", result=found))
        window = await on.open(f"{ROUTE}/items/a")
        await window.until(lambda: window.shows("Mehr dazu"))
        await window.click("Mehr dazu a.mp3")
        await window.until(lambda: window.shows("Es ist Musik."))
        assert window.shows("Das sagt die KI (llama)")
        assert window.shows("Das Jahr 2023 steht im Namen.")
        assert on.hub.bodies("POST", f"{PLAN}/items/a/why") == [{"language": "de"}]

    run(scenario)


def test_a_rejected_suggestion_offers_another_idea() -> None:
    """The item is sent; what the hub then suggests is shown; without an idea that is said."""

    async def scenario() -> None:
        on = Stage(width=412)
        lay_out(on.hub, item("a", "rejected"))
        on.hub.on("POST", f"{PLAN}/other-ideas", {"job_id": "j1", "state": "queued"})
        result = {"found": ["a"], "none": [], "by_ai": 1, "notice": ""}
        on.hub.on("GET", "/api/v1/jobs/j1", job(state="done", result=result))
        window = await on.open(f"{ROUTE}/items/a")
        await window.until(lambda: window.shows("Another idea"))
        lay_out(on.hub, item("a", folder="Films"))
        await window.click("Another idea a.mp3")
        await window.until(lambda: window.shows("/home/anna/Films"))
        assert on.hub.bodies("POST", f"{PLAN}/other-ideas") == [{"item_ids": ["a"]}]

    run(scenario)


def test_all_rejected_files_get_other_ideas_at_once() -> None:
    """One request names all that are listed as rejected."""

    async def scenario() -> None:
        on = Stage(width=1280)
        rejected = [item("a", "rejected"), item("b", "rejected")]
        lay_out(on.hub, *rejected)
        on.hub.on("POST", f"{PLAN}/other-ideas", {"job_id": "j1", "state": "queued"})
        result = {"found": ["a"], "none": ["b"], "by_ai": 0, "notice": ""}
        on.hub.on("GET", f"{V1.rpartition('/')[0]}/jobs/j1", job(state="done", result=result))
        window = await on.open(ROUTE)
        await window.until(lambda: window.find("Chip"))
        chip = next(one for one in window.find("Chip") if "Rejected" in str(getattr(one.label, "value", "")))
        await window.fire(chip, "select", True)
        await window.until(lambda: window.shows("Other ideas for 2 files"))
        await window.click("Other ideas for 2 files")
        await window.until(lambda: on.hub.bodies("POST", f"{PLAN}/other-ideas") == [{"item_ids": ["a", "b"]}])

    run(scenario)


@pytest.mark.anyio
async def test_the_preview_of_the_folder_that_is_about_to_be_scanned_needs_no_second_choice(hub: FakeHub) -> None:
    """From the scan one comes with the path, and its request is prepared at once."""
    hub.on("POST", f"{API}/ai/preview", {"job_id": "j1", "state": "queued"})
    result = {"body": None, "reason": "There is nothing to ask about."}
    hub.on("GET", "/api/v1/jobs/j1", job(state="done", result=result))
    window, _ = await open_at(hub, "/settings/preview?path=%2Fhome%2FDownloads")
    await window.until(lambda: window.shows("Nothing would leave the house"))
    assert hub.bodies("POST", f"{API}/ai/preview") == [{"path": "/home/Downloads", "use_ai": True}]
