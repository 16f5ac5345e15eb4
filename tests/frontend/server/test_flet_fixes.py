"""What Flet 1.0.5 gets wrong is mended, and a Flet that is built otherwise is refused."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import flet as ft
import pytest
from flet.components.observable import observable
from flet.messaging.session import Session
from flet_web.fastapi.flet_app import FletApp
from flet_web.fastapi.flet_app_manager import app_manager

from frontend.server import flet_fixes
from tests.frontend.headless import Headless

SECONDS = 600


@pytest.fixture(autouse=True)
def _mended() -> Iterator[None]:
    flet_fixes.apply()
    yield
    flet_fixes.sessions().clear()


@observable
@dataclass
class Counted:
    """One number that a window shows."""

    value: int = 0


@ft.component
def Shown(counted: Counted) -> ft.Control:
    """Show the number."""
    now, _ = ft.use_state(counted)
    if now.value < 0:
        raise ValueError("cannot be drawn")
    return ft.Text(f"value {now.value}")


@ft.component
def Two(first: Counted, second: Counted) -> ft.Control:
    """Show two numbers, each in a component of its own."""
    return ft.Column([Shown(first), Shown(second)])


async def _leave(app: Headless) -> None:
    await app.session.disconnect(SECONDS)


async def _return(app: Headless) -> None:
    app.session.attach_connection(app.wire)
    await app.settle()


def test_another_flet_is_refused() -> None:
    """The mends reach into Flet's internals: another version must be looked at before it runs."""
    with pytest.raises(flet_fixes.FletChanged, match=r"1\.0\.6"):
        flet_fixes.check_shape("1.0.6")


def test_a_flet_without_what_is_mended_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release that renames an internal is noticed at the start, by name."""
    monkeypatch.delattr(Session, "schedule_effect")
    with pytest.raises(flet_fixes.FletChanged, match=r"Session\.schedule_effect"):
        flet_fixes.check_shape(flet_fixes.KNOWN_VERSION)


def test_mending_twice_changes_nothing() -> None:
    """A second start in the same process does not wrap what is mended already."""
    before = (Session.schedule_update, Session.disconnect)
    flet_fixes.apply()
    assert before == (Session.schedule_update, Session.disconnect)


def test_a_change_while_the_window_was_away_is_drawn_when_it_returns() -> None:
    """Nobody reads yesterday's list after their phone has slept."""

    async def scenario() -> None:
        counted = Counted()
        app = await Headless().show(Shown, counted)
        assert app.texts() == ["value 0"]
        await _leave(app)
        counted.value = 7
        await app.settle()
        await _return(app)
        assert app.texts() == ["value 7"]

    asyncio.run(scenario())


def test_a_change_in_the_moment_of_leaving_is_drawn_too() -> None:
    """What waited to be drawn when the line broke is not forgotten."""

    async def scenario() -> None:
        counted = Counted()
        app = await Headless().show(Shown, counted)
        counted.value = 3
        await _leave(app)
        await app.settle()
        await _return(app)
        assert app.texts() == ["value 3"]

    asyncio.run(scenario())


def test_an_effect_that_fell_due_while_away_runs_after_the_return() -> None:
    """Loading that a change asked for happens, only later."""
    ran: list[int] = []

    @ft.component
    def Follows(counted: Counted) -> ft.Control:
        now, _ = ft.use_state(counted)
        ft.use_effect(lambda: ran.append(now.value), [now.value])
        return ft.Text(str(now.value))

    async def scenario() -> None:
        counted = Counted()
        app = await Headless().show(Follows, counted)
        await _leave(app)
        counted.value = 9
        await app.settle()
        assert ran == [0]
        await _return(app)
        assert ran == [0, 9]

    asyncio.run(scenario())


def test_a_part_that_cannot_be_drawn_does_not_stop_the_rest() -> None:
    """One failing component leaves a window that still changes, and recovers itself when it can be drawn again."""

    async def scenario() -> None:
        first, second = Counted(), Counted()
        app = await Headless().show(Two, first, second)
        first.value = -1
        await app.settle()
        second.value = 5
        await app.settle()
        assert "value 5" in app.texts()
        first.value = 2
        await app.settle()
        assert "value 2" in app.texts()

    asyncio.run(scenario())


