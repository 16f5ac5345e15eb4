"""Real drives that fill up, cannot be written, vanish, or are not what they seem. Mounts need root."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from backend.file_organizer.execution.boundaries import Boundaries
from backend.sdk.files import LocalRoots, VolumeAway
from tests.file_organizer.execution.conftest import Desk, needs_root
from tests.file_organizer.execution.test_races import Meddler
from tests.file_organizer.execution.world import EVA, World, contents

pytestmark = [pytest.mark.root, needs_root]


def sh(*command: str | Path) -> None:
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


@contextmanager
def mounted(point: Path, *command: str | Path) -> Iterator[None]:
    point.mkdir(parents=True, exist_ok=True)
    try:
        sh("mount", *command, point)
    except subprocess.CalledProcessError as error:
        pytest.skip(f"cannot mount here: {error.stderr.decode()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(point)], check=False, capture_output=True)


@pytest.fixture
def small_drive(tmp_path: Path) -> Iterator[World]:
    """The other folder is a drive of 2 MB."""
    point = tmp_path / "small"
    with mounted(point, "-t", "tmpfs", "-o", "size=2m", "tmpfs"):
        yield World(tmp_path, point)


@pytest.fixture
def usb(tmp_path: Path) -> Iterator[World]:
    """The other folder is a loop-mounted ext4 image, as a stick that can be pulled out."""
    image = tmp_path / "usb.img"
    with image.open("wb") as file:
        file.truncate(32 << 20)
    sh("mkfs.ext4", "-q", "-F", image)
    point = tmp_path / "usb"
    with mounted(point, "-o", "loop", image):
        yield World(tmp_path, point)


@contextmanager
def at_desk(world: World) -> Iterator[Desk]:
    desk = Desk(world)
    try:
        yield desk
    finally:
        desk.db.close()


def test_a_full_drive_takes_what_fits_and_leaves_the_rest_where_it_was(small_drive: World) -> None:
    """ENOSPC in the middle of a run: no stump, no loss, the report says which; undo is exact."""
    world = small_drive
    for index in range(8):
        world.write(f"f{index}.bin", os.urandom(400_000))
    before = world.visible()
    with at_desk(world) as desk:
        plan = [world.move(f"f{i}.bin", f"x/f{i}.bin", other=True, id=f"{i}") for i in range(8)]
        report = desk.manager.execute(EVA, "plan", plan)
        assert 0 < report.done < 8
        assert {r.reason for r in report.problems} == {"drive_full"}
        assert contents(before) <= contents(world.everything())
        assert desk.fsck().errors == desk.fsck().notices == []
        desk.manager.undo_run(EVA, report.run_id)
        assert world.visible() == before


def test_a_drive_that_fills_up_during_a_copy_keeps_the_original(small_drive: World) -> None:
    """The free space was there when the copy began, and is not when it is written: a true ENOSPC from write(2)."""
    world = small_drive
    world.write("a.bin", os.urandom(1_500_000))
    hog = world.other.parent / "hog"
    with at_desk(world) as desk:
        manager = world.manager(desk.db, Meddler("copy.before", lambda: None))
        boundaries = FillUp(hog)
        manager = world.manager(desk.db, boundaries)
        report = manager.execute(EVA, "plan", [world.move("a.bin", "x/a.bin", other=True)])
        assert [r.reason for r in report.problems if r.op == "move"] == ["drive_full"]
        assert (world.home / "a.bin").stat().st_size == 1_500_000
        assert desk.fsck().errors == desk.fsck().notices == []


class FillUp(Boundaries):
    """Fill the drive after the first chunk of a copy."""

    def __init__(self, hog: Path) -> None:
        self._hog = hog

    def reach(self, name: str) -> None:
        if name == "copy.chunk" and not self._hog.exists():
            with self._hog.open("wb", buffering=0) as file:
                try:
                    while True:
                        file.write(b"x" * 4096)
                except OSError:
                    pass


def test_a_drive_with_no_room_for_another_folder_is_reported(tmp_path: Path) -> None:
    """Out of inodes: mkdir and create fail, the originals stay."""
    point = tmp_path / "few"
    with mounted(point, "-t", "tmpfs", "-o", "size=2m,nr_inodes=8", "tmpfs"):
        world = World(tmp_path, point)
        for index in range(8):
            world.write(f"f{index}.txt")
        before = world.visible()
        with at_desk(world) as desk:
            plan = [world.move(f"f{i}.txt", f"x{i}/f{i}.txt", other=True, id=f"{i}") for i in range(8)]
            report = desk.manager.execute(EVA, "plan", plan)
            assert report.done < 8
            assert "drive_full" in {r.reason for r in report.problems}
            assert contents(before) <= contents(world.everything())
            assert desk.fsck().errors == desk.fsck().notices == []


def test_a_read_only_target_changes_nothing(usb: World) -> None:
    """A drive that was remounted read-only: one clear reason, nothing moved."""
    usb.write("a.txt")
    before = usb.visible()
    sh("mount", "-o", "remount,ro", usb.other.parent)
    with at_desk(usb) as desk:
        report = desk.manager.execute(EVA, "plan", [usb.move("a.txt", "x/a.txt", other=True)])
        assert {r.reason for r in report.problems if r.state == "failed"} <= {"drive_read_only", "source_missing"}
        assert report.done == 0
        assert usb.visible() == before


def test_an_original_on_a_read_only_drive_is_not_moved(usb: World) -> None:
    """It could be copied but not removed: then it is not moved, and no copy is left."""
    usb.write("a.txt", other=True)
    source, target = usb.at("a.txt", other=True), usb.at("x/a.txt")
    sh("mount", "-o", "remount,ro", usb.other.parent)
    from backend.file_organizer.execution.operations import Move

    with at_desk(usb) as desk:
        plan = [Move(id="1", source=source, target=target, seen=usb.seen("a.txt", other=True))]
        report = desk.manager.execute(EVA, "plan", plan)
        assert report.done == 0
        assert (usb.other / "a.txt").exists()
        assert not (usb.home / "x/a.txt").exists()
        assert desk.fsck().clean


@pytest.mark.parametrize("moment", ["copy.after", "publish.before", "unlink.before", "sync.before"])
def test_a_drive_pulled_out_in_the_middle_is_not_taken_for_empty(usb: World, moment: str) -> None:
    """umount -l at each stage: the run stops, the empty mount point stays empty, later all comes right."""
    for index in range(5):
        usb.write(f"f{index}.txt")
    before = usb.visible()
    point = usb.other.parent
    with at_desk(usb) as desk:
        manager = usb.manager(desk.db, Meddler(moment, lambda: sh("umount", "-l", point)))
        plan = [usb.move(f"f{i}.txt", f"x/f{i}.txt", other=True, id=f"{i}") for i in range(5)]
        with pytest.raises(VolumeAway):
            manager.execute(EVA, "plan", plan)
        assert os.listdir(point) == [], "something was written into the empty mount point"
        assert desk.manager.recover(EVA).waiting > 0
        report = desk.fsck()
        assert report.clean
        assert report.away == [usb.other_id]
        with mounted(point, "-o", "loop", usb.base / "usb.img"):
            report = desk.manager.execute(EVA, "plan", plan)
            assert report.done == 5
            assert contents(before) <= contents(usb.everything())
            assert desk.fsck().errors == desk.fsck().notices == []
            desk.manager.undo_run(EVA, report.run_id)
            assert usb.visible() == before


def test_a_missing_drive_is_never_written_to(usb: World) -> None:
    """Before the run begins the stick is out: nothing happens, and nothing is made in its mount point."""
    usb.write("a.txt")
    point = usb.other.parent
    plan = [usb.move("a.txt", "x/a.txt", other=True)]
    sh("umount", point)
    with at_desk(usb) as desk:
        with pytest.raises(VolumeAway):
            desk.manager.execute(EVA, "plan", plan)
        assert os.listdir(point) == []
        assert (usb.home / "a.txt").exists()


def test_another_drive_in_the_same_place_is_not_the_same_drive(usb: World, tmp_path: Path) -> None:
    """A second stick at the same mount point has another marker: refused."""
    usb.write("a.txt")
    point = usb.other.parent
    plan = [usb.move("a.txt", "x/a.txt", other=True)]
    sh("umount", point)
    with mounted(point, "-t", "tmpfs", "tmpfs"), at_desk(usb) as desk:
        LocalRoots([_made(point / "other")])
        with pytest.raises(VolumeAway):
            desk.manager.execute(EVA, "plan", plan)
        assert sorted(os.listdir(point / "other")) == [".homie"]


def _made(path: Path) -> Path:
    path.mkdir()
    return path


def test_a_drive_mounted_at_another_place_still_undoes(usb: World, tmp_path: Path) -> None:
    """The journal holds volume and relative path, so the stick may come back elsewhere."""
    usb.write("a.txt")
    before = usb.visible()["home/a.txt"]
    with at_desk(usb) as desk:
        report = desk.manager.execute(EVA, "plan", [usb.move("a.txt", "x/a.txt", other=True)])
    sh("umount", usb.other.parent)
    elsewhere = tmp_path / "elsewhere"
    with mounted(elsewhere, "-o", "loop", usb.base / "usb.img"):
        usb.source = LocalRoots([usb.home, elsewhere / "other"])
        usb.roots = usb.source.for_actor(EVA)
        with at_desk(usb) as desk:
            assert desk.manager.undo_run(EVA, report.run_id).failed == 0
        assert usb.visible()["home/a.txt"] == before


def test_a_bind_mount_is_crossed_although_the_device_is_the_same(tmp_path: Path) -> None:
    """rename(2) says EXDEV between bind mounts of one filesystem: files are copied, folders taken apart."""
    point = tmp_path / "bound"
    real = tmp_path / "real"
    real.mkdir()
    with mounted(point, "--bind", real):
        world = World(tmp_path, point)
        world.write("a.txt")
        world.write("folder/b.txt")
        world.write("album/c.txt")
        before = world.visible()
        with at_desk(world) as desk:
            plan = [world.move("a.txt", "x/a.txt", other=True), world.move("folder", "x/folder", other=True)]
            plan.append(world.move("album", "new/place/album", other=True))  # also where nothing was made before
            report = desk.manager.execute(EVA, "plan", plan)
            assert (report.done, report.failed) == (3, 0)
            assert (world.other / "x/folder/b.txt").exists()
            assert (world.other / "new/place/album/c.txt").exists()
            assert desk.fsck().errors == desk.fsck().notices == []
            desk.manager.undo_run(EVA, report.run_id)
            assert world.visible() == before


def test_an_immutable_original_stays_and_its_copy_is_removed(tmp_path: Path, far_world: World) -> None:
    """EPERM at the very last step: then it was not moved, and there is no second copy."""
    path = far_world.write("a.txt")
    try:
        sh("chattr", "+i", path)
    except (subprocess.CalledProcessError, FileNotFoundError):
        pytest.skip("this filesystem has no immutable files")
    try:
        with at_desk(far_world) as desk:
            report = desk.manager.execute(EVA, "plan", [far_world.move("a.txt", "x/a.txt", other=True)])
            assert [r.reason for r in report.problems if r.op == "move"] == ["permission_denied"]
            assert not (far_world.other / "x/a.txt").exists()
            assert desk.fsck().clean
    finally:
        sh("chattr", "-i", path)
