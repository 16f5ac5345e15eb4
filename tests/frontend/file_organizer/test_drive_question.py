"""Drives found twice, drives plugged in and not opened, trash on a drive: what is said, asked and sent."""

from __future__ import annotations

from typing import Any

import pytest

from frontend.file_organizer.screens.drives.drive_question import choices_of, question_words
from frontend.providers.folder_browser_provider import FolderBrowserProvider
from tests.frontend.file_organizer.manage_desk import API, drive, household, open_at, trash_sums, trash_volume
from tests.frontend.file_organizer.test_manage_screens import ask
from tests.frontend.wire import FakeHub, event

pytestmark = pytest.mark.anyio
COPY = {"label": "Backup", "mount_point": "/mnt/backup", "size": 10**12, "kind": "usb", "read_only": False}


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    return household(FakeHub())


async def test_a_drive_found_twice_is_asked_about_and_answered(hub: FakeHub) -> None:
    """Where it was found, what happens until the answer, and the answer as the person gave it."""
    twice = drive(status="clone", held=True, online=False, copies=[COPY])
    hub.on("GET", f"{API}/drives", {"items": [twice]})
    hub.on("POST", f"{API}/drives/d1/answer", {"items": [drive()]})
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("found a second time, at /mnt/backup"))
    assert window.shows("Homie changes nothing on it.")
    await ask(window, "Answer which one is Big disk")
    await window.click("The one at /mnt/backup")
    said = [{"decision": "this", "mount_point": "/mnt/backup"}]
    await window.until(lambda: hub.bodies("POST", f"{API}/drives/d1/answer") == said)
    await window.until(lambda: window.shows("Connected"))


@pytest.mark.parametrize(
    ("more", "words", "answers"),
    [
        ({"held": True, "online": False}, "it is another drive", ["this", "copy"]),
        ({"online": True, "copies": [COPY]}, "a second time", ["copy", "this:/mnt/backup"]),
        ({"online": False, "copies": [COPY]}, "looks like it", ["copy", "this:/mnt/backup"]),
    ],
)
def test_each_question_has_its_words_and_answers(more: dict[str, Any], words: str, answers: list[str]) -> None:
    """Swapped in its place, beside it, instead of it."""
    asked: Any = drive(status="clone", **more)
    assert words in question_words(asked)
    assert [key for key, _ in choices_of(asked)] == answers


async def test_a_stick_without_an_opened_folder_is_shown_to_administrators(hub: FakeHub) -> None:
    """Plugged in while one looks: its name and size appear, and the way to open a folder begins there."""
    stick = {"label": "HOLIDAYS", "kind": "usb", "service": "", "filesystem": "vfat", "mount_point": "/media/HOLIDAYS"}
    stick |= {"size": 16_000_000_000, "free": 4_000_000_000, "read_only": False}
    hub.on("GET", f"{API}/drives/plugged", [{"items": []}, {"items": [stick]}, {"items": [stick]}])
    window, session = await open_at(hub, "/drives")
    session.auth.person = {"is_admin": True}  # type: ignore[assignment]
    await window.click("Look at the drives now")
    await window.until(lambda: window.shows("Connected"))
    from frontend.file_organizer.drives_provider import DrivesProvider

    session.of(DrivesProvider).for_admin = True
    for provider in session._providers.values():
        provider.on_event(event("file_organizer.mounts_changed"))  # type: ignore[arg-type]
    await window.until(lambda: hub.calls("GET", f"{API}/drives/plugged"))
    session.of(DrivesProvider).reload_soon()
    await window.until(lambda: window.shows("HOLIDAYS"))
    assert window.shows("4 GB free of 16 GB")
    await window.click("Open a folder on HOLIDAYS")
    assert session.of(FolderBrowserProvider).wanted == "/media/HOLIDAYS"


async def test_others_do_not_ask_what_is_plugged_in(hub: FakeHub) -> None:
    """The hub would refuse; the app does not even ask."""
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("Connected"))
    assert hub.calls("GET", f"{API}/drives/plugged") == []


async def test_a_drive_says_what_is_in_its_trash(hub: FakeHub) -> None:
    """How many things and how much, with the way there."""
    hub.on("GET", f"{API}/trash/volumes", trash_sums(trash_volume(items=3, bytes=1_200_000)))
    window, _ = await open_at(hub, "/drives")
    await window.until(lambda: window.shows("3 things in the trash, 1.2 MB"))
    window.button("Show the trash of Big disk")
