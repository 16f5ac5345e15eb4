"""Somebody else works in the same folders at the worst moment; the moments are the execution's own boundaries."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.file_organizer.execution import preparation
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.operations import OnConflict
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA


class Meddler(Boundaries):
    """Do something once, when a boundary is reached."""

    def __init__(self, at: str, deed: Callable[[], object]) -> None:
        self._at = at
        self._deed: Callable[[], object] | None = deed

    def reach(self, name: str) -> None:
        if name == self._at and self._deed is not None:
            deed, self._deed = self._deed, None
            deed()


@pytest.mark.parametrize("policy", list(OnConflict))
def test_a_destination_that_appears_before_the_rename_is_not_overwritten(desk: Desk, policy: OnConflict) -> None:
    """Between the check and the rename a file comes: the kernel refuses, whatever the policy is."""
    desk.world.write("a.txt", b"ours")
    target = desk.world.home / "x/a.txt"
    manager = desk.world.manager(desk.db, Meddler("rename.before", lambda: target.write_bytes(b"theirs")))
    report = manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt", on_conflict=policy)])
    assert [r.reason for r in report.problems if r.op == "move"] == ["target_exists"]
    assert target.read_bytes() == b"theirs"
    assert (desk.world.home / "a.txt").read_bytes() == b"ours"
    assert desk.fsck().clean


def test_a_destination_that_appears_before_a_copy_is_published_is_not_overwritten(far_desk: Desk) -> None:
    """Across drives too: the copy is thrown away, both files stay."""
    far_desk.world.write("a.txt", b"ours")
    target = far_desk.world.other / "x/a.txt"
    manager = far_desk.world.manager(far_desk.db, Meddler("publish.before", lambda: target.write_bytes(b"theirs")))
    report = manager.execute(EVA, "plan", [far_desk.world.move("a.txt", "x/a.txt", other=True)])
    assert [r.reason for r in report.problems] == ["target_exists"]
    assert target.read_bytes() == b"theirs"
    assert (far_desk.world.home / "a.txt").read_bytes() == b"ours"
    assert os.listdir(target.parent) == ["a.txt"]


def test_a_destination_folder_that_appears_is_merged_with_nothing(desk: Desk) -> None:
    """rename(2) would replace an empty folder; the flag keeps even that from happening."""
    desk.world.write("folder/a.txt")
    target = desk.world.home / "x/folder"
    manager = desk.world.manager(desk.db, Meddler("rename.before", target.mkdir))
    report = manager.execute(EVA, "plan", [desk.world.move("folder", "x/folder")])
    assert [r.reason for r in report.problems if r.op == "move"] == ["target_exists"]
    assert not list(target.iterdir())
    assert (desk.world.home / "folder/a.txt").exists()


def test_a_file_that_changes_during_its_copy_is_not_moved(far_desk: Desk) -> None:
    """The copy is thrown away, the changed original stays."""
    path = far_desk.world.write("a.bin", os.urandom(3 << 20))

    def change() -> None:
        with path.open("r+b") as file:
            file.write(b"changed")

    manager = far_desk.world.manager(far_desk.db, Meddler("copy.chunk", change))
    report = manager.execute(EVA, "plan", [far_desk.world.move("a.bin", "x/a.bin", other=True)])
    assert [r.reason for r in report.problems if r.op == "move"] == ["source_changed"]
    assert path.read_bytes().startswith(b"changed")
    assert not (far_desk.world.other / "x/a.bin").exists()
    assert far_desk.fsck().clean


def test_an_original_that_changes_after_its_copy_is_kept(far_desk: Desk) -> None:
    """Up to the last look before the original is removed, a change keeps it."""
    path = far_desk.world.write("a.txt", b"old")
    manager = far_desk.world.manager(far_desk.db, Meddler("publish.after", lambda: path.write_bytes(b"newer content")))
    report = manager.execute(EVA, "plan", [far_desk.world.move("a.txt", "x/a.txt", other=True)])
    assert [r.reason for r in report.problems] == ["source_changed"]
    assert path.read_bytes() == b"newer content"


def test_a_folder_swapped_for_a_link_is_not_followed(desk: Desk, tmp_path: Path) -> None:
    """Checked as a folder, swapped for a link before the rename: the move goes into the folder that was checked."""
    outside = tmp_path / "outside"
    outside.mkdir()
    desk.world.write("a.txt")
    folder = desk.world.home / "x"
    folder.mkdir()

    def swap() -> None:
        folder.rename(desk.world.home / "moved away")
        folder.symlink_to(outside)

    manager = desk.world.manager(desk.db, Meddler("rename.before", swap))
    manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    assert not list(outside.iterdir())
    found = [p for p in (desk.world.home / "a.txt", desk.world.home / "moved away/a.txt") if p.exists()]
    assert len(found) == 1


def test_a_group_is_put_back_when_one_destination_is_taken_at_the_last_moment(desk: Desk) -> None:
    """Members that were renamed already return to their places."""
    for ending in ("mkv", "srt", "nfo"):
        desk.world.write(f"film.{ending}")
    before = desk.world.visible()
    target = desk.world.home / "films/film.nfo"
    manager = desk.world.manager(desk.db, Meddler("rename.after", lambda: target.write_bytes(b"theirs")))
    plan = [desk.world.move(f"film.{e}", f"films/film.{e}", group="film", id=e) for e in ("mkv", "srt", "nfo")]
    report = manager.execute(EVA, "plan", plan)
    now = desk.world.visible()
    assert now.pop("home/films/film.nfo").content != before["home/film.nfo"].content
    now.pop("home/films")
    assert now == before
    assert report.done == 0
    assert desk.fsck().errors == desk.fsck().notices == []


def test_a_replaced_file_returns_when_its_successor_cannot_come(desk: Desk) -> None:
    """The trash step and the move are one group: the old file is not left in the trash for nothing."""
    source = desk.world.write("a.txt", b"new")
    desk.world.write("x/a.txt", b"old")
    plan = [desk.world.move("a.txt", "x/a.txt", on_conflict=OnConflict.REPLACE_WITH_TRASH)]
    manager = desk.world.manager(desk.db, Meddler("rename.after", source.unlink))
    manager.execute(EVA, "plan", plan)
    assert (desk.world.home / "x/a.txt").read_bytes() == b"old"
    assert desk.fsck().clean


def test_a_drive_without_renameat2_still_never_overwrites(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On filesystems that know neither the flag nor leases, the fallbacks keep the promise."""
    from backend.sdk.files import primitives

    monkeypatch.setattr(primitives, "_renameat2", lambda: None)
    monkeypatch.setattr(preparation, "being_written", lambda *args, **kw: False)
    desk.world.write("a.txt")
    desk.world.write("folder/b.txt")
    before = desk.world.visible()
    plan = [desk.world.move("a.txt", "x/a.txt"), desk.world.move("folder", "x/folder")]
    report = desk.manager.execute(EVA, "plan", plan)
    assert report.done == 2
    desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before
