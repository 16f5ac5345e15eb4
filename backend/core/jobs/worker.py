"""A worker process: takes one job after the other until it is told to stop.

    python -m backend.core.jobs.worker --run-dir DIR --node NODE --slot 0

Plain Python, never gevent. SIGTERM makes the running handler stop at its next checkpoint; its job goes back to the
queue without counting the attempt. SIGINT is ignored: Ctrl+C is the parent's business, which then sends SIGTERM.
"""

from __future__ import annotations

import argparse
import gc
import importlib
import os
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from backend.core.jobs.carrier import Bell
from backend.core.jobs.process import SlotLock, SlotTaken, die_with_parent, limit_memory, step_back
from backend.core.lean_imports import unseen

if TYPE_CHECKING:
    from backend.core.jobs.runner import JobHost

POLL_SECONDS = 1.0
"""An idle worker looks into the table this often, should a ring get lost."""
DEFAULT_HOST = "backend.core.jobs.platform_host:open_host"
EXIT_SLOT_TAKEN = 75
EXIT_ORPHAN = 76


class StopFlag:
    """Be set once, by a signal, and wake who sleeps."""

    def __init__(self) -> None:
        self._set = False
        self.wake: Callable[[], None] = lambda: None

    def __call__(self) -> bool:
        """Tell whether the stop was asked for."""
        return self._set

    def set(self, *_signal_and_frame: object) -> None:
        """Ask for the stop; also usable as a signal handler."""
        self._set = True
        self.wake()


class Worker:
    """Run jobs from the store of `host` until `stopping`; `orphaned` tells whether the parent is gone."""

    def __init__(
        self,
        host: JobHost,
        name: str,
        bell: Bell,
        *,
        stopping: Callable[[], bool],
        modules: Sequence[str] | None = None,
        orphaned: Callable[[], bool] = lambda: False,
    ) -> None:
        self._host = host
        self._bell = bell
        from backend.core.jobs.runner import JobRunner  # late: the process decides how it imports all this

        self._stopping: Callable[[], bool] = lambda: stopping() or orphaned()
        self._runner = JobRunner(host, name, stopping=self._stopping, modules=modules)
        self._reaped = float("-inf")

    def run(self) -> None:
        """Work until told to stop; a database that is away is waited for."""
        while not self._stopping():
            try:
                busy = self._runner.run_next()
                if not busy:
                    self._reap()
            except Exception:
                self._host.log.exception("the job table cannot be used; trying again")
                busy = False
            if not busy and not self._stopping():
                self._bell.wait(POLL_SECONDS)

    def _reap(self) -> None:
        """Now and then take back jobs of workers that vanished, also those of other machines."""
        now = self._host.clock.monotonic()
        if now - self._reaped >= self._host.store.lease_seconds / 2:
            self._reaped = now
            if count := self._host.store.requeue_expired():
                self._host.log.warning("took back jobs of lost workers", count=count)


def worker_name(node: str, slot: str) -> str:
    """Return the name that a worker writes on its jobs; `requeue_worker(node + "/")` finds all of one machine."""
    return f"{node}/{slot}"


def load_host(path: str) -> Callable[[argparse.Namespace], JobHost]:
    """Return the function `package.module:function` that opens the host."""
    module, _, name = path.partition(":")
    return cast("Callable[[argparse.Namespace], JobHost]", getattr(importlib.import_module(module), name))


def parser() -> argparse.ArgumentParser:
    """Return the parser of the worker's arguments; secrets never travel here, but in the environment."""
    parse = argparse.ArgumentParser(prog="homie-worker")
    parse.add_argument("--run-dir", type=Path, required=True)
    parse.add_argument("--node", required=True)
    parse.add_argument("--slot", required=True)
    parse.add_argument("--parent", type=int, default=0)
    parse.add_argument("--nice", type=int, default=10)
    parse.add_argument("--memory-mb", type=int, default=0)
    parse.add_argument("--modules", default="")
    parse.add_argument("--host", default=DEFAULT_HOST)
    return parse


def main(argv: Sequence[str] | None = None) -> int:
    """Be one worker process; return its exit code."""
    options = parser().parse_args(argv)
    log = start_importing().get_logger("homie.worker").bind(slot=options.slot)
    stop = StopFlag()
    signal.signal(signal.SIGTERM, stop.set)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.parent and not die_with_parent(options.parent):
        return EXIT_ORPHAN
    lock = SlotLock(options.run_dir, options.slot)
    try:
        lock.take()
    except SlotTaken:
        log.warning("another worker lives in this slot")
        return EXIT_SLOT_TAKEN
    step_back(options.nice)
    limit_memory(options.memory_mb)
    bell = Bell(options.run_dir, options.slot)
    stop.wake = bell.ring
    try:
        _work(options, stop, bell)
    finally:
        stop.wake = lambda: None
        bell.close()
        lock.close()
    return 0


def start_importing() -> Any:
    """Import structlog without rich, and look for no cycles among what is imported: it stays, see `done_importing`."""
    gc.disable()
    with unseen("rich"):
        import structlog

    return structlog


def done_importing() -> None:
    """Look for cycles again, but never among what the start made."""
    gc.freeze()
    gc.enable()


def _work(options: argparse.Namespace, stop: StopFlag, bell: Bell) -> None:
    host = load_host(options.host)(options)
    done_importing()
    try:
        Worker(
            host,
            worker_name(options.node, options.slot),
            bell,
            stopping=stop,
            modules=options.modules.split(",") if options.modules else None,
            orphaned=lambda: bool(options.parent) and os.getppid() != options.parent,
        ).run()
    finally:
        host.close()


if __name__ == "__main__":
    sys.exit(main())
