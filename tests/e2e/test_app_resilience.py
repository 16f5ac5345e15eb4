"""What goes wrong in a house: the hub dies, the app's server dies, the line breaks, the network stutters."""

from __future__ import annotations

import io
import os
import re
import signal
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.e2e.app_world import log_in
from tests.e2e.flutter import DESKTOP, PHONE, App
from tests.e2e.lived_in import arrive, enter, settled
from tests.e2e.take_screenshots import Household
from tests.e2e.wire import Wire
from tests.hub import PATIENCE

SIZES = pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
SEARCH = "What are you looking for?"
BANNER = "Not connected. Trying again"


def front_of(hub_pid: int) -> int:
    """Return the id of the front: the hub's child that runs `frontend.server`."""
    for folder in Path("/proc").iterdir():
        try:
            parent = re.search(r"^PPid:\s+(\d+)", (folder / "status").read_text(), re.M)
            command = (folder / "cmdline").read_bytes()
        except (OSError, ValueError):
            continue
        if parent and int(parent.group(1)) == hub_pid and b"frontend.server" in command:
            return int(folder.name)
    raise AssertionError("the hub has no front")


def through(browser: Browser, wire: Wire, size: dict[str, int], route: str) -> App:
    """Log in over a cable and go to a place."""
    app = App.open(browser, wire.url, size=size)
    log_in(app)
    app.misses("Forgot your password", timeout=60_000)
    settled(app)
    arrive(app, route)
    return app


def brightest_corner(app: App) -> int:
    """Return how bright the brightest corner of the window is, 0 (black) to 255 (white)."""
    with Image.open(io.BytesIO(app.page.screenshot())) as shot:
        grey, (wide, high) = shot.convert("L"), shot.size
        return max(int(grey.getpixel((x, y))) for x in (2, wide - 3) for y in (2, high - 3))


@SIZES
def test_the_hub_is_killed_while_somebody_types(browser: Browser, home: Household, size: dict[str, int]) -> None:
    """After kill -9 and a new start the window is at the same place, logged in, with the typed word, and of use."""
    app = enter(browser, home, size)
    arrive(app, "/search")
    app.type_into(SEARCH, "invoice")
    # The front has taken the last letter, and the browser what it keeps of it, when the search has been answered.
    app.page.wait_for_function("() => !!localStorage.getItem('flutter.homie.drafts')", timeout=60_000)
    settled(app)
    home.hub.kill()
    home.hub.start()
    # The front died with its hub; the engine connects anew and gets a new session from the kept log-in.
    expect(app.field(SEARCH).first).to_be_attached(timeout=90_000)
    app.misses(BANNER, timeout=60_000)
    settled(app)
    assert app.route.startswith("/search")
    expect(app.field("Password")).to_have_count(0)
    expect(app.field(SEARCH).first).to_have_value("invoice", timeout=60_000)
    app.type_into(SEARCH, "photos")
    app.sees("photos.zip", timeout=60_000)
    app.close()


@SIZES
def test_the_front_alone_is_killed(browser: Browser, home: Household, size: dict[str, int]) -> None:
    """The hub starts it again; the window comes back by itself to the same plan, logged in."""
    app = enter(browser, home, size)
    place = f"/file_organizer/plans/{home.waiting}"
    arrive(app, place)
    assert home.hub.process is not None
    before = front_of(home.hub.process.pid)
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            if (now := front_of(home.hub.process.pid)) != before:
                break
        except AssertionError:
            pass
        assert time.monotonic() < deadline, "no new front"
        time.sleep(0.05)
    assert now != before
    expect(app.button(re.compile("^Accept ")).first).to_be_attached(timeout=90_000)
    assert app.route == place
    app.press(re.compile("^Accept "))
    app.sees(re.compile(r"Accepted \d"))
    app.close()


@SIZES
def test_the_line_is_cut_for_three_seconds(browser: Browser, home: Household, size: dict[str, int]) -> None:
    """Under the deepest screen: no white flash, no frozen tab, and what changed meanwhile is shown after the return."""
    assert home.hub.port
    with Wire(home.hub.port) as wire:
        app = through(browser, wire, size, "/notifications")
        arrive(app, f"/file_organizer/plans/{home.waiting}")
        wire.cut()
        home.want("POST", f"/file_organizer/plans/{home.waiting}/accept", {"min_confidence": 0.9})
        items = home.want("GET", f"/file_organizer/plans/{home.waiting}/items?limit=200&state=accepted")["items"]
        app.page.wait_for_timeout(3_000)  # the length of the cut, not a proof
        began = time.monotonic()
        assert app.page.evaluate("1 + 1") == 2
        assert time.monotonic() - began < 10, "the tab was frozen while it was cut off"
        assert brightest_corner(app) < 64, "the dark app turned white while it was cut off"
        wire.mend()
        app.sees(re.compile(rf"Accepted {len(items)}\b"), timeout=60_000)
        began = time.monotonic()
        assert app.page.evaluate("1 + 1") == 2
        assert time.monotonic() - began < 10, "the tab froze at the return"
        app.close()


def test_the_banner_comes_and_goes_with_the_hub(browser: Browser, home: Household) -> None:
    """The front lives, the hub hangs: what was shown stays, with words above it, until the hub answers again."""
    app = enter(browser, home, PHONE)
    arrive(app, "/file_organizer")
    shown = app.host.locator("h1").first.inner_text()
    assert home.hub.process is not None
    home.hub.process.send_signal(signal.SIGSTOP)
    try:
        app.sees(BANNER, timeout=90_000)
        expect(app.host.locator("h1").first).to_have_text(shown)
    finally:
        home.hub.process.send_signal(signal.SIGCONT)
    app.misses(BANNER, timeout=90_000)
    app.close()


def test_what_is_typed_on_a_stuttering_network_arrives_whole(browser: Browser, home: Household) -> None:
    """Every packet is 20 to 300 ms late, in both directions: words and Enter, five times out of five."""
    words = ("secret garden", "zebra crossing", "quiet xylophone", "lost umbrella", "yellow submarine")
    with Wire(home.hub.port, jitter=(0.02, 0.3)) as wire:
        app = through(browser, wire, PHONE, "/search")
        for one in words:
            app.type_into(SEARCH, one)
            app.page.keyboard.press("Enter")
            app.sees(re.compile(rf"“{one}”|\"{one}\"|{one}.*nothing|[Nn]othing.*{one}"), timeout=60_000)
            assert app.field(SEARCH).first.input_value() == one
        app.close()
