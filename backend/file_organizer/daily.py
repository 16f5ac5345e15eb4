"""Have done once a day what nobody asks for: so far, the trash that has served its time. For the web process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from backend.sdk.concurrency import Task, spawn

FIRST_AFTER_SECONDS = 120.0
EVERY_SECONDS = 3600.0


class Daily:
    """Ask `chores` every hour, and once soon after the start; each knows itself whether the day's work is done."""

    def __init__(self, chores: tuple[Callable[[], None], ...], log: Any) -> None:
        self._chores = chores
        self._log = log
        self._stop = threading.Event()
        self._task: Task | None = None

    def start(self) -> None:
        """Begin in the background."""
        if self._task is None:
            self._stop.clear()
            self._task = spawn(self._loop, name="homie-files-daily")

    def stop(self) -> None:
        """End; returns when it has ended."""
        self._stop.set()
        if self._task is not None:
            self._task.join(timeout=5)
            self._task = None

    def run(self) -> None:
        """Ask every chore now; one that fails hinders no other."""
        for chore in self._chores:
            try:
                chore()
            except Exception:
                self._log.exception("a daily chore failed")

    def _loop(self) -> None:
        wait = FIRST_AFTER_SECONDS
        while not self._stop.wait(wait):
            self.run()
            wait = EVERY_SECONDS
