"""Drop what has served its time: expired tokens and codes, old answers, requests kept for people to see."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, cast

import structlog
from sqlalchemy import CursorResult, delete, or_

from backend.core.accounts.models import Invitation, LoginSession, LoginThrottle, Token
from backend.core.idempotency import KEPT
from backend.core.runtime_models import IdempotencyRow
from backend.sdk.clock import Clock
from backend.sdk.concurrency import run_blocking, spawn
from backend.sdk.db import Database, UnscopedSession

log = structlog.get_logger("homie.housekeeping")

EVERY_SECONDS = 6 * 3600.0
FIRST_AFTER_SECONDS = 60.0
TOKENS_AFTER = timedelta(days=1)
SESSIONS_AFTER = timedelta(days=30)
INVITATIONS_AFTER = timedelta(days=30)
THROTTLE_AFTER = timedelta(days=1)


def sweep_core(db: Database, now: datetime) -> int:
    """Delete core's rows past their time; return how many.

    A spent refresh token stays until it would have expired: until then its reuse must be recognised.
    """

    def sweep(session: UnscopedSession) -> int:
        ended = or_(LoginSession.revoked_at < now - SESSIONS_AFTER, LoginSession.expires_at < now - SESSIONS_AFTER)
        gone = 0
        for statement in (
            delete(Token).where(Token.expires_at < now - TOKENS_AFTER),
            delete(LoginSession).where(ended),
            delete(Invitation).where(Invitation.expires_at < now - INVITATIONS_AFTER),
            delete(LoginThrottle).where(LoginThrottle.last_at < now - THROTTLE_AFTER),
            delete(IdempotencyRow).where(IdempotencyRow.created_at < now - KEPT),
        ):
            gone += cast(CursorResult[Any], session.execute(statement)).rowcount
        return gone

    return db.unscoped("housekeeping", sweep, write=True)


class Housekeeping:
    """Run every chore of the server a few times a day; one that fails is logged and hinders no other."""

    def __init__(self, chores: Mapping[str, Callable[[], object]]) -> None:
        self._chores = dict(chores)
        self._stop = threading.Event()

    @classmethod
    def of(cls, core_db: Database, clock: Clock, **more: Callable[[], object]) -> Housekeeping:
        """Return the housekeeping of a hub: core's own rows, and `more` chores by name."""
        return cls({"core": lambda: sweep_core(core_db, clock.now()), **more})

    def start(self) -> None:
        """Begin in the background, a minute after the start."""
        spawn(self._loop, name="housekeeping")

    def stop(self) -> None:
        """End; a chore at work is not interrupted."""
        self._stop.set()

    def run(self) -> None:
        """Do every chore now."""
        for name, chore in self._chores.items():
            try:
                log.debug("housekeeping", chore=name, done=run_blocking(chore))
            except Exception:
                log.exception("a chore failed", chore=name)

    def _loop(self) -> None:
        wait = FIRST_AFTER_SECONDS
        while not self._stop.wait(wait):
            self.run()
            wait = EVERY_SECONDS
