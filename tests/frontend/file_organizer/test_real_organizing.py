"""Tidying a real folder through the providers, against a real hub: at the end every file is back where it was."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from frontend.api.connection import HubConnection
from frontend.api.errors import ApiError
from frontend.api.sealing import MemoryStorage
from frontend.api.tokens import Keepers
from frontend.file_organizer.drives_provider import DrivesProvider
from frontend.file_organizer.file_organizer_provider import FileOrganizerProvider, ItemFilter
from frontend.file_organizer.folders_provider import FoldersProvider
from frontend.file_organizer.history_provider import HistoryProvider
from frontend.file_organizer.learned_provider import LearnedProvider
from frontend.file_organizer.organizer_settings_provider import OrganizerSettingsProvider
from frontend.providers.session import Session, Surroundings
from tests.file_organizer.messy_folder import make_messy_folder
from tests.hub import Hub

pytestmark = pytest.mark.anyio
PASSWORD = "correct horse staple"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hub]:
    with Hub(tmp_path_factory.mktemp("hub") / "data", {"HOMIE_APP": "false", "HOMIE_WORKERS": "1"}) as running:
        running.set_up()
        yield running


async def until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(90):
        while not what():
            await asyncio.sleep(0.02)


def _files(folder: Path) -> dict[str, bytes]:
    return {str(one.relative_to(folder)): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


async def _session(hub: Hub) -> Session:
    session = Session(Surroundings(HubConnection(hub.url), Keepers(), MemoryStorage(), device="Tester"))
    await session.start()
    await session.auth.login("anna", PASSWORD)
    await until(lambda: session.socket.online)
    return session


async def test_scan_decide_execute_undo(hub: Hub, tmp_path: Path) -> None:
    """The whole way through one plan, with a second window that watches, and live progress in both."""
    folder = tmp_path / "messy"
    make_messy_folder(folder)
    before = _files(folder)
    anna = await _session(hub)
    try:
        assert await _grant(anna, folder)
        watching = await _session(hub)
        try:
            await _tidy(anna, watching, folder, before)
        finally:
            await watching.close()
            await watching.connection.close()
    finally:
        await anna.close()
        await anna.connection.close()


async def _grant(session: Session, folder: Path) -> bool:
    asked = asyncio.create_task(
        session.auth.with_sudo(
            lambda: session.people.grant_root(
                {"space_id": session.auth.private_space_id, "path": str(folder), "label": "Messy", "writable": True}
            )
        )
    )
    await until(lambda: session.auth.sudo_wanted or asked.done())
    if session.auth.sudo_wanted:
        await session.auth.reauthenticate(PASSWORD)
    return bool(await asked)


async def _tidy(anna: Session, watching: Session, folder: Path, before: dict[str, bytes]) -> None:
    organizer, other = anna.of(FileOrganizerProvider), watching.of(FileOrganizerProvider)
    await organizer.load()
    plan = await organizer.scan(str(folder))
    await until(lambda: organizer.plan is not None and organizer.plan["state"] == "ready")
    await until(lambda: organizer.items.loaded and organizer.summary is not None)
    assert organizer.items.items
    await other.open_plan(plan["id"])
    assert len(other.items.items) == len(organizer.items.items)

    first = next(one for one in organizer.items.items if one["state"] in ("suggested", "asking"))
    shown = await organizer.show_item(first["id"])
    assert shown["reason"]
    await organizer.reject([first["id"]])
    await until(lambda: other.items.get(first["id"])["state"] == "rejected")  # type: ignore[index]
    await organizer.accept([first["id"]])
    assert await organizer.accept_all() > 0
    await organizer.load_tree()
    assert organizer.tree.items
    preview = await organizer.load_preview()
    assert preview["accepted"] > 0
    await organizer.show_items(ItemFilter(state="accepted"))
    assert {one["state"] for one in organizer.items.items} == {"accepted"}

    await organizer.execute()
    await until(lambda: organizer.run is not None and organizer.run["finished_at"] is not None)
    assert organizer.run is not None
    assert organizer.run["done"] > 0
    assert _files(folder).keys() != before.keys()
    await until(lambda: other.plan is not None and other.plan["state"] == "executed")

    history = anna.of(HistoryProvider)
    await history.load()
    assert history.runs.items[0]["id"] == organizer.run["id"]
    await history.open_run(organizer.run["id"])
    assert history.actions.items
    undoing = await history.undo_run(organizer.run["id"])
    await until(lambda: not undoing.live)
    assert undoing.state == "done", undoing.error
    assert {name: data for name, data in _files(folder).items() if not name.startswith(".homie")} == {
        name: data for name, data in before.items() if not name.startswith(".homie")
    }


async def test_the_smaller_providers(hub: Hub, tmp_path: Path) -> None:
    """Drives, folders, learned things and settings load, change and refuse as they should."""
    folder = tmp_path / "opened"
    (folder / "Inside").mkdir(parents=True)
    session = await _session(hub)
    try:
        assert await _grant(session, folder)
        folders, drives = session.of(FoldersProvider), session.of(DrivesProvider)
        await folders.load()
        opened = next(one for one in folders.roots.items if one["label"] == "Messy" and one["path"] == str(folder))
        await folders.enter({"volume_id": opened["volume_id"], "path": ""})
        assert [one["name"] for one in folders.content.items] == ["Inside"]
        await folders.enter(folders.content.items[0]["place"])
        assert folders.content.is_empty
        await folders.up()
        assert len(folders.content.items) == 1
        await folders.search("Inside")
        while not folders.complete:  # on a busy machine a search ends before it has seen every folder
            await folders.search("Inside")
        assert any(one["name"] == "Inside" for one in folders.hits)
        await drives.load()
        assert drives.drives
        await drives.set_purpose(drives.drives[0]["id"], "backup")
        assert drives.drives[0]["purpose"] == "backup"
        settings, learned = session.of(OrganizerSettingsProvider), session.of(LearnedProvider)
        await settings.load()
        assert settings.settings is not None
        threshold = settings.settings["accept_threshold"]
        with pytest.raises(ApiError):
            await settings.change(accept_threshold=7.0)
        assert settings.settings["accept_threshold"] == threshold
        await settings.change(learning=False)
        assert settings.settings["learning"] is False
        await learned.load()
        assert learned.state == "ready"
    finally:
        await session.close()
        await session.connection.close()
