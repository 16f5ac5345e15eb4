"""One owner's rows: all of them written out, all of them removed, nobody else's touched."""

from __future__ import annotations

import json
from pathlib import Path

import sqlalchemy as sa

from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, erase_rows, export_rows
from tests.sdk.db.models import Folder, Note

ALICE, BOB = Actor.of("alice"), Actor.of("bob")


def fill(s: OwnedSession) -> None:
    s.add(Folder(name="folder", notes=[Note(title="grüße " + "secret-of-" + s.actor.owner_id, extra={"k": [1]})]))


def test_export_writes_each_owned_table_of_one_owner(db: Database, tmp_path: Path) -> None:
    """As JSON lines, in plain values, with nothing of the other owner."""
    db.write(ALICE, fill)
    db.write(BOB, fill)
    assert export_rows(db, "alice", tmp_path / "out") == {"folders": 1, "notes": 1}
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["folders.jsonl", "notes.jsonl"]
    (note,) = [json.loads(line) for line in (tmp_path / "out" / "notes.jsonl").read_text().splitlines()]
    assert (note["owner_id"], note["title"], note["extra"]) == ("alice", "grüße secret-of-alice", {"k": [1]})
    assert "bob" not in (tmp_path / "out" / "notes.jsonl").read_text()


def test_erase_removes_every_row_of_one_owner_only(db: Database) -> None:
    """Children before parents; the other owner keeps all."""
    db.write(ALICE, fill)
    db.write(BOB, fill)
    assert erase_rows(db, "alice") == {"folders": 1, "notes": 1}
    left = db.unscoped("a test", lambda s: s.scalars(sa.select(Note.owner_id)).all())
    assert left == ["bob"]
    assert erase_rows(db, "alice") == {"folders": 0, "notes": 0}


def test_erased_rows_cannot_be_read_out_of_the_file(db: Database, tmp_path: Path) -> None:
    """SQLite: neither the file nor its log holds the words any more (PostgreSQL reuses its space by VACUUM)."""
    if db.kind != "sqlite":
        return
    db.write(ALICE, fill)
    db.write(BOB, fill)
    erase_rows(db, "alice")
    stored = b"".join(path.read_bytes() for path in tmp_path.glob("notes.db*"))
    assert b"secret-of-bob" in stored
    assert b"secret-of-alice" not in stored
