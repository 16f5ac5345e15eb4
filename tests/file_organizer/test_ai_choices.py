"""The AI may only choose: what it says outside its choices, or what files make it say, changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from backend.file_organizer.ai_command_generator import Filing, Filings
from backend.file_organizer.organizer import Organizer
from backend.sdk.actor import Actor
from backend.sdk.ai import AiAnswer, AiPayload, AiPreview, AiSource, AiStatus
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_plans_api import items_of, make_plan


class ScriptedAi:
    """Answer as a test says, keeping what was asked."""

    def __init__(self, answer: Callable[[AiPayload], Filings] | None) -> None:
        self.answer = answer
        self.asked: list[AiPayload] = []

    def run(self, actor: Actor, task: Any, payload: AiPayload, local: Any, check: Any = None) -> AiAnswer[Any]:
        self.asked.append(payload)
        if self.answer is None:
            return AiAnswer(local(), AiSource.LOCAL, notice="Gemini did not answer; Homie decided by itself.")
        return AiAnswer(self.answer(payload), AiSource.GEMINI, model="test-model")

    def preview(self, actor: Actor, task: Any, payload: AiPayload) -> AiPreview:
        self.asked.append(payload)
        return AiPreview(True, "", "gemini", body="{}")

    def status(self, actor: Actor, module: str) -> AiStatus:
        return AiStatus(True, "ready", "", "gemini")


def ask(hub: Hub, ai: ScriptedAi) -> None:
    """Let the hub's module use this AI."""
    ctx = replace(hub.ctx, ai=ai)
    hub.ctx, hub.jobs.module, hub.app.ctx = ctx, ctx, ctx
    hub.app.organizer = Organizer(ctx)


def inbox_of(hub: Hub, tmp_path: Path) -> Path:
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "qzx-0815.bin", b"\x01\x02\x03" * 50)
    (inbox / "Documents" / "Allotment").mkdir(parents=True)
    return inbox


def choose(folder: str | None, confidence: float = 0.8) -> Callable[[AiPayload], Filings]:
    return lambda payload: Filings(
        filings=[
            Filing(file=item.id, folder=folder, confidence=confidence, reason="it is about the garden")
            for item in payload.items
        ]
    )


def planned(hub: Hub, alice: Actor, inbox: Path) -> dict[str, Any]:
    plan = make_plan(hub, alice, inbox, use_ai=True)
    (item,) = items_of(hub, alice, plan["id"])
    return item | {"notice": plan["notice"]}


def test_an_answer_within_the_choices_is_taken_and_named(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """The chosen existing folder becomes the suggestion; the AI is named; the rule stays as an alternative."""
    ask(hub, ScriptedAi(choose("Documents/Allotment")))
    hub.client(alice).patch("/settings", json={"ai_enabled": True})
    item = planned(hub, alice, inbox_of(hub, tmp_path))
    assert item["target"]["path"] == "Inbox/Documents/Allotment/qzx-0815.bin"
    assert (item["suggested_by"], item["state"]) == ("ai", "suggested")
    assert "test-model" in item["reason"]
    assert item["alternatives"]


def test_answers_outside_the_choices_change_nothing(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Paths, climbs, inventions and unsure answers leave the local suggestion."""
    hub.client(alice).patch("/settings", json={"ai_enabled": True})
    inbox = inbox_of(hub, tmp_path)
    for folder, confidence in (("/tmp", 1.0), ("../../etc", 1.0), ("Brand new", 1.0), (None, 1.0), ("Music", 0.0)):
        ask(hub, ScriptedAi(choose(folder, confidence)))
        item = planned(hub, alice, inbox)
        assert (item["suggested_by"], item["state"]) == ("rules", "asking"), folder


def test_nothing_is_asked_unless_the_owner_switched_it_on(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Off by default; `use_ai` alone does not switch it on."""
    ai = ScriptedAi(choose("Music"))
    ask(hub, ai)
    assert planned(hub, alice, inbox_of(hub, tmp_path))["suggested_by"] == "rules"
    assert ai.asked == []


def test_names_only_unless_content_is_allowed(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """The payload holds neither paths nor words of the document, until the owner allows words."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "zettel.txt", "geheime Worte aus dem Garten")
    for allowed in (False, True):
        ai = ScriptedAi(choose(None))
        ask(hub, ai)
        hub.client(alice).patch("/settings", json={"ai_enabled": True, "ai_send_content": allowed})
        make_plan(hub, alice, inbox, use_ai=True, threshold=0.9)
        sent = str([item.data for item in ai.asked[0].items])
        assert ("geheime" in sent) == allowed
        assert str(tmp_path) not in sent


def test_a_failing_ai_falls_back_and_says_so(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """The plan is made by the local engine and carries the notice."""
    ask(hub, ScriptedAi(None))
    hub.client(alice).patch("/settings", json={"ai_enabled": True})
    item = planned(hub, alice, inbox_of(hub, tmp_path))
    assert item["suggested_by"] == "rules"
    assert item["notice"] == "Gemini did not answer; Homie decided by itself."


def test_the_preview_shows_and_sends_nothing(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """`/ai/preview` prepares the exact body as a job's result; `run` is never called."""
    ai = ScriptedAi(choose("Music"))
    ask(hub, ai)
    hub.client(alice).patch("/settings", json={"ai_enabled": True})
    answer = hub.client(alice).post("/ai/preview", json={"path": str(inbox_of(hub, tmp_path))})
    assert answer.status_code == 202, answer.text
    (result,) = hub.jobs.run_all()
    assert result["would_send"] is True
    assert result["body"] == "{}"
    assert len(ai.asked) == 1
