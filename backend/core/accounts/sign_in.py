"""Logging in, staying logged in, proving it is still you, logging out.

A login is three steps, so that no database transaction waits for bcrypt: count the try, check the password off the hub,
then decide and store in one transaction. Every refusal takes the same steps and gives the same answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import select

from backend.core.accounts.context import (
    AccountsContext,
    UnscopedSession,
    find_user,
    is_fresh,
    name_key,
    person_view,
    user_of,
)
from backend.core.accounts.devices import Devices, issue
from backend.core.accounts.errors import (
    LoginDelayed,
    LoginRefused,
    PasswordWrong,
    SecondFactorRequired,
    TokenRefused,
    TokenReused,
)
from backend.core.accounts.events import LoggedIn, PasswordChanged, TokenReuseDetected
from backend.core.accounts.models import LoginSession, Token, User
from backend.core.accounts.passwords import check_new_password
from backend.core.accounts.second_factor import SecondFactors
from backend.core.accounts.throttle import Attempt, address_prefix
from backend.core.accounts.tokens import (
    REFRESH_SECONDS,
    RETRY_SECONDS,
    TokenPair,
    looks_like,
    successor,
    token_hash,
)
from backend.core.accounts.views import SignedIn
from backend.sdk.errors import HomieError


@dataclass(frozen=True, slots=True)
class Visitor:
    """Where a request comes from, and what it calls its device."""

    ip: str = ""
    user_agent: str = ""
    device: str = ""
    kind: str = "app"


@dataclass(frozen=True, slots=True)
class _Try:
    """A counted try at somebody's password; `user_id` is None when there is nobody."""

    attempt: Attempt
    user_id: str | None
    password: str | None = field(repr=False)


