"""The app in Chromium, without the internet: nothing from elsewhere, small, and it comes back when the line breaks."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.e2e.conftest import browser as browser
from tests.e2e.conftest import chromium as chromium
from tests.frontend.server.stand_in_hub import Front
from tests.hub import ROOT

pytestmark = pytest.mark.browser
FIRST_LOAD = 4_500_000
READY = "flt-semantics-host flt-semantics"
WORDS = "→ ✓ ★ 😀 ⚠ שלום مرحبا 中文 한국 の ไทย हिन्दी"
APP = f'''
import asyncio
from dataclasses import dataclass
import flet as ft
from flet.components.observable import observable

@observable
@dataclass
class Told:
    text: str = "first"

@ft.component
def Window(told):
    now, _ = ft.use_state(told)
    inner = ft.Column([ft.Text("said " + now.text), ft.Text("{WORDS}")])
    for _ in range(24):
        inner = ft.Container(inner)
    return inner

async def main(page):
    told = Told()
    def away(_):
        told.text = "while away"
    page.on_disconnect = away
    page.render(Window, told)
'''


@pytest.fixture(scope="module")
def front(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder = tmp_path_factory.mktemp("front")
    (folder / "deep_app.py").write_text(APP)
    made = Front(folder, PYTHONPATH=f"{folder}:{ROOT}", HOMIE_FRONT_APP="deep_app:main")
    yield made
    made.end()


class Wire:
    """A cable between browser and front that can be cut."""

    def __init__(self, port: int) -> None:
        self._to = port
        self._lines: list[socket.socket] = []
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._server.getsockname()[1]
        self._pumps: list[threading.Thread] = []
        self._taker = threading.Thread(target=self._accept, daemon=True)
        self._taker.start()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._server.accept()
            except OSError:
                return
            far = socket.create_connection(("127.0.0.1", self._to))
            self._lines += [near, far]
            for source, sink in ((near, far), (far, near)):
                pump = threading.Thread(target=_pump, args=(source, sink), daemon=True)
                self._pumps.append(pump)
                pump.start()

    def cut(self) -> None:
        """Break every line that is open now."""
        lines, self._lines = self._lines, []
        for line in lines:
            try:
                line.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._taker.join()
        self.cut()
        for pump in self._pumps:
            pump.join()


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(1 << 16):
            sink.sendall(data)
    except OSError:
        pass
    finally:
        try:
            sink.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        source.close()


def _open(browser: Browser, url: str) -> tuple[Page, list[str], list[str], dict[str, float]]:
    """Open the app; return the page, requests to elsewhere, failed requests and the bytes of each request."""
    page = browser.new_context(viewport={"width": 412, "height": 915}).new_page()
    outside: list[str] = []
    failed: list[str] = []
    sizes: dict[str, float] = {}
    ours = (url, "data:", "blob:")
    # The engine asks a CDN for Rive; our policy stops that inside the browser ("csp"), before anything leaves it.
    page.on("requestfinished", lambda one: None if one.url.startswith(ours) else outside.append(one.url))
    page.on(
        "requestfailed",
        lambda one: None if one.url.startswith(ours) or one.failure == "csp" else outside.append(one.url),
    )
    page.on("response", lambda one: failed.append(f"{one.status} {one.url}") if one.status >= 400 else None)
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")

    def finished(event: dict[str, Any]) -> None:
        sizes[event["requestId"]] = event["encodedDataLength"]

    line.on("Network.loadingFinished", finished)
    page.goto(url, wait_until="commit")
    page.wait_for_selector(READY, state="attached", timeout=120_000)
    page.locator(READY).get_by_text("said").or_(page.locator('[aria-label*="said"]')).first.wait_for(
        state="attached", timeout=60_000
    )
    page.wait_for_load_state("networkidle")
    return page, outside, failed, sizes


def test_nothing_is_asked_for_elsewhere_and_every_font_comes(front: Front, browser: Browser) -> None:
    """With arrows, emoji and ten scripts on the screen: no request to the internet, none that fails."""
    page, outside, failed, _ = _open(browser, f"http://127.0.0.1:{front.port}")
    page.close()
    assert outside == []
    assert failed == []


def test_the_line_may_break_under_a_deep_screen(front: Front, browser: Browser) -> None:
    """After a cut the tab answers (it froze for a minute) and shows what changed while it was away."""
    wire = Wire(front.port)
    try:
        page, *_ = _open(browser, f"http://127.0.0.1:{wire.port}")
        wire.cut()
        said = page.locator('flt-semantics-host [aria-label*="while away"]').or_(
            page.locator("flt-semantics-host").get_by_text("while away")
        )
        said.first.wait_for(state="attached", timeout=30_000)
        assert page.evaluate("1 + 1") == 2
        page.close()
    finally:
        wire.close()


def test_the_first_load_is_small(front: Front, browser: Browser, tmp_path: Path) -> None:
    """At most 4.5 MB cross the wire before the first screen, the world's fonts not counted."""
    page, _, _, sizes = _open(browser, f"http://127.0.0.1:{front.port}")
    names = page.evaluate(
        "performance.getEntriesByType('resource').filter(e => !e.name.includes('/assets/fonts/noto'))"
        ".map(e => [e.name, e.transferSize])"
    )
    page.close()
    assert sizes
    assert sum(size for _, size in names) <= FIRST_LOAD, sorted(names, key=lambda one: -one[1])[:8]
