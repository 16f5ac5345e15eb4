"""One-time codes: into a household space, to a new account, or to a new password. Only their keyed hash is stored."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from backend.core.accounts.context import (
    HOUSEHOLD,
    MEMBER,
    OWNER,
    PRIVATE,
    AccountsContext,
    UnscopedSession,
    add_member,
    check_label,
    check_name,
    find_user,
    name_key,
    new_space,
    role_in,
    user_of,
)
from backend.core.accounts.errors import InvitationInvalid, LoginDelayed, NameTaken
from backend.core.accounts.events import InvitationAccepted
from backend.core.accounts.models import Invitation, Membership, Space, User
from backend.core.accounts.passwords import check_new_password
from backend.core.accounts.sign_in import SignIn, Visitor
from backend.core.accounts.spaces import Spaces
from backend.core.accounts.tokens import code_hash, new_code
from backend.core.accounts.views import InvitationView, SignedIn
from backend.sdk.errors import HomieError, NotAllowed, NotFound

ACCOUNT, SPACE, PASSWORD = "account", "space", "password"
MAX_HOURS = 24 * 30
_KEPT = timedelta(days=30)


class Invitations:
    """Make, list, withdraw and redeem codes."""

    def __init__(self, context: AccountsContext, spaces: Spaces, sign_in: SignIn) -> None:
        self._context = context
        self._spaces = spaces
        self._sign_in = sign_in

    def create(
        self,
        by: str | None,
        *,
        space_id: str | None,
        role: str = MEMBER,
        new_account: bool,
        note: str = "",
        hours: int = 72,
    ) -> InvitationView:
        """Make a code. A new account needs an administrator, a space one of its owners; `by=None` is the CLI."""

        def work(session: UnscopedSession) -> InvitationView:
            if by is not None:
                self._require_right(session, by, space_id, new_account)
            if space_id is not None:
                self._require_household(session, space_id)
            elif not new_account:
                raise NotFound("Name the space that the invitation is for.")
            return self._make(
                session,
                ACCOUNT if new_account else SPACE,
                by,
                space_id=space_id,
                role=role,
                note=note,
                hours=hours,
            )

        return self._context.write("invite", work)

    def create_password_code(self, by: str | None, user_id: str, hours: int = 24) -> InvitationView:
        """Make a code with which the person sets a new password; the old one works until then."""

        def work(session: UnscopedSession) -> InvitationView:
            user_of(session, user_id)
            session.execute(delete(Invitation).where(Invitation.user_id == user_id, Invitation.purpose == PASSWORD))
            return self._make(session, PASSWORD, by, user_id=user_id, hours=hours)

        return self._context.write("password code", work)

    def open_for(self, user_id: str, *, is_admin: bool) -> list[InvitationView]:
        """Return the open invitations that the person made or whose space they own; an admin sees account codes too."""
        now = self._context.clock.now()

        def work(session: UnscopedSession) -> list[InvitationView]:
            owned = select(Membership.space_id).where(Membership.user_id == user_id, Membership.role == OWNER)
            mine = or_(Invitation.created_by == user_id, Invitation.space_id.in_(owned))
            if is_admin:
                mine = or_(mine, Invitation.purpose == ACCOUNT)
            rows = session.scalars(
                select(Invitation)
                .where(mine, Invitation.used_at.is_(None), Invitation.expires_at > now)
                .order_by(Invitation.id.desc())
                .limit(200)
            )
            return [_view(row) for row in rows]

        return self._context.read("invitations", work)

    def withdraw(self, user_id: str, invitation_id: str, *, is_admin: bool) -> None:
        """Make a code useless; raises `NotFound` for one that the person may not see."""

        def work(session: UnscopedSession) -> None:
            row = session.get(Invitation, invitation_id)
            if row is None or row.used_at is not None or not self._may_see(session, row, user_id, is_admin):
                raise NotFound("This invitation does not exist.")
            session.delete(row)
            self._log(session, "accounts.invitation_withdrawn", user_id, row)

        self._context.write("withdraw invitation", work)

    def accept(self, code: str, name: str, display_name: str, password: str, visitor: Visitor) -> SignedIn:
        """Create an account with an invitation, join its space, and log the device in.

        Raises `InvitationInvalid`, `NameTaken`, or what the rules for names and passwords say.
        """
        name, display = check_name(name), check_label(display_name or name, "body.display_name")
        check_new_password(password, names=(name, display))
        self._check_code(code, ACCOUNT, visitor.ip)
        made = self._context.hasher.hash(password)

        def work(session: UnscopedSession) -> SignedIn:
            row = self._open_code(session, code, ACCOUNT, lock=True)
            user = create_person(self._context, session, name, display, made)
            if row.space_id is not None:
                add_member(session, user.id, row.space_id, row.role, self._context.clock.now())
                self._spaces.announce(session, user.id, row.space_id)
                session.emit(InvitationAccepted(owner_id=row.space_id))
            self._use(session, row, user.id)
            return self._sign_in.enter(session, user, visitor)

        return self._context.write("accept invitation", work)

    def join(self, user_id: str, code: str, ip: str) -> str:
        """Join the space that the code invites to; returns the space's id."""
        self._check_code(code, SPACE, ip)

        def work(session: UnscopedSession) -> str:
            row = self._open_code(session, code, SPACE, lock=True)
            assert row.space_id is not None
            if session.get(Membership, (user_id, row.space_id)) is None:
                add_member(session, user_id, row.space_id, row.role, self._context.clock.now())
                session.emit(InvitationAccepted(owner_id=row.space_id))
            self._use(session, row, user_id)
            self._spaces.announce(session, user_id, row.space_id)
            return row.space_id

        space_id = self._context.write("join space", work)
        self._context.gate.access_changed([user_id])
        return space_id

    def set_password(self, code: str, password: str, ip: str) -> None:
        """Set a new password with a code from an administrator; every device is logged out."""
        user_id = self._check_code(code, PASSWORD, ip)
        names = self._context.read("names", lambda s: _names(s, user_id))
        check_new_password(password, names=names)
        made, ended = self._context.hasher.hash(password), list[str]()

        def work(session: UnscopedSession) -> None:
            found = self._open_code(session, code, PASSWORD, lock=True)
            assert found.user_id is not None
            self._use(session, found, found.user_id)
            ended[:] = self._sign_in.set_password(session, found.user_id, made, by=found.user_id)

        self._context.write("set password", work)
        self._context.gate.ended(ended)

    # ------------------------------------------------------------------ inside

    def _make(
        self,
        session: UnscopedSession,
        purpose: str,
        by: str | None,
        *,
        space_id: str | None = None,
        role: str = MEMBER,
        user_id: str | None = None,
        note: str = "",
        hours: int,
    ) -> InvitationView:
        now, code = self._context.clock.now(), new_code()
        session.execute(delete(Invitation).where(Invitation.expires_at < now - _KEPT))
        row = Invitation(
            id=self._context.new_id(),
            code_hash=code_hash(self._context.code_key, code),
            purpose=purpose,
            space_id=space_id,
            role=role,
            user_id=user_id,
            note=note.strip()[:120],
            created_by=by,
            created_at=now,
            expires_at=now + timedelta(hours=min(hours, MAX_HOURS)),
        )
        session.add(row)
        session.flush()
        self._log(session, "accounts.invitation_created", by, row)
        return _view(row, code)

    def _require_right(self, session: UnscopedSession, by: str, space_id: str | None, new_account: bool) -> None:
        if space_id is not None:
            self._spaces.require_owner(session, by, space_id)
        if new_account and not user_of(session, by).is_admin:
            raise NotAllowed("Only an administrator may invite people who have no account yet.")

    @staticmethod
    def _require_household(session: UnscopedSession, space_id: str) -> None:
        space = session.get(Space, space_id)
        if space is None:
            raise NotFound("This space does not exist.")
        if space.kind != HOUSEHOLD:
            raise NotAllowed("A private space belongs to one person and is never shared.")

    @staticmethod
    def _may_see(session: UnscopedSession, row: Invitation, user_id: str, is_admin: bool) -> bool:
        if row.created_by == user_id or (is_admin and row.purpose == ACCOUNT):
            return True
        try:
            return row.space_id is not None and role_in(session, user_id, row.space_id) == OWNER
        except NotFound:
            return False

    def _open_code(self, session: UnscopedSession, code: str, purpose: str, *, lock: bool = False) -> Invitation:
        query = select(Invitation).where(Invitation.code_hash == code_hash(self._context.code_key, code))
        row = session.scalars(query.with_for_update() if lock else query).first()
        now = self._context.clock.now()
        if row is None or row.purpose != purpose or row.used_at is not None or row.expires_at <= now:
            raise InvitationInvalid()
        if not _maker_still_may(session, row):
            raise InvitationInvalid()
        return row

    def _use(self, session: UnscopedSession, row: Invitation, user_id: str) -> None:
        now = self._context.clock.now()
        # The WHERE decides a race even where the lock does not: one code, one use.
        done = session.execute(
            update(Invitation).where(Invitation.id == row.id, Invitation.used_at.is_(None)).values(used_at=now)
        )
        if int(getattr(done, "rowcount", 0)) != 1:
            raise InvitationInvalid()
        self._log(session, "accounts.invitation_used", user_id, row)

    def _check_code(self, code: str, purpose: str, ip: str) -> str | None:
        """Return the person that a good code is for (if any); count a bad one, and raise when there were too many."""

        def work(session: UnscopedSession) -> str | HomieError | None:
            now, throttle = self._context.clock.now(), self._context.throttle
            # Counted per address: all codes are one target, and nobody can slow the others' codes down.
            attempt = throttle.attempt("codes", ip, known_address=True)
            wait = throttle.begin(session, attempt, now)
            if wait > 0:
                return LoginDelayed(wait)
            try:
                row = self._open_code(session, code, purpose)
            except InvitationInvalid as refusal:
                return refusal
            throttle.succeed(session, attempt, now)
            return row.user_id

        return self._context.write("check code", work)

    def _log(self, session: UnscopedSession, action: str, by: str | None, row: Invitation) -> None:
        self._context.audit.append(
            session,
            action,
            actor_id=by,
            owner_id=row.space_id,
            target=row.user_id or row.id,
            detail={"purpose": row.purpose, "role": row.role},
        )


