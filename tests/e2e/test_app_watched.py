"""Watched folders in a real browser: from choosing one to a new file that waits, without anybody pressing reload."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


@SIZES
def test_a_folder_is_watched_and_a_new_file_shows_by_itself(
    browser: Browser, house: Household, size: dict[str, int]
) -> None:
    """Chosen in the app, set to file by itself, then a file arrives: it waits on the screen, and the review opens."""
    inbox = house.home / "Inbox"
    house.open_folder(inbox)
    app = at_home(browser, house.hub, "/file_organizer/watched", size)
    app.sees("No folder is watched yet")
    app.press("Watch a folder")
    app.sees("In which folder do new files arrive?")
    app.press(re.compile("^Inbox"))
    app.press(re.compile("^Choose"))
    app.sees("File by itself")
    (made,) = house.want("GET", "/file_organizer/watched")["items"]
    house.want("PATCH", f"/file_organizer/watched/{made['id']}", {"settle_seconds": 0})
    app.go("/file_organizer/watched")
    app.sees("Nothing waits.")
    house.until(lambda: house.want("GET", f"/file_organizer/watched/{made['id']}")["state"] == "watching")
    (inbox / "song.mp3").write_bytes(b"ID3" + bytes(200))
    app.sees(re.compile("1 suggestion waits for you"))
    app.press(re.compile("^Review"))
    app.until_route(r"/file_organizer/plans/.+")
    app.sees(re.compile("song"))
    app.close()
