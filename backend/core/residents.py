"""Residents: one plain process per module that wants one, for as long as the hub runs (watching folders).

A module says in any process whether it wants its resident (`ModuleContext.want_resident`); that is kept as a file in
the module's folder, so that a hub which starts without anybody opening the module starts its resident all the same.
The process is kept alive as workers are: same supervisor, same lock, same end with the parent.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from backend.core.module_events import ResidentWanted
from backend.sdk.concurrency import spawn

if TYPE_CHECKING:
    from backend.core.jobs.supervisor import Supervisor
    from backend.core.platform import Platform

FLAG = "resident.wanted"
PROCESS = "backend.core.jobs.resident"
AGAIN_SECONDS = 10.0
"""After this long a resident that could not be started (the list of jobs is busy) is tried again."""

log = structlog.get_logger("homie.jobs")


def set_resident_wanted(folder: Path, wanted: bool) -> bool:
    """Keep whether the module with this folder wants its resident; returns whether that is a change."""
    flag = folder / FLAG
    before = flag.exists()
    if wanted and not before:
        flag.touch(mode=0o600)
    elif not wanted:
        flag.unlink(missing_ok=True)
    return before != wanted


class Residents:
    """Start and stop the residents of all modules, in the server process."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform
        self._running: dict[str, Supervisor] = {}
        self._lock = threading.Lock()
        self._started = False
        self._stopping = threading.Event()

    def start(self) -> None:
        """Start those that are wanted."""
        self._started = True
        for spec in self._platform.apps.specs():
            self.follow(spec.id)

    def stop(self) -> None:
        """Stop all; returns when none is left."""
        self._stopping.set()
        with self._lock:
            self._started = False
            running, self._running = list(self._running.values()), {}
        for supervisor in running:
            supervisor.stop()

    def hear(self, event: ResidentWanted) -> None:
        """Take in the event of this process."""
        self.follow(event.module_id)

    def follow(self, module_id: str) -> None:
        """Start or stop one, as its module wants; returns at once."""
        spawn(self._follow, module_id, name=f"resident-{module_id}")

    def pids(self) -> dict[str, int]:
        """Return module -> process number of the residents that live now."""
        return {name: pid for name, one in self._running.items() for pid in one.pids().values()}

    def _follow(self, module_id: str) -> None:
        while not self._brought_about(module_id):
            if self._stopping.wait(AGAIN_SECONDS):
                return

    def _brought_about(self, module_id: str) -> bool:
        """Start or stop one, as its module wants; tell whether that worked."""
        specs = {spec.id: spec for spec in self._platform.apps.specs()}
        chosen = self._platform.settings.modules
        spec = specs.get(module_id)
        folder = self._platform.settings.data_dir / "modules" / module_id
        wanted = spec is not None and spec.resident is not None and (folder / FLAG).exists()
        wanted = wanted and (chosen is None or module_id in chosen)
        with self._lock:
            known = self._running.get(module_id)
            if wanted and known is None and self._started:
                try:
                    made = self._platform.job_parts.supervisor(
                        count=1, module=PROCESS, group=f"resident-{module_id}-", modules=(module_id,)
                    )
                    made.start()
                except Exception:
                    log.exception("a resident could not be started; trying again", module=module_id)
                    return False
                self._running[module_id] = made
            elif not wanted and known is not None:
                del self._running[module_id]
        if not wanted and known is not None:
            known.stop()
        return True
