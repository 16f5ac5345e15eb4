"""The watcher as a process: begun when a folder is watched, killed without warning, ended with the last folder."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.hub import Hub

PASSWORD = "correct horse staple"
LIVENESS = 90.0
PACE = 0.1


class Home:
    """Anna with one opened folder on a running hub."""

    def __init__(self, hub: Hub, folder: Path) -> None:
        self.hub = hub
        self.folder = folder
        folder.mkdir(parents=True)
        self.token = hub.set_up("anna", PASSWORD)
        space = self.want("GET", "/accounts/me")["person"]["private_space_id"]
        self.want("POST", "/accounts/roots", {"space_id": space, "path": str(folder), "label": "Home"})
        self.inbox = folder / "Inbox"
        self.inbox.mkdir()

    def want(self, method: str, path: str, body: Any = None) -> Any:
        answer = self.hub.request(method, "/api/v1" + path, body, token=self.token)
        assert answer.status < 300, (method, path, answer.status, answer.body)
        return answer.json

    def watched(self) -> dict[str, Any]:
        (one,) = self.want("GET", "/file_organizer/watched")["items"]
        found: dict[str, Any] = one
        return found

    def waiting(self) -> set[str]:
        """Return the names of the files in the plan that grows."""
        plan, names, cursor = self.watched()["plan_id"], set[str](), ""
        while plan is not None and cursor is not None:
            more = f"&cursor={cursor}" if cursor else ""
            page = self.want("GET", f"/file_organizer/plans/{plan}/items?limit=200{more}")
            names |= {row["source"]["path"].rpartition("/")[2] for row in page["items"]}
            cursor = page.get("next_cursor")
        return names

    def process(self, slot: str) -> int | None:
        """Return the number of the living process that holds a slot."""
        with suppress(OSError, ValueError):
            pid = int((self.hub.data_dir / "run" / f"worker-{slot}.lock").read_text())
            os.kill(pid, 0)
            return pid
        return None

    def resident(self) -> int | None:
        return self.process("resident-file_organizer-0")


def until(what: Callable[[], Any]) -> Any:
    ends = time.monotonic() + LIVENESS
    while not (found := what()):
        assert time.monotonic() < ends, "it never happened"
        time.sleep(PACE)
    return found


def test_watcher_and_workers_killed_while_files_arrive(tmp_path: Path) -> None:
    """kill -9 of the watcher and of a worker in the middle: every file that arrived waits in one plan, none twice, and
    the watcher lives again; the restart of the whole hub begins it again, the last folder's removal ends it."""
    names = [f"letter {number:03d}.txt" for number in range(60)]
    with Hub(tmp_path / "data", {"HOMIE_WORKERS": "1"}) as hub:
        home = Home(hub, tmp_path / "home")
        assert home.resident() is None
        added = {"path": str(home.inbox), "settle_seconds": 0}
        made = home.want("POST", "/file_organizer/watched", added)
        first = until(home.resident)
        until(lambda: home.watched()["state"] == "watching")
        for number, name in enumerate(names):
            (home.inbox / name).write_text(f"letter number {number}")
            if number == 20:
                os.kill(first, signal.SIGKILL)
            if number == 40 and (worker := home.process("0")) is not None:
                os.kill(worker, signal.SIGKILL)
        until(lambda: home.waiting() == set(names))
        assert home.watched()["waiting"] == len(names)
        assert until(home.resident) != first
        hub.stop()
        (home.inbox / "while it was off.txt").write_text("x")
        hub.start()
        until(lambda: "while it was off.txt" in home.waiting())
        home.want("DELETE", f"/file_organizer/watched/{made['id']}")
        until(lambda: home.resident() is None)
