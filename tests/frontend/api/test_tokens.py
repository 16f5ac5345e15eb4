"""Tokens of a device: shared by its tabs, sealed where they are kept, and alive through restarts."""

from __future__ import annotations

import asyncio
import stat
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from frontend.api.sealing import MemoryStorage, SealedStorage, Sealer
from frontend.api.session_tokens import STORED_AS, SessionTokens
from frontend.api.tokens import Keepers
from tests.frontend.wire import FakeHub, tokens

pytestmark = pytest.mark.anyio
REFRESH = "/api/v1/accounts/refresh"


def _tab(hub: FakeHub, keepers: Keepers, storage: Any) -> SessionTokens:
    return SessionTokens(hub.transport(), keepers, storage)


def _rotating(hub: FakeHub) -> None:
    """Let the hub rotate as it does: the n-th token gives the n+1-th, any older one is reuse."""
    import json

    from tests.frontend.wire import refusal

    state = {"now": 1}

    def answer(request: Any) -> Any:
        if json.loads(request.content)["refresh_token"] != f"hmr_{state['now']}":
            return refusal(401, "token_reused")
        state["now"] += 1
        return tokens(state["now"])

    hub.on("POST", REFRESH, answer)


async def test_what_is_kept_is_sealed() -> None:
    """The storage sees neither the token nor anything that another key can open."""
    below = MemoryStorage()
    kept = SealedStorage(below, Sealer(Fernet.generate_key()))
    await kept.set("k", "hmr_secret")
    assert "hmr_secret" not in below.kept["k"]
    assert await kept.get("k") == "hmr_secret"
    assert await SealedStorage(below, Sealer(Fernet.generate_key())).get("k") is None
    await kept.remove("k")
    assert below.kept == {}


@pytest.mark.parametrize("junk", ["", "x", "gAAAAA", "ü"])
async def test_junk_in_the_browser_is_no_device(junk: str) -> None:
    """What somebody wrote into the browser's storage is nobody, and no error."""
    below = MemoryStorage()
    below.kept["k"] = junk
    assert await SealedStorage(below, Sealer(Fernet.generate_key())).get("k") is None


def test_the_key_is_made_once_and_private(tmp_path: Path) -> None:
    """The key file is readable by its owner only, and two starts use the same key."""
    path = tmp_path / "secrets" / "app.key"
    sealed = Sealer.from_file(path).seal("x")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert Sealer.from_file(path).open(sealed) == "x"
    assert [one.name for one in path.parent.iterdir()] == ["app.key"]


async def test_tabs_share_one_keeper() -> None:
    """Two tabs that restore the same device refresh once between them."""
    hub, keepers, storage = FakeHub(), Keepers(), MemoryStorage()
    _rotating(hub)
    storage.kept[STORED_AS] = "hmr_1"
    one, two = _tab(hub, keepers, storage), _tab(hub, keepers, storage)
    assert await one.restore()
    assert await two.restore()
    assert await one.access() == await two.access() == "hma_2"
    assert len(hub.asked) == 1
    assert storage.kept[STORED_AS] == "hmr_2"


async def test_who_stops_waiting_does_not_lose_the_new_pair() -> None:
    """The hub has spent the old token by then: to ask with it again would end the device."""
    hub, keepers, storage = FakeHub(), Keepers(), MemoryStorage()
    go = asyncio.Event()

    async def rotate() -> Any:
        await go.wait()
        return tokens(2)

    hub.on("POST", REFRESH, lambda _: rotate())
    storage.kept[STORED_AS] = "hmr_1"
    tab = _tab(hub, keepers, storage)
    await tab.restore()
    waiting = asyncio.create_task(tab.access())
    await asyncio.sleep(0.01)
    waiting.cancel()
    go.set()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await tab.access() == "hma_2"
    assert len(hub.asked) == 1


async def test_a_tab_with_an_old_token_is_the_same_device() -> None:
    """A tab whose browser still holds a spent token goes on with the present one."""
    hub, keepers = FakeHub(), Keepers()
    _rotating(hub)
    fresh, stale = MemoryStorage(), MemoryStorage()
    fresh.kept[STORED_AS] = stale.kept[STORED_AS] = "hmr_1"
    one = _tab(hub, keepers, fresh)
    await one.restore()
    await one.renew(await one.access())
    two = _tab(hub, keepers, stale)
    await two.restore()
    assert await two.access() == "hma_3"
    assert stale.kept[STORED_AS] == "hmr_3"


