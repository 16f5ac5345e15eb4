"""Socket sessions: who is connected, in which module, and what they missed while away.

    client -> server                                server -> client
    connect, auth {token, cursors}                  ready {user_id, spaces, cursors}
    switch_module {module}                          module_switched {module, api}, module_failed {module, code, ...}
    resume {cursors}                                event {name, owner_id, cursor, payload, ...}
                                                    reload {owner_id, cursor}, rate_limited {retry_after}
                                                    logged_out, access_changed, bye

Every event of a client passes the same gate: token bucket, then a look whether its session still lives.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import structlog
from socketio.exceptions import ConnectionRefusedError as Refused

from backend.core.client_address import limit_key
from backend.core.dispatcher import cookie_token
from backend.core.event_bus import room_of
from backend.core.event_log import EventLog
from backend.core.limits import Limit, Limits
from backend.core.metrics import Metrics
from backend.sdk.actor import Actor
from backend.sdk.concurrency import Task, spawn
from backend.sdk.errors import HomieError, InternalError, NotAuthenticated
from backend.sdk.ids import new_id

log = structlog.get_logger("homie.sockets")

SWEEP_SECONDS = 5.0
CONNECTS = "60/minute"
PATIENCE_OVERDRAFT = 200
"""A client that goes on sending this many refused events is disconnected."""


class Sessions(Protocol):
    """Know sessions and their actors (`core/accounts`)."""

    def authenticate(self, token: str, ip: str = "", user_agent: str = "") -> tuple[Actor, str]:
        """Return the actor and the session id; raises `NotAuthenticated`."""
        ...

    def session_alive(self, session_id: str) -> bool:
        """Tell whether the session may still be used."""
        ...

    def actor_of_session(self, session_id: str) -> Actor:
        """Return the session's actor as it is now; raises `NotAuthenticated`."""
        ...


@dataclass(slots=True)
class Client:
    """Hold one connected socket. `told` are the spaces that it was last told of, None before its welcome."""

    sid: str
    session_id: str
    actor: Actor
    ip: str
    module: str | None = None
    refused: int = 0
    rooms: set[str] = field(default_factory=set)
    told: frozenset[str] | None = None


