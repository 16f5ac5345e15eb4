"""Loading never races itself, and what was optimistic is taken back."""

from __future__ import annotations

import ast
import asyncio
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

import frontend
from frontend.api.errors import ApiError, Offline
from frontend.providers.base import Provider, undone_on_error
from frontend.providers.paged import PAGE, Paged
from tests.frontend.wire import FakeHub, event, page

pytestmark = pytest.mark.anyio


@dataclass(eq=False)
class Numbers(Provider):
    hears = ("numbers.",)

    value: int = 0
    many: dict[str, int] = field(default_factory=dict)
    asked: int = 0
    _fails: BaseException | None = None

    async def fetch(self) -> None:
        self.asked += 1
        await asyncio.sleep(0)
        if self._fails:
            raise self._fails
        self.value += 1


def _numbers() -> Numbers:
    return Numbers(api=FakeHub().api())


async def test_states_follow_the_outcome() -> None:
    """idle, loading, ready; then error or offline with what was loaded still there; then ready again."""
    one = _numbers()
    seen: list[str] = []
    watch = lambda _, name: seen.append(one.state) if name == "state" else None  # noqa: E731
    one.subscribe(watch)
    await one.load()
    assert (seen, one.loaded, one.error) == (["loading", "ready"], True, None)
    one._fails = ApiError("boom", "Boom.")
    await one.load()
    assert (one.state, one.loaded, one.value) == ("error", True, 1)
    one._fails = Offline()
    await one.load()
    assert one.state == "offline"
    one._fails = None
    await one.came_online()
    assert (one.state, one.error) == ("ready", None)


async def test_what_nobody_foresaw_is_an_error_and_no_endless_loading(caplog: pytest.LogCaptureFixture) -> None:
    """An answer of another shape ends as an error that can be tried again; what happened stands in the log."""
    one = _numbers()
    one._fails = KeyError("items")
    await one.load()
    assert (one.state, one.loaded, one.error and one.error.code) == ("error", False, "internal")
    assert "KeyError: 'items'" in caplog.text


async def test_who_stops_waiting_is_not_told_of_an_error() -> None:
    """A load that is cancelled failed at nothing."""
    one = _numbers()
    one._fails = asyncio.CancelledError()
    with pytest.raises(asyncio.CancelledError):
        await one.load()
    assert (one.state, one.error) == ("idle", None)


async def test_many_loads_are_few_requests() -> None:
    """Fifty loads at once are one running and one after it: nobody gets an answer older than the question."""
    one = _numbers()
    await asyncio.gather(*(one.load() for _ in range(50)))
    assert one.asked <= 2


async def test_a_load_after_the_question_is_not_swallowed() -> None:
    """Whoever asks while an older question is under way gets an answer to their own."""
    one = _numbers()
    first = asyncio.create_task(one.load())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await one.load()
    await first
    assert one.asked == 2


async def test_other_work_is_not_answered_by_a_reading_of_the_list() -> None:
    """Whoever asks for one thing while the list is read, and asked for again, gets that thing."""
    one = _numbers()
    opened: list[int] = []

    async def open_one() -> None:
        opened.append(one.asked)

    await asyncio.gather(one.load(), one.load(), one.loading(open_one), one.load())
    assert len(opened) == 1


async def test_what_is_dropped_sets_nothing_and_holds_up_nobody() -> None:
    """Who waited for it goes on, neither told of a failure nor of a success; the next question is answered."""
    one = _numbers()
    first, second = asyncio.create_task(one.load()), asyncio.create_task(one.load())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert one.asked == 1
    one.drop()
    await asyncio.gather(first, second)
    assert (one.asked, one.value, one.loaded, one.state) == (1, 0, False, "idle")
    await one.load()
    assert (one.value, one.loaded, one.state) == (1, True, "ready")


async def test_events_reload_what_was_looked_at() -> None:
    """An event of its family reloads once for many; nothing is loaded that nobody looked at."""
    one = _numbers()
    one.on_event(event("numbers.changed"))  # type: ignore[arg-type]
    assert not one._tasks
    await one.load()
    for _ in range(10):
        one.on_event(event("numbers.changed"))  # type: ignore[arg-type]
    one.on_event(event("letters.changed"))  # type: ignore[arg-type]
    await asyncio.gather(*one._tasks)
    assert one.asked == 2


async def test_what_rests_is_read_anew_only_where_somebody_looks() -> None:
    """Hidden, ten events ask nothing; shown again, it is read once; to end a look twice ends no other one."""
    one = _numbers()
    one.rests = True  # type: ignore[misc]
    ends = [one.subscribe(_heard), one.subscribe(_seen)]
    await one.load()
    ends[0]()
    ends[0]()
    one.on_event(event("numbers.changed"))  # type: ignore[arg-type]
    await asyncio.gather(*one._tasks)
    assert one.asked == 2, "one look is left"
    ends[1]()
    for _ in range(10):
        one.on_event(event("numbers.changed"))  # type: ignore[arg-type]
    assert (one.asked, one._tasks) == (2, set())
    end = one.subscribe(_seen)
    await asyncio.gather(*one._tasks)
    assert one.asked == 3
    one.subscribe(_heard)()
    assert not one._tasks
    end()
    one.on_event(event("numbers.changed"))  # type: ignore[arg-type]
    one.subscribe(_seen)
    await one.load()  # as a screen does that loads what it shows
    await asyncio.gather(*one._tasks)
    assert one.asked == 4, "asked once, not twice"


def _heard(*_: object) -> None:
    """Stand for a component that shows something."""


def _seen(*_: object) -> None:
    """Stand for another one."""


