"""Whatever goes wrong wherever: a sample of the fault campaign in CI, 2,000 points with HOMIE_TEST_FULL=1.

Below it, one test for each way in which the executor once broke its word.
"""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from backend.file_organizer.execution import protocol
from backend.file_organizer.execution.boundaries import Boundaries
from backend.sdk.db import StorageFull
from tests.file_organizer.execution import faults
from tests.file_organizer.execution.campaign import in_child
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA, World


class Failing(Boundaries):
    """Fail with an error of the drive at each boundary of these names; be killed at `die`."""

    def __init__(self, *names: str, code: int = errno.EIO, die: str = "") -> None:
        self._names, self._code, self._die = names, code, die

    def reach(self, name: str) -> None:
        if name == self._die:
            faults.kill(name)
        if name in self._names:
            raise OSError(self._code, os.strerror(self._code))


@pytest.mark.slow
def test_whatever_goes_wrong_nothing_is_lost_overwritten_or_left_behind() -> None:
    """Kills, errors, full and vanishing drives, a failing journal, other people: over every operation, at any boundary.

    After each the journal comes right, fsck is clean, and undo restores path, bytes, mode, time and attributes.
    """
    points = "2000" if os.environ.get("HOMIE_TEST_FULL") else "70"
    command = [sys.executable, "-m", "tests.file_organizer.execution.fault_campaign", "--points", points]
    done = subprocess.run(command, capture_output=True, text=True, timeout=7200, check=False)
    assert done.stdout, done.stderr
    result = json.loads(done.stdout)
    assert result["failures"] == [], result["failures"][:3]
    assert result["points"] >= int(points) * 0.8


@pytest.mark.parametrize("name", ["link", "a.txt"])
def test_an_original_whose_copy_was_taken_back_before_a_crash_is_kept(far_world: World, name: str) -> None:
    """The original cannot be removed, so its copy is; then the crash. Recovery must not take the copy for granted."""
    os.symlink("where it leads", far_world.home / "link")
    far_world.write("a.txt")
    before = far_world.visible()
    plan = [far_world.move(name, f"x/{name}", other=True)]
    killed = Failing("unlink.before", code=errno.EACCES, die="take_back.after")

    def work() -> None:
        far_world.manager(far_world.database(), killed).execute(EVA, "plan", plan)

    assert in_child(work)
    desk = Desk(far_world)
    try:
        assert desk.manager.recover(EVA).waiting == 0
        assert far_world.visible()[f"home/{name}"] == before[f"home/{name}"]
        assert desk.fsck().errors == []
    finally:
        desk.db.close()


@pytest.mark.parametrize("code", [errno.ENOENT, errno.EIO])
def test_a_removal_whose_answer_was_lost_leaves_the_copy(far_desk: Desk, code: int) -> None:
    """A network drive removes the original and then says that it is not there: the copy is all there is."""
    far_desk.world.write("a.txt", b"only once")
    manager = far_desk.world.manager(far_desk.db, Failing("unlink.after", code=code))
    report = manager.execute(EVA, "plan", [far_desk.world.move("a.txt", "x/a.txt", other=True)])
    assert (far_desk.world.other / "x/a.txt").read_bytes() == b"only once"
    assert (report.done, report.failed) == (1, 0)
    assert far_desk.fsck().errors == far_desk.fsck().notices == []


@pytest.mark.parametrize("name", ["rename.after", "mkdir.after"])
def test_a_change_whose_answer_was_lost_is_seen_on_the_drive(desk: Desk, name: str) -> None:
    """The call failed although it happened: the journal says what is there, and undo takes it back."""
    desk.world.write("a.txt")
    before = desk.world.visible()
    manager = desk.world.manager(desk.db, Failing(name, code=errno.ENOENT))
    report = manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    assert (report.done, report.failed) == (1, 0)
    assert (desk.world.home / "x/a.txt").exists()
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before


def test_a_group_over_a_hidden_border_is_put_back_whole(far_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """One member is in place when another fails of which only the kernel knew that it goes to another drive."""
    far_world.write("film.mkv", b"the film")
    far_world.write("film.srt", b"the words")
    before = far_world.visible()
    plan = [
        far_world.move("film.mkv", "films/film.mkv", other=True, group="film", id="mkv"),
        far_world.move("film.srt", "films/film.srt", group="film", id="srt"),
    ]
    real = protocol.rename_noreplace

    def border(src: str, dst: str, *, src_dir: int | None = None, dst_dir: int | None = None) -> None:
        if dst == "film.srt" and not src.startswith(".homie-"):
            raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))
        real(src, dst, src_dir=src_dir, dst_dir=dst_dir)

    class SecondCopyFails(Boundaries):
        copies = 0

        def reach(self, name: str) -> None:
            self.copies += name == "copy.before"
            if self.copies == 2 and name == "copy.before":
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(protocol, "rename_noreplace", border)
    desk = Desk(far_world)
    try:
        report = far_world.manager(desk.db, SecondCopyFails()).execute(EVA, "plan", plan)
        assert (report.done, far_world.visible()) == (0, before)
        assert desk.fsck().errors == desk.fsck().notices == []
    finally:
        desk.db.close()


