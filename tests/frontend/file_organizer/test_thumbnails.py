"""Pictures at the head of their rows: only pictures, one link each, a few at a time, and a sign where there is none."""

from __future__ import annotations

import asyncio
import gc
import json
from typing import Any

import httpx

from frontend.file_organizer.thumbnails import AT_ONCE, Thumbnails
from tests.frontend.file_organizer.review_answers import item, lay_out
from tests.frontend.screens.stage import Stage, run
from tests.frontend.wire import refusal

LINKS = "/api/v1/transfers/links"


def picture(id_: str, **more: Any) -> Any:
    return item(id_, source={"volume_id": "v", "path": f"Downloads/{id_}.jpg"}, category="picture", **more)


def link(name: str) -> dict[str, Any]:
    facts = {"url": f"/transfers/d/{name}/x", "preview_url": f"/transfers/p/{name}", "name": name, "size": 1}
    return {**facts, "media_type": "image/jpeg", "inline": True, "expires_at": "2026-11-23T13:00:00Z"}


def test_rows_of_pictures_show_them_and_others_their_sign() -> None:
    """Each picture asks once for its link, also when it is drawn again; music asks for none."""

    async def scenario() -> None:
        on = Stage(width=1280)
        lay_out(on.hub, picture("a"), picture("b"), item("c"))

        def answer(request: httpx.Request) -> Any:
            return link(json.loads(request.content)["path"].rpartition("/")[2])

        on.hub.on("POST", LINKS, answer)
        window = await on.open("/file_organizer/plans/p1")
        await window.until(lambda: len(window.find("Image")) == 2)
        sources = sorted(str(one.src) for one in window.find("Image"))
        assert [source.partition("/transfers")[2] for source in sources] == ["/p/a.jpg?w=96", "/p/b.jpg?w=96"]
        assert all(one.exclude_from_semantics for one in window.find("Image"))
        await window.go("/more")
        await window.go("/file_organizer/plans/p1")
        await window.until(lambda: len(window.find("Image")) == 2)
        assert len(on.hub.calls("POST", LINKS)) == 2

    run(scenario)


def test_what_cannot_be_shown_keeps_its_sign() -> None:
    """Gone, away, or refused: nothing is said, the row is as it was; a folder of pictures is no picture."""

    async def scenario() -> None:
        on = Stage(width=412)
        lay_out(on.hub, picture("a"), picture("b", is_folder=True))
        on.hub.on("POST", LINKS, refusal(404, "not_found"))
        window = await on.open("/file_organizer/plans/p1")
        await window.until(lambda: on.hub.calls("POST", LINKS))
        await window.settle(0.1)
        assert window.find("Image") == []
        assert len(on.hub.calls("POST", LINKS)) == 1
        assert window.shows("a.jpg")

    run(scenario)


def test_links_are_asked_for_a_few_at_a_time() -> None:
    """A page of pictures keeps the hub no busier than `AT_ONCE` links: decisions go first."""

    async def scenario() -> None:
        on = Stage()
        await on.open("/more")
        thumbnails = on.session.of(Thumbnails)
        under_way, most = 0, 0

        async def make_link(body: Any) -> dict[str, Any]:
            nonlocal under_way, most
            under_way += 1
            most = max(most, under_way)
            await asyncio.sleep(0)
            under_way -= 1
            return link("x")

        thumbnails.api.transfers.make_link = make_link  # type: ignore[method-assign, assignment]
        await asyncio.gather(*(thumbnails.address({"volume_id": "v", "path": f"{n}.jpg"}) for n in range(50)))
        assert most <= AT_ONCE

    run(scenario)


def test_a_picture_that_is_accepted_leaves_the_list() -> None:
    """A row with a picture redraws like any other."""

    async def scenario() -> None:
        on = Stage(width=412)
        lay_out(on.hub, picture("a"), picture("b"))
        on.hub.on("POST", LINKS, link("x"))
        window = await on.open("/file_organizer/plans/p1")
        await window.until(lambda: len(window.find("Image")) == 2)
        await window.click("Accept a.jpg")
        await window.until(lambda: not window.shows("a.jpg"))
        assert window.shows("b.jpg")
        assert len(window.find("Image")) == 1

    run(scenario)


def test_a_link_that_arrives_after_the_list_was_drawn_anew_is_shown() -> None:
    """Rows are memoised: what stands in them must not look for a context when it is drawn later."""

    async def scenario() -> None:
        on = Stage(width=412)
        lay_out(on.hub, picture("a"), picture("b"), picture("c"))
        gate = asyncio.Event()

        async def make_link(body: Any) -> dict[str, Any]:
            await gate.wait()
            return link("x")

        on.hub.on("POST", LINKS, link("x"))
        window = await on.open("/more")
        on.session.api.transfers.make_link = make_link  # type: ignore[method-assign, assignment]
        await window.go("/file_organizer/plans/p1")
        await window.until(lambda: window.shows("a.jpg"))
        for name in ("a", "b"):
            await window.click(f"Accept {name}.jpg")
            await window.until(lambda name=name: not window.shows(f"{name}.jpg"))
            gc.collect()
        gate.set()
        await window.until(lambda: len(window.find("Image")) == 1)
        await window.click("Accept c.jpg")
        await window.until(lambda: not window.shows("c.jpg"))

    run(scenario)
