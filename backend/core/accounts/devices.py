"""Devices: one row per login, which is also the family of its tokens."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from backend.core.accounts.context import AccountsContext, UnscopedSession, live_sessions, user_of
from backend.core.accounts.models import LoginSession, Token, User
from backend.core.accounts.tokens import (
    ACCESS_SECONDS,
    REFRESH_SECONDS,
    TokenPair,
    new_access_token,
    new_refresh_token,
    token_hash,
)
from backend.core.accounts.views import DeviceView
from backend.sdk.errors import NotFound

_KEPT_AFTER_END = timedelta(days=90)


class Devices:
    """List devices and log them out."""

    def __init__(self, context: AccountsContext) -> None:
        self._context = context

    def of_person(self, user_id: str, current: str | None = None) -> list[DeviceView]:
        """Return the person's logged-in devices, last seen first."""

        def work(session: UnscopedSession) -> list[DeviceView]:
            rows = live_sessions(session, user_id, self._context.clock.now())
            return [_view(row, current) for row in rows]

        return self._context.read("devices", work)

    def revoke(self, user_id: str, session_id: str, why: str = "revoked") -> None:
        """Log one of the person's devices out; raises `NotFound` for any other."""

        def work(session: UnscopedSession) -> list[str]:
            row = session.get(LoginSession, session_id)
            if row is None or row.user_id != user_id or row.revoked_at is not None:
                raise NotFound("This device does not exist.")
            return self._context.gate.revoke(session, [row], why, by=user_id)

        self._context.gate.ended(self._context.write("revoke device", work))

    def revoke_others(self, user_id: str, keep: str | None) -> int:
        """Log all of the person's devices out but one (or all, with `keep=None`); returns how many."""

        def work(session: UnscopedSession) -> list[str]:
            return self.end_all(session, user_id, "revoked", by=user_id, keep=keep)

        ended = self._context.write("revoke devices", work)
        self._context.gate.ended(ended)
        return len(ended)

    def end_all(
        self, session: UnscopedSession, user_id: str, why: str, *, by: str | None, keep: str | None = None
    ) -> list[str]:
        """End a person's sessions inside the caller's transaction; returns what `gate.ended` must be told."""
        user_of(session, user_id)
        rows = [row for row in live_sessions(session, user_id, self._context.clock.now()) if row.id != keep]
        return self._context.gate.revoke(session, rows, why, by=by)

    def open(
        self, session: UnscopedSession, user: User, *, name: str, kind: str, ip: str, user_agent: str
    ) -> TokenPair:
        """Start a session inside the caller's transaction and return its tokens."""
        now = self._context.clock.now()
        row = LoginSession(
            id=self._context.new_id(),
            user_id=user.id,
            name=(name.strip() or device_name(user_agent))[:120],
            kind=kind,
            user_agent=user_agent[:300],
            ip=ip[:64],
            created_at=now,
            last_seen_at=now,
            reauthenticated_at=now,
            expires_at=now + timedelta(seconds=REFRESH_SECONDS),
        )
        session.add(row)
        session.flush()
        self._sweep(session, now)
        return issue(session, row.id, new_refresh_token(), now)

    @staticmethod
    def _sweep(session: UnscopedSession, now: datetime) -> None:
        """Drop tokens that expired and sessions that ended long ago: nobody will ask for them again."""
        session.execute(delete(Token).where(Token.expires_at < now))
        old = now - _KEPT_AFTER_END
        session.execute(delete(LoginSession).where(or_(LoginSession.revoked_at < old, LoginSession.expires_at < old)))


def issue(session: UnscopedSession, session_id: str, refresh: str, now: datetime) -> TokenPair:
    """Store a fresh access token and the given refresh token (unless it is stored already); return both."""
    access = new_access_token()
    session.add(
        Token(
            hash=token_hash(access),
            session_id=session_id,
            kind="access",
            expires_at=now + timedelta(seconds=ACCESS_SECONDS),
        )
    )
    if session.get(Token, token_hash(refresh)) is None:
        session.add(
            Token(
                hash=token_hash(refresh),
                session_id=session_id,
                kind="refresh",
                expires_at=now + timedelta(seconds=REFRESH_SECONDS),
            )
        )
    session.flush()
    return TokenPair(access, refresh, session_id)


def device_name(user_agent: str) -> str:
    """Return a name for a device that gave none, from its user agent: "Firefox on Linux"."""
    agent = user_agent.lower()
    programs = (("edg/", "Edge"), ("firefox", "Firefox"), ("chrome", "Chrome"), ("safari", "Safari"))
    mobile = (("android", "Android"), ("iphone", "iPhone"), ("ipad", "iPad"))
    systems = (*mobile, ("windows", "Windows"), ("mac os", "Mac"), ("linux", "Linux"))
    program = next((name for mark, name in programs if mark in agent), "App")
    system = next((name for mark, name in systems if mark in agent), "")
    return f"{program} on {system}" if system else program


def _view(row: LoginSession, current: str | None) -> DeviceView:
    return DeviceView(
        id=row.id,
        name=row.name,
        kind=row.kind,
        user_agent=row.user_agent,
        ip=row.ip,
        created_at=row.created_at,
        last_seen_at=row.last_seen_at,
        current=row.id == current,
    )