def create_person(
    context: AccountsContext,
    session: UnscopedSession,
    name: str,
    display_name: str,
    password: str,
    *,
    is_admin: bool = False,
    private_space_id: str | None = None,
) -> User:
    """Insert a person with their private space, inside the caller's transaction; `password` is the stored hash."""
    if find_user(session, name) is not None:
        raise NameTaken()
    now, user_id = context.clock.now(), context.new_id()
    space_id = private_space_id or context.new_id()
    if session.get(Space, space_id) is None:
        new_space(session, space_id, PRIVATE, display_name, now)
    user = User(
        id=user_id,
        name=name,
        name_key=name_key(name),
        display_name=display_name,
        password=password,
        password_changed_at=now,
        is_admin=is_admin,
        private_space_id=space_id,
        created_at=now,
    )
    session.add(user)
    try:
        session.flush()
    except IntegrityError:  # somebody took the name between our look and our insert
        raise NameTaken() from None
    add_member(session, user_id, space_id, OWNER, now)
    context.audit.append(
        session,
        "accounts.user_created",
        actor_id=user_id,
        owner_id=space_id,
        target=user_id,
        detail={"admin": is_admin},
    )
    return user


def _maker_still_may(session: UnscopedSession, row: Invitation) -> bool:
    """Tell whether the maker of a code could make it now too; else a removed owner comes back by their own code."""
    if row.created_by is None:  # made by the machine's operator on the command line
        return True
    maker = session.get(User, row.created_by)
    if maker is None or maker.disabled_at is not None:
        return False
    if row.purpose != SPACE and not maker.is_admin:
        return False
    if row.space_id is None:
        return True
    membership = session.get(Membership, (maker.id, row.space_id))
    return membership is not None and membership.role == OWNER


def _names(session: UnscopedSession, user_id: str | None) -> tuple[str, ...]:
    user = session.get(User, user_id) if user_id else None
    return (user.name, user.display_name) if user else ()


def _view(row: Invitation, code: str | None = None) -> InvitationView:
    return InvitationView(
        id=row.id,
        purpose=row.purpose,
        space_id=row.space_id,
        role=row.role,
        note=row.note,
        created_by=row.created_by,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        code=code,
    )
