"""What a worker does to itself as a process: steps back, takes limits, dies with its parent, proves that it lives."""

from __future__ import annotations

import ctypes
import fcntl
import os
import resource
import signal
from pathlib import Path

PR_SET_PDEATHSIG = 1
"""See prctl(2)."""
MIB = 1 << 20


class SlotTaken(Exception):
    """Another living process works in this slot."""


class SlotLock:
    """Hold `worker-<slot>.lock` for the life of the process: the kernel lets go of it whatever way the process ends.

    So whoever can take the lock knows that the slot's worker is dead, without trusting process numbers.
    """

    def __init__(self, run_dir: Path, slot: str) -> None:
        self.path = run_dir / f"worker-{slot}.lock"
        self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self) -> None:
        """Take the slot and write our process number into it; raise `SlotTaken`."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SlotTaken(str(self.path)) from None
        os.ftruncate(self._fd, 0)
        os.pwrite(self._fd, str(os.getpid()).encode(), 0)

    def holder(self) -> int | None:
        """Return the process number of the living holder, None if there is none."""
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = os.pread(self._fd, 20, 0)
            return int(text) if text.isdigit() else 0
        fcntl.flock(self._fd, fcntl.LOCK_UN)
        return None

    def close(self) -> None:
        """Let go of the slot."""
        os.close(self._fd)


def step_back(nice: int) -> None:
    """Lower our share of processor and disk, so that the web process stays quick."""
    if nice <= 0:
        return
    import psutil

    os.nice(nice)
    try:
        psutil.Process().ionice(psutil.IOPRIO_CLASS_BE, 7)
    except (psutil.Error, OSError):
        pass  # not every kernel or container has I/O priorities; processor priority is the larger part


def limit_memory(memory_mb: int) -> None:
    """Bound our address space (a runaway handler gets `MemoryError`, not the machine), and leave no core dumps."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if memory_mb > 0:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = memory_mb * MIB if hard == resource.RLIM_INFINITY else min(memory_mb * MIB, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def die_with_parent(parent: int) -> bool:
    """Have the kernel send us SIGTERM when our parent dies; return False if it is dead already."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    return os.getppid() == parent