def test_a_copy_that_somebody_worked_with_is_not_taken_back(far_desk: Desk) -> None:
    """The copy is in place, somebody writes into it, the original cannot be removed: both stay."""
    world = far_desk.world
    original = world.write("a.txt", b"as it was")
    copy = world.other / "x/a.txt"

    class WorkedWith(Boundaries):
        def reach(self, name: str) -> None:
            if name == "unlink.before":
                copy.write_bytes(b"as it was, and an hour of work")
                raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    world.manager(far_desk.db, WorkedWith()).execute(EVA, "plan", [world.move("a.txt", "x/a.txt", other=True)])
    far_desk.manager.recover(EVA)
    assert copy.read_bytes() == b"as it was, and an hour of work"
    assert original.read_bytes() == b"as it was"
    assert far_desk.fsck().errors == []


def test_a_file_that_was_worked_with_between_crash_and_recovery_counts_as_moved(world: World) -> None:
    """Killed after the rename; before Homie starts again, somebody edits the file in its new place."""
    world.write("a.txt")
    assert in_child(
        lambda: (
            world.manager(world.database(), Failing(die="rename.after")).execute(
                EVA, "plan", [world.move("a.txt", "x/a.txt")]
            )
            and None
        )
    )
    (world.home / "x/a.txt").write_bytes(b"edited since")
    desk = Desk(world)
    try:
        assert desk.manager.recover(EVA).finished >= 1
        assert desk.manager.action_at(EVA, world.at("x/a.txt"))
        assert desk.fsck().errors == []
    finally:
        desk.db.close()


def test_what_could_not_be_cleaned_up_is_cleaned_up_later(far_desk: Desk) -> None:
    """The drive fails during a copy and at the removal of the stump: the row stays open until the drive is well."""
    world = far_desk.world
    world.write("a.txt")
    before = world.visible()
    manager = world.manager(far_desk.db, Failing("copy.after", "clean.before"))
    report = manager.execute(EVA, "plan", [world.move("a.txt", "x/a.txt", other=True)])
    assert (report.state, report.failed) == ("done", 1)
    assert far_desk.manager.recover(EVA).put_back == 1
    assert far_desk.manager.report(EVA, report.run_id).state == "done"
    assert [p.name for p in (world.other / "x").iterdir()] == []
    assert far_desk.fsck().errors == far_desk.fsck().notices == []
    far_desk.manager.undo_run(EVA, report.run_id)
    assert world.visible() == before


def test_a_run_that_the_journal_could_not_close_goes_on_at_the_next_attempt(desk: Desk) -> None:
    """The journal's disk is full until after the end: the same process tries again, and is not told "in progress"."""
    desk.world.write("a.txt")
    plan = [desk.world.move("a.txt", "x/a.txt")]

    class NoRoom(Boundaries):
        left = 1

        def reach(self, name: str) -> None:
            if name == "journal.before":
                self.left -= 1
                if self.left < 0:
                    raise StorageFull()

    with pytest.raises(StorageFull):
        desk.world.manager(desk.db, NoRoom()).execute(EVA, "plan", plan)
    report = desk.world.manager(desk.db).execute(EVA, "plan", plan)
    assert (report.state, report.done) == ("done", 1)
    assert desk.fsck().errors == desk.fsck().notices == []


def test_one_name_of_a_file_with_two_is_not_removed_where_capitals_do_not_count(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A drive that ignores capitals answers to the new spelling before the rename: that is no second name to remove."""
    world.write("IMG.jpg")
    os.link(world.home / "IMG.jpg", world.home / "another name")
    from backend.file_organizer.execution.operations import Rename

    plan = [Rename(id="1", source=world.at("IMG.jpg"), name="img.JPG", seen=world.seen("IMG.jpg"))]
    assert in_child(
        lambda: world.manager(world.database(), Failing(die="rename.before")).execute(EVA, "plan", plan) and None
    )
    from backend.sdk.files import OpenRoot

    real = OpenRoot.stat
    monkeypatch.setattr(OpenRoot, "stat", lambda self, path: real(self, path.replace("img.JPG", "IMG.jpg")))
    desk = Desk(world)
    try:
        desk.manager.recover(EVA)
    finally:
        desk.db.close()
    assert sorted(os.listdir(world.home)) == [".homie", "IMG.jpg", "another name"]


@pytest.mark.parametrize("across", [False, True], ids=["one", "two"])
def test_a_merged_folder_that_was_emptied_before_a_crash_is_removed_by_going_on(far_world: World, across: bool) -> None:
    """Killed when all files of a folder are in the other one, and before the emptied folder is journaled to go."""
    far_world.write("merge/new.txt")
    far_world.write("merge/sub/deep.txt")
    far_world.write("merged/other.txt", other=across)
    plan = [far_world.move("merge", "merged", other=across)]

    def work(boundaries: Boundaries) -> None:
        far_world.manager(far_world.database(), boundaries).execute(EVA, "plan", plan)

    class BeforeTheFolders(Boundaries):
        def reach(self, name: str) -> None:
            emptied = not any(path.is_file() for path in (far_world.home / "merge").rglob("*"))
            if name == "journal.before" and emptied:
                faults.kill(name)

    assert in_child(lambda: work(BeforeTheFolders()))
    assert (far_world.home / "merge").is_dir()
    work(Boundaries())
    assert not (far_world.home / "merge").exists()
    top = far_world.other if across else far_world.home
    assert sorted(p.name for p in (top / "merged").rglob("*.txt")) == ["deep.txt", "new.txt", "other.txt"]


def test_a_point_can_be_looked_at_alone(tmp_path: Path) -> None:
    """`--one kind:work:layout:k` repeats a point of the campaign."""
    command = [sys.executable, "-m", "tests.file_organizer.execution.fault_campaign", "--one", "kill:apply:one:9"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