async def test_an_old_token_survives_a_restart_of_the_server(tmp_path: Path) -> None:
    """After a restart of the front the journal still knows the old token as the same device."""
    hub, sealer, journal = FakeHub(), Sealer(Fernet.generate_key()), tmp_path / "devices.json"
    _rotating(hub)
    one = _tab(hub, Keepers(sealer, journal), MemoryStorage())
    await one.start(tokens(1))  # type: ignore[arg-type]
    await one.renew("hma_1")
    assert "hmr_" not in journal.read_text()
    assert stat.S_IMODE(journal.stat().st_mode) == 0o600
    stale = MemoryStorage()
    stale.kept[STORED_AS] = "hmr_1"
    two = _tab(hub, Keepers(sealer, journal), stale)
    await two.restore()
    assert await two.access() == "hma_3"


@pytest.mark.parametrize("content", ["", "[]", "{", '{"a": 1}', '{"a": {"sealed": 1, "hashes": 2, "at": 3}}'])
def test_a_broken_journal_stops_nobody(tmp_path: Path, content: str) -> None:
    """A damaged journal is begun anew: each browser has its own copy."""
    journal = tmp_path / "devices.json"
    journal.write_text(content)
    assert Keepers(Sealer(Fernet.generate_key()), journal).find("hmr_1").refresh_token == "hmr_1"


async def test_logging_out_reaches_the_other_tab() -> None:
    """After a log-out in one tab the other has no token, and the journal forgets the device."""
    hub, keepers, storage = FakeHub(), Keepers(), MemoryStorage()
    _rotating(hub)
    one, two = _tab(hub, keepers, storage), _tab(hub, keepers, storage)
    await one.start(tokens(1))  # type: ignore[arg-type]
    await two.restore()
    heard: list[str] = []
    two.on_logged_out = lambda why: heard.append(why.code)
    await one.end()
    with pytest.raises(Exception, match="not_authenticated"):
        await two.access()
    assert (heard, storage.kept) == (["not_authenticated"], {})


async def test_a_new_log_in_in_another_tab_is_taken_over() -> None:
    """A tab whose device ended goes on as the one that another tab of the browser logged in."""
    hub, keepers, storage = FakeHub(), Keepers(), MemoryStorage()
    one, two = _tab(hub, keepers, storage), _tab(hub, keepers, storage)
    await one.start(tokens(1))  # type: ignore[arg-type]
    await two.restore()
    await one.end()
    await one.start(tokens(50, "s2"))  # type: ignore[arg-type]
    assert await two.access() == "hma_50"
    assert storage.kept[STORED_AS] == "hmr_50"


async def test_a_browser_that_is_away_keeps_nothing_and_stops_nothing() -> None:
    """Storage that fails delays no call; it is asked again when the browser is back."""

    class Away(MemoryStorage):
        away = True

        async def set(self, key: str, value: str) -> None:
            if self.away:
                raise TimeoutError
            await super().set(key, value)

    hub, storage = FakeHub(), Away()
    _rotating(hub)
    one = _tab(hub, Keepers(), storage)
    await one.start(tokens(1))  # type: ignore[arg-type]
    assert await one.access() == "hma_1"
    assert storage.kept == {}
    storage.away = False
    await one.resumed()
    assert storage.kept == {STORED_AS: "hmr_1"}


async def test_an_access_token_near_its_end_is_not_used() -> None:
    """A token that would end on the way is replaced before it is used."""
    hub, keepers = FakeHub(), Keepers()
    _rotating(hub)
    one = _tab(hub, keepers, MemoryStorage())
    await one.start({**tokens(1), "access_seconds": 5})  # type: ignore[arg-type]
    assert await one.access() == "hma_2"


def test_tokens_do_not_show_in_logs() -> None:
    """`repr` of what holds tokens is not printed with them by accident."""
    keeper = Keepers().find("hmr_secret")
    assert "hmr_secret" not in repr(keeper)
