from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import OperationNotPossible, RunInProgress
from backend.file_organizer.execution.operations import Copy, Mkdir, Move, OnConflict, Rename, Seen, Trash
from backend.file_organizer.execution.run_loop import RunProgress
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.actor import Actor
from backend.sdk.db import StorageFull
from backend.sdk.errors import NotFound
from backend.sdk.files import VolumePath
from backend.sdk.jobs import JobCancelled
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA, contents, fact_of, messy_plan


def test_every_operation_and_policy_of_a_plan_is_carried_out_and_taken_back(desk: Desk) -> None:
    """A plan with all seven operations ends as asked, fsck agrees, and undo and redo are exact."""
    plan = messy_plan(desk.world, across=False, files=80)
    before = desk.world.visible()
    report = desk.manager.execute(EVA, "plan", plan)
    after = desk.world.visible()
    assert (report.state, report.failed, report.skipped) == ("done", 0, 2)
    assert {result.reason for result in report.problems} == {"target_exists"}
    assert desk.fsck().errors == desk.fsck().notices == []
    undone = desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, undone.run_id)
    assert desk.world.visible() == after
    assert desk.fsck().errors == desk.fsck().notices == []


def test_a_plan_across_filesystems_keeps_every_attribute_both_ways(far_desk: Desk) -> None:
    """Bytes, mode, mtime in ns, xattrs and folder modes survive the way there and back."""
    plan = messy_plan(far_desk.world, across=True, files=80)
    before = far_desk.world.visible()
    report = far_desk.manager.execute(EVA, "plan", plan)
    assert report.failed == 0
    now = far_desk.world.visible()
    for index in (0, 10, 20):
        name = f"file {index:03}.txt"
        assert now[f"other/sorted/kind {index % 7}/{name}"] == before[f"home/{name}"]
    assert now["other/work/project/src"] == before["home/project/src"]
    assert far_desk.fsck().errors == far_desk.fsck().notices == []
    far_desk.manager.undo_run(EVA, report.run_id)
    assert far_desk.world.visible() == before


def test_the_same_request_twice_runs_once(desk: Desk) -> None:
    """A plan id is an idempotency key: asked again, the first run's report comes back and nothing moves."""
    desk.world.write("a.txt")
    plan = [desk.world.move("a.txt", "x/a.txt")]
    first = desk.manager.execute(EVA, "plan", plan)
    desk.world.write("a.txt", b"a new file with the old name")
    second = desk.manager.execute(EVA, "plan", plan)
    assert second == first
    assert (desk.world.home / "a.txt").read_bytes() == b"a new file with the old name"


def test_two_runs_of_one_plan_at_once_are_refused(desk: Desk) -> None:
    """While a run is going on, here or in another process, the same plan is refused; recovery leaves it alone."""
    desk.world.write("a.txt")
    plan = [desk.world.move("a.txt", "x/a.txt")]
    refused: list[bool] = []

    def during(progress: RunProgress) -> None:
        with pytest.raises(RunInProgress):
            desk.manager.execute(EVA, "plan", plan)
        refused.append(desk.manager.recover(EVA).live_runs == 1)

    report = desk.manager.execute(EVA, "plan", plan, on_progress=during)
    assert refused == [True]
    assert report.done == 1


def test_two_different_plans_over_the_same_files_lose_nothing(desk: Desk) -> None:
    """Two managers race over one folder: each file is moved by exactly one of them, the other reports why not."""
    for index in range(60):
        desk.world.write(f"f{index}.txt")
    plans = {
        name: [desk.world.move(f"f{i}.txt", f"{name}/f{i}.txt", id=f"{i}") for i in range(60)] for name in ("x", "y")
    }
    reports = {}

    def run(name: str) -> None:
        reports[name] = desk.world.manager(desk.db).execute(EVA, name, plans[name])

    threads = [threading.Thread(target=run, args=(name,)) for name in plans]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert reports["x"].done + reports["y"].done == 60
    found = {p.name for name in plans for p in (desk.world.home / name).glob("*.txt")}
    assert found == {f"f{i}.txt" for i in range(60)}
    assert desk.fsck().clean


def test_cancelling_stops_between_steps_and_leaves_a_run_that_can_be_undone(desk: Desk) -> None:
    """A cancelled run keeps what it did, says so, and undo takes that back."""
    for index in range(250):
        desk.world.write(f"f{index:03}.txt")
    before = desk.world.visible()
    plan = [desk.world.move(f"f{i:03}.txt", f"x/f{i:03}.txt", id=f"{i}") for i in range(250)]

    def stop(progress: RunProgress) -> None:
        if progress.done >= 100:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        desk.manager.execute(EVA, "plan", plan, on_progress=stop)
    moved = len(list((desk.world.home / "x").iterdir()))
    assert 100 <= moved < 250
    again = desk.manager.execute(EVA, "plan", plan)
    assert again.state == "cancelled"
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, again.run_id)
    assert desk.world.visible() == before


