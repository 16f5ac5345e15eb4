"""Pass requests and sockets on to the hub, both ways as they come: nothing is collected, so memory stays flat.

Headers follow RFC 9110, section 7.6: what belongs to one connection stays with it. The hub believes `X-Forwarded-*`
only on its Unix socket, so what a stranger says about itself is dropped or extended here.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

import aiohttp
from yarl import URL

log = logging.getLogger("homie.front")

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Trusted = Callable[[str], bool]

HOP_BY_HOP = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection "
    b"te trailer transfer-encoding upgrade".split()
)
_REPLACED = frozenset((b"host", b"expect", b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded"))
_OF_THE_HANDSHAKE = frozenset(
    b"sec-websocket-key sec-websocket-version sec-websocket-extensions "
    b"sec-websocket-protocol sec-websocket-accept".split()
)
_UPSTREAM = URL("http://hub")
_CONNECT_SECONDS = 5.0
MOST_MESSAGE = 1 << 20
"""Largest socket message that is passed on, bytes; the hub itself takes 64 KiB."""


class HubProxy:
    """Talk to the hub on its Unix socket for everybody. Make it inside the event loop, close it at the end."""

    def __init__(self, socket_path: str, trusted: Trusted) -> None:
        self._trusted = trusted
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(path=socket_path, limit=0, keepalive_timeout=30.0),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_SECONDS),
            auto_decompress=False,
            trust_env=False,
            read_bufsize=1 << 17,
        )

    async def close(self) -> None:
        """End every connection to the hub."""
        await self._session.close()

    async def http(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request with what the hub answers; 503 in the API's error shape when it is away."""
        body = _Body(receive, _has_body(scope))
        started = asyncio.Event()
        answering = asyncio.ensure_future(self._answer(scope, body, send, started))
        leaving = asyncio.ensure_future(body.left())
        try:
            await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                answering.cancel()  # the client is gone: the hub need not go on
            with contextlib.suppress(asyncio.CancelledError):
                await answering
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            log.info("the hub did not answer: %s", type(error).__name__)
            if started.is_set():
                raise  # the server cuts the connection, so that nobody takes half an answer for a whole one
            await _unavailable(send)
        finally:
            leaving.cancel()

    async def _answer(self, scope: Scope, body: _Body, send: Send, started: asyncio.Event) -> None:
        async with self._session.request(
            scope["method"],
            _target(scope),
            headers=_forwarded(scope, self._trusted),
            data=body.chunks() if body.expected else None,
            allow_redirects=False,
            skip_auto_headers=("User-Agent", "Accept", "Accept-Encoding", "Content-Type"),
        ) as response:
            started.set()
            await send(
                {"type": "http.response.start", "status": response.status, "headers": _end_to_end(response.raw_headers)}
            )
            if scope["method"] != "HEAD":
                async for chunk in response.content.iter_any():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    async def websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Join a client's socket with one of the hub's; each side's end ends the other."""
        await receive()  # websocket.connect
        try:
            upstream = await self._session.ws_connect(
                _target(scope),
                headers=_forwarded(scope, self._trusted, _OF_THE_HANDSHAKE),
                protocols=scope.get("subprotocols") or (),
                max_msg_size=MOST_MESSAGE,
                autoping=True,
            )
        except (TimeoutError, aiohttp.ClientError, OSError):
            await send({"type": "websocket.close", "code": 1013})
            return
        async with upstream:
            await send({"type": "websocket.accept", "subprotocol": upstream.protocol})
            down = asyncio.ensure_future(_pass_down(upstream, send))
            up = asyncio.ensure_future(_pass_up(receive, upstream))
            await asyncio.wait((down, up), return_when=asyncio.FIRST_COMPLETED)
            for task in (down, up):
                task.cancel()
            for task in (down, up):
                with contextlib.suppress(asyncio.CancelledError, Exception):
                    await task


class _Body:
    """Read one request's body from the server, and notice when the client leaves."""

    def __init__(self, receive: Receive, expected: bool) -> None:
        self.expected = expected
        self._receive = receive
        self._read = asyncio.Event()
        self._gone = False
        if not expected:
            self._read.set()

    async def chunks(self) -> AsyncIterator[bytes]:
        """Yield the body as it arrives; a client that leaves in the middle breaks the request off."""
        while True:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                self._gone = True
                self._read.set()
                raise aiohttp.ClientPayloadError("the client left")
            if message.get("body"):
                yield message["body"]
            if not message.get("more_body"):
                self._read.set()
                return

    async def left(self) -> None:
        """Return when the client has left; the body is read first."""
        await self._read.wait()
        while not self._gone:
            self._gone = (await self._receive())["type"] == "http.disconnect"


