"""The blocks of the kit, rendered without a browser: what they promise to every screen."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Any

import flet as ft
import pytest
from flet.components.observable import observable

from frontend.api.errors import ApiError, Offline
from frontend.i18n import set_language
from frontend.kit import (
    AllOf,
    Form,
    Live,
    PagedList,
    TextInput,
    body,
    confirm,
    navigate,
    primary_button,
    state_of,
    use_action,
    use_form,
    use_provider,
)
from tests.frontend.headless import Headless


@observable
@dataclass
class Counter:
    value: int = 0


@observable
@dataclass
class Shelf:
    items: list[Any] = field(default_factory=list)
    loaded: bool = True
    error: ApiError | None = None
    state: str = "idle"

    async def load(self) -> None:
        self.error, self.loaded = None, True


def run(scenario: Any) -> Any:
    return asyncio.run(scenario())


def test_typing_renders_nothing_and_is_read_by_handlers() -> None:
    """A field whose value came back through rendering would lose letters when the network jitters."""
    seen: list[str] = []
    rendered: list[Form] = []

    @ft.component
    def Entry() -> ft.Control:
        form = use_form(name="An")
        rendered.append(form)
        return ft.Column([TextInput(form, "name", "Name"), primary_button("Save", lambda: seen.append(form["name"]))])

    async def scenario() -> None:
        window = await Headless().show(Entry)
        before = window.find("TextField")[0]
        for typed in ("Ann", "Anna", "Anna K"):
            await window.type("Name", typed)
        await window.click("Save")
        assert seen == ["Anna K"]
        assert len(rendered) == 1
        assert window.find("TextField")[0] is before

    run(scenario)


def test_a_form_that_code_fills_shows_it() -> None:
    """Filling from code rebuilds the field; the person's own typing does not."""

    @ft.component
    def Entry() -> ft.Control:
        form = use_form()
        turn, set_turn = ft.use_state(0)

        def fill() -> None:
            form.fill(name="suggested")
            set_turn(turn + 1)

        return ft.Column([TextInput(form, "name", "Name"), primary_button("Fill", fill)])

    async def scenario() -> None:
        window = await Headless().show(Entry)
        await window.click("Fill")
        assert window.find("TextField")[0].value == "suggested"

    run(scenario)


def test_an_action_runs_once_at_a_time_and_says_what_went_wrong() -> None:
    """A double click is one action; the hub's words and remedy are shown, never an exception's text."""
    started: list[int] = []
    gate = asyncio.Event()

    @ft.component
    def Panel() -> ft.Control:
        async def work() -> None:
            started.append(1)
            await gate.wait()
            raise ApiError("drive_away", "The drive is not there.", fields={"p": "x"}, remedies={"p": "Plug it in."})

        act = use_action(work)
        return ft.Column([primary_button("Go", act), body("busy" if act.busy else "idle")])

    async def scenario() -> None:
        window = await Headless().show(Panel)
        button = window.button("Go")
        first = asyncio.create_task(window.session.dispatch_event(button._i, "click", None))
        await window.settle()
        await window.fire(button, "click")
        assert started == [1]
        assert window.shows("busy")
        gate.set()
        await first
        await window.until(lambda: window.shows("The drive is not there. Plug it in."))
        assert window.shows("idle")

    run(scenario)


@pytest.mark.parametrize(("gone_to", "led"), [("/goals/new?tab=2", True), ("/accounts", False)])
def test_a_slow_action_leads_nobody_away_from_where_they_went_meanwhile(gone_to: str, led: bool) -> None:
    """What is saved may lead on from its own screen only."""
    gate = asyncio.Event()

    @ft.component
    def Panel() -> ft.Control:
        async def work() -> None:
            await gate.wait()
            navigate("/goals/1")

        return primary_button("Go", use_action(work))

    async def scenario() -> None:
        window = await Headless(route="/goals/new").show(Panel)
        first = asyncio.create_task(window.session.dispatch_event(window.button("Go")._i, "click", None))
        await window.settle()
        window.page.route = gone_to
        gate.set()
        await first
        await window.settle()
        assert [name == "push_route" for name, _ in window.wire.calls] == [True] * led

    run(scenario)


