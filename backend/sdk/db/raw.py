"""The one door for SQL that the ORM cannot say (full-text search, window tricks): it must filter by owner itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from backend.sdk.db.errors import UnscopedStatement
from backend.sdk.db.guard import MARK, RAW
from backend.sdk.db.session import OwnedSession, UnscopedSession
from backend.sdk.db.sqlscan import raw_problem


def raw_sql(session: OwnedSession | UnscopedSession, sql: str, **params: Any) -> Sequence[sa.Row[Any]]:
    """Run SQL text and return its rows; every owned table in it needs its own filter by owner.

    Write `alias.owner_id = :owner` (the space the actor writes to) or `alias.owner_id IN :owners` (all that it reads)
    as a condition joined by AND for each table; both parameters come from the session, never from the caller.
    """
    if "owner" in params or "owners" in params:
        raise UnscopedStatement("the owner of raw SQL comes from the session")
    if isinstance(session, UnscopedSession):
        result = session.connection().execute(sa.text(sql), params)
        return result.all() if result.returns_rows else []
    problem = raw_problem(sql)
    if problem:
        raise UnscopedStatement(problem)
    statement = sa.text(sql)
    if ":owners" in sql:
        statement = statement.bindparams(sa.bindparam("owners", expanding=True))
        params["owners"] = sorted(session.actor.owners)
    if ":owner" in sql.replace(":owners", ""):
        params["owner"] = session.actor.owner_id
    session.flush()
    result = session.connection().execute(statement, params, execution_options={MARK: RAW})
    return result.all() if result.returns_rows else []
