"""A browser that hangs is told apart from a test that fails, and holds nothing up."""

from __future__ import annotations

import pytest
from playwright.sync_api import Error

from tests.e2e import stuck_browser
from tests.e2e.conftest import Chromium
from tests.e2e.flutter import OPEN, App
from tests.e2e.stuck_browser import BrowserHangs, hangs_are_told_apart

FOREVER = "while (true) {}"


def test_a_failure_stays_a_failure(chromium: Chromium) -> None:
    """While the window answers, what a test says is what is reported."""
    page = chromium.browser().new_page()
    OPEN.append(App(page, ""))
    with pytest.raises(AssertionError, match="two"), hangs_are_told_apart():
        raise AssertionError("one is not two")
    OPEN.clear()
    page.close()


def test_a_window_that_gives_no_answer_is_told(chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    """A failure in a window that hangs is the browser's; its processes are described; the next test has a new one."""
    monkeypatch.setattr(stuck_browser, "ANSWER_SECONDS", 2.0)
    page = chromium.browser().new_page()
    OPEN.append(App(page, ""))
    page.evaluate(f"setTimeout(() => {{ {FOREVER} }}, 50)")
    with pytest.raises(BrowserHangs, match=r"renderer: \w+"), hangs_are_told_apart():
        page.wait_for_selector("nothing", timeout=2_000)
    OPEN.clear()
    assert chromium.browser().new_page().evaluate("1 + 1") == 2


def test_a_command_without_a_limit_ends(chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    """`evaluate` would wait for ever: the browser is ended after the longest time that a test may take."""
    monkeypatch.setattr(stuck_browser, "MOST_SECONDS", 2.0)
    page = chromium.browser().new_page()
    with pytest.raises(BrowserHangs) as told, hangs_are_told_apart():
        page.evaluate(FOREVER)
    assert isinstance(told.value.__cause__, Error)