def test_a_cancel_in_the_middle_of_a_long_copy_leaves_the_original_and_no_stump(far_desk: Desk) -> None:
    """A copy that is stopped half way leaves nothing under any name at the destination."""
    far_desk.world.write("big.bin", os.urandom(8 << 20))
    before = far_desk.world.visible()

    def stop(progress: RunProgress) -> None:
        if progress.bytes_done > 2 << 20:
            raise JobCancelled

    with pytest.raises(JobCancelled):
        plan = [far_desk.world.move("big.bin", "x/big.bin", other=True)]
        far_desk.manager.execute(EVA, "plan", plan, on_progress=stop)
    assert before.items() <= far_desk.world.visible().items()
    assert not (far_desk.world.other / "x/big.bin").exists()
    assert far_desk.fsck().clean


def test_a_run_stopped_by_an_error_goes_on_when_asked_again(desk: Desk) -> None:
    """A worker that is stopped (not cancelled) leaves an interrupted run; the same plan id carries on."""
    for index in range(250):
        desk.world.write(f"f{index:03}.txt")
    plan = [desk.world.move(f"f{i:03}.txt", f"x/f{i:03}.txt", id=f"{i}") for i in range(250)]

    def stop(progress: RunProgress) -> None:
        if progress.done >= 100:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        desk.manager.execute(EVA, "plan", plan, on_progress=stop)
    report = desk.manager.execute(EVA, "plan", plan)
    assert (report.state, report.done, report.failed) == ("done", 250, 0)


@pytest.mark.parametrize("at", range(1, 9))
def test_a_journal_that_cannot_be_written_stops_the_run_without_harm(far_desk: Desk, at: int) -> None:
    """Disk full or database locked at any commit: the error is told, nothing is lost, the next call finishes."""
    world = far_desk.world
    plan = messy_plan(world, across=True, files=60)
    before = world.everything()

    class Failing(Boundaries):
        commits = 0

        def reach(self, name: str) -> None:
            if name == "journal.before":
                self.commits += 1
                if self.commits == at:
                    raise StorageFull()

    with pytest.raises(StorageFull):
        world.manager(far_desk.db, Failing()).execute(EVA, "plan", plan)
    assert contents(before) <= contents(world.everything())
    report = far_desk.manager.execute(EVA, "plan", plan)
    assert (report.state, report.failed) == ("done", 0)
    assert far_desk.fsck().errors == far_desk.fsck().notices == []


def test_a_group_moves_together_or_not_at_all(desk: Desk) -> None:
    """If one sidecar's place is taken, the film and its other sidecars stay too, and no empty folder is left."""
    for ending in ("mkv", "srt", "nfo"):
        desk.world.write(f"film.{ending}")
    desk.world.write("films/film.srt", b"another film's subtitles")
    before = desk.world.visible()
    plan = [desk.world.move(f"film.{e}", f"films/film.{e}", group="film", id=e) for e in ("mkv", "srt", "nfo")]
    report = desk.manager.execute(EVA, "plan", plan)
    assert desk.world.visible() == before
    assert {r.step_id: r.reason for r in report.problems} == {
        "mkv": "group_incomplete",
        "srt": "target_exists",
        "nfo": "group_incomplete",
    }


def test_a_folder_is_merged_file_by_file_into_an_existing_one(desk: Desk) -> None:
    """What is taken there stays here with its folder; undo takes back only what came."""
    desk.world.write("new/a.txt")
    desk.world.write("new/sub/b.txt")
    desk.world.write("old/a.txt", b"was there before")
    desk.world.write("old/own.txt")
    before = desk.world.visible()
    report = desk.manager.execute(EVA, "plan", [desk.world.move("new", "old")])
    now = desk.world.visible()
    assert now["home/old/a.txt"] == before["home/old/a.txt"]
    assert now["home/new/a.txt"] == before["home/new/a.txt"]
    assert now["home/old/sub/b.txt"] == before["home/new/sub/b.txt"]
    desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before


def test_a_folder_cannot_be_moved_into_itself(desk: Desk) -> None:
    """Neither by rename nor file by file."""
    desk.world.write("a/file.txt")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a", "a/b/a")])
    assert [r.reason for r in report.problems] == ["into_itself"]
    assert (desk.world.home / "a/file.txt").exists()


