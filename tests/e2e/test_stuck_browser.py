"""A browser that hangs is told apart from a test that fails, and holds nothing up."""

from __future__ import annotations

import psutil
import pytest
from playwright.sync_api import Error

from tests.e2e import stuck_browser
from tests.e2e.conftest import Chromium
from tests.e2e.flutter import OPEN, App
from tests.e2e.stuck_browser import BrowserHangs, below, hangs_are_told_apart

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


def test_a_window_that_draws_nothing_is_told(chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    """The page answers, but the process that draws for it stands: the app cannot go on, and the browser is to blame."""
    monkeypatch.setattr(stuck_browser, "DRAW_SECONDS", 2.0)
    page = chromium.browser().new_page()
    page.goto("data:text/html,<p>one</p>")
    OPEN.append(App(page, ""))
    with pytest.raises(AssertionError, match="two"), hangs_are_told_apart():
        raise AssertionError("one is not two")
    living = [one for one in below("chrom") if one.status() != psutil.STATUS_ZOMBIE]
    (drawing,) = [one for one in living if "--type=gpu-process" in one.cmdline()]
    drawing.suspend()
    with pytest.raises(BrowserHangs, match="no picture"), hangs_are_told_apart():
        raise AssertionError("one is not two")
    OPEN.clear()
    assert chromium.browser().new_page().evaluate("1 + 1") == 2


def test_a_command_without_a_limit_ends(chromium: Chromium, monkeypatch: pytest.MonkeyPatch) -> None:
    """`evaluate` would wait for ever: the browser is ended after the longest time that a test may take."""
    monkeypatch.setattr(stuck_browser, "MOST_SECONDS", 2.0)
    page = chromium.browser().new_page()
    with pytest.raises(BrowserHangs) as told, hangs_are_told_apart():
        page.evaluate(FOREVER)
    assert isinstance(told.value.__cause__, Error)
