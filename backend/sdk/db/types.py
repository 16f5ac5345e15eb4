"""Column types that mean the same on SQLite and PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import Dialect
from sqlalchemy.ext.mutable import MutableDict, MutableList
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator[datetime]):
    """Store a moment; takes only aware datetimes and gives back aware UTC (SQLite itself keeps no zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the moment in UTC; refuses a naive datetime, whose zone nobody knows."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored datetime must carry its zone (use clock.now())")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return the stored moment as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonDict(TypeDecorator[dict[str, Any]]):
    """Store a JSON object; assigning a key of the loaded value is noticed and saved."""

    impl = sa.JSON
    cache_ok = True


class JsonList(TypeDecorator[list[Any]]):
    """Store a JSON array; appending to the loaded value is noticed and saved."""

    impl = sa.JSON
    cache_ok = True


MutableDict.associate_with(JsonDict)
MutableList.associate_with(JsonList)

BIG_INT = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
"""64-bit on both engines (SQLite's INTEGER is, PostgreSQL's is not): sizes in bytes and mtimes in ns fit."""