def test_a_source_that_changed_since_the_plan_is_left_alone(desk: Desk) -> None:
    """Another size, time or inode than seen refuses; a missing file is only reported."""
    for name in ("grown", "replaced", "gone"):
        desk.world.write(name)
    plan = [desk.world.move(name, f"x/{name}", id=name) for name in ("grown", "replaced", "gone")]
    with (desk.world.home / "grown").open("ab") as file:
        file.write(b"more")
    os.rename(desk.world.write("other file", b"content of replaced"), desk.world.home / "replaced")
    (desk.world.home / "gone").unlink()
    report = desk.manager.execute(EVA, "plan", plan)
    assert {r.step_id: r.reason for r in report.problems} == {
        "grown": "source_changed",
        "replaced": "source_changed",
        "gone": "source_missing",
    }
    assert not (desk.world.home / "x").exists()


def test_a_file_that_is_being_written_is_left_alone(desk: Desk) -> None:
    """A download that a program still holds open for writing does not move."""
    path = desk.world.write("download.iso")
    plan = [desk.world.move("download.iso", "x/download.iso")]
    with path.open("r+b"):
        report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["file_in_use"]
    assert path.exists()


def test_special_files_are_never_opened_or_moved(desk: Desk) -> None:
    """A FIFO would block the reader for ever; it is named in the report and stays."""
    os.mkfifo(desk.world.home / "pipe")
    desk.world.write("folder/a.txt")
    os.mkfifo(desk.world.home / "folder/pipe")
    plan = [desk.world.move("pipe", "x/pipe")]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["not_a_regular_file"]
    assert (desk.world.home / "pipe").is_fifo()


def test_a_folder_with_a_fifo_does_not_leave_for_another_drive(far_desk: Desk) -> None:
    """All of it stays, because a FIFO cannot be copied."""
    far_desk.world.write("folder/a.txt")
    os.mkfifo(far_desk.world.home / "folder/pipe")
    report = far_desk.manager.execute(EVA, "plan", [far_desk.world.move("folder", "x/folder", other=True)])
    assert [r.reason for r in report.problems] == ["not_a_regular_file"]
    assert (far_desk.world.home / "folder/a.txt").exists()


def test_links_move_as_links_and_are_never_followed(far_desk: Desk) -> None:
    """Dangling, looping and outward links keep their text on both sides of a drive."""
    for name, text in (("dangling", "nowhere"), ("loop", "loop"), ("outward", "/etc/hostname")):
        os.symlink(text, far_desk.world.home / name)
    plan = [far_desk.world.move(n, f"x/{n}", other=True, id=n) for n in ("dangling", "loop", "outward")]
    report = far_desk.manager.execute(EVA, "plan", plan)
    assert report.done == 3
    assert os.readlink(far_desk.world.other / "x/outward") == "/etc/hostname"
    assert os.readlink(far_desk.world.other / "x/loop") == "loop"
    assert Path("/etc/hostname").exists()


def test_a_target_folder_that_is_a_link_is_refused(desk: Desk, tmp_path: Path) -> None:
    """A link in the way of the destination would lead out of the root."""
    outside = tmp_path / "outside"
    outside.mkdir()
    os.symlink(outside, desk.world.home / "x")
    desk.world.write("a.txt")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    assert [r.reason for r in report.problems] == ["path_not_allowed"]
    assert not list(outside.iterdir())


def test_hard_links_stay_hard_links_on_one_volume(desk: Desk) -> None:
    """Moving one name of a file leaves its other name, and both are still one file."""
    first = desk.world.write("first.txt")
    os.link(first, desk.world.home / "second.txt")
    desk.manager.execute(EVA, "plan", [desk.world.move("first.txt", "x/first.txt")])
    assert (desk.world.home / "x/first.txt").samefile(desk.world.home / "second.txt")


def test_homies_own_folder_is_out_of_reach(desk: Desk) -> None:
    """No plan can name the marker or the trash, however it is spelled."""
    desk.world.write("a.txt")
    marker = desk.world.home / ".homie/volume.json"
    plan = [
        Trash(id="1", source=desk.world.at(".homie/volume.json"), seen=Seen.of(os.lstat(marker))),
        desk.world.move("a.txt", ".HOMIE/a.txt", id="2"),
        Mkdir(id="3", path=desk.world.at(".homie/new")),
    ]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["path_not_allowed"] * 3


def test_volumes_that_are_not_the_owners_are_refused(desk: Desk) -> None:
    """A volume id that is not among the actor's roots leads nowhere."""
    desk.world.write("a.txt")
    stranger = VolumePath("no-such-volume", "a.txt")
    plan = [Move(id="1", source=desk.world.at("a.txt"), target=stranger, seen=desk.world.seen("a.txt"))]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["path_not_allowed"]


