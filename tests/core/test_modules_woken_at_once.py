"""On a fresh hub, Home wakes every module at the same moment: all of them come up."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from tests.hub import PATIENCE, Hub

PASSWORD = "correct horse staple"


@pytest.mark.slow
@pytest.mark.parametrize("attempt", range(3))
def test_modules_that_are_woken_at_once_all_run(tmp_path: Path, attempt: int) -> None:
    """Their code is imported one after the other: native threads that declare classes at once would wait for ever."""
    hub = Hub(tmp_path / "data", {"HOMIE_WORKERS": "1"}).start()
    try:
        token = hub.set_up("carl", PASSWORD)
        asking = [
            threading.Thread(target=hub.request, args=("GET", "/api/v1/home"), kwargs={"token": token})
            for _ in range(2)
        ]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        deadline = time.monotonic() + PATIENCE
        states = {"not asked yet"}
        while states != {"running"}:
            assert time.monotonic() < deadline, states
            time.sleep(0.1)
            items = hub.request("GET", "/api/v1/modules", token=token).json["items"]
            states = {module["state"] for module in items}
        assert len(items) >= 2
    finally:
        hub.kill()
