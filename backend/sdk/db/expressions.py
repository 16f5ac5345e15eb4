"""SQL that both engines can do, each in its own words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import QueryableAttribute
from sqlalchemy.sql.expression import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class not_by_index(FunctionElement[Any]):
    """A column by which SQLite does not look rows up: of two indexes that fit alike, it would take either.

    `not_by_index(Posting.account_id) == some` inside an EXISTS over one transaction: the index of the transaction is
    right, that of the account reads the whole account. PostgreSQL knows its tables' statistics and sees the column.
    """

    inherit_cache = True
    name = "not_by_index"

    def __init__(self, column: ColumnElement[Any] | QueryableAttribute[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(not_by_index)
def _column(element: not_by_index, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


@compiles(not_by_index, "sqlite")
def _plus(element: not_by_index, compiler: Any, **options: Any) -> str:
    return f"+{compiler.process(element.clauses, **options)}"


class year_month(FunctionElement[str]):
    """The month of a date as "2026-02": one thing to group by, which sorts as it reads."""

    inherit_cache = True
    name = "year_month"
    type = String()


@compiles(year_month)
def _to_char(element: year_month, compiler: Any, **options: Any) -> str:
    return f"to_char({compiler.process(element.clauses, **options)}, 'YYYY-MM')"


@compiles(year_month, "sqlite")
def _first_seven(element: year_month, compiler: Any, **options: Any) -> str:
    return f"substr({compiler.process(element.clauses, **options)}, 1, 7)"  # a date is stored as ISO 8601 text
