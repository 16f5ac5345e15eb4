"""The operations below /api/v1/accounts.

Written by scripts/write-api-client: do not edit. A written file may exceed 400 lines.
"""

from __future__ import annotations

from typing import Literal, cast

from frontend.api.generated.schemas import (
    AcceptIn,
    AuditEntryOutPage,
    AuditVerifyOut,
    BrowsedOut,
    CodeIn,
    DevicesOut,
    DisplayNameIn,
    EndedOut,
    InvitationIn,
    InvitationOut,
    InvitationsOut,
    JoinedOut,
    LoginIn,
    MembersOut,
    MeOut,
    PasswordChangeIn,
    PasswordResetIn,
    PeopleOut,
    PersonChangeIn,
    PersonOut,
    Preferences,
    PreferencesIn,
    ReauthenticateIn,
    RecoveryCodesOut,
    RefreshIn,
    RoleIn,
    RootIn,
    RootOut,
    RootsOut,
    SecondFactorOut,
    SecondFactorStartOut,
    SetupIn,
    SetupOut,
    SignedInOut,
    SpaceIn,
    SpaceOut,
    SpacesOut,
    TokensOut,
)
from frontend.api.transport import Transport, new_idempotency_key, segment


class AccountsApi:
    """The operations below /api/v1/accounts."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    async def accept_invitation(self, body: AcceptIn) -> SignedInOut:
        """Create an account with an invitation."""
        return cast(
            "SignedInOut",
            await self._transport.call("POST", "/api/v1/accounts/invitations/accept", body=body, public=True),
        )

    async def begin_second_factor(self, *, space: str | None = None) -> SecondFactorStartOut:
        """Begin to turn the second factor on."""
        return cast("SecondFactorStartOut", await self._transport.call("POST", "/api/v1/accounts/totp", space=space))

    async def browse_machine(self, *, path: str | None = None, space: str | None = None) -> BrowsedOut:
        """Look around on this machine for folders to open: names of folders only."""
        return cast(
            "BrowsedOut",
            await self._transport.call("GET", "/api/v1/accounts/roots/browse", query={"path": path}, space=space),
        )

    async def change_password(self, body: PasswordChangeIn, *, space: str | None = None) -> EndedOut:
        """Change one's password."""
        return cast("EndedOut", await self._transport.call("PUT", "/api/v1/accounts/password", body=body, space=space))

    async def change_preferences(self, body: PreferencesIn, *, space: str | None = None) -> Preferences:
        """Set some preferences and leave the others as they are."""
        return cast(
            "Preferences", await self._transport.call("PATCH", "/api/v1/accounts/preferences", body=body, space=space)
        )

    async def change_role(self, id: str, user_id: str, body: RoleIn, *, space: str | None = None) -> None:
        """Make a member an owner of the space, or the other way round."""
        await self._transport.call(
            "PATCH", f"/api/v1/accounts/spaces/{segment(id)}/members/{segment(user_id)}", body=body, space=space
        )

    async def change_user(self, id: str, body: PersonChangeIn, *, space: str | None = None) -> PersonOut:
        """Give or take the administrator's rights, shut a person out, or let them in again."""
        return cast(
            "PersonOut",
            await self._transport.call("PATCH", f"/api/v1/accounts/users/{segment(id)}", body=body, space=space),
        )

    async def complete_setup(self, body: SetupIn) -> SignedInOut:
        """Become the first owner."""
        return cast("SignedInOut", await self._transport.call("POST", "/api/v1/accounts/setup", body=body, public=True))

    async def confirm_second_factor(self, body: CodeIn, *, space: str | None = None) -> RecoveryCodesOut:
        """Turn the second factor on with a first code of the app."""
        return cast(
            "RecoveryCodesOut",
            await self._transport.call("POST", "/api/v1/accounts/totp/confirm", body=body, space=space),
        )

    async def create_invitation(self, body: InvitationIn, *, space: str | None = None) -> InvitationOut:
        """Make a one-time code."""
        return cast(
            "InvitationOut", await self._transport.call("POST", "/api/v1/accounts/invitations", body=body, space=space)
        )

    async def create_space(
        self, body: SpaceIn, *, space: str | None = None, idempotency_key: str | None = None
    ) -> SpaceOut:
        """Make a household space to invite people into."""
        return cast(
            "SpaceOut",
            await self._transport.call(
                "POST",
                "/api/v1/accounts/spaces",
                body=body,
                space=space,
                idempotency_key=idempotency_key or new_idempotency_key(),
            ),
        )

    async def grant_root(self, body: RootIn, *, space: str | None = None) -> RootOut:
        """Open a folder of this machine to a space."""
        return cast("RootOut", await self._transport.call("POST", "/api/v1/accounts/roots", body=body, space=space))

    async def join_space(self, body: CodeIn, *, space: str | None = None) -> JoinedOut:
        """Join a space with a code, as somebody who has an account already."""
        return cast(
            "JoinedOut", await self._transport.call("POST", "/api/v1/accounts/invitations/join", body=body, space=space)
        )

    async def list_audit(
        self,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        space: str | None = None,
        scope: Literal["mine", "all"] | None = None,
        action: str | None = None,
        by: str | None = None,
        since: str | None = None,
        until: str | None = None,
    ) -> AuditEntryOutPage:
        """Show the security log, newest first."""
        return cast(
            "AuditEntryOutPage",
            await self._transport.call(
                "GET",
                "/api/v1/accounts/audit",
                query={
                    "limit": limit,
                    "cursor": cursor,
                    "space": space,
                    "scope": scope,
                    "action": action,
                    "by": by,
                    "since": since,
                    "until": until,
                },
            ),
        )

    async def list_devices(self, *, space: str | None = None) -> DevicesOut:
        """List the devices that are logged in, last seen first."""
        return cast("DevicesOut", await self._transport.call("GET", "/api/v1/accounts/devices", space=space))

    async def list_invitations(self, *, space: str | None = None) -> InvitationsOut:
        """List the open invitations that one may withdraw."""
        return cast("InvitationsOut", await self._transport.call("GET", "/api/v1/accounts/invitations", space=space))

    async def list_members(self, id: str, *, space: str | None = None) -> MembersOut:
        """List the people of one of one's spaces."""
        return cast(
            "MembersOut",
            await self._transport.call("GET", f"/api/v1/accounts/spaces/{segment(id)}/members", space=space),
        )

    async def list_roots(self, *, scope: Literal["mine", "all"] | None = None, space: str | None = None) -> RootsOut:
        """List the folders that are granted to one's spaces."""
        return cast(
            "RootsOut", await self._transport.call("GET", "/api/v1/accounts/roots", query={"scope": scope}, space=space)
        )

    async def list_spaces(self, *, space: str | None = None) -> SpacesOut:
        """List one's spaces, the private one first."""
        return cast("SpacesOut", await self._transport.call("GET", "/api/v1/accounts/spaces", space=space))

    async def list_users(self, *, space: str | None = None) -> PeopleOut:
        """List everybody who has an account."""
        return cast("PeopleOut", await self._transport.call("GET", "/api/v1/accounts/users", space=space))

    async def log_device_out(self, id: str, *, space: str | None = None) -> None:
        """Log one device out: its tokens end and its sockets close."""
        await self._transport.call("DELETE", f"/api/v1/accounts/devices/{segment(id)}", space=space)

    async def log_other_devices_out(self, *, space: str | None = None) -> EndedOut:
        """Log every other device out."""
        return cast("EndedOut", await self._transport.call("DELETE", "/api/v1/accounts/devices", space=space))

    async def login(self, body: LoginIn) -> SignedInOut:
        """Log a device in."""
        return cast("SignedInOut", await self._transport.call("POST", "/api/v1/accounts/login", body=body, public=True))

    async def logout(self, *, space: str | None = None) -> None:
        """Log this device out: its tokens end and its sockets close."""
        await self._transport.call("POST", "/api/v1/accounts/logout", space=space)

    async def make_password_code(self, id: str, *, space: str | None = None) -> InvitationOut:
        """Make a one-time code with which a person who forgot their password sets a new one."""
        return cast(
            "InvitationOut",
            await self._transport.call("POST", f"/api/v1/accounts/users/{segment(id)}/password-code", space=space),
        )

    async def reauthenticate(self, body: ReauthenticateIn, *, space: str | None = None) -> None:
        """Confirm the password again."""
        await self._transport.call("POST", "/api/v1/accounts/reauthenticate", body=body, space=space)

    async def refresh(self, body: RefreshIn) -> TokensOut:
        """Exchange a refresh token for a new pair."""
        return cast("TokensOut", await self._transport.call("POST", "/api/v1/accounts/refresh", body=body, public=True))

    async def remove_member(self, id: str, user_id: str, *, space: str | None = None) -> None:
        """Take a person out of a space, or leave it oneself."""
        await self._transport.call(
            "DELETE", f"/api/v1/accounts/spaces/{segment(id)}/members/{segment(user_id)}", space=space
        )

    async def rename_me(self, body: DisplayNameIn, *, space: str | None = None) -> PersonOut:
        """Change how one is shown to the others."""
        return cast("PersonOut", await self._transport.call("PATCH", "/api/v1/accounts/me", body=body, space=space))

    async def rename_space(self, id: str, body: SpaceIn, *, space: str | None = None) -> SpaceOut:
        """Rename a space that one owns."""
        return cast(
            "SpaceOut",
            await self._transport.call("PATCH", f"/api/v1/accounts/spaces/{segment(id)}", body=body, space=space),
        )

    async def renew_recovery_codes(self, *, space: str | None = None) -> RecoveryCodesOut:
        """Replace the recovery codes; the old ones stop working."""
        return cast(
            "RecoveryCodesOut", await self._transport.call("POST", "/api/v1/accounts/totp/recovery-codes", space=space)
        )

    async def reset_password(self, body: PasswordResetIn) -> None:
        """Set a new password with a code from an administrator."""
        await self._transport.call("POST", "/api/v1/accounts/password/reset", body=body, public=True)

    async def show_me(self, *, space: str | None = None) -> MeOut:
        """Show who is logged in, with their spaces."""
        return cast("MeOut", await self._transport.call("GET", "/api/v1/accounts/me", space=space))

    async def show_preferences(self, *, space: str | None = None) -> Preferences:
        """Show one's preferences, defaults included."""
        return cast("Preferences", await self._transport.call("GET", "/api/v1/accounts/preferences", space=space))

    async def show_second_factor(self, *, space: str | None = None) -> SecondFactorOut:
        """Tell whether the second factor is on, and how many recovery codes are left."""
        return cast("SecondFactorOut", await self._transport.call("GET", "/api/v1/accounts/totp", space=space))

    async def show_setup(self) -> SetupOut:
        """Tell whether a first owner is awaited."""
        return cast("SetupOut", await self._transport.call("GET", "/api/v1/accounts/setup", public=True))

    async def take_root_back(self, id: str, *, space: str | None = None) -> None:
        """Take a grant back; nothing on the drive changes."""
        await self._transport.call("DELETE", f"/api/v1/accounts/roots/{segment(id)}", space=space)

    async def turn_second_factor_off(self, *, space: str | None = None) -> None:
        """Turn the second factor off and forget its secret and codes."""
        await self._transport.call("DELETE", "/api/v1/accounts/totp", space=space)

    async def turn_user_second_factor_off(self, id: str, *, space: str | None = None) -> None:
        """Turn a person's second factor off, when phone and recovery codes are lost."""
        await self._transport.call("DELETE", f"/api/v1/accounts/users/{segment(id)}/totp", space=space)

    async def verify_audit(self, *, space: str | None = None) -> AuditVerifyOut:
        """Check that nothing in the security log was changed, removed, swapped or cut off."""
        return cast("AuditVerifyOut", await self._transport.call("GET", "/api/v1/accounts/audit/verify", space=space))

    async def withdraw_invitation(self, id: str, *, space: str | None = None) -> None:
        """Make a code useless."""
        await self._transport.call("DELETE", f"/api/v1/accounts/invitations/{segment(id)}", space=space)
