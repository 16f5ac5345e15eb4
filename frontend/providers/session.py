"""Everything that one window knows: its way to the hub, its log-in, its live line, and one of each provider."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any, TypeVar

from flet.components.observable import Observable

from frontend.api.connection import HubConnection
from frontend.api.errors import ApiError
from frontend.api.generated import HomieApi
from frontend.api.sealing import TokenStorage
from frontend.api.session_tokens import SessionTokens
from frontend.api.tokens import Keepers
from frontend.api.transport import Transport, Visitor
from frontend.providers.ai_provider import AiProvider
from frontend.providers.audit_provider import AuditProvider
from frontend.providers.auth_provider import AuthProvider
from frontend.providers.backups_provider import BackupsProvider
from frontend.providers.base import Provider
from frontend.providers.drafts import Drafts
from frontend.providers.home_provider import HomeProvider
from frontend.providers.jobs_provider import JobsProvider
from frontend.providers.modules_provider import ModulesProvider
from frontend.providers.notifications_provider import NotificationsProvider
from frontend.providers.people_provider import PeopleProvider
from frontend.providers.preferences_provider import PreferencesProvider
from frontend.providers.search_provider import SearchProvider
from frontend.providers.security_provider import SecurityProvider
from frontend.providers.socket_line import SocketLine
from frontend.providers.web_socket_provider import WebSocketProvider

log = logging.getLogger("homie.app")
P = TypeVar("P", bound=Provider)
SERVER = "server"
"""Under which name a device keeps its server's address."""


@dataclass(frozen=True)
class Surroundings:
    """What a window is given: the hub's address, the process's keepers of tokens, the device's storage, who it is."""

    connection: HubConnection
    keepers: Keepers
    storage: TokenStorage
    visitor: Visitor = field(default_factory=Visitor)
    device: str = ""
    language: str = "en"


class Session:
    """Hold one window's providers; never share one between windows. `keys` is for the shell's keyboard listeners."""

    def __init__(self, given: Surroundings, keys: Any = None) -> None:
        self.connection = given.connection
        self.storage = given.storage
        self.transport = Transport(given.connection, visitor=given.visitor, language=given.language)
        self.api = api = HomieApi(self.transport)
        self.tokens = SessionTokens(self.transport, given.keepers, given.storage)
        self.keys = keys
        self.drafts = Drafts(given.storage)
        self._providers: dict[type[Provider], Provider] = {}
        self.auth = AuthProvider(
            api=api,
            tokens=self.tokens,
            device=given.device,
            on_logged_in=self._logged_in,
            on_logged_out=self._logged_out,
        )
        self.socket = WebSocketProvider(
            self.tokens,
            SocketLine(given.connection, given.visitor),
            on_logged_out=self.auth.lost,
            on_access_changed=self.auth.reload_soon,
        )
        self.socket.subscribe_provider(self.auth)
        self.preferences = self.of(PreferencesProvider)
        self.preferences.device_language = given.language
        self.modules = self.of(ModulesProvider)
        self.notifications = self.of(NotificationsProvider)
        self.jobs = self.of(JobsProvider)
        self.home = self.of(HomeProvider)
        self.search = self.of(SearchProvider)
        self.security = self.of(SecurityProvider)
        self.people = self.of(PeopleProvider)
        self.backups = self.of(BackupsProvider)
        self.audit = self.of(AuditProvider)
        self.ai = self.of(AiProvider)

    def of(self, kind: type[P]) -> P:
        """Return this window's provider of a kind; it is made, and hears events, from the first call on."""
        found = self._providers.get(kind)
        if found is None:
            found = self._providers[kind] = kind(api=self.api)
            self.socket.subscribe_provider(found)
        assert isinstance(found, kind)
        return found

    async def start(self) -> None:
        """Find out who this is, and load what every screen needs. A device first remembers where its server is."""
        if not self.connection.is_known:
            self.connection.url = await self.storage.get(SERVER) or ""
        if self.connection.is_known:
            await self.drafts.read()
            await self.auth.start()
        else:
            self.auth.stage = "no_server"

    async def connect_to(self, url: str) -> None:
        """Use the hub at another address (apps on devices), and find out who this is there.

        Raises `Offline` when nobody answers there, `ApiError` when it is no hub; then nothing has changed.
        """
        before = self.connection.url
        await self.socket.stop()
        await self.connection.close()
        self.connection.url = url
        try:
            await self.api.server.show_server()
        except ApiError:
            await self.connection.close()
            self.connection.url = before
            raise
        await self.storage.set(SERVER, url)
        self.auth.stage = "starting"
        await self.auth.start()

    async def resume(self) -> None:
        """Come back after the window was away: draw everything anew, and see what was missed."""
        for one in (self.auth, self.socket, *self._providers.values()):
            _redraw(one)
        self.socket.try_now()
        await self.tokens.resumed()
        if self.auth.stage == "unreachable":
            await self.auth.start()

    async def close(self) -> None:
        """Hang up and end everything that runs."""
        await self.socket.stop()
        for one in (self.auth, *self._providers.values()):
            one.close()
        if not self.connection.is_shared:
            await self.connection.close()

    async def _logged_in(self) -> None:
        self.drafts.begin(self.auth.person_id)  # before anything waits: the first screen is drawn in the meantime
        self.socket.start()
        # At once: each is a way to the hub and back before the first screen stands still.
        await asyncio.gather(*(one.load() for one in (self.preferences, self.modules, self.notifications)))

    async def _logged_out(self) -> None:
        # Forgetting comes first: nothing of the person is left from the moment on at which the log-in is shown.
        for one in self._providers.values():
            one.reset()
        self.drafts.forget()
        await self.socket.stop()


def _redraw(one: Observable) -> None:
    """Changes while the window was away were never drawn: say that everything changed."""
    one._notify(None)
