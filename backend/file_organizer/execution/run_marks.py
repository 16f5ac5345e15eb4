"""Know beside the database which runs are under way and how far their journal is.

A database that was replaced by an older one, lost its log, or was deleted cannot tell what it no longer knows. One
small file for each run in the module's own folder can: run, owner, and the number of the last journaled step,
rewritten after each commit and removed at the run's end. Home and `homie fsck` compare it with the journal.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import sqlalchemy as sa

from backend.file_organizer.execution.journal_models import FileAction, Run
from backend.sdk.db import OwnedSession

_NAME = re.compile(r"[0-9a-f-]{36}\.json")


@dataclass(frozen=True, slots=True)
class RunMark:
    """A run that was under way: `steps` is the number of its last journaled step, `at` the time of the last word."""

    run_id: str
    owner_id: str
    steps: int
    at: datetime


class RunMarks:
    """Keep the marks in a folder; without one, keep nothing (single commands and tests of parts)."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder

    def note(self, run_id: str, owner_id: str, steps: int) -> None:
        """Write how far a run is. Not made durable: a power cut that takes this away takes no journal with it."""
        if self._folder is None:
            return
        body = json.dumps({"owner_id": owner_id, "steps": steps}).encode()
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            fd = os.open(self._folder / f"{run_id}.json", os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o600)
            try:
                os.pwrite(fd, body, 0)
                os.ftruncate(fd, len(body))
            finally:
                os.close(fd)
        except OSError:
            pass  # a help for the worst day must not stop the work of this one

    def end(self, run_id: str, steps: int) -> None:
        """Forget a run that came to its end, unless the journal (which ends at `steps`) lost some of it."""
        if self._folder is None:
            return
        file = self._folder / f"{run_id}.json"
        mark = _read(file)
        if mark is not None and mark.steps <= steps:
            file.unlink(missing_ok=True)

    def read(self) -> list[RunMark]:
        """Return the marks that are there."""
        files = sorted(self._folder.glob("*.json")) if self._folder is not None else []
        return [mark for mark in map(_read, files) if mark is not None]

    def lost(self, session: OwnedSession) -> list[RunMark]:
        """Return the runs in the spaces that the session sees of which the journal does not hold every step."""
        marks = [mark for mark in self.read() if mark.owner_id in session.actor.owners]
        if not marks:
            return []
        query = (
            sa.select(Run.id, sa.func.max(FileAction.seq))
            .outerjoin(FileAction, sa.and_(FileAction.owner_id == Run.owner_id, FileAction.run_id == Run.id))
            .where(Run.id.in_([mark.run_id for mark in marks]))
            .group_by(Run.id)
        )
        known = {row[0]: int(row[1] or 0) for row in session.execute(query)}
        return [mark for mark in marks if known.get(mark.run_id, 0) < mark.steps]


def _read(file: Path) -> RunMark | None:
    try:
        if not _NAME.fullmatch(file.name):
            return None
        body = json.loads(file.read_text())
        at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        return RunMark(file.stem, str(body["owner_id"]), int(body["steps"]), at)
    except (OSError, ValueError, KeyError, TypeError):
        return None
