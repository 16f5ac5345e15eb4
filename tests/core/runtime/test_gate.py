"""Who may talk to the hub at all: origins, proxies, cookies, metrics, body sizes, broken HTTP."""

from __future__ import annotations

import http.client
import json
import socket
from pathlib import Path

import pytest
import socketio

from tests.core.runtime.conftest import PASSWORD, Person, make_hub, person, shut
from tests.hub import PATIENCE, Hub

pytestmark = pytest.mark.usefixtures("installation_engine")

EVIL = {"Origin": "http://evil.example"}


def raw(hub: Hub, data: bytes, *, more: bytes = b"") -> bytes:
    """Send bytes as they are and return everything that comes back."""
    with socket.create_connection(("127.0.0.1", hub.port), timeout=PATIENCE) as connection:
        connection.sendall(data)
        if more:
            try:
                connection.sendall(more)
            except (BrokenPipeError, ConnectionResetError):
                pass
        received = b""
        try:
            while chunk := connection.recv(65536):
                received += chunk
        except ConnectionResetError:
            pass
        return received


def from_page(origin: str) -> socketio.Client:
    """Return a client whose sockets say that a page of `origin` opened them."""
    return socketio.Client(reconnection=False, websocket_extra_options={"origin": origin})


def test_a_page_of_a_foreign_origin_changes_nothing(hub: Hub, anna: Person) -> None:
    before = anna.notes()
    answer = hub.post("/api/v1/good/notes", {"text": "evil"}, token=anna.token, headers=EVIL)
    assert (answer.status, answer.json["error"]["code"]) == (403, "origin_refused")
    login = hub.post("/api/v1/accounts/login", {"name": "anna", "password": PASSWORD}, headers=EVIL)
    assert login.status == 403
    assert anna.notes() == before
    assert "access-control-allow-origin" not in answer.headers


def test_our_own_page_may(hub: Hub, anna: Person) -> None:
    answer = hub.post("/api/v1/good/notes", {"text": "own"}, token=anna.token, headers={"Origin": hub.url})
    assert answer.status == 201


@pytest.mark.parametrize("transport", ["websocket", "polling"])
def test_a_socket_of_a_foreign_origin_is_refused(hub: Hub, anna: Person, transport: str) -> None:
    client = from_page("http://evil.example")
    with pytest.raises(socketio.exceptions.ConnectionError):
        headers = EVIL if transport == "polling" else {}
        client.connect(hub.url, auth={"token": anna.token}, transports=[transport], headers=headers)
    shut(client)
    answer = hub.get("/socket.io/?EIO=4&transport=polling", headers=EVIL)
    assert answer.status == 403


def test_no_cors_header_is_sent_unless_an_origin_is_configured(hub: Hub) -> None:
    preflight = hub.request("OPTIONS", "/api/v1/modules", headers=EVIL | {"Access-Control-Request-Method": "POST"})
    assert not any(name.startswith("access-control") for name in preflight.headers)


def test_configured_origins_and_only_they_may_use_http_and_sockets(tmp_path: Path) -> None:
    friend = {"Origin": "http://friend.example"}
    with make_hub(tmp_path, HOMIE_CORS_ORIGINS="http://friend.example") as hub:
        token = hub.set_up("anna", PASSWORD)
        preflight = hub.request(
            "OPTIONS", "/api/v1/modules", headers=friend | {"Access-Control-Request-Method": "POST"}
        )
        assert preflight.status == 204
        assert preflight.headers["access-control-allow-origin"] == "http://friend.example"
        assert "Authorization" in preflight.headers["access-control-allow-headers"]
        assert "access-control-allow-credentials" not in preflight.headers
        assert hub.post("/api/v1/good/notes", {"text": "x"}, token=token, headers=friend).status == 201
        assert hub.post("/api/v1/good/notes", {"text": "x"}, token=token, headers=EVIL).status == 403
        client = from_page("http://friend.example")
        client.connect(hub.url, auth={"token": token}, transports=["websocket"])
        client.disconnect()
        shut(client)


