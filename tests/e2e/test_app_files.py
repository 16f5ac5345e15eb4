"""The File Organizer in a real browser, on phone and desktop, with the real hub, worker, files and drives."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home, can_mount
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.file_organizer.messy_folder import pdf

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])


def start_scan(app: App) -> None:
    """Press the button by its place: the slider's empty layer lies above it for Playwright, not for a finger."""
    app.sees("Ask the AI about unclear files")
    app.button("Start the scan").first.click(force=True)


@SIZES
def test_a_folder_is_scanned_and_a_run_taken_back(browser: Browser, house: Household, size: dict[str, int]) -> None:
    """From the first screen to suggestions; what was carried out is undone in the history, and the files are back."""
    before = house.files()
    contents = sorted(before.values())
    app = at_home(browser, house.hub, "/file_organizer", size)
    app.sees("Nothing waits for you")
    app.press("Scan Downloads")
    app.until_route(r"/file_organizer/scan/.+")
    start_scan(app)
    app.until_route(r"/file_organizer/plans/.+")
    plan = app.route.rpartition("/")[2]
    house.until(lambda: house.want("GET", f"/file_organizer/plans/{plan}")["state"] == "ready")

    house.want("POST", f"/file_organizer/plans/{plan}/accept", {"everything": True})
    house.want("POST", f"/file_organizer/plans/{plan}/execute", {})
    app.go("/file_organizer/history")
    app.sees("Today")
    app.press(re.compile("^Undo Downloads"))
    app.press("Undo", exact=True)
    app.sees(re.compile("files are back where they were"))
    assert house.files() == before
    app.press(re.compile("^Do it again"))
    app.press("Do it again", exact=True)
    house.until(lambda: set(house.files()) != set(before) and sorted(house.files().values()) == contents)
    app.close()


def test_one_step_is_taken_back_from_its_run(browser: Browser, house: Household) -> None:
    """A run shows each step; one file goes back, the others stay where they are."""
    before = house.files()
    run = house.tidy(house.home / "Downloads")
    after = house.files()
    app = at_home(browser, house.hub, f"/file_organizer/runs/{run}", PHONE)
    app.sees("Every step")
    button = app.button(re.compile(r"^Undo .+\.\w+")).first
    name = (button.get_attribute("aria-label") or button.inner_text()).removeprefix("Undo ").strip()
    app.press(f"Undo {name}")
    app.sees(re.compile("1 file is back"))
    now = house.files()
    back = set(now) - set(after)
    assert back
    assert all(name in one.split("/") for one in back)
    assert sorted(now.values()) == sorted(before.values())
    app.close()


def test_a_scan_is_stopped(browser: Browser, house: Household) -> None:
    """Stop ends the scan of a large folder: nothing waits, nothing was changed, and it can begin again."""
    large = house.home / "Archive"
    large.mkdir(parents=True)
    for number in range(4000):  # each has to be opened, for its name says nothing
        (large / f"dok_{number:04d}.pdf").write_bytes(pdf(f"Paper {number}"))
    house.open_folder(large)
    app = at_home(browser, house.hub, "/file_organizer", PHONE)
    app.press("Scan Archive")
    start_scan(app)
    app.press(re.compile("^Stop"))
    app.sees("Scan again")
    plan = house.want("GET", "/file_organizer/plans")["items"][0]
    assert plan["state"] == "failed"
    assert plan["notice"] == "The scan was stopped."
    assert len(list(large.rglob("*.pdf"))) == 4000
    app.go("/file_organizer")
    app.sees("Nothing waits for you")
    app.close()


def invoices(house: Household) -> set[str]:
    """Return the ids of the learned folders for invoices."""
    return {one["id"] for one in house.want("GET", "/file_organizer/destinations?q=invoice")["items"]}


def test_what_was_learned_is_shown_and_forgotten(browser: Browser, house: Household) -> None:
    """Each run teaches; what is forgotten leaves the list and the hub's memory."""
    house.tidy(house.home / "Downloads")
    app = at_home(browser, house.hub, "/file_organizer/learned", PHONE)
    app.sees(re.compile("went there"))
    known = invoices(house)
    assert known
    app.type_into("Part of a folder or purpose", "invoice")
    app.press(re.compile("^Forget .*Invoices"))
    app.press("Forget", exact=True)
    house.until(lambda: len(invoices(house)) == len(known) - 1)
    app.misses("Forget this folder?")
    app.close()


@pytest.mark.root
@pytest.mark.skipif(not can_mount(), reason="needs root and loop devices: run the tests as root")
@SIZES
def test_a_drive_is_pulled_out_while_one_looks(browser: Browser, house: Household, size: dict[str, int]) -> None:
    """The screen says so by itself, keeps the drive with its folders, and sees it come back."""
    point = house.plug_in("Holidays")
    house.open_folder(point)
    house.want("POST", "/file_organizer/drives/refresh")
    app = at_home(browser, house.hub, "/file_organizer/drives", size)
    app.sees("Holidays")
    app.misses("Not connected", timeout=1_000)
    house.pull_out(point)
    app.sees("Not connected", timeout=15_000)
    app.sees("Homie remembers its files.")
    assert house.plug_in("Holidays") == point
    app.misses("Not connected")
    app.close()
