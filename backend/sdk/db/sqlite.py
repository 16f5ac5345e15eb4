"""The SQLite engine: WAL, immediate write transactions, short waits, one pool for readers and one writer."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from backend.sdk.db.scope import slot_of_info

BUSY_SECONDS = 10.0


def sqlite_engine(
    path: Path, *, writer: bool, size: int, durable: bool, on_connect: Callable[[sqlite3.Connection, Any], None]
) -> sa.Engine:
    """Return an engine on one file. A writer begins IMMEDIATE (no upgrade that can fail); a reader cannot write."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=str(path)),
        poolclass=QueuePool,
        pool_size=size,
        max_overflow=0 if writer else 16,
        pool_timeout=BUSY_SECONDS,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(engine, "connect")
    def _configure(dbapi: sqlite3.Connection, record: Any) -> None:
        dbapi.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            "cache_size=-8000",
            f"query_only={'OFF' if writer else 'ON'}",
        ):
            dbapi.execute(f"PRAGMA {pragma}")
        on_connect(dbapi, record)

    @event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(begin)

    @event.listens_for(engine, "reset")
    def _reset(dbapi: Any, record: Any, state: Any) -> None:
        slot_of_info(record.info).clear()

    return engine


def private_file(path: Path) -> None:
    """Create the file readable by its user only, before SQLite would create it readable by everybody."""
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
