"""What every part of the accounts is built from, and the few queries that all of them need."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.core.accounts.audit import Audit
from backend.core.accounts.models import LoginSession, Membership, SecondFactor, Space, User
from backend.core.accounts.passwords import PasswordHasher
from backend.core.accounts.throttle import Throttle
from backend.core.accounts.views import PersonView
from backend.core.secrets import SecretBox, SecretFiles
from backend.sdk.clock import Clock
from backend.sdk.db import Database, UnscopedSession
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput, NotFound
from backend.sdk.events import EventBus
from backend.sdk.ids import NewId

if TYPE_CHECKING:
    from backend.core.accounts.access import AccessGate
    from backend.core.settings import HomieSettings

T = TypeVar("T")

PRIVATE, HOUSEHOLD = "private", "household"
OWNER, MEMBER = "owner", "member"


@dataclass(frozen=True, slots=True)
class AccountsContext:
    """Hold what the parts share; made once by `Accounts`."""

    db: Database
    bus: EventBus
    audit: Audit
    clock: Clock
    new_id: NewId
    settings: HomieSettings
    secrets: SecretFiles
    box: SecretBox
    hasher: PasswordHasher
    throttle: Throttle
    gate: AccessGate
    refresh_key: bytes
    code_key: bytes

    def read(self, why: str, fn: Callable[..., T], *args: Any, **kw: Any) -> T:
        """Run `fn(session, ...)` in one read transaction over the identity tables."""
        return self.db.unscoped(f"accounts: {why}", fn, *args, **kw)

    def write(self, why: str, fn: Callable[..., T | HomieError], *args: Any, **kw: Any) -> T:
        """Run `fn(session, ...)` in one write transaction over the identity tables.

        A function that must both store something (a counted failure) and fail returns the error; it is raised here
        once the transaction is committed.
        """
        result = self.db.unscoped(f"accounts: {why}", fn, *args, write=True, **kw)
        if isinstance(result, HomieError):
            raise result
        return result


def name_key(name: str) -> str:
    """Return a name as it is compared: NFKC and case folded, so that look-alikes of one name are one name."""
    return unicodedata.normalize("NFKC", name).strip().casefold()[:128]


def check_name(name: str, field: str = "body.name") -> str:
    """Return a login name without outer spaces; raises `InvalidInput` for one that cannot be typed or shown."""
    name = name.strip()
    good = 1 <= len(name) <= 64 and all(unicodedata.category(c)[0] in "LNPS" or c == " " for c in name)
    if not good:
        problem = "Use 1 to 64 letters, digits, signs and spaces."
        raise InvalidInput(fields=[FieldProblem(field, problem, "For example: eva")])
    return name


def check_label(text: str, field: str) -> str:
    """Return a title without outer spaces; raises `InvalidInput` for an empty one or one with control characters."""
    text = text.strip()
    if not 1 <= len(text) <= 120 or any(unicodedata.category(c) in ("Cc", "Cs") for c in text):
        raise InvalidInput(fields=[FieldProblem(field, "Use 1 to 120 printable characters.", "Shorten it.")])
    return text


def user_of(session: Session, user_id: str, *, lock: bool = False) -> User:
    """Return a user; raises `NotFound`."""
    user = session.get(User, user_id, with_for_update=True if lock else None)
    if user is None:
        raise NotFound("This person does not exist.")
    return user


def find_user(session: Session, name: str) -> User | None:
    """Return the user of that login name, or None."""
    return session.scalars(select(User).where(User.name_key == name_key(name))).first()


def role_in(session: Session, user_id: str, space_id: str) -> str:
    """Return the person's role in a space; raises `NotFound` when they are not in it, as when there is none."""
    row = session.get(Membership, (user_id, space_id))
    if row is None:
        raise NotFound("This space does not exist.")
    return row.role


def new_space(session: Session, space_id: str, kind: str, name: str, now: datetime) -> Space:
    """Insert a space (flushed, so that rows may refer to it)."""
    space = Space(id=space_id, kind=kind, name=name, created_at=now)
    session.add(space)
    session.flush()
    return space


def add_member(session: Session, user_id: str, space_id: str, role: str, now: datetime) -> None:
    """Insert a membership."""
    session.add(Membership(user_id=user_id, space_id=space_id, role=role, joined_at=now))
    session.flush()


def count_admins(session: Session) -> int:
    """Return how many active administrators there are."""
    query = select(func.count()).select_from(User).where(User.is_admin, User.disabled_at.is_(None))
    return int(session.scalar(query) or 0)


def person_view(session: Session, user: User) -> PersonView:
    """Return a user as it is shown."""
    factor = session.get(SecondFactor, user.id)
    return PersonView(
        id=user.id,
        name=user.name,
        display_name=user.display_name,
        is_admin=user.is_admin,
        disabled=user.disabled_at is not None,
        second_factor=bool(factor and factor.confirmed_at),
        private_space_id=user.private_space_id,
        created_at=user.created_at,
        last_login_at=user.last_login_at,
    )


def live_sessions(session: Session, user_id: str, now: datetime) -> list[LoginSession]:
    """Return the devices of a person that are logged in, last seen first."""
    return list(
        session.scalars(
            select(LoginSession)
            .where(
                LoginSession.user_id == user_id,
                LoginSession.revoked_at.is_(None),
                LoginSession.expires_at > now,
            )
            .order_by(LoginSession.last_seen_at.desc(), LoginSession.id)
        )
    )


def is_fresh(moment: datetime, now: datetime, seconds: float) -> bool:
    """Tell whether a moment lies at most `seconds` in the past."""
    return now - moment <= timedelta(seconds=seconds)


__all__ = [
    "HOUSEHOLD",
    "MEMBER",
    "OWNER",
    "PRIVATE",
    "AccountsContext",
    "UnscopedSession",
    "add_member",
    "check_label",
    "check_name",
    "count_admins",
    "find_user",
    "is_fresh",
    "live_sessions",
    "name_key",
    "new_space",
    "person_view",
    "role_in",
    "user_of",
]
