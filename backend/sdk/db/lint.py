"""Look at a statement before it is compiled: in an owned session it is made of mapped classes only."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, BindParameter, ColumnClause, TextClause
from sqlalchemy.sql.operators import in_op
from sqlalchemy.sql.selectable import TableClause

from backend.sdk.db.errors import OwnerMismatch, UnscopedStatement

_LITERALS = frozenset({"*", "1"})


def check_statement(statement: Any) -> None:
    """Refuse SQL text, ad-hoc tables, and what looks like the session's own filter."""
    for element in visitors.iterate(statement):
        if isinstance(element, TextClause):
            raise UnscopedStatement("SQL text inside a statement of an owned session")
        if isinstance(element, ColumnClause) and element.is_literal and str(element) not in _LITERALS:
            raise UnscopedStatement("a literal column inside a statement of an owned session")
        elif isinstance(element, BinaryExpression):
            _check_comparison(element)
        elif isinstance(element, TableClause) and not isinstance(element, sa.Table):
            raise UnscopedStatement(f"{element.name} is an ad-hoc table; use a mapped class")


def _check_comparison(comparison: BinaryExpression[Any]) -> None:
    """Refuse `owner_id IN (...)`: it is the form of our own filter, which the engine's guard counts."""
    left = comparison.left
    if comparison.operator is in_op and isinstance(left, ColumnClause) and left.name == "owner_id":
        raise UnscopedStatement("owner_id IN (...) is the session's own filter; use actor.only_in(space) instead")


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