def test_a_forwarded_address_counts_from_trusted_proxies_only(tmp_path: Path) -> None:
    """Inventing addresses gives no fresh limit; behind a listed proxy each visitor has their own."""

    def tries(hub: Hub) -> list[int]:
        found = []
        for n in range(12):
            headers = {"X-Forwarded-For": f"203.0.113.{n}"}
            found.append(hub.get("/api/v1/modules", headers=headers).status)
        return found

    with make_hub(tmp_path / "direct", HOMIE_ANONYMOUS_PER_MINUTE="5") as hub:
        assert tries(hub).count(429) >= 5
    proxied = make_hub(tmp_path / "proxied", HOMIE_ANONYMOUS_PER_MINUTE="5", HOMIE_TRUSTED_PROXIES="127.0.0.1")
    with proxied as hub:
        assert tries(hub).count(429) == 0


def test_limits_are_counted_per_person_and_say_when_to_come_back(tmp_path: Path) -> None:
    with make_hub(tmp_path, HOMIE_REQUESTS_PER_MINUTE="8") as hub:
        token = hub.set_up("anna", PASSWORD)
        answers = [hub.get("/api/v1/modules", token=token) for _ in range(14)]
        refused = [answer for answer in answers if answer.status == 429]
        assert refused
        assert answers[0].status == 200
        assert int(refused[0].headers["retry-after"]) >= 1
        assert refused[0].json["error"]["code"] == "rate_limited"
        assert hub.get("/healthz").status == 200


def test_metrics_are_for_this_machine_and_admins(tmp_path: Path, hub: Hub, anna: Person) -> None:
    assert b"homie_http_requests_total" in hub.get("/metrics").body
    assert anna.token.encode() not in hub.get("/metrics", token=anna.token).body
    assert hub.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status == 401, "a proxy that is not listed"
    assert hub.get("/metrics", headers={"Via": "1.1 caddy"}).status == 401
    assert hub.get("/metrics", headers={"Host": "evil.example:8321"}).status == 401, "a name that leads here"
    assert hub.get("/metrics", headers={"Host": "localhost:8321"}).status == 200
    proxied = make_hub(tmp_path, HOMIE_TRUSTED_PROXIES="127.0.0.1", HOMIE_METRICS_TOKEN="scrape-me-please")
    with proxied as behind:
        assert behind.get("/metrics", headers={"X-Forwarded-For": "203.0.113.5"}).status == 401
        assert behind.get("/metrics", token="scrape-me-please").status == 200
        assert behind.get("/metrics", token="scrape-me-pleas").status == 401


def test_a_cookie_alone_changes_nothing(hub: Hub, anna: Person) -> None:
    """A browser sends cookies by itself, so a change also needs our page's origin and the session's CSRF value."""
    body = {"name": "anna", "password": PASSWORD, "cookie": True}
    connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=PATIENCE)
    connection.request("POST", "/api/v1/accounts/login", json.dumps(body), {"Content-Type": "application/json"})
    answer = connection.getresponse()
    given = [value for name, value in answer.getheaders() if name == "Set-Cookie" and "homie_session=" in value]
    connection.close()
    assert "HttpOnly" in given[0]
    assert "SameSite=Strict" in given[0]
    cookie = {"Cookie": given[0].split(";")[0]}
    csrf = {"X-Homie-CSRF": hub.get("/api/v1/accounts/me", headers=cookie).json["csrf_token"]}
    own = {"Origin": hub.url}
    assert hub.get("/api/v1/good/notes", headers=cookie).status == 200

    def change(headers: dict[str, str]) -> int:
        return hub.post("/api/v1/good/notes", {"text": "c"}, headers=cookie | headers).status

    assert change({}) == 403
    assert change(csrf) == 403
    assert change(own) == 403
    assert change(own | {"X-Homie-CSRF": "guess"}) == 403
    assert change(EVIL | csrf) == 403
    assert change(own | csrf) == 201


def test_an_oversized_body_gets_its_answer_without_being_read(hub: Hub, anna: Person) -> None:
    head = (
        f"POST /api/v1/good/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {anna.token}\r\n"
        "Content-Type: application/json\r\nContent-Length: 4000000000\r\n\r\n"
    ).encode()
    received = raw(hub, head, more=b"x" * 3_000_000)
    assert received.startswith(b"HTTP/1.1 413 ")
    assert b"payload_too_large" in received


