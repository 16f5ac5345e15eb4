"""Who asks, from where, and the services that the platform lends to a request.

The dispatcher of the platform authenticates once and hands over through the WSGI environment:

    homie.actor       Actor, or absent when nobody is logged in
    homie.session_id  id of the session behind the token
    homie.sudo        callable: did this session prove its password within the last minutes?
    homie.ip          address of the client (a trusted proxy's word is already applied)
    homie.limit_key   what counts as one address for limits (an IPv6 household has many)
    homie.request_id  goes into every log line and every error body
    homie.http        `HttpServices`
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from flask import request

from backend.sdk.actor import Actor
from backend.sdk.errors import NotAuthenticated
from backend.sdk.http.idempotency import IdempotencyStore
from backend.sdk.ids import new_id

SPACE_HEADER = "X-Homie-Space"
SESSION_COOKIE = "homie_session"


class Limiter(Protocol):
    """Count what a caller does."""

    def take(self, key: str, limit: str) -> float:
        """Take one of `limit` ("20/minute"); return 0.0 when allowed, else the seconds to wait."""
        ...


@dataclass(frozen=True, slots=True)
class HttpServices:
    """Hold what the platform lends to every API."""

    limiter: Limiter | None = None
    idempotency: IdempotencyStore | None = None
    max_body_bytes: int = 1 << 20


@dataclass(frozen=True, slots=True)
class CurrentRequest:
    """Describe the request being answered, beyond its declared parameters."""

    request_id: str
    ip: str
    user_agent: str
    session_id: str | None
    actor: Actor | None
    secure: bool


def current_actor() -> Actor:
    """Return who asks: the spaces are already narrowed by `X-Homie-Space` and `?space=`.

    Raises `NotAuthenticated` when nobody is logged in.
    """
    actor = actor_or_none()
    if actor is None:
        raise NotAuthenticated()
    return actor


def actor_or_none() -> Actor | None:
    """Return who asks, or None."""
    actor: Actor | None = request.environ.get("homie.actor")
    return actor


def current_request() -> CurrentRequest:
    """Return the circumstances of the request."""
    environ = request.environ
    return CurrentRequest(
        request_id=request_id(),
        ip=environ.get("homie.ip") or request.remote_addr or "",
        user_agent=request.headers.get("User-Agent", "")[:300],
        session_id=environ.get("homie.session_id"),
        actor=actor_or_none(),
        secure=request.is_secure,
    )


def request_id() -> str:
    """Return the id of this request, made on first use when nobody gave one."""
    found: str = request.environ.setdefault("homie.request_id", new_id())
    return found


def services() -> HttpServices:
    """Return the platform's services for this request."""
    found: HttpServices | None = request.environ.get("homie.http")
    return found or HttpServices()


def has_sudo() -> bool:
    """Tell whether the session behind this request proved its password lately."""
    check: Any = request.environ.get("homie.sudo")
    return bool(check()) if callable(check) else bool(check)
