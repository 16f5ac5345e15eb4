"""A browser that no longer answers: ended, described, and told apart from a test that failed.

`Page.evaluate` and `Browser.close` have no time limit of their own: one page that gives no answer holds up all that
comes after it (ADR 0201). A test whose browser does not even say what 1 + 1 is ends as `BrowserHangs`, which
`conftest.py` lets run once more; the report keeps what the browser's processes were doing, because an endless loop in
the app's own page would look the same.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil
from playwright.sync_api import Error

from tests.e2e.flutter import OPEN, App

MOST_SECONDS = 420.0
"""How long a browser test may take before its browser is ended; the longest one takes some 90 s on two cores."""
ANSWER_SECONDS = 30.0
"""How long a window may take to say what 1 + 1 is."""
DRAW_SECONDS = 30.0
"""How long a window may take to draw its next picture. Flutter does all its work in these: without, the app stands."""
DRIVER_SECONDS = 60.0
"""How long Playwright's own process may take to notice that its browser is gone, before it is ended as well."""


_NEXT_PICTURE = """seconds => document.visibilityState !== "visible" || new Promise(told => {
    requestAnimationFrame(() => told(true));
    setTimeout(() => told(false), seconds * 1000);
})"""


class BrowserHangs(Exception):
    """The browser was asked for nothing but an answer or a picture, and gave none, or lost what it drew on."""


class Ending:
    """End every Chromium of this process if `cancel` does not come within `seconds`. `seen`: what they did then."""

    def __init__(self, seconds: float) -> None:
        self.seen = ""
        self._over = threading.Event()
        self._timer = threading.Timer(seconds, self._end)
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Leave the browsers alone."""
        self._over.set()
        self._timer.cancel()
        self._timer.join()

    def _end(self) -> None:
        found = below("chrom")
        self.seen = describe(found) or "no browser ran"
        end(found)
        if not self._over.wait(DRIVER_SECONDS):
            end(below("node"))


def end(processes: list[psutil.Process]) -> None:
    """End processes at once."""
    for one in processes:
        with suppress(psutil.NoSuchProcess):
            one.kill()


def below(name: str) -> list[psutil.Process]:
    """Return the processes below this one whose names begin so."""
    found = []
    for one in psutil.Process().children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            if one.name().startswith(name):
                found.append(one)
    return found


def describe(processes: list[psutil.Process]) -> str:
    """Say of each process what it is for, and what it does: its state, the seconds it computed, its memory."""
    lines = []
    for one in processes:
        try:
            kind = next((part[7:] for part in one.cmdline() if part.startswith("--type=")), "browser")
            spent, memory = one.cpu_times(), one.memory_info().rss / 1e6
            lines.append(
                f"{one.pid} {kind}: {one.status()}, {spent.user + spent.system:.0f} s computed, {memory:.0f} MB,"
                f" {one.num_threads()} threads"
            )
        except psutil.NoSuchProcess:
            continue
    return "\n".join(lines)


def answers(app: App) -> bool:
    """Tell whether a window still answers; if not, its browser is ended."""
    return _said(app, ANSWER_SECONDS, "1 + 1 == 2")


def draws(app: App) -> bool:
    """Tell whether a window that is to be seen still gets pictures; if not, its browser is ended.

    The process that draws for all windows can stand still while each page goes on to answer. Seen from outside the app
    is then as it was, whatever is pressed and whatever the hub says.
    """
    drawn = _said(app, DRAW_SECONDS + ANSWER_SECONDS, _NEXT_PICTURE, DRAW_SECONDS)
    if not drawn:
        end(below("chrom"))
        _said(app, ANSWER_SECONDS, "1 + 1 == 2")  # until Playwright, too, knows that it is gone
    return drawn


def lost_its_pictures(app: App) -> bool:
    """Tell whether the browser took the app's pictures away, so that the app was loaded anew (test_app_engine.py)."""
    kept = "(() => { try { return sessionStorage.getItem('homie.engine-lost') === null } catch { return true } })()"
    return not _said(app, ANSWER_SECONDS, kept)


def _said(app: App, seconds: float, question: str, *given: float) -> bool:
    ending = Ending(seconds)
    try:
        return bool(app.page.evaluate(question, *given))
    except Error:
        return not ending.seen  # a window that was closed is no hanging one
    finally:
        ending.cancel()


@contextmanager
def hangs_are_told_apart() -> Iterator[None]:
    """Turn the failure of a test whose browser hangs into `BrowserHangs`, and let no hanging browser hold it up."""
    ending = Ending(MOST_SECONDS)
    try:
        yield
    except Exception as error:
        ending.cancel()
        if ending.seen:
            raise BrowserHangs(f"the test took {MOST_SECONDS:.0f} s, its browser was ended:\n{ending.seen}") from error
        doing = describe(below("chrom"))
        if not all(answers(app) for app in tuple(OPEN)):
            raise BrowserHangs(f"a window gave no answer for {ANSWER_SECONDS:.0f} s; before:\n{doing}") from error
        if not all(draws(app) for app in tuple(OPEN)):
            raise BrowserHangs(f"a window drew no picture for {DRAW_SECONDS:.0f} s; before:\n{doing}") from error
        if any(lost_its_pictures(app) for app in tuple(OPEN)):
            raise BrowserHangs(f"the browser took the app's pictures away; before:\n{doing}") from error
        raise
    finally:
        ending.cancel()
