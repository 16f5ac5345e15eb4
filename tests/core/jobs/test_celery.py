"""Celery on Redis carries ids; what its workers do, and what is true, stays in the job table."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from backend.core.event_bus import EventBus
from backend.core.jobs.celery_carrier import CeleryCarrier, celery_app, queue_of
from backend.core.jobs.parts import check_celery
from backend.core.jobs.redis_channel import STREAM, RedisEventReceiver, RedisEventSender
from backend.core.jobs.supervisor import Supervisor, WorkerPlan
from backend.core.settings import HomieSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import SystemClock
from backend.sdk.errors import InvalidInput
from backend.sdk.job_events import JobQueued
from tests.core.jobs.conftest import ROOT, Shop, make_table, until
from tests.core.jobs.work_host import LEASE_SECONDS
from tests.core.jobs.work_kinds import Mark, Steps, marks
from tests.postgres_server import PostgresServer
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.postgres]
ANNA = Actor.of("anna")


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    return redis_server.url


@pytest.fixture
def shop(postgres_server: PostgresServer, redis_url: str, tmp_path: Path) -> Iterator[Shop]:
    """Give a job table on PostgreSQL, served by two Celery worker processes."""
    url = postgres_server.new_database()
    table = make_table(url, SystemClock(), lease_seconds=LEASE_SECONDS)
    carrier = CeleryCarrier(celery_app(redis_url), table.clock)
    table.service._carrier = carrier
    plan = WorkerPlan(
        tmp_path / "run", 2, nice=0, stop_seconds=60, modules=("demo",), host="tests.core.jobs.work_host:open_host",
        env={"HOMIE_TEST_JOBS_URL": url, "HOMIE_REDIS_URL": redis_url, "PYTHONPATH": str(ROOT)},
        module="backend.core.jobs.celery_worker",
    )  # fmt: skip
    supervisor = Supervisor(table.store, plan, table.clock, carry_again=carrier.carry_unheard)
    supervisor.start()
    yield Shop(table, supervisor, tmp_path)
    supervisor.stop()
    table.db.close()


def test_celery_workers_run_jobs_and_a_killed_one_loses_none(shop: Shop, tmp_path: Path) -> None:
    """Jobs are done by Celery's processes; after kill -9 of one, its job is done by another, from where it saved."""
    short = [shop.service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(tmp_path))).id for _ in range(5)]
    until(lambda: all(shop.state(ANNA, job) == "done" for job in short), "the short jobs are done")
    long = shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=60, seconds=0.05)).id
    until(lambda: len([m for m in marks(tmp_path) if m.startswith("step")]) >= 3, "the long job runs")
    os.kill(int(next(m for m in marks(tmp_path) if m.startswith("begin")).split()[2]), signal.SIGKILL)
    until(lambda: shop.state(ANNA, long) == "done", "the long job is done")
    view = shop.service.get(ANNA, long)
    assert view.result is not None
    assert view.result["from"] >= 2
    assert view.attempt == 2


def test_a_stop_reaches_the_handler_and_the_job_goes_back(shop: Shop, tmp_path: Path) -> None:
    """Celery's warm shutdown does not wait hours for a long job: it stops at its next checkpoint, uncounted."""
    job = shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=100_000, seconds=0.02)).id
    until(lambda: len([m for m in marks(tmp_path) if m.startswith("step")]) >= 3, "the job runs")
    shop.supervisor.stop()
    view = shop.service.get(ANNA, job)
    assert (view.state.value, view.attempt) == ("queued", 0)


def test_lost_messages_are_carried_again_only_into_an_empty_queue(redis_url: str) -> None:
    """When Redis forgot everything, unheard jobs get a new message; while messages wait, none is added."""
    app = celery_app(redis_url)
    carrier = CeleryCarrier(app, SystemClock())
    redis = Redis.from_url(redis_url)

    def waiting() -> int:
        found: Any = redis.llen("homie:celery:" + queue_of("demo"))
        return int(found)

    carrier.carry_unheard([("a", "demo"), ("b", "demo")])
    assert waiting() == 2
    carrier.carry_unheard([("a", "demo"), ("b", "demo")])
    assert waiting() == 2
    redis.flushdb()
    carrier.carry_unheard([("a", "demo")])
    assert waiting() == 1
    assert b"/nowhere" not in redis.lindex("homie:celery:" + queue_of("demo"), 0)  # type: ignore[operator]
    app.close()
    redis.close()


def test_redis_away_does_not_hinder_queueing(tmp_path: Path) -> None:
    """A job is stored although its message cannot be sent."""
    table = make_table(tmp_path / "jobs.db", SystemClock())
    app = celery_app("redis://127.0.0.1:1/0")
    table.service._carrier = CeleryCarrier(app, table.clock)
    job = table.service.enqueue(ANNA, "demo.write_mark", Mark(folder="/x"))
    assert table.service.get(ANNA, job.id).state.value == "queued"
    app.close()
    table.db.close()


def test_events_cross_machines_by_redis(redis_url: str) -> None:
    """What a remote worker publishes reaches each web process once, in order; a forgotten stream is told as a loss."""
    heard: list[list[str]] = [[], []]
    losses: list[int] = []
    buses = [EventBus(), EventBus()]
    for bus, names in zip(buses, heard, strict=True):
        bus.subscribe(JobQueued, lambda event, names=names: names.append(event.job_id))  # type: ignore[misc]
    receivers = [RedisEventReceiver(redis_url, bus.accept, lambda: losses.append(1)) for bus in buses]
    for receiver in receivers:
        receiver.start()
    sender = RedisEventSender(redis_url)
    for number in range(50):
        sender.send(JobQueued(owner_id="anna", job_id=str(number), kind="demo.write_mark"))
    until(lambda: all(len(names) == 50 for names in heard), "both web processes hear all events")
    assert heard == [[str(n) for n in range(50)]] * 2
    assert not losses
    redis = Redis.from_url(redis_url)
    redis.xadd(STREAM, {"lost": "1"})
    until(lambda: len(losses) == 2, "both web processes hear of a loss")
    redis.close()
    sender.close()
    for receiver in receivers:
        receiver.stop()


def test_settings_that_cannot_work_are_refused_with_a_remedy(tmp_path: Path) -> None:
    """Celery without Redis, or with a job table in a local file, names both settings."""
    with pytest.raises(InvalidInput) as caught:
        check_celery(HomieSettings(data_dir=tmp_path))
    assert [field.name for field in caught.value.fields] == ["HOMIE_REDIS_URL", "HOMIE_DB__JOBS"]
