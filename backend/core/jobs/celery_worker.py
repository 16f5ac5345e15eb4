"""A Celery worker process that runs our jobs: `homie worker --celery` starts some of these.

    python -m backend.core.jobs.celery_worker --run-dir DIR --node NODE --slot 0 --modules file_organizer

One process runs one job at a time (Celery's "solo" pool), so that a stop reaches the running handler at its next
checkpoint, as in our own workers, and a killed process takes one job with it at most.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from celery.signals import worker_shutting_down

from backend.core.jobs.celery_carrier import bind_worker, celery_app, queue_of
from backend.core.jobs.process import SlotLock, SlotTaken, die_with_parent, limit_memory, step_back
from backend.core.jobs.runner import JobHost, JobRunner
from backend.core.jobs.worker import (
    EXIT_ORPHAN,
    EXIT_SLOT_TAKEN,
    StopFlag,
    done_importing,
    load_host,
    parser,
    start_importing,
    worker_name,
)


def main(argv: Sequence[str] | None = None) -> int:
    """Be one Celery worker process; return its exit code."""
    options = parser().parse_args(argv)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if options.parent and not die_with_parent(options.parent):
        return EXIT_ORPHAN
    lock = SlotLock(options.run_dir, options.slot)
    try:
        lock.take()
    except SlotTaken:
        return EXIT_SLOT_TAKEN
    step_back(options.nice)
    limit_memory(options.memory_mb)
    start_importing()
    host = load_host(options.host)(options)
    done_importing()
    try:
        _consume(options, host)
    finally:
        host.close()
        lock.close()
    return 0


def _consume(options: argparse.Namespace, host: JobHost) -> None:
    stop = StopFlag()

    def heard(**_: object) -> None:
        stop.set()

    worker_shutting_down.connect(heard, weak=False)
    name = worker_name(options.node, options.slot)
    runner = JobRunner(host, name, stopping=stop)
    app = celery_app(os.environ["HOMIE_REDIS_URL"])
    bind_worker(app, lambda module: runner.run_next([module]))
    queues = ",".join(queue_of(module) for module in options.modules.split(","))
    try:
        app.worker_main(
            ["worker", "--pool", "solo", "--queues", queues, "--hostname", f"{name.replace('/', '-')}@homie",
             "--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING"]
        )  # fmt: skip
    except SystemExit:
        pass  # Celery's way to end


if __name__ == "__main__":
    sys.exit(main())
