"""One SQLite database with its folders, as a part of the backup.

The copy is SQLite's online backup in a single step: it holds one read snapshot, so writers go on and the copy is one
moment (https://www.sqlite.org/backup.html). The way back is the same interface with the live file as its destination:
one write transaction, so that other processes with the file open see the old or the new rows, and a kill leaves the
old ones. Only a live file that is missing or no database any more is replaced as a file.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from backend.core.backup.durable import fsync_folder, write_new
from backend.core.backup.errors import BackupDamaged, BackupDiskFull, RestoreRefused
from backend.core.backup.parts import DatabaseFacts
from backend.sdk.errors import FieldProblem, Unavailable

BUSY_SECONDS = 20.0
DAMAGED = "The database is missing or damaged and cannot be backed up. Restore it from a backup."
_BROKEN = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_CANTOPEN)


class SqlitePart:
    """Implement `BackupPart` on a SQLite file.

    `upgrade` brings a copy to this code's schema and returns the revision; `release` closes this process's own
    connections, needed only where a broken file is exchanged; `folders` is asked each time.
    """

    engine = "sqlite"

    def __init__(
        self,
        part_id: str,
        path: Path,
        *,
        version: str,
        upgrade: Callable[[Path], str | None],
        folders: Callable[[], Mapping[str, Path]] = dict,
        secrets: Path | None = None,
        release: Callable[[], None] = lambda: None,
        data_dir: Path,
    ) -> None:
        self.id = part_id
        self.path = path
        self.version = version
        self._upgrade = upgrade
        self._folders = folders
        self._secrets = secrets
        self._release = release
        self._data_dir = data_dir
        self._damaged = data_dir / "damaged"

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
        """Write a consistent copy of the live database to a new file while others read and write."""
        write_new(dest, lambda write: None)  # private from its first byte on
        with sqlite_trouble(), closing(self._open(self.path)) as live, closing(sqlite3.connect(dest)) as copy:
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE")  # one self-contained file, without a log beside it
            # Pages are copied as they are: a backup of a damaged file would be the newest, and no good to anybody.
            if copy.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                raise Unavailable(DAMAGED, code="database_damaged")
            return _facts(copy, dest)

    def check_copy(self, copy: Path) -> DatabaseFacts:
        """Open a copy: integrity, foreign keys, counts. Raises `BackupDamaged`."""
        try:
            with closing(self._open(copy, "rw")) as opened:
                found = [row[0] for row in opened.execute("PRAGMA integrity_check(5)")]
                if found != ["ok"]:
                    raise BackupDamaged(fields=[FieldProblem("database", str(text)) for text in found])
                orphans = opened.execute("PRAGMA foreign_key_check").fetchmany(5)
                if orphans:
                    raise BackupDamaged(
                        fields=[FieldProblem(str(row[0]), f"a row points to nothing in {row[2]}") for row in orphans]
                    )
                return _facts(opened, copy)
        except sqlite3.DatabaseError as problem:
            raise BackupDamaged(fields=[FieldProblem("database", "it is no readable database")]) from problem

    def upgrade_copy(self, copy: Path) -> str | None:
        """Bring a copy to the schema of this code; raises `NewerDatabase`."""
        return self._upgrade(copy)

    def replace_database(self, copy: Path) -> None:
        """Make the live database equal to the copy, all or nothing, whatever state the live one is in."""
        self._keep_damaged()
        with sqlite_trouble(), closing(self._open(copy)) as source:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                with closing(self._open(self.path, "rw")) as live:
                    live.execute("PRAGMA synchronous=FULL")
                    live.execute("SELECT count(*) FROM sqlite_master").fetchone()
                    source.backup(live, pages=-1)
                    return
            except sqlite3.DatabaseError as problem:
                if (problem.sqlite_errorcode & 0xFF) not in _BROKEN:
                    raise
        self._exchange_file(copy)

    def live_facts(self) -> DatabaseFacts | None:
        """Describe the live database, or None when it is missing or broken."""
        try:
            with closing(self._open(self.path)) as live:
                return _facts(live, self.path)
        except sqlite3.DatabaseError:
            return None

    # ------------------------------------------------------------------ inside

    def _keep_damaged(self) -> None:
        """Copy a file that was found damaged aside before it is overwritten: somebody may still read rows out of it."""
        if not self.path.with_name(self.path.name + ".stopped").exists():
            return
        aside = self._damaged / f"{self.id}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        aside.mkdir(parents=True, mode=0o700)
        for suffix in ("", "-wal"):
            broken = self.path.with_name(self.path.name + suffix)
            if broken.exists():
                shutil.copyfile(broken, aside / broken.name)
                (aside / broken.name).chmod(0o600)

    def _exchange_file(self, copy: Path) -> None:
        """Put a new file in the place of a missing or broken one; the broken one is kept aside."""
        self._release()
        users = processes_with(self.path)
        if users:
            raise RestoreRefused(
                "The damaged database is still open in another process. Stop Homie, then restore again.",
                fields=[FieldProblem("process", str(pid), "stop it first") for pid in sorted(users)],
            )
        aside = self._damaged / f"{self.id}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
        for suffix in ("-wal", "-shm", ""):  # the log first: it must never meet the new file
            broken = self.path.with_name(self.path.name + suffix)
            if broken.exists():
                aside.mkdir(parents=True, exist_ok=True, mode=0o700)
                broken.rename(aside / broken.name)
        fsync_folder(self.path.parent)
        draft = self.path.with_name(f".{self.path.name}.restored")
        draft.unlink(missing_ok=True)
        with copy.open("rb") as source:
            write_new(draft, lambda write: [write(block) for block in iter(lambda: source.read(1 << 20), b"")])
        draft.rename(self.path)
        fsync_folder(self.path.parent)

    @staticmethod
    def _open(path: Path, mode: str = "ro") -> sqlite3.Connection:
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        connection = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        connection.execute(f"PRAGMA busy_timeout={int(BUSY_SECONDS * 1000)}")
        return connection


@contextmanager
def sqlite_trouble() -> Iterator[None]:
    """Turn SQLite's errors about the disk into ours."""
    try:
        yield
    except sqlite3.DatabaseError as problem:
        code = getattr(problem, "sqlite_errorcode", 0) & 0xFF
        if code == sqlite3.SQLITE_FULL:
            raise BackupDiskFull from problem
        if code in _BROKEN:
            raise Unavailable(
                DAMAGED,
                code="database_unreachable",
            ) from problem
        if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise Unavailable("The database is busy. Please try again in a moment.", code="database_busy") from problem
        raise


def processes_with(path: Path) -> set[int]:
    """Return the other processes that have a file open (as far as this user may see them)."""
    wanted, found = str(path.resolve()), set()
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit() or int(entry.name) == os.getpid():
            continue
        try:
            links = [os.readlink(link) for link in (entry / "fd").iterdir()]
        except OSError:
            continue
        if wanted in links:
            found.add(int(entry.name))
    return found


def _facts(connection: sqlite3.Connection, path: Path) -> DatabaseFacts:
    names = [
        str(row[0])
        for row in connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_' ORDER BY name"
        )
    ]
    counts = {}
    for name in names:
        quoted = '"' + name.replace('"', '""') + '"'
        # the name comes from sqlite_master and is quoted
        counts[name] = int(connection.execute(f"SELECT count(*) FROM {quoted}").fetchone()[0])  # nosec B608
    revision = None
    if "alembic_version" in names:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        revision = str(row[0]) if row else None
    return DatabaseFacts(counts, revision, path.stat().st_size)
