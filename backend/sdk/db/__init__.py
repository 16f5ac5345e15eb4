"""Databases of modules: owned tables, sessions that filter and stamp by owner, migrations, copies.

    class NotesBase(ModuleBase, module="notes"):
        \"\"\"Base of the notes module.\"\"\"

    class Note(Owned, NotesBase):
        __tablename__ = "notes"
        title: Mapped[str]

    db = Database(path, NotesBase, name="notes")
    db.write(actor, lambda s: s.add(Note(title="hello")))
    titles = db.read(actor, lambda s: s.scalars(select(Note.title)).all())

See `docs/subsystems/database.md`.
"""

from __future__ import annotations

from backend.sdk.db.base import ModuleBase, Owned, make_base, owned_fk, owned_tables, unowned_tables
from backend.sdk.db.bulk import insert_columns, insert_rows
from backend.sdk.db.copies import CopyReport, verify_copy
from backend.sdk.db.database import Database
from backend.sdk.db.errors import (
    CopyDamaged,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseUnreachable,
    IsolationError,
    MigrationFailed,
    NestedWrite,
    NewerDatabase,
    NoActor,
    OwnerMismatch,
    ReadOnlySession,
    StorageFull,
    UnscopedStatement,
    WrongSpace,
)
from backend.sdk.db.expressions import not_by_index, year_month
from backend.sdk.db.migrate import MigrationResult, make_revision, migrate
from backend.sdk.db.ownership import erase_rows, export_rows
from backend.sdk.db.raw import raw_sql
from backend.sdk.db.revisions import RevisionState
from backend.sdk.db.schema_compare import schema_differences
from backend.sdk.db.session import OwnedSession, UnscopedSession
from backend.sdk.db.types import JsonDict, JsonList, UtcDateTime

__all__ = [
    "CopyDamaged",
    "CopyReport",
    "Database",
    "DatabaseBusy",
    "DatabaseDamaged",
    "DatabaseMissing",
    "DatabaseUnreachable",
    "IsolationError",
    "JsonDict",
    "JsonList",
    "MigrationFailed",
    "MigrationResult",
    "ModuleBase",
    "NestedWrite",
    "NewerDatabase",
    "NoActor",
    "Owned",
    "OwnedSession",
    "OwnerMismatch",
    "ReadOnlySession",
    "RevisionState",
    "StorageFull",
    "UnscopedSession",
    "UnscopedStatement",
    "UtcDateTime",
    "WrongSpace",
    "erase_rows",
    "export_rows",
    "insert_columns",
    "insert_rows",
    "make_base",
    "make_revision",
    "migrate",
    "not_by_index",
    "owned_fk",
    "owned_tables",
    "raw_sql",
    "schema_differences",
    "unowned_tables",
    "verify_copy",
    "year_month",
]
