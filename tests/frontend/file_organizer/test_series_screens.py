"""The screens of series and of names: what each shows in every state, what is sent, and what happens on refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.frontend.file_organizer.manage_desk import API, household, open_at
from tests.frontend.headless import Headless
from tests.frontend.wire import FakeHub, page, refusal

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def hub() -> FakeHub:
    made = household(FakeHub())
    made.on("GET", f"{API}/naming", naming())
    return made


def series(id_: str = "s1", title: str = "Harbour Lights", **more: Any) -> dict[str, Any]:
    place = {"volume_id": "v1", "folder": f"Series/{title}", "path": f"/home/Series/{title}"}
    rest = {"season_style": "", "naming": "", "pattern": "", "taught": True, "files": 3}
    return {"id": id_, "title": title, **place, **rest, "last_at": "2026-03-04T10:00:00Z", **more}


def detail(**more: Any) -> dict[str, Any]:
    return series() | {"learned": "Harbour Lights - {season}x{episode:00}", "example": None} | more


def naming(**more: Any) -> dict[str, Any]:
    kinds = ("film", "episode", "daily", "absolute")
    templates = [
        {"kind": kind, "on": False, "template": "{title}", "fields": ["title"], "example": f"Example {kind}.mkv"}
        for kind in kinds
    ]
    return {"like_others": False, "templates": templates, **more}


async def ask(window: Headless, name: str) -> None:
    """Press what asks something first: the press ends with the answer only, so it is not waited for."""
    window.wire.loop.create_task(window.click(name))
    await window.settle(0.05)


def sent(hub: FakeHub, method: str, path: str) -> Any:
    """Return the body of the last such request."""
    return json.loads(hub.calls(method, f"{API}{path}")[-1].content)


async def test_series_are_listed_with_folder_and_naming(hub: FakeHub) -> None:
    """Title, folder, how named; one whose drive is away says so."""
    away = series("s2", "Nordlicht", path=None, naming="keep")
    hub.on("GET", f"{API}/series", page(series(), away))
    window, _ = await open_at(hub, "/series")
    await window.until(lambda: window.shows("Harbour Lights"))
    for said in ("/home/Series/Harbour Lights", "Series/Nordlicht (not connected)", "Names stay as they are"):
        assert window.shows(said), window.texts()


async def test_no_series_says_what_to_do(hub: FakeHub) -> None:
    """Empty: how series come here, and a button to name one."""
    window, _ = await open_at(hub, "/series")
    await window.until(lambda: window.shows("No series yet"))
    await window.click("Add a series")
    assert [call for call in window.wire.calls if call[0] == "push_route"] or window.page.route.endswith("/new")


async def test_a_list_that_cannot_be_read_is_tried_again(hub: FakeHub) -> None:
    """The hub's words and a button; the next answer is shown."""
    hub.on("GET", f"{API}/series", lambda _: refusal(500, "internal"))
    window, _ = await open_at(hub, "/series")
    await window.until(lambda: window.shows("Words about internal."))
    hub.on("GET", f"{API}/series", page(series()))
    await window.click("Try again")
    await window.until(lambda: window.shows("Harbour Lights"))


async def test_a_series_shows_its_pattern_and_is_forgotten_after_asking(hub: FakeHub) -> None:
    """What was learned from its files is said; forgetting asks, and says that no file is moved."""
    hub.on("GET", f"{API}/series/s1", detail(example="Harbour Lights - 1x02"))
    hub.on("DELETE", f"{API}/series/s1", {})
    window, _ = await open_at(hub, "/series/s1")
    await window.until(lambda: window.shows("Season 1, episode 2 becomes: Harbour Lights - 1x02"))
    assert window.shows("{season}x{episode:00}")
    await ask(window, "Forget this series")
    assert window.shows("No file is moved.")
    await window.click("Forget")
    await window.until(lambda: bool(hub.calls("DELETE", f"{API}/series/s1")))


async def test_an_unknown_series_says_so(hub: FakeHub) -> None:
    """A link to one that is gone shows the hub's words, not an empty screen."""
    hub.on("GET", f"{API}/series/s1", lambda _: refusal(404, "not_found"))
    window, _ = await open_at(hub, "/series/s1")
    await window.until(lambda: window.shows("Words about not_found."))


async def test_names_are_switched_on_and_tried(hub: FakeHub) -> None:
    """A switch is sent at once; a template is tried while it is typed and stored when it is kept."""
    hub.on("PATCH", f"{API}/naming", naming(like_others=True))
    tried = {"ok": True, "problem": None, "remedy": None, "examples": [{"before": "a.mkv", "after": "B (1994).mkv"}]}
    hub.on("POST", f"{API}/naming/try", tried)
    window, session = await open_at(hub, "/settings/naming")
    await window.until(lambda: window.shows("Example film.mkv"))
    from frontend.file_organizer.series_provider import NamingProvider

    provider = session.of(NamingProvider)
    await provider.try_out("film", "{title} ({year})")
    await window.until(lambda: window.shows("B (1994).mkv"))
    await provider.like_others(True)
    assert sent(hub, "PATCH", "/naming") == {"like_others": True}


async def test_a_template_that_cannot_work_says_why(hub: FakeHub) -> None:
    """The hub's problem and remedy stand where the example was."""
    wrong = {
        "ok": False,
        "problem": "A brace stands alone.",
        "remedy": "Use a dash or a blank instead.",
        "examples": [],
    }
    hub.on("POST", f"{API}/naming/try", wrong)
    window, session = await open_at(hub, "/settings/naming")
    await window.until(lambda: window.shows("Example film.mkv"))
    from frontend.file_organizer.series_provider import NamingProvider

    await session.of(NamingProvider).try_out("film", "{title")
    await window.until(lambda: window.shows("A brace stands alone."))
    assert not window.shows("Example film.mkv")


def project(title: str = "Gartenhaus", **more: Any) -> dict[str, Any]:
    place = {"path": f"/home/Projekte/{title}", "volume_id": "v1", "folder": f"Projekte/{title}"}
    return {"id": None, "title": title, "why": "home", "words": [], **place, **more}


async def test_projects_say_how_they_are_known_and_can_be_told_to_be_none(hub: FakeHub) -> None:
    """Folder, reason and words; "no project" asks first and is sent as such."""
    known = [project(), project("Bad", why="person", id="p1", words=["duravit"])]
    hub.on("GET", f"{API}/projects", page(*known))
    hub.on("POST", f"{API}/projects", {"id": "p2", "title": "Gartenhaus", "path": "/x", "hidden": True})
    window, _ = await open_at(hub, "/projects")
    await window.until(lambda: window.shows("Gartenhaus"))
    for said in ("It lies among your projects", "You named it · Words: duravit", "/home/Projekte/Bad"):
        assert window.shows(said), window.texts()
    await ask(window, "No project Gartenhaus")
    assert window.shows("No file is moved.")
    await window.click("It is none")
    await window.until(lambda: bool(hub.calls("POST", f"{API}/projects")))
    assert sent(hub, "POST", "/projects") == {"path": "/home/Projekte/Gartenhaus", "hidden": True}


async def test_no_projects_says_what_to_do(hub: FakeHub) -> None:
    """Empty: what Homie takes for a project, and a button to choose a folder."""
    hub.on("GET", f"{API}/projects", page())
    window, _ = await open_at(hub, "/projects")
    await window.until(lambda: window.shows("No projects yet"))
    window.button("Choose a folder")
