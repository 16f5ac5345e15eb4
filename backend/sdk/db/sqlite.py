"""SQLite: WAL, immediate write transactions, one writer, and TEMP triggers that refuse another owner's rows.

The triggers live in each writing connection and ask a function of that connection who acts; other tools can still
open the file. Readers cannot write at all (`query_only`), so they carry none.
"""

from __future__ import annotations

import errno
import fcntl
import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import QueuePool

from backend.sdk.db.copies import CopyReport, copy_sqlite, restore_sqlite
from backend.sdk.db.damage import Damage
from backend.sdk.db.errors import DatabaseUnreachable, MigrationFailed, OwnerMismatch
from backend.sdk.db.failures import clear_failures, translate_errors
from backend.sdk.db.guard import KnownTables, arm
from backend.sdk.db.scope import Scope, ScopeSlot, slot_of_info

OTHER_OWNER = "homie: other owner"
_ARMED = "homie_armed"
_ARMED_TABLES = "homie_armed_tables"
"""Where a connection keeps the versions (`_versions`) at which it has all its triggers, and of which tables."""
_AWAY = (
    errno.EACCES, errno.EIO, errno.EISDIR, errno.ENODEV, errno.ENOTDIR,
    errno.ENXIO, errno.EPERM, errno.EROFS, errno.ESTALE,
)  # fmt: skip
"""What the file system says of a disk that is away, or that may not be written."""
_ROWS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


class SqliteStore:
    """Keep the engines of one SQLite file: `reader` and `writer` armed, `admin()` plain for schema work."""

    kind = "sqlite"

    def __init__(
        self, path: Path, tables: KnownTables, *, readers: int, durable: bool, busy_seconds: float, damaged: str = ""
    ) -> None:
        self.path = path
        self.damage = Damage(path, damaged)
        self._tables = tables
        self._durable = durable
        self._busy = busy_seconds
        private_file(path)
        self.damage.look()
        self.reader = self._engine("BEGIN", readers, 16, ("query_only=ON",))
        self.writer = self._engine("BEGIN IMMEDIATE", 1, 0, ())
        for engine in (self.reader, self.writer):
            arm(engine, tables)
            event.listen(engine, "reset", _forget_actor)
        event.listen(self.writer, "connect", self._install_function)

    def enter(self, connection: sa.Connection, scope: Scope) -> None:
        """See that the triggers are there before an actor writes (a migration may have rebuilt tables)."""
        if not scope.writing or scope.actor is None:
            return
        dbapi: Any = connection.connection.driver_connection
        with clear_failures():
            self._arm(dbapi, connection.info)

    def _arm(self, dbapi: sqlite3.Connection, info: dict[Any, Any]) -> None:
        owned = self._tables.refresh().owned
        if info.get(_ARMED) != _versions(dbapi) or info.get(_ARMED_TABLES) != owned:
            install_triggers(dbapi, owned)
            info[_ARMED], info[_ARMED_TABLES] = _versions(dbapi), owned

    @contextmanager
    def admin(self, write: bool = True) -> Iterator[sa.Connection]:
        """Give one plain connection without nets, foreign keys off (a batch rebuild needs that); for schema work."""
        begin = "BEGIN IMMEDIATE" if write else "BEGIN"
        engine = self._engine(begin, 1, 0, ("foreign_keys=OFF",), durable=True)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def prepare(self) -> None:
        """Do nothing: a SQLite file needs no roles or schemas."""

    def protect(self, connection: sa.Connection) -> None:
        """Do nothing: the triggers belong to connections, not to the file."""

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Let one process at a time change the schema."""
        with open(self.path.with_name(self.path.name + ".lock"), "w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def check_integrity(self) -> None:
        """Raise `DatabaseUnreachable` if the file is damaged."""
        with self.admin() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
        if found != "ok":
            raise self.damage.note()

    def check_foreign_keys(self, connection: sa.Connection) -> None:
        """Raise `MigrationFailed` if a schema change left a row pointing nowhere."""
        if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
            raise MigrationFailed()

    def copy_to(self, dest: Path) -> CopyReport:
        """Copy the database while it is in use."""
        with clear_failures():
            return copy_sqlite(self.path, dest)

    def restore_from(self, copy: Path) -> None:
        """Replace the content by a verified copy's, in one transaction."""
        with clear_failures():
            restore_sqlite(copy, self.path, self._busy)
            self.damage.look()

    def before_path(self, revision: str | None) -> Path | None:
        """Return where the copy before a migration goes: beside the file."""
        return self.path.with_name(f"{self.path.name}.before-{revision}")

    def forget_freed(self) -> None:
        """Move the log into the file and cut it, so that erased rows are in neither."""
        with clear_failures(), closing(sqlite3.connect(self.path, timeout=self._busy)) as plain:
            plain.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def dispose(self) -> None:
        """Close every pooled connection; the next use opens fresh ones."""
        self.reader.dispose()
        self.writer.dispose()

    def _engine(
        self, begin: str, size: int, overflow: int, pragmas: tuple[str, ...], durable: bool | None = None
    ) -> sa.Engine:
        engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(self.path)),
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=overflow,
            pool_timeout=self._busy,
            connect_args={"check_same_thread": False, "timeout": self._busy},
        )
        durable = self._durable if durable is None else durable
        settings = (
            f"synchronous={'FULL' if durable else 'NORMAL'}",
            "foreign_keys=ON",
            "cache_size=-8000",
            "temp_store=MEMORY",  # a trigger that may abort needs a journal of each statement: a file of it costs 8 us
            *pragmas,
        )

        @event.listens_for(engine, "connect")
        def _configure(dbapi: sqlite3.Connection, record: Any) -> None:
            dbapi.isolation_level = None
            _use_log(dbapi)
            for setting in settings:
                dbapi.execute(f"PRAGMA {setting}")

        @event.listens_for(engine, "begin")
        def _begin(connection: sa.Connection) -> None:
            self.damage.refuse()
            connection.exec_driver_sql(begin)

        translate_errors(engine, self.damage.note)
        return engine

    @staticmethod
    def _install_function(dbapi: sqlite3.Connection, record: Any) -> None:
        slot = slot_of_info(record.info)
        dbapi.create_function("homie_writer", 0, lambda: _writer_of(slot))


