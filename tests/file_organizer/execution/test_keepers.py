"""A copy goes only while its keeper is there and the same, whatever happens at the last moment."""

from __future__ import annotations

import fcntl
import os
import signal

import pytest

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import OperationNotPossible
from backend.file_organizer.execution.operations import Keeper, Trash
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.test_races import Meddler
from tests.file_organizer.execution.world import EVA, World


def trash(world: World, copy: str, keeper: str, step: str = "1", *, equal: bool = True) -> Trash:
    stays = Keeper(place=world.at(keeper), seen=world.seen(keeper), equal=equal)
    return Trash(id=step, source=world.at(copy), seen=world.seen(copy), keeper=stays)


@pytest.fixture
def twins(desk: Desk) -> Desk:
    """Give two equal files."""
    desk.world.write("a.bin", b"same" * 1000)
    desk.world.write("b.bin", b"same" * 1000)
    return desk


@pytest.mark.parametrize("deed", ["unlink", "write", "swap", "link"])
def test_the_keeper_is_looked_at_right_before_the_rename(twins: Desk, deed: str) -> None:
    """Gone, changed or made a second name of the copy after everything was checked: the copy stays."""
    home = twins.world.home
    keeper = home / "b.bin"

    def meddle() -> None:
        if deed == "write":
            keeper.write_bytes(b"sane" * 1000)
            return
        keeper.unlink()
        if deed == "swap":
            keeper.symlink_to(home / "a.bin")
        elif deed == "link":
            os.link(home / "a.bin", keeper)

    step = trash(twins.world, "a.bin", "b.bin")
    report = twins.world.manager(twins.db, Meddler("rename.before", meddle)).execute(EVA, "plan", [step])
    assert [one.reason for one in report.problems] in (["keeper_gone"], ["keeper_differs"])
    assert (home / "a.bin").read_bytes() == b"same" * 1000
    assert twins.fsck().errors == []


def test_opposite_wishes_never_take_both(twins: Desk) -> None:
    """In one run and in two at once: of two copies that name each other as keeper, one stays."""
    world = twins.world
    first, second = trash(world, "a.bin", "b.bin"), trash(world, "b.bin", "a.bin", "2")
    other = world.manager(world.database())
    inside = Meddler("rename.before", lambda: other.execute(EVA, "other", [second]))
    world.manager(twins.db, inside).execute(EVA, "plan", [first, second])
    assert len([name for name in os.listdir(world.home) if name.endswith(".bin")]) == 1


def test_a_file_that_another_request_holds_stays(twins: Desk) -> None:
    """While somebody else keeps or compares the file it is in use, not free to go."""
    with open(twins.world.home / "a.bin", "rb") as held:
        fcntl.flock(held, fcntl.LOCK_SH)
        report = twins.manager.execute(EVA, "plan", [trash(twins.world, "a.bin", "b.bin")])
    assert [one.reason for one in report.problems] == ["file_in_use"]
    assert (twins.world.home / "a.bin").exists()


def test_undo_needs_no_keeper_and_doing_it_again_does(twins: Desk) -> None:
    """The copy comes back though its keeper is gone; it does not go again without one."""
    report = twins.manager.execute(EVA, "plan", [trash(twins.world, "a.bin", "b.bin")])
    (twins.world.home / "b.bin").unlink()
    undone = twins.manager.undo_run(EVA, report.run_id)
    assert (undone.done, (twins.world.home / "a.bin").exists()) == (1, True)
    again = twins.manager.undo_run(EVA, undone.run_id)
    assert [one.reason for one in again.problems] == ["keeper_gone"]
    assert (twins.world.home / "a.bin").exists()


def test_a_folder_has_no_keeper(twins: Desk) -> None:
    """What can never be carried out is refused before anything happens."""
    (twins.world.home / "folder").mkdir()
    with pytest.raises(OperationNotPossible):
        twins.manager.execute(EVA, "plan", [trash(twins.world, "folder", "b.bin")])


class Killer(Boundaries):
    """Kill this process at the n-th boundary."""

    def __init__(self, after: int) -> None:
        self._left = after

    def reach(self, name: str) -> None:
        self._left -= 1
        if self._left < 0:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("after", range(0, 16, 3))
def test_killed_while_copies_go_one_of_each_stays_and_the_next_call_ends_it(world: World, after: int) -> None:
    """kill -9 at boundaries all over the run: nothing is lost, and asked again the run is as without the kill."""
    for number in range(4):
        for name in ("keep", "copy"):
            world.write(f"{name}{number}.bin", b"%d" % number * 900)
    steps = [trash(world, f"copy{n}.bin", f"keep{n}.bin", str(n)) for n in range(4)]
    world.database().close()
    child = os.fork()
    if not child:
        try:
            world.manager(world.database(), Killer(after)).execute(EVA, "plan", steps)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
    desk = Desk(world)
    try:
        report = desk.manager.execute(EVA, "plan", steps)
        assert (report.done, report.problems) == (4, ())
        names = sorted(name for name in os.listdir(world.home) if name.endswith(".bin"))
        assert names == [f"keep{n}.bin" for n in range(4)]
        assert desk.fsck().errors == []
        desk.manager.undo_run(EVA, report.run_id)
        assert all((world.home / f"copy{n}.bin").read_bytes() == b"%d" % n * 900 for n in range(4))
    finally:
        desk.db.close()
