"""Publish and subscribe inside a process, and the bridge that broadcasts to the sockets of an event's owner.

    database commit -> EventBus.publish -> subscribers (here, at once)
                                        -> sinks: SocketBridge (web) | channel to the web process (worker, CLI)
    SocketBridge: one greenlet, in order: EventLog.append (cursor) -> emit to room "owner:<id>"

Nothing else emits to sockets. An event without owner is refused.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, TypeVar

import structlog

from backend.core.event_log import EventLog
from backend.sdk.concurrency import Task, hub_caller, spawn
from backend.sdk.events import Event, Unsubscribe

E = TypeVar("E", bound=Event)
Sink = Callable[[Event], None]
Emit = Callable[[str, dict[str, Any], str], None]

AGAIN_SECONDS = 1.0
"""After this long a loss that could not be told is tried again."""
MOST_HELD = 1000
"""Events that wait until a loss is told, and follow it; of more the first ones are part of the loss."""

log = structlog.get_logger(__name__)


class EventBus:
    """Carry events of one process to its subscribers and sinks (`sdk.events.EventBus`)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: tuple[tuple[type[Event], Callable[[Any], None]], ...] = ()
        self._sinks: tuple[Sink, ...] = ()
        self.on_remote: Callable[[Event], None] | None = None

    def publish(self, event: Event) -> None:
        """Send an event on its way; raises `ValueError` for one without an owner. Call after commit only."""
        self.deliver(event)
        for sink in self._sinks:
            self._call(sink, event)

    def deliver(self, event: Event) -> None:
        """Call the subscribers of this process only."""
        if not event.owner_id:
            raise ValueError(f"{event.name} names no owner; events of nobody are not sent")
        for event_type, listener in self._listeners:
            if isinstance(event, event_type):
                self._call(listener, event)

    def subscribe(self, event_type: type[E], listener: Callable[[E], None]) -> Unsubscribe:
        """Call `listener` for each event of that type or a subclass; returns its own un-subscribe."""
        entry = (event_type, listener)
        with self._lock:
            self._listeners = (*self._listeners, entry)

        def unsubscribe() -> None:
            with self._lock:
                self._listeners = tuple(kept for kept in self._listeners if kept is not entry)

        return unsubscribe

    def add_sink(self, sink: Sink) -> Unsubscribe:
        """Give every published event to `sink` too (sockets, another process); returns its removal."""
        with self._lock:
            self._sinks = (*self._sinks, sink)

        def remove() -> None:
            with self._lock:
                self._sinks = tuple(kept for kept in self._sinks if kept is not sink)

        return remove

    def accept(self, envelope: Mapping[str, Any]) -> None:
        """Publish an event that another process sent as its envelope."""
        event = event_from(envelope)
        self.publish(event)
        if self.on_remote is not None:
            self._call(self.on_remote, event)

    def _call(self, listener: Callable[[Any], None], event: Event) -> None:
        try:
            listener(event)
        except Exception:
            where = getattr(listener, "__qualname__", repr(listener))
            log.exception("a listener failed", event_name=event.name, event_id=event.event_id, listener=where)


class ForeignEvent(Event):
    """Be an event whose class this process has not imported: it goes to the sockets, no subscriber knows it."""

    name = "foreign"

    def __init__(self, envelope: Mapping[str, Any]) -> None:
        object.__setattr__(self, "name", str(envelope["name"]))
        object.__setattr__(self, "durable", bool(envelope.get("durable", True)))
        object.__setattr__(self, "owner_id", str(envelope["owner_id"]))
        object.__setattr__(self, "event_id", str(envelope["event_id"]))
        object.__setattr__(self, "occurred_at", str(envelope["occurred_at"]))
        object.__setattr__(self, "_payload", dict(envelope.get("payload") or {}))

    def payload(self) -> dict[str, Any]:
        """Return the fields as they were sent."""
        payload: dict[str, Any] = self._payload  # type: ignore[attr-defined]
        return payload