async def _pass_down(upstream: aiohttp.ClientWebSocketResponse, send: Send) -> None:
    async for message in upstream:
        if message.type is aiohttp.WSMsgType.TEXT:
            await send({"type": "websocket.send", "text": message.data})
        elif message.type is aiohttp.WSMsgType.BINARY:
            await send({"type": "websocket.send", "bytes": message.data})
    await send({"type": "websocket.close", "code": upstream.close_code or 1000})


async def _pass_up(receive: Receive, upstream: aiohttp.ClientWebSocketResponse) -> None:
    while (message := await receive())["type"] == "websocket.receive":
        if (text := message.get("text")) is not None:
            await upstream.send_str(text)
        else:
            await upstream.send_bytes(message["bytes"])
    await upstream.close(code=message.get("code") or 1000)


def _target(scope: Scope) -> URL:
    """Return the hub's address of what was asked for, byte by byte as it was written."""
    path = scope.get("raw_path", scope["path"].encode()).split(b"?")[0].decode("latin-1")
    query = scope["query_string"].decode("latin-1")
    return URL(f"{_UPSTREAM}{path}{'?' + query if query else ''}", encoded=True)


def _forwarded(scope: Scope, trusted: Trusted, drop: frozenset[bytes] = frozenset()) -> list[tuple[str, str]]:
    """Return the request's headers for the hub: without those of this connection, with who asked.

    The chain of addresses goes on as it is, with our own peer at its end; the hub walks it from there. Scheme and host
    are a listed proxy's or our own.
    """
    given: list[tuple[bytes, bytes]] = scope["headers"]
    named = {part.strip() for name, value in given if name == b"connection" for part in value.lower().split(b",")}
    skip = HOP_BY_HOP | _REPLACED | named | drop
    peer = str(scope["client"][0]) if scope.get("client") else "unknown"
    first: dict[bytes, str] = {name: value.decode("latin-1") for name, value in reversed(given)}
    chain = [value.decode("latin-1") for name, value in given if name == b"x-forwarded-for"]
    given_scheme = str(scope["scheme"])
    scheme = {"ws": "http", "wss": "https"}.get(given_scheme, given_scheme)
    host = first.get(b"host", "hub")
    if trusted(peer):
        scheme = first.get(b"x-forwarded-proto", scheme)
        host = first.get(b"x-forwarded-host", host)
    kept = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in given if name not in skip]
    return [
        *kept,
        ("Host", host),
        ("X-Forwarded-For", ", ".join([*chain, peer])),
        ("X-Forwarded-Proto", scheme),
        ("X-Forwarded-Host", host),
    ]


def client_of(scope: Scope, trusted: Trusted) -> str:
    """Return who really asks: the last address of the chain that is no listed proxy."""
    address = str(scope["client"][0]) if scope.get("client") else "unknown"
    chain = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    for hop in reversed([part.strip() for part in ",".join(chain).split(",") if part.strip()]):
        if not trusted(address):
            break
        try:
            address = str(ip_address(hop))
        except ValueError:
            break
    return address


def trusted_proxies(listed: Sequence[str]) -> Trusted:
    """Return who is a listed proxy; an entry that is no network was refused by the hub already."""
    networks = [ip_network(one.strip(), strict=False) for one in listed]

    def trusted(peer: str) -> bool:
        try:
            address = ip_address(peer)
        except ValueError:
            return False
        return any(address in network for network in networks)

    return trusted


def _end_to_end(headers: Any) -> list[tuple[bytes, bytes]]:
    given = [(name.lower(), value) for name, value in headers]
    named = {part.strip() for name, value in given if name == b"connection" for part in value.lower().split(b",")}
    return [(name, value) for name, value in given if name not in HOP_BY_HOP and name not in named]


def _has_body(scope: Scope) -> bool:
    for name, value in scope["headers"]:
        if name == b"transfer-encoding" or (name == b"content-length" and value.strip() != b"0"):
            return True
    return False


async def _unavailable(send: Send) -> None:
    error = {
        "code": "hub_away",
        "message": "Homie is starting or was stopped.",
        "fields": [],
        "request_id": "",
    }
    body = json.dumps({"error": error}).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"retry-after", b"1"),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})
