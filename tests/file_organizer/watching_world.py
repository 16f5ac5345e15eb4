"""A hub with watched folders: real files, real inotify, jobs that run when told."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend.file_organizer.path_memory_manager import Lesson
from backend.file_organizer.watching.resident import Watcher
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub

LIVENESS = 60.0
"""Seconds after which something that must happen by itself counts as never happening; nothing is measured by it."""


class WatchedWorld:
    """What a test of watched folders needs for one person's folder."""

    def __init__(self, hub: Hub, actor: Actor, folder: Path) -> None:
        self.hub = hub
        self.actor = actor
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.client = hub.client(actor)

    def watch(self, **choices: Any) -> dict[str, Any]:
        """Begin to watch the folder; files count as settled at once unless the choices say otherwise."""
        asked = {"path": str(self.folder), "settle_seconds": 0} | choices
        answer = self.client.post("/watched", json=asked)
        assert answer.status_code == 201, answer.json
        made: dict[str, Any] = answer.json
        return made

    def write(self, name: str, content: str = "content") -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
        return path

    def tend(self) -> dict[str, Any]:
        """Look at the (only) watched folder now; return what the work said."""
        (one,) = self.shown()
        assert self.client.post(f"/watched/{one['id']}/look", json={}).status_code == 202
        result: dict[str, Any] = self.hub.jobs.run_all()[-1]
        return result

    def shown(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.client.get("/watched").json["items"]
        return items

    def items(self) -> dict[str, str]:
        """Return the names in the folder's plan with their states."""
        (one,) = self.shown()
        if one["plan_id"] is None:
            return {}
        rows = self.client.get(f"/plans/{one['plan_id']}/items?limit=200").json["items"]
        return {row["source"]["path"].rpartition("/")[2]: row["state"] for row in rows}

    def teach(self, word: str, folder: str, times: int = 20) -> None:
        """Let memory be sure that files with a word belong to a folder."""
        (volume,) = {one["volume_id"] for one in self.client.get("/folders").json["items"]}
        for number in range(times):  # one by one: many at once would not prove a habit
            lesson = Lesson(f"{word} {number}.txt", volume, folder, yes=1.0, taught=True)
            self.hub.organizer.memory.learn(self.actor, [lesson])


def until(watcher: Watcher, condition: Callable[[], bool]) -> None:
    """Let the watcher go round until something is true; fails when it never is."""
    ends = time.monotonic() + LIVENESS
    while not condition():
        assert time.monotonic() < ends, "it never happened"
        watcher.tick(0.05)


def settle(path: Path) -> None:
    """Wait until the kernel's clock for files has moved on past the last change of a file."""
    while time.time() <= os.lstat(path).st_ctime:
        pass
