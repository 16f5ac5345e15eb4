"""What the account services hand out: plain frozen data, never a row, a hash, or a secret not meant to be shown."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from backend.core.accounts.tokens import TokenPair


@dataclass(frozen=True, slots=True)
class PersonView:
    """One person."""

    id: str
    name: str
    display_name: str
    is_admin: bool
    disabled: bool
    second_factor: bool
    private_space_id: str
    created_at: datetime
    last_login_at: datetime | None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A device that was just logged in: its tokens (shown once) and who it belongs to."""

    tokens: TokenPair
    person: PersonView


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One logged-in device."""

    id: str
    name: str
    kind: str
    user_agent: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


@dataclass(frozen=True, slots=True)
class SpaceView:
    """One space of the asking person, with their role in it."""

    id: str
    kind: str
    name: str
    role: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MemberView:
    """One person in a space."""

    user_id: str
    name: str
    display_name: str
    role: str
    joined_at: datetime


@dataclass(frozen=True, slots=True)
class InvitationView:
    """One invitation; `code` is only set in the answer to making it."""

    id: str
    purpose: str
    space_id: str | None
    role: str
    note: str
    created_by: str | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    code: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, repr=False)
class SecondFactorStart:
    """What an authenticator app needs; shown once."""

    secret: str
    uri: str

    def __repr__(self) -> str:
        return "SecondFactorStart()"


@dataclass(frozen=True, slots=True)
class SecondFactorView:
    """Whether the second factor is on, and how many recovery codes are left."""

    on: bool
    recovery_codes_left: int


@dataclass(frozen=True, slots=True)
class RootView:
    """One granted folder. `online` tells whether it can be reached now."""

    id: str
    space_id: str
    path: str
    label: str
    purpose: str
    writable: bool
    granted_at: datetime
    online: bool
