"""The only way out: which addresses, how long, how much."""

from __future__ import annotations

import ipaddress
import socket

import httpx
import pytest

from backend.core.ai.errors import AiFailure, ProviderFailed, ProviderUnreachable, RequestRefused
from backend.core.ai.retry import seconds_to_wait
from backend.core.ai.settings import AiConfig
from backend.core.ai.wire import GuardedTransport, exchange, guarded_client, wrapped_errors
from backend.sdk.addresses import address_allowed

CONFIG = AiConfig(max_answer_bytes=1024)


@pytest.mark.parametrize(
    ("address", "public_only", "with_private"),
    [
        ("8.8.8.8", True, True),
        ("2606:4700::1111", True, True),
        ("127.0.0.1", False, True),
        ("::1", False, True),
        ("10.1.2.3", False, True),
        ("192.168.1.20", False, True),
        ("172.16.0.9", False, True),
        ("fd12:3456::1", False, True),
        ("::ffff:192.168.1.20", False, True),
        ("169.254.169.254", False, False),
        ("::ffff:169.254.169.254", False, False),
        ("fe80::1", False, False),
        ("fd00:ec2::254", False, False),
        ("0.0.0.0", False, False),
        ("::", False, False),
        ("224.0.0.1", False, False),
        ("ff02::1", False, False),
        ("255.255.255.255", False, False),
        ("240.0.0.1", False, False),
        ("::ffff:8.8.8.8", True, True),
        ("64:ff9b::8.8.8.8", True, True),
        ("64:ff9b::10.1.2.3", False, False),
        ("64:ff9b::127.0.0.1", False, False),
        ("64:ff9b::169.254.169.254", False, False),
        ("64:ff9b:1::8.8.8.8", False, False),
        ("64:ff9b:1::10.1.2.3", False, False),
        ("2002:0a01:0203::1", False, False),
        ("2002:0808:0808::1", False, False),
        ("2001:0:4136:e378:8000:63bf:3fff:fdd2", False, False),
        ("::10.1.2.3", False, False),
        ("fec0::1", False, False),
        ("3fff::1", False, False),
        ("100.64.0.1", False, False),
    ],
)
def test_which_addresses_ai_may_connect_to(address: str, public_only: bool, with_private: bool) -> None:
    """The house's own network only where an admin named the server; metadata and special addresses never."""
    parsed = ipaddress.ip_address(address)
    assert address_allowed(parsed, allow_private=False) is public_only
    assert address_allowed(parsed, allow_private=True) is with_private


class Noted(httpx.BaseTransport):
    """Note what would be connected to."""

    def __init__(self, answer: httpx.Response | None = None) -> None:
        self.seen: list[httpx.Request] = []
        self.answer = answer or httpx.Response(200, json={})

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        return self.answer


def _resolving(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    asked: list[str] = []

    def look_up(host: str, port: int, **kw: object) -> list[object]:
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return asked


def _ask(inner: Noted, url: str, *, allow_private: bool) -> httpx.Response:
    transport = GuardedTransport(CONFIG, allow_private=allow_private, inner=inner)
    with httpx.Client(transport=transport, trust_env=False) as client, exchange(5.0), wrapped_errors("P"):
        return client.post(url, content=b"{}")


def test_a_name_is_resolved_once_and_the_checked_address_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second look-up cannot point elsewhere; TLS name and host header stay those of the URL."""
    asked, inner = _resolving(monkeypatch, "8.8.8.8"), Noted()
    _ask(inner, "https://ai.example/v1", allow_private=False)
    (sent,) = inner.seen
    assert asked == ["ai.example"]
    assert sent.url.host == "8.8.8.8"
    assert sent.headers["host"] == "ai.example"
    assert sent.extensions["sni_hostname"] == "ai.example"
    assert sent.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    ("url", "addresses", "allow_private"),
    [
        ("https://ai.example/", ("192.168.1.1",), False),
        ("https://ai.example/", ("8.8.8.8", "127.0.0.1"), False),
        ("http://ai.example/", ("8.8.8.8",), True),
        ("http://nas/", ("169.254.169.254",), True),
        ("http://nas/", (), True),
    ],
)
def test_a_name_that_leads_elsewhere_is_refused(
    url: str, addresses: tuple[str, ...], allow_private: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Private targets of public names, mixed answers, clear text over the internet: nothing is sent."""
    _resolving(monkeypatch, *addresses)
    inner = Noted()
    with pytest.raises(RequestRefused):
        _ask(inner, url, allow_private=allow_private)
    assert inner.seen == []


def test_an_answer_is_cut_at_its_limit_and_never_decompressed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server cannot fill the memory."""
    _resolving(monkeypatch, "127.0.0.1")
    for answer in (
        httpx.Response(200, stream=httpx.ByteStream(b"x" * 5000)),
        httpx.Response(200, stream=httpx.ByteStream(b"x"), headers={"Content-Encoding": "br"}),
    ):
        with pytest.raises(ProviderFailed):
            _ask(Noted(answer), "http://nas/", allow_private=True)


def test_other_bytes_than_those_shown_are_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The preview and the log are promises: a request that differs by one byte stays here."""
    _resolving(monkeypatch, "127.0.0.1")
    inner = Noted()
    transport = GuardedTransport(CONFIG, allow_private=True, inner=inner)
    with httpx.Client(transport=transport) as client, pytest.raises(AiFailure), exchange(5.0, expected=b"{}"):
        client.post("http://nas/", content=b"{} ")
    assert inner.seen == []


def test_the_client_is_of_no_use_outside_of_an_exchange() -> None:
    """Nobody can send by accident: no rules set, no request."""
    with guarded_client(CONFIG, allow_private=True) as client, pytest.raises(RequestRefused):
        client.get("http://127.0.0.1:1/")


def test_a_name_that_does_not_exist_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    """Offline is a normal state."""

    def fail(*args: object, **kw: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    with pytest.raises(ProviderUnreachable):
        _ask(Noted(), "https://ai.example/", allow_private=False)


@pytest.mark.parametrize(
    ("hints", "expected"),
    [
        (["2"], 2.0),
        (["2s", "0.5s"], 2.0),
        ([None, "7.25s"], 7.25),
        (["Thu, 01 Jan 2026 12:00:30 GMT"], 30.0),
        (["Thu, 01 Jan 2026 11:00:00 GMT"], 0.0),
        (["soon", None, 3, "", "-1", "9" * 400], None),
    ],
)
def test_how_long_a_provider_asks_to_wait(hints: list[object], expected: float | None) -> None:
    """Seconds, durations and dates are understood; nonsense is no hint."""
    from datetime import UTC, datetime

    assert seconds_to_wait(hints, datetime(2026, 1, 1, 12, 0, tzinfo=UTC)) == expected
