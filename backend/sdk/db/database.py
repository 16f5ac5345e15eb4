"""One database of one module: units of work, each one hop to a native thread in the web process."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import structlog
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from backend.sdk.actor import Actor
from backend.sdk.concurrency import hop_pool, native_lock
from backend.sdk.db.copies import CopyReport, verify_copy
from backend.sdk.db.errors import DatabaseBusy, MigrationFailed, NestedWrite
from backend.sdk.db.guard import KnownTables
from backend.sdk.db.migrate import MigrationResult, migrate, revision_state
from backend.sdk.db.revisions import RevisionState, scan_folder
from backend.sdk.db.scope import Scope
from backend.sdk.db.session import HomieSession, OwnedSession, UnscopedSession
from backend.sdk.db.sqlite import SqliteStore
from backend.sdk.errors import HomieError
from backend.sdk.events import Event
from backend.sdk.module import ModuleSpec

if TYPE_CHECKING:
    from backend.sdk.db.postgres import PostgresStore

    Store = SqliteStore | PostgresStore

T = TypeVar("T")
_writing: ContextVar[frozenset[int]] = ContextVar("homie_db_writing", default=frozenset())

_ATTEMPTS = 4


class _Turn:
    """Give one thread at a time the turn to write: fair and at once, where SQLite's own waiting is neither."""

    def __init__(self, seconds: float) -> None:
        self._lock = native_lock()
        self._seconds = seconds

    def __enter__(self) -> None:
        if not self._lock.acquire(timeout=self._seconds):
            raise DatabaseBusy()

    def __exit__(self, *error: object) -> None:
        self._lock.release()


def _again(error: DatabaseBusy) -> bool:
    """Tell whether PostgreSQL gave up this transaction in favour of another (serialization failure, deadlock)."""
    return getattr(error.__cause__, "sqlstate", None) in ("40001", "40P01")


