"""Insert a row unless its key exists: how concurrent transactions agree on who made it, on both engines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import DeclarativeBase, Session


def insert_if_absent(session: Session, model: type[DeclarativeBase], values: Mapping[str, Any]) -> bool:
    """Insert one row and return True, or return False when its key is already there.

    On PostgreSQL this waits for a concurrent transaction that inserted the same key, so exactly one gets True.
    """
    insert: Any
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects.postgresql import insert
    else:
        from sqlalchemy.dialects.sqlite import insert
    key = inspect(model).primary_key[0]
    made = session.execute(insert(model).values(**values).on_conflict_do_nothing().returning(key))
    return made.first() is not None
