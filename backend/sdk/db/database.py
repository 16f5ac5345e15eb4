"""One database of one module: units of work, each one hop to a native thread in the web process."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy.orm import DeclarativeBase

from backend.sdk.actor import Actor
from backend.sdk.concurrency import hop_pool
from backend.sdk.db.errors import DatabaseBusy, NestedWrite
from backend.sdk.db.guard import KnownTables
from backend.sdk.db.scope import Scope
from backend.sdk.db.session import HomieSession, OwnedSession, UnscopedSession
from backend.sdk.db.sqlite import SqliteStore
from backend.sdk.events import Event

T = TypeVar("T")
_writing: ContextVar[frozenset[int]] = ContextVar("homie_db_writing", default=frozenset())


class Database:
    """Give sessions on one module's data, SQLite by path or PostgreSQL by URL.

    `read`, `write` and `unscoped` take a function of the session and run it whole in one transaction, in a native
    thread when the process is gevent-patched; it must return plain data and do no network call. `session` and
    `unscoped_session` are the direct way for workers, the command line and tests.
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
        log: Any = None,
    ) -> None:
        self.name = name
        self.base = base
        self.log = log or structlog.get_logger("homie.db").bind(database=name)
        self.on_commit: Callable[[Event], None] | None = None
        self.unscoped_count = 0
        self._busy_seconds = busy_seconds
        self._store = self._open_store(str(url_or_path), readers, durable)
        self._read_pool = hop_pool(readers)
        self._write_pool = hop_pool(1)
        self._write_lock = threading.Lock()

    @property
    def kind(self) -> str:
        """Name the engine: "sqlite" or "postgresql"."""
        return self._store.kind

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
        self._store.prepare()
        with self._store.admin() as connection, connection.begin():
            self.base.metadata.create_all(connection)
            self._store.protect(connection)
        self._store.dispose()

    def close(self) -> None:
        """Close every connection; the object cannot be used afterwards."""
        self._read_pool.close()
        self._write_pool.close()
        self._store.dispose()

    def _open_store(self, url_or_path: str, readers: int, durable: bool) -> SqliteStore:
        tables = KnownTables(self.base)
        path = Path(url_or_path.removeprefix("sqlite:///"))
        return SqliteStore(path, tables, readers=readers, durable=durable, busy_seconds=self._busy_seconds)

    def _unscoped_scope(self, reason: str, write: bool) -> Scope:
        if not reason.strip():
            raise ValueError("system work must say why it looks past the owners")
        self.unscoped_count += 1
        self.log.info("unscoped database work", reason=reason, write=write)
        return Scope(None, reason, writing=write)

    def _make(self, scope: Scope) -> HomieSession:
        engine = self._store.writer if scope.writing else self._store.reader
        kind = OwnedSession if scope.actor else UnscopedSession
        return kind(engine, scope, self._store.enter)

    def _run_read(self, scope: Scope, fn: Callable[..., T], args: Any, kw: Any) -> T:
        with self._make(scope) as session:
            return fn(session, *args, **kw)

    def _write(self, scope: Scope, fn: Callable[..., T], args: Any, kw: Any) -> T:
        result, events = self._write_pool.run(self._run_write, scope, fn, args, kw)
        self._publish(events)
        return result

    def _run_write(self, scope: Scope, fn: Callable[..., T], args: Any, kw: Any) -> tuple[T, list[Event]]:
        with self._sole_writer(), self._make(scope) as session:
            with session.begin():
                result = fn(session, *args, **kw)
            return result, session.take_committed()

    @contextlib.contextmanager
    def _open(self, scope: Scope) -> Iterator[HomieSession]:
        with contextlib.ExitStack() as stack:
            if scope.writing:
                stack.enter_context(self._sole_writer())
            session = stack.enter_context(self._make(scope))
            yield session
            if scope.writing:
                session.commit()
        self._publish(session.take_committed())

    @contextlib.contextmanager
    def _sole_writer(self) -> Iterator[None]:
        """Hold the turn to write within this process: fair, where SQLite's own waiting is not."""
        if id(self) in _writing.get():
            raise NestedWrite("A write was begun inside a write on the same database.")
        if not self._write_lock.acquire(timeout=self._busy_seconds * 3):
            raise DatabaseBusy()
        token = _writing.set(_writing.get() | {id(self)})
        try:
            yield
        finally:
            _writing.reset(token)
            self._write_lock.release()

    def _publish(self, events: list[Event]) -> None:
        for event in events:
            if self.on_commit is not None:
                try:
                    self.on_commit(event)
                except Exception:
                    self.log.exception("an event could not be published", event_name=event.name)
