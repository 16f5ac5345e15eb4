"""Migrations: all or nothing, one process at a time, a copy before, and never a newer database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.sdk.actor import Actor
from backend.sdk.db import (
    Database,
    MigrationFailed,
    NewerDatabase,
    make_revision,
    schema_differences,
    verify_copy,
)
from tests.sdk.db.models import Note, NotesBase

MakeDatabase = Callable[..., Database]
ALICE = Actor.of("alice")
ROOT = Path(__file__).resolve().parents[3]
FRAME = """
import os, signal
import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}


def upgrade() -> None:
{body}
"""
MIGRATE = """
import sys
from pathlib import Path
from backend.sdk.db import Database
from tests.sdk.db.models import NotesBase

db = Database(sys.argv[1], NotesBase, name="notes")
print(db.migrate(Path(sys.argv[2])).after)
"""


def write_revision(folder: Path, number: int, *lines: str) -> None:
    before = f"notes_{number - 1:04d}" if number > 1 else None
    body = "\n".join(f"    {line}" for line in lines)
    text = FRAME.format(revision=f"notes_{number:04d}", before=before, body=body)
    (folder / f"notes_{number:04d}.py").write_text(text)


@pytest.fixture(scope="module")
def first_revision(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the text of the module's first revision, as autogeneration writes it."""
    return make_revision(NotesBase, tmp_path_factory.mktemp("first"), "initial").read_text()


@pytest.fixture
def folder(tmp_path: Path, first_revision: str) -> Path:
    """Return a migrations folder that holds the first revision."""
    found = tmp_path / "migrations"
    found.mkdir()
    (found / "notes_0001_initial.py").write_text(first_revision)
    return found


def run(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def tables(db: Database) -> set[str]:
    with db.store.admin(write=False) as connection:
        return set(sa.inspect(connection).get_table_names())


def test_a_first_migration_makes_the_whole_schema(make_database: MakeDatabase, folder: Path) -> None:
    """From nothing to head; a second call does nothing; the module works on it."""
    db = make_database()
    assert db.revision_state(folder).current is None
    assert db.migrate(folder).after == "notes_0001"
    assert not db.migrate(folder).changed
    assert db.revision_state(folder).up_to_date
    db.write(ALICE, lambda s: s.add(Note(title="works")))
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["works"]
    assert db.read(Actor.of("bob"), lambda s: s.scalars(sa.select(Note.title)).all()) == []


def test_migrations_write_plain_types_and_import_no_application_code(first_revision: str) -> None:
    """A revision must still run when the models have moved on."""
    assert "backend" not in first_revision
    assert "sa.DateTime(timezone=True)" in first_revision
    assert "sa.JSON()" in first_revision
    assert "stars >= 0" in first_revision


def test_an_unchanged_model_makes_no_revision(folder: Path) -> None:
    """The developer is told that there is nothing to write."""
    with pytest.raises(MigrationFailed, match="do not differ"):
        make_revision(NotesBase, folder, "nothing")
    assert len(list(folder.glob("*.py"))) == 1


def test_migrated_and_created_schemas_are_the_same(make_database: MakeDatabase, folder: Path) -> None:
    """On both engines; CHECK constraints included, which Alembic's own comparison does not see."""
    db = make_database()
    db.migrate(folder)
    assert schema_differences(db) == []
    write_revision(
        folder,
        2,
        "with op.batch_alter_table('notes') as batch:",
        "    batch.drop_constraint('stars_not_negative', type_='check')",
    )
    db.migrate(folder)
    assert any("ck_notes_stars_not_negative" in problem for problem in schema_differences(db))


def test_comparing_leaves_nothing_behind(make_database: MakeDatabase, folder: Path) -> None:
    """The layout of the models is made beside the database and removed again."""
    db = make_database()
    db.migrate(folder)
    schema_differences(db)
    with db.store.admin() as connection:
        if db.kind == "postgresql":
            left = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'compare%%'"
            assert connection.exec_driver_sql(left).scalar() == 0
            connection.exec_driver_sql("DROP POLICY homie_select ON notes")
            connection.commit()
            assert any("policy homie_select" in problem for problem in schema_differences(db))


def test_an_upgrade_keeps_rows_and_leaves_a_verified_copy(tmp_path: Path, folder: Path) -> None:
    """The copy holds the state before."""
    db = Database(tmp_path / "m.db", NotesBase, name="notes", migrations=folder)
    db.migrate()
    db.write(ALICE, lambda s: s.add(Note(title="kept")))
    write_revision(folder, 2, "op.execute(\"UPDATE notes SET title = 'renamed'\")")
    result = db.migrate()
    assert (result.before, result.after) == ("notes_0001", "notes_0002")
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["renamed"]
    assert result.backup is not None
    assert verify_copy(result.backup).tables["notes"] == 1
    assert verify_copy(result.backup).revision == "notes_0001"
    db.close()


def test_a_failing_migration_takes_everything_back(make_database: MakeDatabase, folder: Path) -> None:
    """Also the revisions before it that succeeded: tables, rows and revision are as they were."""
    db = make_database()
    db.migrate(folder)
    db.write(ALICE, lambda s: s.add(Note(title="kept")))
    write_revision(folder, 2, "op.create_table('half', sa.Column('id', sa.Integer, primary_key=True))")
    write_revision(folder, 3, "op.execute(\"UPDATE notes SET title = 'lost'\")", "raise RuntimeError('half-way')")
    before = tables(db)
    with pytest.raises(MigrationFailed):
        db.migrate(folder)
    assert tables(db) == before
    assert db.revision_state(folder).current == "notes_0001"
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["kept"]


def test_a_migration_killed_half_way_takes_everything_back(
    make_database: MakeDatabase, database_url: str, folder: Path
) -> None:
    """kill -9 between two revisions: the next start finds the database as before, and can migrate."""
    db = make_database()
    db.migrate(folder)
    db.write(ALICE, lambda s: s.add(Note(title="kept")))
    write_revision(folder, 2, "op.create_table('half', sa.Column('id', sa.Integer, primary_key=True))")
    write_revision(folder, 3, "op.execute('DELETE FROM notes')", "os.kill(os.getpid(), signal.SIGKILL)")
    process = run(MIGRATE, database_url, str(folder))
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    assert "half" not in tables(db)
    assert db.revision_state(folder).current == "notes_0001"
    write_revision(folder, 3, "pass")
    assert db.migrate(folder).after == "notes_0003"
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["kept"]


def test_a_migration_that_breaks_a_foreign_key_is_taken_back(make_database: MakeDatabase, folder: Path) -> None:
    """On SQLite foreign keys are off while it rebuilds tables, so they are checked before the commit."""
    db = make_database()
    db.migrate(folder)
    db.write(ALICE, lambda s: s.add(Note(title="orphan?")))
    write_revision(folder, 2, "op.execute(\"UPDATE notes SET folder_id = 'nowhere'\")")
    with pytest.raises(MigrationFailed):
        db.migrate(folder)
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.folder_id)).all()) == [None]


