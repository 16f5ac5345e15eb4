"""Bring a database to the newest schema before anything uses it."""

from __future__ import annotations

from pathlib import Path

from backend.sdk.db import Database


def bring_up_to_date(db: Database, revisions: Path) -> None:
    """Migrate `db` by the Alembic revisions in a folder; a module without any gets its tables as its models say.

    Raises `NewerDatabase` for a database of a newer Homie, `MigrationFailed` when a step fails (and changes nothing).
    """
    if any(file.name[0] not in "._" and file.name != "__init__.py" for file in revisions.glob("*.py")):
        from backend.sdk.db import migrate

        migrate(revisions, db)
    else:
        db.create_all()
