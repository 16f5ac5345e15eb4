"""One's own account: who am I, password, second factor, devices, preferences."""

from __future__ import annotations

from backend.core.accounts.preferences import Preferences
from backend.core.accounts.schemas import (
    CodeIn,
    DeviceOut,
    DevicesOut,
    DisplayNameIn,
    EndedOut,
    IdPath,
    MeOut,
    PasswordChangeIn,
    PersonOut,
    PreferencesIn,
    ReauthenticateIn,
    RecoveryCodesOut,
    SecondFactorOut,
    SecondFactorStartOut,
    SpaceOut,
)
from backend.core.accounts.service import Accounts
from backend.sdk.errors import NotAuthenticated
from backend.sdk.http import Group, current_actor, current_request


def self_groups(accounts: Accounts, prefix: str) -> list[Group]:
    """Return the groups of one's own account."""
    return [
        _me_group(accounts, prefix),
        _factor_group(accounts, prefix),
        _devices_group(accounts, prefix),
        _preferences_group(accounts, prefix),
    ]


def _me_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_me", url_prefix=prefix, tag="My account")

    @group.get("/me", returns=MeOut)
    def show_me() -> MeOut:
        """Show who is logged in, with their spaces."""
        actor, session_id = current_actor(), current_request().session_id
        return MeOut(
            person=PersonOut.model_validate(accounts.people.get(actor.user_id)),
            spaces=[SpaceOut.model_validate(s) for s in accounts.spaces.of_person(actor.user_id)],
            session_id=session_id,
            csrf_token=accounts.csrf_token(session_id) if session_id else None,
        )

    @group.patch("/me", returns=PersonOut)
    def rename_me(body: DisplayNameIn) -> PersonOut:
        """Change how one is shown to the others."""
        return PersonOut.model_validate(accounts.people.rename(current_actor().user_id, body.display_name))

    @group.post("/reauthenticate", limit="10/minute")
    def reauthenticate(body: ReauthenticateIn) -> None:
        """Confirm the password again.

        Opens sensitive operations (export, erasure, user administration, keys) for this device for ten minutes.
        """
        actor = current_actor()
        accounts.sign_in.reauthenticate(actor.user_id, _session_id(), body.password, body.code, current_request().ip)

    @group.put("/password", returns=EndedOut, limit="10/minute")
    def change_password(body: PasswordChangeIn) -> EndedOut:
        """Change one's password.

        Every other device is logged out and its sockets close.
        """
        ended = accounts.sign_in.change_password(
            current_actor().user_id,
            _session_id(),
            body.current_password,
            body.new_password,
            current_request().ip,
        )
        return EndedOut(devices_logged_out=ended)

    return group


def _factor_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_totp", url_prefix=f"{prefix}/totp", tag="Second factor")

    @group.get("", returns=SecondFactorOut)
    def show_second_factor() -> SecondFactorOut:
        """Tell whether the second factor is on, and how many recovery codes are left."""
        return SecondFactorOut.model_validate(accounts.second_factors.show(current_actor().user_id))

    @group.post("", returns=SecondFactorStartOut, auth="sudo", errors=[409])
    def begin_second_factor() -> SecondFactorStartOut:
        """Begin to turn the second factor on.

        Gives the secret for an authenticator app; it counts once a code of the app was confirmed.
        """
        return SecondFactorStartOut.model_validate(accounts.second_factors.begin(current_actor().user_id))

    @group.post("/confirm", returns=RecoveryCodesOut, status=200, auth="sudo", limit="10/minute", errors=[409])
    def confirm_second_factor(body: CodeIn) -> RecoveryCodesOut:
        """Turn the second factor on with a first code of the app.

        Answers with the recovery codes. They are shown this once.
        """
        return RecoveryCodesOut(codes=accounts.second_factors.confirm(current_actor().user_id, body.code))

    @group.delete("", auth="sudo")
    def turn_second_factor_off() -> None:
        """Turn the second factor off and forget its secret and codes."""
        user_id = current_actor().user_id
        accounts.second_factors.turn_off(user_id, by=user_id)

    @group.post("/recovery-codes", returns=RecoveryCodesOut, auth="sudo", errors=[409])
    def renew_recovery_codes() -> RecoveryCodesOut:
        """Replace the recovery codes; the old ones stop working."""
        return RecoveryCodesOut(codes=accounts.second_factors.renew_codes(current_actor().user_id))

    return group


def _devices_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_devices", url_prefix=f"{prefix}/devices", tag="Devices")

    @group.get("", returns=DevicesOut)
    def list_devices() -> DevicesOut:
        """List the devices that are logged in, last seen first."""
        found = accounts.devices.of_person(current_actor().user_id, current_request().session_id)
        return DevicesOut(items=[DeviceOut.model_validate(device) for device in found])

    @group.delete("", returns=EndedOut)
    def log_other_devices_out() -> EndedOut:
        """Log every other device out."""
        ended = accounts.devices.revoke_others(current_actor().user_id, current_request().session_id)
        return EndedOut(devices_logged_out=ended)

    @group.delete("/<id>", errors=[404])
    def log_device_out(path: IdPath) -> None:
        """Log one device out: its tokens end and its sockets close."""
        accounts.devices.revoke(current_actor().user_id, path.id)

    return group


def _preferences_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_preferences", url_prefix=f"{prefix}/preferences", tag="Preferences")

    @group.get("", returns=Preferences)
    def show_preferences() -> Preferences:
        """Show one's preferences, defaults included."""
        return accounts.preferences.get(current_actor())

    @group.patch("", returns=Preferences)
    def change_preferences(body: PreferencesIn) -> Preferences:
        """Set some preferences and leave the others as they are."""
        return accounts.preferences.change(current_actor(), body.changes)

    return group


def _session_id() -> str:
    session_id = current_request().session_id
    if session_id is None:
        raise NotAuthenticated()
    return session_id
