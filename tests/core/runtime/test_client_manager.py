"""A socket hears the spaces of its person as they are now, whatever happened in the moment they changed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from backend.core import client_manager
from backend.core.client_manager import ClientManager
from backend.core.event_bus import room_of
from backend.core.event_log import MemoryEventLog
from backend.core.limits import MemoryLimits
from backend.sdk.actor import Actor
from backend.sdk.clock import SystemClock
from backend.sdk.db import DatabaseUnreachable
from backend.sdk.errors import NotAuthenticated
from tests.core.runtime.conftest import eventually


class Accounts:
    """Know one person, bert, whose sessions are named like their tokens."""

    def __init__(self) -> None:
        self.spaces = frozenset({"bert", "family"})
        self.asked: list[str] = []
        self.before_answer: list[Callable[[], None]] = []
        self.ended: set[str] = set()

    def actor(self, session_id: str) -> Actor:
        """Read the person, and let happen what the test wants to happen before the answer is back."""
        if session_id in self.ended:
            raise NotAuthenticated()
        found = Actor("bert", "bert", self.spaces, False, session_id)
        if self.before_answer:
            self.before_answer.pop()()
        return found

    def authenticate(self, token: str, ip: str = "", user_agent: str = "") -> tuple[Actor, str]:
        return self.actor(token), token

    def session_alive(self, session_id: str) -> bool:
        return session_id not in self.ended

    def actor_of_session(self, session_id: str) -> Actor:
        self.asked.append(session_id)
        return self.actor(session_id)


class Sockets:
    """Stand where the Socket.IO server stands; remember the rooms and what was told."""

    class manager:
        """Call every socket connected."""

        @staticmethod
        def is_connected(sid: str, namespace: str) -> bool:
            return True

    def __init__(self) -> None:
        self.rooms: dict[str, set[str]] = {}
        self.told: list[tuple[str | None, str, dict[str, Any]]] = []

    def on(self, *_: Any) -> None:
        """Nobody calls from outside here."""

    def emit(self, name: str, data: dict[str, Any], to: str | None = None) -> None:
        self.told.append((to, name, data))

    def enter_room(self, sid: str, room: str) -> None:
        self.rooms.setdefault(sid, set()).add(room)

    def leave_room(self, sid: str, room: str) -> None:
        self.rooms[sid].discard(room)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)

    def disconnect(self, sid: str) -> None:
        self.rooms.pop(sid, None)

    def heard(self, sid: str, name: str) -> list[dict[str, Any]]:
        return [data for to, told, data in self.told if (to, told) == (sid, name)]


class Door:
    """Hold a manager with its accounts and sockets."""

    def __init__(self) -> None:
        clock = SystemClock()
        self.accounts, self.sockets = Accounts(), Sockets()
        self.manager = ClientManager(
            self.sockets, self.accounts, MemoryEventLog(clock), MemoryLimits(clock), lambda _: None, lambda _: "1.2.3.4"
        )

    def connect(self, sid: str, session: str) -> None:
        self.manager._connect(sid, {}, {"token": session})
        eventually(lambda: self.sockets.heard(sid, "ready"))

    def remove(self) -> None:
        """Take bert out of the family, and tell."""
        self.accounts.spaces = frozenset({"bert"})
        self.manager.access_changed("bert")


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    monkeypatch.setattr(client_manager, "SWEEP_SECONDS", 0.02)
    made = Door()
    yield made
    made.manager.stop()
    if made.manager._sweeper is not None:
        made.manager._sweeper.join(10)


ALONE = {room_of("bert")}


def test_a_membership_that_ends_while_a_socket_connects_ends_its_room_too(door: Door) -> None:
    """The answer to who connects was read before the end, and the socket was not there yet to be told."""
    door.accounts.before_answer = [door.remove]
    door.connect("phone", "s1")
    door.manager.start()
    eventually(lambda: door.sockets.rooms["phone"] == ALONE)
    assert eventually(lambda: door.sockets.heard("phone", "access_changed"))[0]["spaces"] == ["bert"]


def test_accounts_that_cannot_be_asked_keep_no_socket_in_a_room(door: Door) -> None:
    """Other sockets are told at once, the one that could not be at the next sweep."""

    def away() -> None:
        raise DatabaseUnreachable()

    door.connect("phone", "s1")
    door.connect("laptop", "s2")
    door.accounts.before_answer = [away]
    door.remove()
    assert door.sockets.rooms["laptop"] == ALONE
    door.manager.start()
    eventually(lambda: door.sockets.rooms["phone"] == ALONE)
    eventually(lambda: door.sockets.heard("phone", "access_changed"))


def test_a_sweep_asks_once_per_session_and_tells_nothing_that_is_known(door: Door) -> None:
    for number in range(5):
        door.connect(f"tab {number}", "s1")
    clients = list(door.manager._clients.values())
    door.manager._look_again("s1", clients)
    assert door.accounts.asked == ["s1"]
    assert not [name for _, name, _ in door.sockets.told if name != "ready"]


def test_an_answer_from_before_a_change_does_not_bring_the_room_back(door: Door) -> None:
    """The change came while the sweep was asking: what it read is old, what the change said counts."""
    door.connect("phone", "s1")
    door.accounts.before_answer = [door.remove]
    door.manager._look_again("s1", list(door.manager._clients.values()))
    assert door.sockets.rooms["phone"] == ALONE


def test_a_sweep_closes_the_sockets_of_a_session_that_ended(door: Door) -> None:
    door.connect("phone", "s1")
    door.connect("laptop", "s2")
    door.accounts.ended.add("s1")
    door.manager.start()
    eventually(lambda: door.manager.count == 1)
    assert door.sockets.heard("phone", "logged_out") == [{"reason": "session_ended"}]
    assert not door.sockets.heard("laptop", "logged_out")
