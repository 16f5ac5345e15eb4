"""The upload page in a real browser: large files arrive whole through cuts, reloads and restarts, with flat memory."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from tests.core.transfers.conftest import PASSWORD, Person, make_hub, make_person
from tests.e2e.conftest import CHROMIUM_FLAGS
from tests.e2e.upload_world import Wire, big_file, memory_mb, sha256, tab_memory_mb
from tests.hub import PATIENCE, Hub, free_port

pytestmark = pytest.mark.browser

FULL = bool(os.environ.get("HOMIE_TEST_FULL"))
BIG = 2_500_000_000 if FULL else 300_000_000
MOST_GROWTH_MB = 150.0
"""What server and tab may grow by while a file passes; a copy of the file would be several times as much."""


@dataclass
class World:
    """A hub, Anna with her folder, and the wire that her browser goes through."""

    hub: Hub
    anna: Person
    wire: Wire
    inbox: Path
    """Where the files lie that she sends."""

    def address(self, folder: Path | None = None, query: str = "") -> str:
        ticket = self.anna.upload_ticket(folder).rsplit("/", 1)[-1]
        return f"http://127.0.0.1:{self.wire.port}/transfers/upload/{ticket}{query}"


@pytest.fixture
def world(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[World]:
    """The hub alone, or (by indirect parameter "app") behind the app's front as people have it."""
    hub = make_hub(tmp_path)
    hub.app = getattr(request, "param", "hub") == "app"
    with hub:
        token = hub.set_up("anna", PASSWORD)
        anna = make_person(hub, token, token, tmp_path / "Family photos")
        inbox = tmp_path / "phone"
        inbox.mkdir()
        wire = Wire(hub.port).start()
        yield World(hub, anna, wire, inbox)
        wire.stop()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 412, "height": 915}, locale="en-US")
    made.set_default_timeout(60_000)
    yield made
    made.close()


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page failed: {error}"))
    page.goto(address)
    page.wait_for_selector("body[data-state=empty]")
    return page


def until(page: Page, what: Any, patience: float = PATIENCE) -> Any:
    deadline = time.monotonic() + patience
    while not (found := what()):
        assert time.monotonic() < deadline, page.inner_text("body")
        page.wait_for_timeout(30)
    return found


def shown_part(page: Page) -> float:
    """Return what the page says has arrived, from 0 to 1."""
    return float(page.evaluate("document.getElementById('total').value"))


def slow(page: Page, bytes_per_second: float) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    limits = {"offline": False, "latency": 5, "downloadThroughput": -1, "uploadThroughput": bytes_per_second}
    wire.send("Network.emulateNetworkConditions", limits)


def test_files_arrive_and_a_taken_name_gets_a_second_one(world: World, context: BrowserContext) -> None:
    (world.anna.folder / "letter.txt").write_text("the old one")
    (world.inbox / "letter.txt").write_text("the new one")
    (world.inbox / "Größe & co.txt").write_text("umlauts")
    (world.inbox / "empty.txt").touch()
    page = opened(context, world.address())
    page.set_input_files("#files", [str(path) for path in sorted(world.inbox.iterdir())])
    page.wait_for_selector("body[data-state=done]")
    assert page.inner_text("#summary-title") == "3 files have arrived"
    assert "Saved as letter (2).txt" in page.inner_text("#list")
    assert (world.anna.folder / "letter.txt").read_text() == "the old one"
    assert (world.anna.folder / "letter (2).txt").read_text() == "the new one"
    assert (world.anna.folder / "Größe & co.txt").read_text() == "umlauts"
    assert (world.anna.folder / "empty.txt").read_bytes() == b""


