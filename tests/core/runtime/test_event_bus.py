"""The bus refuses events of nobody, survives listeners that fail, and rebuilds events of other processes."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from backend.core import event_bus
from backend.core.event_bus import EventBus, SocketBridge, event_from, room_of
from backend.core.event_log import Envelope, MemoryEventLog
from backend.core.shared_services import ModuleBus
from backend.sdk.clock import FakeClock
from backend.sdk.events import Event
from tests.core.runtime.conftest import eventually


@dataclass(frozen=True, kw_only=True)
class LeafFell(Event):
    name: ClassVar[str] = "garden.leaf_fell"
    colour: str


@dataclass(frozen=True, kw_only=True)
class WindBlew(Event):
    name: ClassVar[str] = "garden.wind_blew"
    durable: ClassVar[bool] = False
    strength: int = 0


def test_an_event_without_owner_is_refused() -> None:
    bus = EventBus()
    heard: list[Event] = []
    bus.add_sink(heard.append)
    with pytest.raises(ValueError, match="no owner"):
        bus.publish(LeafFell(owner_id="", colour="red"))
    assert heard == []


def test_listeners_hear_their_type_and_its_subclasses_until_they_leave() -> None:
    bus = EventBus()
    all_, leaves = [], []
    bus.subscribe(Event, all_.append)
    leave = bus.subscribe(LeafFell, leaves.append)
    bus.publish(LeafFell(owner_id="a", colour="red"))
    bus.publish(WindBlew(owner_id="a"))
    leave()
    leave()
    bus.publish(LeafFell(owner_id="a", colour="brown"))
    assert [event.name for event in all_] == ["garden.leaf_fell", "garden.wind_blew", "garden.leaf_fell"]
    assert [event.colour for event in leaves] == ["red"]


def test_a_listener_that_fails_hurts_neither_publisher_nor_others() -> None:
    bus = EventBus()
    heard: list[Event] = []

    def fail(_: Event) -> None:
        raise RuntimeError("listener")

    bus.subscribe(LeafFell, fail)
    bus.subscribe(LeafFell, heard.append)
    bus.add_sink(fail)
    bus.add_sink(heard.append)
    bus.publish(LeafFell(owner_id="a", colour="red"))
    assert len(heard) == 2


def test_an_event_survives_the_way_between_processes() -> None:
    event = LeafFell(owner_id="a", colour="red")
    assert event_from(event.envelope()) == event


@pytest.mark.parametrize(
    "change",
    [{"name": "garden.unknown"}, {"payload": {"colour": "red", "new_field": 1}}, {"payload": {}}],
)
def test_an_event_that_this_process_does_not_know_still_reaches_its_owner(change: Mapping[str, Any]) -> None:
    """A worker of a newer module may say more than we know: sockets get it as it is, subscribers do not."""
    envelope = LeafFell(owner_id="a", colour="red").envelope() | change
    bus = EventBus()
    leaves: list[Event] = []
    sent: list[Event] = []
    bus.subscribe(LeafFell, leaves.append)
    bus.add_sink(sent.append)
    bus.accept(envelope)
    assert leaves == []
    assert sent[0].envelope() == envelope


def test_a_module_leaves_no_listener_behind() -> None:
    bus = EventBus()
    heard: list[Event] = []
    lent = ModuleBus(bus)
    lent.subscribe(LeafFell, heard.append)
    lent.subscribe(WindBlew, heard.append)
    lent.close()
    bus.publish(LeafFell(owner_id="a", colour="red"))
    assert heard == []


def test_the_bridge_sends_to_the_owner_s_room_only_in_order_with_cursors() -> None:
    log = MemoryEventLog(FakeClock())
    sent: list[tuple[str, dict[str, Any], str]] = []
    bridge = SocketBridge(log, lambda name, data, room: sent.append((name, data, room)))
    bridge.start()
    threads = [
        threading.Thread(target=lambda o=o: [bridge.send(LeafFell(owner_id=o, colour=str(n))) for n in range(200)])
        for o in ("a", "b", "c")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bridge.send(WindBlew(owner_id="a", strength=3))
    bridge.stop()
    assert len(sent) == 601
    for owner in ("a", "b", "c"):
        own = [data for _, data, room in sent if room == room_of(owner)]
        assert {data["owner_id"] for data in own} == {owner}
        seqs = [int(data["cursor"].partition("-")[2]) for data in own if data["name"] == "garden.leaf_fell"]
        assert seqs == list(range(1, 201))
    # a hint has the present cursor, but is not kept for those who are away
    assert sent[-1][1]["cursor"] == log.cursor("a")
    assert len(log.since("a", sent[-1][1]["cursor"].partition("-")[0] + "-0").events) == 200


def test_after_a_loss_everybody_is_told_to_reload() -> None:
    log = MemoryEventLog(FakeClock())
    sent: list[tuple[str, dict[str, Any], str]] = []
    bridge = SocketBridge(log, lambda name, data, room: sent.append((name, data, room)))
    bridge.start()
    bridge.send(LeafFell(owner_id="a", colour="red"))
    bridge.reload_all()
    bridge.stop()
    assert [name for name, _, _ in sent] == ["event", "reload"]
    assert log.since("a", sent[0][1]["cursor"]).reload is True


class AwayLog(MemoryEventLog):
    """Fail while `away`, as a shared log does whose server does not answer."""

    away = False
    refused = 0

    def append(self, envelope: Mapping[str, Any]) -> Envelope | None:
        self._ask()
        return super().append(envelope)

    def cursor(self, owner_id: str) -> str:
        self._ask()
        return super().cursor(owner_id)

    def forget(self) -> None:
        self._ask()
        super().forget()

    def _ask(self) -> None:
        if self.away:
            self.refused += 1
            raise ConnectionError("away")


@dataclass
class Bridge:
    """Hold a bridge on a log that may be away, and what it told."""

    log: AwayLog
    sent: list[tuple[str, str]]
    bridge: SocketBridge

    def colours(self, *colours: str) -> None:
        for colour in colours:
            self.bridge.send(LeafFell(owner_id="a", colour=colour))


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch) -> Iterator[Bridge]:
    monkeypatch.setattr(event_bus, "AGAIN_SECONDS", 0.02, raising=False)
    log, sent = AwayLog(FakeClock()), []  # type: ignore[var-annotated]
    bridge = SocketBridge(log, lambda name, data, room: sent.append((name, data.get("payload", {}).get("colour", ""))))
    bridge.start()
    yield Bridge(log, sent, bridge)
    bridge.stop()


def test_an_event_that_could_not_be_kept_is_told_as_a_reload_before_the_next(away: Bridge) -> None:
    """Clients read anew, and the cursors that they hold are worth nothing any more."""
    away.colours("red")
    eventually(lambda: away.sent)
    old = away.log.cursor("a")
    away.log.away = True
    away.colours("brown")
    eventually(lambda: away.log.refused)
    away.log.away = False
    eventually(lambda: ("reload", "") in away.sent)
    away.colours("green")
    away.bridge.stop()
    assert away.sent == [("event", "red"), ("reload", ""), ("event", "green")]
    assert away.log.since("a", old).reload is True


def test_a_loss_is_told_without_another_event_once_the_log_is_back(away: Bridge) -> None:
    """A quiet house must not stay on an old view until somebody does something."""
    away.log.away = True
    away.colours("brown", "yellow")
    away.bridge.reload_all()
    eventually(lambda: away.log.refused >= 4)  # by then all three were taken from the queue
    away.log.away = False
    eventually(lambda: away.sent)
    away.bridge.stop()
    assert away.sent[0] == ("reload", "")
    assert all(name == "event" for name, _ in away.sent[1:]), "what waited meanwhile follows"


def test_a_lost_hint_makes_nobody_reload(away: Bridge) -> None:
    away.log.away = True
    away.bridge.send(WindBlew(owner_id="a"))
    eventually(lambda: away.log.refused)
    away.log.away = False
    away.colours("green")
    away.bridge.stop()
    assert away.sent == [("event", "green")]
