"""Emptying the trash: killed anywhere it is finished or not begun, and nothing outside of the trash is ever removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from backend.file_organizer.execution.errors import ActionMissing, UndoNotPossible
from backend.file_organizer.execution.journal_models import FileAction
from backend.file_organizer.execution.operations import Trash
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.files import PathNotAllowed
from tests.file_organizer.execution.campaign import Counting, in_child
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA, World


def trash_some(manager: FileOperationManager, world: World) -> list[str]:
    """Put a file and a folder of three into the trash; return the ids of the steps."""
    plan = [Trash(id=str(n), source=world.at(p), seen=world.seen(p)) for n, p in enumerate(("letter.txt", "Old"))]
    report = manager.execute(EVA, "trash", plan)
    assert report.done == 2
    return [step.action_id for step in report.results if step.op == "trash"]


def fill(world: World) -> World:
    for name in ("letter.txt", "stays.txt", "Old/a.txt", "Old/deep/b.txt", "Old/deep/c.txt"):
        world.write(name)
    return world


@pytest.fixture
def full(desk: Desk) -> Desk:
    fill(desk.world)
    return desk


def in_trash(world: World) -> list[str]:
    return sorted(path.name for path in (world.home / ".homie" / "trash").rglob("*") if path.is_file())


def sound(desk: Desk) -> bool:
    report = desk.fsck()
    return not report.errors and not report.notices


def test_emptying_removes_what_was_named_and_nothing_else(full: Desk) -> None:
    """The named thing is gone for good, the other one is still there and can be put back; fsck agrees."""
    letter, folder = trash_some(full.manager, full.world)
    report = full.manager.purge(EVA, [folder], plan_id="empty")
    assert (report.kind, report.done, report.total) == ("purge", 1, 1)
    assert in_trash(full.world) == ["letter.txt"]
    assert sound(full)
    with pytest.raises(ActionMissing):
        full.manager.undo_actions(EVA, [folder])
    full.manager.undo_actions(EVA, [letter])
    assert sorted(os.listdir(full.world.home)) == [".homie", "letter.txt", "stays.txt"]
    assert sound(full)


def test_what_was_emptied_cannot_be_taken_back_and_says_so(full: Desk) -> None:
    """Neither the run that emptied nor the steps that trashed are undone; asked twice, the first answer comes again."""
    ids = trash_some(full.manager, full.world)
    first = full.manager.purge(EVA, ids, plan_id="empty")
    again = full.manager.purge(EVA, ids, plan_id="empty")
    assert (first.run_id, first.done) == (again.run_id, again.done)
    with pytest.raises(UndoNotPossible):
        full.manager.undo_run(EVA, first.run_id)
    with pytest.raises(ActionMissing):
        full.manager.purge(EVA, ids, plan_id="other request")
    assert in_trash(full.world) == []


def test_only_what_lies_in_the_trash_can_be_emptied(full: Desk) -> None:
    """A step that moved a file somewhere else is refused, whatever its id; the file stays."""
    report = full.manager.execute(EVA, "plan", [full.world.move("letter.txt", "Kept/letter.txt")])
    with pytest.raises(ActionMissing):
        full.manager.purge(EVA, [step.action_id for step in report.results], plan_id="empty")
    assert (full.world.home / "Kept/letter.txt").exists()


@pytest.mark.parametrize("place", [".homie/trash/../../stays.txt", ".homie/trash/x/../../../stays.txt", "stays.txt"])
def test_a_forged_row_removes_nothing_outside_of_the_trash(full: Desk, place: str) -> None:
    """Even a journal row that claims a place outside: the step itself looks again."""
    ids = trash_some(full.manager, full.world)

    def forge(session: Any) -> None:
        row = update(FileAction).where(FileAction.id == ids[0]).values(target_path=place)
        session.execute(row.execution_options(synchronize_session=False))

    full.db.write(EVA, forge)
    try:
        assert full.manager.purge(EVA, [ids[0]], plan_id="empty").done == 0
    except (ActionMissing, PathNotAllowed):
        pass
    assert (full.world.home / "stays.txt").exists()


def test_what_was_removed_by_hand_is_written_down(full: Desk) -> None:
    """Somebody removed it from the trash: emptying succeeds, so that the list becomes true again."""
    ids = trash_some(full.manager, full.world)
    for path in (full.world.home / ".homie/trash").rglob("letter.txt"):
        path.unlink()
    assert full.manager.purge(EVA, ids, plan_id="empty").done == 2
    assert sound(full)


def test_killed_at_every_boundary_it_is_finished_or_still_there(tmp_path: Path) -> None:
    """SIGKILL at each point of emptying: afterwards all is consistent, and asking again finishes the same run."""

    def fresh(name: str) -> tuple[World, list[str]]:
        world = fill(World(tmp_path / name))
        desk = Desk(world)
        ids = trash_some(desk.manager, world)
        desk.db.close()
        return world, ids

    def carry(world: World, ids: list[str], boundaries: Counting) -> None:
        db = world.database()
        try:
            world.manager(db, boundaries).purge(EVA, ids, plan_id="empty")
        finally:
            db.close()

    counting = Counting()
    carry(*fresh("counted"), counting)
    assert {"purge.before", "purge.between", "purge.after"} <= set(counting.names)
    for point in range(1, counting.passed + 1):
        world, ids = fresh(f"at-{point}")
        assert in_child(lambda w=world, i=ids, p=point: carry(w, i, Counting(p)))  # type: ignore[misc]
        desk = Desk(world)
        desk.manager.recover(EVA)
        assert sound(desk), counting.names[point - 1]
        assert (world.home / "stays.txt").exists()
        assert desk.manager.purge(EVA, ids, plan_id="empty").done == 2, counting.names[point - 1]
        assert in_trash(world) == []
        assert sound(desk)
        desk.db.close()
