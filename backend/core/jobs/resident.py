"""A resident process: runs what one module wants to run for as long as the hub does.

    python -m backend.core.jobs.resident --run-dir DIR --node NODE --slot resident-MODULE-0 --modules MODULE

Plain Python, never gevent; started, kept alive and stopped as a worker is (`worker.py`). One per data directory: a
second hub's resident waits until the first one's has ended.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence

from backend.core.jobs.process import SlotLock, SlotTaken, die_with_parent, limit_memory, step_back
from backend.core.jobs.worker import (
    EXIT_ORPHAN,
    EXIT_SLOT_TAKEN,
    StopFlag,
    done_importing,
    parser,
    start_importing,
)

WAIT_SECONDS = 1.0


def main(argv: Sequence[str] | None = None) -> int:
    """Be one resident process; return its exit code."""
    options = parser().parse_args(argv)
    log = start_importing().get_logger("homie.resident").bind(slot=options.slot)
    stop = StopFlag()
    signal.signal(signal.SIGTERM, stop.set)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.parent and not die_with_parent(options.parent):
        return EXIT_ORPHAN
    lock = SlotLock(options.run_dir, options.slot)
    try:
        lock.take()
    except SlotTaken:
        log.warning("another resident lives in this slot")
        return EXIT_SLOT_TAKEN
    step_back(options.nice)
    limit_memory(options.memory_mb)
    try:
        _reside(options, stop)
    finally:
        lock.close()
    return 0


def _reside(options: argparse.Namespace, stop: StopFlag) -> None:
    from backend.core.jobs.platform_host import open_host
    from backend.core.module_records import load_object

    host = open_host(options)
    try:
        module = host.module(options.modules)
        run: Callable[..., None] = load_object(module.ctx.spec.resident or "")
        done_importing()

        def stopping() -> bool:
            return stop() or bool(options.parent and os.getppid() != options.parent)

        fd = os.open(module.ctx.data_dir / "resident.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if _alone(fd, stopping):
                run(module.ctx, stopping)
        finally:
            os.close(fd)
    finally:
        host.close()


def _alone(fd: int, stopping: Callable[[], bool]) -> bool:
    """Wait until no other resident of this data directory lives; False when told to stop before."""
    waiter = threading.Event()
    while not stopping():
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        except BlockingIOError:
            waiter.wait(WAIT_SECONDS)
    return False


if __name__ == "__main__":
    sys.exit(main())
