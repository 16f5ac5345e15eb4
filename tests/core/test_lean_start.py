"""What a start imports: a library that slipped in again costs every hub and each of its workers a tenth of a second."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from backend.core.lean_imports import unseen
from tests.hub import ROOT, free_port

FOR_NOBODY = {"aiohttp", "requests", "websocket", "redis", "kombu", "rich", "httpx", "flask_openapi"}

SERVER = """
import json, os, sys
import backend.main as main
def ready(*_):
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)
main._greet = ready
sys.exit(main.main([]))
"""
WORKER = """
import json, os, sys
from pathlib import Path
from backend.core.jobs import worker
def idle(*_):
    print(json.dumps(sorted(sys.modules)), flush=True)
    os._exit(0)
worker.Bell.wait = idle
run = Path(os.environ["HOMIE_DATA_DIR"]) / "run"
run.mkdir(parents=True)
sys.exit(worker.main(["--run-dir", str(run), "--node", "test", "--slot", "0"]))
"""


def modules_of(code: str, data_dir: Path) -> set[str]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOMIE_")} | {
        "HOMIE_DATA_DIR": str(data_dir),
        "HOMIE_PORT": str(free_port()),
        "HOMIE_APP": "false",
        "HOMIE_WORKERS": "0",
        "PYTHONPATH": str(ROOT),
    }
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, timeout=120)
    assert ran.returncode == 0, ran.stderr.decode()
    return set(json.loads(ran.stdout.splitlines()[-1]))


def test_the_server_starts_without_what_nobody_asked_for(tmp_path: Path) -> None:
    assert not FOR_NOBODY & modules_of(SERVER, tmp_path / "data")


def test_an_idle_worker_has_opened_the_list_of_jobs_only(tmp_path: Path) -> None:
    loaded = modules_of(WORKER, tmp_path / "data")
    assert "backend.core.jobs.store" in loaded
    assert not (FOR_NOBODY | {"gevent", "flask", "backend.core.accounts", "backend.core.ai.service"}) & loaded
    assert not (tmp_path / "data" / "homie_users.db").exists()


def test_an_unseen_package_is_seen_again_afterwards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "lean_start_sample.py").write_text("LOADED = True\n")
    monkeypatch.syspath_prepend(tmp_path)
    with unseen("lean_start_sample", "json"):
        import_module("json")  # what is loaded stays
        with pytest.raises(ImportError):
            import_module("lean_start_sample")
    assert import_module("lean_start_sample").LOADED
    monkeypatch.delitem(sys.modules, "lean_start_sample")


def test_the_block_may_end_with_an_error() -> None:
    with pytest.raises(ZeroDivisionError), unseen("package_of_nobody"):
        raise ZeroDivisionError
    assert "package_of_nobody" not in sys.modules
