"""One PostgreSQL database with its folders, as a part of the backup: the copy is the logical one of `sdk/db`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

from backend.core.backup.errors import BackupDamaged
from backend.core.backup.parts import DatabaseFacts
from backend.sdk.db import CopyDamaged, CopyReport, Database, verify_copy
from backend.sdk.errors import FieldProblem, HomieError


class PostgresPart:
    """Implement `BackupPart` on a PostgreSQL database. `open_database` gives a fresh `Database` each time."""

    engine = "postgresql"

    def __init__(
        self,
        part_id: str,
        open_database: Callable[[], Database],
        *,
        version: str,
        upgrade: Callable[[Database], None],
        folders: Callable[[], Mapping[str, Path]] = dict,
        secrets: Path | None = None,
        data_dir: Path,
    ) -> None:
        self.id = part_id
        self.version = version
        self._open_database = open_database
        self._upgrade = upgrade
        self._folders = folders
        self._secrets = secrets
        self._data_dir = data_dir

    def folders(self) -> Mapping[str, Path]:
        """Return the folders that belong to the part."""
        return self._folders()

    def place_of(self, name: str) -> Path | None:
        """Return where a folder of that name belongs: below the data directory, nowhere else."""
        relative = PurePosixPath(name)
        if relative.is_absolute() or not relative.parts or ".." in relative.parts:
            return None
        return self._data_dir / relative

    def secrets(self) -> Path | None:
        """Return the folder of keys."""
        return self._secrets

    def copy_database(self, dest: Path) -> DatabaseFacts:
        """Write a consistent logical copy while others read and write."""
        with self._opened() as db:
            return _facts(db.backup_to(dest))

    def check_copy(self, copy: Path) -> DatabaseFacts:
        """Read the whole copy; raises `BackupDamaged`."""
        try:
            return _facts(verify_copy(copy))
        except CopyDamaged as problem:
            raise BackupDamaged(fields=[FieldProblem("database", "the copy is not intact")]) from problem

    def upgrade_copy(self, copy: Path) -> str | None:
        """Leave the copy as it is: a logical copy is migrated in the database, right after it was put back."""
        return verify_copy(copy).revision

    def replace_database(self, copy: Path) -> None:
        """Make the live tables equal to the copy in one transaction, then bring them to this code's schema.

        Putting back and migrating are two transactions here: if the second fails, the first is taken back by a copy.
        """
        before = copy.with_name(copy.name + ".before")
        with self._opened() as db:
            db.backup_to(before)
            db.restore_from(copy)
            try:
                self._upgrade(db)
            except Exception:
                db.restore_from(before)
                raise

    def live_facts(self) -> DatabaseFacts | None:
        """Count the live rows, or return None when the database cannot be reached."""
        try:
            with self._opened() as db:
                return DatabaseFacts(db.unscoped("compare with a backup", _count_rows, db.base), None, 0)
        except (HomieError, SQLAlchemyError):
            return None

    @contextmanager
    def _opened(self) -> Iterator[Database]:
        db = self._open_database()
        try:
            yield db
        finally:
            db.close()


def _count_rows(session: Session, base: type[DeclarativeBase]) -> dict[str, int]:
    tables = base.metadata.sorted_tables
    return {t.name: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}


def _facts(report: CopyReport) -> DatabaseFacts:
    return DatabaseFacts(report.tables, report.revision, report.size)
