"""The hub keeps its front alive, takes it along when it ends, and answers the same with and without it."""

import json
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import socketio

from tests.hub import PATIENCE, Hub

STOP_SECONDS = 5.0


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("app") / "data", app=True) as made:
        yield made


@pytest.fixture(scope="module")
def token(hub: Hub) -> str:
    return hub.set_up()


def _front(hub: Hub) -> psutil.Process:
    assert hub.process is not None
    children = psutil.Process(hub.process.pid).children()
    return next(child for child in children if "frontend.server" in child.cmdline())


def _until(what: Callable[[], Any]) -> Any:
    deadline = time.monotonic() + PATIENCE
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found


def test_one_address_serves_app_and_api(hub: Hub) -> None:
    """Page, deep link, engine, health and API come from the same port; what is not there is said."""
    for path in ("/", "/settings/devices"):
        page = hub.get(path)
        assert page.status == 200
        assert page.headers["content-type"].startswith("text/html")
        assert b"flutter_bootstrap.js" in page.body
    assert hub.get("/healthz").status == 200
    assert hub.get("/openapi.json").json["openapi"].startswith("3.")
    assert hub.get("/api/v1/accounts/me").status == 401
    assert hub.get("/nothing.js").status == 404
    assert hub.post("/").status == 405


@pytest.mark.parametrize(
    "path", ["/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/..%2f..%2fetc/passwd", "/a%00.js"]
)
def test_nothing_outside_of_the_folders_is_served(hub: Hub, path: str) -> None:
    """A path cannot climb out."""
    answer = hub.get(path)
    assert answer.status in (200, 404)
    assert b"root:" not in answer.body


def test_every_page_carries_the_policy(hub: Hub) -> None:
    """Scripts, frames and types are held to ours on every answer of the app."""
    for path in ("/", "/main.dart.js", "/nothing.js", "/manifest.json"):
        headers = hub.get(path).headers
        assert "frame-ancestors 'none'" in headers["content-security-policy"]
        assert "default-src 'self'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert "cross-origin-embedder-policy" not in headers  # ADR 0205: with it windows freeze
        assert headers["referrer-policy"] == "same-origin"


def test_files_are_checked_instead_of_sent_again(hub: Hub) -> None:
    """The ETag is of the content and of the coding; a browser that has it gets 304."""
    plain = hub.get("/flutter_bootstrap.js")
    assert plain.headers["cache-control"] == "no-cache"
    again = hub.get("/flutter_bootstrap.js", headers={"If-None-Match": f'"other", {plain.headers["etag"]}'})
    assert (again.status, again.body) == (304, b"")
    packed = _until(lambda: (a := hub.get("/main.dart.mjs", headers={"Accept-Encoding": "br"})) and _packed(a))
    assert packed.headers["etag"] != hub.get("/main.dart.mjs").headers["etag"]
    assert "accept-encoding" in packed.headers["vary"].lower()


def _packed(answer: Any) -> Any:
    return answer if answer.headers.get("content-encoding") == "br" else None


@pytest.mark.parametrize("transports", [["polling"], ["websocket"], ["polling", "websocket"]])
def test_sockets_pass_through_the_front(hub: Hub, token: str, transports: list[str]) -> None:
    """Polling, websocket and the change from one to the other work as without it."""
    client = socketio.Client()
    client.connect(hub.url, auth={"token": token}, transports=transports, wait_timeout=20)
    assert client.connected
    client.disconnect()


def test_a_socket_with_a_bad_token_is_refused(hub: Hub) -> None:
    """Nobody listens without having logged in."""
    client = socketio.Client()
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(hub.url, auth={"token": "nonsense"}, wait_timeout=20)


@pytest.mark.parametrize("path", ["/ws", "/socket.io/?EIO=4&transport=websocket"])
def test_a_page_of_somebody_else_gets_no_socket(hub: Hub, path: str) -> None:
    """Neither the app's own socket nor the hub's is opened for a foreign origin."""
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{hub.port}\r\nOrigin: https://evil.example\r\n"
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n".encode()
        )
        assert b" 101 " not in line.recv(1000).split(b"\r\n")[0]


def test_a_stranger_cannot_pretend_another_address(hub: Hub) -> None:
    """The throttle counts who really asks: a claimed address in the chain does not give fresh tries."""
    seen = set()
    for number in range(40):
        claimed = {"X-Forwarded-For": f"198.51.100.{number}"}
        seen.add(hub.post("/api/v1/accounts/login", {"name": "nobody", "password": "wrong"}, headers=claimed).status)
    assert 429 in seen


def test_a_front_that_is_killed_comes_back_and_the_hub_stays(hub: Hub) -> None:
    """Connections wait at the port, which the hub holds, until the next front takes them."""
    before = _front(hub)
    before.kill()
    before.wait(PATIENCE)
    assert hub.get("/", timeout=PATIENCE).status == 200
    assert _front(hub).pid != before.pid
    assert hub.process is not None
    assert hub.process.poll() is None


def test_a_stopped_hub_takes_its_front_along_in_time(tmp_path: Path) -> None:
    """Ctrl+C and SIGTERM end everything, with a window's line open."""
    hub = Hub(tmp_path / "data", app=True).start()
    front = _front(hub)
    with socket.create_connection(("127.0.0.1", hub.port)) as line:
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        line.recv(100)
        began = time.monotonic()
        assert hub.stop(signal.SIGTERM) == 0
        assert time.monotonic() - began < STOP_SECONDS * 3  # a busy machine; the target is checked by the benchmark
    assert not front.is_running()


def test_a_hub_that_is_killed_leaves_no_front(tmp_path: Path) -> None:
    """The kernel ends the front, and the port is free for the next start."""
    hub = Hub(tmp_path / "data", app=True).start()
    front = _front(hub)
    hub.kill()
    front.wait(PATIENCE)
    hub.start()
    assert hub.stop() == 0


def test_a_port_that_is_taken_is_said(tmp_path: Path) -> None:
    """A start on a port of somebody else ends at once, in words, before any front is started."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        second = Hub(tmp_path / "data", app=True, port=other.getsockname()[1])
        with pytest.raises(AssertionError, match="HOMIE_PORT"):
            second.start()


def test_without_the_app_the_hub_answers_itself(tmp_path: Path) -> None:
    """HOMIE_APP=false: the status page, no second process, no socket file."""
    with Hub(tmp_path / "data") as hub:
        assert b"flutter" not in hub.get("/").body
        assert hub.process is not None
        children = psutil.Process(hub.process.pid).children()
        assert not any("frontend.server" in child.cmdline() for child in children)
        assert not (hub.data_dir / "run" / "web.sock").exists()


def test_the_private_socket_is_private(hub: Hub) -> None:
    """Whoever reaches the hub's socket is believed about addresses, so only the hub's user may."""
    path = hub.data_dir / "run" / "web.sock"
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0
    assert json.loads(hub.get("/healthz").body)
    assert os.path.exists(path)
