"""Events from workers reach the web process whole and in order, and a loss is never silent."""

from __future__ import annotations

import errno
import os
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from backend.core.event_bus import EventBus
from backend.core.jobs.channel import EventReceiver, EventSender
from backend.core.jobs.sockets import LONGEST, reachable
from backend.sdk.actor import Actor
from backend.sdk.events import Event
from backend.sdk.job_events import JobFinished, JobProgressed, JobQueued
from tests.core.jobs.conftest import Shop, until
from tests.core.jobs.test_workers import OpenShop
from tests.core.jobs.work_kinds import Steps, marks

ANNA = Actor.of("anna")


def queued(number: int, size: int = 0) -> JobQueued:
    return JobQueued(owner_id="anna", job_id=str(number), kind="demo.write_mark", reason="x" * size)


@dataclass
class Web:
    """Stand where the web process stands."""

    run_dir: Path
    envelopes: list[Mapping[str, Any]] = field(default_factory=list)
    losses: int = 0
    receiver: EventReceiver | None = None

    def listen(self) -> None:
        self.receiver = EventReceiver(self.run_dir, self.envelopes.append, self.lose)
        self.receiver.start()

    def lose(self) -> None:
        self.losses += 1

    def ids(self) -> list[str]:
        return [envelope["payload"]["job_id"] for envelope in self.envelopes]


@pytest.fixture
def web(tmp_path: Path) -> Iterator[Web]:
    made = Web(tmp_path / "run")
    made.run_dir.mkdir()
    made.listen()
    yield made
    assert made.receiver is not None
    made.receiver.stop()


def test_events_arrive_whole_and_in_order(web: Web) -> None:
    """Also those larger than one message, from several senders, each sender's in its order."""
    senders = [EventSender(web.run_dir) for _ in range(3)]
    for number in range(200):
        for place, sender in enumerate(senders):
            sender.send(queued(number * 10 + place, size=100_000 if number % 50 == 0 else 10))
    for sender in senders:
        sender.close(60)
    until(lambda: len(web.envelopes) == 600, "all events arrive")
    for place in range(3):
        own = [int(i) for i in web.ids() if int(i) % 10 == place]
        assert own == sorted(own)
    assert {len(e["payload"]["reason"]) for e in web.envelopes} == {10, 100_000}
    assert web.losses == 0


def test_events_wait_for_a_web_process_that_is_not_there_yet(tmp_path: Path) -> None:
    """What is sent before anybody listens arrives once somebody does."""
    sender = EventSender(tmp_path)
    sender.send(queued(1))
    web = Web(tmp_path)
    web.listen()
    until(lambda: web.ids() == ["1"], "the event arrives")
    sender.close()
    assert web.receiver is not None
    web.receiver.stop()


def test_a_sender_goes_on_after_the_web_process_was_restarted(tmp_path: Path) -> None:
    """Events sent between two lives of the web process reach the second one."""
    first = Web(tmp_path)
    first.listen()
    sender = EventSender(tmp_path)
    sender.send(queued(1))
    until(lambda: first.ids() == ["1"], "the first event arrives")
    assert first.receiver is not None
    first.receiver.stop()
    sender.send(queued(2))
    second = Web(tmp_path)
    second.listen()
    sender.send(queued(3))
    until(lambda: "3" in second.ids(), "the later events arrive")
    sender.close()
    assert second.receiver is not None
    second.receiver.stop()
    assert second.ids() == ["2", "3"]


def test_a_full_buffer_is_told_as_a_loss(tmp_path: Path) -> None:
    """Events beyond the bound are dropped, what was kept arrives, and the receiver learns that some are missing."""
    sender = EventSender(tmp_path, most=5)
    for number in range(20):
        sender.send(queued(number))
    web = Web(tmp_path)
    web.listen()
    until(lambda: web.losses and len(web.envelopes) == 5, "five events and the loss arrive")
    sender.close()
    assert web.receiver is not None
    web.receiver.stop()


def test_dropped_hints_are_no_loss(tmp_path: Path) -> None:
    """Progress that nobody could take is not worth a reload: the row tells the truth."""
    sender = EventSender(tmp_path, most=1)
    sender.send(queued(1))
    for _ in range(5):
        sender.send(JobProgressed(owner_id="anna", job_id="1", kind="demo.write_mark", progress=0.5))
    web = Web(tmp_path)
    web.listen()
    until(lambda: web.ids() == ["1"], "the event arrives")
    sender.close()
    assert web.receiver is not None
    web.receiver.stop()
    assert web.losses == 0


def test_closing_without_anybody_listening_ends_at_once(tmp_path: Path) -> None:
    """A command without a server beside it does not hang on its events."""
    sender = EventSender(tmp_path)
    sender.send(queued(1))
    sender.close(60)
    assert "event-sender" not in {thread.name for thread in threading.enumerate()}


