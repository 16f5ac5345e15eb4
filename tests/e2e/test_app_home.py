"""Home in a real browser: work that goes on is seen live, a module stops and starts, and the app outlives its hub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.e2e.app_world import home_hub, log_in
from tests.e2e.flutter import DESKTOP, PHONE, App

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
GREETING = re.compile("(Hello|Good morning|Good evening), anna")


@SIZES
def test_home_follows_work_and_leads_to_it(browser: Browser, tmp_path: Path, size: dict[str, Any]) -> None:
    """A backup that is begun elsewhere appears in Activity and changes what Home says, without a reload."""
    with home_hub(tmp_path) as hub:
        token = hub.set_up()
        app = App.open(browser, hub.url, size=size)
        log_in(app)
        app.sees(GREETING)
        app.sees("Let us begin with your folders")
        app.sees("There is no backup yet.")
        hub.post("/api/v1/backups", {}, token=token)
        app.sees(re.compile("Made .* checked"))
        app.misses("There is no backup yet.")
        app.go("/activity")
        app.sees("Check a backup")
        app.touch("Make a backup")
        app.until_route("/activity/.+")
        app.sees("Took")
        app.close()


def test_the_app_comes_back_by_itself_after_a_restart(browser: Browser, tmp_path: Path) -> None:
    """The hub is stopped while somebody looks; when it is back, so is the place, logged in and without a reload."""
    hub = home_hub(tmp_path)
    with hub:
        hub.set_up()
        app = App.open(browser, hub.url)
        log_in(app)
        app.sees(GREETING)
        app.go("/modules")
        app.sees("File Organizer")
        hub.stop()
        hub.start()
        app.sees("File Organizer", timeout=60_000)
        app.touch("File Organizer")
        app.until_route("/modules/file_organizer")
        app.close()


def test_a_module_is_stopped_and_started_from_the_app(browser: Browser, tmp_path: Path) -> None:
    """Its state is words, and both buttons do what they say."""
    with home_hub(tmp_path) as hub:
        token = hub.set_up()
        hub.post("/api/v1/modules/file_organizer/start", token=token)
        app = App.open(browser, hub.url)
        log_in(app)
        app.sees(GREETING)
        app.go("/modules")
        app.touch("File Organizer")
        app.press(re.compile("^Stop"))
        app.sees("Resting")
        assert hub.get("/api/v1/modules/file_organizer", token=token).json["state"] == "not_loaded"
        app.press(re.compile("^Start"))
        app.sees("Works")
        assert hub.get("/api/v1/modules/file_organizer", token=token).json["state"] == "running"
        app.close()
