"""The way to the hub: one HTTP client per process, over a URL or a Unix socket, shared by all sessions."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import httpx

TIMEOUT = httpx.Timeout(30.0, connect=5.0, pool=15.0)
"""A connection comes up at once or not at all; an answer may take as long as the slowest unit of work of the hub."""


@dataclass
class HubConnection:
    """Hold where the hub is. With `socket_path`, `url` only fills the Host header.

    `wire` replaces the network (tests).
    """

    url: str = "http://homie"
    socket_path: str | None = None
    wire: httpx.AsyncBaseTransport | None = None
    _client: httpx.AsyncClient | None = field(default=None, repr=False)
    _loop: asyncio.AbstractEventLoop | None = field(default=None, repr=False)

    @property
    def is_known(self) -> bool:
        """Tell whether there is somebody to ask; an app on a device first has to learn where its server is."""
        return bool(self.url or self.socket_path or self.wire)

    @property
    def is_shared(self) -> bool:
        """Tell whether other windows use it too: all those that the front serves."""
        return self.socket_path is not None

    @property
    def client(self) -> httpx.AsyncClient:
        """Return the client of the running loop, made on first use."""
        loop = asyncio.get_running_loop()
        if self._client is None or self._loop is not loop:
            secure = self.url.startswith("https:")
            limits = httpx.Limits(max_connections=100, max_keepalive_connections=20, keepalive_expiry=30.0)
            wire = self.wire or httpx.AsyncHTTPTransport(uds=self.socket_path, verify=secure, limits=limits)
            # trust_env=False: the hub is at home; a proxy of the environment has no business in between.
            self._client = httpx.AsyncClient(base_url=self.url, transport=wire, timeout=TIMEOUT, trust_env=False)
            self._loop = loop
        return self._client

    async def close(self) -> None:
        """Close every connection."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None
