"""One Socket.IO connection, over a URL or a Unix socket: open, listen, ask, close."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp
import socketio
from socketio.exceptions import ConnectionError as SocketRefused
from socketio.exceptions import SocketIOError

from frontend.api.connection import HubConnection
from frontend.api.transport import Visitor

log = logging.getLogger("homie.app")
CONNECT_SECONDS = 10.0
ASK_SECONDS = 20.0
Hear = Callable[[str, Any], None]


class Refusal(Exception):
    """The hub refused the connection. `code` says why, `retry_after` after how many seconds to ask again."""

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class SocketLine:
    """Make connections to the hub, one at a time. Everything that the hub sends goes to `hear`, in order."""

    def __init__(self, connection: HubConnection, visitor: Visitor | None = None) -> None:
        self._connection = connection
        self._visitor = visitor or Visitor()
        self._socket: Any = None
        self._session: aiohttp.ClientSession | None = None
        self._gone = asyncio.Event()

    async def open(self, token: str, cursors: Mapping[str, str], hear: Hear) -> None:
        """Connect; raises `Refusal`, or `ConnectionError` when nobody answers."""
        await self.close()
        self._gone = gone = asyncio.Event()
        path = self._connection.socket_path
        connector = aiohttp.UnixConnector(path=path) if path else aiohttp.TCPConnector()
        self._session = aiohttp.ClientSession(connector=connector, trust_env=False)
        self._socket = socket = socketio.AsyncClient(
            reconnection=False, http_session=self._session, handle_sigint=False, logger=False, engineio_logger=False
        )
        refusals: list[Any] = []
        socket.on("connect_error", refusals.append)
        socket.on("disconnect", lambda *_: gone.set())
        socket.on("*", lambda name, data=None, *_: hear(name, data))
        try:
            await socket.connect(
                self._connection.url,
                headers=self._headers(),
                auth={"token": token, "cursors": dict(cursors)},
                transports=["websocket"],
                wait_timeout=CONNECT_SECONDS,
            )
        except (SocketIOError, aiohttp.ClientError) as error:
            await self.close()
            raise _refusal(refusals) or ConnectionError(type(error).__name__) from error
        except BaseException:
            await self.close()
            raise

    async def ended(self) -> None:
        """Return when the connection has ended, whoever ended it."""
        await self._gone.wait()

    async def call(self, name: str, data: Mapping[str, Any]) -> Any:
        """Send an event and return what the hub answers; raises `ConnectionError`."""
        if self._socket is None or not self._socket.connected:
            raise ConnectionError("not connected")
        try:
            return await self._socket.call(name, dict(data), timeout=ASK_SECONDS)
        except (SocketIOError, SocketRefused) as error:
            raise ConnectionError(type(error).__name__) from error

    async def close(self) -> None:
        """Hang up; harmless when nothing is connected."""
        socket, self._socket = self._socket, None
        session, self._session = self._session, None
        self._gone.set()
        try:
            if socket is not None:
                await asyncio.wait_for(socket.disconnect(), 2.0)
        except (SocketIOError, TimeoutError, OSError) as error:
            log.debug("a connection was gone already: %s", type(error).__name__)
        finally:
            if session is not None:
                await session.close()

    def _headers(self) -> dict[str, str]:
        given = {"X-Forwarded-For": self._visitor.address, "User-Agent": self._visitor.user_agent}
        return {name: value for name, value in given.items() if value}


def _refusal(told: list[Any]) -> Refusal | None:
    """Read what the hub refused with: `{"message", "data": {"code", "retry_after"}}`."""
    for one in told:
        data = one.get("data") if isinstance(one, Mapping) else None
        if isinstance(data, Mapping) and isinstance(data.get("code"), str):
            wait = data.get("retry_after")
            return Refusal(data["code"], float(wait) if isinstance(wait, (int, float)) else None)
    return None
