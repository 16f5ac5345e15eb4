"""The live line at the wire: order, doubles, cursors, what the hub says besides events."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from frontend.api.errors import ApiError
from frontend.providers import web_socket_provider
from frontend.providers.base import Event, Provider
from frontend.providers.cursors import Cursors, later
from frontend.providers.socket_line import Refusal
from frontend.providers.web_socket_provider import WebSocketProvider
from tests.frontend.wire import FakeHub, event, refusal, tokens

pytestmark = pytest.mark.anyio


@dataclass(eq=False)
class Listener(Provider):
    heard: list[str] = field(default_factory=list)
    reloads: int = 0
    onlines: int = 0

    def on_event(self, event: Event) -> None:
        self.heard.append(event["event_id"])

    def reload_soon(self) -> None:
        self.reloads += 1

    async def came_online(self) -> None:
        self.onlines += 1


class FakeLine:
    """A connection that says what the test says."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, dict[str, str]]] = []
        self.plan: list[Any] = []
        self.hear: Callable[[str, Any], None] = lambda *_: None
        self.gone = asyncio.Event()
        self.answer: Any = {"ok": True}

    async def open(self, token: str, cursors: Mapping[str, str], hear: Callable[[str, Any], None]) -> None:
        self.opened.append((token, dict(cursors)))
        self.hear, self.gone = hear, asyncio.Event()
        step = self.plan.pop(0) if self.plan else None
        if isinstance(step, BaseException):
            raise step
        if step == "silent":
            return
        hear("ready", {"cursors": {"o1": "a-1"}})

    async def ended(self) -> None:
        await self.gone.wait()

    async def call(self, name: str, data: Mapping[str, Any]) -> Any:
        return self.answer

    async def close(self) -> None:
        self.gone.set()


def _socket(hub: FakeHub | None = None) -> tuple[WebSocketProvider, Any, Listener]:
    line: Any = FakeLine()
    made = (hub or FakeHub()).signed_in()
    socket = WebSocketProvider(made, line)
    listener = Listener(api=FakeHub().api())
    socket.subscribe_provider(listener)
    return socket, line, listener


async def _until(what: Callable[[], Any]) -> None:
    async with asyncio.timeout(20):
        while not what():
            await asyncio.sleep(0.005)


async def test_an_event_is_given_once() -> None:
    """The same event, live and replayed, reaches a provider once; progress with an old cursor passes."""
    socket, _, listener = _socket()
    socket.feed("ready", {"cursors": {"o1": "a-1"}})
    for one in (event("x", "e1", "a-2"), event("x", "e1", "a-2"), event("x", "e2", "a-2"), event("x", "e3", "a-3")):
        socket.feed("event", one)
    assert listener.heard == ["e1", "e2", "e3"]
    assert socket._cursors.shown() == {"o1": "a-3"}


async def test_a_break_during_the_replay_loses_nothing() -> None:
    """Live events that overtake missed ones do not move the cursor before the replay has ended."""
    socket, _, _ = _socket()
    socket.feed("ready", {"cursors": {"o1": "a-1"}})
    assert socket._cursors.shown() == {"o1": "a-1"}  # connecting again
    socket.feed("event", event("x", "e9", "a-9"))
    assert socket._cursors.shown() == {"o1": "a-1"}  # it broke before `ready`: 2..8 come again


async def test_the_line_is_tried_again_whatever_broke_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What nobody foresaw is written down and tried again, like any other break."""
    monkeypatch.setattr(web_socket_provider, "FIRST_WAIT", 0.01)
    socket, line, _ = _socket()
    line.plan = [RuntimeError("Session is closed")]
    socket.start()
    await _until(lambda: socket.online)
    await socket.stop()
    assert "Session is closed" in caplog.text


async def test_reload_reaches_everybody() -> None:
    """What cannot be replayed is read anew, and the cursor begins where the hub says."""
    socket, _, listener = _socket()
    socket.feed("ready", {"cursors": {"o1": "a-1"}})
    before = listener.reloads
    socket.feed("reload", {"owner_id": "o1", "cursor": "b-4"})
    assert listener.reloads == before + 1
    assert socket._cursors.shown() == {"o1": "b-4"}
    socket.feed("reload", {"reason": "events_lost"})
    assert listener.reloads == before + 2
    assert socket._cursors.shown() == {"o1": "b-4"}


async def test_changed_access_moves_the_spaces() -> None:
    """A space that was left is no longer followed; a new one is, from its cursor."""
    socket, _, _ = _socket()
    told: list[int] = []
    socket.on_access_changed = lambda: told.append(1)
    socket.feed("ready", {"cursors": {"o1": "a-1", "o2": "a-5"}})
    socket.feed("access_changed", {"spaces": ["o2", "o3"], "cursors": {"o2": "a-9", "o3": "a-2"}})
    assert socket._cursors.shown() == {"o2": "a-5", "o3": "a-2"}
    assert told == [1]


async def test_one_provider_that_fails_stops_nobody() -> None:
    """An error in one provider does not keep an event from the others."""
    socket, _, listener = _socket()
    broken = Listener(api=FakeHub().api())
    broken.on_event = lambda _: 1 / 0  # type: ignore[method-assign, assignment]
    socket._listeners.insert(0, broken)
    socket.feed("event", event("x", "e1"))
    assert listener.heard == ["e1"]


@pytest.mark.parametrize("junk", [None, 1, "x", [], {}, {"cursor": None}, {"event_id": [1]}])
async def test_junk_is_no_end(junk: Any) -> None:
    """Whatever arrives under a known name, the line goes on."""
    socket, _, _ = _socket()
    for name in ("event", "ready", "reload", "access_changed", "rate_limited", "module_switched", "bye", "else"):
        socket.feed(name, junk)


async def test_limits_are_noted() -> None:
    """The hub's wish to be left alone has an end that the app can show."""
    socket, _, _ = _socket()
    socket.feed("rate_limited", {"retry_after": 60})
    assert 50 < socket.limited_until - time.time() < 70


