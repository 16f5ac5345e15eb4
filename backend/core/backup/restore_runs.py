"""Restores that the server carries out beside its other work: begun by a request, looked at until they are done."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import structlog

from backend.core.backup.keyring import GivenKey
from backend.core.backup.restore import Restorer, RestoreReport
from backend.core.backup.service import Progress
from backend.core.backup.status import BackupHistory
from backend.sdk.clock import Clock
from backend.sdk.concurrency import Task, spawn
from backend.sdk.errors import HomieError, InternalError, NotFound
from backend.sdk.ids import NewId

KEPT = 50


@dataclass(frozen=True, slots=True)
class RestoreWish:
    """Say what is to be restored, and how."""

    set_id: str
    part: str
    given: GivenKey
    dry_run: bool = False
    safety_backup: bool = True
    directory: Path | None = None


@dataclass(slots=True)
class RestoreRun:
    """Show one restore: `state`, how far it is (0..1), and at its end the report or the error."""

    id: str
    wish: RestoreWish
    started_at: datetime
    state: Literal["running", "done", "failed"] = "running"
    fraction: float | None = None
    note: str = ""
    report: RestoreReport | None = None
    error: HomieError | None = None
    task: Task | None = None


class RestoreRuns:
    """Carry out restores in the background of this process and remember the latest ones."""

    def __init__(self, restorer: Restorer, history: BackupHistory | None, clock: Clock, new_id: NewId) -> None:
        self._restorer = restorer
        self._history = history
        self._clock = clock
        self._new_id = new_id
        self._lock = threading.Lock()
        self._runs: OrderedDict[str, RestoreRun] = OrderedDict()

    def begin(self, wish: RestoreWish) -> RestoreRun:
        """Start a restore and return at once."""
        run = RestoreRun(self._new_id(), wish, self._clock.now())
        with self._lock:
            self._runs[run.id] = run
            while len(self._runs) > KEPT:
                self._runs.popitem(last=False)
        run.task = spawn(self._work, run, name=f"restore-{wish.part}")
        return run

    def get(self, run_id: str) -> RestoreRun:
        """Return one restore; `NotFound` when this process does not know it."""
        run = self._runs.get(run_id)
        if run is None:
            raise NotFound("This restore is not known. After a restart of Homie look at the status instead.")
        return run

    def wait(self) -> None:
        """Wait for every restore that is under way (at the stop of the server)."""
        for run in list(self._runs.values()):
            if run.task is not None and run.state == "running":
                run.task.join()

    def _work(self, run: RestoreRun) -> None:
        wish = run.wish

        def progress(fraction: float | None, note: str) -> None:
            run.fraction, run.note = fraction, note

        try:
            if self._history is None or wish.dry_run:
                run.report = self._restore(wish, progress)
            else:
                with self._history.run(wish.part, "restore") as noted:
                    noted.set_id = wish.set_id
                    run.report = self._restore(wish, progress)
            run.state = "done"
        except HomieError as problem:
            run.error, run.state = problem, "failed"
        except Exception:
            structlog.get_logger("homie.backup").exception("a restore failed", set_id=wish.set_id)
            run.error, run.state = InternalError(), "failed"

    def _restore(self, wish: RestoreWish, progress: Progress) -> RestoreReport:
        return self._restorer.restore(
            wish.set_id,
            part_id=wish.part,
            given=wish.given,
            dry_run=wish.dry_run,
            safety_backup=wish.safety_backup,
            directory=wish.directory,
            progress=progress,
        )
