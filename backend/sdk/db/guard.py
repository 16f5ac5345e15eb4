"""The engine's own net: whatever reaches the cursor must have come through an owned session's filters.

The session filters; this only checks. It refuses, on every connection of an armed engine:
a connection that nobody acts on; driver SQL, `text()` and Core statements of an actor; a table of another kind than
the filters know; a read of an owned table without its owner filter; a flush that reads.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine.default import DefaultExecutionContext
from sqlalchemy.orm import DeclarativeBase

from backend.sdk.db.base import owned_tables, shared_tables, unowned_tables
from backend.sdk.db.errors import NoActor, ReadOnlySession, UnscopedStatement
from backend.sdk.db.scope import Scope, slot_of
from backend.sdk.db.sqlscan import Scan, scan

MARK = "homie_pass"
_TRANSACTION = re.compile(
    r"(BEGIN( IMMEDIATE| DEFERRED)?|COMMIT|ROLLBACK( TO SAVEPOINT \w+)?|(RELEASE )?SAVEPOINT \w+)\s*(\(.*\))?$"
)


@dataclass(frozen=True, slots=True)
class Pass:
    """Prove that a statement went through an owned session; only `session.py`, `raw.py` and `bulk.py` use one."""

    kind: str


SCOPED = Pass("scoped")
COLUMN_LOAD = Pass("column load")
RAW = Pass("raw")
BULK = Pass("bulk insert")


class KnownTables:
    """Know the tables of a base by what an owned session may do with them; follows models that are imported later."""

    def __init__(self, base: type[DeclarativeBase]) -> None:
        self._base = base
        self._count = -1
        self.owned: frozenset[str] = frozenset()
        self.shared: frozenset[str] = frozenset()
        self.unowned: frozenset[str] = frozenset()

    def refresh(self) -> KnownTables:
        """Look at the metadata again if tables were added since."""
        if len(self._base.metadata.tables) != self._count:
            self._count = len(self._base.metadata.tables)
            self.owned = frozenset(name.lower() for name in owned_tables(self._base))
            self.shared = frozenset(name.lower() for name in shared_tables(self._base))
            self.unowned = frozenset(name.lower() for name in unowned_tables(self._base))
        return self


def arm(engine: sa.Engine, tables: KnownTables) -> None:
    """Check every statement of the engine before it reaches the database."""

    @event.listens_for(engine, "before_cursor_execute")
    def _check(
        connection: sa.Connection,
        cursor: Any,
        statement: str,
        parameters: Any,
        context: DefaultExecutionContext | None,
        executemany: bool,
    ) -> None:
        slot = slot_of(connection)
        if slot.scope is None:
            if not _TRANSACTION.match(statement):
                raise NoActor("a statement ran on a connection that no session acts on")
            return
        if slot.scope.actor is None or _TRANSACTION.match(statement):
            return
        _check_owned(statement, context, slot.scope, slot.flushing, tables.refresh())


def _check_owned(
    statement: str,
    context: DefaultExecutionContext | None,
    scope: Scope,
    flushing: bool,
    tables: KnownTables,
) -> None:
    """Refuse what an actor's connection must not run."""
    if context is None or (context.compiled is None and context.execution_options.get(MARK) is not BULK):
        raise UnscopedStatement("SQL text was sent past the session")
    found = scan(statement)
    if context.compiled is None and found.head != "INSERT":
        raise UnscopedStatement("in bulk, rows are only inserted")
    if found.head not in ("SELECT", "INSERT", "UPDATE", "DELETE"):
        raise UnscopedStatement(f"an owned session does not run {found.head or 'this'}")
    if found.head != "SELECT" and not scope.writing:
        raise ReadOnlySession(f"{found.head} in a session that was opened for reading")
    mark = context.execution_options.get(MARK)
    if not isinstance(mark, Pass):
        if not (flushing and found.head != "SELECT"):
            raise UnscopedStatement(f"a {found.head} did not come through the session")
        problem = _flush_problem(found, tables)
    else:
        problem = _scoped_problem(found, tables, mark)
    if problem:
        raise UnscopedStatement(problem)


def _flush_problem(found: Scan, tables: KnownTables) -> str:
    """Return what is wrong with SQL written by a flush: it changes one owned table by key and reads nothing."""
    if found.strange:
        return f"the flush holds {found.strange}"
    if found.target not in tables.owned:
        return f"{found.target} is not owned: only an unscoped session writes it"
    if found.reads:
        return f"the flush reads {found.reads[0][0]}"
    return ""


def _scoped_problem(found: Scan, tables: KnownTables, mark: Pass) -> str:
    """Return what is wrong with a statement of the session."""
    if found.strange:
        return f"the statement holds {found.strange}"
    if found.head != "SELECT" and found.target not in tables.owned and mark is not RAW:
        return f"{found.target} is not owned: only an unscoped session writes it"
    if found.head == "INSERT" and found.reads and mark is not RAW:
        return f"the INSERT reads {found.reads[0][0]}"
    return _unfiltered(found, tables, mark)


def _unfiltered(found: Scan, tables: KnownTables, mark: Pass) -> str:
    """Return the first owned table that is touched without an owner filter of its own (one per reference).

    The session's filter is `owner_id IN (...)`. An equality counts only where it is the whole key (a column load) or
    was checked by `raw_sql`, because a comparison of a relationship also writes one.
    """
    for name, _ in found.reads:
        if name in tables.unowned and name not in tables.shared:
            return f"{name} is not owned: only an unscoped session reads it"
        if name not in tables.owned and name not in tables.unowned and mark is not RAW:
            return f"{name} is no table of this module"
    filters = found.in_filters if mark is SCOPED else found.in_filters + found.eq_filters
    needed = Counter(alias for name, alias in found.reads if name in tables.owned)
    if found.head in ("UPDATE", "DELETE") and found.target in tables.owned:
        needed[found.target] += 1
    for alias, count in needed.items():
        if filters[alias] < count:
            return f"{alias} is used without an owner filter"
    if mark is RAW and found.head == "SELECT" and not filters:
        return "the statement has no owner filter"
    return ""
