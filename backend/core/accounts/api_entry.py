"""The way in: everything that works without being logged in, and the way out."""

from __future__ import annotations

from typing import Any

from backend.core.accounts.cookies import (
    came_from_another_site,
    refresh_cookie,
    with_cookies,
    without_cookies,
)
from backend.core.accounts.errors import TokenRefused
from backend.core.accounts.schemas import (
    AcceptIn,
    LoginIn,
    PasswordResetIn,
    PersonOut,
    RefreshIn,
    SetupIn,
    SetupOut,
    SignedInOut,
    TokensOut,
)
from backend.core.accounts.service import Accounts
from backend.core.accounts.setup import FirstOwner
from backend.core.accounts.sign_in import Visitor
from backend.core.accounts.tokens import TokenPair
from backend.core.accounts.views import SignedIn
from backend.sdk.errors import NotAllowed
from backend.sdk.http import Group, current_actor, current_request


def entry_groups(accounts: Accounts, prefix: str) -> list[Group]:
    """Return the groups for set-up, login, and redeeming codes."""
    return [_setup_group(accounts, prefix), _session_group(accounts, prefix), _codes_group(accounts, prefix)]


def _setup_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_setup", url_prefix=f"{prefix}/setup", tag="Set-up")

    @group.get("", returns=SetupOut, auth="none")
    def show() -> SetupOut:
        """Tell whether a first owner is awaited.

        `open`: send the code from Homie's log. `closed`: log in. `blocked`: there are backups but no users; restore.
        """
        return SetupOut(state=accounts.setup.state())

    @group.post("", returns=SignedInOut, auth="none", limit="10/minute", errors=[409])
    def complete(body: SetupIn) -> Any:
        """Become the first owner.

        Works once, with the code that Homie printed at its start. Creates the administrator with a private space and
        the household's space, grants the given folders to the private space, and logs this device in.
        """
        owner = FirstOwner(
            name=body.name,
            password=body.password,
            display_name=body.display_name or "",
            household=body.household,
            folders=tuple(body.folders),
        )
        signed_in = accounts.setup.complete(body.code, owner, _visitor(body.device, body.cookie))
        return _signed_in(accounts, signed_in, body.cookie)

    return group


def _session_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_session", url_prefix=prefix, tag="Log in")

    @group.post("/login", returns=SignedInOut, auth="none", limit="30/minute", errors=[401])
    def login(body: LoginIn) -> Any:
        """Log a device in.

        401 `login_refused` for everything that does not fit, 401 `second_factor_required` when only the code is
        missing, 429 with `Retry-After` after several wrong tries (never longer than 30 seconds).
        """
        visitor = _visitor(body.device, body.cookie)
        signed_in = accounts.sign_in.login(body.name, body.password, body.code, visitor)
        return _signed_in(accounts, signed_in, body.cookie)

    @group.post("/refresh", returns=TokensOut, status=200, auth="none", limit="60/minute", errors=[401])
    def refresh(body: RefreshIn) -> Any:
        """Exchange a refresh token for a new pair.

        The old one is spent. Sent again within ten seconds (an answer was lost) it gives the same successor; sent
        later it means that somebody has a copy: the device is logged out (`token_reused`).
        """
        if body.refresh_token is not None:
            return _tokens(accounts, accounts.sign_in.refresh(body.refresh_token, _visitor("", False)), False)
        token = refresh_cookie()
        if token is None:
            raise TokenRefused()
        if came_from_another_site():
            raise NotAllowed("This request came from another site.")
        pair = accounts.sign_in.refresh(token, _visitor("", True))
        return with_cookies(_tokens(accounts, pair, True), pair, status=200, secure=current_request().secure)

    @group.post("/logout")
    def logout() -> Any:
        """Log this device out: its tokens end and its sockets close."""
        request = current_request()
        if request.session_id is None:
            raise TokenRefused()
        accounts.sign_in.logout(current_actor().user_id, request.session_id)
        return without_cookies(secure=request.secure)

    return group


def _codes_group(accounts: Accounts, prefix: str) -> Group:
    group = Group("accounts_codes", url_prefix=prefix, tag="Log in")

    @group.post("/invitations/accept", returns=SignedInOut, auth="none", limit="10/minute", errors=[409])
    def accept(body: AcceptIn) -> Any:
        """Create an account with an invitation.

        Joins the space of the invitation and logs this device in. The code works once.
        """
        visitor = _visitor(body.device, body.cookie)
        signed_in = accounts.invitations.accept(body.code, body.name, body.display_name or "", body.password, visitor)
        return _signed_in(accounts, signed_in, body.cookie)

    @group.post("/password/reset", auth="none", limit="10/minute")
    def reset_password(body: PasswordResetIn) -> None:
        """Set a new password with a code from an administrator.

        Every device of the person is logged out; a second factor stays on.
        """
        accounts.invitations.set_password(body.code, body.password, current_request().ip)

    return group


def _visitor(device: str, cookie: bool) -> Visitor:
    request = current_request()
    return Visitor(request.ip, request.user_agent, device, "web" if cookie else "app")


def _signed_in(accounts: Accounts, signed_in: SignedIn, cookie: bool) -> Any:
    out = SignedInOut(
        tokens=_tokens(accounts, signed_in.tokens, cookie), person=PersonOut.model_validate(signed_in.person)
    )
    if not cookie:
        return out
    return with_cookies(out, signed_in.tokens, status=201, secure=current_request().secure)


def _tokens(accounts: Accounts, pair: TokenPair, cookie: bool) -> TokensOut:
    return TokensOut(
        session_id=pair.session_id,
        access_token=None if cookie else pair.access,
        refresh_token=None if cookie else pair.refresh,
        access_seconds=pair.access_seconds,
        refresh_seconds=pair.refresh_seconds,
        csrf_token=accounts.csrf_token(pair.session_id) if cookie else None,
    )
