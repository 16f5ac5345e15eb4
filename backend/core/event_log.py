"""The events a client may have missed: per owner a short memory with cursors.

A cursor is "<epoch>-<seq>". `seq` counts one owner's events; `epoch` names the life of the memory. Whoever shows a
cursor of another epoch, or one that is older than what is kept, is told to reload: the rows tell the truth.
"""

from __future__ import annotations

import json
import secrets
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from backend.sdk.clock import Clock

Envelope = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Missed:
    """Say what a client missed: the events in order, or `reload` when they are not kept any more."""

    events: list[Envelope]
    cursor: str
    reload: bool = False


class EventLog(Protocol):
    """Remember the latest events of each owner."""

    def append(self, envelope: Mapping[str, Any]) -> Envelope | None:
        """Keep an event and return it with its `cursor`; None when this very event was appended before."""
        ...

    def cursor(self, owner_id: str) -> str:
        """Return the present cursor of an owner."""
        ...

    def since(self, owner_id: str, cursor: str) -> Missed:
        """Return what happened after `cursor`."""
        ...

    def forget(self) -> None:
        """Begin a new epoch: events may have been lost, every client must reload."""
        ...


@dataclass(slots=True)
class _Ring:
    seq: int = 0
    kept: deque[tuple[int, float, Envelope]] = field(default_factory=deque)


class MemoryEventLog:
    """Remember in this process; a restart is a new epoch."""

    def __init__(self, clock: Clock, *, most: int = 1000, seconds: float = 3600.0) -> None:
        self._clock = clock
        self._most = most
        self._seconds = seconds
        self._lock = threading.Lock()
        self._epoch = secrets.token_hex(6)
        self._rings: dict[str, _Ring] = {}

    def append(self, envelope: Mapping[str, Any]) -> Envelope | None:
        """Keep an event and return it with its cursor."""
        owner_id = envelope["owner_id"]
        with self._lock:
            ring = self._rings.setdefault(owner_id, _Ring())
            if any(kept["event_id"] == envelope["event_id"] for _, _, kept in list(ring.kept)[-50:]):
                return None
            ring.seq += 1
            stamped = {**envelope, "cursor": f"{self._epoch}-{ring.seq}"}
            ring.kept.append((ring.seq, self._clock.monotonic(), stamped))
            self._trim(ring)
        return stamped

    def cursor(self, owner_id: str) -> str:
        """Return the present cursor of an owner."""
        ring = self._rings.get(owner_id)
        return f"{self._epoch}-{ring.seq if ring else 0}"

    def since(self, owner_id: str, cursor: str) -> Missed:
        """Return what happened after `cursor`."""
        with self._lock:
            ring = self._rings.get(owner_id) or _Ring()
            self._trim(ring)
            now = f"{self._epoch}-{ring.seq}"
            seen = _seq_of(cursor, self._epoch)
            oldest = ring.kept[0][0] if ring.kept else ring.seq + 1
            if seen is None or seen > ring.seq or seen < oldest - 1:
                return Missed([], now, reload=True)
            return Missed([envelope for seq, _, envelope in ring.kept if seq > seen], now)

    def forget(self) -> None:
        """Begin a new epoch."""
        with self._lock:
            self._epoch = secrets.token_hex(6)
            self._rings.clear()

    def _trim(self, ring: _Ring) -> None:
        limit = self._clock.monotonic() - self._seconds
        while ring.kept and (len(ring.kept) > self._most or ring.kept[0][1] < limit):
            ring.kept.popleft()


_REDIS_APPEND = """
local epoch = redis.call('GET', KEYS[1])
if not epoch then epoch = ARGV[1]; redis.call('SET', KEYS[1], epoch) end
if not redis.call('SET', KEYS[4], '1', 'NX', 'EX', 120) then return {epoch, 0} end
local seq = redis.call('INCR', KEYS[2])
redis.call('RPUSH', KEYS[3], seq .. ' ' .. ARGV[2])
redis.call('LTRIM', KEYS[3], -tonumber(ARGV[3]), -1)
redis.call('EXPIRE', KEYS[3], ARGV[4])
return {epoch, seq}
"""


class RedisEventLog:
    """Remember in Redis, shared by all web processes and kept over their restarts."""

    def __init__(self, client: Any, *, most: int = 1000, seconds: int = 3600) -> None:
        self._redis = client
        self._most = most
        self._seconds = seconds
        self._append = client.register_script(_REDIS_APPEND)

    def append(self, envelope: Mapping[str, Any]) -> Envelope | None:
        """Keep an event and return it with its cursor; None when another process appended it already."""
        owner_id = envelope["owner_id"]
        keys = ["homie:events:epoch", _seq_key(owner_id), _list_key(owner_id)]
        keys.append(f"homie:events:seen:{envelope['event_id']}")
        args = [secrets.token_hex(6), json.dumps(envelope), self._most, self._seconds]
        epoch, seq = self._append(keys=keys, args=args)
        return {**envelope, "cursor": f"{_text(epoch)}-{int(seq)}"} if int(seq) else None

    def cursor(self, owner_id: str) -> str:
        """Return the present cursor of an owner."""
        seq = self._redis.get(_seq_key(owner_id))
        return f"{self._epoch()}-{int(seq or 0)}"

    def since(self, owner_id: str, cursor: str) -> Missed:
        """Return what happened after `cursor`."""
        pipe = self._redis.pipeline(transaction=True)
        pipe.get(_seq_key(owner_id))
        pipe.lrange(_list_key(owner_id), 0, -1)
        last, lines = pipe.execute()
        epoch, last = self._epoch(), int(last or 0)
        kept = [_entry(_text(line), epoch) for line in lines]
        seen = _seq_of(cursor, epoch)
        oldest = kept[0][0] if kept else last + 1
        if seen is None or seen > last or seen < oldest - 1:
            return Missed([], f"{epoch}-{last}", reload=True)
        return Missed([envelope for seq, envelope in kept if seq > seen], f"{epoch}-{last}")

    def forget(self) -> None:
        """Begin a new epoch for every process."""
        self._redis.set("homie:events:epoch", secrets.token_hex(6))

    def _epoch(self) -> str:
        self._redis.setnx("homie:events:epoch", secrets.token_hex(6))
        return _text(self._redis.get("homie:events:epoch"))


def _seq_key(owner_id: str) -> str:
    return f"homie:events:seq:{owner_id}"


def _list_key(owner_id: str) -> str:
    return f"homie:events:list:{owner_id}"


def _text(value: Any) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _entry(line: str, epoch: str) -> tuple[int, Envelope]:
    seq, _, body = line.partition(" ")
    return int(seq), {**json.loads(body), "cursor": f"{epoch}-{seq}"}


def _seq_of(cursor: str, epoch: str) -> int | None:
    given, _, seq = cursor.partition("-")
    return int(seq) if given == epoch and seq.isdecimal() and len(seq) < 16 else None
