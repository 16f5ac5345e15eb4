"""The first owner: a one-time code on the machine's own log, and a door that closes behind whoever came first.

There are no default credentials. While nobody has an account, each start makes a fresh code; only its keyed hash is
kept (`secrets/setup.code`, mode 0600). Set-up is not offered when there are backups but no users: the data was lost or
moved, and a friendly "create your account" would make people start anew over it.
"""

from __future__ import annotations

import contextlib
import enum
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

import structlog
from sqlalchemy import select

from backend.core.accounts.context import (
    HOUSEHOLD,
    OWNER,
    AccountsContext,
    UnscopedSession,
    add_member,
    check_label,
    check_name,
    new_space,
    person_view,
)
from backend.core.accounts.errors import LoginDelayed, SetupBlocked, SetupClosed, SetupCodeWrong
from backend.core.accounts.invitations import create_person
from backend.core.accounts.models import Installation, User
from backend.core.accounts.passwords import check_new_password
from backend.core.accounts.people import People
from backend.core.accounts.roots import Roots
from backend.core.accounts.sign_in import SignIn, Visitor
from backend.core.accounts.tokens import code_hash, new_code, same
from backend.core.accounts.upsert import insert_if_absent
from backend.core.accounts.views import PersonView, SignedIn
from backend.sdk.actor import Actor
from backend.sdk.errors import HomieError

log = structlog.get_logger("homie.accounts")

T = TypeVar("T")

_FILE = "setup.code"
_DONE = "setup"
_OFFERED = "setup_offered"


class SetupState(enum.StrEnum):
    """Say whether a first owner is awaited."""

    OPEN = "open"
    CLOSED = "closed"
    BLOCKED = "blocked"


@dataclass(frozen=True, slots=True)
class FirstOwner:
    """What the first owner says about themselves. `folders` are granted to their private space."""

    name: str
    password: str = field(repr=False)
    display_name: str = ""
    household: str = "Home"
    folders: tuple[str, ...] = ()


class Setup:
    """Let the first owner in, once."""

    def __init__(self, context: AccountsContext, people: People, sign_in: SignIn, roots: Roots) -> None:
        self._context = context
        self._people = people
        self._sign_in = sign_in
        self._roots = roots
        self._path = context.secrets.folder / _FILE

    def state(self) -> SetupState:
        """Tell whether a first owner is awaited."""
        if self._context.read("setup state", _is_closed):
            return SetupState.CLOSED
        if self._has_backups() and not self._context.read("setup state", _was_offered):
            return SetupState.BLOCKED
        return SetupState.OPEN

    def new_code(self, *, start_anew: bool = False) -> str | None:
        """Make and return a fresh code (an earlier one stops working), or None when no owner is awaited.

        `start_anew` is the operator's word that the backups found belong to an earlier life.
        """
        state = self.state()
        if state is SetupState.CLOSED or (state is SetupState.BLOCKED and not start_anew):
            self._forget()
            return None
        # Backups that this same database makes before anybody comes must not block it later.
        offered = {"name": _OFFERED, "value": "", "at": self._context.clock.now()}
        self._context.write("offer setup", insert_if_absent, Installation, offered)
        code = new_code()
        self._store({"hash": code_hash(self._context.code_key, code)})
        return code

    def complete(self, code: str, owner: FirstOwner, visitor: Visitor) -> SignedIn:
        """Create the first owner with a private and a household space, and log the device in.

        Raises `SetupClosed`, `SetupBlocked`, `SetupCodeWrong`, or what the rules for names, passwords and folders say.
        """
        self._check_code(code, visitor)
        return self._create(owner, lambda session, user: self._sign_in.enter(session, user, visitor))

    def complete_here(self, code: str, owner: FirstOwner) -> PersonView:
        """Do the same from the command line of the machine itself; no device is logged in."""
        self._check_code(code, Visitor())
        return self._create(owner, person_view)

    def _create(self, owner: FirstOwner, finish: Callable[[UnscopedSession, User], T]) -> T:
        name, display = check_name(owner.name), check_label(owner.display_name or owner.name, "body.display_name")
        household = check_label(owner.household, "body.household")
        check_new_password(owner.password, names=(name, display))
        for index, folder in enumerate(owner.folders):
            self._roots.check(folder, owner_id="", field=f"body.folders.{index}")
        made = self._context.hasher.hash(owner.password)

        def work(session: UnscopedSession) -> tuple[T, Actor]:
            now = self._context.clock.now()
            # The primary key of this row decides the race of two set-ups.
            if not insert_if_absent(session, Installation, {"name": _DONE, "value": name, "at": now}):
                raise SetupClosed()
            private = self._people.make_local_space(session)
            user = create_person(self._context, session, name, display, made, is_admin=True, private_space_id=private)
            home = new_space(session, self._context.new_id(), HOUSEHOLD, household, now)
            add_member(session, user.id, home.id, OWNER, now)
            self._context.audit.append(session, "accounts.set_up", actor_id=user.id, owner_id=private, target=user.id)
            return finish(session, user), Actor.of(private, user.id)

        finished, person = self._context.write("set up", work)
        self._forget()
        self._grant_first_folders(person, owner.folders)
        return finished

    def _check_code(self, code: str, visitor: Visitor) -> None:
        state = self.state()
        if state is not SetupState.OPEN:
            raise SetupClosed() if state is SetupState.CLOSED else SetupBlocked()
        throttle, now = self._context.throttle, self._context.clock.now()
        attempt = throttle.attempt("setup", visitor.ip, known_address=True)

        def count(session: UnscopedSession) -> None:
            wait = throttle.begin(session, attempt, now)
            if wait > 0:
                raise LoginDelayed(wait)

        self._context.write("count setup code", count)
        stored = (self._stored() or {}).get("hash")
        if not isinstance(stored, str) or not same(stored, code_hash(self._context.code_key, code)):
            raise SetupCodeWrong()
        self._context.write("setup code right", throttle.succeed, attempt, now)

    def _grant_first_folders(self, person: Actor, folders: tuple[str, ...]) -> None:
        for folder in (*folders, *self._context.settings.file_roots):
            try:
                self._roots.grant(person, person.owner_id, folder)
            except HomieError as problem:
                # The account is made; a folder that vanished meanwhile can be granted again in the settings.
                log.warning("a first folder was not granted", code=problem.code)

    def _has_backups(self) -> bool:
        folder = self._context.settings.backups_dir
        with contextlib.suppress(OSError):
            return any(not entry.name.startswith(".") for entry in folder.iterdir())
        return False

    def _stored(self) -> dict[str, object] | None:
        try:
            found = json.loads(self._path.read_text("utf-8"))
        except (OSError, ValueError):
            return None
        return found if isinstance(found, dict) else None

    def _store(self, value: dict[str, object]) -> None:
        draft = self._path.with_name(f".{_FILE}.{os.getpid()}")
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            json.dump(value, file)
        draft.replace(self._path)

    def _forget(self) -> None:
        with contextlib.suppress(FileNotFoundError):
            self._path.unlink()


def _is_closed(session: UnscopedSession) -> bool:
    if session.get(Installation, _DONE) is not None:
        return True
    return session.scalars(select(User.id).limit(1)).first() is not None


def _was_offered(session: UnscopedSession) -> bool:
    return session.get(Installation, _OFFERED) is not None
