"""A full disk, a held lock, a damaged file, a killed writer: one clear error, and nothing half done."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from backend.sdk.actor import Actor
from backend.sdk.db import Database, DatabaseBusy, DatabaseUnreachable, StorageFull
from backend.sdk.errors import Unavailable
from tests.sdk.db.models import Note, NotesBase

ALICE = Actor.of("alice")
ROOT = Path(__file__).resolve().parents[3]

KILLED = """
import os, signal, sys
import sqlalchemy as sa
from backend.sdk.actor import Actor
from backend.sdk.db import Database
from tests.sdk.db.models import Note, NotesBase

db = Database(sys.argv[1], NotesBase, name="notes", durable=True)
db.write(Actor.of("alice"), lambda s: s.add(Note(title="committed")))
with db.session(Actor.of("alice"), write=True) as s:
    s.execute(sa.insert(Note), [{"title": f"lost {n}"} for n in range(2000)])
    s.execute(sa.update(Note).values(title="lost"))
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of a database with the module's tables."""
    db = Database(tmp_path / "notes.db", NotesBase, name="notes")
    db.create_all()
    db.close()
    return tmp_path / "notes.db"


def test_a_full_disk_is_said_and_changes_nothing(path: Path) -> None:
    """SQLite's own "full" becomes `StorageFull`; the rows before it are there, the transaction is not."""
    db = Database(path, NotesBase, name="notes")
    limit = event.listen  # a page limit makes SQLite report the same error as a full disk
    limit(db.store.writer, "connect", lambda dbapi, record: dbapi.execute("PRAGMA max_page_count=60"))
    db.write(ALICE, lambda s: s.add(Note(title="before")))
    with pytest.raises(StorageFull) as caught:
        db.write(ALICE, lambda s: s.execute(sa.insert(Note), [{"title": "x" * 500} for _ in range(1000)]))
    assert isinstance(caught.value, Unavailable)
    assert "free some space" in caught.value.message
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["before"]
    db.write(ALICE, lambda s: s.add(Note(title="after")))
    db.close()


def test_a_held_lock_becomes_busy_and_readers_go_on(path: Path) -> None:
    """Another program holds the write lock: writers hear so in time, readers do not notice."""
    db = Database(path, NotesBase, name="notes", busy_seconds=0.1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy) as caught:
        db.write(ALICE, lambda s: s.add(Note(title="x")))
    assert caught.value.status == 503
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == []
    other.execute("ROLLBACK")
    other.close()
    db.write(ALICE, lambda s: s.add(Note(title="now")))
    db.close()


def test_a_file_that_is_no_database_is_unreachable(tmp_path: Path) -> None:
    """Damage is named, not shown as an SQL error."""
    bad = tmp_path / "bad.db"
    bad.write_bytes(b"this is not a database" * 1000)
    db = Database(bad, NotesBase, name="notes")
    with pytest.raises(DatabaseUnreachable):
        db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all())
    db.close()


def test_a_writer_killed_in_its_transaction_leaves_only_what_was_committed(db: Database, database_url: str) -> None:
    """kill -9, reopen: intact, the commit is there, the transaction is not."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", KILLED, database_url], cwd=ROOT, env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    assert db.read(ALICE, lambda s: s.scalars(sa.select(Note.title)).all()) == ["committed"]
    db.store.check_integrity()
