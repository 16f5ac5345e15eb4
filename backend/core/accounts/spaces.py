"""Spaces: who belongs where. Sharing is a membership in a household space, never a flag on a row."""

from __future__ import annotations

from sqlalchemy import func, select

from backend.core.accounts.context import (
    HOUSEHOLD,
    OWNER,
    PRIVATE,
    AccountsContext,
    UnscopedSession,
    add_member,
    check_label,
    new_space,
    role_in,
    user_of,
)
from backend.core.accounts.errors import LastSpaceOwner
from backend.core.accounts.events import AccessChanged, MembersChanged
from backend.core.accounts.models import Membership, Space, User
from backend.core.accounts.views import MemberView, SpaceView
from backend.sdk.errors import NotAllowed, NotFound


class Spaces:
    """Make household spaces and look after their members."""

    def __init__(self, context: AccountsContext) -> None:
        self._context = context

    def of_person(self, user_id: str) -> list[SpaceView]:
        """Return the person's spaces, the private one first."""

        def work(session: UnscopedSession) -> list[SpaceView]:
            rows = session.execute(
                select(Space, Membership.role)
                .join(Membership, Membership.space_id == Space.id)
                .where(Membership.user_id == user_id)
                .order_by(Space.kind.desc(), Space.name, Space.id)
            )
            return [_view(space, role) for space, role in rows]

        return self._context.read("spaces", work)

    def create(self, user_id: str, name: str) -> SpaceView:
        """Make a household space that the person owns."""
        name, space_id = check_label(name, "body.name"), self._context.new_id()

        def work(session: UnscopedSession) -> SpaceView:
            now = self._context.clock.now()
            space = new_space(session, space_id, HOUSEHOLD, name, now)
            add_member(session, user_id, space_id, OWNER, now)
            self._log(session, "accounts.space_created", user_id, space_id)
            self.announce(session, user_id, space_id)
            return _view(space, OWNER)

        view = self._context.write("create space", work)
        self._context.gate.access_changed([user_id])
        return view

    def rename(self, user_id: str, space_id: str, name: str) -> SpaceView:
        """Rename a space; only its owners may."""
        name = check_label(name, "body.name")

        def work(session: UnscopedSession) -> SpaceView:
            role = self.require_owner(session, user_id, space_id)
            space = session.get_one(Space, space_id)
            space.name = name
            self._log(session, "accounts.space_renamed", user_id, space_id)
            session.emit(MembersChanged(owner_id=space_id))
            return _view(space, role)

        return self._context.write("rename space", work)

    def members(self, user_id: str, space_id: str) -> list[MemberView]:
        """Return the people of one of the person's spaces."""

        def work(session: UnscopedSession) -> list[MemberView]:
            role_in(session, user_id, space_id)
            rows = session.execute(
                select(Membership, User)
                .join(User, User.id == Membership.user_id)
                .where(Membership.space_id == space_id)
                .order_by(User.name_key)
            )
            return [MemberView(user.id, user.name, user.display_name, row.role, row.joined_at) for row, user in rows]

        return self._context.read("members", work)

    def set_role(self, user_id: str, space_id: str, member_id: str, role: str) -> None:
        """Make a member an owner of the space, or the other way round."""

        def work(session: UnscopedSession) -> None:
            self.require_owner(session, user_id, space_id)
            self._require_household(session, space_id)
            row = self._member(session, space_id, member_id)
            if row.role == OWNER and role != OWNER:
                self._keep_an_owner(session, space_id)
            row.role = role
            self._log(session, "accounts.member_role_changed", user_id, space_id, member_id, role=role)
            self.announce(session, member_id, space_id)

        self._context.write("member role", work)
        self._context.gate.access_changed([member_id])

    def remove(self, user_id: str, space_id: str, member_id: str) -> None:
        """Take a person out of a household space (owners), or leave it (oneself). It is gone for them at once."""

        def work(session: UnscopedSession) -> None:
            role = role_in(session, user_id, space_id)
            self._require_household(session, space_id)
            if member_id != user_id and role != OWNER:
                raise NotAllowed("Only an owner of the space may remove somebody else.")
            row = self._member(session, space_id, member_id)
            if row.role == OWNER:
                self._keep_an_owner(session, space_id)
            session.delete(row)
            self._log(session, "accounts.member_removed", user_id, space_id, member_id)
            self.announce(session, member_id, space_id)

        self._context.write("remove member", work)
        self._context.gate.access_changed([member_id])

    def require_owner(self, session: UnscopedSession, user_id: str, space_id: str) -> str:
        """Return "owner", or raise: `NotFound` for people outside, `NotAllowed` for mere members."""
        role = role_in(session, user_id, space_id)
        if role != OWNER:
            raise NotAllowed("Only an owner of the space may do this.")
        return role

    def announce(self, session: UnscopedSession, user_id: str, space_id: str) -> None:
        """Tell the person's devices and the space's people after commit."""
        user = user_of(session, user_id)
        session.emit(AccessChanged(owner_id=user.private_space_id, user_id=user_id))
        session.emit(MembersChanged(owner_id=space_id))

    def _member(self, session: UnscopedSession, space_id: str, member_id: str) -> Membership:
        row = session.get(Membership, (member_id, space_id))
        if row is None:
            raise NotFound("This person is not in the space.")
        return row

    def _require_household(self, session: UnscopedSession, space_id: str) -> None:
        # Locked, so that two owners who leave at once on PostgreSQL see each other.
        space = session.get_one(Space, space_id, with_for_update=True)
        if space.kind == PRIVATE:
            raise NotAllowed("A private space belongs to one person and is never shared.")

    def _keep_an_owner(self, session: UnscopedSession, space_id: str) -> None:
        query = select(func.count()).select_from(Membership)
        owners = session.scalar(query.where(Membership.space_id == space_id, Membership.role == OWNER))
        if int(owners or 0) <= 1:
            raise LastSpaceOwner()

    def _log(
        self, session: UnscopedSession, action: str, by: str, space_id: str, target: str = "", **detail: str
    ) -> None:
        self._context.audit.append(
            session, action, actor_id=by, owner_id=space_id, target=target or space_id, detail=detail
        )


def _view(space: Space, role: str) -> SpaceView:
    return SpaceView(space.id, space.kind, space.name, role, space.created_at)
