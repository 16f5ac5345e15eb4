"""Events from workers on other machines to the web processes, through one Redis stream.

A stream keeps what was sent while a web process was away for a moment; each web process reads on from where it was. A
reader that finds the stream cut beyond its place, or Redis gone, reports a loss, upon which clients reload. So does one
whose process begins anew, unless the one before ended in order and nothing was sent since: the memory of events
outlives a killed process, what that process had not told yet does not.
"""

from __future__ import annotations

import contextlib
import json
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import structlog
from redis import Redis
from redis.exceptions import RedisError

from backend.core.jobs.channel import RECONNECT_SECONDS, BufferedSender

STREAM = "homie:events:stream"
KEPT = 20_000
BATCH = 500
BLOCK_MS = 500


class RedisEventSender(BufferedSender):
    """Send events to every web process that shares this Redis."""

    def __init__(self, url: str, *, most: int = 10_000) -> None:
        super().__init__(most=most)
        self._redis: Redis = Redis.from_url(url, socket_timeout=5)
        self.start()

    def _deliver(self, body: bytes) -> None:
        self._add({b"event": body})

    def _deliver_loss(self) -> None:
        self._add({b"lost": b"1"})

    def _add(self, fields: dict[Any, Any]) -> None:
        try:
            self._redis.xadd(STREAM, fields, maxlen=KEPT, approximate=True)
        except RedisError as error:
            raise OSError(str(error)) from error

    def _part(self, *, orderly: bool) -> None:
        self._redis.close()


class RedisEventReceiver:
    """Read the stream from now on; `on_envelope` gets each event in order, `on_loss` hears that some are missing.

    `place_file`: where `keep_place` writes how far everything was told; without one a start is never a loss.
    """

    def __init__(
        self,
        url: str,
        on_envelope: Callable[[Mapping[str, Any]], None],
        on_loss: Callable[[], None],
        place_file: Path | None = None,
        log: Any = None,
    ) -> None:
        self._redis: Redis = Redis.from_url(url)  # no socket timeout: a blocking read is meant to wait
        self._on_envelope = on_envelope
        self._on_loss = on_loss
        self._log = log or structlog.get_logger("homie.jobs")
        self._place_file = place_file
        self._place: bytes | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="event-stream", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        told = self._take_place()
        try:
            self._place = self._newest()
        except RedisError:
            self._log.warning("Redis is away; events of other machines come when it is back")
        else:
            if self._place_file is not None and told != self._place:
                self._on_loss()
        self._thread.start()

    def stop(self) -> None:
        """End within one blocking read."""
        self._ended.set()
        self._thread.join()
        self._redis.close()

    def keep_place(self) -> None:
        """Remember that everything up to here was told to clients; call it last, after `stop`."""
        if self._place_file is not None and self._place is not None:
            with contextlib.suppress(OSError):  # then the next start is taken for a loss
                self._place_file.write_bytes(self._place)

    def _take_place(self) -> bytes | None:
        """Return what `keep_place` wrote, once: a process that is killed leaves none."""
        if self._place_file is None:
            return None
        try:
            told = self._place_file.read_bytes()
            self._place_file.unlink()
        except OSError:
            return None
        return told

    def _run(self) -> None:
        while not self._ended.is_set():
            try:
                if self._place is None:
                    self._place = self._newest()
                    self._on_loss()
                self._read_some(self._place)
            except RedisError:
                self._log.warning("Redis is away; events of other machines may be missing")
                self._place = None
                self._ended.wait(RECONNECT_SECONDS)

    def _read_some(self, place: bytes) -> None:
        found: Any = self._redis.xread({STREAM: place}, count=BATCH, block=BLOCK_MS)
        if not found:
            return
        entries = found[STREAM.encode()][0] if isinstance(found, dict) else found[0][1]
        if len(entries) == BATCH and self._was_cut(place):
            self._on_loss()
        for entry_id, fields in entries:
            self._place = entry_id
            if b"event" in fields:
                self._deliver(fields[b"event"])
            else:
                self._on_loss()

    def _newest(self) -> bytes:
        newest: Any = self._redis.xrevrange(STREAM, count=1)
        return bytes(newest[0][0]) if newest else b"0-0"

    def _was_cut(self, place: bytes) -> bool:
        """Tell whether the stream was shortened beyond our place while we were behind."""
        oldest: Any = self._redis.xrange(STREAM, count=1)
        return bool(oldest) and place != b"0-0" and _order(oldest[0][0]) > _order(place)

    def _deliver(self, body: bytes) -> None:
        try:
            self._on_envelope(json.loads(body))
        except Exception:
            self._log.exception("an event of a worker could not be published")
            self._on_loss()


def _order(entry_id: bytes) -> tuple[int, int]:
    millis, _, number = entry_id.partition(b"-")
    return int(millis), int(number)
