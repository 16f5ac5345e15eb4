"""Measure the job engine: enqueue->start latency, throughput, and recovery after kill -9; huey beside it if installed.

    python benchmarks/jobs.py [--count 500] [--json]

Everything is checked before it is timed: each job must have run, exactly once where nothing was killed. huey
(SqliteHuey, quick polling) is an optional peer; install it only for this: `pip install huey`.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import logging
import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import structlog  # noqa: E402

from backend.core.jobs.carrier import Doorbell  # noqa: E402
from backend.core.jobs.database import open_jobs_database  # noqa: E402
from backend.core.jobs.handlers import HandlerRegistry  # noqa: E402
from backend.core.jobs.service import JobService  # noqa: E402
from backend.core.jobs.store import JobStore  # noqa: E402
from backend.core.jobs.supervisor import Supervisor, WorkerPlan  # noqa: E402
from backend.sdk.actor import Actor  # noqa: E402
from backend.sdk.clock import SystemClock  # noqa: E402
from tests.core.jobs.work_kinds import HANDLERS, Mark, Steps, marks  # noqa: E402

ANNA = Actor.of("anna")
WORKERS = 2
PATIENCE = 300.0

HUEY_TASKS = """
import os, time
from huey import SqliteHuey
huey = SqliteHuey("peer", filename=os.environ["PEER_DB"], fsync=False)
@huey.task()
def write_mark(folder, text):
    fd = os.open(os.path.join(folder, "marks"), os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(fd, f"{text} {time.time():.6f}\\n".encode()); os.close(fd)
@huey.task()
def count_steps(folder, count, seconds):
    for step in range(count):
        time.sleep(seconds); write_mark.call_local(folder, f"step {os.getpid()} {step}")
    write_mark.call_local(folder, "end")
"""


def until(condition: Callable[[], Any], what: str) -> Any:
    """Wait for `condition`; a benchmark that hangs says where."""
    deadline = time.monotonic() + PATIENCE
    while not (found := condition()):
        if time.monotonic() > deadline:
            raise SystemExit(f"never happened: {what}")
        time.sleep(0.0005)
    return found


def measure(
    folder: Path, count: int, send: Callable[[str], None], send_long: Callable[[], None], kill: Callable[[], None]
) -> dict[str, float | None]:
    """Time one engine through `send(text)` (a short job that writes a mark), `send_long()` and `kill()` (a worker)."""

    def started(text: str) -> float | None:
        return next((float(m.split()[1]) for m in marks(folder)[-WORKERS * 2 :] if m.split()[0] == text), None)

    send("warm")
    until(lambda: started("warm"), "the warm-up job ran")
    latencies = []
    for number in range(60):
        time.sleep(0.05 + number % 7 * 0.01)  # a pause between people's clicks, uneven against any polling
        begin = time.time()
        send(f"l{number}")
        latencies.append((until(lambda text=f"l{number}": started(text), "a job ran") - begin) * 1000)
    (folder / "marks").unlink()
    begin = time.monotonic()
    for number in range(count):
        send(f"t{number}")
    queued = time.monotonic() - begin
    until(lambda: len(marks(folder)) >= count, "all jobs ran")
    drained = time.monotonic() - begin
    assert len({mark.split()[0] for mark in marks(folder)}) == count == len(marks(folder)), "each job ran exactly once"
    (folder / "marks").unlink()
    send_long()
    until(lambda: len(marks(folder)) >= 3, "the long job runs")
    before = len(marks(folder))
    killed = time.monotonic()
    kill()
    deadline = killed + 30
    recovered: float | None = None
    while time.monotonic() < deadline and recovered is None:
        if len(marks(folder)) > before:
            recovered = (time.monotonic() - killed) * 1000
        time.sleep(0.001)
    latencies.sort()
    return {
        "latency_p50_ms": round(statistics.median(latencies), 2),
        "latency_p99_ms": round(latencies[int(len(latencies) * 0.99) - 1], 2),
        "enqueue_per_s": round(count / queued, 1),
        "jobs_per_s": round(count / drained, 1),
        "kill_9_recovery_ms": round(recovered, 1) if recovered is not None else None,
    }


def ours(count: int, folder: Path) -> dict[str, float | None]:
    """Measure Homie's own engine."""
    url, run_dir = str(folder / "jobs.db"), folder / "run"
    db = open_jobs_database(url)
    db.create_all()
    clock, bell = SystemClock(), Doorbell(run_dir)
    store = JobStore(db, clock)
    service = JobService(db, clock, carrier=bell, find_handler=HandlerRegistry(core=HANDLERS).find)
    environment = {"HOMIE_TEST_JOBS_URL": url, "PYTHONPATH": str(ROOT)}
    plan = WorkerPlan(run_dir, WORKERS, nice=0, host="tests.core.jobs.work_host:open_host", env=environment)
    supervisor = Supervisor(store, plan, clock, ring=bell.ring)
    supervisor.start()

    def kill() -> None:
        pid = next(int(m.split()[2]) for m in reversed(marks(folder)) if m.startswith("step"))
        os.kill(pid, signal.SIGKILL)

    try:
        return measure(
            folder,
            count,
            lambda text: void(service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(folder), text=text))),
            lambda: void(service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(folder), count=40, seconds=0.05))),
            kill,
        )
    finally:
        supervisor.stop()
        db.close()


