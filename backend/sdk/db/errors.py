"""What can go wrong between a unit of work and its database.

    InternalError
    └── IsolationError              a programming mistake that an isolation net caught; never shown in detail
        ├── NoActor                 a statement ran outside `Database.session(actor)` and friends
        ├── OwnerMismatch           a row of another owner was about to be read or written
        ├── UnscopedStatement       SQL on owned tables that does not come through the session's filters
        └── ReadOnlySession         a write in a session that was opened for reading
    NestedWrite (InternalError)     a write inside a write on the same database: would wait for itself
    Unavailable
    ├── DatabaseBusy                somebody else holds the write lock for longer than we wait
    ├── StorageFull                 no space left on the disk of the database
    └── DatabaseUnreachable         file or server gone, or read-only
        └── DatabaseDamaged         the file is damaged; not used until it is restored
            └── DatabaseMissing     the file is gone where there was one; none is made in its place
    NotAllowed
    └── WrongSpace              the row is visible to the actor, but in another space than the one it acts in
    Conflict
    ├── CopyDamaged                 a copy that is not intact; never used
    └── NewerDatabase               written by a newer Homie: update the program, nothing was changed
    MigrationFailed (InternalError) an upgrade failed; the database is as it was before

The message of an `IsolationError` is the general one; `detail` (also `str(error)`) is for the log.
"""

from __future__ import annotations

from backend.sdk.errors import Conflict, InternalError, NotAllowed, Unavailable


class IsolationError(InternalError):
    """Be the root of everything that an isolation net refuses."""

    def __init__(self, detail: str) -> None:
        super().__init__()
        self.detail = detail

    def __str__(self) -> str:
        return self.detail


class NoActor(IsolationError):
    """A statement ran on a connection that nobody acts on."""


class OwnerMismatch(IsolationError):
    """A row of another owner was about to be read or written."""


class UnscopedStatement(IsolationError):
    """A statement did not come through the filters of an owned session."""


class ReadOnlySession(IsolationError):
    """Something was written in a session that was opened for reading."""


class NestedWrite(InternalError):
    """A write was begun inside a write on the same database; it would wait for itself."""


class WrongSpace(NotAllowed):
    """The row lies in another of the actor's own spaces; a write there must be asked for in that space."""

    code = "wrong_space"
    message = "This belongs to another of your spaces. Please switch to that space to change it."


class DatabaseBusy(Unavailable):
    """Another process holds the write lock for longer than we are ready to wait."""

    code, message = "database_busy", "The database is busy. Please try again in a moment."


class StorageFull(Unavailable):
    """The disk that holds the database is full; nothing of this step was stored."""

    code = "storage_full"
    message = "The disk of the database is full. Nothing was changed. Please free some space and try again."


class DatabaseUnreachable(Unavailable):
    """The database file or server is gone or read-only."""

    code = "database_unreachable"
    message = "The database cannot be used right now. Please check the disk or server that holds it."


class DatabaseDamaged(DatabaseUnreachable):
    """The database file is damaged; trying again helps nothing."""

    code = "database_damaged"
    message = (
        "The database is damaged, and Homie does not use it any more so that nothing gets worse. "
        "Restore it from a backup, here or with the command homie restore."
    )


class DatabaseMissing(DatabaseDamaged):
    """There is no database file where there was one; an empty one would look as if there had never been any data."""

    code = "database_missing"
    message = (
        "The database is missing. Restore it from a backup, here or with the command homie restore. "
        "The command homie doctor says how to begin with an empty one."
    )


class NewerDatabase(Conflict):
    """The database was written by a newer Homie; it is left alone."""

    code = "newer_database"
    message = "This data was written by a newer version of Homie. Please update Homie; nothing was changed."


class CopyDamaged(Conflict):
    """A copy of a database is not intact; it is never used."""

    code = "copy_damaged"
    message = "This copy is damaged and was not used. Please choose another one."


class MigrationFailed(InternalError):
    """An upgrade of the database failed half-way and was taken back whole."""

    code = "migration_failed"
    message = "The database could not be upgraded. It is unchanged; the details are in the log."


__all__ = [
    "CopyDamaged",
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseMissing",
    "DatabaseUnreachable",
    "IsolationError",
    "MigrationFailed",
    "NestedWrite",
    "NewerDatabase",
    "NoActor",
    "OwnerMismatch",
    "ReadOnlySession",
    "StorageFull",
    "UnscopedStatement",
    "WrongSpace",
]
