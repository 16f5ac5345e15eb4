"""The only way out for AI: one HTTP transport that checks address, bytes, size and time of every exchange.

Rules (security checklist, line 35): no redirects; the name is resolved here and the checked address is the
one that is connected to, so that a second look-up cannot point elsewhere; private addresses only where an
admin named the server; answers are cut at a size and a time; no compressed answers; no proxy from the
environment.
"""

from __future__ import annotations

import contextlib
import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass
from typing import cast

import httpx

from backend.core.ai.errors import (
    AiFailure,
    ProviderFailed,
    ProviderTimeout,
    ProviderUnreachable,
    RequestRefused,
)
from backend.core.ai.settings import AiConfig
from backend.sdk.addresses import Address, address_allowed, is_public


@dataclass(slots=True)
class Exchange:
    """Describe the one exchange that the current greenlet or thread is in.

    `capture`: send nothing, only note what would be sent. `expected`: the bytes that were shown and logged.
    """

    deadline: float
    capture: bool = False
    expected: bytes | None = None
    url: str = ""
    body: bytes = b""


_exchange: ContextVar[Exchange | None] = ContextVar("homie_ai_exchange", default=None)


@contextlib.contextmanager
def exchange(timeout: float, *, capture: bool = False, expected: bytes | None = None) -> Iterator[Exchange]:
    """Set the rules for the requests made inside the block; `timeout` in seconds for all of it."""
    current = Exchange(time.monotonic() + timeout, capture, expected)
    token = _exchange.set(current)
    try:
        yield current
    finally:
        _exchange.reset(token)


@contextlib.contextmanager
def wrapped_errors(provider: str) -> Iterator[None]:
    """Turn what the HTTP library raises into reasons that people understand."""
    try:
        yield
    except AiFailure:
        raise
    except httpx.TimeoutException as problem:
        raise ProviderTimeout(provider) from problem
    except (httpx.NetworkError, httpx.ProxyError, OSError, UnicodeError) as problem:
        # UnicodeError: a host name that no name service could even be asked for.
        raise ProviderUnreachable(provider) from problem
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as problem:
        raise ProviderFailed(provider) from problem


class GuardedTransport(httpx.BaseTransport):
    """Carry requests by the rules above. `allow_private`: the address was set by an admin and may be in the house."""

    def __init__(self, config: AiConfig, *, allow_private: bool, inner: httpx.BaseTransport | None = None) -> None:
        self._config = config
        self._allow_private = allow_private
        self._inner = inner or httpx.HTTPTransport(retries=0, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Check, connect to the checked address, and hand back an answer that cannot grow or last without end."""
        current = _exchange.get()
        if current is None:
            raise RequestRefused  # nobody may use this client outside of `exchange`
        body = request.read()
        if current.capture:
            current.url, current.body = str(request.url), body
            return httpx.Response(200, json={}, request=request)
        if current.expected is not None and body != current.expected:
            raise RequestRefused  # other bytes than those that were logged and could be previewed
        if time.monotonic() >= current.deadline:
            raise httpx.ReadTimeout("the time of the call is over", request=request)
        response = self._inner.handle_request(self._pinned(request, current))
        if response.headers.get("content-encoding", "identity").lower() not in ("", "identity"):
            response.close()
            raise httpx.RemoteProtocolError("a compressed answer was not asked for", request=request)
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_Bounded(response, self._config.max_answer_bytes, current.deadline),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()

    def _pinned(self, request: httpx.Request, current: Exchange) -> httpx.Request:
        """Return the request addressed to the checked IP; host header and TLS name stay those of the URL."""
        host = request.url.host
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        address = self._checked_address(host, port, request.url.scheme)
        left = max(0.05, current.deadline - time.monotonic())
        timeouts = {"connect": min(left, self._config.connect_timeout), "read": left, "write": left, "pool": left}
        headers = request.headers.copy()
        headers["Accept-Encoding"] = "identity"
        return httpx.Request(
            request.method,
            request.url.copy_with(host=str(address)),
            headers=headers,
            content=request.content,
            extensions={**request.extensions, "timeout": timeouts, "sni_hostname": host},
        )

    def _checked_address(self, host: str, port: int, scheme: str) -> Address:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        addresses = [ipaddress.ip_address(str(entry[4][0]).partition("%")[0]) for entry in found]
        if not addresses or not all(address_allowed(a, allow_private=self._allow_private) for a in addresses):
            raise RequestRefused
        if scheme != "https" and any(is_public(a) for a in addresses):
            raise RequestRefused  # keys and content never travel in clear over the internet
        return addresses[0]


class _Bounded(httpx.SyncByteStream):
    """Pass an answer on until it is too long or too late."""

    def __init__(self, response: httpx.Response, limit: int, deadline: float) -> None:
        self._response, self._limit, self._deadline = response, limit, deadline

    def __iter__(self) -> Iterator[bytes]:
        seen = 0
        for chunk in cast(httpx.SyncByteStream, self._response.stream):
            seen += len(chunk)
            if seen > self._limit:
                raise httpx.RemoteProtocolError("the answer is too large")
            if time.monotonic() > self._deadline:
                raise httpx.ReadTimeout("the time of the call is over")
            yield chunk

    def close(self) -> None:
        self._response.close()


class ClientsByThread:
    """Give each native thread a client of its own; greenlets of one thread share it.

    A client shared between a gevent hub and another native thread fails with "Cannot switch to a different
    thread" (research M11). `threading.get_ident` is patched by gevent and names the greenlet,
    `get_native_id` does not.
    """

    def __init__(self, make: Callable[[], httpx.Client]) -> None:
        self._make = make
        self._clients: dict[int, httpx.Client] = {}

    def get(self) -> httpx.Client:
        """Return this thread's client."""
        me = threading.get_native_id()
        client = self._clients.get(me)
        if client is None:
            client = self._clients.setdefault(me, self._make())
        return client

    def close(self) -> None:
        """Close all clients; nobody may ask any more."""
        while self._clients:
            _, client = self._clients.popitem()
            client.close()


def guarded_client(config: AiConfig, *, allow_private: bool) -> httpx.Client:
    """Return a client over the guarded transport."""
    return httpx.Client(
        transport=GuardedTransport(config, allow_private=allow_private), follow_redirects=False, trust_env=False
    )