def test_a_long_data_path_still_has_sockets(tmp_path: Path) -> None:
    """A run folder deeper than the kernel's address length works, by way of /proc/self/fd."""
    deep = tmp_path / ("d" * 60) / ("e" * 60)
    deep.mkdir(parents=True)
    with reachable(deep, "events.sock") as address:
        assert len(address) <= LONGEST
    web = Web(deep)
    web.listen()
    sender = EventSender(deep)
    sender.send(queued(1))
    until(lambda: web.ids() == ["1"], "the event arrives")
    sender.close()
    assert web.receiver is not None
    web.receiver.stop()


def test_the_bus_gets_events_of_their_own_class(web: Web) -> None:
    """A subscriber in the web process hears the very event that the worker sent."""
    bus, heard = EventBus(), []  # type: ignore[var-annotated]
    bus.subscribe(JobFinished, heard.append)
    sent = JobFinished(owner_id="anna", job_id="1", kind="demo.write_mark", attempt=1, result={"files": 3})
    sender = EventSender(web.run_dir)
    sender.send(sent)
    sender.close()
    until(lambda: web.envelopes, "the event arrives")
    bus.accept(web.envelopes[0])
    assert heard == [sent]


def test_progress_of_a_real_worker_reaches_a_subscriber(open_shop: OpenShop, web: Web, tmp_path: Path) -> None:
    """Every job event of a worker process arrives in order, progress among them, and no loss is reported."""
    shop: Shop = open_shop(count=1)
    job = shop.service.enqueue(ANNA, "demo.report_times", Steps(folder=str(tmp_path), count=30, seconds=0.05)).id
    until(lambda: shop.state(ANNA, job) == "done", "the job is done")
    until(lambda: web.envelopes and web.envelopes[-1]["name"] == "jobs.finished", "its end is told")
    names = [envelope["name"] for envelope in web.envelopes]
    assert names[0] == "jobs.started"
    assert names[-1] == "jobs.finished"
    assert "jobs.progressed" in names
    steps = [e["payload"]["counts"]["steps"] for e in web.envelopes if e["name"] == "jobs.progressed"]
    assert steps == sorted(steps)
    shop.supervisor.stop()
    assert web.losses == 0


def test_a_killed_worker_counts_as_a_loss_and_an_orderly_end_does_not(
    open_shop: OpenShop, web: Web, tmp_path: Path
) -> None:
    """After kill -9 nobody knows which events died with the worker, so the receiver says so."""
    shop: Shop = open_shop(count=1)
    shop.service.enqueue(ANNA, "demo.count_steps", Steps(folder=str(tmp_path), count=50, seconds=0.05))
    until(lambda: web.envelopes and marks(tmp_path), "the job runs and was told")
    (pid,) = shop.supervisor.pids().values()
    os.kill(pid, signal.SIGKILL)
    until(lambda: web.losses == 1, "the loss is told")


def test_a_broken_envelope_does_not_stop_the_channel(tmp_path: Path) -> None:
    """What the bus cannot take is logged and told as a loss; the next event arrives."""
    taken: list[Mapping[str, Any]] = []
    losses: list[int] = []

    def take(envelope: Mapping[str, Any]) -> None:
        if envelope["payload"]["job_id"] == "1":
            raise RuntimeError("no")
        taken.append(envelope)

    receiver = EventReceiver(tmp_path, take, lambda: losses.append(1))
    receiver.start()
    sender = EventSender(tmp_path)
    sender.send(queued(1))
    sender.send(queued(2))
    until(lambda: taken and losses, "the second event and the loss arrive")
    sender.close()
    receiver.stop()


@dataclass
class FewFiles:
    """Refuse connections at first, as a listening socket does in a process that has no file left to open."""

    listener: socket.socket
    refusals: int

    def accept(self) -> tuple[socket.socket, Any]:
        if self.refusals:
            self.refusals -= 1
            raise OSError(errno.EMFILE, "Too many open files")
        return self.listener.accept()

    def close(self) -> None:
        self.listener.close()


def test_an_ear_that_could_not_take_connections_hears_the_next_ones(web: Web) -> None:
    """With no file left to open nothing is taken; afterwards the loss is told, once, and events arrive as before."""
    receiver = web.receiver
    assert receiver is not None
    assert receiver._listener is not None
    receiver._listener = few = cast(Any, FewFiles(receiver._listener, refusals=2))
    until(lambda: few.refusals == 0, "connections are refused")
    sender = EventSender(web.run_dir)
    sender.send(queued(1))
    until(lambda: web.ids() == ["1"], "the event arrives")
    sender.close()
    assert web.losses == 1


def test_events_carry_whether_they_are_durable(web: Web) -> None:
    """The web process keeps durable ones for clients that were away, hints it does not."""
    sender = EventSender(web.run_dir)
    hint: Event = JobProgressed(owner_id="anna", job_id="1", kind="demo.write_mark")
    sender.send(hint)
    sender.send(queued(2))
    sender.close()
    until(lambda: len(web.envelopes) == 2, "both arrive")
    assert [envelope["durable"] for envelope in web.envelopes] == [False, True]
