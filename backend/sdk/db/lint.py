"""Look at a statement before it is compiled: in an owned session it is made of mapped classes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ColumnClause, TextClause
from sqlalchemy.sql.selectable import FromClause, TableClause

from backend.sdk.db.errors import OwnerMismatch, UnscopedStatement

_LITERALS = frozenset({"*", "1"})


def check_statement(statement: Any) -> None:
    """Refuse SQL text, Core tables and columns, and comparisons of `owner_id` with a value."""
    for element in visitors.iterate(statement):
        if isinstance(element, TextClause):
            raise UnscopedStatement("SQL text inside a statement of an owned session")
        if isinstance(element, ColumnClause):
            _check_column(element)
        elif isinstance(element, BinaryExpression):
            _check_comparison(element)
        elif isinstance(element, TableClause) and not isinstance(element, sa.Table):
            raise UnscopedStatement(f"{element.name} is an ad-hoc table; use a mapped class")


def _check_column(column: ColumnClause[Any]) -> None:
    if column.is_literal and str(column) not in _LITERALS:
        raise UnscopedStatement("a literal column inside a statement of an owned session")
    source = column.table
    if source is not None and _core_table(source) and not _is_mapped(column):
        raise UnscopedStatement(f"{column} is a Core column; use the attribute of its mapped class")


def _check_comparison(comparison: BinaryExpression[Any]) -> None:
    sides = (comparison.left, comparison.right)
    if any(_is_owner_column(side) for side in sides) and not all(_is_owner_column(side) for side in sides):
        raise UnscopedStatement("owner_id is compared with a value; the session's actor decides whose rows are seen")


def _is_owner_column(element: Any) -> bool:
    return isinstance(element, ColumnClause) and element.name == "owner_id"


def _is_mapped(element: Any) -> bool:
    return "parententity" in element._annotations


def _core_table(source: FromClause) -> bool:
    """Tell whether a column's source is a table, or an alias of one."""
    while not isinstance(source, TableClause):
        inner = getattr(source, "element", None)
        if not isinstance(inner, FromClause):
            return False
        source = inner
    return True


def check_insert(statement: sa.Insert, owner: str) -> None:
    """Refuse INSERT ... SELECT, and values that name another owner."""
    insert: Any = statement
    if insert.select is not None:
        raise UnscopedStatement("INSERT ... SELECT cannot be stamped with its owner; read first, then insert rows")
    rows: Iterable[Any] = [insert._values or {}, *(row for rows in insert._multi_values for row in rows)]
    for row in rows:
        for column, value in _items(row, insert):
            if column != "owner_id":
                continue
            value = value.value if isinstance(value, BindParameter) else value
            if value != owner:
                raise OwnerMismatch("an inserted row names another owner")


def check_update(statement: Any) -> None:
    """Refuse an UPDATE that changes the owner."""
    pairs = [*(getattr(statement, "_values", None) or {}).items(), *(getattr(statement, "_ordered_values", None) or ())]
    if any(_name(column) == "owner_id" for column, _ in pairs):
        raise OwnerMismatch("a row cannot be given to another owner")


def _items(row: Any, insert: Any) -> Iterable[tuple[str, Any]]:
    if isinstance(row, dict):
        return [(_name(column), value) for column, value in row.items()]
    return list(zip((column.name for column in insert.table.columns), row, strict=False))


def _name(column: Any) -> str:
    return column if isinstance(column, str) else str(getattr(column, "key", ""))
