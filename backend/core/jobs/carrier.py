"""How workers hear that there is work: a carrier says so, the table stays the truth."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from backend.core.jobs.sockets import reachable

BELL_PREFIX = "bell-"


class JobCarrier(Protocol):
    """Tell workers about a job. May lose or repeat: whoever hears it looks into the table."""

    def carry(self, job_id: str, module: str, run_at: datetime) -> None:
        """Tell some worker that this job is due at `run_at`; never raises for a worker that is away."""
        ...


class Silence:
    """Tell nobody; workers find the job when they next look (once a second)."""

    def carry(self, job_id: str, module: str, run_at: datetime) -> None:
        """Do nothing."""


class Doorbell:
    """Ring the workers of this machine: one datagram to each `bell-*` socket in the run folder.

    Lossy on purpose: a full or absent socket means that the worker is busy or gone, and a worker that gets free looks
    into the table before it listens again. Nor does a shortage of files here raise: the job is stored by then.
    """

    def __init__(self, run_dir: Path) -> None:
        self._dir = run_dir

    def carry(self, job_id: str, module: str, run_at: datetime) -> None:
        """Wake the local workers; for later jobs too, so that none of them is asleep on an old plan."""
        self.ring()

    def ring(self) -> int:
        """Wake all local workers; return how many bells rang."""
        try:
            names = [name for name in os.listdir(self._dir) if name.startswith(BELL_PREFIX)]
        except OSError as problem:
            _log().debug("no bell was found", reason=type(problem).__name__)
            return 0
        return sum(self._ring_one(name) for name in names)

    def _ring_one(self, name: str) -> bool:
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell, reachable(self._dir, name) as address:
                bell.setblocking(False)
                bell.sendto(b"!", address)
        except OSError as problem:
            _log().debug("a bell did not ring", bell=name, reason=type(problem).__name__)
            return False
        return True


class Bell:
    """Be the worker's end of the doorbell: a socket named after its slot."""

    def __init__(self, run_dir: Path, slot: str) -> None:
        self._dir, self._name = run_dir, BELL_PREFIX + slot
        (run_dir / self._name).unlink(missing_ok=True)
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        with reachable(run_dir, self._name) as address:
            self._socket.bind(address)

    def wait(self, seconds: float) -> bool:
        """Sleep until somebody rings or `seconds` have passed; tell whether it rang. Swallows repeated rings."""
        self._socket.settimeout(seconds)
        try:
            self._socket.recv(16)
        except TimeoutError:
            return False
        self._socket.setblocking(False)
        try:
            while True:
                self._socket.recv(16)
        except BlockingIOError:
            return True

    def ring(self) -> None:
        """Wake our own worker; safe in a signal handler."""
        with (
            suppress(OSError),  # full means that it rings already
            socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as bell,
            reachable(self._dir, self._name) as address,
        ):
            bell.setblocking(False)
            bell.sendto(b"!", address)

    def close(self) -> None:
        """Take the bell down."""
        self._socket.close()
        (self._dir / self._name).unlink(missing_ok=True)


def _log() -> Any:
    """Return the log; a worker has imported this before it decides how structlog is imported (`lean_imports`)."""
    import structlog

    return structlog.get_logger("homie.jobs")
