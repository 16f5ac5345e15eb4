"""Series and names of files in a real browser: say where a series is kept, switch names on, and an episode follows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.e2e.files_world import Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.hub import Hub


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Household]:
    with Hub(tmp_path / "data", app=True) as hub:
        household = Household(hub, tmp_path / "home").settle_in()
        shelf = household.home / "Video" / "Harbour Lights" / "Season 01"
        for number in (1, 2):
            shelf.mkdir(parents=True, exist_ok=True)
            (shelf / f"Harbour Lights - 1x0{number}.mkv").write_bytes(bytes([number]) * 100)
        household.open_folder(household.home / "Video")
        yield household
        household.leave()


def named(house: Household) -> list[dict[str, object]]:
    """Return the series that the hub knows."""
    found: list[dict[str, object]] = house.want("GET", "/file_organizer/series")["items"]
    return found


def test_a_series_is_named_changed_and_forgotten(browser: Browser, house: Household) -> None:
    """From the empty list to a series with its folder; its own way to name; and forgetting it moves nothing."""
    before = house.files("Video")
    app = at_home(browser, house.hub, "/file_organizer/series", PHONE)
    app.sees("No series yet")
    app.press("Add a series", last=True)
    app.until_route(r"/file_organizer/series/new")
    app.type_into("Title", "Harbour Lights")
    app.press(re.compile("^Video"))
    app.press(re.compile("^Harbour Lights"))
    app.press(re.compile("^Choose"))
    house.until(lambda: named(house))
    app.until_route(r"/file_organizer/series/(?!new).+")
    app.sees(re.compile("1x|{season}x"))
    assert str(named(house)[0]["path"]).endswith("/Video/Harbour Lights")
    app.press("Forget this series")
    app.press("Forget", exact=True)
    house.until(lambda: not named(house))
    assert house.files("Video") == before
    app.close()


def test_names_are_switched_on_and_an_episode_is_named_like_the_others(browser: Browser, house: Household) -> None:
    """After the switch, a new episode takes the way of its series."""
    inbox = house.home / "Inbox"
    house.open_folder(inbox)
    (inbox / "harbour.lights.s01e03.720p.web.mkv").write_bytes(b"three" * 50)
    house.want(
        "POST", "/file_organizer/series", {"title": "Harbour Lights", "path": str(house.home / "Video/Harbour Lights")}
    )
    app = at_home(browser, house.hub, "/file_organizer/settings/naming", DESKTOP)
    switch_on(app, "Name episodes like the others")
    house.until(lambda: house.want("GET", "/file_organizer/naming")["like_others"])
    plan = house.plan(inbox)
    (item,) = house.want("GET", f"/file_organizer/plans/{plan}/items")["items"]
    assert item["target"]["path"].endswith("/Harbour Lights - 1x03.mkv")
    app.close()


def switch_on(app: App, name: str) -> None:
    """Press a switch by its name."""
    app.sees(re.compile("^" + name))
    app.page.get_by_role("switch", name=re.compile("^" + name)).first.click()