async def test_the_line_comes_back_with_its_cursors() -> None:
    """After a break it connects again by itself, shows its cursors, and tells everybody."""
    socket, line, listener = _socket()
    socket.start()
    await _until(lambda: socket.online)
    line.hear("event", event("x", "e1", "a-7"))
    line.gone.set()
    await _until(lambda: len(line.opened) == 2)
    await _until(lambda: socket.online)
    assert line.opened == [("hma_1", {}), ("hma_1", {"o1": "a-7"})]
    assert listener.onlines == 2
    await socket.stop()
    assert (socket.state, socket.wanted) == ("offline", False)


async def test_a_hub_that_lets_in_and_says_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection without welcome would look like one that is coming up, for ever: it is given up for another one."""
    monkeypatch.setattr(web_socket_provider, "READY_SECONDS", 0.05)
    socket, line, listener = _socket()
    line.plan = ["silent", "silent"]
    socket.start()
    await _until(lambda: socket.online)
    assert (len(line.opened), listener.onlines) == (3, 1)
    line.gone.set()
    await _until(lambda: len(line.opened) == 4 and socket.online)
    await socket.stop()


async def test_a_dead_hub_is_asked_less_and_less() -> None:
    """Tries are spaced out, the state says offline, and `try_now` shortens the wait."""
    socket, line, _ = _socket()
    line.plan = [ConnectionError("no")] * 3
    socket.start()
    await _until(lambda: socket.tries >= 3)
    assert socket.state == "offline"
    assert len(line.opened) <= 3
    socket.try_now()
    await _until(lambda: socket.online)
    assert socket.tries == 0
    await socket.stop()


async def test_an_ended_token_is_refreshed_first() -> None:
    """A refused connection leads to a new token, then to a connection with it."""
    hub = FakeHub()
    hub.on("POST", "/api/v1/accounts/refresh", tokens(2))
    socket, line, _ = _socket(hub)
    line.plan = [Refusal("not_authenticated")]
    socket.start()
    await _until(lambda: socket.online)
    assert [token for token, _ in line.opened] == ["hma_1", "hma_2"]
    await socket.stop()


async def test_a_device_that_ended_stops_the_line() -> None:
    """When the device is logged out the line ends, says so once, and does not try again."""
    hub = FakeHub()
    hub.on("POST", "/api/v1/accounts/refresh", refusal(401, "token_refused"))
    socket, line, _ = _socket(hub)
    told: list[int] = []
    socket.on_logged_out = lambda: told.append(1)
    line.plan = [Refusal("not_authenticated")]
    socket.start()
    await _until(lambda: told)
    await _until(lambda: socket._task is not None and socket._task.done())
    assert (len(line.opened), socket.wanted, told) == (1, False, [1])


async def test_a_module_that_fails_is_an_error() -> None:
    """Entering a module that cannot start raises the hub's error."""
    socket, line, _ = _socket()
    line.answer = {"error": {"code": "module_stopped", "message": "It is stopped.", "fields": [], "request_id": ""}}
    with pytest.raises(ApiError, match="module_stopped"):
        await socket.switch_module("x")
    line.answer = {"ok": True}
    await socket.switch_module("x")
    assert socket.module == "x"


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 10**12)), min_size=1))
def test_cursors_only_go_forward(seen: list[tuple[str, int]]) -> None:
    """Within an epoch the highest number wins; another epoch always wins."""
    held: str | None = None
    for epoch, number in seen:
        before = held
        held = later(held, f"{epoch}-{number}")
        if before and before.startswith(f"{epoch}-"):
            assert int(held[2:]) == max(int(before[2:]), number)
        else:
            assert held == f"{epoch}-{number}"


def test_a_new_space_wants_reading() -> None:
    """`ready` tells whether something is followed for the first time."""
    cursors = Cursors()
    assert cursors.ready({"o1": "a-1"})
    assert not cursors.ready({"o1": "a-2"})
    assert cursors.ready({"o1": "a-2", "o2": "a-1"})
