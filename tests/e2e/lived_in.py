"""A household after a few days of use, and ways to walk through every screen of the app in one window."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser

from tests.e2e.app_world import log_in
from tests.e2e.flutter import App
from tests.e2e.take_screenshots import Household
from tests.hub import Hub

ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/156.0.0.0 Mobile Safari/537.36"
HEADING = "flt-semantics-host h1"


@contextmanager
def lived_in(place: Path) -> Iterator[Household]:
    """Run a hub with a household that has folders, plans, runs, backups and two people."""
    with Hub(place / "data", {"HOMIE_BACKUP_DIR": str(place / "backups")}, app=True) as hub:
        yield Household(hub, place / "home")


def enter(browser: Browser, house: Household, size: dict[str, int], route: str = "/") -> App:
    """Open a browser profile of its own and log in as Anna."""
    # The engine pads what is touched to 48 pixels where there are fingers, which it tells by the system's name.
    hands = {"user_agent": ANDROID, "has_touch": True} if size["width"] < 700 else {}
    app = App.open(browser, house.hub.url, route, size=size, **hands)
    log_in(app)
    app.page.wait_for_selector(HEADING, state="attached")
    app.misses("Log in", timeout=30_000)
    return app


def move(app: App, route: str) -> None:
    """Go to a place as the back button does: the engine hears of the address, nothing is loaded anew."""
    app.page.evaluate(
        "route => { history.pushState(history.state, '', route);"
        " dispatchEvent(new PopStateEvent('popstate', { state: history.state })); }",
        route,
    )


SETTLED = """() => {
    const host = document.querySelector('flt-semantics-host');
    const now = host ? host.innerHTML : '';
    if (now !== window.homieSeen) { window.homieSeen = now; window.homieSince = performance.now(); return false; }
    if (!host.querySelector('h1') || host.querySelector('[aria-label="Loading"], [aria-label="Lädt"]')) return false;
    return performance.now() - window.homieSince > 400;
}"""


def settled(app: App) -> None:
    """Wait until the screen has a heading, loads nothing, and has been at rest for a moment."""
    app.page.evaluate("window.homieSeen = null")
    app.page.wait_for_function(SETTLED, polling=100, timeout=60_000)


def arrive(app: App, route: str) -> None:
    """Go to a place and wait until its screen is drawn and at rest."""
    if app.route == route:
        return settled(app)
    before = app.page.inner_html("flt-semantics-host")
    move(app, route)
    app.page.wait_for_function(
        "before => document.querySelector('flt-semantics-host').innerHTML !== before", arg=before, timeout=30_000
    )
    settled(app)
