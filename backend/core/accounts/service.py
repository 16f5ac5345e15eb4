"""The accounts of one installation: built once by the platform, used by everybody who asks who somebody is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backend.core.accounts.access import AccessGate
from backend.core.accounts.audit import Audit
from backend.core.accounts.context import AccountsContext
from backend.core.accounts.devices import Devices
from backend.core.accounts.invitations import Invitations
from backend.core.accounts.ownership import Ownership
from backend.core.accounts.passwords import PasswordHasher
from backend.core.accounts.people import People
from backend.core.accounts.preferences import PreferenceStore
from backend.core.accounts.roots import Roots
from backend.core.accounts.second_factor import SecondFactors
from backend.core.accounts.setup import Setup
from backend.core.accounts.sign_in import SignIn
from backend.core.accounts.spaces import Spaces
from backend.core.accounts.throttle import Throttle
from backend.core.accounts.tokens import csrf_token, same
from backend.core.secrets import SecretFiles
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database
from backend.sdk.events import EventBus, Unsubscribe
from backend.sdk.ids import NewId

if TYPE_CHECKING:
    from backend.core.settings import HomieSettings


class Accounts:
    """Hold the parts of the accounts, and answer directly what the platform asks on every request.

    `setup`, `sign_in`, `devices`, `people`, `spaces`, `invitations`, `second_factors`, `preferences`, `roots` (the
    `OwnerRootsSource` of the modules) and `ownership` each own one subject; see their files.
    """

    def __init__(
        self,
        core_db: Database,
        bus: EventBus,
        audit: Audit,
        clock: Clock,
        new_id: NewId,
        settings: HomieSettings,
        *,
        hasher: PasswordHasher | None = None,
    ) -> None:
        secrets = SecretFiles(settings.secrets_dir)
        box = secrets.box()
        self.gate = AccessGate(core_db, clock, audit)
        context = AccountsContext(
            db=core_db,
            bus=bus,
            audit=audit,
            clock=clock,
            new_id=new_id,
            settings=settings,
            secrets=secrets,
            box=box,
            hasher=hasher or PasswordHasher(),
            throttle=Throttle(box.derive("login throttle")),
            gate=self.gate,
            refresh_key=box.derive("refresh tokens"),
            code_key=box.derive("one-time codes"),
        )
        self._csrf_key = box.derive("csrf")
        self.audit = audit
        self.devices = Devices(context)
        self.second_factors = SecondFactors(context)
        self.sign_in = SignIn(context, self.devices, self.second_factors)
        self.spaces = Spaces(context)
        self.invitations = Invitations(context, self.spaces, self.sign_in)
        self.people = People(context, self.devices, self.sign_in)
        self.roots = Roots(context)
        self.preferences = PreferenceStore(context)
        self.setup = Setup(context, self.people, self.sign_in, self.roots)
        self.ownership = Ownership(context, self.devices)

    def authenticate(self, token: str, ip: str = "", user_agent: str = "") -> tuple[Actor, str]:
        """Return the actor and the session of an access token; raises `TokenRefused`."""
        return self.gate.authenticate(token, ip, user_agent)

    def has_sudo(self, session_id: str) -> bool:
        """Tell whether the session proved its password within the last ten minutes."""
        return self.gate.has_sudo(session_id)

    def session_alive(self, session_id: str) -> bool:
        """Tell whether a session may still be used; for sockets, before each event."""
        return self.gate.session_alive(session_id)

    def actor_of_session(self, session_id: str) -> Actor:
        """Return the actor of a live session as it is now; raises `TokenRefused`."""
        return self.gate.actor_of_session(session_id)

    def on_revoked(self, listener: Callable[[Sequence[str]], None]) -> Unsubscribe:
        """Call `listener(session_ids)` when sessions end in this process; returns its own un-subscribe."""
        return self.gate.on_revoked(listener)

    def on_access_changed(self, listener: Callable[[str], None]) -> Unsubscribe:
        """Call `listener(user_id)` when a person's spaces or rights change; returns its own un-subscribe."""
        return self.gate.on_access_changed(listener)

    def note_remote(self, event_name: str, payload: dict[str, object]) -> None:
        """Take in an event of another process of this hub, so that caches and sockets here follow."""
        if event_name == "accounts.sessions_revoked":
            ids = payload.get("session_ids")
            self.gate.ended([str(one) for one in ids] if isinstance(ids, list) else [])
        elif event_name == "accounts.access_changed":
            self.gate.access_changed([str(payload.get("user_id", ""))])

    def setup_code(self) -> str | None:
        """Return a fresh set-up code to print at start, or None when no first owner is awaited."""
        return self.setup.new_code()

    def local_owner(self) -> Actor:
        """Return who the command line works for when it names nobody."""
        return self.people.local_owner()

    def actor_for(self, user_name: str) -> Actor:
        """Return the actor of a person by login name; raises `NotFound`."""
        return self.people.actor(user_name)

    def csrf_token(self, session_id: str) -> str:
        """Return the value that a browser session must send in `X-Homie-CSRF` with every change."""
        return csrf_token(self._csrf_key, session_id)

    def check_csrf(self, session_id: str, given: str | None) -> bool:
        """Tell whether the header value belongs to the session."""
        return given is not None and same(given, self.csrf_token(session_id))

    def export_owner(self, owner_id: str, dest: Path) -> None:
        """Write what the accounts know about a space below `dest`."""
        self.ownership.export(owner_id, dest)

    def erase_owner(self, owner_id: str, *, by: str | None = None) -> None:
        """Remove every trace of a space, and of its person when it is a private one."""
        self.ownership.erase(owner_id, by=by)
