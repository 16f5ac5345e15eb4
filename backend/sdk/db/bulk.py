"""Insert thousands of rows at once: what the ORM does per row costs several times what SQLite does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from itertools import chain
from typing import Any, cast

import sqlalchemy as sa

from backend.sdk.db.base import Owned
from backend.sdk.db.errors import OwnerMismatch, UnscopedStatement
from backend.sdk.db.guard import BULK, MARK
from backend.sdk.db.session import OwnedSession
from backend.sdk.db.sqlite import looked_at_together

Row = Mapping[str, Any]
_MANY = 500
"""Rows from which on it is cheaper to look at all of them together than to have the trigger look at each."""
_TOGETHER = 40
"""Rows in one statement: SQLite begins and ends each one, with a journal of its own because a trigger may stop it."""


def insert_rows(session: OwnedSession, model: type[Owned], rows: Sequence[Row]) -> None:
    """Insert rows of the space that the session acts in; each row names its `id`, and all name the same columns.

    Does what `session.execute(insert(model), rows)` does: defaults, types, owner, every check below the session. A None
    is stored as NULL (in JSON columns too).
    """
    if not rows:
        return
    names = rows[0].keys()
    if any(row.keys() != names for row in rows):
        raise UnscopedStatement("rows that are inserted in bulk all name the same columns")
    insert_columns(session, model, {name: [row[name] for row in rows] for name in names})


def insert_columns(session: OwnedSession, model: type[Owned], columns: Mapping[str, Sequence[Any]]) -> None:
    """Do what `insert_rows` does for rows that are given as columns, `id` among them, all of one length.

    For tens of thousands of rows of which much is the same: a column of one value is `[value] * count`.
    """
    count = len(columns.get("id", ()))
    if "id" not in columns or any(len(values) != count for values in columns.values()):
        raise UnscopedStatement("what is inserted in bulk names the id of each row, and as much of every column")
    if not count:
        return
    if session.get_bind().dialect.name != "sqlite":
        rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        session.execute(sa.insert(model), [{k: v for k, v in row.items() if v is not None} for row in rows])
        return
    owner = session.actor.owner_id
    if any(named != owner for named in columns.get("owner_id", ())):
        raise OwnerMismatch("a bulk row names another owner")
    session.flush()
    table = cast(sa.Table, sa.inspect(model).local_table)
    dialect = session.get_bind().dialect
    values: dict[str, Sequence[Any]] = {"owner_id": [owner] * count}
    for column in table.columns:
        if column.name in values:
            continue
        if column.name in columns:
            values[column.name] = _bound(columns[column.name], column, dialect)
        elif column.default is not None:
            values[column.name] = _bound(_defaults(column, count), column, dialect)
    _send(session, table, list(values), list(zip(*values.values(), strict=True)))


def _send(session: OwnedSession, table: sa.Table, names: list[str], rows: list[tuple[Any, ...]]) -> None:
    """Send rows as statements of many rows, and those that are left as statements of one."""
    quote = session.get_bind().dialect.identifier_preparer.quote
    into = f"{quote(table.name)} ({', '.join(map(quote, names))})"
    marks = f"({', '.join('?' * len(names))})"
    whole = len(rows) - len(rows) % _TOGETHER
    many = [tuple(chain.from_iterable(rows[at : at + _TOGETHER])) for at in range(0, whole, _TOGETHER)]
    connection = session.connection()
    with looked_at_together(connection, table.name) if len(rows) >= _MANY else nullcontext():
        for sent, at_once in ((many, _TOGETHER), (rows[whole:], 1)):
            if sent:
                connection.exec_driver_sql(
                    f"INSERT INTO {into} VALUES {', '.join([marks] * at_once)}",  # nosec B608: names of our tables
                    sent,
                    execution_options={MARK: BULK},
                )


def _bound(values: Sequence[Any], column: sa.Column[Any], dialect: sa.Dialect) -> Sequence[Any]:
    """Return a column's values as the driver takes them; what is the same in many rows is worked on once."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [None if first is None else process(first)] * len(values)
    try:
        told = {value: None if value is None else process(value) for value in set(values)}
    except TypeError:  # a dict or a list is in no set
        return [None if value is None else process(value) for value in values]
    return [told[value] for value in values]


def _defaults(column: sa.Column[Any], count: int) -> list[Any]:
    """Return a column's default, as often as there are rows."""
    default: Any = column.default
    if default.is_scalar:
        return [default.arg] * count
    if default.is_callable:
        return [default.arg(None) for _ in range(count)]
    raise UnscopedStatement(f"the default of {column.name} cannot be filled in bulk")