@ft.component
def Held(of: tuple[Counted, Counted]) -> ft.Control:
    """Show the sum of two numbers; what fails lies between the two subscriptions."""
    first, _ = ft.use_state(of[0])
    if first.value < 0:
        raise ValueError("cannot be drawn")
    second, _ = ft.use_state(of[1])
    return ft.Text(f"sum {first.value + second.value}")


@pytest.mark.parametrize("later", [0, 1], ids=["the one that failed", "another one"])
def test_a_part_that_could_not_be_drawn_is_drawn_with_the_next_change(later: int) -> None:
    """Flet ends a component's subscriptions before it draws: one that failed once was never drawn again."""

    async def scenario() -> None:
        numbers = Counted(), Counted()
        app = await Headless().show(Held, numbers)
        numbers[0].value = -1
        await app.settle()
        assert app.shows("sum 0")
        object.__setattr__(numbers[0], "value", 5)  # it can be drawn again, and nobody was told so
        numbers[later].value += 2
        await app.settle()
        assert app.shows("sum 7")

    asyncio.run(scenario())


def test_a_returning_session_gets_new_ids_and_keeps_its_controls() -> None:
    """The client takes the tree as new instead of comparing it, which takes 2 to the power of its depth."""

    async def scenario() -> None:
        app = await Headless().show(Shown, Counted())
        text = next(one for one in app.controls() if isinstance(one, ft.Text))
        before = text._i
        await app_manager.add_session("mine", app.session)
        assert await app_manager.get_session("mine") is app.session
        assert text._i == before, "a session that is connected keeps its ids"
        await _leave(app)
        assert await app_manager.get_session("mine") is app.session
        assert text._i != before
        assert app.session.index[text._i] is text
        assert app.session.index[app.page._i] is app.page

    asyncio.run(scenario())


class _Line:
    """A websocket as Starlette gives it, of somebody who leaves at once, or in the middle of an answer."""

    def __init__(self) -> None:
        self.client = SimpleNamespace(host="192.0.2.7")
        self.headers: dict[str, str] = {}
        self.cookies: dict[str, str] = {}
        self.url = SimpleNamespace(path="/ws")

    async def accept(self) -> None:
        """Open."""

    async def receive_bytes(self) -> bytes:
        """Leave."""
        raise ConnectionResetError

    async def send_bytes(self, data: bytes) -> None:
        """Fail, as on a line that is gone."""
        raise ConnectionResetError


def _window() -> Any:
    return FletApp(asyncio.get_running_loop(), app_manager.executor, lambda page: None, None)


def test_whoever_leaves_before_saying_who_they_are_is_let_go() -> None:
    """A scanner that opens sockets and leaves them costs no memory for ever."""

    async def scenario() -> None:
        window = _window()
        with pytest.raises(AttributeError):
            await asyncio.wait_for(window.handle(_Line()), 10)

    asyncio.run(scenario())


def test_a_line_that_breaks_while_sending_still_lets_the_session_wait() -> None:
    """Its person may come back to it, and it is evicted when they do not."""

    async def scenario() -> None:
        window = _window()
        window.pubsubhub = app_manager.get_pubsubhub(window, loop=asyncio.get_running_loop())
        window.page_url, window.page_name = "", ""
        session = Session(window)
        window._FletApp__session = session
        await flet_fixes.part(window, SECONDS)
        assert session.connection is None
        assert session.expires_at is not None

    asyncio.run(scenario())


def test_a_handler_that_fails_shows_no_trace(caplog: pytest.LogCaptureFixture) -> None:
    """The window stays; what happened stands in the log."""

    async def scenario() -> int:
        app = await Headless().show(Shown, Counted())
        before = len(app.wire.sent)
        app.session.error("Traceback: secret path")
        return len(app.wire.sent) - before

    assert asyncio.run(scenario()) == 0
    assert "secret path" in caplog.text
