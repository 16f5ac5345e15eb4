"""The providers against a real hub: breaks of every kind lose nothing, double nothing, and log nobody out."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from frontend.api.connection import HubConnection
from frontend.api.errors import ApiError, Offline
from frontend.api.sealing import MemoryStorage, SealedStorage, Sealer
from frontend.api.session_tokens import STORED_AS
from frontend.api.tokens import Keepers
from frontend.api.transport import Visitor
from frontend.providers.base import Event, Provider
from frontend.providers.session import Session, Surroundings
from tests.hub import Hub

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse staple"


@dataclass(eq=False)
class Witness(Provider):
    """Hear everything."""

    heard: list[tuple[str, str]] = field(default_factory=list)
    reloads: int = 0

    def on_event(self, event: Event) -> None:
        self.heard.append((event["name"], event["event_id"]))

    def reload_soon(self) -> None:
        self.reloads += 1


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("hub") / "data", {"HOMIE_APP": "false"}) as running:
        running.set_up()
        yield running


@dataclass
class Browser:
    """One browser at the front: its storage, and the front's memory."""

    hub: Hub
    sealer: Sealer
    journal: Path
    storage: MemoryStorage = field(default_factory=MemoryStorage)
    keepers: Keepers = field(init=False)
    connection: HubConnection = field(init=False)
    sessions: list[Session] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.keepers = Keepers(self.sealer, self.journal)
        self.connection = HubConnection(self.hub.url)

    def tab(self, storage: MemoryStorage | None = None) -> Session:
        given = Surroundings(
            self.connection,
            self.keepers,
            SealedStorage(storage or self.storage, self.sealer),
            visitor=Visitor(user_agent="Tester/1"),
            device="Tester",
        )
        made = Session(given)
        self.sessions.append(made)
        return made

    def restart_front(self) -> None:
        """Forget what the front's process knew; files stay."""
        self.keepers = Keepers(self.sealer, self.journal)

    async def close(self) -> None:
        for one in self.sessions:
            await one.close()
        await self.connection.close()


@pytest.fixture
async def browser(hub: Hub, tmp_path: Path) -> AsyncIterator[Browser]:
    made = Browser(hub, Sealer(Fernet.generate_key()), tmp_path / "devices.json")
    yield made
    await made.close()


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(60):
        while not what():
            await asyncio.sleep(0.02)


async def _logged_in(browser: Browser, storage: MemoryStorage | None = None) -> Session:
    session = browser.tab(storage)
    await session.start()
    await session.auth.login("anna", PASSWORD)
    await until(lambda: session.socket.online)
    return session


async def test_logging_in_brings_everything_up(browser: Browser) -> None:
    """After the log-in the line is up and what every screen needs is there; every provider loads without error."""
    session = await _logged_in(browser)
    assert session.auth.stage == "logged_in"
    assert session.auth.is_admin
    assert "file_organizer" in session.modules.enabled_ids
    for one in (session.home, session.people, session.audit, session.backups, session.ai, session.security):
        await one.load()
        assert (one.state, one.error) == ("ready", None), type(one).__name__
    await session.jobs.load()
    await session.notifications.load_list()
    await session.search.search("Home")
    assert (session.jobs.state, session.notifications.state, session.search.state) == ("ready",) * 3
    assert [one["name"] for one in session.security.devices if one["current"]] == ["Tester"]


async def test_a_wrong_password_is_an_error_with_words(browser: Browser) -> None:
    """A refusal arrives with its code and words, and nobody is logged in."""
    session = browser.tab()
    await session.start()
    assert session.auth.stage == "login"
    with pytest.raises(ApiError) as caught:
        await session.auth.login("anna", "wrong password here")
    assert caught.value.code == "login_refused"
    assert caught.value.message
    assert session.auth.stage == "login"


async def test_two_tabs_refresh_at_once(browser: Browser) -> None:
    """Two tabs that reload at once and refresh at once stay logged in, and go on rotating."""
    first = await _logged_in(browser)
    second = browser.tab()
    await second.start()
    assert second.auth.stage == "logged_in"
    for _ in range(3):
        tokens = await asyncio.gather(*(tab.tokens.access() for tab in (first, second)))
        await asyncio.gather(*(tab.tokens.renew(one) for tab, one in zip((first, second), tokens, strict=True)))
    assert (await first.api.accounts.show_me())["person"] == (await second.api.accounts.show_me())["person"]


async def test_an_old_token_after_a_restart_logs_nobody_out(browser: Browser) -> None:
    """A tab that still holds a long-spent token after a restart of the front is the same device, still logged in."""
    first = await _logged_in(browser)
    stale = MemoryStorage()
    stale.kept = dict(browser.storage.kept)
    for _ in range(3):
        await first.tokens.renew(await first.tokens.access())
    assert stale.kept[STORED_AS] != browser.storage.kept[STORED_AS]
    browser.restart_front()
    second = browser.tab(stale)
    await second.start()
    assert second.auth.stage == "logged_in"
    assert second.tokens.session_id == first.tokens.session_id


