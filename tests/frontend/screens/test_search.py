"""Search: the last keystroke wins, hits lead to their place, and what cannot be asked is said."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx

from frontend.screens.search import highlighted
from tests.frontend.screens.stage import V1, Stage, run


def found(query: str, *titles: str, left_out: list[Any] | None = None) -> dict[str, Any]:
    hits = [
        {
            "kind": "core.page",
            "module": "core",
            "title": title,
            "subtitle": "",
            "route": "/notifications" if at else "/more",
            "score": 1.0,
            "highlights": [{"start": 0, "end": len(query)}],
            "space_id": None,
        }
        for at, title in enumerate(titles)
    ]
    group = {"kind": "core.page", "module": "core", "text": "Pages", "template": "Pages", "hits": hits, "more": False}
    return {"query": query, "groups": [group] if hits else [], "searched": [], "left_out": left_out or []}


def test_results_come_while_typing_and_stale_answers_are_dropped() -> None:
    """An answer to earlier letters that comes late never overwrites the newer one."""

    async def scenario() -> None:
        stage = Stage()
        late = asyncio.Event()

        async def answer(request: httpx.Request) -> dict[str, Any]:
            words = request.url.params["q"]
            if words == "b":
                await late.wait()
            return found(words, f"hit for {words}")

        stage.hub.on("GET", f"{V1}/search", answer)
        window = await stage.open("/search")
        assert window.shows("Find it by name")
        first = asyncio.ensure_future(window.type("What are you looking for?", "b"))
        await window.until(lambda: stage.hub.calls("GET", f"{V1}/search"))
        await window.type("What are you looking for?", "ba")
        spans = lambda: [span.text for text in window.find("Text") for span in text.spans or []]  # noqa: E731
        await window.until(lambda: "hi" in "".join(spans()))
        late.set()
        await first
        assert "".join(spans()) == "hit for ba"

    run(scenario)


def test_keys_choose_a_hit_and_enter_opens_it() -> None:
    """Arrows move, Enter opens, and the words are remembered for this window only."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/search", lambda request: found(request.url.params["q"], "one", "two"))
        window = await stage.open("/search")
        await window.type("What are you looking for?", "o")
        await window.until(lambda: len(window.find("ListTile")) == 2)
        await stage.session.keys.press("Arrow Down")
        await window.settle()
        assert [one.bgcolor is not None for one in window.find("ListTile")] == [False, True]
        await stage.session.keys.press("Enter")
        await window.settle()
        await stage.session.search.search("")
        await window.go("/search")
        await window.until(lambda: window.shows("Looked for before") and window.shows("o"))

    run(scenario)


def test_nothing_found_says_what_to_try() -> None:
    """And a module that is just waking up is named."""

    async def scenario() -> None:
        stage = Stage()
        waking = [{"module": "file_organizer", "title": "File Organizer", "state": "starting", "why": "starting"}]
        stage.hub.on("GET", f"{V1}/search", found("zzz", left_out=waking))
        window = await stage.open("/search")
        await window.type("What are you looking for?", "zzz")
        await window.until(lambda: window.shows("Nothing is called “zzz”"))
        assert window.shows("waking up")

    run(scenario)


def test_an_error_is_said_and_can_be_tried_again() -> None:
    """Offline keeps the words that were typed."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/search", httpx.ConnectError("nobody"))
        window = await stage.open("/search")
        await window.type("What are you looking for?", "abc")
        await window.until(lambda: window.shows("No connection to Homie"))
        assert window.find("TextField")[0].value == "abc"

    run(scenario)


def test_highlights_lose_no_letter() -> None:
    """Whatever the spans are, the text stays whole."""
    for spans in ([(0, 3)], [(2, 5)], [(0, 2), (4, 7)], [(0, 4), (2, 6)]):
        shown: Any = highlighted("Invoice", spans)
        assert "".join(span.text for span in shown.spans) == "Invoice"
