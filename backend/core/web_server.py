"""Flask and Socket.IO on gevent: owns host and port, starts serving, and stops without cutting anybody off.

The server is built here instead of by `socketio.run`: with Nagle's algorithm on, every keep-alive answer takes 44 ms,
and only a pool of greenlets can be waited for at the end.
"""

from __future__ import annotations

import os
import socket
from pathlib import Path
from typing import Any

import structlog
from flask import Flask
from flask_socketio import SocketIO
from gevent.pool import Pool

from backend.core.client_address import ClientAddress
from backend.core.client_manager import ClientManager, Sessions
from backend.core.dispatcher import Dispatcher
from backend.core.event_log import EventLog
from backend.core.front_process import FrontProcess
from backend.core.http_handler import HubServer
from backend.core.limits import Limits
from backend.core.metrics import Metrics
from backend.core.settings import HomieSettings
from backend.sdk.errors import Unavailable

log = structlog.get_logger("homie.web")

MOST_SOCKET_BYTES = 1 << 16
CHANNEL = "homie-sockets"


class AddressTaken(Unavailable):
    """Another program listens at our address."""

    code = "address_taken"


class WebServer:
    """Serve HTTP and sockets at one address."""

    def __init__(self, settings: HomieSettings, dispatcher: Dispatcher, *, metrics: Metrics) -> None:
        self._settings = settings
        self._metrics = metrics
        self._server: HubServer | None = None
        self.front: FrontProcess | None = None
        shell = Flask("homie", static_folder=None)
        shell.wsgi_app = dispatcher  # type: ignore[method-assign]
        self.socketio = SocketIO(
            shell,
            async_mode="gevent",
            cors_allowed_origins=lambda _origin, environ: dispatcher.origin_allowed(environ),
            message_queue=settings.redis,
            channel=CHANNEL,
            max_http_buffer_size=MOST_SOCKET_BYTES,
            ping_interval=25,
            ping_timeout=20,
            cookie=None,
            manage_session=False,
            logger=False,
            engineio_logger=False,
        )
        self.wsgi = _SocketGate(shell.wsgi_app, dispatcher)
        self.clients: ClientManager | None = None

    def attach_clients(self, sessions: Sessions, events: EventLog, limits: Limits, start_module: Any) -> ClientManager:
        """Make the manager of socket clients."""
        settings = self._settings
        address = ClientAddress(settings.trusted_proxies)
        self.clients = ClientManager(
            self.socketio.server,
            sessions,
            events,
            limits,
            start_module,
            lambda environ: environ.get("homie.ip") or address.apply(environ),
            rate=settings.socket_events_per_second,
            burst=settings.socket_burst,
            metrics=self._metrics,
        )
        self._metrics.gauge(
            "homie_sockets", "Connected sockets.", lambda: float(self.clients.count if self.clients else 0)
        )
        return self.clients

    def emit(self, name: str, data: dict[str, Any], room: str) -> None:
        """Send to the sockets of a room, in every web process; to all when `room` is empty."""
        self.socketio.server.emit(name, data, to=room or None)
        self._metrics.socket_events.labels("out", "sent").inc()

    def start(self) -> str:
        """Listen and serve; return the address that people use. Raises `AddressTaken`."""
        settings = self._settings
        listener = _listen(settings)
        if settings.app:
            self.front = FrontProcess(settings, listener)
            self._serve(_listen_privately(settings.web_socket))
            self.front.start()
        else:
            self._serve(listener)
        host, port = listener.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def _serve(self, listener: socket.socket) -> None:
        self._server = HubServer(
            listener, self.wsgi, log=None, error_log=_ErrorLog(), spawn=Pool(self._settings.max_connections)
        )
        self._server.start()
        if self.clients:
            self.clients.start()

    def stop(self) -> None:
        """End in order: sockets hear `bye`, no new connections, requests in flight finish, the rest is cut."""
        if self.clients:
            self.clients.stop()
        if self.front is not None:
            self.front.stop()
        if self._server is None:
            return
        for session in list(self.socketio.server.eio.sockets):
            try:
                self.socketio.server.eio.disconnect(session)
            except Exception as error:
                log.debug("socket was gone already", reason=type(error).__name__)
        self._server.drain(self._settings.shutdown_seconds)


def _listen(settings: HomieSettings) -> socket.socket:
    """Take our address. Raises `AddressTaken`."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        listener = socket.create_server((settings.host, settings.port), family=family, backlog=512)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise AddressTaken(
            f"Cannot listen on {where} ({error.strerror}). Is Homie running already? Choose another HOMIE_PORT."
        ) from None
    # Accepted connections inherit it; without, each answer waits 40 ms for an acknowledgement.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def _listen_privately(path: Path) -> socket.socket:
    """Listen on a Unix socket for the front. Its folder is private, and so is the socket itself."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(path))
    finally:
        os.umask(before)
    listener.listen(512)
    listener.setblocking(False)
    return listener


class _SocketGate:
    """Stand before Socket.IO: proxies' words are applied and foreign origins refused for polling and sockets alike."""

    def __init__(self, inner: Any, dispatcher: Dispatcher) -> None:
        self._inner = inner
        self._dispatcher = dispatcher

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        if environ.get("PATH_INFO", "").startswith("/socket.io"):
            self._dispatcher.apply_address(environ)
            if not self._dispatcher.origin_allowed(environ):
                return self._dispatcher.refuse_origin(environ, start_response)
        return self._inner(environ, start_response)


class _ErrorLog:
    """Be pywsgi's error log: bad requests of strangers are worth a debug line, not a trace on the terminal."""

    def write(self, text: str) -> None:
        """Log one message."""
        if text.strip():
            log.debug("http server", note=text.strip()[:300])

    def flush(self) -> None:
        """Do nothing."""