def test_an_oversized_chunked_body_is_refused_too(hub: Hub, anna: Person) -> None:
    head = (
        f"POST /api/v1/good/notes HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {anna.token}\r\n"
        "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
    ).encode()
    chunk = b"100000\r\n" + b"x" * 0x100000 + b"\r\n"
    received = raw(hub, head, more=chunk * 4)
    assert received[:12] in (b"HTTP/1.1 413", b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"NONSENSE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"POST /api/v1/accounts/login HTTP/1.1\r\nHost: x\r\nContent-Length: minus\r\n\r\n",
        b"POST /api/v1/accounts/login HTTP/1.1\r\nHost: x\r\nContent-Length: -5\r\n\r\n",
        b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /api/v1/accounts/login HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
    ],
)
def test_broken_http_gets_a_4xx_and_the_hub_goes_on(hub: Hub, request_bytes: bytes) -> None:
    received = raw(hub, request_bytes)
    status = received.split(b" ")[1][:1] if b" " in received else b"4"
    assert status == b"4", received[:100]
    if b"application/json" in received:
        assert set(json.loads(received.partition(b"\r\n\r\n")[2])["error"]) == {
            "code",
            "message",
            "fields",
            "request_id",
        }
    assert hub.get("/healthz").status == 200


SMUGGLED = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 4\r\nTransfer-Encoding: chunked",
        b"Content-Length: 4\r\nContent-Length: 0",
        b"Content-Length: 0\r\nContent-Length: 0",
        b"Content-Length: +0",
        b"Content-Length: 0_0",
        b"Transfer-Encoding: gzip, chunked",
        b"Transfer-Encoding: xchunked",
        b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        b"Content-Length: 0\r\nHost: y",
        b"Content-Length: 0\r\nX-Note: one\r\n two",
        b"no header at all\r\nContent-Length: 0",
    ],
)
def test_no_second_request_hides_in_a_first(hub: Hub, headers: bytes) -> None:
    """What a proxy may read as one request and we as two is refused, and the connection ends."""
    line = b"POST /api/v1/accounts/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    received = raw(hub, line + headers + b"\r\n\r\n" + b"0\r\n\r\n" * (b"chunked" in headers) + SMUGGLED)
    assert received.startswith(b"HTTP/1.1 400"), received[:200]
    assert received.count(b"HTTP/1.1 ") == 1
    assert hub.get("/healthz").status == 200


def test_addresses_that_do_not_exist_have_the_one_error_shape(hub: Hub, anna: Person) -> None:
    for path in (
        "/x",
        "/api",
        "/api/v1",
        "/api/v1/",
        "/api/v1/nothing",
        "/api/v2/modules",
        "/api/v1/good/none",
        "//",
        "/%00",
    ):
        answer = hub.get(path, token=anna.token)
        assert answer.status in (400, 404), path
        assert set(answer.json["error"]) == {"code", "message", "fields", "request_id"}
        assert answer.headers["x-request-id"] == answer.json["error"]["request_id"]


def test_the_start_page_loads_nothing_from_elsewhere(hub: Hub) -> None:
    answer = hub.get("/")
    assert answer.status == 200
    text = answer.body.decode()
    assert "http" not in text.replace("/openapi.json", "")
    assert "<script" not in text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_files_are_sent_whole_and_in_ranges(hub: Hub, anna: Person) -> None:
    whole = bytes(range(256)) * 12_000
    path = "/api/v1/good/notes/file"
    assert hub.get(path, token=anna.token).body == whole
    part = hub.get(path, token=anna.token, headers={"Range": "bytes=1000000-1999999"})
    assert (part.status, part.body) == (206, whole[1_000_000:2_000_000])
    last = hub.get(path, token=anna.token, headers={"Range": "bytes=-7"})
    assert last.body == whole[-7:]
    head = hub.request("HEAD", path, token=anna.token)
    assert (head.status, head.body, head.headers["content-length"]) == (200, b"", str(len(whole)))


def test_no_secret_reaches_the_log(tmp_path: Path) -> None:
    """Tokens, passwords and the set-up code stay out of the log, even at its most talkative."""
    with make_hub(tmp_path, HOMIE_LOG_LEVEL="debug") as hub:
        token = hub.set_up("anna", PASSWORD)
        anna = person(hub, token)
        anna.add_note("very private words")
        hub.get("/api/v1/modules", headers={"Authorization": f"Bearer {token}x"})
        hub.post("/api/v1/accounts/login", {"name": "anna", "password": "wrong but secret"})
        hub.stop()
        printed = "\n".join(line for line in hub.log.splitlines() if "Set-up code" not in line)
    for secret in (token, PASSWORD, "wrong but secret", "very private words"):
        assert secret not in printed
    assert any(json.loads(line).get("request_id") for line in printed.splitlines() if line.startswith("{"))
