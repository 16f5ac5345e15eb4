"""The delay against guessing, for any sequence of tries: checklist line 4."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from backend.core.accounts.models import LoginThrottle
from backend.core.accounts.throttle import FREE_TRIES, MAX_DELAY_SECONDS, Throttle, address_prefix, delay_after
from tests.core.accounts.conftest import House

START = datetime(2026, 1, 1, tzinfo=UTC)
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["eva", "ben"]),
        st.sampled_from(["10.0.0.1", "10.0.0.2"]),
        st.booleans(),
        st.sampled_from([0.0, 0.5, 1.0, 3.0, 40.0]),
    ),
    max_size=40,
)


def test_the_delay_doubles_up_to_thirty_seconds() -> None:
    """0 for the free tries, then 1, 2, 4, ..., 30."""
    assert [delay_after(n) for n in range(10)] == [0, 0, 0, 1, 2, 4, 8, 16, 30, 30]
    assert delay_after(10**9) == MAX_DELAY_SECONDS


def test_no_wait_is_longer_than_thirty_seconds_and_every_wait_is_kept(house: House) -> None:
    """Whatever was tried: waiting as long as told always lets one in, and success clears the account."""

    @settings(max_examples=30, deadline=None)
    @given(steps=STEPS)
    def prove(steps: list[tuple[str, str, bool, float]]) -> None:
        db, throttle, now = house.db, Throttle(b"k" * 32), START
        db.unscoped("t", lambda session: session.execute(delete(LoginThrottle)), write=True)
        for account, ip, right, seconds in steps:
            now += timedelta(seconds=seconds)
            attempt = throttle.attempt(account, ip)
            wait = db.unscoped("t", throttle.begin, attempt, now, write=True)
            assert 0 <= wait <= MAX_DELAY_SECONDS
            if wait:
                now += timedelta(seconds=wait)
                assert db.unscoped("t", throttle.begin, attempt, now, write=True) == 0
            if right:
                db.unscoped("t", throttle.succeed, attempt, now, write=True)
                rows = db.unscoped("t", _failures)
                assert attempt.account not in rows
                assert attempt.pair not in rows
        rows = db.unscoped("t", _failures)
        assert all(count > 0 for count in rows.values())

    prove()


def test_failures_are_forgotten_after_twelve_hours(house: House) -> None:
    """And the table does not keep what nobody needs."""
    throttle = Throttle(b"k" * 32)
    attempt = throttle.attempt("eva", "10.0.0.1")
    for _ in range(FREE_TRIES):
        assert house.db.unscoped("t", throttle.begin, attempt, START, write=True) == 0
    assert house.db.unscoped("t", throttle.begin, attempt, START, write=True) > 0
    later = START + timedelta(hours=13)
    other = throttle.attempt("ben", "10.0.0.2")
    assert house.db.unscoped("t", throttle.begin, other, later, write=True) == 0
    assert set(house.db.unscoped("t", _failures)) == set(other.keys())


def test_rows_hold_no_names_and_no_addresses(house: House) -> None:
    """Keyed hashes only."""
    throttle = Throttle(b"k" * 32)
    house.db.unscoped("t", throttle.begin, throttle.attempt("eva", "10.0.0.1"), START, write=True)
    assert not any("eva" in key or "10.0.0.1" in key for key in house.db.unscoped("t", _failures))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("192.0.2.1", "192.0.2.1", True),
        ("192.0.2.1", "192.0.2.2", False),
        ("2001:db8::1", "2001:db8::ffff:1", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:192.0.2.1", "192.0.2.1", True),
        ("fe80::1%eth0", "fe80::2", True),
        ("", None, True),
    ],
)
def test_addresses_count_by_the_line_behind_them(one: str, other: str | None, same: bool) -> None:
    """IPv4 by itself, IPv6 by its /64, mapped addresses as IPv4."""
    assert (address_prefix(one) == address_prefix(other)) is same


def _failures(session: Any) -> dict[str, int]:
    from sqlalchemy import select

    return {row.key: row.failures for row in session.scalars(select(LoginThrottle))}