def test_a_newer_database_is_refused_and_left_alone(make_database: MakeDatabase, folder: Path) -> None:
    """Written by a later Homie: say so, touch nothing."""
    db = make_database()
    db.migrate(folder)
    with db.store.admin() as connection, connection.begin():
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'notes_9999'")
    with pytest.raises(NewerDatabase, match="update Homie"):
        db.migrate(folder)
    with db.store.admin(write=False) as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == "notes_9999"


def test_several_processes_may_migrate_at_once(make_database: MakeDatabase, database_url: str, folder: Path) -> None:
    """The web process and its workers start together: one migrates, the others find it done."""
    write_revision(folder, 2, "op.create_table('once', sa.Column('id', sa.Integer, primary_key=True))")
    processes = [run(MIGRATE, database_url, str(folder)) for _ in range(3)]
    said = [process.communicate() for process in processes]
    assert [process.returncode for process in processes] == [0, 0, 0], said
    db = make_database()
    assert db.revision_state(folder).up_to_date
    assert "once" in tables(db)


def test_the_check_at_start_does_not_import_alembic(tmp_path: Path, folder: Path) -> None:
    """A database at head starts without the 0.3 s of importing Alembic."""
    path = tmp_path / "m.db"
    db = Database(path, NotesBase, name="notes")
    db.migrate(folder)
    db.close()
    process = run(MIGRATE + "\nassert 'alembic' not in sys.modules", str(path), str(folder))
    said = process.communicate()
    assert process.returncode == 0, said


def test_two_heads_are_refused(tmp_path: Path, folder: Path) -> None:
    """A merge that nobody decided is a developer's mistake; nothing runs."""
    write_revision(folder, 2, "pass")
    (folder / "other.py").write_text((folder / "notes_0002.py").read_text().replace('"notes_0002"', '"notes_0002b"'))
    db = Database(tmp_path / "m.db", NotesBase, name="notes")
    with pytest.raises(MigrationFailed, match="heads"):
        db.migrate(folder)
    db.close()
