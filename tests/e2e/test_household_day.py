"""What a household does on one day, over HTTP and sockets, on real processes: organise, stop in between, take back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.core.ai.wire_servers import BAD_KEY, Fault, WireServer, google_error, serving
from tests.core.runtime.conftest import Ear, eventually
from tests.file_organizer.messy_folder import MP3, make_messy_folder, write
from tests.file_organizer.test_plans_api import snapshot
from tests.hub import ROOT, Hub

PASSWORD = "correct horse staple"
ORGANIZER = "/api/v1/file_organizer"
MANY = 4000
"""Songs besides the messy folder, so that a run takes long enough to be stopped in its middle."""


class Terminal(Hub):
    """A hub started by `homie run` in a terminal of its own: Ctrl+C there reaches every process, not only the first."""

    def start(self) -> Terminal:
        """Start `homie run` as the leader of a new process group."""
        environment = {n: v for n, v in os.environ.items() if not n.startswith(("HOMIE_", "PYTHONDONTWRITE"))}
        environment |= {"HOMIE_DATA_DIR": str(self.data_dir), "PYTHONUNBUFFERED": "1", **self.environment}
        command = [sys.executable, "-m", "backend.cli", "run", "--port", str(self.port), "--workers", "2"]
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.wait_until_healthy()
        return self

    def members(self) -> list[int]:
        """Return the ids of the server and of every process below it."""
        assert self.process is not None
        found = [self.process.pid]
        for pid in found:
            tasks = Path(f"/proc/{pid}/task").iterdir()
            found += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        return found

    def press_ctrl_c(self) -> int:
        """Interrupt the whole group, as a terminal does, and return the exit code."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGINT)
        code = self.process.wait(60)
        self.process = None
        return code


def open_home(hub: Hub, folder: Path) -> str:
    """Make the first account with `folder` opened to it; return the token."""
    wish = {"name": "anna", "password": PASSWORD, "household": "Home", "folders": [str(folder)]}
    answer = hub.post("/api/v1/accounts/setup", {"code": hub.setup_code(), **wish})
    assert answer.status in (200, 201), answer.body
    return str(answer.json["tokens"]["access_token"])


def job_done(hub: Hub, token: str, job_id: str) -> dict[str, Any]:
    """Wait for a job and return it."""

    def ended() -> Any:
        job = hub.get(f"/api/v1/jobs/{job_id}", token=token).json
        return job if job["state"] in ("done", "failed", "cancelled") else None

    found: dict[str, Any] = eventually(ended)
    assert found["state"] == "done", found
    return found


def plan_of(hub: Hub, token: str, folder: Path, **options: Any) -> dict[str, Any]:
    """Scan a folder over the API and return the finished plan."""
    made = hub.post(f"{ORGANIZER}/plans", {"path": str(folder), **options}, token=token)
    assert made.status == 201, made.body
    job_done(hub, token, made.json["job_id"])
    found: dict[str, Any] = hub.get(f"{ORGANIZER}/plans/{made.json['id']}", token=token).json
    assert found["state"] == "ready", found
    return found


def execute(hub: Hub, token: str, plan_id: str, min_confidence: float = 0.6) -> str:
    """Accept what is sure enough, begin, and return the job's id."""
    plan = f"{ORGANIZER}/plans/{plan_id}"
    accepted = hub.post(f"{plan}/accept", {"min_confidence": min_confidence}, token=token)
    assert accepted.status == 200, accepted.body
    started = hub.post(f"{plan}/execute", {}, token=token)
    assert started.status == 202, started.body
    return str(started.json["job_id"])


def fsck_is_clean(hub: Hub) -> bool:
    """Run `homie fsck` beside the hub."""
    command = [sys.executable, "-m", "backend.cli", "fsck", "--json"]
    environment = {**os.environ, "HOMIE_DATA_DIR": str(hub.data_dir)}
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False).returncode == 0


@pytest.mark.slow
def test_ctrl_c_during_a_run_leaves_no_process_and_the_next_start_finishes_it(tmp_path: Path) -> None:
    """Every child ends; the job goes on by itself; progress is live; undo after the restart is byte for byte."""
    downloads = make_messy_folder(tmp_path / "home" / "Downloads")
    for number in range(MANY):
        write(downloads / f"song {number:04}.mp3", MP3 + str(number).encode())
    before = snapshot(downloads)
    music = downloads / "Music"
    hub = Terminal(tmp_path / "data")
    with hub:
        token = open_home(hub, downloads.parent)
        plan = plan_of(hub, token, downloads)
        ear = Ear(hub, token).connect()
        job = execute(hub, token, plan["id"])
        eventually(music.exists)
        members = hub.members()
        assert len(members) >= 3
        assert hub.press_ctrl_c() == 0
        ear.wait_for("disconnect")
        ear.close()
        assert [pid for pid in members if Path(f"/proc/{pid}/exe").exists()] == []
    assert "Traceback" not in hub.log
    moved = len(list(music.iterdir()))
    assert 0 < moved < MANY, f"{moved} were moved: the stop did not come in the middle"
    with hub:
        token = hub.log_in("anna", PASSWORD)
        ended = job_done(hub, token, job)
        assert ended["attempt"] == 1, "a stop is no failed attempt"
        closed = hub.get(f"{ORGANIZER}/plans/{plan['id']}", token=token).json
        assert (closed["state"], closed["counts"]["failed"], closed["counts"]["skipped"]) == ("executed", 0, 0)
        assert closed["counts"]["done"] > MANY
        assert len(list(music.iterdir())) > MANY
        assert fsck_is_clean(hub)
        ear = Ear(hub, token).connect()
        undo = hub.post(f"{ORGANIZER}/runs/{closed['run_id']}/undo", {}, token=token)
        assert undo.status == 202, undo.body
        job_done(hub, token, undo.json["job_id"])
        eventually(lambda: [e for e in ear.all("event") if e["name"] == "file_organizer.run_undone"])
        told = [e["payload"] for e in ear.all("event") if e["name"] == "jobs.progressed"]
        assert any(progress["job_id"] == undo.json["job_id"] for progress in told), "no progress was told"
        ear.close()
        assert snapshot(downloads) == before
        assert fsck_is_clean(hub)


