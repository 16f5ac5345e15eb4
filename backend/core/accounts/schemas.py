"""What goes over the wire. Strict and closed: an unknown field is refused, a password never comes back."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, Field

from backend.core.accounts.setup import SetupState
from backend.sdk.http import In, Out, PageQuery


def _sensible(moment: datetime) -> datetime:
    """Refuse moments that no log has, and that no clock can bring into another zone."""
    if not 1970 <= moment.year < 9000:
        raise ValueError("the year must be between 1970 and 8999")
    return moment


_NAME = Field(min_length=1, max_length=64, description="The name to log in with.")
_PASSWORD = Field(min_length=1, max_length=200, repr=False)
_NEW_PASSWORD = Field(
    min_length=1, max_length=200, repr=False, description="At least 10 characters, at most 72 bytes, not a common one."
)
_LABEL = Field(min_length=1, max_length=120)
_CODE = Field(min_length=1, max_length=64, repr=False)
_ID = Field(min_length=1, max_length=64)
_Moment = Annotated[AwareDatetime, AfterValidator(_sensible)]
_Folder = Annotated[str, Field(min_length=1, max_length=4096)]


class IdPath(In):
    """Name one thing by its id."""

    id: str = _ID


class MemberPath(In):
    """Name one person in one space."""

    id: str = _ID
    user_id: str = _ID


class PersonOut(Out):
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


class SpaceOut(Out):
    """One space, and the asking person's role in it."""

    id: str
    kind: Literal["private", "household"]
    name: str
    role: Literal["owner", "member"]
    created_at: datetime


class MeOut(Out):
    """The person who asks, their spaces, and the device they ask from."""

    person: PersonOut
    spaces: list[SpaceOut]
    session_id: str | None
    csrf_token: str | None = Field(None, description="For browsers: send it in X-Homie-CSRF with every change.")


class SetupOut(Out):
    """Whether a first owner is awaited."""

    state: SetupState


class SetupIn(In):
    """The first owner."""

    code: str = _CODE
    name: str = _NAME
    password: str = _NEW_PASSWORD
    display_name: str | None = Field(None, max_length=120)
    household: str = Field("Home", min_length=1, max_length=120, description="Name of the shared space.")
    folders: list[_Folder] = Field(
        default_factory=list, max_length=20, description="Full paths that Homie may organise."
    )
    device: str = Field("", max_length=120, description="What to call this device.")
    cookie: bool = Field(False, description="Browsers: keep the tokens in HttpOnly cookies, out of reach of scripts.")


class LoginIn(In):
    """Name, password and, when the second factor is on, a code."""

    name: str = _NAME
    password: str = _PASSWORD
    code: str | None = Field(None, max_length=64, repr=False, description="Of the authenticator app, or for recovery.")
    device: str = Field("", max_length=120, description="What to call this device.")
    cookie: bool = Field(False, description="Browsers: keep the tokens in HttpOnly cookies, out of reach of scripts.")


class TokensOut(Out):
    """The tokens of a device. With cookies they are null here, and `csrf_token` is set."""

    session_id: str
    access_token: str | None = Field(repr=False)
    refresh_token: str | None = Field(repr=False)
    access_seconds: int
    refresh_seconds: int
    csrf_token: str | None = Field(None, repr=False)


class SignedInOut(Out):
    """A device that was just logged in."""

    tokens: TokensOut
    person: PersonOut


class RefreshIn(In):
    """A refresh token; browsers send none, theirs is in the cookie."""

    refresh_token: str | None = Field(None, max_length=128, repr=False)


class ReauthenticateIn(In):
    """The proof that it is still you."""

    password: str = _PASSWORD
    code: str | None = Field(None, max_length=64, repr=False)


class PasswordChangeIn(In):
    """The present password and the new one."""

    current_password: str = _PASSWORD
    new_password: str = _NEW_PASSWORD


class PasswordResetIn(In):
    """A code from an administrator and the new password."""

    code: str = _CODE
    password: str = _NEW_PASSWORD


class EndedOut(Out):
    """How many other devices were logged out."""

    devices_logged_out: int


class DisplayNameIn(In):
    """How to be shown."""

    display_name: str = _LABEL


class SecondFactorOut(Out):
    """Whether the second factor is on."""

    on: bool
    recovery_codes_left: int


class SecondFactorStartOut(Out):
    """What the authenticator app needs; shown this once."""

    secret: str
    uri: str


class CodeIn(In):
    """A code as it was typed."""

    code: str = _CODE


class RecoveryCodesOut(Out):
    """The recovery codes; shown this once."""

    codes: list[str]


class DeviceOut(Out):
    """One logged-in device."""

    id: str
    name: str
    kind: str
    user_agent: str
    ip: str
    created_at: datetime
    last_seen_at: datetime
    current: bool


