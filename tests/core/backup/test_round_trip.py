"""A backup brings back every row and every byte, while others write, on one machine or another."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from pathlib import Path

import pytest

from backend.core.backup.errors import BackupTargetMissing, BackupUnsuitable
from backend.core.backup.keyring import GivenKey
from backend.core.backup.retention import Check
from backend.sdk.db import NewerDatabase
from tests.core.backup.conftest import LATEST, Hub, dump, make_database


@pytest.mark.parametrize("encrypt", [False, True])
def test_every_row_and_every_file_comes_back(hub: Hub, encrypt: bool) -> None:
    """Round trip: after any change of rows and blobs, the restored part equals the one that was backed up."""
    if encrypt:
        hub.keys.create()
    before, blobs = dump(hub.notes), hub.live_blobs()
    made = hub.service.create("notes", encrypt=encrypt)
    assert hub.service.verify(made.set_id).ok
    hub.sql("DELETE FROM notes WHERE owner_id = 'ann'")
    hub.sql("UPDATE notes SET body = 'overwritten'")
    shutil.rmtree(hub.data_dir / "blobs" / "notes" / "bob")
    hub.blobs.put("ann", b"later")
    films = dump(hub.parts.get("films").path)

    report = hub.restorer.restore(made.set_id)

    assert dump(hub.notes) == before
    assert hub.live_blobs() == blobs
    assert dump(hub.parts.get("films").path) == films
    assert report.tables["notes"] == (50, 100)
    assert hub.parts.log == ["stop notes", "start notes"]
    assert not list(hub.data_dir.rglob("*homie-restoring*"))
    assert not list((hub.data_dir / "restoring").iterdir())


def test_the_state_before_a_restore_is_itself_backed_up(hub: Hub) -> None:
    """A restore can be taken back: the safety backup holds what was there."""
    made = hub.service.create("notes")
    hub.sql("UPDATE notes SET body = 'mine'")
    hub.blobs.put("ann", b"later")
    changed, blobs = dump(hub.notes), hub.live_blobs()
    report = hub.restorer.restore(made.set_id)
    assert report.safety_backup is not None
    hub.restorer.restore(report.safety_backup)
    assert dump(hub.notes) == changed
    assert hub.live_blobs() == blobs


def test_a_dry_run_shows_the_difference_and_changes_nothing(hub: Hub) -> None:
    made = hub.service.create("notes")
    hub.sql("DELETE FROM notes WHERE owner_id = 'bob'")
    before = dump(hub.notes)
    report = hub.restorer.restore(made.set_id, dry_run=True)
    assert report.tables["notes"] == (50, 100)
    assert report.tables["folders"] == (2, 2)
    assert dump(hub.notes) == before
    assert hub.parts.log == []
    assert [e.set_id for e in hub.service.entries()] == [made.set_id]


def test_a_backup_during_writes_is_one_moment(hub: Hub) -> None:
    """Two counters that every transaction moves together are equal in the copy, however much is written meanwhile."""
    hub.sql("CREATE TABLE pair (a INTEGER, b INTEGER)")
    hub.sql("INSERT INTO pair VALUES (0, 0)")
    stop, wrote = threading.Event(), [0]

    def write() -> None:
        db = sqlite3.connect(hub.notes, isolation_level=None)
        db.execute("PRAGMA busy_timeout=5000")
        while not stop.is_set():
            db.execute("BEGIN IMMEDIATE")
            db.execute("UPDATE pair SET a = a + 1")
            db.execute("INSERT INTO notes (owner_id, id, folder_id) VALUES ('ann', 'w' || ?, 'f1')", (wrote[0],))
            db.execute("UPDATE pair SET b = b + 1")
            db.execute("COMMIT")
            wrote[0] += 1
        db.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        sets = [hub.service.create("notes") for _ in range(5)]
    finally:
        stop.set()
        thread.join()
    assert wrote[0] > 0
    for made in sets:
        assert hub.service.verify(made.set_id).ok
        hub.restorer.restore(made.set_id, safety_backup=False)
        ((a, b),) = dump(hub.notes)["pair"]
        assert a == b
        assert len(dump(hub.notes)["notes"]) == 100 + int(str(a))


def test_equal_contents_are_stored_once_for_all_backups(hub: Hub) -> None:
    first = hub.service.create("notes")
    stored = {p: p.stat().st_mtime_ns for p in (hub.target / "blobs").rglob("*") if p.is_file()}
    second = hub.service.create("notes")
    assert {p: p.stat().st_mtime_ns for p in (hub.target / "blobs").rglob("*") if p.is_file()} == stored
    assert len(stored) == 6
    hub.service.delete(first.set_id)
    assert hub.service.verify(second.set_id).ok
    hub.service.delete(second.set_id)
    assert not [p for p in (hub.target / "blobs").rglob("*") if p.is_file()]


def test_an_empty_machine_is_restored_with_the_recovery_key_alone(hub: Hub, tmp_path: Path) -> None:
    """Disaster: nothing but the backup folder and a sheet of paper is left."""
    recovery = hub.keys.create()
    core, notes = hub.service.create("core", encrypt=True), hub.service.create("notes", encrypt=True)
    rows, blobs = dump(hub.notes), hub.live_blobs()
    shutil.rmtree(hub.data_dir)
    fresh = Hub.__new__(Hub)
    (tmp_path / "other").mkdir()
    Hub.__init__(fresh, tmp_path / "other")
    shutil.rmtree(fresh.data_dir)
    fresh.data_dir.mkdir()
    given = GivenKey(recovery_key=recovery.lower().replace("-", " "))
    fresh.restorer.restore(core.set_id, given=given, directory=hub.target)
    fresh.restorer.restore(notes.set_id, given=given, directory=hub.target)
    assert dump(fresh.notes) == rows
    assert fresh.live_blobs() == blobs
    assert (fresh.data_dir / "secrets" / "master.key").read_bytes() == b"m" * 32
    assert (fresh.data_dir / "secrets" / "master.key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("damage", ["missing", "garbage", "torn"])
def test_a_broken_database_does_not_stop_its_restore(hub: Hub, damage: str) -> None:
    """A restore depends on nothing that may be what is broken."""
    before = dump(hub.notes)
    made = hub.service.create("notes")
    if damage == "missing":
        for suffix in ("", "-wal", "-shm"):
            hub.notes.with_name(hub.notes.name + suffix).unlink(missing_ok=True)
    elif damage == "garbage":
        hub.notes.write_bytes(b"this is no database" * 1000)
    else:
        hub.notes.write_bytes(hub.notes.read_bytes()[:4096] + b"\xff" * 8192)
    report = hub.restorer.restore(made.set_id)
    assert dump(hub.notes) == before
    assert report.notices
    if damage == "garbage":
        assert [p.read_bytes()[:4] for p in (hub.data_dir / "damaged").rglob("*.db")] == [b"this"]


def test_an_older_backup_is_migrated_forward(hub: Hub) -> None:
    for suffix in ("", "-wal", "-shm"):
        hub.notes.with_name(hub.notes.name + suffix).unlink(missing_ok=True)
    make_database(hub.notes, revision="notes_0001")
    made = hub.service.create("notes")
    report = hub.restorer.restore(made.set_id)
    assert (report.revision_in_backup, report.revision_restored) == ("notes_0001", LATEST)
    assert dump(hub.notes)["alembic_version"] == [(LATEST,)]
    assert all(row[-1] == 0 for row in dump(hub.notes)["notes"])


def test_a_newer_backup_is_refused_and_nothing_changes(hub: Hub) -> None:
    hub.sql("UPDATE alembic_version SET version_num = 'notes_0099'")
    made = hub.service.create("notes")
    hub.sql("UPDATE alembic_version SET version_num = ?", LATEST)
    before = dump(hub.notes)
    with pytest.raises(NewerDatabase):
        hub.restorer.restore(made.set_id)
    assert dump(hub.notes) == before
    assert hub.parts.log == []


def test_a_backup_of_another_part_is_refused(hub: Hub) -> None:
    made = hub.service.create("notes")
    with pytest.raises(BackupUnsuitable):
        hub.restorer.restore(made.set_id, part_id="films")


def test_a_plain_backup_says_that_the_keys_are_not_in_it(hub: Hub) -> None:
    made = hub.service.create("core")
    assert any("not encrypted" in notice for notice in made.notices)
    assert b"m" * 32 not in b"".join(p.read_bytes() for p in hub.target.rglob("*") if p.is_file())


def test_an_unplugged_drive_is_not_written_through_its_mount_point(hub: Hub) -> None:
    """After an unplug the mount point is an ordinary empty folder: a backup there would fill the system drive."""
    made = hub.service.create("notes")
    away = hub.target.with_name("unplugged")
    hub.target.rename(away)
    hub.target.mkdir()
    for step in (lambda: hub.service.create("notes"), lambda: hub.service.prune(), lambda: hub.restorer.restore("x")):
        with pytest.raises(BackupTargetMissing):
            step()
    assert list(hub.target.iterdir()) == []
    hub.target.rmdir()
    away.rename(hub.target)
    hub.service.create("notes")
    assert len(hub.service.entries()) == 2
    assert hub.service.folder().state(made.set_id).check is Check.UNVERIFIED