FAULTS: dict[str, tuple[list[Fault], str]] = {
    "rate limited": ([Fault(status=429, body=google_error(429, "RESOURCE_EXHAUSTED"))] * 2, "too many requests"),
    "server errors": ([Fault(status=503, body=google_error(503, "UNAVAILABLE"))] * 2, "problem of its own"),
    "malformed": ([Fault(text="Sure! Put it under Invoices.")] * 2, "could not be used"),
    "dropped": ([Fault(drop=True)] * 2, "Gemini"),
    "wrong key": ([Fault(status=400, body=BAD_KEY)], "refused the API key"),
}


def choose_first(data: dict[str, Any]) -> dict[str, Any]:
    """Answer as a model that is sure of the first folder for every file."""
    folder = data["choices"]["folders"][0]["id"]
    filings = [{"file": i["id"], "folder": folder, "confidence": 0.8, "reason": "looks right"} for i in data["items"]]
    return {"filings": filings}


@pytest.fixture
def gemini() -> Iterator[WireServer]:
    with serving(WireServer(choose_first)) as server:
        yield server


@pytest.mark.slow
def test_whatever_gemini_does_a_folder_is_organised_and_the_plan_says_who_decided(
    tmp_path: Path, gemini: WireServer
) -> None:
    """Each fault at the wire ends in a plan of the local engine with a notice, which is carried out; a model that is
    gone is replaced by another one, whose choice is named.
    """
    inbox = make_messy_folder(tmp_path / "home" / "Downloads")
    unclear = inbox / "qzx-0815.bin"
    write(unclear, b"\x01\x02\x03" * 50)
    environment = {
        "HOMIE_AI__GEMINI_BASE_URL": gemini.url,
        "HOMIE_AI__ATTEMPTS": "2",
        "HOMIE_AI__FIRST_DELAY": "0",
        "HOMIE_AI__FAILURES_BEFORE_PAUSE": "1000",
        "HOMIE_WORKERS": "1",
    }
    with Hub(tmp_path / "data", environment) as hub:
        token = open_home(hub, inbox.parent)
        hub.request("PUT", "/api/v1/ai/settings", {"provider": "gemini"}, token=token)
        put_key(hub, token, gemini)
        hub.request("PUT", "/api/v1/ai/modules/file_organizer", {"enabled": True}, token=token)
        switched = hub.request("PATCH", f"{ORGANIZER}/settings", {"ai_enabled": True}, token=token)
        assert switched.status == 200, switched.body
        for name, (script, words) in FAULTS.items():
            gemini.script = list(script)
            plan = plan_of(hub, token, inbox, use_ai=True)
            assert words in plan["notice"], (name, plan["notice"])
            assert "local engine" in plan["notice"], name
            assert {item["suggested_by"] for item in items_of(hub, token, plan["id"])} == {"rules"}, name
            assert gemini.script == [], name
        put_key(hub, token, gemini)
        gemini.known_models = ["gemini-3.5-flash"]
        plan = plan_of(hub, token, inbox, use_ai=True)
        assert "gemini-3.5-flash" in item_of(hub, token, plan["id"], unclear.name)["reason"]
        job_done(hub, token, execute(hub, token, plan["id"]))
        assert (inbox / "Music" / "song.mp3").exists()
        assert fsck_is_clean(hub)


def put_key(hub: Hub, token: str, gemini: WireServer) -> None:
    """Store the key that the server at the wire accepts."""
    assert hub.request("PUT", "/api/v1/ai/keys/gemini", {"key": gemini.key}, token=token).status == 200


def items_of(hub: Hub, token: str, plan_id: str) -> list[dict[str, Any]]:
    """Return the first suggestions of a plan."""
    found: list[dict[str, Any]] = hub.get(f"{ORGANIZER}/plans/{plan_id}/items?limit=200", token=token).json["items"]
    return found


def item_of(hub: Hub, token: str, plan_id: str, name: str) -> dict[str, Any]:
    """Return the suggestion for one file of a plan."""
    return next(item for item in items_of(hub, token, plan_id) if item["source"]["path"].endswith(name))