def test_a_chosen_folder_keeps_its_shape(world: World, context: BrowserContext) -> None:
    for name in ("a.txt", "deep/b.txt", "deep/er/c.txt"):
        path = world.inbox / "Holiday" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    page = opened(context, world.address())
    page.set_input_files("#folder", str(world.inbox / "Holiday"))
    page.wait_for_selector("body[data-state=done]")
    for name in ("a.txt", "deep/b.txt", "deep/er/c.txt"):
        assert (world.anna.folder / "Holiday" / name).read_text() == name


@pytest.mark.slow
@pytest.mark.parametrize("world", ["hub", "app"], indirect=True)
def test_a_large_file_arrives_whole_through_cuts_with_flat_memory(world: World, tmp_path: Path) -> None:
    """The wire is cut twice and the server killed once; the tab and the server never hold the file.

    The browser is driven without Playwright's network recording, which would copy every body.
    """
    wanted = big_file(world.inbox / "film.mp4", BIG)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    assert chromium is not None
    from tests.e2e.bare_browser import BareBrowser

    with BareBrowser(chromium, CHROMIUM_FLAGS, tmp_path / "profile", free_port()) as bare:
        bare.open(world.address())
        bare.until("document.body.dataset.state === 'empty'")
        tab_before, hub_before = tab_memory_mb(bare.pid), memory_mb(world.hub)
        bare.choose("#files", world.inbox / "film.mp4")
        total = "document.getElementById('total').value"
        most = [0.0, 0.0]

        def look() -> None:
            most[0] = max(most[0], tab_memory_mb(bare.pid) - tab_before)
            most[1] = max(most[1], memory_mb(world.hub) - hub_before)

        for part in (0.2, 0.4):
            bare.until(f"{total} > {part}", each=look)
            assert world.wire.cut() > 0
        bare.until(f"{total} > 0.6", each=look)
        world.hub.kill()
        world.hub.start()
        hub_before = memory_mb(world.hub)
        bare.until("document.body.dataset.state === 'done'", each=look)
        assert bare.ask("document.querySelector('.item .state').textContent").startswith("Arrived whole")
    assert sha256(world.anna.folder / "film.mp4") == wanted
    assert not list((world.anna.folder / ".homie" / "uploads").iterdir())
    behind = "the app" if world.hub.app else "the hub"
    print(f"{behind}, {BIG / 1e6:.0f} MB: the tab grew by {most[0]:.0f} MB, the server by {most[1]:.0f} MB")
    assert most[0] < MOST_GROWTH_MB, most
    assert most[1] < MOST_GROWTH_MB, most
    assert world.wire.carried < BIG * 1.5
    for path in (world.inbox / "film.mp4", world.anna.folder / "film.mp4"):
        path.unlink()  # gigabytes, which nobody wants to keep


def test_after_a_reload_the_same_file_goes_on_where_it_stopped(world: World, context: BrowserContext) -> None:
    """Also with a new link: what counts is the folder and the file, not the ticket."""
    wanted = big_file(world.inbox / "film.mp4", 60_000_000)
    page = opened(context, world.address())
    slow(page, 20e6)
    page.set_input_files("#files", str(world.inbox / "film.mp4"))
    until(page, lambda: shown_part(page) > 0.3)
    page.on("dialog", lambda dialog: dialog.accept())
    page.goto(world.address(query="?lang=en"))
    page.wait_for_selector("#interrupted:not([hidden])")
    assert "film.mp4" in page.inner_text("#interrupted")
    before = world.wire.carried
    page.set_input_files("#files", str(world.inbox / "film.mp4"))
    page.wait_for_selector("body[data-state=done]")
    assert world.wire.carried - before < 48_000_000
    assert sha256(world.anna.folder / "film.mp4") == wanted
    uploads = world.hub.get("/api/v1/transfers/uploads", token=world.anna.token).json["items"]
    assert [one["state"] for one in uploads] == ["finished"]