class ClientManager:
    """Own the sockets. `sio` is the python-socketio server; `start_module` makes a module usable or raises."""

    def __init__(
        self,
        sio: Any,
        sessions: Sessions,
        events: EventLog,
        limits: Limits,
        start_module: Callable[[str], object],
        address: Callable[[dict[str, Any]], str],
        *,
        rate: float = 20.0,
        burst: int = 40,
        metrics: Metrics | None = None,
    ) -> None:
        self._sio = sio
        self._sessions = sessions
        self._events = events
        self._limits = limits
        self._start_module = start_module
        self._address = address
        self._limit = Limit(float(burst), rate)
        self._metrics = metrics
        self._clients: dict[str, Client] = {}
        self._stopping = threading.Event()
        self._sweeper: Task | None = None
        sio.on("connect", self._connect)
        sio.on("disconnect", self._disconnected)
        sio.on("switch_module", self._guarded(self._switch_module))
        sio.on("resume", self._guarded(self._resume))
        sio.on("*", lambda _event, sid, *_: self._refuse_unknown(sid))

    def start(self) -> None:
        """Begin to watch for sessions that end or change in other processes, or while nobody could be asked."""
        self._sweeper = spawn(self._sweep, name="socket-sweeper")

    def stop(self) -> None:
        """Say goodbye to everybody and close every socket."""
        self._stopping.set()
        self._sio.emit("bye", {"reason": "shutdown"})
        self._sio.sleep(0.02)
        for sid in list(self._clients):
            self._close(sid)

    @property
    def count(self) -> int:
        """Return how many sockets are connected here."""
        return len(self._clients)

    def in_modules(self) -> dict[str, int]:
        """Return how many clients are in which module."""
        found: dict[str, int] = {}
        for client in self._clients.values():
            if client.module:
                found[client.module] = found.get(client.module, 0) + 1
        return found

    def revoke(self, session_ids: Sequence[str]) -> None:
        """Close the sockets of sessions that ended."""
        ended = set(session_ids)
        for client in [c for c in self._clients.values() if c.session_id in ended]:
            self._log_out(client)

    def access_changed(self, user_id: str) -> None:
        """Let a person's sockets join and leave rooms as their spaces are now."""
        for client in [c for c in self._clients.values() if c.actor.user_id == user_id]:
            try:
                self._give_access(client, self._sessions.actor_of_session(client.session_id))
            except NotAuthenticated:
                self._log_out(client)
            except Exception:  # the next socket must hear of it all the same; the sweep comes back to this one
                log.exception("a socket could not be told that its access has changed")

    # ------------------------------------------------------------------ coming and going

    def _connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        ip = self._address(environ)
        wait = self._limits.take(f"socket-connect|{limit_key(ip)}", CONNECTS)
        if wait > 0:
            raise Refused("Too many connections. Please wait a moment.", {"code": "rate_limited", "retry_after": wait})
        given = auth if isinstance(auth, Mapping) else {}
        token = given.get("token") or cookie_token(environ.get("HTTP_COOKIE", ""))
        if not isinstance(token, str):
            raise Refused("Please log in.", {"code": "not_authenticated"})
        try:
            actor, session_id = self._sessions.authenticate(token, ip, environ.get("HTTP_USER_AGENT", ""))
        except NotAuthenticated as error:
            raise Refused(error.message, {"code": error.code}) from None
        self._clients[sid] = Client(sid, session_id, actor, ip)
        # The connection is accepted only after this function; the welcome must follow it, not precede it.
        spawn(self._welcome, sid, given.get("cursors"), name="socket-welcome")

    def _welcome(self, sid: str, cursors: Any) -> None:
        """Let a socket in; one that cannot be is closed, for it would wait for ever for what it never hears."""
        try:
            self._let_in(sid, cursors)
        except Exception:
            log.exception("a socket could not be welcomed")
            self._close(sid)

    def _let_in(self, sid: str, cursors: Any) -> None:
        client = self._clients.get(sid)
        for _ in range(1000):
            if client is None or self._sio.manager.is_connected(sid, "/"):
                break
            self._sio.sleep(0.01)
        if client is None or sid not in self._clients:
            return
        self._set_rooms(client)
        present = self._replay(client, cursors)
        client.told = client.actor.owners
        self._tell(sid, "ready", {"user_id": client.actor.user_id, "spaces": sorted(client.told), "cursors": present})

    def _disconnected(self, sid: str, *_: Any) -> None:
        self._clients.pop(sid, None)

    def _log_out(self, client: Client) -> None:
        self._tell(client.sid, "logged_out", {"reason": "session_ended"})
        for room in list(client.rooms):
            self._sio.leave_room(client.sid, room)
        client.rooms.clear()
        self._sio.sleep(0)
        self._close(client.sid)

    def _close(self, sid: str) -> None:
        self._clients.pop(sid, None)
        try:
            self._sio.disconnect(sid)
        except Exception as error:
            log.debug("socket was gone already", reason=type(error).__name__)

    def _set_rooms(self, client: Client) -> None:
        wanted = _rooms_of(client.actor)
        for room in client.rooms - wanted:
            self._sio.leave_room(client.sid, room)
        for room in wanted - client.rooms:
            self._sio.enter_room(client.sid, room)
        client.rooms = wanted

    def _give_access(self, client: Client, actor: Actor) -> None:
        """Let a socket join and leave rooms as the spaces of `actor` are, and tell it."""
        client.actor = actor
        self._set_rooms(client)
        cursors = {owner: self._events.cursor(owner) for owner in actor.owners}
        self._tell(client.sid, "access_changed", {"spaces": sorted(actor.owners), "cursors": cursors})
        client.told = actor.owners

    def _sweep(self) -> None:
        while not self._stopping.wait(SWEEP_SECONDS):
            sessions: dict[str, list[Client]] = {}
            for client in list(self._clients.values()):
                sessions.setdefault(client.session_id, []).append(client)
            for session_id, clients in sessions.items():
                try:
                    self._look_again(session_id, clients)
                except Exception:
                    log.exception("a session could not be checked")

    def _look_again(self, session_id: str, clients: list[Client]) -> None:
        """Bring the sockets of one session to what it may hear now: a change may have come while one connected."""
        known = [client.actor for client in clients]
        try:
            actor = self._sessions.actor_of_session(session_id)
        except NotAuthenticated:
            self.revoke([session_id])
            return
        for client, before in zip(clients, known, strict=True):
            if client.actor is not before or client.sid not in self._clients:
                continue  # `access_changed` was here while we asked, and knows better
            if client.told is None:
                client.actor = actor  # its welcome is on the way
            elif client.told != actor.owners or client.rooms != _rooms_of(actor):
                self._give_access(client, actor)

    # ------------------------------------------------------------------ events of clients

    def _guarded(self, handler: Callable[[Client, Mapping[str, Any]], dict[str, Any]]) -> Callable[..., Any]:
        """Wrap a handler: limit, living session, an object as argument, errors in the one shape."""

        def receive(sid: str, data: Any = None, *_: Any) -> dict[str, Any] | None:
            client = self._admit(sid)
            if client is None:
                return {"error": {"code": "refused", "message": "Too many events, or not logged in."}}
            try:
                return {"ok": True, **handler(client, data if isinstance(data, Mapping) else {})}
            except HomieError as error:
                return error.as_json(new_id())
            except Exception:
                request_id = new_id()
                log.exception("a socket event failed", request_id=request_id)
                return InternalError().as_json(request_id)

        return receive

    def _admit(self, sid: str) -> Client | None:
        client = self._clients.get(sid)
        if client is None:
            return None
        wait = self._limits.take_from(f"socket|{client.actor.user_id}|{sid}", self._limit)
        self._count("refused" if wait else "taken")
        if wait > 0:
            client.refused += 1
            self._tell(sid, "rate_limited", {"retry_after": round(wait, 3)})
            if client.refused > PATIENCE_OVERDRAFT:
                self._close(sid)
            return None
        client.refused = 0
        if not self._sessions.session_alive(client.session_id):
            self._log_out(client)
            return None
        return client

    def _refuse_unknown(self, sid: str) -> dict[str, Any]:
        self._admit(sid)
        return {"error": {"code": "unknown_event", "message": "Homie knows no such event."}}

    def _switch_module(self, client: Client, data: Mapping[str, Any]) -> dict[str, Any]:
        module = str(data.get("module", ""))[:60]
        try:
            self._start_module(module)
        except HomieError as error:
            failed = {"module": module, "code": error.code, "message": error.message}
            self._tell(client.sid, "module_failed", failed)
            raise
        client.module = module
        confirmed = {"module": module, "api": f"/api/v1/{module}"}
        self._tell(client.sid, "module_switched", confirmed)
        return confirmed

    def _resume(self, client: Client, data: Mapping[str, Any]) -> dict[str, Any]:
        return {"cursors": self._replay(client, data.get("cursors"))}

    def _replay(self, client: Client, cursors: Any) -> dict[str, str]:
        """Send what was missed in each space that a cursor was shown for; return the present cursors."""
        shown = cursors if isinstance(cursors, Mapping) else {}
        present: dict[str, str] = {}
        for owner_id in sorted(client.actor.owners):
            cursor = shown.get(owner_id)
            if not isinstance(cursor, str):
                present[owner_id] = self._events.cursor(owner_id)
                continue
            missed = self._events.since(owner_id, cursor)
            present[owner_id] = missed.cursor
            if missed.reload:
                self._tell(client.sid, "reload", {"owner_id": owner_id, "cursor": missed.cursor})
            for envelope in missed.events:
                self._tell(client.sid, "event", envelope)
        return present

    def _tell(self, sid: str, name: str, data: Mapping[str, Any]) -> None:
        self._sio.emit(name, dict(data), to=sid)

    def _count(self, outcome: str) -> None:
        if self._metrics:
            self._metrics.socket_events.labels("in", outcome).inc()


def _rooms_of(actor: Actor) -> set[str]:
    return {room_of(owner) for owner in actor.owners}
