"""Everything passes through the front as it came, both ways, and nothing is believed that a stranger says."""

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.frontend.server.stand_in_hub import BLOCK, PATIENCE, Front

MIB = 1 << 20
LARGE = 200 * MIB
SPARE = 60 * MIB


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    made = Front(tmp_path_factory.mktemp("front"))
    # Compressing the engine needs memory once; what is measured here comes after it.
    for name in ("main.dart.js", "main.dart.wasm"):
        for coding in ("br", "gzip"):
            assert made.ask("GET", f"/{name}", Accept_Encoding=coding)[1]["content-encoding"] == coding
    yield made
    made.end()


def _echoed(front: Front, **headers: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, value in json.loads(front.ask("GET", "/api/echo", **headers)[2])["headers"]:
        found.setdefault(name, []).append(value)
    return found


def test_a_large_download_costs_no_memory(front: Front) -> None:
    """Films pass through in pieces: 200 MB raise the peak by less than 60."""
    front.ask("GET", "/")
    before = front.peak_memory
    connection = front.connect()
    connection.request("GET", f"/api/big?{LARGE}")
    response = connection.getresponse()
    assert response.getheader("Content-Length") == str(LARGE)
    got = 0
    while chunk := response.read(MIB):
        got += len(chunk)
    connection.close()
    assert got == LARGE
    assert front.peak_memory - before < SPARE


@pytest.mark.parametrize("chunked", [False, True])
def test_a_large_upload_costs_no_memory(front: Front, chunked: bool) -> None:
    """Uploads pass through in pieces, with and without a known length."""
    before = front.peak_memory
    blocks = (BLOCK for _ in range(LARGE // len(BLOCK)))
    known = {} if chunked else {"Content_Length": str(LARGE)}
    status, _, body = front.ask("POST", "/api/count", blocks, **known)
    assert status == 200
    assert json.loads(body) == {"bytes": LARGE}
    assert front.peak_memory - before < SPARE


def test_a_slow_client_does_not_fill_the_memory(front: Front) -> None:
    """Who does not read makes the hub wait, instead of making the front collect."""
    assert front.hub is not None
    front.hub.left.clear()
    before = front.peak_memory
    connection = front.connect()
    connection.request("GET", "/api/endless")
    response = connection.getresponse()
    response.read(len(BLOCK))
    last = -1
    while front.hub.sent != last:  # until nothing more is taken from it
        last = front.hub.sent
        front.ask("GET", "/api/echo")
        front.hub.left.wait(0.3)
    assert front.hub.sent < 64 * MIB
    assert front.peak_memory - before < SPARE
    connection.close()
    response.close()
    assert front.hub.left.wait(PATIENCE)


def test_a_client_that_leaves_ends_the_work_of_the_hub(front: Front) -> None:
    """A closed tab stops its download at the source."""
    assert front.hub is not None
    front.hub.left.clear()
    connection = front.connect()
    connection.request("GET", "/api/endless")
    response = connection.getresponse()
    response.read(len(BLOCK))
    response.close()
    connection.close()
    assert front.hub.left.wait(PATIENCE)


def test_an_upload_that_breaks_off_breaks_off_at_the_hub(front: Front) -> None:
    """Half a file never looks like a whole one."""
    assert front.hub is not None
    front.hub.left.clear()
    front.hub.asked.clear()
    with socket.create_connection(("127.0.0.1", front.port)) as line:
        line.sendall(b"POST /api/count HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n" + bytes(1000))
        assert front.hub.asked.wait(PATIENCE)
    assert front.hub.left.wait(PATIENCE)


def test_half_an_answer_is_seen_as_half(front: Front) -> None:
    """When the hub dies in mid-answer, the client learns it instead of keeping a torn file."""
    with pytest.raises((http.client.IncompleteRead, ConnectionError)):
        front.ask("GET", "/api/half")


def test_range_head_and_not_modified_pass_unchanged(front: Front) -> None:
    """Films can be wound, and what a browser has is not sent again."""
    status, headers, body = front.ask("GET", "/api/range", Range="bytes=2-5")
    assert (status, headers["content-range"], headers["seen-range"], body) == (
        206,
        "bytes 2-5/10",
        "bytes=2-5",
        b"cdef",
    )
    status, headers, body = front.ask("GET", "/api/same")
    assert (status, headers["etag"], body) == (304, '"x"', b"")
    status, headers, body = front.ask("HEAD", "/api/range")
    assert (status, headers["content-length"], body) == (206, "4", b"")


def test_a_client_that_waits_for_leave_to_send_gets_it(front: Front) -> None:
    """`Expect: 100-continue` is answered here; the hub sees a plain request."""
    with socket.create_connection(("127.0.0.1", front.port), timeout=PATIENCE) as line:
        line.sendall(b"POST /api/count HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 100")
        line.sendall(b"hello")
        got = b""
        while b'{"bytes": 5}' not in got:
            more = line.recv(1000)
            assert more, got
            got += more


def test_paths_are_passed_byte_by_byte(front: Front) -> None:
    """An escaped slash or percent means to the hub what the client wrote."""
    path = "/api/echo?a=%2F&b=%25&c=a+b&d=%C3%A4"
    assert json.loads(front.ask("GET", path)[2])["path"] == path


def test_headers_of_one_connection_stay_with_it(front: Front) -> None:
    """Hop-by-hop headers, also those that `Connection` names, are not passed either way (RFC 9110, section 7.6)."""
    sent = {"Connection": "close, X-Only-Here", "X_Only_Here": "1", "TE": "trailers", "X_Goes_On": "1"}
    seen = _echoed(front, **sent)
    assert seen["x-goes-on"] == ["1"]
    assert not {"x-only-here", "te", "proxy-connection"} & seen.keys()
    headers = front.ask("GET", "/api/echo")[1]
    assert headers["x-for-you"] == "1"
    assert not {"x-between-us", "keep-alive"} & headers.keys()


def test_a_stranger_cannot_say_who_it_is(front: Front) -> None:
    """What was claimed stays before our own word in the chain; scheme and host are what we saw."""
    seen = _echoed(front, X_Forwarded_For="1.2.3.4", X_Forwarded_Proto="https", X_Forwarded_Host="bank.example")
    assert seen["x-forwarded-for"] == ["1.2.3.4, 127.0.0.1"]
    assert seen["x-forwarded-proto"] == ["http"]
    assert seen["x-forwarded-host"] == [f"127.0.0.1:{front.port}"]


def test_a_listed_proxy_is_believed(tmp_path: Path) -> None:
    """Behind a proxy that the settings name, scheme and host are the ones that people use."""
    front = Front(tmp_path, HOMIE_TRUSTED_PROXIES="127.0.0.1")
    try:
        seen = _echoed(front, X_Forwarded_For="9.9.9.9", X_Forwarded_Proto="https", X_Forwarded_Host="homie.example")
    finally:
        front.end()
    assert seen["x-forwarded-for"] == ["9.9.9.9, 127.0.0.1"]
    assert (seen["x-forwarded-proto"], seen["x-forwarded-host"]) == (["https"], ["homie.example"])


def test_a_hub_that_is_away_is_said_in_the_apis_words(tmp_path: Path) -> None:
    """Clients get the error shape that they know, and when to ask again; the page itself still comes."""
    front = Front(tmp_path, ready="/", HOMIE_HUB_SOCKET=str(tmp_path / "nobody.sock"))
    try:
        status, headers, body = front.ask("GET", "/api/v1/accounts/me")
        page = front.ask("GET", "/")
    finally:
        front.end()
    assert status == 503
    assert headers["retry-after"] == "1"
    assert json.loads(body)["error"]["code"] == "hub_away"
    assert page[0] == 200
