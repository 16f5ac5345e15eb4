"""`homie worker --celery` does the work of a hub that has no workers of its own, as on another machine."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.core.engines.conftest import Household
from tests.core.engines.test_hub_on_postgres import Home, make_hub, open_home
from tests.core.runtime.conftest import Ear, eventually
from tests.file_organizer.messy_folder import make_messy_folder
from tests.file_organizer.test_plans_api import snapshot
from tests.hub import PATIENCE, ROOT, Hub
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.postgres, pytest.mark.redis]


@pytest.fixture
def home(tmp_path: Path, household: Household, redis_server: RedisServer) -> Iterator[Home]:
    """One server that hands its jobs to Celery."""
    downloads = make_messy_folder(tmp_path / "anna" / "Downloads")
    hub = make_hub(tmp_path, 1, household, redis_server.url, HOMIE_JOBS__CARRIER="celery")
    with hub:
        yield open_home(hub, hub, household, downloads)


def start_workers(hub: Hub, run_folder: Path) -> subprocess.Popen[bytes]:
    """Start `homie worker --celery` without the server's sockets, as on another machine: only Redis is shared."""
    environment = {**os.environ, **hub.environment, "HOMIE_DATA_DIR": str(hub.data_dir), "PYTHONPATH": str(ROOT)}
    environment["HOMIE_RUN_FOLDER"] = str(run_folder)
    command = [sys.executable, "-m", "backend.cli", "worker", "--celery", "-n", "1"]
    with hub.log_file.open("ab") as log:
        return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)


def test_celery_workers_organise_a_folder_and_tell_the_socket(home: Home, tmp_path: Path) -> None:
    """Scan, execute and undo are done by Celery's worker; its progress is heard on the person's socket."""
    before = snapshot(home.downloads)
    listener = Ear(home.one, home.anna.token).connect()
    workers = start_workers(home.one, tmp_path / "elsewhere")
    try:
        plan, job = home.organise()
        home.job_done(job)
        assert (home.downloads / "Films").exists()

        def heard(name: str, kind: str) -> bool:
            events = [e["payload"] for e in listener.all("event") if e["name"] == name]
            return any(payload["kind"] == f"file_organizer.{kind}" for payload in events)

        for kind in ("scan_folder", "execute_plan"):
            for name in ("jobs.queued", "jobs.started", "jobs.progressed", "jobs.finished"):
                eventually(partial(heard, name, kind))
        run_id = home.one.get(plan, token=home.anna.token).json["run_id"]
        undo = home.one.post(f"/api/v1/file_organizer/runs/{run_id}/undo", {}, token=home.anna.token)
        home.job_done(undo.json["job_id"])
        assert snapshot(home.downloads) == before
    finally:
        listener.close()
        workers.send_signal(signal.SIGTERM)
        assert workers.wait(PATIENCE) == 0
