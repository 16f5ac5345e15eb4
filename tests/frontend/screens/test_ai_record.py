"""The record of what was sent, and the price of a model, on the screens."""

from __future__ import annotations

from typing import Any

import pytest

from tests.frontend.screens.stage import NOW, V1, Stage, run
from tests.frontend.wire import page, refusal

SENT: dict[str, Any] = {
    "id": "s1",
    "owner_id": "o1",
    "call_id": "c1",
    "module": "file_organizer",
    "task": "choose_folders",
    "subject": "plans/p1",
    "provider": "gemini",
    "model": "gemini-2.5-flash",
    "outcome": "answered",
    "requests": 1,
    "item_count": 12,
    "input_tokens": 1500,
    "output_tokens": 300,
    "cost_micro_usd": 20_000,
    "url": "https://example.com/v1beta/models/x:generateContent",
    "body": '{"contents": ["only this"]}',
    "sent_at": NOW,
}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, ["Answered", "0.02 US dollars", "1,800 tokens: 1,500 out of the house, 300 back", "About 12 files"]),
        ({"cost_micro_usd": None}, ["Cost unknown"]),
        ({"cost_micro_usd": 0, "outcome": "timeout"}, ["Free of charge", "No usable answer"]),
        ({"requests": 2}, ["2 requests, because some had to be repeated"]),
    ],
)
def test_a_sent_request_is_shown_with_all_that_is_known_of_it(more: dict[str, Any], said: list[str]) -> None:
    """Text, tokens, cost and the plan that it was for; what nobody knows is said to be unknown."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/ai/payloads", page({**SENT, **more}))
        stage.hub.on("GET", f"{V1}/ai/payloads/s1", {**SENT, **more})
        window = await stage.open("/settings/ai/sent/s1")
        await window.until(lambda: window.shows("To example.com"))
        assert window.shows('"only this"')
        for words in said:
            assert window.shows(words), window.texts()
        window.button("Open what it was for")

    run(scenario)


def test_the_list_says_to_whom_and_about_how_many_files() -> None:
    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/ai/payloads", page(SENT))
        window = await stage.open("/settings/ai/sent")
        await window.until(lambda: window.shows("to example.com · 12 files · 1,800 tokens"))

    run(scenario)


def test_a_request_that_is_gone_says_so() -> None:
    """Erased, or never one's own: the sentence of the hub, and a way to try again."""

    async def scenario() -> None:
        stage = Stage()
        gone = refusal(404, "ai_payload_missing")
        stage.hub.on("GET", f"{V1}/ai/payloads/s1", gone)
        window = await stage.open("/settings/ai/sent/s1")
        await window.until(lambda: window.shows("Words about ai_payload_missing."))

    run(scenario)


def test_another_request_that_cannot_be_read_says_so_too() -> None:
    """That the one before was read says nothing of it."""

    async def scenario() -> None:
        stage = Stage()
        stage.hub.on("GET", f"{V1}/ai/payloads/s1", SENT)
        stage.hub.on("GET", f"{V1}/ai/payloads/s2", lambda _: refusal(500, "internal"))
        window = await stage.open("/settings/ai/sent/s1")
        await window.until(lambda: window.shows("To example.com"))
        await window.go("/settings/ai/sent/s2")
        await window.until(lambda: window.shows("Try again"))

    run(scenario)
