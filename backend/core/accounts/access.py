"""From a token to an actor: the one question that every request asks, and the one place where access ends.

The answer is kept for `CACHE_SECONDS`; ending access in this process forgets it at once, ending it from another process
(`homie users disable`) counts after these seconds at the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from backend.core.accounts.audit import Audit
from backend.core.accounts.errors import TokenRefused
from backend.core.accounts.events import SessionsRevoked
from backend.core.accounts.models import LoginSession, Membership, Token, User
from backend.core.accounts.tokens import SUDO_SECONDS, looks_like, token_hash
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, UnscopedSession
from backend.sdk.events import Unsubscribe

CACHE_SECONDS = 2.0
SEEN_SECONDS = 60
_CACHE_LIMIT = 10_000

log = structlog.get_logger("homie.accounts")


@dataclass(frozen=True, slots=True)
class _Known:
    actor: Actor
    session_id: str
    until: float
    expires_at: datetime


class AccessGate:
    """Answer who a token belongs to, and tell listeners when somebody's access ends or changes."""

    def __init__(self, db: Database, clock: Clock, audit: Audit) -> None:
        self._db = db
        self._clock = clock
        self._audit = audit
        self._known: dict[str, _Known] = {}
        self._generation = 0
        self._on_revoked: list[Callable[[Sequence[str]], None]] = []
        self._on_access_changed: list[Callable[[str], None]] = []

    def authenticate(self, token: str, ip: str = "", user_agent: str = "") -> tuple[Actor, str]:
        """Return the actor and the session of an access token; raises `TokenRefused`."""
        if not looks_like(token, "access"):
            raise TokenRefused()
        key, now = token_hash(token), self._clock.now()
        known = self._known.get(key)
        if known is not None and known.until > self._clock.monotonic() and known.expires_at > now:
            return known.actor, known.session_id
        generation = self._generation
        found, stale = self._db.unscoped("accounts: authenticate", self._look_up, key, now)
        if found is None:
            raise TokenRefused()
        if generation == self._generation:  # nobody's access ended while we read
            if len(self._known) >= _CACHE_LIMIT:
                self._known.clear()
            self._known[key] = found
        if stale:
            self._db.unscoped("accounts: seen", _note_seen, found.session_id, now, ip, user_agent, write=True)
        return found.actor, found.session_id

    def session_alive(self, session_id: str) -> bool:
        """Tell whether a session may still be used; for sockets, before each event."""
        now, clock = self._clock.now(), self._clock.monotonic()
        key = f"session:{session_id}"
        known = self._known.get(key)
        if known is not None and known.until > clock and known.expires_at > now:
            return True
        generation = self._generation
        actor, expires_at = self._db.unscoped("accounts: session", _actor_of_session, session_id, now)
        if actor is None:
            return False
        if generation == self._generation:
            self._known[key] = _Known(actor, session_id, clock + CACHE_SECONDS, expires_at)
        return True

    def actor_of_session(self, session_id: str) -> Actor:
        """Return the actor of a live session as it is now (its spaces may have changed); raises `TokenRefused`."""
        actor, _ = self._db.unscoped("accounts: session", _actor_of_session, session_id, self._clock.now())
        if actor is None:
            raise TokenRefused()
        return actor

    def has_sudo(self, session_id: str) -> bool:
        """Tell whether the session proved its password within the last ten minutes."""
        now = self._clock.now()

        def work(session: Session) -> bool:
            row = session.get(LoginSession, session_id)
            if row is None or row.revoked_at is not None:
                return False
            return now - row.reauthenticated_at <= timedelta(seconds=SUDO_SECONDS)

        return self._db.unscoped("accounts: sudo", work)

    def revoke(
        self, session: UnscopedSession, devices: Iterable[LoginSession], why: str, *, by: str | None
    ) -> list[str]:
        """End sessions inside the caller's transaction; afterwards call `ended` with what this returns."""
        now, ids = self._clock.now(), []
        owner = None
        for device in devices:
            if device.revoked_at is not None:
                continue
            device.revoked_at, device.revoked_why = now, why
            ids.append(device.id)
            owner = owner or session.get(User, device.user_id)
        if not ids or owner is None:
            return []
        session.execute(delete(Token).where(Token.session_id.in_(ids)))
        self._audit.append(
            session,
            "accounts.sessions_revoked",
            actor_id=by,
            owner_id=owner.private_space_id,
            target=owner.id,
            detail={"sessions": ids, "why": why},
        )
        session.emit(SessionsRevoked(owner_id=owner.private_space_id, user_id=owner.id, session_ids=ids, reason=why))
        return ids

    def ended(self, session_ids: Sequence[str]) -> None:
        """Forget what was known, and have the sockets of these sessions closed. Call after commit."""
        self.forget()
        if session_ids:
            for listener in list(self._on_revoked):
                _call(listener, list(session_ids))

    def access_changed(self, user_ids: Iterable[str]) -> None:
        """Forget what was known, and have the sockets of these people join and leave rooms. Call after commit."""
        self.forget()
        for user_id in user_ids:
            for listener in list(self._on_access_changed):
                _call(listener, user_id)

    def forget(self) -> None:
        """Forget every cached answer."""
        self._generation += 1
        self._known.clear()

    def on_revoked(self, listener: Callable[[Sequence[str]], None]) -> Unsubscribe:
        """Call `listener(session_ids)` whenever sessions end; returns its own un-subscribe."""
        self._on_revoked.append(listener)
        return lambda: self._on_revoked.remove(listener)

    def on_access_changed(self, listener: Callable[[str], None]) -> Unsubscribe:
        """Call `listener(user_id)` whenever a person's spaces or rights change; returns its own un-subscribe."""
        self._on_access_changed.append(listener)
        return lambda: self._on_access_changed.remove(listener)

    def _look_up(self, session: Session, key: str, now: datetime) -> tuple[_Known | None, bool]:
        rows = session.execute(
            select(
                Token.expires_at,
                LoginSession.id,
                LoginSession.last_seen_at,
                User.id,
                User.private_space_id,
                User.is_admin,
                Membership.space_id,
            )
            .join(LoginSession, LoginSession.id == Token.session_id)
            .join(User, User.id == LoginSession.user_id)
            .join(Membership, Membership.user_id == User.id)
            .where(
                Token.hash == key,
                Token.kind == "access",
                Token.expires_at > now,
                LoginSession.revoked_at.is_(None),
                User.disabled_at.is_(None),
            )
        ).all()
        if not rows:
            return None, False
        expires_at, session_id, last_seen_at, user_id, private, is_admin, _ = rows[0]
        actor = Actor(user_id, private, frozenset(row[6] for row in rows), is_admin, session_id)
        known = _Known(actor, session_id, self._clock.monotonic() + CACHE_SECONDS, expires_at)
        return known, now - last_seen_at > timedelta(seconds=SEEN_SECONDS)


