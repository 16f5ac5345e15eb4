"""The whole app without the internet: every screen is walked through, and nothing ever leaves for another address."""

from __future__ import annotations

import shutil
from typing import Any

import pytest
from playwright.sync_api import BrowserType, Page, Request

from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.flutter import DESKTOP, PHONE
from tests.e2e.lived_in import arrive, enter
from tests.e2e.take_screenshots import Household

ONLY_HERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
STOPPED_BY_POLICY = "csp"


class Traffic:
    """What one window asked for: what left for elsewhere, what the policy stopped inside the browser, what failed."""

    def __init__(self, page: Page, url: str) -> None:
        self.left: list[str] = []
        self.stopped: list[str] = []
        self.failed: list[str] = []
        self._own = (url, url.replace("http", "ws"), "data:", "blob:")
        page.on("requestfinished", self._finished)
        page.on("requestfailed", self._failed)
        page.on("response", lambda one: self.failed.append(f"{one.status} {one.url}") if one.status >= 400 else None)
        page.on("websocket", lambda one: None if one.url.startswith(self._own) else self.left.append(one.url))

    def _finished(self, request: Request) -> None:
        if not request.url.startswith(self._own):
            self.left.append(request.url)

    def _failed(self, request: Request) -> None:
        if request.url.startswith(self._own):
            return
        # A request that the page's policy refuses ends before a socket is opened. Anything else tried to go out, and
        # only the rule about names above held it back.
        (self.stopped if request.failure == STOPPED_BY_POLICY else self.left).append(request.url)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_no_screen_asks_anybody_but_the_hub(browser: Any, home: Household, size: dict[str, int]) -> None:
    """No request leaves for another address, none is answered with an error; the only one stopped is the engine's."""
    kind: BrowserType = browser.browser_type
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    alone = kind.launch(executable_path=path, headless=True, args=[*CHROMIUM_FLAGS, ONLY_HERE])
    try:
        app = enter(alone, home, size)
        traffic = Traffic(app.page, home.hub.url)
        app.go("/")  # the first load is part of what is looked at
        for route in home.routes().values():
            arrive(app, route)
    finally:
        alone.close()
    assert traffic.left == []
    assert traffic.failed == []
    assert {url.rpartition("/")[2] for url in traffic.stopped} <= {"rive_native.js"}