class Database:
    """Give sessions on one module's data, SQLite by path or PostgreSQL by URL.

    `read`, `write` and `unscoped` take a function of the session and run it whole in one transaction, in a native
    thread when the process is gevent-patched; it must return plain data and do no network call. `session` and
    `unscoped_session` are the direct way for workers, the command line and tests.
    `damaged` is what is told when the file is damaged, where the usual words do not fit.
    `on_commit` is called with each emitted event, in the caller's context, once its transaction is committed.
    """

    def __init__(
        self,
        url_or_path: str | Path,
        base: type[DeclarativeBase],
        *,
        name: str,
        readers: int = 4,
        durable: bool = False,
        busy_seconds: float = 10.0,
        migrations: Path | None = None,
        admin_url: str | None = None,
        damaged: str = "",
        log: Any = None,
    ) -> None:
        self.name = name
        self.base = base
        self.log = log or structlog.get_logger("homie.db").bind(database=name)
        self.on_commit: Callable[[Event], None] | None = None
        self.unscoped_counts: dict[str, int] = {}
        self.migrations = migrations
        self._busy_seconds = busy_seconds
        self.store = self._open_store(str(url_or_path), readers, durable, admin_url, damaged)
        self._read_pool = hop_pool(readers)
        # SQLite has one writer at a time; on PostgreSQL the server decides who waits for whom.
        self._write_pool = hop_pool(1 if self.kind == "sqlite" else readers)
        self._turn: AbstractContextManager[Any] = (
            _Turn(busy_seconds * 3) if self.kind == "sqlite" else contextlib.nullcontext()
        )

    @property
    def kind(self) -> str:
        """Name the engine: "sqlite" or "postgresql"."""
        return self.store.kind

    def read(self, actor: Actor, fn: Callable[..., T], *args: Any, **kw: Any) -> T:
        """Run `fn(session, *args)` on a consistent snapshot of what the actor may see."""
        return self._read_pool.run(self._run_read, Scope(actor, "", writing=False), fn, args, kw)

    def write(self, actor: Actor, fn: Callable[..., T], *args: Any, **kw: Any) -> T:
        """Run `fn(session, *args)` in one write transaction; commits at its end, or leaves nothing if it raises."""
        return self._write(Scope(actor, "", writing=True), fn, args, kw)

    def unscoped(self, reason: str, fn: Callable[..., T], *args: Any, write: bool = False, **kw: Any) -> T:
        """Run system work that sees every owner; logged with its reason and counted."""
        scope = self._unscoped_scope(reason, write)
        if write:
            return self._write(scope, fn, args, kw)
        return self._read_pool.run(self._run_read, scope, fn, args, kw)

    @contextlib.contextmanager
    def session(self, actor: Actor, write: bool = False) -> Iterator[OwnedSession]:
        """Give a session in this thread; commits at the end of the block, or rolls back if it raises."""
        with self._open(Scope(actor, "", writing=write)) as session:
            assert isinstance(session, OwnedSession)
            yield session

    @contextlib.contextmanager
    def unscoped_session(self, reason: str, write: bool = False) -> Iterator[UnscopedSession]:
        """Give a session for system work in this thread; logged with its reason and counted."""
        with self._open(self._unscoped_scope(reason, write)) as session:
            assert isinstance(session, UnscopedSession)
            yield session

    def create_all(self) -> None:
        """Create the tables of the module as its models describe them (tests and first drafts; else `migrate`)."""
        self.store.prepare()
        with self.store.admin() as connection, connection.begin():
            self.base.metadata.create_all(connection)
            self.store.protect(connection)
        self.store.dispose()

    def migrate(self, where: ModuleSpec | Path | str | None = None) -> MigrationResult:
        """Bring the schema to the newest revision of `where` (default: the folder given at construction)."""
        return migrate(self._folder(where), self)

    def revision_state(self, where: ModuleSpec | Path | str | None = None) -> RevisionState:
        """Tell the database's revision and the code's; raises `NewerDatabase`."""
        return revision_state(self._folder(where), self)

    def check_integrity(self) -> None:
        """Raise `DatabaseUnreachable` if the file is damaged (SQLite's quick check; reads the whole file)."""
        self._read_pool.run(self.store.check_integrity)

    @property
    def damage(self) -> HomieError | None:
        """Return the error that every use ends with if somebody, in whichever process, found the file damaged."""
        if isinstance(self.store, SqliteStore) and self.store.damage.noted:
            return self.store.damage.error()
        return None

    def check_after_crash(self) -> None:
        """Raise `DatabaseDamaged` if the last user of the file did not close it and left it damaged."""
        if isinstance(self.store, SqliteStore):
            self.store.damage.look(unclosed=True)

    def backup_to(self, path: Path | str) -> CopyReport:
        """Copy the database to one file while it is in use; verified, and there whole or not at all."""
        return self._read_pool.run(self.store.copy_to, Path(path))

    def restore_from(self, path: Path | str) -> CopyReport:
        """Replace everything by a copy, atomically, while the database stays open; older copies then need `migrate`.

        Raises `CopyDamaged`, or `NewerDatabase` if the copy is from a newer Homie (when migrations are known).
        """
        path = Path(path)
        report = self._read_pool.run(verify_copy, path)
        if self.migrations is not None and report.revision is not None:
            head, known = scan_folder(self.migrations)
            RevisionState(report.revision, head, known).check_not_newer()
        self._write_pool.run(self._restore, path)
        return report

    def close(self) -> None:
        """Close every connection; the object cannot be used afterwards."""
        self._read_pool.close()
        self._write_pool.close()
        self.store.dispose()

    def _open_store(self, where: str, readers: int, durable: bool, admin_url: str | None, damaged: str) -> Store:
        tables = KnownTables(self.base)
        if not where.startswith("postgresql"):
            path = Path(where.removeprefix("sqlite:///"))
            return SqliteStore(
                path, tables, readers=readers, durable=durable, busy_seconds=self._busy_seconds, damaged=damaged
            )
        from backend.sdk.db.postgres import PostgresStore

        return PostgresStore(
            where,
            tables,
            name=self.name,
            readers=readers,
            durable=durable,
            busy_seconds=self._busy_seconds,
            admin_url=admin_url,
        )

    def _folder(self, where: ModuleSpec | Path | str | None) -> ModuleSpec | Path | str:
        found = where if where is not None else self.migrations
        if found is None:
            raise MigrationFailed("No migrations are known for this database.")
        return found

    def _restore(self, path: Path) -> None:
        with self._sole_writer():
            self.store.dispose()
            self.store.restore_from(path)
            self.store.dispose()

    def _unscoped_scope(self, reason: str, write: bool) -> Scope:
        if not reason.strip():
            raise ValueError("system work must say why it looks past the owners")
        self.unscoped_counts[reason] = self.unscoped_counts.get(reason, 0) + 1
        self.log.debug("unscoped database work", reason=reason, write=write)
        return Scope(None, reason, writing=write)

    @contextlib.contextmanager
    def _make(self, scope: Scope) -> Iterator[HomieSession]:
        engine = self.store.writer if scope.writing else self.store.reader
        kind = OwnedSession if scope.actor else UnscopedSession
        with kind(engine, scope, self.store.enter) as session:
            try:
                yield session
            except PoolTimeout as error:  # every connection is in use
                raise DatabaseBusy() from error

    def _run_read(self, scope: Scope, fn: Callable[..., T], args: Any, kw: Any) -> T:
        with self._make(scope) as session:
            return fn(session, *args, **kw)

    def _write(self, scope: Scope, fn: Callable[..., T], args: Any, kw: Any) -> T:
        result, events = self._write_pool.run(self._run_write, scope, fn, args, kw)
        self._publish(events)
        return result

    def _run_write(self, scope: Scope, fn: Callable[..., T], args: Any, kw: Any) -> tuple[T, list[Event]]:
        for attempt in range(_ATTEMPTS):
            try:
                with self._sole_writer(), self._make(scope) as session:
                    with session.begin():
                        result = fn(session, *args, **kw)
                    return result, session.take_committed()
            except DatabaseBusy as error:
                if attempt == _ATTEMPTS - 1 or not _again(error):
                    raise
        raise AssertionError("unreachable")

    @contextlib.contextmanager
    def _open(self, scope: Scope) -> Iterator[HomieSession]:
        turn = self._sole_writer() if scope.writing else contextlib.nullcontext()
        committed: list[Event] = []
        try:
            with turn, self._make(scope) as session:
                try:
                    yield session
                    if scope.writing:
                        session.commit()
                finally:
                    committed = session.take_committed()
        finally:
            self._publish(committed)

    @contextlib.contextmanager
    def _sole_writer(self) -> Iterator[None]:
        """Hold the turn to write within this process: fair, where SQLite's own waiting is not."""
        if id(self) in _writing.get():
            raise NestedWrite("A write was begun inside a write on the same database.")
        with self._turn:
            token = _writing.set(_writing.get() | {id(self)})
            try:
                yield
            finally:
                _writing.reset(token)

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            if self.on_commit is not None:
                try:
                    self.on_commit(event)
                except Exception:
                    self.log.exception("an event could not be published", event_name=event.name)
