"""The bus refuses events of nobody, survives listeners that fail, and rebuilds events of other processes."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from backend.core.event_bus import EventBus, SocketBridge, event_from, room_of
from backend.core.event_log import MemoryEventLog
from backend.core.shared_services import ModuleBus
from backend.sdk.clock import FakeClock
from backend.sdk.events import Event


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
