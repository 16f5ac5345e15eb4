"""Keep the file index fresh: have the folders of each owner looked at every few hours, watched or not."""

from __future__ import annotations

import threading
from typing import Any

from sqlalchemy import select

from backend.file_organizer.jobs_index import IndexFilesArgs
from backend.file_organizer.memory.models import UserDrive
from backend.sdk.actor import Actor
from backend.sdk.concurrency import Task, spawn
from backend.sdk.module import ModuleContext

FIRST_AFTER = 600.0
"""Seconds after the start before the first look, so that a start is not slowed by it."""


class IndexKeeper:
    """Ask for a look every `hours`, from the server process; the looking is a worker's job."""

    def __init__(self, ctx: ModuleContext, hours: float) -> None:
        self._ctx = ctx
        self._seconds = hours * 3600
        self._stop = threading.Event()
        self._task: Task | None = None

    def start(self) -> None:
        """Begin; returns at once."""
        if self._task is None and self._seconds > 0:
            self._stop.clear()
            self._task = spawn(self._run, name="homie-index")

    def stop(self) -> None:
        """End; returns when it has ended."""
        self._stop.set()
        if self._task is not None:
            self._task.join(timeout=2)
            self._task = None

    def ask(self) -> int:
        """Ask for a look at the folders of every owner that has any; returns how many there are."""
        owners = self._ctx.db.unscoped("file index: which owners have drives", _owners)
        for owner_id in owners:
            self._ctx.jobs.enqueue(
                Actor.of(owner_id), "file_organizer.index_files", IndexFilesArgs(), dedupe=f"index-fast-{owner_id}"
            )
        return len(owners)

    def _run(self) -> None:
        wait = min(FIRST_AFTER, self._seconds)
        while not self._stop.wait(wait):
            wait = self._seconds
            try:
                self.ask()
            except Exception:
                self._ctx.log.exception("the file index could not be kept fresh; trying again later")


def _owners(session: Any) -> list[str]:
    return list(session.scalars(select(UserDrive.owner_id).distinct()))