async def test_logging_out_ends_every_tab(browser: Browser) -> None:
    """A log-out in one tab ends the other one too, and nothing stays in the browser."""
    first = await _logged_in(browser)
    second = browser.tab()
    await second.start()
    await until(lambda: second.socket.online)
    await first.auth.logout()
    await until(lambda: second.auth.stage == "login")
    assert browser.storage.kept == {}
    assert second.modules.modules == ()
    with pytest.raises(ApiError):
        await second.api.accounts.show_me()


async def test_a_revoked_device_is_told(browser: Browser, hub: Hub) -> None:
    """A device that is logged out from another one goes to the log-in at once, and says so."""
    first = await _logged_in(browser)
    other = Browser(hub, browser.sealer, browser.journal.with_name("other.json"))
    second = await _logged_in(other)
    await first.security.load()
    await first.security.log_device_out(second.tokens.session_id)
    await until(lambda: second.auth.stage == "login")
    assert second.auth.ended_because
    await other.close()


async def test_sudo_opens_what_needs_the_password(browser: Browser) -> None:
    """Inviting somebody waits for the password and then succeeds."""
    session = await _logged_in(browser)
    asked = asyncio.create_task(
        session.auth.with_sudo(lambda: session.people.invite({"new_account": True, "note": "Ben"}))
    )
    await until(lambda: session.auth.sudo_wanted or asked.done())
    if session.auth.sudo_wanted:
        await session.auth.reauthenticate(PASSWORD)
    made = await asked
    assert made.get("code")
    assert [one["note"] for one in session.people.invitations] == ["Ben"]
    await session.people.withdraw(made["id"])
    assert session.people.invitations == ()


async def test_events_survive_breaks_of_the_line(browser: Browser) -> None:
    """Changes made while the line is cut arrive after it is back: each exactly once, in order."""
    session, other = await _logged_in(browser), browser.tab()
    await other.start()
    witness = session.of(Witness)
    for number in range(6):
        if number % 2:
            await session.socket.line.close()  # as a lost network: the hub learns it later
        await other.preferences.change(text_size=[1.0, 1.3][number % 2])
        await other.people.create_space(f"Space {number}")
        session.socket.try_now()
    await until(lambda: session.socket.online)
    missed = [one for one in witness.heard if one[0] == "accounts.preferences_changed"]
    await until(lambda: len([one for one in witness.heard if one[0] == "accounts.preferences_changed"]) >= 6)
    ids = [event_id for _, event_id in witness.heard]
    assert len(ids) == len(set(ids)), missed


async def test_a_kill_of_the_hub_loses_and_doubles_nothing(browser: Browser, hub: Hub) -> None:
    """kill -9 of the hub: offline, back by itself, everything that was missed is read anew, no event comes twice."""
    session = await _logged_in(browser)
    witness = session.of(Witness)
    await session.people.load()
    before = len(session.people.spaces)
    await session.people.create_space("Before")
    hub.kill()
    await until(lambda: not session.socket.online)
    with pytest.raises(Offline):
        await session.api.accounts.show_me()
    await session.home.load()
    assert session.home.state == "offline"
    hub.start()
    token = hub.log_in()  # somebody else changes something before this window is back
    hub.post("/api/v1/accounts/spaces", {"name": "Meanwhile"}, token=token)
    session.socket.try_now()
    await until(lambda: session.socket.online)
    assert witness.reloads >= 1
    await until(lambda: len(session.people.spaces) == before + 2)
    await until(lambda: session.home.state == "ready")
    await session.people.create_space("After")
    await until(lambda: any(name == "accounts.access_changed" for name, _ in witness.heard))
    ids = [event_id for _, event_id in witness.heard]
    assert len(ids) == len(set(ids))
    assert session.auth.stage == "logged_in"


async def test_a_resumed_window_draws_everything(browser: Browser) -> None:
    """Coming back to a window that was away notifies every provider, and does not log out."""
    session = await _logged_in(browser)
    drawn: list[Any] = []
    note = lambda sender, _: drawn.append(sender)  # noqa: E731
    for one in (session.auth, session.socket, session.modules):
        one.subscribe(note)
    await session.resume()
    assert {id(one) for one in drawn} >= {id(session.auth), id(session.socket), id(session.modules)}
    assert session.auth.stage == "logged_in"


async def test_closing_leaves_nothing_running(browser: Browser) -> None:
    """A closed window has no task and no connection left."""
    session = await _logged_in(browser)
    await session.close()
    await asyncio.sleep(0.05)
    assert session.socket._task is None
    assert [task for task in asyncio.all_tasks() if "SocketLine" in repr(task) or "_hold" in repr(task)] == []


async def test_the_private_socket_carries_calls_and_events(tmp_path: Path) -> None:
    """Over the Unix socket of the hub's machine calls and the live line work as over the network."""
    with Hub(tmp_path / "d", app=True) as hub:
        hub.set_up()
        browser = Browser(hub, Sealer(Fernet.generate_key()), tmp_path / "devices.json")
        browser.connection = HubConnection(socket_path=str(hub.data_dir / "run" / "web.sock"))
        session = await _logged_in(browser)
        witness = session.of(Witness)
        await session.preferences.change(text_size=1.3)
        await until(lambda: any(name == "accounts.preferences_changed" for name, _ in witness.heard))
        assert session.preferences.text_size == 1.3
        await browser.close()
