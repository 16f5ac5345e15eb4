"""A real hub with sample modules, people who are logged in, and sockets that remember what they heard."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import socketio

from tests.core.runtime.sample_modules import write_distribution
from tests.engines import database_settings, installation_engine, postgres_server
from tests.hub import PATIENCE, ROOT, Hub
from tests.redis_server import redis_server, running_redis

__all__ = ["installation_engine", "postgres_server", "redis_server", "running_redis"]

PASSWORD = "correct horse staple"


def eventually(what: Callable[[], Any]) -> Any:
    """Return the first true value of `what`; fail when there is none within the patience of tests."""
    deadline = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.01)
    return found


@dataclass
class Ear:
    """One socket, and everything it heard."""

    hub: Hub
    token: str | None
    heard: list[tuple[str, Any]] = field(default_factory=list)
    client: Any = None
    changed: threading.Condition = field(default_factory=threading.Condition)

    def connect(self, cursors: dict[str, str] | None = None, **options: Any) -> Ear:
        self.client = socketio.Client(reconnection=False)
        # the client handles each message in a thread of its own, which loses the order that we want to see
        trigger = self.client.eio._trigger_event
        self.client.eio._trigger_event = lambda event, *args, **options: trigger(
            event, *args, **{**options, "run_async": False}
        )
        self.client.on("*", self._hear)
        self.client.on("disconnect", lambda *_: self._hear("disconnect", None))
        auth = {"token": self.token, "cursors": cursors or {}}
        self.client.connect(self.hub.url, auth=auth, transports=["websocket"], wait_timeout=30, **options)
        self.wait_for("ready")
        return self

    def _hear(self, name: str, data: Any = None, *_: Any) -> None:
        with self.changed:
            self.heard.append((name, data))
            self.changed.notify_all()

    def all(self, name: str) -> list[Any]:
        return [data for heard, data in self.heard if heard == name]

    def wait_for(self, name: str, count: int = 1) -> Any:
        """Return the `count`-th message of that name, waiting for it."""
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.all(name)) >= count, PATIENCE), (name, self.heard[-5:])
        return self.all(name)[count - 1]

    def texts(self) -> list[str]:
        return [event["payload"].get("text") for event in self.all("event") if event["name"] == "good.note_added"]

    def close(self) -> None:
        if self.client is not None:
            self.client.disconnect()
            shut(self.client)


def shut(client: Any) -> None:
    """End the engine's own threads and its socket, which would otherwise be collected while open."""
    client.eio.disconnect()
    client.eio.wait()
    if client.eio.ws is not None:
        client.eio.ws.close()
        client.eio.ws.shutdown()  # one that the server ended counts as closed already, but keeps its socket


@dataclass
class Person:
    hub: Hub
    token: str
    space: str

    def add_note(self, text: str) -> Any:
        answer = self.hub.post("/api/v1/good/notes", {"text": text}, token=self.token)
        assert answer.status == 201, answer.body
        return answer.json

    def notes(self) -> list[str]:
        answer = self.hub.get("/api/v1/good/notes?limit=200", token=self.token)
        return [item["text"] for item in answer.json["items"]]


def make_hub(folder: Path, **environment: str) -> Hub:
    """Return a hub (not started) with the sample modules, limits that tests do not reach, the engine of this run."""
    if not (folder / "dist").exists():
        write_distribution(folder / "dist")
    settings = {
        "PYTHONPATH": f"{ROOT}:{folder / 'dist'}",
        "HOMIE_WORKERS": "0",
        "HOMIE_ANONYMOUS_PER_MINUTE": "100000",
        "HOMIE_REQUESTS_PER_MINUTE": "100000",
        "HOMIE_LOG_FORMAT": "json",
    }
    return Hub(folder / "data", settings | database_settings(folder) | environment)


def person(hub: Hub, token: str) -> Person:
    me = hub.get("/api/v1/accounts/me", token=token).json
    return Person(hub, token, me["person"]["private_space_id"])


def second_person(hub: Hub, admin: Person, name: str) -> Person:
    """Invite somebody and let them in."""
    made = hub.post("/api/v1/accounts/invitations", {"new_account": True}, token=admin.token)
    assert made.status in (200, 201), made.body
    code = made.json["code"]
    answer = hub.post("/api/v1/accounts/invitations/accept", {"code": code, "name": name, "password": PASSWORD})
    assert answer.status in (200, 201), answer.body
    return person(hub, answer.json["tokens"]["access_token"])


@pytest.fixture(scope="session")
def hub(tmp_path_factory: pytest.TempPathFactory, installation_engine: str) -> Iterator[Hub]:
    with make_hub(tmp_path_factory.mktemp("hub")) as running:
        yield running


@pytest.fixture(scope="session")
def anna(hub: Hub) -> Person:
    return person(hub, hub.set_up("anna", PASSWORD))


@pytest.fixture(scope="session")
def bert(hub: Hub, anna: Person) -> Person:
    return second_person(hub, anna, "bert")


@pytest.fixture
def ear(hub: Hub) -> Iterator[Callable[..., Ear]]:
    """Make sockets on the shared hub; all are closed at the end."""
    made: list[Ear] = []

    def make(token: str | None) -> Ear:
        made.append(Ear(hub, token))
        return made[-1]

    yield make
    for one in made:
        one.close()
