"""Places of the app: links lead where they say, reloads stay, the browser's buttons walk, and it can be installed."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.app_world import log_in
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.e2e.lived_in import arrive, enter, settled
from tests.e2e.take_screenshots import Household

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
LINKS = ("/settings/appearance", "/people", "/activity", "/file_organizer/history", "/backups", "/search?q=invoice")


@pytest.mark.parametrize("link", LINKS)
def test_a_link_leads_through_the_door_to_its_place(browser: Browser, home: Household, link: str) -> None:
    """Opened by somebody who is logged out: after the log-in the place is there, not Home."""
    app = App.open(browser, home.hub.url, link)
    log_in(app)
    app.misses("Forgot your password", timeout=30_000)
    settled(app)
    assert app.route == link
    expect(app.host.locator("h1")).not_to_have_text(re.compile("Hello|Good"))
    app.close()


def test_each_place_comes_back_after_a_reload(browser: Browser, home: Household) -> None:
    """The same screen with the same name, still logged in. (Every screen's name in the tab: the walk that listens.)"""
    app = enter(browser, home, PHONE)
    for route in LINKS:
        arrive(app, route)
        name = app.host.locator("h1").first.inner_text()
        app.page.reload(wait_until="commit")
        app.ready()
        settled(app)
        app.until_route(re.escape(route) + "$")
        expect(app.host.locator("h1").first).to_have_text(name)
    app.close()


@SIZES
def test_the_browsers_buttons_walk_the_way_that_was_gone(
    browser: Browser, home: Household, size: dict[str, int]
) -> None:
    """Back and forward go from screen to screen, as they were opened by touch."""
    app = enter(browser, home, size)
    app.walk(lambda: app.tab_named("More").first.click(), "/more$")
    app.walk(lambda: app.touch("Light or dark, size of text"), "/settings$")
    app.walk(lambda: app.touch("Appearance and language"), "/settings/appearance$")
    for step, place, name in (
        ("back", "/settings", "Settings"),
        ("back", "/more", "More"),
        ("forward", "/settings", "Settings"),
        ("forward", "/settings/appearance", "Appearance and language"),
    ):
        app.page.evaluate(f"history.{step}()")
        app.until_route(f"{place}$")
        expect(app.host.locator("h1")).to_have_text(name)
    app.close()


def test_an_unknown_address_leads_home(browser: Browser, home: Household) -> None:
    """It says so in words and offers the way home."""
    app = enter(browser, home, PHONE)
    arrive(app, "/no/such/place")
    app.sees("There is nothing at this address")
    app.press("Go home")
    app.until_route("/$")
    app.close()


def test_it_can_be_installed(browser: Browser, home: Household) -> None:
    """The browser itself finds no fault in the manifest: a name, a place to start, icons that are there."""
    app = App.open(browser, home.hub.url)
    line = app.page.context.new_cdp_session(app.page)
    found = line.send("Page.getAppManifest")
    assert not [one for one in found["errors"] if one["critical"]], found["errors"]
    manifest = json.loads(found["data"])
    assert (manifest["start_url"], manifest["display"]) == ("/", "standalone")
    sizes = {(icon["sizes"], icon["purpose"]) for icon in manifest["icons"]}
    assert {("192x192", "any"), ("512x512", "any"), ("192x192", "maskable"), ("512x512", "maskable")} <= sizes
    for icon in manifest["icons"]:
        answer = home.hub.get("/" + icon["src"])
        assert answer.status == 200, icon
        assert answer.headers["content-type"].startswith(icon["type"]), icon
    faults = line.send("Page.getInstallabilityErrors")["installabilityErrors"]
    assert [one["errorId"] for one in faults if one["errorId"] != "in-incognito"] == []
    app.close()
