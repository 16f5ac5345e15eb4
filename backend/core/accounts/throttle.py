"""Growing delays against guessing: per account and per address, never a lock-out.

A try is counted before the password is checked, and forgiven afterwards when it was right. So any number of tries in
parallel cannot get more than a few through (counted afterwards, all of them would pass the check together).

- The first `FREE_TRIES` wrong tries cost nothing, then the delay doubles: 1, 2, 4, 8, 16, at most 30 seconds.
- A refused try is not counted: whoever hammers does not push the door further shut for the others.
- An account that is being guessed from elsewhere stays open for the addresses its owner already used: those have a
  counter of their own (the idea of OWASP's device cookies).
- A success clears the account, and takes back from the address what was counted against this account only: somebody
  with an account of their own cannot log in between guesses at others to clear their address.
- IPv6 addresses count by their /64, because one line has all of it.

Rows hold keyed hashes instead of names and addresses, and are forgotten after 12 hours.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend.core.accounts.models import LoginThrottle
from backend.core.accounts.upsert import insert_if_absent

FREE_TRIES = 3
MAX_DELAY_SECONDS = 30.0
MEMORY = timedelta(hours=12)


def delay_after(failures: int) -> float:
    """Return the seconds to wait after that many wrong tries: 0, then 1, 2, 4, ... up to 30."""
    if failures < FREE_TRIES:
        return 0.0
    return float(min(MAX_DELAY_SECONDS, 2.0 ** min(failures - FREE_TRIES, 10)))


def address_prefix(ip: str | None) -> str:
    """Return what an address counts as: itself (IPv4), its /64 (IPv6), "local" when there is none."""
    if not ip:
        return "local"
    try:
        address = ipaddress.ip_address(ip.split("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One counted try: the keys it was counted under."""

    account: str
    address: str
    pair: str

    def keys(self) -> tuple[str, str, str]:
        """Return all three keys."""
        return (self.account, self.address, self.pair)


class Throttle:
    """Keep the counters; every method runs inside the caller's write transaction."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def attempt(self, account: str, ip: str | None, *, known_address: bool = False) -> Attempt:
        """Name the counters of a try: `account` is any stable name of what is guessed at."""
        prefix = address_prefix(ip)
        return Attempt(
            account=self._name("account", f"{account}\n{prefix}" if known_address else account),
            address=self._name("address", prefix),
            pair=self._name("pair", f"{account}\n{prefix}"),
        )

    def begin(self, session: Session, attempt: Attempt, now: datetime) -> float:
        """Count the try and return 0, or count nothing and return the seconds to wait."""
        wait = self._wait(self._rows(session, attempt, now, lock=False), now)
        if wait > 0:
            return wait
        for key in sorted(attempt.keys()):
            insert_if_absent(session, LoginThrottle, {"key": key, "failures": 0, "not_before": now, "last_at": now})
        rows = self._rows(session, attempt, now)
        wait = self._wait(rows, now)
        if wait > 0:  # a try beside this one, on PostgreSQL, was counted while this one waited for its lock
            return wait
        for key, row in rows.items():
            row.failures = row.failures + 1 if row.last_at >= now - MEMORY else 1
            row.last_at = now
            if key != attempt.pair:  # the pair only counts, it never delays
                row.not_before = now + timedelta(seconds=delay_after(row.failures))
        session.flush()
        session.execute(delete(LoginThrottle).where(LoginThrottle.last_at < now - MEMORY))
        return 0.0

    def succeed(self, session: Session, attempt: Attempt, now: datetime) -> None:
        """Clear the account, and take back from the address what this account cost it."""
        rows = self._rows(session, attempt, now)
        own = rows[attempt.pair].failures if attempt.pair in rows else 0
        for key in (attempt.account, attempt.pair):
            if key in rows:
                session.delete(rows[key])
        self._take_back(session, rows.get(attempt.address), own, now)

    def forgive(self, session: Session, attempt: Attempt, now: datetime) -> None:
        """Take back this one try (the password was right and the code was not yet asked for)."""
        for row in self._rows(session, attempt, now).values():
            self._take_back(session, row, 1, now)

    def clear_account(self, session: Session, account: str) -> None:
        """Forget every try at an account from addresses that are not known (`homie users unlock`)."""
        session.execute(delete(LoginThrottle).where(LoginThrottle.key == self._name("account", account)))

    def clear_all(self, session: Session) -> None:
        """Forget every try at everything (`homie users unlock --all`)."""
        session.execute(delete(LoginThrottle))

    def _take_back(self, session: Session, row: LoginThrottle | None, count: int, now: datetime) -> None:
        if row is None:
            return
        row.failures -= count
        if row.failures <= 0:
            session.delete(row)
        else:
            row.not_before = min(row.not_before, now + timedelta(seconds=delay_after(row.failures)))

    @staticmethod
    def _wait(rows: dict[str, LoginThrottle], now: datetime) -> float:
        longest = max(((row.not_before - now).total_seconds() for row in rows.values()), default=0.0)
        return min(max(longest, 0.0), MAX_DELAY_SECONDS)

    @staticmethod
    def _rows(session: Session, attempt: Attempt, now: datetime, *, lock: bool = True) -> dict[str, LoginThrottle]:
        query = select(LoginThrottle).where(LoginThrottle.key.in_(attempt.keys())).order_by(LoginThrottle.key)
        if lock:  # sorted and locked: two tries on PostgreSQL wait for each other instead of overwriting
            query = query.with_for_update()
        query = query.execution_options(populate_existing=True)
        return {row.key: row for row in session.scalars(query)}

    def _name(self, kind: str, value: str) -> str:
        return f"{kind}:{hmac.new(self._key, f'{kind}:{value}'.encode(), hashlib.sha256).hexdigest()[:40]}"
