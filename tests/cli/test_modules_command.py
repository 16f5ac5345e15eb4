"""`homie modules` beside a running hub: what is switched off there is off here at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.hub import PATIENCE, ROOT, Hub


def homie(hub: Hub, *arguments: str) -> Any:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HOMIE_")}
    environment["HOMIE_DATA_DIR"] = str(hub.data_dir)
    done = subprocess.run(
        [sys.executable, "-m", "backend.cli", *arguments, "--json"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_a_module_disabled_on_the_command_line_stops_in_the_running_hub(tmp_path: Path) -> None:
    """The hub answers 503 with the reason, and works again after `enable`."""
    with Hub(tmp_path / "data", {"HOMIE_WORKERS": "0"}) as hub:
        token = hub.set_up()
        path = "/api/v1/file_organizer/folders"
        assert hub.get(path, token=token).status == 200
        assert homie(hub, "modules", "disable", "file_organizer")["items"][0]["enabled"] is False
        wait_for(hub, path, token, 503)
        assert hub.get(path, token=token).json["error"]["code"] == "module_disabled"
        homie(hub, "modules", "enable", "file_organizer")
        wait_for(hub, path, token, 200)


def wait_for(hub: Hub, path: str, token: str, status: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while hub.get(path, token=token).status != status:
        assert time.monotonic() < deadline, f"{path} never answered {status}"
        time.sleep(0.05)
