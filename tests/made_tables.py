"""Databases of modules with their tables, made once for each process: hundreds of tests begin with an empty one."""

from __future__ import annotations

import sqlite3
from contextlib import closing

from backend.sdk.db import Database
from backend.sdk.db.sqlite import SqliteStore

_MADE: dict[object, bytes] = {}


def make_tables(db: Database) -> None:
    """Do what `db.create_all` does to a fresh database; on SQLite by a copy of the file that the first one became."""
    store = db.store
    if not isinstance(store, SqliteStore):
        db.create_all()
    elif (made := _MADE.get(db.base)) is not None:
        store.path.write_bytes(made)
    else:
        db.create_all()
        with closing(sqlite3.connect(store.path)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        _MADE[db.base] = store.path.read_bytes()
