"""A real browser, kept off the internet, and a real hub."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright

from backend.test_client.server import serve
from tests.e2e.stuck_browser import hangs_are_told_apart
from tests.hub import LATEST, Hub, free_port

if TYPE_CHECKING:
    from tests.e2e import files_world
    from tests.e2e.take_screenshots import Household

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


LOG_SHOWN = 6000
"""How much (characters) of the end of a hub's log the report of a test that fails shows."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let a browser test whose browser hung, and only that, run once more."""
    for item in items:
        if item.nodeid.startswith("tests/e2e/"):
            item.add_marker(pytest.mark.flaky(reruns=1, only_rerun=["BrowserHangs"]))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup() -> Generator[None, None, None]:
    """Tell a hanging browser apart while windows are opened for a test."""
    with hangs_are_told_apart():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call() -> Generator[None, None, None]:
    """Tell a hanging browser apart in a test."""
    with hangs_are_told_apart():
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say what each open window showed when a test failed: in words in the report, and as a picture beside it."""
    report = yield
    if report.failed:
        from tests.e2e.flutter import OPEN

        place = Path(tempfile.gettempdir()) / "homie-e2e-failures"
        stem = re.sub(r"[^\w.-]+", "-", item.name) + f"-{report.when}"
        for number, app in enumerate(OPEN):
            picture = place / f"{stem}-{number}.png"
            try:
                words = app.everything()
                focus = app.page.evaluate(
                    "() => document.activeElement && document.activeElement.outerHTML.slice(0, 300)"
                )
                place.mkdir(exist_ok=True)
                app.page.screenshot(path=picture, timeout=10_000)
            except Exception as error:  # a window that hangs must not hide why the test failed
                words, focus = f"cannot be read: {error}", ""
            shown = "\n".join([words, f"focus: {focus}", *app.said])
            report.sections.append((f"window {number} at {app.route} ({picture})", shown))
        OPEN.clear()
        for hub in LATEST:
            report.sections.append((f"the hub's log ({hub.log_file})", hub.log[-LOG_SHOWN:]))
    return report


@dataclass
class Chromium:
    """Chromium as one file's tests use it; one that was ended or crashed is started anew for the next test."""

    playwright: Playwright
    program: str
    running: Browser | None = None

    def browser(self) -> Browser:
        """Return a browser that runs."""
        if self.running is None or not self.running.is_connected():
            self.running = self.playwright.chromium.launch(
                executable_path=self.program, headless=True, args=CHROMIUM_FLAGS
            )
        return self.running

    @contextmanager
    def another(self, *flags: str) -> Iterator[Browser]:
        """Start one more browser, with flags of its own."""
        found = self.playwright.chromium.launch(
            executable_path=self.program, headless=True, args=[*CHROMIUM_FLAGS, *flags]
        )
        try:
            yield found
        finally:
            if found.is_connected():
                found.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Chromium]:
    """A browser for one file: while Playwright runs, its event loop keeps tests of other files from running theirs."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None and os.environ.get("HOMIE_TEST_REQUIRE_BROWSER"):
        pytest.fail("Chromium is not installed, although scripts/test installs it")
    if path is None:
        pytest.skip("Chromium is not installed; scripts/test installs it")
    with sync_playwright() as playwright:
        found = Chromium(playwright, path)
        yield found
        if found.running is not None and found.running.is_connected():
            found.running.close()


@pytest.fixture
def browser(chromium: Chromium) -> Browser:
    """The file's browser."""
    return chromium.browser()


@dataclass
class TestClientPage:
    """The open page, the hub that it talks to, and what it tried to reach elsewhere."""

    __test__ = False
    page: Page
    hub: Hub
    outside: list[str]


@pytest.fixture
def test_client(browser: Browser, tmp_path: Path) -> Iterator[TestClientPage]:
    port = free_port()
    hub = Hub(tmp_path / "data", {"HOMIE_CORS_ORIGINS": f"http://127.0.0.1:{port}"})
    server = serve(hub.url, "127.0.0.1", port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    outside: list[str] = []
    with hub:
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(30_000)
        known = (f"http://127.0.0.1:{port}/", hub.url)
        page.on("request", lambda request: None if request.url.startswith(known) else outside.append(request.url))
        page.goto(f"http://127.0.0.1:{port}/")
        yield TestClientPage(page, hub, outside)
        page.close()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """One household for all journeys across the screens; whoever changes it says so in its docstring."""
    from tests.e2e.lived_in import lived_in

    with lived_in(tmp_path_factory.mktemp("home")) as household:
        yield household


@pytest.fixture
def house(tmp_path: Path) -> Iterator[files_world.Household]:
    """Anna with a messy folder, on a hub of this test's own."""
    from tests.e2e.files_world import Household as Settling

    with Hub(tmp_path / "data", app=True) as hub:
        household = Settling(hub, tmp_path / "home").settle_in()
        yield household
        household.leave()
