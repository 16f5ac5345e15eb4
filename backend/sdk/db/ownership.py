"""Everything of one owner in one database: written out as JSON lines, or removed without trace."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from backend.sdk.db.base import owned_tables
from backend.sdk.db.database import Database
from backend.sdk.db.session import UnscopedSession

_BATCH = 1000


def export_rows(db: Database, owner_id: str, dest: Path) -> dict[str, int]:
    """Write the owner's rows to `<dest>/<table>.jsonl`, one JSON object per row; returns how many of each table.

    Times are ISO 8601 in UTC, decimals are strings, bytes are base64.
    """
    dest.mkdir(parents=True, exist_ok=True)

    def step(session: UnscopedSession) -> dict[str, int]:
        counts = {}
        for name, table in sorted(owned_tables(db.base).items()):
            counts[name] = 0
            with (dest / f"{name}.jsonl").open("w", encoding="utf-8") as file:
                for row in _rows(session, table, owner_id):
                    file.write(json.dumps(row, ensure_ascii=False, default=_plain) + "\n")
                    counts[name] += 1
        return counts

    return db.unscoped("export the rows of one owner", step)


def _rows(session: UnscopedSession, table: sa.Table, owner_id: str) -> Iterator[dict[str, Any]]:
    query = sa.select(table).where(table.c.owner_id == owner_id).order_by(table.c.id)
    for row in session.connection().execute(query.execution_options(yield_per=_BATCH)).mappings():
        yield dict(row)


def erase_rows(db: Database, owner_id: str) -> dict[str, int]:
    """Delete every row of the owner, children before parents, in one transaction; returns how many of each table.

    On SQLite the freed pages are overwritten, so that the rows cannot be read out of the file afterwards.
    """

    def step(session: UnscopedSession) -> dict[str, int]:
        connection = session.connection()
        if db.kind == "sqlite":
            connection.exec_driver_sql("PRAGMA defer_foreign_keys=ON")
            connection.exec_driver_sql("PRAGMA secure_delete=ON")
        owned = owned_tables(db.base)
        ordered = [table for table in reversed(db.base.metadata.sorted_tables) if table.name in owned]
        return {t.name: connection.execute(sa.delete(t).where(t.c.owner_id == owner_id)).rowcount for t in ordered}

    counts = db.unscoped("erase the rows of one owner", step, write=True)
    db.store.forget_freed()
    return counts


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be exported")
