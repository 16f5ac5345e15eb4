from __future__ import annotations

import ast
import os
from pathlib import Path

import sqlalchemy as sa

from backend.file_organizer import fsck
from backend.file_organizer.execution.journal_models import FileAction
from backend.file_organizer.execution.operations import Trash
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA, MTIME


def test_the_verifier_shares_no_code_with_the_writer() -> None:
    """It imports the tables, the database and plain data, nothing that moves, hashes or decodes for the executor."""
    tree = ast.parse(Path(fsck.__file__).read_text())
    names = {
        f"{node.module}.{alias.name}"
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert {name for name in names if name.startswith("backend.")} == {
        "backend.file_organizer.execution.journal_models.FileAction",
        "backend.file_organizer.execution.journal_models.Run",
        "backend.sdk.actor.Actor",
        "backend.sdk.db.Database",
        "backend.sdk.db.OwnedSession",
        "backend.sdk.files.OwnerRoots",
    }


def _moved(desk: Desk) -> Path:
    desk.world.write("a.txt", b"content")
    desk.manager.execute(EVA, "plan", [desk.world.move("a.txt", "x/a.txt")])
    return desk.world.home / "x/a.txt"


def test_changes_by_people_are_notices_not_errors(desk: Desk) -> None:
    """Deleted, moved on or edited: "changed outside Homie"."""
    path = _moved(desk)
    path.write_bytes(b"edited")
    assert [n.code for n in desk.fsck().notices] == ["changed"]
    path.unlink()
    report = desk.fsck()
    assert report.clean
    assert [n.code for n in report.notices] == ["gone"]


def test_planted_damage_is_found(desk: Desk) -> None:
    """A leftover, an unfinished row, a file at both ends, a stranger in the trash, a flipped bit: each is an error."""
    path = _moved(desk)
    (path.parent / f".homie-{'0' * 32}.part").write_bytes(b"")
    os.link(path, desk.world.home / "a.txt")
    desk.world.write("old.txt")
    trash = desk.manager.execute(
        EVA, "trash", [Trash(id="1", source=desk.world.at("old.txt"), seen=desk.world.seen("old.txt"))]
    )
    (desk.world.home / ".homie/trash" / trash.run_id / "stranger").write_bytes(b"")
    assert sorted(error.code for error in desk.fsck().errors) == ["leftover", "still_there", "unknown_in_trash"]

    def unfinish(session: object) -> None:
        session.execute(sa.update(FileAction).where(FileAction.op == "trash").values(state="intent"))  # type: ignore[attr-defined]

    desk.db.write(EVA, unfinish)
    assert "unfinished" in {error.code for error in desk.fsck().errors}


def test_a_flipped_bit_is_found_by_reading(far_desk: Desk) -> None:
    """Same size, same time, other content: only the deep check sees it."""
    far_desk.world.write("a.txt", b"content")
    far_desk.manager.execute(EVA, "plan", [far_desk.world.move("a.txt", "x/a.txt", other=True)])
    path = far_desk.world.other / "x/a.txt"
    path.write_bytes(b"kontent")
    os.utime(path, ns=(MTIME, MTIME))
    assert far_desk.fsck(deep=False).clean
    assert [error.code for error in far_desk.fsck(deep=True).errors] == ["damaged"]