def test_an_unknown_failure_is_told_without_its_text(caplog: pytest.LogCaptureFixture) -> None:
    """What a programmer must know goes to the log, what a person can do goes to the screen."""

    @ft.component
    def Panel() -> ft.Control:
        async def work() -> None:
            raise KeyError("secret detail")

        return primary_button("Go", use_action(work))

    async def scenario() -> None:
        window = await Headless().show(Panel)
        await window.click("Go")
        await window.until(lambda: window.shows("Something went wrong in the app"))
        assert not window.shows("secret detail")
        assert "secret detail" in caplog.text

    run(scenario)


def test_only_changed_rows_and_live_values_are_rendered_again() -> None:
    """One changed row of a list renders one row, one tick of progress renders one component."""
    drawn: list[str] = []
    shelf, counter = Shelf([("a", 1), ("b", 1), ("c", 1)]), Counter()

    @ft.component
    def Row(item: tuple[str, int]) -> ft.Control:
        drawn.append(f"{item[0]}{item[1]}")
        return body(f"{item[0]} {item[1]}")

    @ft.component
    def Page() -> ft.Control:
        drawn.append("page")
        held = use_provider(shelf)
        return ft.Column(
            [
                Live(counter, lambda c: body(f"ticks {c.value}")),
                PagedList(list(held.items), Row, key_of=lambda item: item[0]),
            ]
        )

    async def scenario() -> None:
        window = await Headless().show(Page)
        drawn.clear()
        shelf.items = [("a", 1), ("b", 2), ("c", 1)]
        await window.until(lambda: window.shows("b 2"))
        assert [one for one in drawn if one != "page"] == ["b2"]
        drawn.clear()
        counter.value = 7
        await window.until(lambda: window.shows("ticks 7"))
        assert drawn == []

    run(scenario)


def test_a_list_asks_for_more_once_when_its_end_comes_near() -> None:
    """Two scroll events before the answer load one page."""
    asked: list[int] = []
    gate = asyncio.Event()

    @ft.component
    def Row(item: int) -> ft.Control:
        return body(f"row {item}")

    async def more() -> None:
        asked.append(1)
        await gate.wait()

    async def scenario() -> None:
        window = await Headless().show(PagedList, [1, 2], Row, key_of=str, more=more, has_more=True)
        view = window.find("ListView")[0]
        tasks = [asyncio.create_task(view.on_scroll(_Scrolled(900.0, 1000.0))) for _ in range(2)]
        await window.settle()
        assert asked == [1]
        gate.set()
        await asyncio.gather(*tasks)

    run(scenario)


def test_more_of_a_list_that_cannot_be_read_is_said_where_it_was_asked_for() -> None:
    """Scrolling fails silently, as nobody asked; the button says why, and works as soon as the hub does."""
    asked: list[int] = []

    @ft.component
    def Row(item: int) -> ft.Control:
        return body(f"row {item}")

    async def more() -> None:
        asked.append(1)
        if len(asked) < 3:
            raise Offline()

    async def scenario() -> None:
        window = await Headless().show(PagedList, [1, 2], Row, key_of=str, more=more, has_more=True)
        await window.find("ListView")[0].on_scroll(_Scrolled(900.0, 1000.0))
        assert not window.shows("No connection to Homie")
        await window.click("Show more")
        await window.until(lambda: window.shows("No connection to Homie"))
        await window.click("Show more")
        assert len(asked) == 3

    run(scenario)


@dataclass
class _Scrolled:
    pixels: float
    max_scroll_extent: float


