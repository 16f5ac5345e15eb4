"""Modules for tests of Home and search: one that talks, one that fails, one that is slow."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from backend.sdk.actor import Actor
from backend.sdk.db import ModuleBase
from backend.sdk.finding import SearchHit, SearchKind, match, words_of
from backend.sdk.http import Api
from backend.sdk.module import ModuleApp, ModuleSpec
from backend.sdk.overview import AttentionItem, Figure, ModuleSummary

HERE = "tests.core.home.talking_modules"


class TalkingBase(ModuleBase, module="talking"):
    """Be the base of no table."""


class QuietApp(ModuleApp):
    def setup(self) -> None: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def wsgi_app(self) -> Any:
        return Api(self.ctx.spec.id, self.ctx.spec.title, "1").wsgi


class TalkingApp(QuietApp):
    def attention(self, actor: Actor) -> Sequence[AttentionItem]:
        since = datetime(2026, 1, 2, tzinfo=UTC)
        return [
            AttentionItem("talking.letters", "Letters: {count}", "/talking", {"count": 3}, 3, since=since),
            AttentionItem("talking.fire", "Fire in the {room}", "/talking/fire", {"room": "attic"}, severity="error"),
        ]

    def summary(self, actor: Actor) -> ModuleSummary:
        return ModuleSummary("Hello {name}", {"name": actor.user_id[:4]}, (Figure("letters", "Letters", 3),))

    def search(self, actor: Actor, query: str, limit: int) -> Sequence[SearchHit]:
        hits = []
        for name in ("Letter one", "Letter two", "Bill"):
            if fits := match(name, words_of(query)):
                hits.append(SearchHit("talking.letter", name, "/talking/1", score=fits[0], highlights=fits[1]))
        return hits[:limit]


class FailingApp(QuietApp):
    def attention(self, actor: Actor) -> Sequence[AttentionItem]:
        raise RuntimeError("secret: /home/anna/tax.pdf")

    def search(self, actor: Actor, query: str, limit: int) -> Sequence[SearchHit]:
        raise RuntimeError("secret: /home/anna/tax.pdf")


class SlowApp(QuietApp):
    released = threading.Event()

    def attention(self, actor: Actor) -> Sequence[AttentionItem]:
        self.released.wait(60)
        return ()

    def search(self, actor: Actor, query: str, limit: int) -> Sequence[SearchHit]:
        self.released.wait(60)
        return ()


class BrokenApp(QuietApp):
    def setup(self) -> None:
        raise RuntimeError("secret: /home/anna/tax.pdf")


def _spec(module_id: str, app: str, **more: Any) -> ModuleSpec:
    return ModuleSpec(
        id=module_id, title=module_id.title(), version="1", app=f"{HERE}:{app}", models=f"{HERE}:TalkingBase", **more
    )


TALKING = _spec(
    "talking",
    "TalkingApp",
    finds=(SearchKind("talking.letter", "Letters"),),
    home_events=("talking.letter_came",),
)
FAILING = _spec("failing", "FailingApp", finds=(SearchKind("failing.thing", "Things"),))
SLOW = _spec("slow", "SlowApp")
BROKEN = _spec("broken", "BrokenApp")
