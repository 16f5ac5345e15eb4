"""What accounts tell the other parts and the person's own devices, after commit. Never a name, an address or a key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from backend.sdk.events import Event


@dataclass(frozen=True, kw_only=True)
class LoggedIn(Event):
    """A device was logged in to this person's account; told to the person's other devices."""

    name: ClassVar[str] = "accounts.logged_in"
    session_id: str
    device: str


@dataclass(frozen=True, kw_only=True)
class SessionsRevoked(Event):
    """Devices were logged out; whoever holds sockets of these sessions MUST close them."""

    name: ClassVar[str] = "accounts.sessions_revoked"
    user_id: str
    session_ids: list[str]
    reason: str


@dataclass(frozen=True, kw_only=True)
class TokenReuseDetected(Event):
    """A spent refresh token came back: somebody has a copy. The device was logged out."""

    name: ClassVar[str] = "accounts.token_reuse_detected"
    session_id: str
    device: str


@dataclass(frozen=True, kw_only=True)
class AccessChanged(Event):
    """A person joined or left a space, or their rights changed; sockets MUST join and leave rooms accordingly."""

    name: ClassVar[str] = "accounts.access_changed"
    user_id: str


@dataclass(frozen=True, kw_only=True)
class MembersChanged(Event):
    """The people of this space changed."""

    name: ClassVar[str] = "accounts.members_changed"


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(Event):
    """Somebody used an invitation into this space; who, the list of its people tells."""

    name: ClassVar[str] = "accounts.invitation_accepted"


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event):
    """This person's password was changed or reset."""

    name: ClassVar[str] = "accounts.password_changed"


@dataclass(frozen=True, kw_only=True)
class PreferencesChanged(Event):
    """This person's preferences changed; devices show the new ones."""

    name: ClassVar[str] = "accounts.preferences_changed"


@dataclass(frozen=True, kw_only=True)
class RootsChanged(Event):
    """A folder was granted to this space or taken back."""

    name: ClassVar[str] = "accounts.roots_changed"
    root_id: str
    granted: bool
