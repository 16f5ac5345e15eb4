"""Two people and several windows at once: each sees their own, what is shared is live, a log-out reaches every tab."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.app_world import log_in
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.e2e.lived_in import arrive, enter, settled
from tests.e2e.take_screenshots import PASSWORD, Household


@pytest.fixture
def pair(browser: Browser, home: Household) -> Iterator[tuple[App, App]]:
    """Anna on her phone and Ben at the desktop, in browser profiles of their own."""
    anna = enter(browser, home, PHONE)
    ben = App.open(browser, home.hub.url, size=DESKTOP)
    log_in(ben, "ben", PASSWORD)
    ben.misses("Forgot your password", timeout=30_000)
    settled(ben)
    yield anna, ben
    anna.close()
    ben.close()


def test_what_is_annas_is_nowhere_in_bens_app(home: Household, pair: tuple[App, App]) -> None:
    """Folders, plans, history: Ben sees none of them, and Anna's links lead him nowhere."""
    anna, ben = pair
    arrive(anna, f"/file_organizer/plans/{home.waiting}")
    anna.sees("Downloads")
    for route in ("/folders", "/file_organizer", "/file_organizer/history", "/activity"):
        arrive(ben, route)
        assert "Downloads" not in ben.everything(), route
    for route in (f"/file_organizer/plans/{home.waiting}", f"/file_organizer/history/{home.run}"):
        arrive(ben, route)
        shown = ben.everything()
        assert "Downloads" not in shown, route
        assert "photos.zip" not in shown, route


def test_a_folder_of_the_shared_space_appears_for_both(home: Household, pair: tuple[App, App]) -> None:
    """Opened to the household by Anna while both look at the space: both lists show it, without a reload."""
    anna, ben = pair
    shared = next(one["id"] for one in home.want("GET", "/accounts/spaces")["items"] if one["kind"] == "household")
    for app in pair:
        arrive(app, "/folders")
        app.misses("Holidays together", timeout=1_000)
    place = home.home / "Together"
    place.mkdir()
    body = {"space_id": shared, "path": str(place), "label": "Holidays together"}
    home.want("POST", "/accounts/roots", body)
    for app in (anna, ben):
        app.sees("Holidays together")


def test_two_windows_of_one_person_stay_in_step(home: Household, pair: tuple[App, App]) -> None:
    """What is decided in one window is seen in the other; German in one is German in both."""
    anna, _ = pair
    other = App.tab(anna.page.context, home.hub.url)
    other.misses("Forgot your password")
    place = f"/file_organizer/plans/{home.waiting}"
    for app in (anna, other):
        arrive(app, place)
        app.sees(re.compile(r"\d+ files to decide"))
    anna.press(re.compile("^Accept (?!all)"))
    anna.sees(re.compile(r"files? accepted\."))
    accepted = home.want("GET", f"/file_organizer/plans/{home.waiting}/items?limit=200&state=accepted")["items"]
    other.sees(re.compile(rf"Accepted {len(accepted)}\b"))
    home.want("PATCH", "/accounts/preferences", {"changes": {"language": "de"}})
    try:
        for app in (anna, other):
            app.sees("Dateien")
    finally:
        home.want("PATCH", "/accounts/preferences", {"changes": {"language": "en"}})
    for app in (anna, other):
        app.sees("Files")


def test_logging_out_in_one_tab_ends_the_other(home: Household, pair: tuple[App, App]) -> None:
    """Both tabs of the profile are at the door and show nothing of the person; another profile stays."""
    anna, ben = pair
    other = App.tab(anna.page.context, home.hub.url)
    settled(other)
    arrive(anna, "/more")
    anna.press("Log out", exact=True)
    anna.sees("Log out here?")
    anna.insist(anna.button("Log out", exact=True).last, anna.field("Password").first)
    for app in (anna, other):
        app.field("Password").first.wait_for()
        app.misses(re.compile("(Hello|Good morning|Good evening), Anna"))
    expect(ben.field("Password")).to_have_count(0)
