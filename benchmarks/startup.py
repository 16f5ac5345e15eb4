"""Time until healthy, processor time of a start, and idle memory of every process of a hub.

    python -m benchmarks.startup [--runs 5] [--app]

Targets: a second start is healthy within 4 s, a stop takes at most 5 s. With `--app` healthy is what the front
passes on. The floor is a bare Flask + Socket.IO server on the same engine.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

from benchmarks.report import Figure, show
from benchmarks.throughput import PEER
from tests.hub import Hub, free_port


def resident(pid: int) -> float:
    """Return the proportional set size of a process in MB: shared pages are counted once over all processes."""
    return psutil.Process(pid).memory_full_info().pss / 1e6


def spent(pid: int) -> float:
    """Return the seconds of processor time that a process has used: what a start costs, however busy the machine is."""
    times = psutil.Process(pid).cpu_times()
    return float(times.user + times.system)


def start_peer() -> tuple[float, float]:
    """Return seconds until the bare server answers, and its memory in MB."""
    import socket

    port, began = free_port(), time.perf_counter()
    process = subprocess.Popen([sys.executable, "-c", PEER, str(port)])
    try:
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.02)
        taken = time.perf_counter() - began
        time.sleep(1.0)
        return taken, resident(process.pid)
    finally:
        process.terminate()
        process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--app", action="store_true", help="with the app, as people run it")
    options = parser.parse_args()
    runs = options.runs
    with tempfile.TemporaryDirectory() as scratch:
        hub = Hub(Path(scratch) / "data", app=options.app)
        starts, stops, work = [], [], []
        for number in range(runs + 1):
            began = time.perf_counter()
            hub.start()
            starts.append(time.perf_counter() - began)
            assert hub.process is not None
            work.append(spent(hub.process.pid))
            if number < runs:
                began = time.perf_counter()
                assert hub.stop() == 0
                stops.append(time.perf_counter() - began)
        time.sleep(5.0)
        server = psutil.Process(hub.process.pid)
        workers = server.children(recursive=True)
        workers_work = [spent(child.pid) for child in workers]
        server_mb, workers_mb = resident(server.pid), [resident(child.pid) for child in workers]
        hub.stop()
    peer_seconds, peer_mb = start_peer()
    show(
        f"start and idle memory, median of {runs} second starts",
        [
            Figure("first start until healthy", starts[0], "s", peer_seconds, "bare Flask"),
            Figure(
                "second start until healthy", statistics.median(starts[1:]), "s", peer_seconds, "bare Flask", "<= 4 s"
            ),
            Figure("stop (Ctrl+C) of an idle hub", statistics.median(stops), "s", target="<= 5 s"),
            Figure("processor time of the server until healthy", statistics.median(work[1:]), "s", target="<= 1 s"),
            *(Figure(f"processor time of child {n}", seconds, "s") for n, seconds in enumerate(workers_work, 1)),
            Figure("memory of the server process", server_mb, "MB", peer_mb, "bare Flask"),
            *(Figure(f"memory of child {n}", mb, "MB") for n, mb in enumerate(workers_mb, 1)),
            Figure("memory of all processes", server_mb + sum(workers_mb), "MB", peer_mb, "bare Flask"),
        ],
    )


if __name__ == "__main__":
    main()
