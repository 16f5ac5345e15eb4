"""Tell whether migrations and models make the same schema, CHECK constraints included (Alembic does not see those)."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

from backend.sdk.db.database import Database

_WORD = re.compile(r'["`\[\]]|\s+')


def schema_differences(db: Database) -> list[str]:
    """Return how a migrated SQLite database differs from `create_all` of the same models; empty means not at all."""
    with tempfile.TemporaryDirectory() as scratch:
        fresh = Database(Path(scratch) / "fresh.db", db.base, name=db.name)
        try:
            fresh.create_all()
            wanted = _schema(fresh)
        finally:
            fresh.close()
    found = _schema(db)
    problems = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    problems += [f"{name} is not in the models" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        problems += [f"{name}: the migrations lack {part}" for part in sorted(wanted[name] - found[name])]
        problems += [f"{name}: the models lack {part}" for part in sorted(found[name] - wanted[name])]
    return problems


def _schema(db: Database) -> dict[str, frozenset[str]]:
    """Return name -> parts of its definition, without order, quoting and spacing; full-text tables are left out."""
    with db.store.admin(write=False) as connection:
        rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").all()
    return {
        name: _parts(sql)
        for name, sql in rows
        if not name.startswith("sqlite_") and name != "alembic_version" and "_fts" not in name
    }


def _parts(sql: str) -> frozenset[str]:
    """Split `CREATE TABLE x (a, b, CHECK (c, d))` into what stands between the outer commas."""
    body = sql[sql.index("(") + 1 : sql.rindex(")")] if "(" in sql else sql
    parts, depth, start = [sql[: sql.index("(")] if "(" in sql else "", sql[sql.rindex(")") :]], 0, 0
    for i, char in enumerate(body):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            parts.append(body[start:i])
            start = i + 1
    parts.append(body[start:])
    return frozenset(filter(None, (re.sub(r"\s*([(),])\s*", r"\1", _WORD.sub(" ", p)).strip().lower() for p in parts)))
