"""`homie worker`: run job workers without a server, also on another machine."""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING

import click

from backend.cli.output import json_option, print_json

if TYPE_CHECKING:
    from backend.core.jobs.supervisor import Supervisor
    from backend.core.settings import HomieSettings


@click.command()
@click.option("--count", "-n", type=click.IntRange(1, 64), help="Number of workers (HOMIE_WORKERS).")
@click.option("--celery", is_flag=True, help="Take job ids from Celery's Redis (HOMIE_REDIS_URL).")
@click.option("--modules", help="Take only jobs of these modules, separated by commas (HOMIE_MODULES).")
@click.option("--once", is_flag=True, help="Run what is due now in this process, then end.")
@json_option
def worker(count: int | None, celery: bool, modules: str | None, once: bool, as_json: bool) -> None:
    """Run job workers, also on another machine.

    Another machine needs HOMIE_DB__... of the server (PostgreSQL) for every database that its jobs use, and
    HOMIE_REDIS_URL, so that progress reaches the people who wait. Ctrl+C stops after the next checkpoint of each
    running job; the job goes on elsewhere.
    """
    from backend.core.logs import configure_logs
    from backend.core.settings import load_settings

    if modules:
        os.environ["HOMIE_MODULES"] = modules  # the worker processes read the same setting
    settings = load_settings()
    configure_logs(settings)
    if once:
        done = _run_due(settings)
        if as_json:
            print_json({"jobs": done})
        else:
            click.echo(f"{done} jobs done.")
        return
    restarts = _serve(settings, count or max(1, settings.workers), celery)
    if as_json:
        print_json({"stopped": True, "restarts": restarts})


def _run_due(settings: HomieSettings) -> int:
    """Run jobs in this process until none is due; return how many."""
    from backend.core.jobs.platform_host import PlatformHost
    from backend.core.jobs.runner import JobRunner
    from backend.core.platform import Platform

    host = PlatformHost(Platform.open(settings, role="worker"))
    try:
        runner = JobRunner(host, f"once/{os.getpid()}")
        done = 0
        while runner.run_next():
            done += 1
        return done
    finally:
        host.close()


def _serve(settings: HomieSettings, count: int, celery: bool) -> int:
    """Supervise workers until a signal comes; return how many had to be started again."""
    from backend.core.platform import Platform

    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    platform = Platform.open(settings, role="cli")
    try:
        supervisor = _supervisor(platform, count, celery)
        supervisor.start()
        try:
            stop.wait()
        finally:
            supervisor.stop()
        return supervisor.restarts
    finally:
        platform.close()


def _supervisor(platform: object, count: int, celery: bool) -> Supervisor:
    from backend.core.jobs.parts import check_celery
    from backend.core.platform import Platform

    assert isinstance(platform, Platform)
    group = f"p{os.getpid()}-"
    if not celery:
        return platform.job_parts.supervisor(count=count, group=group)
    check_celery(platform.settings)
    return platform.job_parts.supervisor(count=count, group=group, module="backend.core.jobs.celery_worker")
