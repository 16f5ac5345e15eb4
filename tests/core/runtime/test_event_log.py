"""A client that shows its cursor gets exactly what it missed, or is told to reload; never a gap without notice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import redis
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.core.event_log import EventLog, MemoryEventLog, RedisEventLog
from backend.sdk.clock import FakeClock
from tests.redis_server import RedisServer

MakeLog = Callable[[int], EventLog]


def event(owner: str, number: int) -> dict[str, Any]:
    return {
        "name": "n",
        "owner_id": owner,
        "event_id": f"{owner}-{number}",
        "occurred_at": "",
        "payload": {"n": number},
    }


def numbers(events: list[dict[str, Any]]) -> list[int]:
    return [envelope["payload"]["n"] for envelope in events]


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.redis)])
def make_log(request: pytest.FixtureRequest) -> Iterator[MakeLog]:
    if request.param == "memory":
        yield lambda most: MemoryEventLog(FakeClock(), most=most)
        return
    server: RedisServer = request.getfixturevalue("redis_server")
    with redis.Redis.from_url(server.url) as client:
        yield lambda most: RedisEventLog(client, most=most)


def test_a_cursor_gets_what_came_after_it(make_log: MakeLog) -> None:
    log = make_log(100)
    start = log.cursor("a")
    stamped = [log.append(event("a", n)) for n in range(5)]
    assert numbers(log.since("a", start).events) == [0, 1, 2, 3, 4]
    assert stamped[2] is not None
    assert numbers(log.since("a", stamped[2]["cursor"]).events) == [3, 4]
    last = log.since("a", log.cursor("a"))
    assert (last.events, last.reload, last.cursor) == ([], False, log.cursor("a"))


def test_owners_have_counters_of_their_own(make_log: MakeLog) -> None:
    log = make_log(100)
    before = log.cursor("b")
    log.append(event("a", 1))
    assert log.cursor("b") == before
    assert log.since("b", before).events == []


def test_what_is_not_kept_any_more_means_reload(make_log: MakeLog) -> None:
    log = make_log(3)
    start = log.cursor("a")
    cursors = [(log.append(event("a", n)) or {})["cursor"] for n in range(6)]
    assert log.since("a", start).reload is True
    assert log.since("a", cursors[1]).reload is True
    kept = log.since("a", cursors[2])
    assert (kept.reload, numbers(kept.events)) == (False, [3, 4, 5])


@pytest.mark.parametrize("cursor", ["", "x", "-", "0-0", "zz-1", "1" * 500, "é-1"])
def test_a_cursor_that_was_never_given_out_means_reload(make_log: MakeLog, cursor: str) -> None:
    log = make_log(10)
    log.append(event("a", 1))
    assert log.since("a", cursor).reload is True


def test_a_cursor_of_the_future_means_reload(make_log: MakeLog) -> None:
    log = make_log(10)
    epoch = log.cursor("a").partition("-")[0]
    assert log.since("a", f"{epoch}-7").reload is True


def test_forgetting_begins_a_new_epoch(make_log: MakeLog) -> None:
    log = make_log(10)
    log.append(event("a", 1))
    cursor = log.cursor("a")
    log.forget()
    assert log.since("a", cursor).reload is True


def test_the_same_event_is_kept_once(make_log: MakeLog) -> None:
    """Two web processes may hear the same event of a worker; only the first to append it sends it."""
    log = make_log(10)
    assert log.append(event("a", 1)) is not None
    assert log.append(event("a", 1)) is None


def test_old_events_are_dropped_by_age() -> None:
    clock = FakeClock()
    log = MemoryEventLog(clock, most=10, seconds=60)
    start = log.cursor("a")
    log.append(event("a", 1))
    middle = log.cursor("a")
    clock.advance(61)
    assert log.since("a", start).reload is True
    assert log.since("a", middle).reload is False
    log.append(event("a", 2))
    assert numbers(log.since("a", middle).events) == [2]


@settings(max_examples=100, deadline=None)
@given(steps=st.lists(st.sampled_from(["a", "b", "read a", "read b"]), max_size=60), most=st.integers(1, 8))
def test_a_reader_never_has_a_gap_without_notice(steps: list[str], most: int) -> None:
    """For any history: what a reader gets continues exactly where its cursor was, or it is told to reload."""
    log = MemoryEventLog(FakeClock(), most=most)
    written: dict[str, list[int]] = {"a": [], "b": []}
    seen = {"a": (log.cursor("a"), 0), "b": (log.cursor("b"), 0)}
    for number, step in enumerate(steps):
        owner = step[-1]
        if not step.startswith("read"):
            log.append(event(owner, number))
            written[owner].append(number)
            continue
        cursor, count = seen[owner]
        missed = log.since(owner, cursor)
        if not missed.reload:
            assert numbers(missed.events) == written[owner][count:]
        else:
            assert len(written[owner]) - count > most
        seen[owner] = (missed.cursor, len(written[owner]))
