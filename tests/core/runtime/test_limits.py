"""Buckets allow their burst, refill evenly, keep keys apart, and survive a Redis that goes away."""

from __future__ import annotations

import pytest
import redis

from backend.core.limits import Limit, MemoryLimits, RedisLimits, parse_limit
from backend.sdk.clock import FakeClock
from tests.redis_server import RedisServer


def test_a_burst_is_allowed_then_the_rate_counts() -> None:
    clock = FakeClock()
    limits = MemoryLimits(clock)
    assert [limits.take("k", "6/minute") for _ in range(6)] == [0.0] * 6
    assert limits.take("k", "6/minute") == pytest.approx(10.0)
    clock.advance(9)
    assert limits.take("k", "6/minute") == pytest.approx(1.0)
    clock.advance(1)
    assert limits.take("k", "6/minute") == 0.0
    clock.advance(3600)
    assert [limits.take("k", "6/minute") for _ in range(7)][-2:] == [0.0, pytest.approx(10.0)]


def test_keys_do_not_share_a_bucket() -> None:
    limits = MemoryLimits(FakeClock())
    assert limits.take("a", "1/day") == 0.0
    assert limits.take("b", "1/day") == 0.0
    assert limits.take("a", "1/day") > 0


def test_memory_stays_bounded_while_the_strict_keys_are_kept() -> None:
    clock = FakeClock()
    limits = MemoryLimits(clock, most=100)
    for n in range(1000):
        limits.take(f"visitor-{n}", "5/minute")
        clock.advance(0.001)
    limits.take("attacker", "1/day")
    for n in range(40):
        limits.take(f"late-{n}", "5/minute")
    assert limits.take("attacker", "1/day") > 0
    assert len(limits._buckets) <= 101


@pytest.mark.parametrize("text", ["", "20", "0/minute", "-1/minute", "x/minute", "20/fortnight", "1.5/second"])
def test_a_limit_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no limit"):
        parse_limit(text)


@pytest.mark.redis
def test_redis_shares_a_bucket_between_processes(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as one, redis.Redis.from_url(redis_server.url) as two:
        first, second = RedisLimits(one, FakeClock()), RedisLimits(two, FakeClock())
        limit = Limit(4, 1e-6)
        taken = [limits.take_from("k", limit) for limits in (first, second, first, second, first, second)]
    assert taken[:4] == [0.0] * 4
    assert all(wait > 0 for wait in taken[4:])


@pytest.mark.redis
def test_without_redis_each_process_counts_by_itself(redis_server: RedisServer) -> None:
    with redis.Redis.from_url(redis_server.url) as client:
        limits = RedisLimits(client, FakeClock())
        assert limits.take("k", "2/day") == 0.0
        redis_server.stop()
        try:
            assert [limits.take("k", "2/day") > 0 for _ in range(3)] == [False, False, True]
        finally:
            redis_server.start()
