"""A real hub, people with a granted folder each, and a small client of the tus protocol."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.engines import database_settings, installation_engine, postgres_server
from tests.hub import Answer, Hub

__all__ = ["installation_engine", "postgres_server"]

PASSWORD = "correct horse staple"
PART = "application/offset+octet-stream"
TUS = {"Tus-Resumable": "1.0.0"}


def make_hub(folder: Path, **environment: str) -> Hub:
    """Return a hub (not started) with limits that tests do not reach, on the engine of this run."""
    settings = {
        "HOMIE_WORKERS": "0",
        "HOMIE_ANONYMOUS_PER_MINUTE": "100000",
        "HOMIE_REQUESTS_PER_MINUTE": "100000",
        "HOMIE_LOG_FORMAT": "json",
        "HOMIE_LOG_LEVEL": "debug",
        "HOMIE_BACKUP_HOUR": "-1",
    }
    return Hub(folder / "data", settings | database_settings(folder) | environment)


def encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


@dataclass
class Person:
    """One person, their token and their folder."""

    hub: Hub
    token: str
    space: str
    folder: Path

    def link(self, path: Path | str, **more: Any) -> Answer:
        return self.hub.post("/api/v1/transfers/links", {"path": str(path), **more}, token=self.token)

    def url(self, path: Path | str, **more: Any) -> str:
        answer = self.link(path, **more)
        assert answer.status == 201, answer.body
        return str(answer.json["url"])

    def upload_ticket(self, folder: Path | None = None) -> str:
        """Return the address of the uploads of an upload page."""
        asked = {"folder": str(folder or self.folder)}
        answer = self.hub.post("/api/v1/transfers/upload_links", asked, token=self.token)
        assert answer.status == 201, answer.body
        return "/transfers/u/" + answer.json["url"].rsplit("/", 1)[-1]

    def begin(self, name: str, size: int, *, folder: Path | str | None = None, **metadata: str) -> Answer:
        """Begin an upload with the token."""
        given = {"filename": name, "folder": str(folder or self.folder), **metadata}
        text = ",".join(f"{key} {encoded(value)}" for key, value in given.items())
        headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": text}
        return self.hub.post("/api/v1/transfers/uploads", headers=headers, token=self.token)

    def begun(self, name: str, size: int, **more: Any) -> str:
        answer = self.begin(name, size, **more)
        assert answer.status == 201, answer.body
        return answer.headers["location"]

    def send(self, where: str, offset: int, data: bytes, **headers: str) -> Answer:
        """Send one part."""
        sent = TUS | {"Upload-Offset": str(offset), "Content-Type": PART} | headers
        return self.hub.request("PATCH", where, data, headers=sent, token=self.token)

    def offset(self, where: str) -> int:
        answer = self.hub.request("HEAD", where, headers=TUS, token=self.token)
        assert answer.status == 200, answer.status
        return int(answer.headers["upload-offset"])


def grant(hub: Hub, admin: str, space: str, folder: Path, *, writable: bool = True) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = {"space_id": space, "path": str(folder), "writable": writable}
    answer = hub.post("/api/v1/accounts/roots", body, token=admin)
    assert answer.status == 201, answer.body


def make_person(hub: Hub, admin: str, token: str, folder: Path) -> Person:
    space = hub.get("/api/v1/accounts/me", token=token).json["person"]["private_space_id"]
    grant(hub, admin, space, folder)
    return Person(hub, token, space, folder)


def invited(hub: Hub, admin: str, name: str) -> str:
    made = hub.post("/api/v1/accounts/invitations", {"new_account": True}, token=admin)
    body = {"code": made.json["code"], "name": name, "password": PASSWORD}
    answer = hub.post("/api/v1/accounts/invitations/accept", body)
    assert answer.status in (200, 201), answer.body
    return str(answer.json["tokens"]["access_token"])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, installation_engine: str) -> Iterator[tuple[Hub, str, Path]]:
    """A running hub, its administrator's token, and where granted folders lie."""
    folder = tmp_path_factory.mktemp("transfers")
    with make_hub(folder) as hub:
        yield hub, hub.set_up("anna", PASSWORD), folder / "files"


@pytest.fixture(scope="session")
def admin(house: tuple[Hub, str, Path]) -> Person:
    hub, token, files = house
    return make_person(hub, token, token, files / "admin")


_COUNT: list[int] = []


@pytest.fixture
def anna(house: tuple[Hub, str, Path], admin: Person) -> Person:
    """The administrator with an empty folder of this test's own."""
    hub, token, files = house
    _COUNT.append(1)
    folder = files / f"anna-{len(_COUNT)}"
    grant(hub, token, admin.space, folder)
    return Person(hub, token, admin.space, folder)


@pytest.fixture(scope="session")
def ben(house: tuple[Hub, str, Path], admin: Person) -> Person:
    hub, token, files = house
    return make_person(hub, token, invited(hub, token, "ben"), files / "ben")