def peer(count: int, folder: Path) -> dict[str, float | None]:
    """Measure huey with worker processes and quick polling."""
    os.environ["PEER_DB"] = str(folder / "peer.db")
    (folder / "peer_tasks.py").write_text(HUEY_TASKS)
    sys.path.insert(0, str(folder))
    import peer_tasks  # type: ignore[import-not-found]

    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
    line = [sys.executable, "-m", "huey.bin.huey_consumer", "peer_tasks.huey", "-w", str(WORKERS), "-k", "process"]
    consumer = subprocess.Popen(
        [*line, "-d", "0.05", "-m", "0.2", "-q"], env=environment, stderr=subprocess.DEVNULL, start_new_session=True
    )

    def kill() -> None:
        os.kill(next(int(m.split()[1]) for m in reversed(marks(folder)) if m.startswith("step")), signal.SIGKILL)

    try:
        return measure(
            folder,
            count,
            lambda text: void(peer_tasks.write_mark(str(folder), text)),
            lambda: void(peer_tasks.count_steps(str(folder), 40, 0.05)),
            kill,
        )
    finally:
        os.killpg(consumer.pid, signal.SIGKILL)
        consumer.wait()


def void(_: Any) -> None:
    """Drop a result."""


def main() -> None:
    """Run and print."""
    parse = argparse.ArgumentParser(description=__doc__)
    parse.add_argument("--count", type=int, default=500)
    parse.add_argument("--json", action="store_true")
    options = parse.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    results: dict[str, dict[str, float | None]] = {}
    with tempfile.TemporaryDirectory() as folder:
        results["homie"] = ours(options.count, Path(folder))
    if importlib.util.find_spec("huey"):
        with tempfile.TemporaryDirectory() as folder:
            results["huey"] = peer(options.count, Path(folder))
    if options.json:
        print(json.dumps(results, indent=2))
        return
    print(f"{'':22}" + "".join(f"{name:>12}" for name in results) + ("   ours/peer" if len(results) == 2 else ""))
    for figure in results["homie"]:
        values = [result[figure] for result in results.values()]
        shown = "".join(f"{'lost' if v is None else v:>12}" for v in values)
        both = len(values) == 2 and all(values)
        print(f"{figure:22}{shown}" + (f"   {values[0] / values[1]:9.2f}" if both else ""))  # type: ignore[operator]


if __name__ == "__main__":
    main()