def actor_of_user(session: Session, user: User, session_id: str | None = None) -> Actor:
    """Return the actor of a person, writing to their private space unless told otherwise."""
    spaces = session.scalars(select(Membership.space_id).where(Membership.user_id == user.id))
    return Actor(user.id, user.private_space_id, frozenset(spaces), user.is_admin, session_id)


def _actor_of_session(session: Session, session_id: str, now: datetime) -> tuple[Actor | None, datetime]:
    row = session.get(LoginSession, session_id)
    if row is None or row.revoked_at is not None or row.expires_at <= now:
        return None, now
    user = session.get(User, row.user_id)
    if user is None or user.disabled_at is not None:
        return None, now
    return actor_of_user(session, user, session_id), row.expires_at


def _note_seen(session: Session, session_id: str, now: datetime, ip: str, user_agent: str) -> None:
    changes: dict[str, object] = {"last_seen_at": now}
    if ip:
        changes["ip"] = ip[:64]
    if user_agent:
        changes["user_agent"] = user_agent[:300]
    session.execute(update(LoginSession).where(LoginSession.id == session_id).values(**changes))


def _call(listener: Callable[..., None], *args: object) -> None:
    try:
        listener(*args)
    except Exception:  # closing one socket must not keep the next one open
        log.exception("a listener of the accounts failed")
