"""Token buckets for HTTP and sockets: in this process, or in Redis when several processes serve.

A bucket holds `burst` tokens and refills evenly; each action takes one. Keys name who does what ("operation|user|ip").
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import structlog

from backend.sdk.clock import Clock

log = structlog.get_logger(__name__)

_SECONDS = {"second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86400.0}


@dataclass(frozen=True, slots=True)
class Limit:
    """Allow `burst` actions at once and `rate` per second in the long run."""

    burst: float
    rate: float


@lru_cache(maxsize=256)
def parse_limit(text: str) -> Limit:
    """Read "20/minute" (a burst of 20, refilled within a minute)."""
    count, _, unit = text.partition("/")
    if not count.isdecimal() or int(count) < 1 or unit not in _SECONDS:
        raise ValueError(f"{text!r} is no limit; write it like 20/minute")
    return Limit(float(count), float(count) / _SECONDS[unit])


class Limits(Protocol):
    """Take tokens; both kinds behave alike."""

    def take(self, key: str, limit: str) -> float:
        """Take one of a limit such as "20/minute"; return 0.0 when allowed, else the seconds to wait."""
        ...

    def take_from(self, key: str, limit: Limit) -> float:
        """Take one token; return 0.0 when allowed, else the seconds to wait."""
        ...


class MemoryLimits:
    """Keep the buckets of one process, and forget those that are full again."""

    def __init__(self, clock: Clock, *, most: int = 20_000) -> None:
        self._clock = clock
        self._most = most
        self._lock = threading.Lock()
        self._buckets: dict[str, tuple[float, float, Limit]] = {}

    def take(self, key: str, limit: str) -> float:
        """Take one of a limit such as "20/minute"."""
        return self.take_from(key, parse_limit(limit))

    def take_from(self, key: str, limit: Limit) -> float:
        """Take one token; return 0.0 when allowed, else the seconds to wait."""
        now = self._clock.monotonic()
        with self._lock:
            if len(self._buckets) >= self._most:
                self._forget(now)
            tokens, at, _ = self._buckets.get(key, (limit.burst, now, limit))
            tokens = min(limit.burst, tokens + (now - at) * limit.rate)
            allowed = tokens >= 1.0
            self._buckets[key] = (tokens - 1.0 if allowed else tokens, now, limit)
        return 0.0 if allowed else (1.0 - tokens) / limit.rate

    def _forget(self, now: float) -> None:
        """Drop full buckets; if an attacker filled the table with fresh ones, drop the oldest half."""
        kept = {
            key: (tokens, at, limit)
            for key, (tokens, at, limit) in self._buckets.items()
            if tokens + (now - at) * limit.rate < limit.burst
        }
        if len(kept) > self._most // 2:
            oldest_first = sorted(kept.items(), key=lambda entry: entry[1][1])
            kept = dict(oldest_first[len(kept) - self._most // 2 :])
        self._buckets = kept


_REDIS_TAKE = """
local now = redis.call('TIME')
now = now[1] + now[2] / 1000000
local burst, rate = tonumber(ARGV[1]), tonumber(ARGV[2])
local kept = redis.call('HMGET', KEYS[1], 't', 'at')
local tokens = tonumber(kept[1]) or burst
local at = tonumber(kept[2]) or now
tokens = math.min(burst, tokens + math.max(0, now - at) * rate)
local wait = 0
if tokens >= 1 then tokens = tokens - 1 else wait = (1 - tokens) / rate end
redis.call('HSET', KEYS[1], 't', tostring(tokens), 'at', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], math.ceil(burst / rate) + 1)
return tostring(wait)
"""


class RedisLimits:
    """Keep the buckets in Redis, in one atomic step; falls back to this process's own while Redis is away."""

    def __init__(self, client: Any, clock: Clock) -> None:
        self._script = client.register_script(_REDIS_TAKE)
        self._fallback = MemoryLimits(clock)

    def take(self, key: str, limit: str) -> float:
        """Take one of a limit such as "20/minute"."""
        return self.take_from(key, parse_limit(limit))

    def take_from(self, key: str, limit: Limit) -> float:
        """Take one token; return 0.0 when allowed, else the seconds to wait."""
        from redis.exceptions import RedisError

        try:
            return float(self._script(keys=[f"homie:limit:{key}"], args=[limit.burst, limit.rate]))
        except RedisError as error:
            log.warning("redis is away, limits are counted per process", reason=type(error).__name__)
            return self._fallback.take_from(key, limit)
