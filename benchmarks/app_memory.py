"""What one open window costs the server: private memory of the front per logged-in window, with real browsers.

Peer: nothing serves a comparable app; the floor is the front without a window. Correctness first: each window must have
drawn Home. Then the windows are closed, and the sessions are evicted: what is held then is shown too.
Run: python -m benchmarks.app_memory [windows]
"""

from __future__ import annotations

import gc
import sys
import tempfile
import time
from pathlib import Path

import psutil
from playwright.sync_api import sync_playwright

from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.flutter import App
from tests.hub import Hub

TARGET_MB = 30.0
EVICTED_AFTER = 5
"""Seconds that the front keeps a closed window's session here; ten minutes in a household."""


def front_of(hub: Hub) -> psutil.Process:
    """Return the front's process."""
    assert hub.process is not None
    for child in psutil.Process(hub.process.pid).children(recursive=True):
        if "frontend.server" in child.cmdline():
            return child
    raise AssertionError("no front is running")


def resident_mb(process: psutil.Process) -> float:
    """Return the private resident memory (USS): what would be free without the process."""
    return float(process.memory_full_info().uss) / 1e6


def main() -> None:
    """Open windows one after another and print what each costs."""
    windows = int(sys.argv[1]) if len(sys.argv) > 1 else 8
    with (
        tempfile.TemporaryDirectory() as folder,
        sync_playwright() as p,
        Hub(Path(folder) / "data", {"HOMIE_APP_SESSION_SECONDS": str(EVICTED_AFTER)}, app=True) as hub,
    ):
        hub.set_up("anna", "correct horse staple")
        browser = p.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=CHROMIUM_FLAGS)
        front = front_of(hub)
        first = App.open(browser, hub.url)
        log_in(first)
        time.sleep(2)
        base = resident_mb(front)
        opened = []
        for _ in range(windows):
            one = App.tab(first.page.context, hub.url)
            one.tab_named("Home").first.wait_for(state="attached")
            opened.append(one)
            gc.collect()
        time.sleep(3)
        after = resident_mb(front)
        each = (after - base) / windows
        print(f"front with one window {base:.0f} MB, with {windows + 1} windows {after:.0f} MB")
        print(f"each further window {each:.2f} MB (target {TARGET_MB:.0f} MB, ratio {each / TARGET_MB:.2f})")
        browser.close()
        time.sleep(EVICTED_AFTER + 15)
        left = resident_mb(front)
        print(f"after all windows were closed and evicted {left:.0f} MB ({left - base:+.0f} MB against one window)")


def log_in(app: App) -> None:
    """Log in as a person does."""
    app.type_into("Name", "anna")
    app.type_into("Password", "correct horse staple")
    app.press("Log in")
    app.tab_named("Home").first.wait_for(state="attached")


if __name__ == "__main__":
    main()
