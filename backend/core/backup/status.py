"""Is everything backed up? One answer for people, the health page and the app: last result, next run, what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core.backup.errors import BackupBusy
from backend.core.backup.manifest import BackupEntry
from backend.core.backup.models import BackupRun
from backend.core.backup.retention import Check
from backend.core.backup.service import BackupService
from backend.core.backup.settings import next_run
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.errors import HomieError
from backend.sdk.ids import NewId
from backend.sdk.jobs import JobCancelled, JobInterrupted, JobRetryLater
from backend.sdk.module import Health

OVERDUE = timedelta(hours=36)
KEEP_RUNS = timedelta(days=400)
_NOT_YET = (BackupBusy, JobCancelled, JobInterrupted, JobRetryLater)


@dataclass(frozen=True, slots=True)
class RunView:
    """Show one run; `code` and `message` are empty when it went well."""

    part: str
    action: str
    set_id: str | None
    ok: bool
    code: str
    message: str
    started_at: datetime
    finished_at: datetime


@dataclass(slots=True)
class Run:
    """Be filled by the work of a run: which backup it was about, or why it did not go well without an exception."""

    set_id: str | None = None
    ok: bool = True
    message: str = ""


class BackupHistory:
    """Remember runs. A history that cannot be written never stops a backup."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    @contextmanager
    def run(self, part: str, action: str) -> Iterator[Run]:
        """Write down the run of the block: its end, or the error that it raised."""
        run, started, code = Run(), self._clock.now(), ""
        try:
            yield run
        except _NOT_YET:
            raise  # it will run again, or somebody stopped it: no result to remember
        except Exception as problem:
            run.ok = False
            code = problem.code if isinstance(problem, HomieError) else "internal_error"
            run.message = problem.message if isinstance(problem, HomieError) else HomieError.message
            self._store(part, action, run, code, started)
            raise
        self._store(part, action, run, code, started)

    def latest(self, part: str | None = None, limit: int = 50) -> list[RunView]:
        """Return the newest runs first."""
        return self._db.unscoped("backup history", _latest, part, limit)

    def _store(self, part: str, action: str, run: Run, code: str, started: datetime) -> None:
        now = self._clock.now()
        row = {
            "id": self._new_id(),
            "part": part,
            "action": action,
            "set_id": run.set_id,
            "ok": run.ok,
            "code": code,
            "message": run.message,
            "started_at": started,
            "finished_at": now,
        }
        try:
            self._db.unscoped("backup history", _insert, row, now - KEEP_RUNS, write=True)
        except Exception:
            structlog.get_logger("homie.backup").exception("the backup history cannot be written")


@dataclass(slots=True)
class PartStatus:
    """Say how one part stands."""

    part: str
    backups: int = 0
    last_backup: datetime | None = None
    last_verified: datetime | None = None
    last_run: RunView | None = None
    overdue: bool = False
    problems: list[str] = field(default_factory=list)


@dataclass(slots=True)
class BackupStatus:
    """Say how everything stands; `problems` are sentences with a remedy."""

    directory: str
    reachable: bool
    free_bytes: int | None
    next_run: datetime | None
    encrypted: bool
    parts: list[PartStatus] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def backup_status(service: BackupService, history: BackupHistory | None, since: datetime | None = None) -> BackupStatus:
    """Return how the backups stand now. `since`: when this installation began."""
    settings, folder, now = service.settings(), service.folder(), service.clock.now()
    reachable = folder.exists()
    status = BackupStatus(
        str(settings.directory),
        reachable,
        folder.free_bytes() if reachable else None,
        next_run(settings, now),
        settings.encrypt,
    )
    entries = service.entries() if reachable else []
    for part_id in service.parts.ids():
        found = [e for e in entries if e.manifest.part == part_id]
        last = next(iter(history.latest(part_id, 1)), None) if history else None
        part = _part_status(part_id, found, last)
        part.overdue = settings.schedule and _overdue(part, now, since)
        if part.overdue:
            part.problems.append(
                f"{part_id} has no verified backup of the last {int(OVERDUE.total_seconds() // 3600)} hours. "
                "Run `homie backup --all` and look at its message."
            )
        status.parts.append(part)
        status.problems += part.problems
    if not reachable and (entries or service.is_known_target()):
        status.problems.append(f"The backup folder {settings.directory} is not there. Plug its drive in.")
    status.problems += [f"The backup {name} cannot be read." for name in (folder.unreadable() if reachable else [])]
    if reachable and folder.path.stat().st_dev == service.data_dir.stat().st_dev:
        status.hints.append("The backups are on the same drive as the data: a dead drive takes both. Choose another.")
    return status


def backup_health(status: Callable[[], BackupStatus]) -> Health:
    """Return the status as health."""
    found = status()
    return Health(ok=not found.problems, problems=tuple(found.problems), facts={"directory": found.directory})


def _part_status(part_id: str, entries: list[BackupEntry], last_run: RunView | None) -> PartStatus:
    part = PartStatus(part_id, len(entries), last_run=last_run)
    if entries:
        part.last_backup = entries[0].manifest.created_at
        good = [e for e in entries if e.state.check is Check.VERIFIED]
        part.last_verified = good[0].manifest.created_at if good else None
        if entries[0].state.check is Check.DAMAGED:
            part.problems.append(f"The newest backup of {part_id} is damaged. Check the drive, then back up again.")
        for entry in entries:
            if entry.on_hold:
                tables = "; ".join(entry.manifest.drift)
                part.problems.append(
                    f"{part_id} shrank sharply ({tables}). Nothing is pruned until you accept it: "
                    f"`homie backup accept {entry.set_id}`."
                )
    if last_run is not None and not last_run.ok:
        part.problems.append(f"The last {last_run.action} of {part_id} failed: {last_run.message}")
    return part


def _overdue(part: PartStatus, now: datetime, since: datetime | None) -> bool:
    reference = part.last_verified or since
    return reference is not None and now - reference > OVERDUE


def _insert(session: Session, row: dict[str, object], before: datetime) -> None:
    session.add(BackupRun(**row))
    session.execute(delete(BackupRun).where(BackupRun.finished_at < before))


def _latest(session: Session, part: str | None, limit: int) -> list[RunView]:
    query = select(BackupRun).order_by(BackupRun.finished_at.desc(), BackupRun.id.desc()).limit(limit)
    if part is not None:
        query = query.where(BackupRun.part == part)
    rows = session.scalars(query)
    return [RunView(r.part, r.action, r.set_id, r.ok, r.code, r.message, r.started_at, r.finished_at) for r in rows]