def test_states_say_what_is_and_keep_what_was_loaded() -> None:
    """Loading, then an error with a way on; once loaded, a later error does not take the content away."""
    shelf = Shelf(loaded=False)

    @ft.component
    def Page() -> ft.Control:
        held = use_provider(shelf)
        return state_of(held, lambda: body("content"))

    async def scenario() -> None:
        window = await Headless().show(Page)
        assert window.find("Semantics", label="Loading")
        shelf.error = Offline()
        await window.until(lambda: window.shows("No connection to Homie"))
        await window.click("Try again")
        await window.until(lambda: window.shows("content"))
        shelf.error = Offline()
        await window.settle()
        assert window.shows("content")

    run(scenario)


def test_trying_again_is_seen_and_is_done_however_it_is_written() -> None:
    """A plain function that returns something to await was not awaited: its button did nothing."""
    shelf, tries = Shelf(loaded=False, error=Offline(), state="offline"), 0
    gate = asyncio.Event()

    async def ask() -> None:
        nonlocal tries
        tries, shelf.state = tries + 1, "loading"
        await gate.wait()
        await shelf.load()

    @ft.component
    def Page() -> ft.Control:
        held = use_provider(shelf)
        return state_of(held, lambda: body("content"), retry=lambda: ask())

    async def scenario() -> None:
        window = await Headless().show(Page)
        trying = asyncio.create_task(window.click("Try again"))
        await window.until(lambda: window.find("Semantics", label="Loading"))
        assert tries == 1
        gate.set()
        await trying
        await window.until(lambda: window.shows("content"))

    run(scenario)


def test_what_needs_several_waits_for_all_and_asks_again_for_those_that_failed() -> None:
    """One that is there is not asked again; one that is on its way is waited for before an error is shown."""
    there, failed, late = Shelf(["a"]), Shelf(loaded=False, error=Offline(), state="offline"), Shelf(loaded=False)
    late.state = "loading"
    asked: list[str] = []

    async def ask(one: Shelf, name: str) -> None:
        asked.append(name)
        one.state = "ready"
        await one.load()

    @ft.component
    def Page() -> ft.Control:
        for one in (there, failed, late):
            use_provider(one)
        all_of = AllOf(there, (failed, lambda: ask(failed, "failed")), (late, lambda: ask(late, "late")))
        return state_of(all_of, lambda: body("content"))

    async def scenario() -> None:
        window = await Headless().show(Page)
        assert window.find("Semantics", label="Loading")
        late.error, late.state = Offline(), "offline"
        await window.until(lambda: window.shows("No connection to Homie"))
        await window.click("Try again")
        await window.until(lambda: window.shows("content"))
        assert sorted(asked) == ["failed", "late"]

    run(scenario)


def test_a_question_is_answered_by_its_button_or_by_leaving_it() -> None:
    """Dismissing a question never counts as a yes."""
    answers: list[bool] = []

    @ft.component
    def Page() -> ft.Control:
        async def ask() -> None:
            answers.append(await confirm("Erase?", "All of it.", "Erase", danger=True))

        return primary_button("Ask", ask)

    async def scenario() -> None:
        window = await Headless().show(Page)
        for how in ("Erase", "Cancel"):
            asking = asyncio.create_task(window.click("Ask"))
            await window.until(lambda: window.shows("All of it."))
            await window.click(how)
            await asking
        asking = asyncio.create_task(window.click("Ask"))
        await window.until(lambda: window.shows("All of it."))
        dialog = window.find("AlertDialog")[-1]
        await window.fire(dialog, "dismiss")
        await asking
        assert answers == [True, False, False]

    run(scenario)


def test_two_sessions_speak_their_own_languages() -> None:
    """One process serves many windows; a language is never global."""

    @ft.component
    def Page(language: str) -> ft.Control:
        set_language(language)
        return state_of(Shelf(loaded=False, error=Offline()), lambda: body(""))

    async def window_of(language: str) -> Headless:
        return await Headless().show(Page, language)

    async def scenario() -> None:
        german, english = await asyncio.gather(
            asyncio.create_task(window_of("de-AT")), asyncio.create_task(window_of("en"))
        )
        assert german.shows("Keine Verbindung zu Homie")
        assert english.shows("No connection to Homie")

    run(scenario)
