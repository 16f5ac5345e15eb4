"""Latency of a light endpoint while a scan and a run of moves keep the workers busy.

    python -m benchmarks.latency [--files 20000] [--seconds 15]

Target: p99 under 50 ms. The floor is the same request against the idle hub, in the same run.
"""

from __future__ import annotations

import argparse
import http.client
import tempfile
import threading
import time
from pathlib import Path

from benchmarks.report import Figure, percentile, show
from tests.hub import Hub


def make_files(folder: Path, count: int) -> None:
    kinds = ("txt", "pdf", "jpg", "mp3", "zip", "csv")
    for number in range(count):
        path = folder / f"batch {number % 40}" / f"Document {number} 2026-0{number % 9 + 1}.{kinds[number % 6]}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content %d " % number * 20)


def measure(hub: Hub, token: str, seconds: float, until: threading.Event | None = None) -> list[float]:
    """Return the latencies (ms) of one client that asks again and again on a kept-alive connection."""
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=30)
    taken = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end and not (until and until.is_set()):
        began = time.perf_counter()
        connection.request("GET", "/api/v1/accounts/me", headers={"Authorization": f"Bearer {token}"})
        response = connection.getresponse()
        response.read()
        assert response.status == 200, response.status
        taken.append((time.perf_counter() - began) * 1000)
        time.sleep(0.005)
    connection.close()
    return taken


def wait_for(hub: Hub, token: str, job_id: str) -> None:
    while True:
        job = hub.get(f"/api/v1/jobs/{job_id}", token=token).json
        if job["state"] in ("done", "failed", "cancelled"):
            assert job["state"] == "done", job
            return
        time.sleep(0.2)


def busy(hub: Hub, token: str, folder: Path, done: threading.Event, steps: list[str]) -> None:
    """Scan the folder, accept everything, carry it out, take it back; note each step that was finished."""
    base = "/api/v1/file_organizer"
    plan = hub.post(f"{base}/plans", {"path": str(folder), "deep": True}, token=token).json
    wait_for(hub, token, plan["job_id"])
    steps.append("scan")
    hub.post(f"{base}/plans/{plan['id']}/accept", {"everything": True}, token=token)
    job = hub.post(f"{base}/plans/{plan['id']}/execute", {}, token=token).json
    wait_for(hub, token, job["job_id"])
    steps.append("move")
    done.set()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="length of the idle measurement")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "Downloads"
        make_files(folder, options.files)
        with Hub(Path(scratch) / "data", {"HOMIE_REQUESTS_PER_MINUTE": "1000000"}) as hub:
            token = hub.set_up()
            me = hub.get("/api/v1/accounts/me", token=token).json
            private = next(space["id"] for space in me["spaces"] if space["kind"] == "private")
            granted = hub.post("/api/v1/accounts/roots", {"space_id": private, "path": str(folder)}, token=token)
            assert granted.status == 201, granted.body
            idle = measure(hub, token, options.seconds)
            done, steps = threading.Event(), list[str]()
            worker = threading.Thread(target=busy, args=(hub, token, folder, done, steps))
            worker.start()
            loaded = measure(hub, token, 600.0, done)
            worker.join()
            assert steps == ["scan", "move"], steps
    show(
        f"GET /accounts/me while {options.files} files are scanned and moved ({len(loaded)} requests)",
        [
            Figure("p50", percentile(loaded, 0.5), "ms", percentile(idle, 0.5), "idle"),
            Figure("p99", percentile(loaded, 0.99), "ms", percentile(idle, 0.99), "idle", target="< 50 ms"),
            Figure("max", max(loaded), "ms", max(idle), "idle"),
        ],
    )


if __name__ == "__main__":
    main()
