"""How soon a person hears of a job's progress: from the worker that tells it to the socket, while the job runs.

    python -m benchmarks.progress [--files 10000]

Target: within 300 ms of the moment at which the handler says it. A report waits for the pulse of its job at most
`REPORT_SECONDS` (so that a busy handler does not flood anybody); what is measured is the way from the pulse to the
socket. Both together count.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path
from typing import Any

import socketio

from backend.core.jobs.running import REPORT_SECONDS
from benchmarks.latency import busy, make_files
from benchmarks.report import Figure, show
from tests.hub import Hub


def listen(hub: Hub, token: str, heard: list[float]) -> socketio.Client:
    """Connect and note the age (ms) of each report of progress at its arrival."""
    client = socketio.Client(reconnection=False)

    def on_event(event: dict[str, Any]) -> None:
        if event["name"] == "jobs.progressed":
            heard.append((time.time() - datetime.fromisoformat(event["occurred_at"]).timestamp()) * 1000)

    client.on("event", on_event)
    client.connect(hub.url, auth={"token": token, "cursors": {}}, transports=["websocket"], wait_timeout=30)
    return client


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    options = parser.parse_args()
    heard: list[float] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "Downloads"
        make_files(folder, options.files)
        with Hub(Path(scratch) / "data", {"HOMIE_REQUESTS_PER_MINUTE": "1000000"}) as hub:
            token = hub.set_up()
            me = hub.get("/api/v1/accounts/me", token=token).json
            private = next(space["id"] for space in me["spaces"] if space["kind"] == "private")
            granted = hub.post("/api/v1/accounts/roots", {"space_id": private, "path": str(folder)}, token=token)
            assert granted.status == 201, granted.body
            client = listen(hub, token, heard)
            steps: list[str] = []
            busy(hub, token, folder, threading.Event(), steps)
            client.disconnect()
            assert steps == ["scan", "move"], steps
    assert heard, "no progress was heard"
    heard.sort()
    wait = REPORT_SECONDS * 1000
    show(
        f"progress of a scan and a run over {options.files} files, at the socket ({len(heard)} reports)",
        [
            Figure("p50, longest wait for the pulse included", wait + heard[len(heard) // 2], "ms", target="<= 300 ms"),
            Figure("slowest, longest wait for the pulse included", wait + heard[-1], "ms", target="<= 300 ms"),
        ],
    )


if __name__ == "__main__":
    main()
