"""One hub with the real modules and two people, for tests that walk over the whole API."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.hub import PATIENCE, Hub

PASSWORD = "correct horse staple"


@dataclass
class House:
    """The hub, its document, and the tokens of two people who share nothing."""

    hub: Hub
    document: dict[str, Any]
    anna: str
    bert: str

    def operations(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Give (method, path, operation) of the whole API."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                yield method.upper(), path, operation


def back_up(hub: Hub, token: str) -> None:
    """Make one backup, so that the backup folder is there, as in any household after its first night."""
    queued = hub.post("/api/v1/backups", {"part": "core"}, token=token)
    assert queued.status in (201, 202), queued.body
    job = queued.json["jobs"][0]["job_id"]
    deadline = time.monotonic() + PATIENCE
    while hub.get(f"/api/v1/jobs/{job}", token=token).json.get("state") not in ("done", "failed", None):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("contract")
    files = folder / "files"
    files.mkdir()
    settings = {
        "HOMIE_WORKERS": "1",
        "HOMIE_ANONYMOUS_PER_MINUTE": "1000000",
        "HOMIE_REQUESTS_PER_MINUTE": "1000000",
        "HOMIE_FILE_ROOTS": str(files),
    }
    with Hub(folder / "data", settings) as hub:
        anna = hub.set_up("anna", PASSWORD)
        made = hub.post("/api/v1/accounts/invitations", {"new_account": True}, token=anna)
        body = {"code": made.json["code"], "name": "bert", "password": PASSWORD}
        bert = hub.post("/api/v1/accounts/invitations/accept", body).json["tokens"]["access_token"]
        back_up(hub, anna)
        yield House(hub, hub.get("/openapi.json").json, anna, bert)
