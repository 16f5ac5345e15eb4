"""Making deleted rows unreadable: SQLite keeps them in free pages, in the write-ahead log and in search indexes."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from backend.core.backup.sqlite_part import BUSY_SECONDS, sqlite_trouble
from backend.sdk.errors import Unavailable


class ScrubBlocked(Unavailable):
    """A long read keeps the log of a database from being emptied."""

    code = "scrub_blocked"
    message = "The data is deleted, but a running query still keeps its log. Run the erasure again in a minute."


def scrub_sqlite(path: Path) -> None:
    """Rewrite a database so that nothing deleted is left in its file or its log; others may go on using it.

    Search indexes (FTS5) keep deleted words until their segments are merged, so they are merged first.
    """
    if not path.exists():
        return
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with sqlite_trouble(), closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)) as db:
        indexes = db.execute("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%USING fts5%'")
        for (name,) in indexes.fetchall():
            quoted = '"' + str(name).replace('"', '""') + '"'
            db.execute(f"INSERT INTO {quoted}({quoted}) VALUES ('optimize')")  # nosec B608: a name from sqlite_master, quoted
        db.execute("VACUUM")
        busy = db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise ScrubBlocked


def remove_old_copies(data_dir: Path) -> list[str]:
    """Remove copies of databases that lie beside the live ones: made before a migration, or kept aside as damaged.

    They hold what was erased since. Fresh backups take their place.
    """
    found = [p for folder in (data_dir, data_dir / "modules") for p in folder.glob("*.db.before-*") if p.is_file()]
    for copy in found:
        copy.unlink()
    if (data_dir / "damaged").is_dir():
        shutil.rmtree(data_dir / "damaged")
    return [copy.name for copy in found]