def test_pause_go_on_and_cancel(world: World, context: BrowserContext) -> None:
    wanted = big_file(world.inbox / "film.mp4", 40_000_000)
    page = opened(context, world.address())
    slow(page, 20e6)
    page.set_input_files("#files", str(world.inbox / "film.mp4"))
    until(page, lambda: shown_part(page) > 0.05)
    page.get_by_role("button", name="Pause: film.mp4").click()
    page.wait_for_selector("body[data-state=paused]")
    stood = shown_part(page)
    page.get_by_role("button", name="Go on: film.mp4").click()
    until(page, lambda: shown_part(page) > stood)
    page.get_by_role("button", name="Cancel: film.mp4").click()
    page.wait_for_selector("body[data-state=empty]")
    parts = world.anna.folder / ".homie" / "uploads"
    until(page, lambda: not list(parts.iterdir()))
    page.set_input_files("#files", str(world.inbox / "film.mp4"))
    page.wait_for_selector("body[data-state=done]")
    assert sha256(world.anna.folder / "film.mp4") == wanted


def test_a_link_that_ended_says_what_to_do(world: World, context: BrowserContext) -> None:
    big_file(world.inbox / "film.mp4", 60_000_000)
    page = opened(context, world.address())
    slow(page, 10e6)
    page.set_input_files("#files", str(world.inbox / "film.mp4"))
    until(page, lambda: shown_part(page) > 0.05)
    assert world.hub.post("/api/v1/accounts/logout", token=world.anna.token).status == 204
    page.wait_for_selector("body[data-state=failed]")
    assert "no longer valid" in page.inner_text("#list")


@pytest.mark.parametrize(("language", "words"), [("en", "Upload files"), ("de", "Dateien hochladen")])
def test_the_page_speaks_both_languages_and_can_be_used_by_hand(
    world: World, context: BrowserContext, language: str, words: str
) -> None:
    """Everything that can be tapped is 48 px high and wide, has a name, and fits on a small phone."""
    (world.inbox / "letter.txt").write_text("x")
    page = opened(context, world.address(query=f"?lang={language}"))
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.inner_text("h1") == words
    page.set_input_files("#files", str(world.inbox / "letter.txt"))
    page.wait_for_selector("body[data-state=done]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    for control in page.query_selector_all("a:visible, button:visible, label.button:visible"):
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 48, control.inner_text()
        assert box["width"] >= 48, control.inner_text()
        assert control.get_attribute("aria-label") or control.inner_text().strip()


def test_pictures_are_shown_and_pages_of_others_are_only_saved(world: World, context: BrowserContext) -> None:
    """A picture and its small form load without a log-in; an HTML file that somebody uploaded runs nothing."""
    Image.new("RGB", (800, 600), "teal").save(world.anna.folder / "a.jpg")
    evil = "<script>document.title = 'ran'</script>"
    for name in ("evil.html", "evil.svg", "evil.xhtml"):
        (world.anna.folder / name).write_text(evil)
    page = opened(context, world.address())
    made = world.anna.link(world.anna.folder / "a.jpg").json
    for address, width in ((made["url"], 800), (made["preview_url"] + "?w=192", 192)):
        page.goto(f"http://127.0.0.1:{world.wire.port}{address}")
        assert page.evaluate("document.images[0].naturalWidth") == width
    page.goto(world.address())
    for name in ("evil.html", "evil.svg", "evil.xhtml"):
        with page.expect_download() as saved:
            page.evaluate("address => { location.href = address; }", world.anna.url(world.anna.folder / name))
        assert saved.value.suggested_filename == name
        assert page.title() != "ran"


def test_the_page_asks_nobody_else_and_runs_nothing_inline(world: World, context: BrowserContext) -> None:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    refused: list[str] = []
    context.on("console", lambda message: refused.append(message.text) if "Content Security" in message.text else None)
    page = opened(context, world.address())
    assert page.evaluate("document.scripts.length") == 1
    assert asked
    assert all(url.startswith(f"http://127.0.0.1:{world.wire.port}/transfers/") for url in asked)
    assert refused == []
