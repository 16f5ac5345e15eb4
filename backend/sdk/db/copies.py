"""Copies of one module's database: made while it is in use, verified, and put back whole."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from backend.sdk.db.errors import CopyDamaged
from backend.sdk.errors import NotFound

_PAGES = 512


@dataclass(frozen=True, slots=True)
class CopyReport:
    """Describe a copy: rows per table, the schema's revision (None: never migrated), size in bytes."""

    tables: dict[str, int]
    revision: str | None
    size: int


def verify_copy(path: Path | str) -> CopyReport:
    """Read the whole copy and count its rows; raises `CopyDamaged` if it is not intact, `NotFound` if it is absent."""
    path = Path(path)
    if not path.is_file():
        raise NotFound("This copy does not exist.")
    with path.open("rb") as file:
        head = file.read(16)
    if head == b"SQLite format 3\0":
        return verify_sqlite(path)
    from backend.sdk.db.postgres_copy import verify_archive

    return verify_archive(path)


def copy_sqlite(source: Path, dest: Path) -> CopyReport:
    """Copy a database that others read and write meanwhile; the copy appears whole or not at all.

    The source is read inside one transaction: without it, each commit of a writer makes SQLite's online backup start
    again. Writers are not kept waiting (WAL).
    """
    dest.parent.mkdir(parents=True, exist_ok=True)
    part = dest.with_name(dest.name + ".part")
    part.unlink(missing_ok=True)
    os.close(os.open(part, os.O_CREAT | os.O_WRONLY, 0o600))
    try:
        with (
            closing(sqlite3.connect(source, timeout=10, isolation_level=None)) as reader,
            closing(sqlite3.connect(part)) as writer,
        ):
            reader.execute("BEGIN")
            reader.execute("SELECT count(*) FROM sqlite_master").fetchone()
            reader.backup(writer, pages=_PAGES, sleep=0)
            reader.execute("COMMIT")
            writer.execute("PRAGMA journal_mode=DELETE")
        report = verify_sqlite(part)
        _sync(part)
        os.replace(part, dest)
        _sync(dest.parent)
    finally:
        part.unlink(missing_ok=True)
    return report


def verify_sqlite(path: Path) -> CopyReport:
    """Check a SQLite copy page by page and count its rows, without changing it."""
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as db:
            found = db.execute("PRAGMA integrity_check").fetchone()[0]
            if found != "ok":
                raise CopyDamaged()
            broken = db.execute("PRAGMA foreign_key_check").fetchone()
            if broken:
                raise CopyDamaged()
            names = [r[0] for r in db.execute("SELECT name FROM sqlite_master WHERE type='table' ORDER BY name")]
            names = [name for name in names if not name.startswith("sqlite_")]
            counts = {name: _count(db, name) for name in names}
            revision = None
            if counts.pop("alembic_version", 0):
                revision = str(db.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except sqlite3.DatabaseError as error:
        raise CopyDamaged() from error
    return CopyReport(counts, revision, path.stat().st_size)


def restore_sqlite(copy: Path, live: Path, busy_seconds: float) -> None:
    """Put the copy's pages into the live file in one write transaction.

    Whoever has the file open (this process, workers) sees the old content until the commit and the new one after it;
    a crash in between leaves the old. Nothing is renamed, so nobody is left holding a file that is no longer there.
    Only a live file that SQLite itself cannot read any more is moved aside (`.damaged`) and replaced.
    """
    try:
        _overwrite(copy, live, busy_seconds)
    except sqlite3.DatabaseError as error:
        if not any(sign in str(error) for sign in ("malformed", "not a database")):
            raise
        for ending in ("", "-wal", "-shm"):
            part = live.with_name(live.name + ending)
            if part.exists():
                part.replace(live.with_name(f"{live.name}{ending}.damaged"))
        _overwrite(copy, live, busy_seconds)


def _overwrite(copy: Path, live: Path, busy_seconds: float) -> None:
    with (
        closing(sqlite3.connect(copy)) as source,
        closing(sqlite3.connect(live, timeout=busy_seconds, isolation_level=None)) as target,
    ):
        target.execute(f"PRAGMA page_size={source.execute('PRAGMA page_size').fetchone()[0]}")
        target.execute("PRAGMA journal_mode=WAL")
        target.execute("PRAGMA synchronous=FULL")
        source.backup(target, pages=-1, sleep=0.05)


def _count(db: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(db.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # nosec B608: a quoted identifier


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