async def test_reset_forgets_everything() -> None:
    """After a reset nothing of the person before is left."""
    one = _numbers()
    await one.load()
    one.many = {"a": 1}
    one.reset()
    assert (one.value, dict(one.many), one.state, one.loaded) == (0, {}, "idle", False)


async def test_a_refused_change_is_taken_back() -> None:
    """Undos run in reverse order, and the error goes on to the caller."""
    done: list[int] = []
    with pytest.raises(ApiError):
        async with undone_on_error(lambda: done.append(1), lambda: done.append(2)):
            raise ApiError("no", "No.")
    assert done == [2, 1]


def test_providers_know_no_widgets() -> None:
    """Importing every provider loads no control: they run without a user interface."""
    code = (
        "import sys, frontend.providers.session\n"
        "bad = [m for m in sys.modules if m.startswith('flet.controls.material') or m == 'flet.controls.page'"
        " or m.startswith('backend')]\n"
        "raise SystemExit(str(bad) if bad else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    for file in sorted((Path(frontend.__file__).parent / "file_organizer").glob("*_provider.py")):
        names = {
            name
            for node in ast.walk(ast.parse(file.read_text("utf-8")))
            for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else [])
        }
        assert not {name for name in names if name.startswith(("flet", "frontend.kit", "frontend.i18n"))}, file.name


# ---------------------------------------------------------------------- lists


def _rows(first: int, last: int) -> list[dict[str, Any]]:
    return [{"id": f"{number:04}", "n": number} for number in range(first, last)]


class Table:
    """A list of the hub with cursors."""

    def __init__(self, count: int) -> None:
        self.rows = _rows(0, count)
        self.asked: list[tuple[str | None, int]] = []

    async def page(self, cursor: str | None, limit: int) -> Any:
        self.asked.append((cursor, limit))
        await asyncio.sleep(0)
        start = next((i for i, one in enumerate(self.rows) if cursor is None or one["id"] > cursor), len(self.rows))
        found = [dict(one) for one in self.rows[start : start + limit]]
        more = start + limit < len(self.rows)
        return page(*found, cursor=found[-1]["id"] if more and found else None)


async def test_pages_are_appended() -> None:
    """Loading goes page by page until the end, each row once."""
    table = Table(120)
    many: Paged[Any] = Paged(source=table.page)
    await many.load()
    assert (len(many.items), many.has_more) == (PAGE, True)
    await asyncio.gather(many.load_more(), many.load_more())
    await many.load_more()
    await many.load_more()
    assert [one["n"] for one in many.items] == list(range(120))
    assert (len(table.asked), many.has_more) == (3, False)


async def test_refresh_keeps_place_selection_and_identity() -> None:
    """Reading anew keeps length and selection, and unchanged rows stay the same objects: only changed rows render."""
    table = Table(120)
    many: Paged[Any] = Paged(source=table.page)
    await many.load()
    await many.load_more()
    before = many.items
    many.select("0003")
    many.select("0005")
    table.rows[3] = {"id": "0003", "n": 333}
    del table.rows[5]
    await many.refresh()
    assert len(many.items) == 100
    assert many.selected == {"0003"}
    same = {id(one) for one in before} & {id(one) for one in many.items}
    assert len(same) == 98


async def test_a_page_for_a_list_that_was_reset_is_dropped() -> None:
    """What was on its way when the list began anew does not get into it."""
    table = Table(120)
    many: Paged[Any] = Paged(source=table.page)
    await many.load()
    late = asyncio.create_task(many.load_more())
    await asyncio.sleep(0)
    many.reset()
    await late
    assert many.items == ()


@pytest.mark.parametrize("count", [0, 1, PAGE, PAGE + 1])
async def test_edges_of_lists(count: int) -> None:
    """Empty, one, exactly one page, one more: `has_more` and `is_empty` tell the truth."""
    many: Paged[Any] = Paged(source=Table(count).page)
    assert not many.is_empty
    await many.load()
    assert (many.is_empty, many.has_more) == (count == 0, count > PAGE)


async def test_changes_are_taken_back_exactly() -> None:
    """Update, insert and remove give an undo that restores value, place and selection."""
    many: Paged[Any] = Paged(source=Table(5).page)
    await many.load()
    before = many.items
    many.select("0002")
    undos = [many.update("0001", {"n": 9}), many.remove("0002"), many.insert({"id": "new", "n": 0})]
    assert [one["id"] for one in many.items] == ["new", "0000", "0001", "0003", "0004"]
    for undo in reversed(undos):
        undo()
    assert many.items == before
    assert many.selected == {"0002"}


async def test_news_of_the_hub_is_not_undone() -> None:
    """An undo leaves a row alone that the hub changed meanwhile."""
    many: Paged[Any] = Paged(source=Table(2).page)
    await many.load()
    undo = many.update("0001", {"n": 9})
    many.insert({"id": "0001", "n": 77})
    undo()
    assert many.get("0001") == {"id": "0001", "n": 77}


async def test_changing_what_is_not_shown_does_nothing() -> None:
    """Rows that were not read yet are not invented."""
    many: Paged[Any] = Paged(source=Table(2).page)
    await many.load()
    before = many.items
    many.update("nobody", {"n": 1})()
    many.remove("nobody")()
    assert many.items is before


async def test_what_is_forgotten_before_it_was_read_anew_hears_again() -> None:
    """Logging out ends a reload that has not begun; for the next person here the provider hears as before."""
    one = _numbers()
    await one.load()
    one.on_event(event("numbers.changed"))
    one.reset()
    await asyncio.sleep(0)
    await one.load()
    before = one.asked
    one.on_event(event("numbers.changed", "e2"))
    await asyncio.sleep(0.02)
    assert one.asked == before + 1
