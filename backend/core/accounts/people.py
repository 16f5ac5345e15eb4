"""People: what an administrator may do with accounts, what everybody may with their own, and who the CLI is."""

from __future__ import annotations

from sqlalchemy import select

from backend.core.accounts.access import actor_of_user
from backend.core.accounts.context import (
    OWNER,
    PRIVATE,
    AccountsContext,
    UnscopedSession,
    check_label,
    check_name,
    count_admins,
    find_user,
    name_key,
    new_space,
    person_view,
    user_of,
)
from backend.core.accounts.devices import Devices
from backend.core.accounts.errors import LastAdmin
from backend.core.accounts.events import AccessChanged
from backend.core.accounts.invitations import create_person
from backend.core.accounts.models import Installation, Membership, Space, User
from backend.core.accounts.passwords import check_new_password
from backend.core.accounts.sign_in import SignIn
from backend.core.accounts.upsert import insert_if_absent
from backend.core.accounts.views import PersonView
from backend.sdk.actor import Actor
from backend.sdk.errors import NotFound

LOCAL_OWNER = "local_owner"


class People:
    """List, change, disable and find people."""

    def __init__(self, context: AccountsContext, devices: Devices, sign_in: SignIn) -> None:
        self._context = context
        self._devices = devices
        self._sign_in = sign_in

    def everybody(self) -> list[PersonView]:
        """Return everybody, by name."""

        def work(session: UnscopedSession) -> list[PersonView]:
            return [person_view(session, user) for user in session.scalars(select(User).order_by(User.name_key))]

        return self._context.read("people", work)

    def names(self, actor: Actor) -> dict[str, str]:
        """Return how those are shown who belong to the space that an actor acts in, by user id; the actor among them.

        For modules (`ModuleContext.people`): whoever left the space is not told.
        """

        def work(session: UnscopedSession) -> dict[str, str]:
            inside = select(Membership.user_id).where(Membership.space_id == actor.owner_id)
            query = select(User.id, User.name, User.display_name).where(
                User.id.in_(inside) | (User.id == actor.user_id)
            )
            return {row.id: row.display_name or row.name for row in session.execute(query)}

        return self._context.read("names of a space", work)

    def private_spaces(self, *, admins: bool = False) -> list[str]:
        """Return the private space of everybody who may log in; of the administrators only if asked."""

        def work(session: UnscopedSession) -> list[str]:
            query = select(User.private_space_id).where(User.disabled_at.is_(None)).order_by(User.id)
            return list(session.scalars(query.where(User.is_admin) if admins else query))

        return self._context.read("private spaces", work)

    def get(self, user_id: str) -> PersonView:
        """Return one person; raises `NotFound`."""
        return self._context.read("person", lambda session: person_view(session, user_of(session, user_id)))

    def by_name(self, name: str) -> PersonView:
        """Return the person of a login name; raises `NotFound`."""

        def work(session: UnscopedSession) -> PersonView:
            return person_view(session, _named(session, name))

        return self._context.read("person", work)

    def exist(self) -> bool:
        """Tell whether anybody has an account."""
        return self._context.read("any person", lambda s: s.scalars(select(User.id).limit(1)).first() is not None)

    def add(self, name: str, password: str, *, display_name: str = "", is_admin: bool = False) -> PersonView:
        """Create an account from the command line of the machine itself; the very first one is the owner."""
        name, display = check_name(name, "name"), check_label(display_name or name, "display_name")
        check_new_password(password, names=(name, display), field="password")
        made = self._context.hasher.hash(password)

        def work(session: UnscopedSession) -> PersonView:
            first = session.scalars(select(User.id).limit(1)).first() is None
            user = create_person(
                self._context,
                session,
                name,
                display,
                made,
                is_admin=is_admin or first,
                private_space_id=self.make_local_space(session) if first else None,
            )
            return person_view(session, user)

        return self._context.write("add person", work)

    def rename(self, user_id: str, display_name: str) -> PersonView:
        """Change how a person is shown."""
        display = check_label(display_name, "body.display_name")

        def work(session: UnscopedSession) -> PersonView:
            user = user_of(session, user_id)
            user.display_name = display
            return person_view(session, user)

        return self._context.write("rename person", work)

    def set_admin(self, user_id: str, is_admin: bool, *, by: str | None) -> PersonView:
        """Give or take the administrator's rights; devices are logged out, so that the change counts everywhere."""
        return self._change(user_id, by, "role_changed", is_admin=is_admin)

    def set_disabled(self, user_id: str, disabled: bool, *, by: str | None) -> PersonView:
        """Shut a person out (every device is logged out at once), or let them in again. Their data stays."""
        return self._change(user_id, by, "disabled" if disabled else "enabled", disabled=disabled)

    def set_password(self, user_id: str, password: str) -> None:
        """Set a password from the command line of the machine itself; every device is logged out."""
        person = self.get(user_id)
        check_new_password(password, names=(person.name, person.display_name), field="password")
        made = self._context.hasher.hash(password)
        self._context.gate.ended(
            self._context.write("set password", self._sign_in.set_password, user_id, made, by=None)
        )

    def unlock(self, name: str | None) -> None:
        """Forget the wrong tries at one account, or all of them."""

        def work(session: UnscopedSession) -> None:
            if name is None:
                self._context.throttle.clear_all(session)
            else:
                self._context.throttle.clear_account(session, name_key(name))
            self._context.audit.append(session, "accounts.unlocked", actor_id=None)

        self._context.write("unlock", work)

    def actor(self, name: str) -> Actor:
        """Return the actor of a person by login name; raises `NotFound`, also for a disabled person."""

        def work(session: UnscopedSession) -> Actor:
            return actor_of_user(session, _named(session, name, active=True))

        return self._context.read("actor", work)

    def local_owner(self) -> Actor:
        """Return who the command line works for: the first administrator, or before set-up the space they will get."""
        found = self._context.read("local owner", self._find_local_owner)
        if found is None:
            space_id = self._context.write("local owner", self.make_local_space)
            found = Actor(user_id=space_id, owner_id=space_id, owners=frozenset({space_id}), is_admin=True)
        return found

    def make_local_space(self, session: UnscopedSession) -> str:
        """Return the private space of the first owner, made when it is first asked for; one, whoever asks together."""
        now, space_id = self._context.clock.now(), self._context.new_id()
        if insert_if_absent(session, Installation, {"name": LOCAL_OWNER, "value": space_id, "at": now}):
            new_space(session, space_id, PRIVATE, "Private", now)
            return space_id
        return session.get_one(Installation, LOCAL_OWNER).value

    def _find_local_owner(self, session: UnscopedSession) -> Actor | None:
        admins = select(User).where(User.is_admin, User.disabled_at.is_(None))
        first = session.scalars(admins.order_by(User.created_at, User.id).limit(1)).first()
        if first is not None:
            return actor_of_user(session, first)
        local = session.get(Installation, LOCAL_OWNER)
        if local is None or session.get(Space, local.value) is None:
            return None
        return Actor(local.value, local.value, frozenset({local.value}), is_admin=True)

    def _change(
        self,
        user_id: str,
        by: str | None,
        what: str,
        *,
        is_admin: bool | None = None,
        disabled: bool | None = None,
    ) -> PersonView:
        ended: list[str] = []

        def work(session: UnscopedSession) -> PersonView:
            # Every administrator's row is locked, so that two who step down at once see each other.
            session.scalars(select(User).where(User.is_admin).order_by(User.id).with_for_update()).all()
            user = user_of(session, user_id, lock=True)
            losing = user.is_admin and user.disabled_at is None and (is_admin is False or disabled is True)
            if losing and count_admins(session) <= 1:
                raise LastAdmin()
            if is_admin is not None:
                user.is_admin = is_admin
            if disabled is not None:
                user.disabled_at = self._context.clock.now() if disabled else None
            self._context.audit.append(
                session,
                f"accounts.{what}",
                actor_id=by,
                owner_id=user.private_space_id,
                target=user.id,
                detail={"admin": user.is_admin},
            )
            ended[:] = self._devices.end_all(session, user_id, what, by=by)
            session.emit(AccessChanged(owner_id=user.private_space_id, user_id=user_id))
            return person_view(session, user)

        view = self._context.write(f"person {what}", work)
        self._context.gate.ended(ended)
        self._context.gate.access_changed([user_id])
        return view


def _named(session: UnscopedSession, name: str, *, active: bool = False) -> User:
    user = find_user(session, name)
    if user is None or (active and user.disabled_at is not None):
        raise NotFound(f"There is no (active) person called '{name[:64]}'. `homie users list` shows everybody.")
    return user


__all__ = ["LOCAL_OWNER", "OWNER", "People"]
