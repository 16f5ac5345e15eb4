"""The review of suggestions in a real browser: swipe on the phone, keys on the desktop, carried out and put back."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.files_world import Household, at_home, can_mount
from tests.e2e.flutter import DESKTOP, PHONE, App


def states(house: Household, plan: str) -> dict[str, str]:
    """Return how each file of a plan stands, by name."""
    items = house.want("GET", f"/file_organizer/plans/{plan}/items?limit=200")["items"]
    return {one["source"]["path"].rpartition("/")[2]: one["state"] for one in items}


def swipe(app: App, name: str, *, right: bool) -> None:
    """Drag a card to the side with a finger's pace."""
    card = app.host.get_by_role("group", name=re.compile(re.escape(name))).last
    card.scroll_into_view_if_needed()
    box = card.bounding_box()
    assert box is not None
    x, y, way = (box["x"] + 40, box["y"] + 40, 260) if right else (box["x"] + box["width"] - 40, box["y"] + 40, -260)
    app.page.mouse.move(x, y)
    app.page.mouse.down()
    for step in range(1, 14):
        app.page.mouse.move(x + way * step / 13, y)
        app.page.wait_for_timeout(16)
    app.page.mouse.up()


def carry_out(app: App, house: Household, before: dict[str, bytes]) -> None:
    """From the suggestions through the preview to the result; every content is somewhere else, and none is missing."""
    app.press(re.compile(r"^Move \d+ files?…"))
    app.sees("What will happen")
    app.sees("Nothing is deleted or overwritten")
    app.press(re.compile(r"^Move \d+ files?$"))
    app.sees("Your files are tidy")
    after = house.files()
    assert after.keys() != before.keys()
    assert sorted(after.values()) == sorted(before.values())


def put_back(app: App, house: Household, before: dict[str, bytes]) -> None:
    """Take everything back from the result; the folder is as it was."""
    app.press("Put everything back", exact=True)
    app.press("Put back", exact=True)
    app.sees("Everything is back where it was")
    assert house.files() == before


def test_on_the_phone_with_a_finger(browser: Browser, house: Household) -> None:
    """Swipe right accepts, left rejects, Undo takes it back; then all sure ones move, and everything comes back."""
    before = house.files()
    plan = house.plan(house.home / "Downloads")
    app = at_home(browser, house.hub, f"/file_organizer/plans/{plan}", PHONE)
    app.sees(re.compile(r"\d+ files to decide"))
    swipe(app, "photos.zip", right=True)
    app.sees("1 file accepted.")
    house.until(lambda: states(house, plan)["photos.zip"] == "accepted")
    swipe(app, "backup.part1.rar", right=False)
    app.sees("2 files stay.")
    house.until(lambda: states(house, plan)["backup.part2.rar"] == "rejected")
    app.press("Undo", exact=True)
    app.sees("backup.part1.rar")
    house.until(lambda: states(house, plan)["backup.part1.rar"] == "suggested")
    app.press(re.compile(r"^Accept \d+ sure"))
    app.sees(re.compile(r"\d+ files accepted\."))
    carry_out(app, house, before)
    assert "Archives/photos.zip" in house.files()
    assert "backup.part1.rar" in house.files()
    put_back(app, house, before)
    app.close()


def test_on_the_desktop_with_keys(browser: Browser, house: Household) -> None:
    """Every decision without a mouse: move, accept, reject, take back, accept all sure; details stand beside."""
    before = house.files()
    plan = house.plan(house.home / "Downloads")
    app = at_home(browser, house.hub, f"/file_organizer/plans/{plan}", DESKTOP)
    keys = app.page.keyboard
    app.sees("Why here?")
    keys.press("a")
    app.sees("1 file accepted.")
    house.until(lambda: states(house, plan)["photos.zip"] == "accepted")
    keys.press("r")
    app.sees("2 files stay.")
    keys.press("Control+z")
    app.sees("backup.part1.rar")
    house.until(lambda: states(house, plan)["backup.part1.rar"] == "suggested")
    keys.press("ArrowDown")
    keys.press("j")
    keys.press("k")
    keys.press("Shift+?")
    app.sees("Take the last decision back")
    keys.press("Escape")
    app.misses("Take the last decision back")
    assert app.route == f"/file_organizer/plans/{plan}"
    keys.press("Shift+A")
    app.sees(re.compile(r"\d\d files accepted\."))
    carry_out(app, house, before)
    put_back(app, house, before)
    app.close()


def test_a_file_is_sent_to_a_new_folder(browser: Browser, house: Household) -> None:
    """Letters typed into a name are no commands; a name that some drives cannot store is refused with words."""
    plan = house.plan(house.home / "Downloads")
    app = at_home(browser, house.hub, f"/file_organizer/plans/{plan}", PHONE)
    app.touch("photos.zip")
    app.sees("Why here?")
    app.touch("Choose another folder")
    app.sees("All folders")
    app.touch("Downloads")
    app.press("New folder")
    app.field("Name").first.wait_for()
    app.type_into("Name", "Mixtape: parts")
    app.sees("Some drives cannot store :")
    app.type_into("Name", "Mixtape parts")
    app.press("Use this name")
    app.until_route(f"/file_organizer/plans/{plan}$")
    items = house.want("GET", f"/file_organizer/plans/{plan}/items?q=photos")["items"]
    assert [(one["state"], one["target"]["path"]) for one in items] == [("accepted", "Mixtape parts/photos.zip")]
    assert list(states(house, plan).values()).count("accepted") == 1
    app.close()


def test_a_restart_in_the_middle_loses_nothing(browser: Browser, house: Household) -> None:
    """The hub goes away during the review and comes back: what was decided stands, and the review goes on."""
    plan = house.plan(house.home / "Downloads")
    app = at_home(browser, house.hub, f"/file_organizer/plans/{plan}", DESKTOP)
    app.sees("Why here?")
    app.page.keyboard.press("a")
    app.sees("1 file accepted.")
    house.until(lambda: states(house, plan)["photos.zip"] == "accepted")
    house.hub.stop()
    house.hub.start()
    house.token = house.hub.log_in("anna")
    app.sees(re.compile(r"Accepted 1\b"), timeout=60_000)
    expect(app.button(re.compile("^Accept song.mp3")).first).to_be_attached(timeout=60_000)
    app.press(re.compile("^Accept song.mp3"))
    app.sees(re.compile(r"Accepted 2\b"))
    wanted = {"photos.zip", "song.mp3"}
    house.until(lambda: {name for name, state in states(house, plan).items() if state == "accepted"} == wanted)
    app.close()


@pytest.mark.skipif(not can_mount(), reason="needs root and loop devices: a real drive is pulled out")
def test_a_drive_that_goes_away_is_said_and_comes_back(browser: Browser, house: Household) -> None:
    """Rows say that their drive is not connected, nothing is lost, and with the drive the rows are as before."""
    stick = house.plug_in("Stick")
    for name in ("a song.mp3", "another song.mp3"):
        (stick / name).write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x00" + b"\xff\xfb\x90\x00" + b"\0" * 64)
    house.open_folder(stick)
    house.want("POST", "/file_organizer/drives/refresh")
    plan = house.plan(stick)
    app = at_home(browser, house.hub, f"/file_organizer/plans/{plan}", PHONE)
    app.sees("a song.mp3")
    house.pull_out(stick)
    app.sees("A drive of this plan is not connected", timeout=60_000)
    app.sees("Drive away")
    house.plug_in("Stick")
    app.misses("A drive of this plan is not connected", timeout=60_000)
    app.sees("a song.mp3")
    app.close()
