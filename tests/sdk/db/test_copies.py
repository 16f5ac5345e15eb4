"""Copies: made while others write, verified to the last page, put back whole while the database stays open."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.sdk.actor import Actor
from backend.sdk.db import CopyDamaged, Database, NewerDatabase, OwnerMismatch, make_revision, verify_copy
from backend.sdk.errors import NotFound
from tests.sdk.db.models import Folder, Note, NotesBase

MakeDatabase = Callable[..., Database]
ALICE, BOB = Actor.of("alice"), Actor.of("bob")


def titles(db: Database, actor: Actor = ALICE) -> list[str]:
    return sorted(db.read(actor, lambda s: s.scalars(sa.select(Note.title)).all()))


def add(db: Database, *names: str, actor: Actor = ALICE) -> None:
    def step(s: object) -> None:
        s.add(Folder(name="f", notes=[Note(title=name, extra={"tab\t": "line\nbreak \\N ü"}) for name in names]))

    db.write(actor, step)


def test_a_copy_holds_every_row_of_one_moment(db: Database, tmp_path: Path) -> None:
    """Counts per table, revision and size are reported, and verified again from the file alone."""
    add(db, "a", "b")
    add(db, "c", actor=BOB)
    report = db.backup_to(tmp_path / "copy")
    assert report.tables == {"colours": 0, "folders": 2, "notes": 3, "settings": 0}
    assert report.revision is None
    assert report.size == (tmp_path / "copy").stat().st_size
    assert verify_copy(tmp_path / "copy") == report
    assert [p.name for p in tmp_path.glob("copy*")] == ["copy"]


def test_writers_are_not_kept_waiting_by_a_copy(db: Database, tmp_path: Path) -> None:
    """Each commit during the copy succeeds, and the copy is still whole: folders and notes agree."""
    db.write(ALICE, lambda s: s.execute(sa.insert(Note), [{"title": "x" * 400} for _ in range(5000)]))
    stop, errors = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            try:
                add(db, "during")
            except Exception as error:
                errors.append(error)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        reports = [db.backup_to(tmp_path / f"copy{n}") for n in range(5)]
    finally:
        stop.set()
        writer.join()
    assert errors == []
    for report in reports:
        assert report.tables["notes"] == 5000 + report.tables["folders"]


def test_a_restore_brings_back_rows_and_the_open_database_goes_on(make_database: MakeDatabase, tmp_path: Path) -> None:
    """Also for whoever else has the database open (a worker): nobody keeps a file that is gone."""
    db, worker = make_database(), make_database()
    db.create_all()
    add(db, "old")
    assert titles(worker) == ["old"]
    db.backup_to(tmp_path / "copy")
    add(db, "newer")
    db.unscoped("a test", lambda s: s.execute(sa.update(Note).values(title="spoilt")), write=True)
    db.restore_from(tmp_path / "copy")
    assert titles(db) == titles(worker) == ["old"]
    add(worker, "after")
    assert titles(db) == ["after", "old"]
    row = db.read(ALICE, lambda s: s.scalars(sa.select(Note.extra)).first())
    assert row == {"tab\t": "line\nbreak \\N ü"}


def test_isolation_holds_after_a_restore(make_database: MakeDatabase, tmp_path: Path) -> None:
    """Triggers and policies are there again, keys too."""
    db = make_database()
    db.create_all()
    add(db, "a")
    add(db, "b", actor=BOB)
    db.backup_to(tmp_path / "copy")
    db.restore_from(tmp_path / "copy")
    assert (titles(db), titles(db, BOB)) == (["a"], ["b"])

    def below(s: object) -> int:
        dbapi = s.connection().connection.driver_connection
        return dbapi.execute("UPDATE notes SET title = 'HACK' WHERE owner_id = 'bob'").rowcount

    with contextlib.suppress(OwnerMismatch, sqlite3.IntegrityError):
        assert db.write(ALICE, below) == 0
    with pytest.raises(sa.exc.IntegrityError):
        db.write(ALICE, lambda s: s.add(Note(title="x", folder_id="nowhere")))
    assert titles(db, BOB) == ["b"]


def test_a_damaged_copy_is_refused_and_changes_nothing(db: Database, tmp_path: Path) -> None:
    """Cut short, or with flipped bytes: `CopyDamaged`, and the rows stay."""
    add(db, *(f"{n:04}" + "x" * 200 for n in range(400)))
    copy = tmp_path / "copy"
    db.backup_to(copy)
    whole = copy.read_bytes()
    middle = len(whole) // 2
    for bad in (whole[:middle], whole[:200] + bytes(len(whole) - 400) + whole[-200:], b"nonsense", b""):
        copy.write_bytes(bad)
        with pytest.raises(CopyDamaged):
            db.restore_from(copy)
    assert len(titles(db)) == 400
    with pytest.raises(NotFound):
        verify_copy(tmp_path / "absent")


def test_a_copy_of_a_newer_homie_is_refused(make_database: MakeDatabase, tmp_path: Path) -> None:
    """Restoring it would leave a database that this program cannot read."""
    folder = tmp_path / "migrations"
    make_revision(NotesBase, folder, "initial")
    db = make_database(migrations=folder)
    db.migrate()
    add(db, "here")
    with db.store.admin() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'notes_9999'")
    db.backup_to(tmp_path / "newer")
    with db.store.admin() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'notes_0001'")
    with pytest.raises(NewerDatabase):
        db.restore_from(tmp_path / "newer")
    assert titles(db) == ["here"]


def test_a_failed_copy_leaves_no_file(db: Database, tmp_path: Path) -> None:
    """Neither under its name nor as a part."""
    target = tmp_path / "folder"
    target.mkdir()
    (target / "in the way").mkdir()
    with pytest.raises(OSError):
        db.backup_to(target)
    assert sorted(p.name for p in tmp_path.iterdir() if "part" in p.name) == []


def test_a_restore_does_not_depend_on_the_damaged_file(tmp_path: Path) -> None:
    """What is left of it is kept aside; the copy is in its place and the open object goes on."""
    db = Database(tmp_path / "d.db", NotesBase, name="notes")
    db.create_all()
    add(db, "saved")
    db.backup_to(tmp_path / "copy")
    db.store.dispose()
    (tmp_path / "d.db").write_bytes(b"overwritten by accident" * 500)
    db.restore_from(tmp_path / "copy")
    assert titles(db) == ["saved"]
    assert (tmp_path / "d.db.damaged").read_bytes().startswith(b"overwritten")
    db.close()
