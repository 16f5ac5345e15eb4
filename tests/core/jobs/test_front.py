"""Supervisor and event receiver inside a gevent-patched process, and the command line's own workers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.core.jobs.conftest import PATIENCE, ROOT, until


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HOMIE_")}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def test_supervisor_and_events_work_on_the_hub(tmp_path: Path) -> None:
    """In a patched process workers start, die, are replaced and stop; events arrive; greenlets run all the while."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "gevent_front.py"), str(tmp_path)],
        env=environment(), capture_output=True, text=True, timeout=PATIENCE * 2, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["result"]["from"] >= 2
    assert {"jobs.started", "jobs.finished"} <= set(seen["names"])
    assert seen["losses"] == 1
    assert seen["ticks"] > 50
    assert seen["left"] == {}


def test_workers_of_the_command_line_start_and_stop_in_order(tmp_path: Path) -> None:
    """`homie worker` supervises workers until Ctrl+C and leaves nothing behind."""
    process = subprocess.Popen(
        [sys.executable, "-m", "backend.cli", "worker", "-n", "2", "--json"],
        env=environment(HOMIE_DATA_DIR=str(tmp_path)), stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    run = tmp_path / "run"
    until(lambda: len(list(run.glob("bell-*"))) == 2, "two workers listen")
    pids = [int(path.read_text()) for path in run.glob("worker-*.lock")]
    process.send_signal(signal.SIGINT)
    answer, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    assert json.loads(answer)["stopped"] is True
    assert not list(run.glob("bell-*")) + list(run.glob("worker-*"))
    assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]


def test_due_jobs_can_be_run_once_without_workers(tmp_path: Path) -> None:
    """`homie worker --once` runs what is due in its own process and ends."""
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", "worker", "--once", "--json"],
        env=environment(HOMIE_DATA_DIR=str(tmp_path)), capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout) == {"jobs": 0}
