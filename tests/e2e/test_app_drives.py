"""Trash and drives in a real browser, with the real hub, worker, files and drives."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home
from tests.e2e.flutter import PHONE


def throw_away(house: Household, *names: str) -> None:
    """Put files of Downloads into the trash, as another device would."""
    for name in names:
        (house.home / "Downloads" / name).write_bytes(name.encode())
    steps = [{"op": "trash", "source": str(house.home / "Downloads" / name)} for name in names]
    job = house.want("POST", "/file_organizer/operations", {"operations": steps})["job_id"]
    house.until(lambda: house.want("GET", f"/jobs/{job}")["state"] == "done")


def test_the_trash_gives_back_and_is_emptied(browser: Browser, house: Household) -> None:
    """From the first screen to the trash: one thing goes back to where it was, then the rest is removed for good."""
    throw_away(house, "keep me.txt", "old.txt")
    app = at_home(browser, house.hub, "/file_organizer", PHONE)
    app.walk(lambda: app.touch("Take back what was thrown away"), "/file_organizer/trash")
    app.sees("old.txt")
    app.press("Put keep me.txt back")
    app.sees("1 thing is back where it was.")
    assert (house.home / "Downloads" / "keep me.txt").read_bytes() == b"keep me.txt"
    app.press("Empty the trash")
    app.sees("This cannot be taken back.")
    app.press("Remove for good", exact=True)
    app.sees("The trash is empty")
    assert house.want("GET", "/file_organizer/trash")["items"] == []
    trash = house.home / "Downloads" / ".homie" / "trash"
    assert [path for path in trash.rglob("*") if path.is_file()] == []
    app.close()
