"""Be a gevent-patched process with supervisor and receiver, as the web process is; prints what it saw as JSON."""

from gevent import monkey

monkey.patch_all()

import json  # noqa: E402
import os  # noqa: E402
import signal  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from pathlib import Path  # noqa: E402

import gevent  # noqa: E402

from backend.core.jobs.carrier import Doorbell  # noqa: E402
from backend.core.jobs.channel import EventReceiver  # noqa: E402
from backend.core.jobs.supervisor import Supervisor, WorkerPlan  # noqa: E402
from backend.sdk.actor import Actor  # noqa: E402
from backend.sdk.clock import SystemClock  # noqa: E402
from tests.core.jobs.conftest import make_table  # noqa: E402
from tests.core.jobs.work_kinds import Mark, Steps, marks  # noqa: E402

ANNA = Actor.of("anna")


def main(folder: Path) -> None:
    url, run_dir = str(folder / "jobs.db"), folder / "run"
    table = make_table(url, SystemClock(), lease_seconds=5.0)
    bell = Doorbell(run_dir)
    table.service._carrier = bell
    names: list[str] = []
    losses: list[int] = []
    receiver = EventReceiver(run_dir, lambda envelope: names.append(envelope["name"]), lambda: losses.append(1))
    receiver.start()
    plan = WorkerPlan(
        run_dir, 2, nice=0, stop_seconds=30, host="tests.core.jobs.work_host:open_host",
        env={"HOMIE_TEST_JOBS_URL": url},
    )  # fmt: skip
    supervisor = Supervisor(table.store, plan, table.clock, ring=bell.ring)
    ticks: list[int] = []
    ticker = gevent.spawn(lambda: [ticks.append(1) or gevent.sleep(0.005) for _ in range(10**9)])  # type: ignore
    supervisor.start()
    short = table.service.enqueue(ANNA, "demo.write_mark", Mark(folder=str(folder))).id
    long = table.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(folder), count=40, seconds=0.02)).id
    deadline, killed = time.monotonic() + 100, False
    while time.monotonic() < deadline:
        gevent.sleep(0.01)
        steps = [m for m in marks(folder) if m.startswith("step")]
        if len(steps) > 3 and not killed:
            os.kill(int(steps[-1].split()[2]), signal.SIGKILL)
            killed = True
        if table.service.get(ANNA, long).state == "done" and table.service.get(ANNA, short).state == "done":
            break
    result = table.service.get(ANNA, long).result
    while "jobs.finished" not in names[-1:] and time.monotonic() < deadline:
        gevent.sleep(0.01)
    supervisor.stop()
    receiver.stop()
    ticker.kill()
    table.db.close()
    print(json.dumps({
        "result": dict(result or {}), "names": sorted(set(names)), "losses": len(losses), "ticks": len(ticks),
        "left": supervisor.pids(),
    }))  # fmt: skip


main(Path(sys.argv[1]))
