"""Decide who answers: the hub (API, sockets, files), the app's own socket, or a file of ours."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from frontend.server.environment import FrontEnvironment
from frontend.server.fonts import FallbackFonts
from frontend.server.policy import Windows, same_origin
from frontend.server.proxy import HubProxy, Receive, Scope, Send, client_of, trusted_proxies
from frontend.server.static import StaticFiles

log = logging.getLogger("homie.front")
ASSETS = Path(__file__).parent / "assets"
OF_THE_HUB = ("/api/", "/socket.io/", "/transfers/", "/healthz", "/metrics", "/openapi.json")
APP_SOCKET = "/ws"


class Front:
    """The ASGI application."""

    def __init__(self, environment: FrontEnvironment, app_main: Callable[..., Any]) -> None:
        from flet_web import get_package_web_dir

        self.environment = environment
        self._main = app_main
        engine = Path(get_package_web_dir())
        self.static = StaticFiles((ASSETS, engine), environment.cache_dir)
        self.fonts = FallbackFonts(engine)
        self._trusted = trusted_proxies(environment.trusted_proxies)
        self._windows = Windows(environment.most_sessions, environment.most_windows_per_address)
        self._hub: HubProxy | None = None
        self._background: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, socket or lifespan."""
        kind, path = scope["type"], scope.get("path", "")
        if kind == "lifespan":
            await self._lifespan(receive, send)
        elif path.startswith(OF_THE_HUB):
            assert self._hub is not None
            await (self._hub.websocket if kind == "websocket" else self._hub.http)(scope, receive, send)
        elif kind == "websocket":
            await self._app_socket(scope, receive, send)
        elif self.fonts.knows(path):
            await self.fonts(scope, receive, send)
        else:
            await self.static(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._stop()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _start(self) -> None:
        from flet_web.fastapi.flet_app_manager import app_manager

        self._hub = HubProxy(self.environment.hub_socket, self._trusted)
        await app_manager.start()
        task = asyncio.create_task(self._prepare())
        self._background.add(task)

    async def _prepare(self) -> None:
        try:
            await self.static.prepare()
        except OSError as error:
            log.warning("compressed files cannot be made: %s", error.strerror)

    async def _stop(self) -> None:
        from flet_web.fastapi.flet_app_manager import app_manager

        for task in self._background:
            task.cancel()
        await app_manager.shutdown()
        if self._hub is not None:
            await self._hub.close()

    async def _app_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one window of the app; refuse pages of others (1008) and too many windows (1013)."""
        headers = dict(scope["headers"])
        address = client_of(scope, self._trusted)
        allowed = scope["path"] == APP_SOCKET and same_origin(headers, scope["scheme"], self.environment.public_url)
        if not allowed or not self._windows.enter(address):
            await receive()
            await send({"type": "websocket.close", "code": 1013 if allowed else 1008})
            return
        try:
            await self._serve_window({**scope, "client": (address, 0)}, receive, send)
        finally:
            self._windows.leave(address)

    async def _serve_window(self, scope: Scope, receive: Receive, send: Send) -> None:
        from fastapi import WebSocket
        from flet_web.fastapi.flet_app import FletApp
        from flet_web.fastapi.flet_app_manager import app_manager

        from frontend.server.flet_fixes import part, sessions

        seconds = self.environment.session_seconds
        if len(sessions()) >= self.environment.most_sessions:
            await receive()
            await send({"type": "websocket.close", "code": 1013})
            return
        loop = asyncio.get_running_loop()
        window = FletApp(loop, app_manager.executor, self._main, None, session_timeout_seconds=seconds)
        handle: Callable[[WebSocket], Awaitable[None]] = window.handle
        try:
            await handle(WebSocket(scope, receive, send))
        except Exception as error:
            # Whoever leaves before saying who they are has no session to part with; a line may break in mid-word.
            log.debug("a window left unexpectedly: %s", type(error).__name__)
        finally:
            await part(window, seconds)
