"""Tell whether migrations and models make the same schema, with what Alembic overlooks: CHECKs, triggers, policies."""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from backend.sdk.db.database import Database
from backend.sdk.db.sqlite import SqliteStore

if TYPE_CHECKING:
    from backend.sdk.db.postgres import PostgresStore

_WORD = re.compile(r'["`\[\]\s]+')


def schema_differences(db: Database) -> list[str]:
    """Return how a migrated database differs from `create_all` of the same models; empty means not at all.

    On PostgreSQL the models are laid out in a schema beside it, which is removed again.
    """
    with _scratch(db) as fresh:
        wanted = _schema(fresh)
    found = _schema(db)
    problems = [f"{name} is missing" for name in sorted(wanted.keys() - found.keys())]
    problems += [f"{name} is not in the models" for name in sorted(found.keys() - wanted.keys())]
    for name in sorted(wanted.keys() & found.keys()):
        problems += [f"{name}: the migrations lack {part}" for part in sorted(wanted[name] - found[name])]
        problems += [f"{name}: the models lack {part}" for part in sorted(found[name] - wanted[name])]
    return problems


def _schema(db: Database) -> dict[str, frozenset[str]]:
    """Return name -> parts of its definition, without order, quoting and spacing; full-text tables are left out."""
    if not isinstance(db.store, SqliteStore):
        return _server_schema(db.store)
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


_CATALOGUE = (
    "SELECT c.relname, 'column ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod) "
    "|| CASE WHEN a.attnotnull THEN ' not null' ELSE '' END "
    "|| coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '') "
    "FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
    "WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped",
    "SELECT c.relname, 'constraint ' || k.conname || ' ' || pg_get_constraintdef(k.oid) "
    "FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = %(schema)s",
    "SELECT tablename, indexdef FROM pg_indexes WHERE schemaname = %(schema)s",
    "SELECT c.relname, pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid "
    "JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = %(schema)s AND NOT t.tgisinternal",
    "SELECT tablename, 'policy ' || policyname || ' ' || cmd || coalesce(' using ' || qual, '') "
    "|| coalesce(' check ' || with_check, '') FROM pg_policies WHERE schemaname = %(schema)s",
    "SELECT c.relname, 'row security ' || c.relrowsecurity || ' forced ' || c.relforcerowsecurity "
    "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname = %(schema)s AND c.relkind IN ('r', 'p')",
    "SELECT 'function ' || p.proname, pg_get_functiondef(p.oid) "
    "FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = %(schema)s",
)


def _server_schema(store: PostgresStore) -> dict[str, frozenset[str]]:
    """Return table -> columns, constraints, indexes, triggers and policies, as the catalogue tells them."""
    found: dict[str, set[str]] = {}
    with store.admin(write=False) as connection:
        for query in _CATALOGUE:
            for name, part in connection.exec_driver_sql(query, {"schema": store.schema}):
                found.setdefault(name, set()).add(
                    part.replace(f'"{store.schema}".', "").replace(f"{store.schema}.", "")
                )
    return {name: frozenset(parts) for name, parts in found.items() if name != "alembic_version"}


@contextmanager
def _scratch(db: Database) -> Iterator[Database]:
    """Give a database of the same kind with what `create_all` makes of the models; gone afterwards."""
    if isinstance(db.store, SqliteStore):
        with tempfile.TemporaryDirectory() as folder:
            fresh = Database(Path(folder) / "fresh.db", db.base, name=db.name)
            try:
                fresh.create_all()
                yield fresh
            finally:
                fresh.close()
        return
    schema = f"compare_{secrets.token_hex(4)}"
    fresh = Database(db.store.address_of(schema), db.base, name=db.name)
    try:
        fresh.create_all()
        yield fresh
    finally:
        with fresh.store.admin() as connection, connection.begin():
            connection.exec_driver_sql(f'DROP SCHEMA IF EXISTS "{schema}" CASCADE')
        fresh.close()
