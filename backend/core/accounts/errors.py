"""What can go wrong with accounts; every message says what to do.

LoginRefused          NotAuthenticated  unknown person and wrong password: one answer
SecondFactorRequired  NotAuthenticated  the password is right, the code is missing
TokenRefused          NotAuthenticated  unknown, expired or revoked
TokenReused           NotAuthenticated  a spent refresh token came back; the device is logged out
LoginDelayed          RateLimited       Retry-After says when
SetupClosed, SetupBlocked, NameTaken, LastAdmin, LastSpaceOwner, SecondFactorState                  Conflict
PasswordWeak, PasswordWrong, InvitationInvalid, SetupCodeWrong, SecondFactorWrong, RootRefused,
PreferenceInvalid                                                                                  InvalidInput
"""

from __future__ import annotations

from backend.sdk.errors import (
    Conflict,
    FieldProblem,
    InvalidInput,
    NotAuthenticated,
    RateLimited,
)


class LoginRefused(NotAuthenticated):
    """Name, password or code do not fit; never says which."""

    code, message = "login_refused", "Name, password or code are not right."


class SecondFactorRequired(NotAuthenticated):
    """The password is right and the account asks for a code as well."""

    code = "second_factor_required"
    message = "Please add the six-digit code of your authenticator app, or a recovery code."


class TokenRefused(NotAuthenticated):
    """The token is unknown, expired or revoked."""

    code, message = "token_refused", "This login has ended. Please log in again."


class TokenReused(NotAuthenticated):
    """A refresh token that was already exchanged came back: somebody has a copy, so the whole device is logged out."""

    code = "token_reused"
    message = "This login was used from two places and has been ended for safety. Please log in again."


class LoginDelayed(RateLimited):
    """Too many wrong tries for this account or from this address; the delay never exceeds 30 seconds."""

    code = "login_delayed"

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many wrong tries. Please wait {max(1, round(seconds))} seconds.", retry_after=seconds)


class SetupClosed(Conflict):
    """Homie already has its first owner."""

    code = "setup_closed"
    message = "Homie is already set up. Log in, or ask an administrator for an invitation."


class SetupBlocked(Conflict):
    """There are backups but no users: the data was probably lost or moved, so nobody is invited to start anew."""

    code = "setup_blocked"
    message = (
        "There are backups of an earlier Homie here, but no users. Restore them with `homie restore`, or start anew "
        "on purpose with `homie users setup-code --start-anew`."
    )


class NameTaken(Conflict):
    """Another person already uses this name."""

    code, message = "name_taken", "This name is already taken. Choose another one."


class LastAdmin(Conflict):
    """Nobody would be left to administer Homie."""

    code = "last_admin"
    message = "This is the last active administrator. Make somebody else an administrator first."


class LastSpaceOwner(Conflict):
    """Nobody would be left to look after the space."""

    code = "last_space_owner"
    message = "This is the last owner of the space. Make another member its owner first."


class SecondFactorState(Conflict):
    """The second factor is already on, or not begun."""

    code, message = "second_factor_state", "The second factor is not in the state for this."


class PasswordWeak(InvalidInput):
    """The new password does not meet the rules; `fields` says which one."""

    code = "password_weak"

    def __init__(self, problem: str, remedy: str, field: str = "body.password") -> None:
        super().__init__("Please choose another password.", fields=[FieldProblem(field, problem, remedy)])


class PasswordWrong(InvalidInput):
    """A person who is logged in proved nothing: 422 and not 401, which would look like the login had ended."""

    code, message = "password_wrong", "The password or the code is not right."

    def __init__(self, field: str, problem: str, remedy: str) -> None:
        super().__init__(fields=[FieldProblem(field, problem, remedy)])


class InvitationInvalid(InvalidInput):
    """The code is unknown, used, expired or withdrawn; never says which."""

    code = "invitation_invalid"
    message = "This code is not valid (any more). Ask for a new one."


class SetupCodeWrong(InvalidInput):
    """The set-up code does not fit."""

    code = "setup_code_wrong"
    message = "The set-up code is not right. It stands in Homie's log; `homie users setup-code` prints a new one."


class SecondFactorWrong(InvalidInput):
    """The code of the authenticator app does not fit, or was used already."""

    code = "second_factor_wrong"
    message = "This code is not right, or was used already. Wait for the next one; check the phone's clock."


class RootRefused(InvalidInput):
    """The folder may not be granted; `fields` says why and what to do."""

    code = "root_refused"

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__("This folder cannot be granted.", fields=[FieldProblem("body.path", problem, remedy)])


class PreferenceInvalid(InvalidInput):
    """A preference is unknown or its value is not one of the choices."""

    code, message = "preference_invalid", "Some preferences are not valid."
