"""The File Organizer with the real AI service, which asks a local server in the wire format of such servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from backend.core.ai.settings import AiConfig
from backend.file_organizer.organizer import Organizer
from backend.sdk.actor import Actor
from tests.core.ai.conftest import Hub as CoreHub
from tests.core.ai.wire_servers import OpenAiWireServer, data_in, serving
from tests.file_organizer.conftest import Hub
from tests.file_organizer.test_plans_api import items_of, make_plan

MODEL = "llama3.2:3b"
Answer = Callable[[dict[str, Any]], Any]


@dataclass
class AskingHub:
    """A hub whose owner agreed to AI; `server` keeps each request as it arrived."""

    hub: Hub
    core: CoreHub
    server: OpenAiWireServer
    actor: Actor

    def settings(self, **changes: Any) -> None:
        answer = self.hub.client(self.actor).patch("/settings", json=changes)
        assert answer.status_code == 200, answer.text

    def plan(self, inbox: Path, **options: Any) -> dict[str, Any]:
        return make_plan(self.hub, self.actor, inbox, use_ai=True, **options)

    def items(self, plan: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """The plan's items by name."""
        rows = items_of(self.hub, self.actor, plan["id"])
        return {row["source"]["path"].rpartition("/")[2]: row for row in rows}

    def sent(self) -> list[dict[str, Any]]:
        """The fenced documents of the questions so far."""
        return [data_in(next(m["content"] for m in q.json["messages"] if m["role"] == "user")) for q in self.asked()]

    def asked(self) -> list[Any]:
        return self.server.questions

    def job(self, path: str, body: dict[str, Any]) -> Any:
        """Start work by the API and return its result."""
        answer = self.hub.client(self.actor).post(path, json=body)
        assert answer.status_code == 202, answer.text
        (result,) = self.hub.jobs.run_all()
        return result


@contextmanager
def asking(hub: Hub, actor: Actor, folder: Path, answer: Answer, **chosen: Any) -> Iterator[AskingHub]:
    """Let the module of `hub` ask a server that answers by `answer`; the household chose it, the owner agreed."""
    with serving(OpenAiWireServer(answer)) as server:
        assert isinstance(server, OpenAiWireServer)
        server.known_models, server.key = [MODEL], ""
        folder.mkdir(exist_ok=True)
        core = CoreHub(folder, AiConfig(attempts=1))
        core.choose(**{"provider": "openai", "base_url": server.url, "model": MODEL} | chosen)
        core.agree(actor)
        ctx = replace(hub.ctx, ai=core.ai)
        hub.ctx, hub.jobs.module, hub.app.ctx = ctx, ctx, ctx
        hub.app.organizer = Organizer(ctx)
        world = AskingHub(hub, core, server, actor)
        world.settings(ai_enabled=True)
        try:
            yield world
        finally:
            core.close()


def into(label: str, confidence: float = 0.8, reason: str = "it is about the garden") -> Answer:
    """Answer each item with the folder of that name."""

    def answer(data: dict[str, Any]) -> dict[str, Any]:
        folder = next((c["id"] for c in data["choices"]["folders"] if c["label"] == label), None)
        filings = [
            {"file": item["id"], "folder": folder, "confidence": confidence, "reason": reason} for item in data["items"]
        ]
        return {"filings": filings}

    return answer
