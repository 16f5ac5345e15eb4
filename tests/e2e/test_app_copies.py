"""Copies and oddities in a real browser, with the real hub, worker and files: put away, and taken back."""

from __future__ import annotations

import re

from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home
from tests.e2e.flutter import PHONE
from tests.file_organizer.copies import scene


def test_a_copy_goes_into_the_trash_and_comes_back(browser: Browser, house: Household) -> None:
    """Look, choose the other one to stay, put the first away, undo: the folder is as before."""
    album = house.home / "Album"
    album.mkdir(parents=True)
    scene(1).save(album / "beach.jpg")
    (album / "beach (1).jpg").write_bytes((album / "beach.jpg").read_bytes())
    house.open_folder(album)
    before = house.files()
    app = at_home(browser, house.hub, "/file_organizer/duplicates", PHONE)
    app.press("Look for copies")
    app.press(re.compile(r"^Choose beach\.jpg"))
    app.until_route(r"/file_organizer/duplicates/.+")
    app.press(re.compile(r"^Keep only this beach \(1\)\.jpg"))
    app.sees("You chose what stays.")
    app.press(re.compile("^Put 1 copy into the trash"))
    house.until(lambda: not (album / "beach.jpg").exists())
    assert (album / "beach (1).jpg").exists()
    app.press(re.compile("^Undo what is put away"))
    house.until(lambda: house.files() == before)
    app.close()


def test_a_kind_of_oddity_is_cleaned_up_and_comes_back(browser: Browser, house: Household) -> None:
    """Look, put what computers left behind into the trash, undo: the folder is as before."""
    album = house.home / "Album"
    album.mkdir(parents=True)
    (album / "Thumbs.db").write_bytes(b"x" * 100)
    (album / "wanted.txt").write_text("wanted")
    house.open_folder(album)
    before = house.files()
    app = at_home(browser, house.hub, "/file_organizer/clean", PHONE)
    app.press("Look for oddities")
    app.sees("Left behind by computers")
    app.press(re.compile("^Put 1 into the trash"))
    house.until(lambda: not (album / "Thumbs.db").exists())
    assert (album / "wanted.txt").exists()
    app.press(re.compile("^Undo what is put away"))
    house.until(lambda: house.files() == before)
    app.close()
