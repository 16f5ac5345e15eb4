"""What draws PDFs is read in with the first one, in a real hub: several people may print at that very moment."""

from __future__ import annotations

import base64
import threading
from pathlib import Path

import pytest

from tests.hub import Answer, Hub

REPORTS = ("months", "payees", "goals", "recurring")


@pytest.mark.slow
def test_many_print_at_once_on_a_fresh_hub(tmp_path: Path) -> None:
    """All of them get their document: one thread reads the package in, the others wait, and the hub goes on."""
    hub = Hub(tmp_path / "data", {"HOMIE_WORKERS": "1"}).start()
    try:
        token = hub.set_up("carl", "correct horse staple")
        money = "/api/v1/financial_manager"
        assert hub.request("GET", f"{money}/accounts", token=token).status == 200
        answers: list[Answer] = []

        def ask(report: str) -> None:
            answers.append(hub.request("GET", f"{money}/insight/table?report={report}&format=pdf", token=token))

        asking = [threading.Thread(target=ask, args=(one,)) for one in REPORTS * 2]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join()
        assert [one.status for one in answers] == [200] * 8, [one.json for one in answers]
        assert all(base64.b64decode(one.json["content"]).startswith(b"%PDF") for one in answers)
    finally:
        hub.kill()
