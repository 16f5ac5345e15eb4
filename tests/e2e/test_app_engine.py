"""A browser that takes all pictures from a page (a phone that slept, a driver that was reset): the app comes back."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser

from tests.e2e.app_world import home_hub
from tests.e2e.conftest import Chromium
from tests.e2e.flutter import App
from tests.e2e.stuck_browser import below, end
from tests.hub import Hub

MARK = "window.notLoadedAnew = true"
ANEW = "() => !window.notLoadedAnew"
LOST_BEFORE = """(minutes) => sessionStorage.setItem(
    "homie.engine-lost", JSON.stringify(minutes.map((ago) => Date.now() - ago * 60000))
)"""


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A hub that waits for its first person."""
    with home_hub(tmp_path) as started:
        yield started


@pytest.fixture
def alone(chromium: Chromium) -> Iterator[Browser]:
    """A browser whose drawing process may be ended."""
    with chromium.another() as found:
        yield found


@pytest.fixture
def app(hub: Hub, alone: Browser) -> Iterator[App]:
    """The first page of the app, which notes whether it was loaded anew."""
    opened = App.open(alone, hub.url)
    stands(opened)
    opened.page.evaluate(MARK)
    yield opened
    opened.close()


def stands(app: App) -> None:
    """Wait until the first page is there."""
    app.field("Set-up code").wait_for()


def end_drawing() -> None:
    """End the process that draws, as a driver's reset does."""
    end([one for one in below("chrom") if "--type=gpu-process" in one.cmdline()])


def insist_drawn(app: App) -> None:
    """Wait until there is more to be seen than an empty page; the first picture comes after the first words."""
    colours = None
    for _ in range(30):
        colours = Image.open(BytesIO(app.page.screenshot())).convert("RGB").getcolors(1 << 20)
        if colours is None or len(colours) > 50:
            return
        app.page.wait_for_timeout(1_000)
    raise AssertionError(f"the app is not drawn: {colours}")


def test_an_app_that_lost_its_pictures_is_loaded_anew(app: App) -> None:
    """The engine would stay empty for good: it comes back by itself, at the same place, and is drawn again."""
    assert not app.page.evaluate("crossOriginIsolated")  # the engine's threads would break each other's memory
    insist_drawn(app)
    before = app.route
    end_drawing()
    app.page.wait_for_function(ANEW)
    stands(app)
    assert app.route == before
    insist_drawn(app)


def test_while_the_hub_is_away_nothing_is_loaded(hub: Hub, app: App) -> None:
    """A browser's own page of an error would stay for good: the app waits for its hub, and then comes back."""
    hub.stop()
    end_drawing()
    app.page.wait_for_function("() => sessionStorage.getItem('homie.engine-lost') !== null")
    assert app.page.evaluate("window.notLoadedAnew")
    hub.start()
    app.page.wait_for_function(ANEW)
    stands(app)
    insist_drawn(app)


def test_a_browser_that_loses_them_again_and_again_gets_an_app_without_webgl(app: App) -> None:
    """After the third time in ten minutes the app is drawn by the processor, and loses nothing any more."""
    asked = "() => document.createElement('canvas').getContext('webgl2') !== null"
    for minutes, has_webgl in (([1, 2, 11], True), ([1, 2, 3], False)):
        app.page.evaluate(LOST_BEFORE, minutes)
        app.go("/")
        stands(app)
        assert app.page.evaluate(asked) is has_webgl
        insist_drawn(app)
    app.page.evaluate(MARK)
    end_drawing()
    app.type_into("Set-up code", "WRONG")
    assert app.page.evaluate("window.notLoadedAnew")
    insist_drawn(app)


def test_errors_of_other_kinds_do_not_load_the_app_anew(app: App) -> None:
    """A broken engine does, whatever the browser calls it; a mistake of a script does not."""
    app.page.evaluate("setTimeout(() => { throw new Error('x is not a function'); })")
    app.page.wait_for_timeout(1_000)
    assert app.page.evaluate("window.notLoadedAnew")
    for broken in ("null function", "Out of bounds call_indirect"):  # as Chromium and as Safari says it
        app.page.evaluate(MARK)
        app.page.evaluate(f"setTimeout(() => {{ throw new WebAssembly.RuntimeError('{broken}'); }})")
        app.page.wait_for_function(ANEW)
        stands(app)
