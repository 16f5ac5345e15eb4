"""Asking a server outside: checked and pinned addresses, bounded answers, patience with the network only."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from backend.sdk.outgoing import AddressRefused, AnswerUnusable, Outgoing, ServerUnreachable
from tests.local_server import QuietHandler, listening


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[tuple[str, list[str]]]:
    """Run a server; give its address and what it was asked."""
    asked: list[str] = []

    class Handler(QuietHandler):
        def do_GET(self) -> None:
            asked.append(f"{self.headers['Host']} {self.path}")
            answer(self)

    with listening(Handler) as address:
        yield address, asked


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def trial(**more: Any) -> Outgoing:
    return Outgoing(allow_local=True, sleep=lambda _: None, seconds=5, **more)


@pytest.mark.parametrize(
    "address",
    [
        "http://bank.example/", "ftp://bank.example/", "https://", "bank.example", "https://[::1", "",
        "https://user:secret@bank.example/", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_only_https_with_a_name_is_asked(address: str) -> None:
    with pytest.raises(AddressRefused):
        Outgoing().ask("GET", address)


@pytest.mark.parametrize(
    "inside", ["127.0.0.1", "10.0.0.7", "192.168.1.1", "169.254.169.254", "::1", "fe80::1", "0.0.0.0"]
)
def test_a_name_that_leads_into_the_house_is_refused(monkeypatch: pytest.MonkeyPatch, inside: str) -> None:
    """Also where only one of several addresses does."""
    kind = socket.AF_INET6 if ":" in inside else socket.AF_INET
    for found in ([inside], ["93.184.215.14", inside]):
        told = [(kind, socket.SOCK_STREAM, 6, "", (one, 443)) for one in found]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, told=told, **__: told)
        with pytest.raises(AddressRefused):
            Outgoing(sleep=lambda _: None).ask("GET", "https://bank.example/")


def test_the_checked_address_is_the_one_that_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """The name is resolved once; the server still hears the name."""
    looked: list[str] = []
    real = socket.getaddrinfo

    def look(host: str, *more: Any, **options: Any) -> Any:
        looked.append(host)
        return real("127.0.0.1", *more, **options)

    with serving(lambda handler: send(handler, b"{}")) as (address, asked):
        monkeypatch.setattr(socket, "getaddrinfo", look)
        port = address.rpartition(":")[2]
        assert trial().ask("GET", f"http://bank.test:{port}/a?b=c").json() == {}
    assert looked.count("bank.test") == 1
    assert asked == [f"bank.test:{port} /a?b=c"]


def test_a_redirect_is_an_answer_and_not_followed() -> None:
    with serving(lambda handler: send(handler, b"", 302, Location="/elsewhere")) as (address, asked):
        assert trial().ask("GET", address).status == 302
    assert len(asked) == 1


def test_an_answer_is_cut_at_its_size_also_when_it_is_packed() -> None:
    for body, headers in ((b"x" * 2_000_000, {}), (gzip.compress(b"x" * 50_000_000), {"Content_Encoding": "gzip"})):
        with (
            serving(lambda handler, body=body, headers=headers: send(handler, body, **headers)) as (address, asked),
            pytest.raises(AnswerUnusable),
        ):
            trial(most_bytes=1_000_000).ask("GET", address)
        assert len(asked) == 1


def test_an_answer_that_drips_ends_in_time() -> None:
    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        for _ in range(100):
            try:
                handler.wfile.write(b"x")
                handler.wfile.flush()
            except OSError:
                return
            time.sleep(0.05)

    with serving(drip) as (address, _), pytest.raises(ServerUnreachable):
        Outgoing(allow_local=True, sleep=lambda _: None, seconds=0.5, attempts=1).ask("GET", address)


def test_only_the_network_is_asked_again() -> None:
    """An answer of any status is an answer; a dead address is asked as often as said, with growing pauses."""
    with serving(lambda handler: send(handler, b"no", 500)) as (address, asked):
        assert trial().ask("GET", address).status == 500
    assert len(asked) == 1
    pauses: list[float] = []
    outgoing = Outgoing(allow_local=True, sleep=pauses.append, seconds=2, attempts=4)
    with pytest.raises(ServerUnreachable):
        outgoing.ask("GET", address)
    assert pauses == [1.0, 2.0, 4.0]
