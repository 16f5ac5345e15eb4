"""Which revision a database is at and which one the code wants, found without importing Alembic (0.3 s, 8 MB)."""

from __future__ import annotations

import ast
import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from backend.sdk.db.errors import MigrationFailed, NewerDatabase
from backend.sdk.module import ModuleSpec

_LINE = re.compile(r"^(revision|down_revision)\b[^=\n]*=\s*(.+)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class RevisionState:
    """Compare a database with the code. `current` None: nothing was ever migrated; `head` None: no migrations."""

    current: str | None
    head: str | None
    known: frozenset[str]

    @property
    def up_to_date(self) -> bool:
        """Tell whether there is nothing to do."""
        return self.current == self.head

    def check_not_newer(self) -> None:
        """Raise `NewerDatabase` if the database is at a revision that this code has never heard of."""
        if self.current is not None and self.current not in self.known:
            raise NewerDatabase()


def migrations_folder(where: ModuleSpec | Path | str) -> Path:
    """Return the folder of revisions: of a module's spec (its package is not imported), or the path itself."""
    if not isinstance(where, ModuleSpec):
        return Path(where)
    found = importlib.util.find_spec(where.package)
    if found is None or not found.submodule_search_locations:
        raise MigrationFailed(f"The package of module {where.id} was not found.")
    return Path(next(iter(found.submodule_search_locations))) / where.migrations


def scan_folder(folder: Path) -> tuple[str | None, frozenset[str]]:
    """Return the newest revision and all known ones, read from the text of the migration files."""
    after: dict[str, str | None] = {}
    for file in sorted(folder.glob("*.py")):
        found = {name: ast.literal_eval(value.strip()) for name, value in _LINE.findall(file.read_text("utf-8"))}
        if "revision" in found:
            after[found["revision"]] = found.get("down_revision")
    heads = after.keys() - set(after.values())
    if len(heads) > 1:
        raise MigrationFailed(f"The migrations in {folder.name} have several heads: {', '.join(sorted(heads))}.")
    return (next(iter(heads)) if heads else None), frozenset(after)


def current_revision(connection: sa.Connection) -> str | None:
    """Return the revision that the database says it is at."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    row = connection.exec_driver_sql("SELECT version_num FROM alembic_version").first()
    return str(row[0]) if row else None
