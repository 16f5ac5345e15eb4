from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from backend.core.jobs.carrier import Doorbell
from backend.core.jobs.database import open_jobs_database
from backend.core.jobs.handlers import HandlerRegistry
from backend.core.jobs.service import JobService
from backend.core.jobs.store import JobStore
from backend.core.jobs.supervisor import Supervisor, WorkerPlan
from backend.sdk.clock import Clock, FakeClock, SystemClock
from backend.sdk.db import Database
from backend.sdk.events import Event
from tests.core.jobs.work_host import LEASE_SECONDS
from tests.core.jobs.work_kinds import HANDLERS
from tests.postgres_server import PostgresServer, postgres_server
from tests.redis_server import redis_server, running_redis

__all__ = ["postgres_server", "redis_server", "running_redis"]

ROOT = Path(__file__).resolve().parents[3]
PATIENCE = 120.0
"""Seconds after which something that must happen counts as never happening; a liveness bound, not a target."""


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for `condition` to be truthy and return it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        assert time.monotonic() < deadline, f"never happened: {what}"
        time.sleep(0.01)
    return found


@dataclass
class Table:
    """Hold a job table with everything that stands on it, and the events it told."""

    db: Database
    clock: Any
    store: JobStore
    service: JobService
    events: list[Event] = field(default_factory=list)

    def names(self) -> list[str]:
        return [event.name for event in self.events]


def make_table(url: str | Path, clock: Clock, **options: Any) -> Table:
    db = open_jobs_database(url)
    db.create_all()
    registry = HandlerRegistry(core=HANDLERS)
    store = JobStore(db, clock, **options)
    table = Table(db, clock, store, JobService(db, clock, find_handler=registry.find))
    db.on_commit = table.events.append
    return table


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def jobs_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Name an empty database, on each engine."""
    if request.param == "sqlite":
        return str(tmp_path / "jobs.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_schema()


@pytest.fixture
def table(jobs_url: str) -> Iterator[Table]:
    """Give a table whose clock stands still."""
    made = make_table(jobs_url, FakeClock(), lease_seconds=30.0, backoff=lambda attempt: 2.0**attempt)
    yield made
    made.db.close()


@dataclass
class Shop:
    """Hold a table served by real worker processes."""

    table: Table
    supervisor: Supervisor
    folder: Path

    @property
    def service(self) -> JobService:
        return self.table.service

    def state(self, actor: Any, job_id: str) -> str:
        return self.table.service.get(actor, job_id).state.value


@pytest.fixture
def open_shop(tmp_path: Path, jobs_url: str) -> Iterator[Callable[..., Shop]]:
    """Return a function that starts a supervisor with `count` workers; all are stopped at the end."""
    opened: list[Shop] = []

    def open_(count: int = 2, stop_seconds: float = 30.0, start: bool = True) -> Shop:
        run_dir = tmp_path / "run"
        table = make_table(jobs_url, SystemClock(), lease_seconds=LEASE_SECONDS)
        bell = Doorbell(run_dir)
        table.service._carrier = bell
        plan = WorkerPlan(
            run_dir, count, nice=0, longest_wait=0.3, stop_seconds=stop_seconds,
            host="tests.core.jobs.work_host:open_host",
            env={"HOMIE_TEST_JOBS_URL": jobs_url, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        shop = Shop(table, Supervisor(table.store, plan, table.clock, ring=bell.ring), tmp_path)
        opened.append(shop)
        if start:
            shop.supervisor.start()
        return shop

    yield open_
    for shop in opened:
        shop.supervisor.stop()
        shop.table.db.close()
    assert not [t for t in threading.enumerate() if t.name.startswith("supervise-")]


@pytest.fixture(scope="session")
def full_run() -> bool:
    """Tell whether the long versions of the tests are wanted."""
    return os.environ.get("HOMIE_TEST_FULL") == "1"
