"""Bring one module's database to the code's revision: locked, backed up, all or nothing.

    python -m backend.sdk.db.migrate revision --base backend.notes.models:NotesBase \\
        --folder backend/notes/migrations "add stars"

All pending revisions run in one transaction together with the checks after them, so that a failure (or a kill -9)
anywhere leaves the database exactly as it was. A revision never imports application code.
"""

from __future__ import annotations

import argparse
import importlib
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from backend.sdk.db.base import ModuleBase
from backend.sdk.db.errors import MigrationFailed
from backend.sdk.db.revisions import RevisionState, current_revision, migrations_folder, scan_folder
from backend.sdk.errors import HomieError
from backend.sdk.module import ModuleSpec

if TYPE_CHECKING:
    from alembic.config import Config

    from backend.sdk.db.database import Database

_ENVIRONMENT = Path(__file__).parent / "alembic"


@dataclass(frozen=True, slots=True)
class MigrationResult:
    """Say what a migration did. `backup` is the copy made before (None for a new or current database)."""

    before: str | None
    after: str | None
    backup: Path | None = None

    @property
    def changed(self) -> bool:
        """Tell whether anything was done."""
        return self.before != self.after


def migrate(where: ModuleSpec | Path | str, db: Database) -> MigrationResult:
    """Upgrade the database to the newest revision of the folder (or of the module's folder).

    Safe to call from several processes at once. Raises `NewerDatabase` (nothing is touched) or `MigrationFailed`
    (everything is as before).
    """
    folder = migrations_folder(where)
    state = revision_state(folder, db)
    if state.up_to_date:
        return MigrationResult(state.current, state.current)
    db.store.prepare()
    with db.store.migration_lock():
        state = revision_state(folder, db)  # another process may have been quicker
        if state.up_to_date:
            return MigrationResult(state.current, state.current)
        db.store.check_integrity()
        backup = db.store.before_path(state.head) if state.current is not None else None
        if backup is not None:
            db.store.copy_to(backup)
        try:
            _upgrade(folder, db)
        except HomieError:
            raise
        except Exception as error:
            db.log.exception("migration failed", before=state.current, head=state.head)
            raise MigrationFailed() from error
        finally:
            db.store.dispose()
        tell = db.log.debug if state.current is None else db.log.info  # that a new database was made is no news
        tell("migrated", before=state.current, after=state.head, backup=str(backup or ""))
    return MigrationResult(state.current, state.head, backup)


def revision_state(where: ModuleSpec | Path | str, db: Database) -> RevisionState:
    """Compare the database with the migrations; raises `NewerDatabase` for an unknown revision. Takes about 1 ms."""
    head, known = scan_folder(migrations_folder(where))
    with db.store.admin(write=False) as connection:
        state = RevisionState(current_revision(connection), head, known)
    state.check_not_newer()
    return state


def _upgrade(folder: Path, db: Database) -> None:
    from alembic import command

    with db.store.admin() as connection, connection.begin():
        with _alembic(folder, db.base, connection) as config:
            command.upgrade(config, "head")
        db.store.check_foreign_keys(connection)
        db.store.protect(connection)


@contextmanager
def _alembic(folder: Path, base: type[Any], connection: sa.Connection) -> Iterator[Config]:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_ENVIRONMENT).replace("%", "%%"))
    config.set_main_option("version_locations", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    config.attributes["metadata"] = base.metadata
    config.attributes["connection"] = connection
    yield config


def make_revision(base: type[ModuleBase], folder: Path, message: str, *, empty: bool = False) -> Path:
    """Write the next revision (`<module>_0002_add_stars.py`) from the difference between models and migrations.

    For developers: read it and run `ruff format` on it. CHECK constraints of existing tables, triggers and full-text
    tables are not seen by autogeneration; `schema_differences` in the tests tells when one was forgotten.
    """
    from alembic import command

    from backend.sdk.db.database import Database

    folder.mkdir(parents=True, exist_ok=True)
    module = str(base.metadata.info["module_id"])
    _, known = scan_folder(folder)
    number = 1 + max((int(r.rpartition("_")[2]) for r in known if re.search(r"_\d+$", r)), default=0)
    revision = f"{module}_{number:04d}"
    with tempfile.TemporaryDirectory() as scratch:
        db = Database(Path(scratch) / "scratch.db", base, name=module)
        try:
            migrate(folder, db)
            with db.store.admin() as connection, _alembic(folder, base, connection) as config:
                config.attributes["skip_empty"] = not empty
                script = command.revision(
                    config, message, autogenerate=not empty, rev_id=revision, version_path=str(folder)
                )
        finally:
            db.close()
    if script is None or isinstance(script, list):
        raise MigrationFailed("No revision was written: the models do not differ from the migrations.")
    return Path(script.path)


def load_base(dotted: str) -> type[ModuleBase]:
    """Return the declarative base named by "package.module:Class"."""
    module, _, name = dotted.partition(":")
    base = getattr(importlib.import_module(module), name)
    if not (isinstance(base, type) and issubclass(base, ModuleBase)):
        raise MigrationFailed(f"{dotted} is not a declarative base.")
    return base


def _main() -> None:
    parser = argparse.ArgumentParser(prog="python -m backend.sdk.db.migrate", description="Write migrations.")
    commands = parser.add_subparsers(dest="command", required=True)
    revision = commands.add_parser("revision", help="write the next revision from the models")
    revision.add_argument("--base", required=True, help='the declarative base, "backend.core.schema:CoreBase"')
    revision.add_argument("--folder", required=True, type=Path, help="the module's migrations folder")
    revision.add_argument("--empty", action="store_true", help="only the frame, to be filled by hand")
    revision.add_argument("message")
    given = parser.parse_args()
    print(make_revision(load_base(given.base), given.folder, given.message, empty=given.empty))


if __name__ == "__main__":
    _main()
