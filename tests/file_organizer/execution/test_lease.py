from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta

import pytest

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import LeaseLost, RunInProgress
from backend.file_organizer.execution.lease import holder_is_alive, this_holder, this_place
from backend.file_organizer.execution.recovery import RecoveryReport
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.clock import FakeClock
from tests.file_organizer.execution.campaign import in_child
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.test_races import Meddler
from tests.file_organizer.execution.world import EVA, World

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class Waiting(Boundaries):
    """Say that the first rename is reached, then wait to be killed."""

    def __init__(self, tell: int) -> None:
        self._tell = tell

    def reach(self, name: str) -> None:
        if name == "rename.before":
            os.write(self._tell, b"x")
            signal.pause()


def test_a_run_of_another_living_process_is_left_alone_and_a_dead_ones_is_taken_over(world: World) -> None:
    """The same plan is refused while the other process lives; killed, its run is finished here."""
    for index in range(5):
        world.write(f"f{index}.txt")
    plan = [world.move(f"f{i}.txt", f"x/f{i}.txt", id=f"{i}") for i in range(5)]
    listen, tell = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            world.manager(world.database(), Waiting(tell)).execute(EVA, "plan", plan)
        finally:
            os._exit(1)
    assert os.read(listen, 1) == b"x"
    os.close(listen)
    os.close(tell)
    desk = Desk(world)
    try:
        with pytest.raises(RunInProgress):
            desk.manager.execute(EVA, "plan", plan)
        recovery = desk.manager.recover(EVA)
        assert (recovery.live_runs, recovery.runs) == (1, 0)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        report = desk.manager.execute(EVA, "plan", plan)
        assert (report.state, report.done) == ("done", 5)
        assert desk.fsck().errors == desk.fsck().notices == []
    finally:
        desk.db.close()


def test_a_process_whose_run_was_taken_over_stops_at_its_next_commit(world: World) -> None:
    """A machine that slept through its lease must not go on beside its successor."""
    for index in range(250):
        world.write(f"f{index:03}.txt")
    plan = [world.move(f"f{i:03}.txt", f"x/f{i:03}.txt", id=f"{i}") for i in range(250)]
    desk = Desk(world)
    clock = FakeClock()
    try:
        usurper = FileOperationManager(desk.db, world.source, clock=clock)
        deeds: list[RecoveryReport] = []

        def sleep_too_long() -> None:
            deeds.append(usurper.recover(EVA))
            clock.advance(300)
            deeds.append(usurper.recover(EVA))

        meddler = Meddler("rename.after", sleep_too_long)
        sleeper = FileOperationManager(desk.db, world.source, clock=clock, boundaries=meddler)
        with pytest.raises(LeaseLost):
            sleeper.execute(EVA, "plan", plan)
        assert [deed.live_runs for deed in deeds] == [1, 0]
        assert len(list((world.home / "x").iterdir())) == 1
        report = desk.manager.execute(EVA, "plan", plan)
        assert (report.done, report.failed) == (250, 0)
        assert len(list((world.home / "x").iterdir())) == 250
        assert desk.fsck().errors == desk.fsck().notices == []
    finally:
        desk.db.close()


def test_who_is_alive_is_asked_of_the_kernel_here_and_of_the_heartbeat_elsewhere() -> None:
    """This process lives; its pid with another start time is somebody else; other places count by silence."""
    assert holder_is_alive(this_holder(), NOW, NOW + timedelta(days=1))
    place, pid, started = this_holder().split("|")
    assert not holder_is_alive(f"{place}|{pid}|{float(started) - 5:.2f}", NOW, NOW)
    assert not holder_is_alive(f"{place}|4194304|{started}", NOW, NOW)
    assert holder_is_alive("elsewhere/boot/pid:[1]|1|1.00", NOW, NOW + timedelta(seconds=60))
    assert not holder_is_alive("elsewhere/boot/pid:[1]|1|1.00", NOW, NOW + timedelta(seconds=180))
    node, _, namespace = this_place().split("/")
    assert not holder_is_alive(f"{node}/earlier boot/{namespace}|1|1.00", NOW, NOW)


def test_a_killed_child_is_seen_as_killed() -> None:
    """The campaign's own tool tells a kill from an end."""
    assert in_child(lambda: os.kill(os.getpid(), signal.SIGKILL))
    assert not in_child(lambda: None)
