"""The same backups with a module that runs on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import delete, select

from backend.core.backup.errors import BackupUnsuitable
from backend.core.backup.postgres_part import PostgresPart
from backend.sdk.actor import Actor
from backend.sdk.db import Database
from tests.core.backup.conftest import Hub
from tests.core.backup.notes_module import Note, NotesBase
from tests.postgres_server import PostgresServer, postgres_server

__all__ = ["postgres_server"]
pytestmark = pytest.mark.postgres
ANN, BOB = Actor.of("ann"), Actor.of("bob")


@pytest.fixture
def db(postgres_server: PostgresServer, hub: Hub) -> Iterator[Database]:
    """A PostgreSQL database with notes of two owners, known to the hub as the part `notes`."""
    url = postgres_server.new_schema()
    database = Database(url, NotesBase, name="test_notes")
    database.create_all()
    for actor in (ANN, BOB):
        database.write(actor, lambda s: s.add_all([Note(body=f"grüß {i}") for i in range(40)]))
    hub.parts.parts["notes"] = PostgresPart(  # type: ignore[assignment]
        "notes",
        lambda: Database(url, NotesBase, name="test_notes"),
        version="1",
        upgrade=lambda opened: None,
        folders=lambda: {"blobs/notes": hub.data_dir / "blobs" / "notes"},
        data_dir=hub.data_dir,
    )
    yield database
    database.close()


def rows(database: Database) -> list[tuple[str, str]]:
    return [
        (n.id, n.body)
        for a in (ANN, BOB)
        for n in database.read(a, lambda s: list(s.scalars(select(Note).order_by(Note.id))))
    ]


@pytest.mark.parametrize("encrypt", [False, True])
def test_every_row_and_file_comes_back(db: Database, hub: Hub, encrypt: bool) -> None:
    if encrypt:
        hub.keys.create()
    before, blobs = rows(db), hub.live_blobs()
    made = hub.service.create("notes", encrypt=encrypt)
    assert made.engine == "postgresql"
    assert hub.service.verify(made.set_id).ok
    db.write(ANN, lambda s: s.execute(delete(Note)))
    hub.blobs.erase_owner("bob")
    report = hub.restorer.restore(made.set_id)
    assert report.tables["notes"] == (40, 80)
    assert report.safety_backup is not None
    assert rows(db) == before
    assert hub.live_blobs() == blobs


def test_a_failed_upgrade_after_the_restore_is_taken_back(db: Database, hub: Hub) -> None:
    made = hub.service.create("notes")
    db.write(ANN, lambda s: s.execute(delete(Note)))
    before, part = rows(db), hub.parts.parts["notes"]

    def fail(opened: Database) -> None:
        raise RuntimeError("no such column")

    part._upgrade = fail
    with pytest.raises(Exception, match="as it was before"):
        hub.restorer.restore(made.set_id)
    assert rows(db) == before


def test_a_backup_goes_back_into_the_engine_that_it_came_from(db: Database, hub: Hub, tmp_path: Path) -> None:
    made = hub.service.create("notes")
    hub.parts.parts["notes"] = Hub(tmp_path / "other").parts.parts["notes"]
    with pytest.raises(BackupUnsuitable, match="postgresql"):
        hub.restorer.restore(made.set_id)
