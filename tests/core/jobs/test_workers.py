"""Real worker processes: killed, stopped, cancelled; whatever happens to them, no job is lost."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.core.jobs.process import SlotLock
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobState
from tests.core.jobs.conftest import Shop, until
from tests.core.jobs.work_kinds import Mark, Steps, marks

ANNA, BERT = Actor.of("anna"), Actor.of("bert")
OpenShop = Callable[..., Shop]


def begun(shop: Shop, job_id: str) -> list[str]:
    return [line for line in marks(shop.folder) if line.startswith(f"begin {job_id}")]


def test_a_queued_job_is_run_and_its_result_kept(open_shop: OpenShop, tmp_path: Path) -> None:
    """The plain way: queued, started, done, with the handler's result and events in order."""
    shop = open_shop()
    job = shop.service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(tmp_path), text="hello"))
    until(lambda: shop.state(ANNA, job.id) == "done", "the job is done")
    assert shop.service.get(ANNA, job.id).result == {"text": "hello"}
    assert len(marks(tmp_path)) == 1


def test_killed_workers_lose_no_job_and_repeat_no_finished_one(
    open_shop: OpenShop, tmp_path: Path, full_run: bool
) -> None:
    """Under kill -9 at random moments every job ends done, its steps run at least once, and no done job runs again."""
    dice = random.Random(7)
    shop = open_shop(count=2)
    jobs = [
        shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=8, seconds=0.02)).id
        for _ in range(120 if full_run else 24)
    ]
    kills, most = 0, (60 if full_run else 8)
    states = Counter[str]()
    while kills < most and not all(shop.state(ANNA, job) == "done" for job in jobs):
        time.sleep(dice.uniform(0.0, 0.15))  # the random moment itself, not a wait for something
        pids = list(shop.supervisor.pids().values())
        if pids and any(shop.state(ANNA, job) == "running" for job in jobs):
            try:
                os.kill(dice.choice(pids), signal.SIGKILL)
                kills += 1
            except ProcessLookupError:
                pass  # it is the one of the last round, dead already
    until(lambda: all(shop.state(ANNA, job) in ("done", "failed") for job in jobs), "every job ends")
    states.update(shop.state(ANNA, job) for job in jobs)
    assert states == {"done": len(jobs)}
    assert kills > 0
    lines = marks(tmp_path)
    for job in jobs:
        done_steps = {line.split()[3] for line in lines if line.startswith(f"step {job} ")}
        assert done_steps == {str(step) for step in range(8)}
    settled = len(marks(tmp_path))
    assert not shop.table.store.requeue_worker(shop.supervisor.node + "/")
    assert len(marks(tmp_path)) == settled


def test_two_workers_never_run_one_job_at_the_same_time(open_shop: OpenShop, tmp_path: Path) -> None:
    """While leases live, the runs of one job (begin to end) do not overlap, and each job runs exactly once."""
    shop = open_shop(count=3)
    jobs = [
        shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=3, seconds=0.005)).id
        for _ in range(40)
    ]
    until(lambda: all(shop.state(ANNA, job) == "done" for job in jobs), "all jobs are done")
    assert sorted(line.split()[1] for line in marks(tmp_path) if line.startswith("begin")) == sorted(jobs)


def test_a_killed_job_goes_on_where_it_saved(open_shop: OpenShop, tmp_path: Path) -> None:
    """After kill -9 the next attempt starts at the saved step, not at the beginning."""
    shop = open_shop(count=1)
    job = shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=40, seconds=0.02)).id
    until(lambda: len([m for m in marks(tmp_path) if m.startswith("step")]) >= 5, "five steps are done")
    (pid,) = shop.supervisor.pids().values()
    os.kill(pid, signal.SIGKILL)
    until(lambda: shop.state(ANNA, job) == "done", "the job is done")
    view = shop.service.get(ANNA, job)
    assert view.attempt == 2
    assert view.result is not None
    assert view.result["from"] >= 4


def test_a_stop_during_a_job_lets_the_next_start_go_on(open_shop: OpenShop, tmp_path: Path) -> None:
    """SIGTERM ends the handler at its next checkpoint; the job is queued, no attempt is counted, and it resumes."""
    first = open_shop(count=1)
    job = first.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=30, seconds=0.05)).id
    until(lambda: len([m for m in marks(tmp_path) if m.startswith("step")]) >= 3, "three steps are done")
    first.supervisor.stop()
    assert first.state(ANNA, job) == "queued"
    assert first.service.get(ANNA, job).attempt == 0
    second = open_shop(count=1)
    until(lambda: second.state(ANNA, job) == "done", "the job is done")
    view = second.service.get(ANNA, job)
    assert view.attempt == 1
    assert view.result is not None
    assert view.result["from"] >= 3


