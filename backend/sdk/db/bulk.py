"""Insert thousands of rows at once: what the ORM does per row costs several times what SQLite does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa

from backend.sdk.db.base import Owned
from backend.sdk.db.errors import OwnerMismatch, UnscopedStatement
from backend.sdk.db.guard import BULK, MARK
from backend.sdk.db.session import OwnedSession

Row = Mapping[str, Any]


def insert_rows(session: OwnedSession, model: type[Owned], rows: Sequence[Row]) -> None:
    """Insert rows of the space that the session acts in; each row names its `id`, and all name the same columns.

    Does what `session.execute(insert(model), rows)` does: defaults, types, owner, every check below the session. A None
    is stored as NULL (in JSON columns too).
    """
    if not rows:
        return
    names = rows[0].keys()
    if "id" not in names or any(row.keys() != names for row in rows):
        raise UnscopedStatement("rows that are inserted in bulk name their id, and all the same columns")
    if session.get_bind().dialect.name != "sqlite":
        session.execute(sa.insert(model), [{k: v for k, v in row.items() if v is not None} for row in rows])
        return
    owner = session.actor.owner_id
    if "owner_id" in names and any(row["owner_id"] != owner for row in rows):
        raise OwnerMismatch("a bulk row names another owner")
    session.flush()
    table = cast(sa.Table, sa.inspect(model).local_table)
    dialect = session.get_bind().dialect
    given = [column for column in table.columns if column.name in names and column.name != "owner_id"]
    filled = [column for column in table.columns if column.name not in names and column.default is not None]
    columns = [column for column in filled if column.name != "owner_id"]
    values: list[Sequence[Any]] = [[owner] * len(rows)]
    values += [_bound([row[column.name] for row in rows], column, dialect) for column in given]
    values += [_bound(_defaults(column, len(rows)), column, dialect) for column in columns]
    quote = dialect.identifier_preparer.quote
    into = ", ".join(quote(column.name) for column in (table.c.owner_id, *given, *columns))
    marks = ", ".join("?" * len(values))
    session.connection().exec_driver_sql(
        f"INSERT INTO {quote(table.name)} ({into}) VALUES ({marks})",  # nosec B608: quoted names of our own tables
        list(zip(*values, strict=True)),
        execution_options={MARK: BULK},
    )


def _bound(values: list[Any], column: sa.Column[Any], dialect: sa.Dialect) -> list[Any]:
    """Return a column's values as the driver takes them; the same object is worked on once."""
    process = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [None if first is None else process(first)] * len(values)
    return [None if value is None else process(value) for value in values]


def _defaults(column: sa.Column[Any], count: int) -> list[Any]:
    """Return a column's default, as often as there are rows."""
    default: Any = column.default
    if default.is_scalar:
        return [default.arg] * count
    if default.is_callable:
        return [default.arg(None) for _ in range(count)]
    raise UnscopedStatement(f"the default of {column.name} cannot be filled in bulk")
