"""Drive the app in Chromium through its semantics tree: what a screen reader hears is what the tests press."""

from __future__ import annotations

import re
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Request, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

PHONE = {"width": 412, "height": 915}
DESKTOP = {"width": 1280, "height": 800}
SMALLEST = {"width": 320, "height": 640}
HOST = "flt-semantics-host"
PATIENCE = 15_000
"""How long (ms) an outcome may take before the press that leads to it is given once more."""
IN_FIELD = "label => (document.activeElement?.getAttribute('aria-label') ?? '').split('\\n')[0] === label"
"""Whether the focus is in a field of a name; one that is empty has its hint in a line of its own below the name."""
OPEN: list[App] = []
"""The windows that are open now, for the report of a test that fails: `conftest.py` says what each shows."""


@dataclass
class App:
    """One open window of the app. `outside` collects every request to another address than the hub's."""

    page: Page
    url: str
    outside: list[str] = field(default_factory=list)
    said: deque[str] = field(default_factory=lambda: deque(maxlen=20))
    """What the page told its console last, for the report of a test that fails."""
    pressed: Locator | None = None
    """What was pressed last, until its outcome is seen."""

    @classmethod
    def open(cls, browser: Browser, url: str, route: str = "/", size: dict[str, int] | None = None, **more: Any) -> App:
        """Open the app in a browser profile of its own."""
        context = browser.new_context(viewport=size or PHONE, locale=more.pop("locale", "en-GB"), **more)
        return cls.tab(context, url, route)

    @classmethod
    def tab(cls, context: BrowserContext, url: str, route: str = "/") -> App:
        """Open one more tab in a browser profile."""
        page = context.new_page()
        page.set_default_timeout(60_000)  # a liveness bound: two browsers and two hubs share two cores
        app = cls(page, url)
        OPEN.append(app)
        page.on("close", lambda _: OPEN.remove(app) if app in OPEN else None)
        known = (url, "data:", "blob:")
        page.on("request", lambda request: None if request.url.startswith(known) else app.outside.append(request.url))
        page.on("requestfailed", app.never_left)
        page.on("console", lambda message: app.said.append(f"{message.type}: {message.text[:400]}"))
        page.on("pageerror", lambda error: app.said.append(f"error: {str(error)[:400]}"))
        app.go(route)
        return app

    def never_left(self, request: Request) -> None:
        """Take back a request that our own Content-Security-Policy stopped inside the browser: nobody was asked."""
        if request.failure == "csp" and request.url in self.outside:
            self.outside.remove(request.url)

    # ------------------------------------------------------------------ places

    def go(self, route: str) -> None:
        """Load a place of the app, as typing its address does."""
        self.page.goto(self.url + route, wait_until="commit")
        self.ready()

    def ready(self) -> None:
        """Wait until the app has drawn something that can be read out. Semantics come on by themselves."""
        self.page.wait_for_selector(f"{HOST} flt-semantics", state="attached", timeout=60_000)

    @property
    def route(self) -> str:
        """Return the place that the address bar shows."""
        return self.page.url.removeprefix(self.url) or "/"

    def until_route(self, pattern: str) -> None:
        """Wait until the address bar shows a place that matches."""
        where = re.compile(re.escape(self.url) + pattern)
        try:
            self.page.wait_for_url(where, wait_until="commit", timeout=PATIENCE)
        except PlaywrightTimeout:
            self.press_again()
            self.page.wait_for_url(where, wait_until="commit")
        self.pressed = None

    def walk(self, press: Callable[[], object], route: str) -> None:
        """Press what leads to a place until it is reached: a press in the frame that redraws the target is lost."""
        for patience in (15_000, 15_000, 30_000, 60_000):
            press()
            try:
                self.page.wait_for_url(re.compile(re.escape(self.url) + route), wait_until="commit", timeout=patience)
                return
            except PlaywrightTimeout:
                continue
        raise AssertionError(f"{route} was never reached; the place is {self.route}")

    # ------------------------------------------------------------------ looking

    @property
    def host(self) -> Locator:
        """Return the tree that screen readers read."""
        return self.page.locator(HOST)

    def text(self, text: str | re.Pattern[str]) -> Locator:
        """Find what shows or is called `text` (a part of it)."""
        if isinstance(text, str):
            quoted = text.replace("\\", "\\\\").replace('"', '\\"')
            return self.host.locator(f'css=flt-semantics[aria-label*="{quoted}"]').or_(self.host.get_by_text(text))
        return self.host.get_by_text(text).or_(self.host.get_by_label(text))

    def sees(self, text: str | re.Pattern[str], timeout: float = 60_000) -> Locator:
        """Insist that `text` comes to be shown."""
        return self.comes(self.text(text).first, timeout)

    def comes(self, found: Locator, timeout: float = 60_000, *, visible: bool = False) -> Locator:
        """Insist that something comes to be there; where it does not, what led to it is pressed once more."""
        try:
            found.wait_for(state="visible" if visible else "attached", timeout=min(timeout, PATIENCE))
        except PlaywrightTimeout:
            self.press_again()
            there = expect(found)
            (there.to_be_visible if visible else there.to_be_attached)(timeout=timeout)
        self.pressed = None
        return found

    def misses(self, text: str | re.Pattern[str], timeout: float = 30_000) -> None:
        """Insist that `text` is not, or no longer, shown."""
        expect(self.text(text)).to_have_count(0, timeout=timeout)

    def everything(self) -> str:
        """Return the whole tree as text, for what an assertion says."""
        return self.host.aria_snapshot()

    def button(self, name: str | re.Pattern[str], *, exact: bool = False) -> Locator:
        """Find a button by its name."""
        return self.host.get_by_role("button", name=name, exact=exact)

    def tab_named(self, name: str) -> Locator:
        """Find an entry of the navigation: a tab in the bar, a button in the rail."""
        in_rail = re.compile(rf"^{name}(\s+Tab \d+ of \d+)?$")
        return self.host.get_by_role("tab", name=name).or_(self.host.get_by_role("button", name=in_rail))

    # ------------------------------------------------------------------ acting

    def press(self, name: str | re.Pattern[str], *, exact: bool = False, last: bool = False) -> None:
        """Press a button by its name, again if nothing came of it: a press in the frame that redraws it is lost.

        `last`: of several the last one, such as that of a dialog above the screen.
        """
        found = self.button(name, exact=exact)
        target = self.pressed = self.comes(found.last if last else found.first, visible=True)
        for patience in (15_000, 30_000, 0):  # sooner, a slow machine presses what comes after
            target.wait_for()
            before = self.page.inner_html(HOST)
            target.click()
            if not patience:
                return
            try:
                self.page.wait_for_function(
                    "([host, before]) => (document.querySelector(host) || {}).innerHTML !== before",
                    arg=[HOST, before],
                    timeout=patience,
                )
                return
            except PlaywrightTimeout:
                if not target.count():
                    return

    def press_again(self) -> None:
        """Press once more what was pressed last and is still there: the frame that redraws a button loses its press."""
        target, self.pressed = self.pressed, None
        if target is not None and target.count() and target.is_enabled():
            target.click()

    def insist(self, target: Locator, outcome: Locator) -> None:
        """Press something until what it leads to is shown; not for what must happen only once."""
        for patience in (15_000, 15_000, 60_000):
            if target.count():
                target.click()
            try:
                outcome.wait_for(state="attached", timeout=patience)
                return
            except PlaywrightTimeout:
                continue
        raise AssertionError(f"pressing led nowhere; there is {self.everything()}")

    def choose(self, name: str) -> None:
        """Press a chip, once a screen that goes away, and may have one of the same name, is gone."""
        chips = self.host.get_by_role("checkbox", name=name, exact=True)
        self.comes(chips.first, visible=True)
        expect(chips).to_have_count(1, timeout=60_000)
        chips.click()

    def touch(self, text: str | re.Pattern[str]) -> None:
        """Press whatever is called `text`: a line of a list, a card."""
        target = self.sees(text)
        target.click()
        self.pressed = target

    def field(self, label: str) -> Locator:
        """Find a text field. Those of password managers live outside the tree."""
        return self.host.get_by_role("textbox", name=label)

    def type_into(self, label: str, value: str, tries: int = 5) -> None:
        """Type as a person does. Flutter takes its input some ms after the focus; what comes earlier is lost by it."""
        box = self.comes(self.field(label).first, visible=True)
        for _ in range(tries):
            box.click()
            try:
                self.page.wait_for_function(IN_FIELD, arg=label, timeout=4_000)
                self.page.wait_for_timeout(120)
                # A page that still scrolls to the field may give the focus to the one that was there before.
                self.page.wait_for_function(IN_FIELD, arg=label, timeout=500)
            except PlaywrightTimeout:
                # The focus may lie elsewhere in a frame that redraws the field: let go of it, and try again.
                self.page.evaluate("document.activeElement && document.activeElement.blur()")
                continue
            self.page.keyboard.press("Control+A")
            self.page.keyboard.press("Backspace")
            self.page.keyboard.type(value)
            self.page.wait_for_timeout(80)
            try:
                if box.input_value(timeout=5_000) == value:
                    return
            except PlaywrightTimeout:
                return  # the field is gone: a whole code sends itself
        raise AssertionError(f"could not type into {label!r}; there is {box.input_value()!r}")

    def shot(self, path: Path) -> None:
        """Save what is seen, after it came to rest."""
        path.parent.mkdir(parents=True, exist_ok=True)
        before = b""
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline:
            now = self.page.screenshot()
            if now == before:
                break
            before = now
            self.page.wait_for_timeout(150)
        path.write_bytes(before)

    def close(self) -> None:
        """Close the window."""
        self.page.context.close()