def _use_log(dbapi: sqlite3.Connection) -> None:
    """Switch the file to WAL, once in its life: the switch ignores the busy timeout, so several first users retry."""
    for pause in (0.01, 0.05, 0.1, 0.5, 1.0):
        try:
            dbapi.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(pause)
    dbapi.execute("PRAGMA journal_mode=WAL")


def _writer_of(slot: ScopeSlot) -> str | None:
    """Return the owner that this connection writes for: "*" for system work, NULL when nobody acts."""
    if slot.scope is None:
        return None
    return slot.scope.owner or "*"


def _versions(dbapi: sqlite3.Connection) -> tuple[int, ...]:
    """Return the versions of the tables and of the triggers: a rollback takes back triggers too, with their version."""
    return tuple(dbapi.execute(f"PRAGMA {of}.schema_version").fetchone()[0] for of in ("main", "temp"))


def install_triggers(dbapi: sqlite3.Connection, owned: frozenset[str]) -> None:
    """Put a BEFORE trigger on each change of each owned table, in this connection only."""
    there = {row[0].lower(): row[0] for row in dbapi.execute("SELECT name FROM main.sqlite_master WHERE type='table'")}
    for lowered in owned & there.keys():
        for change in _ROWS:
            _drop_trigger(dbapi, there[lowered], change)
            _put_trigger(dbapi, there[lowered], change)


def _drop_trigger(dbapi: sqlite3.Connection, table: str, change: str) -> None:
    dbapi.execute(f"DROP TRIGGER IF EXISTS temp.{_quoted(f'homie_{table}_{change}')}")


def _put_trigger(dbapi: sqlite3.Connection, table: str, change: str) -> None:
    wrong = " OR ".join(f"{row}.owner_id IS NOT homie_writer()" for row in _ROWS[change])
    name = _quoted(f"homie_{table}_{change}")
    dbapi.execute(
        f"CREATE TEMP TRIGGER IF NOT EXISTS {name} BEFORE {change} ON main.{_quoted(table)} "
        f"WHEN ({wrong}) AND homie_writer() IS NOT '*' BEGIN SELECT RAISE(ABORT, '{OTHER_OWNER}'); END"
    )


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


@contextmanager
def looked_at_together(connection: sa.Connection, table: str) -> Iterator[None]:
    """Let many rows into an owned table, and look whose they are once they are in, instead of at each as it comes.

    The same net as the trigger, which is a sixth to a third of what SQLite does with a row: all rows that came since
    the beginning of the block are read once. Nothing but inserts into this table belongs inside. Raises `OwnerMismatch`
    if a row is not the acting owner's; then none of them stays. The trigger is back in every case: a transaction that
    is taken back undoes its removal.
    """
    dbapi: Any = connection.connection.driver_connection
    owner = dbapi.execute("SELECT homie_writer()").fetchone()[0]
    of = f"main.{_quoted(table)}"
    last = dbapi.execute(f"SELECT ifnull(max(rowid), 0) FROM {of}").fetchone()[0]  # nosec B608: a quoted name
    _drop_trigger(dbapi, table, "INSERT")
    try:
        yield
        with clear_failures():
            wrong = f"SELECT 1 FROM {of} WHERE rowid > ? AND owner_id IS NOT ? LIMIT 1"  # nosec B608: a quoted name
            if dbapi.execute(wrong, (last, owner)).fetchone() is not None:
                _take_back(dbapi, table, last)
                raise OwnerMismatch("a bulk row of another owner")
    finally:
        if dbapi.in_transaction:
            _put_trigger(dbapi, table, "INSERT")
            connection.info[_ARMED] = _versions(dbapi)
        else:  # a full or broken disk: SQLite took all back by itself, perhaps with the triggers of this transaction
            connection.info.pop(_ARMED, None)


def _take_back(dbapi: sqlite3.Connection, table: str, last: int) -> None:
    _drop_trigger(dbapi, table, "DELETE")
    try:
        dbapi.execute(f"DELETE FROM main.{_quoted(table)} WHERE rowid > ?", (last,))  # nosec B608: a quoted name
    finally:
        if dbapi.in_transaction:
            _put_trigger(dbapi, table, "DELETE")


def _forget_actor(dbapi: Any, record: Any, state: Any) -> None:
    slot_of_info(record.info).clear()


def private_file(path: Path) -> None:
    """Create the file readable by its user only, before SQLite would create it readable by everybody.

    Raises `StorageFull`, or `DatabaseUnreachable` where the disk is away or may not be written.
    """
    with clear_failures():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        except OSError as error:
            if error.errno in _AWAY:
                raise DatabaseUnreachable() from error
            raise