class SignIn:
    """Turn passwords and tokens into sessions."""

    def __init__(self, context: AccountsContext, devices: Devices, factors: SecondFactors) -> None:
        self._context = context
        self._devices = devices
        self._factors = factors

    def login(self, name: str, password: str, code: str | None, visitor: Visitor) -> SignedIn:
        """Log a device in.

        Raises `LoginRefused` for everything that does not fit, `SecondFactorRequired` when only the code is missing,
        and `LoginDelayed` when there were too many wrong tries.
        """
        counted = self._context.write("login: count", self._count_login, name, visitor)
        fits = self._context.hasher.verify(password, counted.password)
        renewed = None
        if fits and counted.password and self._context.hasher.is_outdated(counted.password):
            renewed = self._context.hasher.hash(password)
        return self._context.write("login: decide", self._finish_login, counted, fits, renewed, code, visitor)

    def refresh(self, refresh_token: str, visitor: Visitor) -> TokenPair:
        """Exchange a refresh token for a new pair; raises `TokenRefused`, or `TokenReused` when it was spent before."""
        if not looks_like(refresh_token, "refresh"):
            raise TokenRefused()
        ended: list[str] = []
        try:
            return self._context.write("refresh", self._rotate, refresh_token, visitor, ended)
        finally:
            if ended:
                self._context.gate.ended(ended)

    def logout(self, user_id: str, session_id: str) -> None:
        """End this session."""
        self._devices.revoke(user_id, session_id, "logged_out")

    def reauthenticate(self, user_id: str, session_id: str, password: str, code: str | None, ip: str) -> None:
        """Prove again who is there: sensitive operations are open for this session for ten minutes."""
        counted = self._check(user_id, password, ip, "reauthenticate")

        def work(session: UnscopedSession, fits: bool) -> HomieError | None:
            refusal = self._decide(session, counted[0], fits, code)
            row = session.get(LoginSession, session_id)
            if refusal or row is None:
                return _inside(refusal, "body.password") if refusal else TokenRefused()
            row.reauthenticated_at = self._context.clock.now()
            self._context.audit.append(session, "accounts.reauthenticated", actor_id=user_id, target=session_id)
            return None

        self._context.write("reauthenticate", work, counted[1])

    def change_password(self, user_id: str, session_id: str | None, current: str, new: str, ip: str) -> int:
        """Change one's own password and log every other device out; returns how many were."""
        counted = self._check(user_id, current, ip, "change password")
        names = self._context.read("names", lambda s: _names(user_of(s, user_id)))
        if counted[1]:
            try:
                check_new_password(new, names=names, field="body.new_password")
            except HomieError:
                self._context.write("forgive", self._forgive, counted[0])
                raise
        made = self._context.hasher.hash(new) if counted[1] else ""
        ended: list[str] = []

        def work(session: UnscopedSession) -> HomieError | None:
            refusal = self._decide(session, counted[0], counted[1], None, ask_code=False)
            if refusal:
                return _inside(refusal, "body.current_password")
            ended[:] = self.set_password(session, user_id, made, by=user_id, keep=session_id)
            return None

        self._context.write("change password", work)
        self._context.gate.ended(ended)
        return len(ended)

    def set_password(
        self, session: UnscopedSession, user_id: str, made: str, *, by: str | None, keep: str | None = None
    ) -> list[str]:
        """Store a new hash inside the caller's transaction and end the person's sessions; returns the ended ones."""
        user = user_of(session, user_id, lock=True)
        user.password, user.password_changed_at = made, self._context.clock.now()
        self._context.audit.append(
            session,
            "accounts.password_changed",
            actor_id=by,
            owner_id=user.private_space_id,
            target=user.id,
        )
        session.emit(PasswordChanged(owner_id=user.private_space_id))
        return self._devices.end_all(session, user_id, "password_changed", by=by, keep=keep)

    # ------------------------------------------------------------------ login

    def _count_login(self, session: UnscopedSession, name: str, visitor: Visitor) -> _Try | HomieError:
        user = find_user(session, name)
        known = user is not None and _was_here(session, user, visitor.ip)
        attempt = self._context.throttle.attempt(name_key(name), visitor.ip, known_address=known)
        return self._begin(session, attempt, user if user and user.disabled_at is None else None)

    def _begin(self, session: UnscopedSession, attempt: Attempt, user: User | None) -> _Try | HomieError:
        wait = self._context.throttle.begin(session, attempt, self._context.clock.now())
        if wait > 0:
            return LoginDelayed(wait)
        return _Try(attempt, user.id if user else None, user.password if user else None)

    def _finish_login(
        self,
        session: UnscopedSession,
        counted: _Try,
        fits: bool,
        renewed: str | None,
        code: str | None,
        visitor: Visitor,
    ) -> SignedIn | HomieError:
        refusal = self._decide(session, counted, fits, code)
        if refusal:
            self._log_refusal(session, counted, refusal, visitor)
            return refusal
        assert counted.user_id is not None
        user = user_of(session, counted.user_id)
        user.password = renewed or user.password
        return self.enter(session, user, visitor)

    def enter(self, session: UnscopedSession, user: User, visitor: Visitor) -> SignedIn:
        """Open a session for a person whose identity is proven, inside the caller's transaction."""
        user.last_login_at = self._context.clock.now()
        pair = self._devices.open(
            session,
            user,
            name=visitor.device,
            kind=visitor.kind,
            ip=visitor.ip,
            user_agent=visitor.user_agent,
        )
        device = session.get(LoginSession, pair.session_id)
        assert device is not None
        self._context.audit.append(
            session,
            "accounts.logged_in",
            actor_id=user.id,
            owner_id=user.private_space_id,
            target=pair.session_id,
            detail={"device": device.name, "ip": visitor.ip},
        )
        session.emit(LoggedIn(owner_id=user.private_space_id, session_id=pair.session_id, device=device.name))
        return SignedIn(pair, person_view(session, user))

    def _decide(
        self, session: UnscopedSession, counted: _Try, fits: bool, code: str | None, *, ask_code: bool = True
    ) -> HomieError | None:
        """Say why the try fails, or clear its counters; the person is read again, they may have changed meanwhile."""
        now = self._context.clock.now()
        user = session.get(User, counted.user_id, with_for_update=True) if counted.user_id else None
        if not fits or user is None or user.disabled_at is not None or user.password != counted.password:
            return LoginRefused()
        if ask_code and self._factors.is_on(session, user.id):
            if not code:
                self._context.throttle.forgive(session, counted.attempt, now)
                return SecondFactorRequired()
            if not self._factors.accept(session, user.id, code):
                return LoginRefused()
        self._context.throttle.succeed(session, counted.attempt, now)
        return None

    def _log_refusal(self, session: UnscopedSession, counted: _Try, refusal: HomieError, visitor: Visitor) -> None:
        user = session.get(User, counted.user_id) if counted.user_id else None
        self._context.audit.append(
            session,
            "accounts.login_refused",
            actor_id=None,
            owner_id=user.private_space_id if user else None,
            target=user.id if user else "",
            detail={"ip": visitor.ip, "code": refusal.code},
        )

    def _check(self, user_id: str, password: str, ip: str, why: str) -> tuple[_Try, bool]:
        """Count and check a logged-in person's password."""

        def work(session: UnscopedSession) -> _Try | HomieError:
            user = user_of(session, user_id)
            attempt = self._context.throttle.attempt(f"again\n{user_id}", ip)
            return self._begin(session, attempt, user if user.disabled_at is None else None)

        counted = self._context.write(f"{why}: count", work)
        return counted, self._context.hasher.verify(password, counted.password)

    def _forgive(self, session: UnscopedSession, counted: _Try) -> None:
        self._context.throttle.succeed(session, counted.attempt, self._context.clock.now())

    # ------------------------------------------------------------------ tokens

    def _rotate(
        self, session: UnscopedSession, presented: str, visitor: Visitor, ended: list[str]
    ) -> TokenPair | HomieError:
        now = self._context.clock.now()
        known = session.get(Token, token_hash(presented))
        if known is None or known.kind != "refresh":
            return TokenRefused()
        # The lock on the device is what makes two simultaneous refreshes one after the other on PostgreSQL.
        device = session.get(LoginSession, known.session_id, with_for_update=True, populate_existing=True)
        token = session.get(Token, token_hash(presented), populate_existing=True)
        if device is None or token is None or device.revoked_at is not None or token.expires_at <= now:
            return TokenRefused()
        user = session.get(User, device.user_id)
        if user is None or user.disabled_at is not None:
            return TokenRefused()
        following = successor(self._context.refresh_key, presented)
        if token.spent_at is not None:
            after = session.get(Token, token_hash(following))
            if after is None or after.spent_at or not is_fresh(token.spent_at, now, RETRY_SECONDS):
                ended[:] = self._end_reused(session, device, user)
                return TokenReused()
        else:
            token.spent_at = now
        device.last_seen_at, device.expires_at = now, now + timedelta(seconds=REFRESH_SECONDS)
        device.ip = visitor.ip[:64] or device.ip
        device.user_agent = visitor.user_agent[:300] or device.user_agent
        return issue(session, device.id, following, now)

    def _end_reused(self, session: UnscopedSession, device: LoginSession, user: User) -> list[str]:
        self._context.audit.append(
            session,
            "accounts.token_reused",
            actor_id=None,
            owner_id=user.private_space_id,
            target=device.id,
            detail={"device": device.name},
        )
        session.emit(TokenReuseDetected(owner_id=user.private_space_id, session_id=device.id, device=device.name))
        return self._context.gate.revoke(session, [device], "token_reused", by=None)


def _was_here(session: UnscopedSession, user: User, ip: str) -> bool:
    """Tell whether the person was logged in from this address within the time that sessions are remembered."""
    seen = session.scalars(select(LoginSession.ip).where(LoginSession.user_id == user.id).distinct())
    prefix = address_prefix(ip)
    return any(address_prefix(known) == prefix for known in seen)


def _inside(refusal: HomieError, field: str) -> HomieError:
    """Return the refusal as somebody who is logged in gets it."""
    if isinstance(refusal, SecondFactorRequired):
        return PasswordWrong("body.code", "Is missing.", "Add the six-digit code of your authenticator app.")
    return PasswordWrong(field, "Does not fit.", "Enter your present password, and the code if you use one.")


def _names(user: User) -> tuple[str, ...]:
    return (user.name, user.display_name)