class DevicesOut(Out):
    """The person's devices, last seen first."""

    items: list[DeviceOut]


class SpacesOut(Out):
    """The person's spaces, the private one first."""

    items: list[SpaceOut]


class SpaceIn(In):
    """A household space."""

    name: str = _LABEL


class MemberOut(Out):
    """One person in a space."""

    user_id: str
    name: str
    display_name: str
    role: Literal["owner", "member"]
    joined_at: datetime


class MembersOut(Out):
    """The people of a space."""

    items: list[MemberOut]


class RoleIn(In):
    """A role in a space."""

    role: Literal["owner", "member"]


class InvitationIn(In):
    """What the code invites to: a new account, a household space, or both."""

    space_id: str | None = Field(None, max_length=64)
    role: Literal["owner", "member"] = "member"
    new_account: bool = Field(False, description="For people without an account; needs an administrator.")
    note: str = Field("", max_length=120, description="Who it is for.")
    hours: int = Field(72, ge=1, le=720, description="How long the code is good for.")


class InvitationOut(Out):
    """One open invitation; `code` is only set in the answer to making it."""

    id: str
    purpose: Literal["account", "space", "password"]
    space_id: str | None
    role: str
    note: str
    created_by: str | None
    created_at: datetime
    expires_at: datetime
    code: str | None = Field(None, repr=False)


class InvitationsOut(Out):
    """Open invitations."""

    items: list[InvitationOut]


class AcceptIn(In):
    """A new person with an invitation."""

    code: str = _CODE
    name: str = _NAME
    password: str = _NEW_PASSWORD
    display_name: str | None = Field(None, max_length=120)
    device: str = Field("", max_length=120)
    cookie: bool = False


class JoinedOut(Out):
    """The space that was joined."""

    space_id: str


class PeopleOut(Out):
    """Everybody with an account."""

    items: list[PersonOut]


class PersonChangeIn(In):
    """What an administrator changes; what is left out stays."""

    is_admin: bool | None = None
    disabled: bool | None = None


class PreferencesIn(In):
    """Preferences to set; what is left out stays. `GET` shows all with their defaults."""

    changes: dict[str, Any] = Field(max_length=40)


class RootIn(In):
    """A folder to open to a space."""

    space_id: str = _ID
    path: str = Field(min_length=1, max_length=4096, description="Full path on the machine that runs Homie.")
    label: str = Field("", max_length=120, description="What to call it; the folder's name when empty.")
    purpose: str = Field("", max_length=40, description="Like inbox, archive, media.")
    writable: bool = True


class RootOut(Out):
    """One granted folder."""

    id: str
    space_id: str
    path: str
    label: str
    purpose: str
    writable: bool
    granted_at: datetime
    online: bool


class RootsOut(Out):
    """Granted folders."""

    items: list[RootOut]


class BrowseQuery(In):
    """Ask for the folders in a folder of the machine."""

    path: str | None = Field(None, min_length=1, max_length=4096, description="Full path; without, where to begin.")


class BrowsedFolderOut(Out):
    """One folder of the machine."""

    name: str
    path: str
    grantable: bool = Field(description="Whether it may be opened to a space.")
    why: str = Field(description="Why not, in words; empty if it may.")
    granted: bool = Field(description="Whether it is open to a space already; nobody looks into it from here.")
    enterable: bool = Field(description="Whether its own folders are shown.")


class BrowsedOut(Out):
    """The folders in one folder of the machine, by name."""

    path: str | None = Field(description="The folder; null for the places where looking begins.")
    parent: str | None
    items: list[BrowsedFolderOut]
    more: bool = Field(description="Whether there are more than are shown.")


class ScopeQuery(In):
    """Ask for one's own (default) or, as an administrator, for everything."""

    scope: Literal["mine", "all"] = "mine"


class AuditQuery(PageQuery):
    """Ask for one's own entries or, as an administrator, for all; narrowed by what, who and when."""

    scope: Literal["mine", "all"] = "mine"
    action: str | None = Field(
        None, min_length=1, max_length=80, pattern=r"^[a-z0-9_.]+$", description="Beginning of it, like `accounts.`."
    )
    by: str | None = Field(None, min_length=1, max_length=64, description="Only what this person (id) did.")
    since: _Moment | None = Field(None, description="Only from this moment on.")
    until: _Moment | None = Field(None, description="Only before this moment.")


class AuditEntryOut(Out):
    """One entry of the security log. `detail` is null once its person was erased."""

    seq: int
    at: datetime
    actor_id: str | None
    owner_id: str | None
    action: str
    target: str
    detail: dict[str, Any] | None


class AuditVerifyOut(Out):
    """Whether the security log is whole."""

    ok: bool
    entries: int
    erased_details: int
    head: str
    problems: list[str]