def test_another_owner_sees_no_run_and_undoes_nothing(desk: Desk) -> None:
    """Runs belong to their space: for others they do not exist."""
    desk.world.write("a.txt")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    stranger = Actor.of("00000000-0000-7000-8000-00000000000b")
    for attempt in (desk.manager.report, desk.manager.undo_run):
        with pytest.raises(NotFound):
            attempt(stranger, report.run_id)
    with pytest.raises(NotFound):
        desk.manager.undo_actions(stranger, [report.results[-1].action_id])
    assert (desk.world.home / "x/a.txt").exists()


def test_a_plan_that_can_never_work_changes_nothing(desk: Desk) -> None:
    """Two steps of one id, or a copy of a folder, are refused with the field's name before anything happens."""
    desk.world.write("a.txt")
    step = desk.world.move("a.txt", "x/a.txt")
    with pytest.raises(OperationNotPossible) as refused:
        desk.manager.execute(EVA, "plan", [step, step])
    assert refused.value.fields[0].name == "operations.1.id"
    (desk.world.home / "folder").mkdir()
    copy = Copy(id="1", source=desk.world.at("folder"), target=desk.world.at("x"), seen=desk.world.seen("folder"))
    with pytest.raises(OperationNotPossible):
        desk.manager.execute(EVA, "plan", [copy])
    assert (desk.world.home / "a.txt").exists()


def test_steps_that_build_on_each_other_run_in_order(desk: Desk) -> None:
    """A file may take the name that another step frees, within one plan."""
    desk.world.write("new.txt", b"new")
    desk.world.write("name.txt", b"old")
    new = (desk.world.home / "new.txt").read_bytes()
    plan = [
        Rename(id="1", source=desk.world.at("name.txt"), name="old.txt", seen=desk.world.seen("name.txt")),
        Rename(id="2", source=desk.world.at("new.txt"), name="name.txt", seen=desk.world.seen("new.txt")),
    ]
    report = desk.manager.execute(EVA, "plan", plan)
    assert report.done == 2
    assert (desk.world.home / "name.txt").read_bytes() == new
    assert (desk.world.home / "old.txt").read_bytes() == b"old"


def test_keep_both_never_takes_a_name_twice(desk: Desk) -> None:
    """Camera names come again and again: each gets its own number."""
    for index in range(5):
        desk.world.write(f"card{index}/DSC_0001.JPG")
    plan = [
        desk.world.move(f"card{i}/DSC_0001.JPG", "photos/DSC_0001.JPG", on_conflict=OnConflict.KEEP_BOTH, id=f"{i}")
        for i in range(5)
    ]
    report = desk.manager.execute(EVA, "plan", plan)
    assert report.done == 5
    assert sorted(os.listdir(desk.world.home / "photos")) == [
        "DSC_0001 (2).JPG",
        "DSC_0001 (3).JPG",
        "DSC_0001 (4).JPG",
        "DSC_0001 (5).JPG",
        "DSC_0001.JPG",
    ]


def test_replacing_keeps_the_replaced_file_in_the_trash_and_undo_swaps_back(desk: Desk) -> None:
    """Replace means: the old one is in the trash, with all it had."""
    desk.world.write("a.txt", b"new")
    old = desk.world.write("x/a.txt", b"old")
    before = fact_of(str(old))
    plan = [desk.world.move("a.txt", "x/a.txt", on_conflict=OnConflict.REPLACE_WITH_TRASH)]
    report = desk.manager.execute(EVA, "plan", plan)
    assert old.read_bytes() == b"new"
    trash = desk.world.home / ".homie/trash" / report.run_id / "x/a.txt"
    assert fact_of(str(trash)) == before
    desk.manager.undo_run(EVA, report.run_id)
    assert fact_of(str(old)) == before
    assert not (desk.world.home / ".homie/trash" / report.run_id).exists()


def test_the_manager_leaves_no_descriptor_open(desk: Desk) -> None:
    """Thousands of runs in one worker must not run out of files."""
    for index in range(30):
        desk.world.write(f"f{index}.txt")

    def run(n: int) -> None:
        plan = [desk.world.move(f"f{i}.txt", f"x{n}/{i}/f{i}.txt", id=f"{i}") for i in range(n, n + 10)]
        manager: FileOperationManager = desk.manager
        manager.execute(EVA, f"plan {n}", plan)

    run(0)
    before = len(os.listdir("/proc/self/fd"))
    run(10)
    run(20)
    assert len(os.listdir("/proc/self/fd")) == before
