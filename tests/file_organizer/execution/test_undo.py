from __future__ import annotations

import os
from datetime import UTC, datetime

import pytest

from backend.file_organizer.execution.errors import ActionMissing, UndoNotPossible
from backend.file_organizer.execution.operations import Copy, Trash
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA


def test_one_file_of_a_run_is_taken_back_and_the_rest_stays(desk: Desk) -> None:
    """Undo by the file's present place; the folder made for it goes only when it is empty."""
    for name in ("a.txt", "b.txt"):
        desk.world.write(name)
    plan = [desk.world.move("a.txt", "x/a.txt", id="a"), desk.world.move("b.txt", "x/b.txt", id="b")]
    desk.manager.execute(EVA, "plan", plan)
    desk.manager.undo_file(EVA, desk.world.at("x/a.txt"))
    assert sorted(os.listdir(desk.world.home)) == [".homie", "a.txt", "x"]
    desk.manager.undo_file(EVA, desk.world.at("x/b.txt"))
    assert sorted(os.listdir(desk.world.home)) == [".homie", "a.txt", "b.txt", "x"]
    with pytest.raises(ActionMissing):
        desk.manager.undo_file(EVA, desk.world.at("x/b.txt"))
    assert desk.fsck().errors == []


def test_a_day_is_taken_back_run_by_run_last_first(desk: Desk) -> None:
    """Two runs that moved the same file on: both are undone in the right order."""
    desk.world.write("a.txt")
    before = desk.world.visible()
    desk.manager.execute(EVA, "plan 1", [desk.world.move("a.txt", "x/a.txt")])
    desk.manager.execute(EVA, "plan 2", [desk.world.move("x/a.txt", "y/b.txt")])
    today = datetime.now(UTC).date()
    reports = desk.manager.undo_day(EVA, today)
    assert [report.failed for report in reports] == [0, 0]
    assert desk.world.visible() == before
    with pytest.raises(UndoNotPossible):
        desk.manager.undo_day(EVA, today)


def test_undo_works_after_a_restart(desk: Desk) -> None:
    """Nothing of it lives in memory."""
    desk.world.write("a.txt")
    before = desk.world.visible()
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    db = desk.world.database()
    try:
        desk.world.manager(db).undo_run(EVA, report.run_id)
    finally:
        db.close()
    assert desk.world.visible() == before


def test_a_file_changed_since_is_not_taken_back_unless_both_are_kept(desk: Desk) -> None:
    """People's later work stays; with "keep both" a copy goes to the old place and the changed one stays."""
    desk.world.write("a.txt", b"original")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    moved = desk.world.home / "x/a.txt"
    moved.write_bytes(b"worked on since")
    refused = desk.manager.undo_run(EVA, report.run_id)
    assert [r.reason for r in refused.problems if r.op == "restore"] == ["changed_since"]
    assert moved.read_bytes() == b"worked on since"
    desk.manager.undo_run(EVA, report.run_id, keep_both=True)
    assert moved.read_bytes() == b"worked on since"
    assert (desk.world.home / "a.txt").read_bytes() == b"worked on since"
    assert desk.fsck().errors == []


def test_a_place_taken_again_is_not_overwritten_by_undo(desk: Desk) -> None:
    """The new file with the old name stays; with "keep both" the old one comes back beside it."""
    desk.world.write("a.txt", b"original")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    desk.world.write("a.txt", b"newcomer")
    refused = desk.manager.undo_run(EVA, report.run_id)
    assert [r.reason for r in refused.problems if r.op == "restore"] == ["target_exists"]
    desk.manager.undo_run(EVA, report.run_id, keep_both=True)
    assert (desk.world.home / "a.txt").read_bytes() == b"newcomer"
    assert (desk.world.home / "a (2).txt").read_bytes() == b"original"


def test_undo_removes_only_folders_that_the_run_made_and_that_are_empty(desk: Desk) -> None:
    """A folder that people put something into stays, and so do folders that were there before."""
    desk.world.write("a.txt")
    desk.world.write("b.txt")
    (desk.world.home / "old").mkdir()
    plan = [desk.world.move("a.txt", "old/new/a.txt", id="a"), desk.world.move("b.txt", "used/b.txt", id="b")]
    report = desk.manager.execute(EVA, "plan", plan)
    desk.world.write("used/by people.txt")
    desk.manager.undo_run(EVA, report.run_id)
    assert sorted(os.listdir(desk.world.home)) == [".homie", "a.txt", "b.txt", "old", "used"]
    assert os.listdir(desk.world.home / "old") == []
    assert os.listdir(desk.world.home / "used") == ["by people.txt"]


def test_what_a_copy_made_goes_to_the_trash_not_into_nothing(desk: Desk) -> None:
    """Undo deletes no content, not even its own copies."""
    desk.world.write("a.txt", b"content")
    plan = [Copy(id="1", source=desk.world.at("a.txt"), target=desk.world.at("x/a.txt"), seen=desk.world.seen("a.txt"))]
    report = desk.manager.execute(EVA, "plan", plan)
    undone = desk.manager.undo_run(EVA, report.run_id)
    assert not (desk.world.home / "x").exists()
    assert (desk.world.home / ".homie/trash" / undone.run_id / "x/a.txt").read_bytes() == b"content"


def test_a_trashed_folder_comes_back_whole(desk: Desk) -> None:
    """Trash is a rename on the same volume, so a whole tree returns as it was."""
    desk.world.write("folder/sub/a.txt")
    before = desk.world.visible()
    plan = [Trash(id="1", source=desk.world.at("folder"), seen=desk.world.seen("folder"))]
    report = desk.manager.execute(EVA, "plan", plan)
    assert "home/folder" not in desk.world.visible()
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before


def test_an_undo_that_is_asked_for_twice_runs_once(desk: Desk) -> None:
    """The undo's own plan id is an idempotency key too."""
    desk.world.write("a.txt")
    report = desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    first = desk.manager.undo_run(EVA, report.run_id, plan_id="undo")
    assert desk.manager.undo_run(EVA, report.run_id, plan_id="undo") == first
    with pytest.raises(UndoNotPossible):
        desk.manager.undo_run(EVA, report.run_id)
