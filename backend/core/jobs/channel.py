"""Events from workers (and the command line) to the web process: reliable while both live, honest when not.

A `SOCK_SEQPACKET` socket `events.sock` in the run folder keeps message borders and order and makes a slow reader push
back, where a datagram would be dropped. Each message is one letter and a body:

    e  first or middle part of an event      E  its last part (JSON envelope)
    L  the sender had to drop events         B  the sender ends in order; everything was sent

A connection that ends without `B` (kill -9) may have taken events along. On `L` and on such an end the receiver
reports a loss, upon which the web process begins a new epoch and clients reload: they never trust an incomplete story.
"""

from __future__ import annotations

import json
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from backend.core.jobs.sockets import reachable, same_user
from backend.sdk.events import Event

SOCKET_NAME = "events.sock"
PART_BYTES = 32_768
RECONNECT_SECONDS = 0.2
MOST_EVENT_BYTES = 8 << 20


class BufferedSender(ABC):
    """Send events from a thread of its own; `send` is a sink of the event bus and never blocks.

    At most `most` events wait; beyond that they are dropped and the receiver is told of the loss. Subclasses say how
    one message travels; `OSError` from them means "not now", the message stays first in line.
    """

    def __init__(self, *, most: int = 10_000) -> None:
        self._most = most
        self._waiting: deque[bytes] = deque()
        self._changed = threading.Condition()
        self._lost = False
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="event-sender", daemon=True)

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def send(self, event: Event) -> None:
        """Queue one event; callable from any thread."""
        body = json.dumps({**event.envelope(), "durable": event.durable}).encode()
        with self._changed:
            if len(self._waiting) >= self._most or len(body) > MOST_EVENT_BYTES:
                self._lost = self._lost or event.durable
                self._changed.notify()
                return
            self._waiting.append(body)
            self._changed.notify()

    def close(self, seconds: float = 2.0) -> None:
        """Send what waits, for at most `seconds`, say goodbye and end."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(seconds)

    @abstractmethod
    def _deliver(self, body: bytes) -> None:
        """Send one event's envelope; raise `OSError` to have it tried again."""

    @abstractmethod
    def _deliver_loss(self) -> None:
        """Tell the receiver that events are missing; raise `OSError` to have it tried again."""

    @abstractmethod
    def _part(self, *, orderly: bool) -> None:
        """Close the connection; after saying goodbye if `orderly`. Never raises."""

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._waiting or self._lost or self._closing):
                    self._changed.wait()
                if self._closing and not (self._waiting or self._lost):
                    break
            if not self._flush() and self._pause():
                break
        self._part(orderly=True)

    def _flush(self) -> bool:
        """Send all that waits; tell whether it worked. An event leaves the queue only once it is sent whole."""
        try:
            while True:
                with self._changed:
                    lost, self._lost = self._lost, False
                    body = self._waiting[0] if self._waiting else None
                if lost:
                    self._try_loss()
                if body is None:
                    return True
                self._deliver(body)
                with self._changed:
                    self._waiting.popleft()
        except OSError:
            self._part(orderly=False)
            return False

    def _try_loss(self) -> None:
        try:
            self._deliver_loss()
        except OSError:
            self._lost = True
            raise

    def _pause(self) -> bool:
        """Wait before the next try; tell whether to give up, because nobody listens and we are closing."""
        with self._changed:
            if not self._closing:
                self._changed.wait_for(lambda: self._closing, RECONNECT_SECONDS)
                return False
            return True


