"""A real server under gevent: backups by its workers, a restore through its door while it keeps answering."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.engines import database_settings, installation_engine, postgres_server
from tests.hub import PATIENCE, ROOT, Hub

__all__ = ["installation_engine", "postgres_server"]


@pytest.fixture
def server(tmp_path: Path, installation_engine: str) -> Iterator[Hub]:
    settings = {"HOMIE_BACKUP_DIR": str(tmp_path / "drive"), "HOMIE_WORKERS": "1"}
    with Hub(tmp_path / "data", settings | database_settings(tmp_path)) as hub:
        yield hub


def homie(server: Hub, *args: str) -> subprocess.CompletedProcess[str]:
    """Run a command beside the server, with the same settings."""
    environment = {
        **os.environ,
        **server.environment,
        "HOMIE_DATA_DIR": str(server.data_dir),
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "backend.cli", *args]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def until(what: Any) -> Any:
    """Return the first true answer; a liveness bound only."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if answer := what():
            return answer
        time.sleep(0.05)
    raise AssertionError("it did not happen")


@pytest.mark.slow
def test_backups_and_a_restore_while_the_server_keeps_answering(server: Hub) -> None:
    token = server.set_up()
    assert server.get("/api/v1/file_organizer/openapi.json", token=token).status in (200, 404)
    queued = server.post("/api/v1/backups", {}, token=token)
    assert queued.status == 202, queued.body
    parts = {job["part"] for job in queued.json["jobs"]}
    assert {"core", "file_organizer"} <= parts

    def all_verified() -> Any:
        items = server.get("/api/v1/backups", token=token).json["items"]
        return items if {i["part"] for i in items if i["check"] == "verified"} == parts else None

    items = until(all_verified)
    assert server.get("/api/v1/backups/status", token=token).json["problems"] == []
    set_id = next(i["set_id"] for i in items if i["part"] == "file_organizer")
    assert server.post(f"/api/v1/backups/{set_id}/verify", {}, token=token).status == 202
    for kind in ("core.backup_module", "core.verify_backup"):  # Activity says whose backup each of them is
        jobs = server.get(f"/api/v1/jobs?kind={kind}", token=token).json["items"]
        assert {job["part"] for job in jobs} == parts

    # The command line asks the server, which stops the module, exchanges the data and starts it; core keeps serving.
    stop, answers = threading.Event(), list[int]()

    def ask() -> None:
        while not stop.is_set():
            answers.append(server.get("/healthz").status)

    asking = threading.Thread(target=ask)
    asking.start()
    done = homie(server, "restore", set_id, "--json")
    stop.set()
    asking.join()
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    assert report["safety_backup"]
    assert set(answers) == {200}
    assert until(lambda: server.get("/api/v1/modules/file_organizer", token=token).json["state"] == "running")

    core = next(i["set_id"] for i in items if i["part"] == "core")
    refused = homie(server, "restore", core, "--json")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"]["code"] == "restore_refused"
    server.stop()
    again = homie(server, "restore", core, "--json")
    assert again.returncode == 0, again.stderr
    assert not (server.data_dir / "run" / "backup.sock").exists()
