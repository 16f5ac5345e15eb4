"""Turn what a database driver raises into errors that say what to do; constraint violations stay as they are."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import ExceptionContext

from backend.sdk.db.errors import DatabaseBusy, DatabaseDamaged, DatabaseUnreachable, OwnerMismatch, StorageFull
from backend.sdk.errors import HomieError

_SQLITE = (
    ("homie: other owner", OwnerMismatch),
    ("database is locked", DatabaseBusy),
    ("database table is locked", DatabaseBusy),
    ("database or disk is full", StorageFull),
    ("disk i/o error", DatabaseUnreachable),
    ("unable to open database", DatabaseUnreachable),
    ("readonly database", DatabaseUnreachable),
    ("malformed", DatabaseDamaged),
    ("not a database", DatabaseDamaged),
)
_POSTGRES = {
    "42501": OwnerMismatch,  # insufficient_privilege: what row-level security answers
    "55P03": DatabaseBusy,  # lock_not_available
    "57014": DatabaseBusy,  # query_canceled (statement timeout)
    "53100": StorageFull,  # disk_full
    "53300": DatabaseBusy,  # too_many_connections
    "40001": DatabaseBusy,  # serialization_failure, after the retries
    "40P01": DatabaseBusy,  # deadlock_detected, after the retries
    "57P01": DatabaseUnreachable,  # admin_shutdown
    "57P03": DatabaseUnreachable,  # cannot_connect_now
}


def failure_of(error: BaseException | None) -> HomieError | None:
    """Return our error for a driver's error, or None if it is one that callers handle (constraints, mistakes)."""
    if error is None:
        return None
    state = getattr(error, "sqlstate", None)
    text = str(error).lower()
    kind: type[HomieError] | None = None
    if state is not None:
        kind = _POSTGRES.get(state) or (DatabaseUnreachable if state.startswith("08") else None)
    elif "psycopg" in type(error).__module__ and type(error).__name__ == "OperationalError":
        kind = DatabaseUnreachable
    else:
        kind = next((kind for part, kind in _SQLITE if part in text), None)
    if kind is None:
        return None
    return OwnerMismatch(text[:200]) if kind is OwnerMismatch else kind()


def translate_errors(engine: sa.Engine, damaged: Callable[[], HomieError] = DatabaseDamaged) -> None:
    """Have the engine raise our errors in place of the driver's, with the original as their cause.

    `damaged` is called for a file that turns out to be damaged, and returns the error to raise.
    """

    @event.listens_for(engine, "handle_error")
    def _translate(context: ExceptionContext) -> None:
        failure = failure_of(context.original_exception)
        if isinstance(failure, DatabaseDamaged):
            failure = damaged()
        if failure is not None:
            raise failure from context.original_exception


@contextmanager
def clear_failures() -> Iterator[None]:
    """Turn what SQLite or the file system raises inside into our errors (work beside SQLAlchemy's engines)."""
    try:
        yield
    except sqlite3.Error as error:
        failure = failure_of(error)
        if failure is None:
            raise
        raise failure from error
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        raise StorageFull() from error