def event_from(envelope: Mapping[str, Any]) -> Event:
    """Return the event of an envelope: of its own class when that is imported here, else a `ForeignEvent`."""
    event_type = _class_named(str(envelope["name"]), Event)
    payload = dict(envelope.get("payload") or {})
    if event_type is None or not set(payload) <= {f.name for f in fields(event_type)}:
        return ForeignEvent(envelope)
    try:
        return event_type(
            owner_id=envelope["owner_id"], event_id=envelope["event_id"],
            occurred_at=envelope["occurred_at"], **payload,
        )  # fmt: skip
    except TypeError:
        return ForeignEvent(envelope)


def _class_named(name: str, base: type[Event]) -> type[Event] | None:
    for kind in base.__subclasses__():
        if kind is ForeignEvent:
            continue
        if kind.__dict__.get("name") == name:
            return kind
        if found := _class_named(name, kind):
            return found
    return None


def room_of(owner_id: str) -> str:
    """Return the socket room of an owner."""
    return f"owner:{owner_id}"


class Reload:
    """Be a notice to all clients to read anew, in the bridge's queue."""


class SocketBridge:
    """Send events to the sockets of their owner, one after the other, each with its cursor.

    One queue and one pump, so that a client never sees a later cursor before an earlier event. An event that could not
    be kept or sent (Redis is away) is never lost in silence: a new epoch is begun and clients are told to reload, tried
    until it works; what comes in between follows.
    """

    def __init__(self, log_: EventLog, emit: Emit) -> None:
        self._log = log_
        self._emit = emit
        self._queue: queue.SimpleQueue[Event | Reload | None] = queue.SimpleQueue()
        self._lost = False
        self._held: deque[Event] = deque(maxlen=MOST_HELD)
        self._again_at = 0.0
        self._told = False
        self._on_hub = hub_caller()
        self._pump: Task | None = None

    def start(self) -> None:
        """Begin to send."""
        self._pump = spawn(self._run, name="socket-bridge")

    def stop(self) -> bool:
        """Send what waits, then end; return whether everything was sent, or its loss was told."""
        self._queue.put(None)
        if self._pump:
            self._pump.join(2)
        return self._told

    def send(self, event: Event) -> None:
        """Queue an event; callable from any thread. Use it as a sink of the bus."""
        self._on_hub(lambda: self._queue.put(event))

    def reload_all(self) -> None:
        """Tell every client to reload: events of other processes may have been lost."""
        self._on_hub(lambda: self._queue.put(Reload()))

    def _run(self) -> None:
        while (item := self._next()) is not None:
            self._handle(item)
        if self._lost:  # the epoch may outlive this process
            self._again_at = 0.0
            self._handle(Reload())
        self._told = not self._lost

    def _next(self) -> Event | Reload | None:
        """Wait for what is to be sent; with a loss that could not be told, only for a while."""
        try:
            return self._queue.get(timeout=AGAIN_SECONDS if self._lost else None)
        except queue.Empty:
            return Reload()

    def _handle(self, item: Event | Reload) -> None:
        self._lost = self._lost or isinstance(item, Reload)
        if isinstance(item, Event):
            self._held.append(item)
        try:
            if self._lost:
                if time.monotonic() < self._again_at:
                    return
                self._begin_anew()
            while self._held:
                item = self._held.popleft()
                self._send(item)
        except Exception:
            self._lost = self._lost or (isinstance(item, Event) and item.durable)
            log.exception("an event could not be sent to sockets")

    def _begin_anew(self) -> None:
        """Begin a new epoch and tell every client to reload; it counts as done only when both worked."""
        self._again_at = time.monotonic() + AGAIN_SECONDS
        self._log.forget()
        self._emit("reload", {"reason": "events_lost"}, "")
        self._lost, self._again_at = False, 0.0

    def _send(self, event: Event) -> None:
        envelope = event.envelope()
        if event.durable:
            stamped = self._log.append(envelope)
            if stamped is None:
                return
        else:
            stamped = {**envelope, "cursor": self._log.cursor(event.owner_id)}
        self._emit("event", stamped, room_of(event.owner_id))
