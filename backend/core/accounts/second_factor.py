"""The second factor: an authenticator app, and recovery codes for the day the phone is lost."""

from __future__ import annotations

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from backend.core.accounts import totp
from backend.core.accounts.context import AccountsContext, UnscopedSession, user_of
from backend.core.accounts.errors import SecondFactorState, SecondFactorWrong
from backend.core.accounts.models import RecoveryCode, SecondFactor, User
from backend.core.accounts.tokens import new_code, recovery_hash
from backend.core.accounts.views import SecondFactorStart, SecondFactorView
from backend.core.secrets import SecretUnreadable


class SecondFactors:
    """Turn the second factor on and off, and check its codes."""

    def __init__(self, context: AccountsContext) -> None:
        self._context = context

    def show(self, user_id: str) -> SecondFactorView:
        """Tell whether it is on and how many recovery codes are left."""

        def work(session: UnscopedSession) -> SecondFactorView:
            left = session.scalar(
                select(func.count())
                .select_from(RecoveryCode)
                .where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
            )
            return SecondFactorView(self.is_on(session, user_id), int(left or 0))

        return self._context.read("second factor", work)

    def begin(self, user_id: str) -> SecondFactorStart:
        """Make a secret for the app; it counts only once a code of it was confirmed."""
        secret = totp.new_secret()

        def work(session: UnscopedSession) -> str:
            user = user_of(session, user_id, lock=True)
            if self.is_on(session, user_id):
                raise SecondFactorState("The second factor is on already. Turn it off first to change the app.")
            session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
            sealed = self._context.box.seal(secret, f"totp:{user_id}")
            session.add(SecondFactor(user_id=user_id, secret=sealed, created_at=self._context.clock.now()))
            return user.name

        name = self._context.write("begin second factor", work)
        return SecondFactorStart(secret, totp.provisioning_uri(secret, name))

    def confirm(self, user_id: str, code: str) -> list[str]:
        """Turn it on with a first code of the app; returns the recovery codes, shown this once."""

        def work(session: UnscopedSession) -> list[str]:
            user = user_of(session, user_id, lock=True)
            factor = session.get(SecondFactor, user_id)
            if factor is None or factor.confirmed_at is not None:
                raise SecondFactorState("Begin first: POST /api/v1/accounts/totp gives the secret.")
            if not self._accept_totp(factor, code):
                raise SecondFactorWrong()
            factor.confirmed_at = self._context.clock.now()
            self._log(session, user, "accounts.second_factor_on")
            return self._new_codes(session, user_id)

        return self._context.write("confirm second factor", work)

    def turn_off(self, user_id: str, *, by: str | None) -> None:
        """Turn it off and forget the secret and the recovery codes."""

        def work(session: UnscopedSession) -> None:
            user = user_of(session, user_id, lock=True)
            session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
            session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
            self._log(session, user, "accounts.second_factor_off", by)

        self._context.write("turn second factor off", work)

    def renew_codes(self, user_id: str) -> list[str]:
        """Replace the recovery codes; returns the new ones, shown this once."""

        def work(session: UnscopedSession) -> list[str]:
            user = user_of(session, user_id, lock=True)
            if not self.is_on(session, user_id):
                raise SecondFactorState("The second factor is off.")
            self._log(session, user, "accounts.recovery_codes_renewed")
            return self._new_codes(session, user_id)

        return self._context.write("renew recovery codes", work)

    def is_on(self, session: Session, user_id: str) -> bool:
        """Tell whether the person must give a code."""
        factor = session.get(SecondFactor, user_id)
        return factor is not None and factor.confirmed_at is not None

    def accept(self, session: Session, user_id: str, code: str) -> bool:
        """Check a code of the app or a recovery code inside the caller's transaction; each counts once."""
        factor = session.get(SecondFactor, user_id, with_for_update=True, populate_existing=True)
        if factor is None:
            return False
        return self._accept_totp(factor, code) or self._accept_recovery(session, user_id, code)

    def _accept_totp(self, factor: SecondFactor, code: str) -> bool:
        try:
            secret = self._context.box.open_text(factor.secret, f"totp:{factor.user_id}")
        except SecretUnreadable:
            return False  # another row's, or sealed under a lost master key: the recovery codes still open the door
        counter = totp.matching_counter(secret, code, self._context.clock.now(), factor.last_counter)
        if counter is None:
            return False
        factor.last_counter = counter
        return True

    def _accept_recovery(self, session: Session, user_id: str, code: str) -> bool:
        done = session.execute(
            update(RecoveryCode)
            .where(
                RecoveryCode.user_id == user_id,
                RecoveryCode.code_hash == recovery_hash(user_id, code),
                RecoveryCode.used_at.is_(None),
            )
            .values(used_at=self._context.clock.now())
        )
        if int(getattr(done, "rowcount", 0)) != 1:
            return False
        self._context.audit.append(session, "accounts.recovery_code_used", actor_id=user_id, target=user_id)
        return True

    def _new_codes(self, session: UnscopedSession, user_id: str) -> list[str]:
        session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
        codes = [new_code(3) for _ in range(totp.RECOVERY_CODES)]
        for code in codes:
            session.add(RecoveryCode(user_id=user_id, code_hash=recovery_hash(user_id, code)))
        return codes

    def _log(self, session: UnscopedSession, user: User, action: str, by: str | None = None) -> None:
        self._context.audit.append(
            session, action, actor_id=by or user.id, owner_id=user.private_space_id, target=user.id
        )