class EventSender(BufferedSender):
    """Send events to the web process of this machine."""

    def __init__(self, run_dir: Path, *, most: int = 10_000) -> None:
        super().__init__(most=most)
        self._dir = run_dir
        self._socket: socket.socket | None = None
        self.start()

    def _deliver(self, body: bytes) -> None:
        channel = self._connected()
        for start in range(0, len(body), PART_BYTES):
            last = start + PART_BYTES >= len(body)
            channel.send((b"E" if last else b"e") + body[start : start + PART_BYTES])

    def _deliver_loss(self) -> None:
        self._connected().send(b"L")

    def _part(self, *, orderly: bool) -> None:
        if self._socket is None:
            return
        try:
            if orderly:
                self._socket.send(b"B")
        except OSError:
            pass
        self._socket.close()
        self._socket = None

    def _connected(self) -> socket.socket:
        if self._socket is None:
            fresh = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            try:
                with reachable(self._dir, SOCKET_NAME) as address:
                    fresh.connect(address)
            except OSError:
                fresh.close()
                raise
            self._socket = fresh
        return self._socket


class EventReceiver:
    """Listen for senders. `on_envelope` gets each event's envelope in order, `on_loss` hears that some are missing.

    In the web process its threads are greenlets, since `threading` is patched there.
    """

    def __init__(
        self,
        run_dir: Path,
        on_envelope: Callable[[Mapping[str, Any]], None],
        on_loss: Callable[[], None],
        log: Any = None,
    ) -> None:
        self._dir = run_dir
        self._on_envelope = on_envelope
        self._on_loss = on_loss
        self._log = log or structlog.get_logger("homie.jobs")
        self._open: set[socket.socket] = set()
        self._ended = False
        self._listener: socket.socket | None = None
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to listen; senders that are waiting connect within a moment."""
        self._dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        (self._dir / SOCKET_NAME).unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with reachable(self._dir, SOCKET_NAME) as address:
            self._listener.bind(address)
        (self._dir / SOCKET_NAME).chmod(0o600)
        self._listener.listen(64)
        self._listener.settimeout(0.5)  # so that the thread notices `stop`: closing a socket does not wake an accept
        self._thread = threading.Thread(target=self._accept, name="event-receiver", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening; senders see the end and keep what they have."""
        self._ended = True
        (self._dir / SOCKET_NAME).unlink(missing_ok=True)
        for connection in tuple(self._open):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        if self._thread is not None:
            self._thread.join()
        if self._listener is not None:
            self._listener.close()

    def _accept(self) -> None:
        failing = False
        while not self._ended:
            try:
                connection = self._next_connection()
            except OSError:  # no file left to open, or the sender went away in between
                if not failing:
                    self._log.exception("no connection of a worker could be taken; trying again")
                failing = True
                time.sleep(RECONNECT_SECONDS)
                continue
            if failing:  # told once, at the end: clients that reload need files too
                failing = False
                self._on_loss()
            if connection is not None:
                self._open.add(connection)
                threading.Thread(target=self._receive, args=(connection,), name="event-source", daemon=True).start()

    def _next_connection(self) -> socket.socket | None:
        """Wait for a connection of our user; None when none came within a moment."""
        assert self._listener is not None
        try:
            connection, _ = self._listener.accept()
        except TimeoutError:
            return None
        connection.settimeout(None)
        if not same_user(connection):
            self._log.warning("a stranger knocked at the event socket")
            connection.close()
            return None
        return connection

    def _receive(self, connection: socket.socket) -> None:
        orderly = False
        try:
            orderly = self._read_all(connection)
        except OSError:
            pass
        finally:
            self._open.discard(connection)
            connection.close()
        if not orderly and not self._ended:
            self._log.warning("a worker ended without goodbye; events may be missing")
            self._on_loss()

    def _read_all(self, connection: socket.socket) -> bool:
        """Read until the end; tell whether it was an orderly one."""
        parts: list[bytes] = []
        while message := connection.recv(PART_BYTES + 1):
            letter, body = message[:1], message[1:]
            if letter == b"B":
                return True
            if letter == b"L":
                self._on_loss()
                continue
            parts.append(body)
            if letter == b"E":
                self._deliver(b"".join(parts))
                parts.clear()
        return False

    def _deliver(self, body: bytes) -> None:
        try:
            self._on_envelope(json.loads(body))
        except Exception:
            self._log.exception("an event of a worker could not be published")
            self._on_loss()