def test_a_deaf_handler_is_ended_and_its_job_put_back(open_shop: OpenShop, tmp_path: Path) -> None:
    """A handler without checkpoints is killed after the grace time; its job waits for the next start."""
    first = open_shop(count=1, stop_seconds=0.5)
    job = first.service.enqueue(ANNA, "demo.ignore_stop", Mark(folder=str(tmp_path))).id
    until(lambda: marks(tmp_path), "the handler runs")
    first.supervisor.stop()
    assert first.state(ANNA, job) == "queued"
    second = open_shop(count=1)
    until(lambda: second.state(ANNA, job) == "done", "the job is done")
    assert second.service.get(ANNA, job).attempt == 1


def test_a_running_job_stops_at_its_next_checkpoint_when_cancelled(open_shop: OpenShop, tmp_path: Path) -> None:
    """Cancel of a running job: cancelling at once, cancelled soon, and the worker takes the next job."""
    shop = open_shop(count=1)
    long = shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=100_000, seconds=0.01)).id
    until(lambda: begun(shop, long), "the long job runs")
    assert shop.service.cancel(ANNA, long).state is JobState.CANCELLING
    until(lambda: shop.state(ANNA, long) == "cancelled", "the long job is cancelled")
    short = shop.service.enqueue(BERT, "demo.write_mark", Mark(folder=str(tmp_path))).id
    until(lambda: shop.state(BERT, short) == "done", "the next job is done")


def test_a_job_that_kills_its_worker_ends_as_failed(open_shop: OpenShop, tmp_path: Path) -> None:
    """A poison job is given up after its attempts; other jobs are served all the same."""
    shop = open_shop(count=1)
    poison = shop.service.enqueue(ANNA, "demo.kill_worker", Mark(folder=str(tmp_path))).id
    other = shop.service.enqueue(BERT, "demo.write_mark", Mark(folder=str(tmp_path), text="other")).id
    until(lambda: shop.state(ANNA, poison) == "failed", "the poison job is given up")
    until(lambda: shop.state(BERT, other) == "done", "the other job is done")
    assert marks(tmp_path).count("killing") == 3
    error = shop.service.get(ANNA, poison).error
    assert error is not None
    assert "ended unexpectedly" in error


def test_a_slot_is_filled_again_whatever_goes_wrong_while_a_dead_worker_is_looked_after(
    open_shop: OpenShop, tmp_path: Path
) -> None:
    """An error in the watch over one slot is logged; the next worker starts and the job is done."""
    shop = open_shop(count=1)
    ring, failures = shop.supervisor._ring, [RuntimeError("no bell")]

    def moody() -> object:
        if failures:
            raise failures.pop()
        return ring()

    shop.supervisor._ring = moody
    job = shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=50, seconds=0.02)).id
    until(lambda: begun(shop, job), "the job runs")
    (pid,) = shop.supervisor.pids().values()
    os.kill(pid, signal.SIGKILL)
    until(lambda: shop.state(ANNA, job) == "done", "another worker does the job")
    assert failures == []


def test_workers_end_when_their_server_is_killed(open_shop: OpenShop, tmp_path: Path) -> None:
    """A worker whose parent died stops by itself and puts its job back (shown with a parent that is not the test)."""
    import subprocess
    import sys

    shop = open_shop(count=1, start=False)
    job = shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=10_000, seconds=0.02)).id
    plan, node = shop.supervisor.plan, shop.supervisor.node
    plan.run_dir.mkdir(exist_ok=True)
    script = (
        "import os, subprocess, sys, time\n"
        "line = sys.argv[1:]\n"
        "line[line.index('--parent') + 1] = str(os.getpid())\n"
        "subprocess.Popen(line)\n"
        "time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", script, *plan.command(node, "0")], env={**os.environ, **plan.env})
    until(lambda: begun(shop, job), "the job runs")
    parent.kill()
    parent.wait()
    lock = SlotLock(plan.run_dir, "0")
    until(lambda: lock.holder() is None, "the worker is gone")
    lock.close()
    assert shop.state(ANNA, job) == "queued"


def test_a_restart_after_a_crash_takes_back_the_jobs_of_dead_workers_at_once(
    open_shop: OpenShop, tmp_path: Path
) -> None:
    """At boot, jobs of this machine's dead workers do not wait for their leases; those of other machines do."""
    shop = open_shop(count=0, start=False)
    mine = shop.service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(tmp_path))).id
    theirs = shop.service.enqueue(BERT, "demo.write_mark", Mark(folder=str(tmp_path))).id
    assert shop.table.store.claim(f"{shop.supervisor.node}/0") is not None
    assert shop.table.store.claim("another-machine/0") is not None
    shop.supervisor.start()
    assert {shop.state(ANNA, mine), shop.state(BERT, theirs)} == {"queued", "running"}


@pytest.mark.parametrize("count", [2])
def test_a_stopped_shop_leaves_no_process_and_no_socket(open_shop: OpenShop, tmp_path: Path, count: int) -> None:
    """After `stop` no worker lives and no doorbell hangs."""
    shop = open_shop(count=count)
    until(lambda: len(list((tmp_path / "run").glob("bell-*"))) == count, "the workers listen")
    pids = list(shop.supervisor.pids().values())
    shop.supervisor.stop()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    assert not list((tmp_path / "run").glob("bell-*"))
