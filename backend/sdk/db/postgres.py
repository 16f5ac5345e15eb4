"""PostgreSQL: one schema per module, forced row-level security, and an app role that owns nothing.

Migrations run as the user of the URL (or of `admin_url`). The app works as `homie_app`: with one URL by `SET ROLE`
on each of its connections, with two URLs as the user of the first. Each transaction tells the server who acts; without
that, a policy shows no row and takes none.

Writers take turns per owner (advisory locks that end with the transaction), system writers per module: the same order
of things as on SQLite, so that a unit of work that reads and then writes is right on both engines.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.pool import NullPool, QueuePool

from backend.sdk.db.copies import CopyReport
from backend.sdk.db.errors import IsolationError
from backend.sdk.db.failures import failure_of, translate_errors
from backend.sdk.db.guard import KnownTables, arm
from backend.sdk.db.postgres_copy import dump_archive, load_archive
from backend.sdk.db.scope import Scope, slot_of_info

APP_ROLE = "homie_app"
_SEPARATOR = "\x1f"
_ANY_OWNER = "(SELECT current_setting('homie.scope', true)) = '*'"
_READ = (
    f"{_ANY_OWNER} OR owner_id = ANY ((SELECT string_to_array("
    "current_setting('homie.read_owners', true), chr(31)))::text[])"
)
_WRITE = f"{_ANY_OWNER} OR owner_id = (SELECT current_setting('homie.write_owner', true))"
_POLICIES = (
    ("homie_select", f"FOR SELECT USING ({_READ})"),
    ("homie_insert", f"FOR INSERT WITH CHECK ({_WRITE})"),
    ("homie_update", f"FOR UPDATE USING ({_WRITE}) WITH CHECK ({_WRITE})"),
    ("homie_delete", f"FOR DELETE USING ({_WRITE})"),
)
_TELL = (
    "SELECT set_config('homie.scope', %s, true), set_config('homie.read_owners', %s, true), "
    "set_config('homie.write_owner', %s, true)"
)


class PostgresStore:
    """Keep the engines of one module's schema: `reader` and `writer` armed, `admin()` plain for schema work."""

    kind = "postgresql"

    def __init__(
        self,
        url: str,
        tables: KnownTables,
        *,
        name: str,
        readers: int,
        busy_seconds: float,
        durable: bool,
        admin_url: str | None = None,
    ) -> None:
        self._url, schema = _split(url)
        self._admin_url = _split(admin_url)[0] if admin_url else self._url
        self._role = str(self._url.username) if admin_url else APP_ROLE
        self._set_role = admin_url is None
        self.schema = schema or name
        self._tables = tables
        self._busy = busy_seconds
        self._durable = durable
        self._checked = False
        self._module_key = _key(self.schema)
        self.reader = self._app_engine(readers, isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self.writer = self._app_engine(5, isolation_level="READ COMMITTED")
        for engine in (self.reader, self.writer):
            arm(engine, tables)
            event.listen(engine, "reset", _forget_actor)

    def address_of(self, schema: str) -> str:
        """Return the address of another schema beside this one, for its owner (comparisons)."""
        return self._admin_url.update_query_dict({"schema": schema}).render_as_string(hide_password=False)

    # ------------------------------------------------------------------ transactions

    def enter(self, connection: sa.Connection, scope: Scope) -> None:
        """Tell the server who acts in this transaction, and wait for the turn to write."""
        dbapi: Any = connection.connection.driver_connection
        actor = scope.actor
        owners = _SEPARATOR.join(sorted(actor.owners)) if actor else ""
        writing_for = actor.owner_id if actor and scope.writing else ""
        sql = _TELL
        values: list[str | int] = ["" if actor else "*", owners, writing_for]
        if scope.writing and actor:
            sql += ", pg_advisory_xact_lock_shared(%s), pg_advisory_xact_lock(%s)"
            values += [self._module_key, _key(self.schema, actor.owner_id)]
        elif scope.writing:
            sql += ", pg_advisory_xact_lock(%s)"
            values.append(self._module_key)
        try:
            dbapi.execute(sql, values)
        except Exception as error:
            failure = failure_of(error)
            if failure is None:
                raise
            raise failure from error

    def _app_engine(self, size: int, **options: Any) -> sa.Engine:
        engine = sa.create_engine(
            self._url,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=16,
            pool_timeout=self._busy,
            pool_pre_ping=True,
            connect_args={"connect_timeout": max(2, int(self._busy))},
            execution_options=options,
        )
        role = f'SET ROLE "{self._role}"' if self._set_role else ""
        self._on_connect(engine, role, check=True)
        translate_errors(engine)
        return engine

    def _on_connect(self, engine: sa.Engine, *extra: str, check: bool = False) -> None:
        """Set up each connection; with `check`, look once that the server really separates owners."""
        settings = (
            f'SET search_path TO "{self.schema}"',
            "SET TIME ZONE 'UTC'",
            f"SET lock_timeout = '{int(self._busy * 1000)}ms'",
            "SET idle_in_transaction_session_timeout = '300s'",
            f"SET synchronous_commit = {'on' if self._durable else 'off'}",
            *extra,
        )

        @event.listens_for(engine, "connect")
        def _configure(dbapi: Any, record: Any) -> None:
            for setting in filter(None, settings):
                dbapi.execute(setting)
            dbapi.commit()
            if check and not self._checked:
                self._check_isolation(dbapi)

    # ------------------------------------------------------------------ schema work

    @contextmanager
    def admin(self, write: bool = True) -> Iterator[sa.Connection]:
        """Give one plain connection of the tables' owner, who sees every row; for schema work."""
        engine = sa.create_engine(
            self._admin_url, poolclass=NullPool, connect_args={"connect_timeout": max(2, int(self._busy))}
        )
        self._on_connect(engine, "SELECT set_config('homie.scope', '*', false)")
        translate_errors(engine)
        try:
            with engine.connect() as connection:
                yield connection
        finally:
            engine.dispose()

    def prepare(self) -> None:
        """Create the schema and the app role where they are missing."""
        with self.admin() as connection, connection.begin():
            run = connection.exec_driver_sql
            run("SELECT pg_advisory_xact_lock(%s)", (_key("roles"),))
            if self._set_role and not run("SELECT 1 FROM pg_roles WHERE rolname = %s", (self._role,)).first():
                run(f'CREATE ROLE "{self._role}" NOLOGIN NOSUPERUSER NOBYPASSRLS')
            # since version 16 whoever created a role administers it, but may not yet act as it
            acting = "SET" if (connection.dialect.server_version_info or (0,)) >= (16,) else "MEMBER"
            if self._set_role and not run("SELECT pg_has_role(%s, %s)", (self._role, acting)).scalar():
                run(f'GRANT "{self._role}" TO CURRENT_USER')
            run(f'CREATE SCHEMA IF NOT EXISTS "{self.schema}"')
            run(f'GRANT USAGE ON SCHEMA "{self.schema}" TO "{self._role}"')

    def protect(self, connection: sa.Connection) -> None:
        """Force row-level security on every owned table, and let the app role work on all. Safe to repeat."""
        run = connection.exec_driver_sql
        there = set(sa.inspect(connection).get_table_names())
        for name in sorted(there):
            run(f'GRANT SELECT, INSERT, UPDATE, DELETE ON "{name}" TO "{self._role}"')
            if name.lower() not in self._tables.refresh().owned:
                continue
            run(f'ALTER TABLE "{name}" ENABLE ROW LEVEL SECURITY')
            run(f'ALTER TABLE "{name}" FORCE ROW LEVEL SECURITY')
            for policy, rule in _POLICIES:
                run(f'DROP POLICY IF EXISTS {policy} ON "{name}"')
                run(f'CREATE POLICY {policy} ON "{name}" {rule}')
        if "alembic_version" in there:
            run(f'REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM "{self._role}"')
        run(f'GRANT USAGE ON ALL SEQUENCES IN SCHEMA "{self.schema}" TO "{self._role}"')

    def _check_isolation(self, dbapi: Any) -> None:
        """Refuse to work unless the role is a plain one, every owned table is forced, and nobody sees nothing."""
        try:
            problem = self._isolation_problem(dbapi)
        finally:
            dbapi.rollback()
        if problem:
            raise IsolationError(problem)
        self._checked = True

    def _isolation_problem(self, dbapi: Any) -> str:
        row = dbapi.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user").fetchone()
        if row is None or any(row):
            return "the app's role is a superuser or bypasses row-level security"
        tables = dbapi.execute(
            "SELECT c.relname, c.relrowsecurity AND c.relforcerowsecurity, pg_get_userbyid(c.relowner) = current_user "
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
            "WHERE n.nspname = %s AND c.relkind IN ('r', 'p')",
            (self.schema,),
        ).fetchall()
        for name, forced, own in tables:
            if name.lower() not in self._tables.refresh().owned:
                continue
            if not forced or own:
                return f"row-level security is not forced on {name}"
            if dbapi.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")').fetchone()[0]:  # nosec B608: a name of ours
                return f"rows of {name} are visible to nobody in particular"
        return ""

    @contextmanager
    def migration_lock(self) -> Iterator[None]:
        """Let one process at a time change the schema."""
        with self.admin() as connection:
            connection.exec_driver_sql("SET lock_timeout = 0")
            connection.exec_driver_sql("SELECT pg_advisory_lock(%s)", (_key(self.schema, "migration"),))
            connection.commit()
            yield

    def check_integrity(self) -> None:
        """Do nothing: the server looks after its files."""

    def check_foreign_keys(self, connection: sa.Connection) -> None:
        """Do nothing: PostgreSQL never lets a foreign key be broken."""

    # ------------------------------------------------------------------ copies

    def copy_to(self, dest: Path) -> CopyReport:
        """Copy every table of the schema as of one moment."""
        with self.admin() as connection:
            return dump_archive(connection, self.schema, dest)

    def restore_from(self, copy: Path) -> None:
        """Replace the content of every table by the copy's, in one transaction."""
        with self.admin() as connection, connection.begin():
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(%s)", (self._module_key,))
            load_archive(connection, self.schema, copy)
            self.protect(connection)

    def before_path(self, revision: str | None) -> Path | None:
        """Return None: schema changes are transactional here, and the server's own backups are the admin's."""
        return None

    def forget_freed(self) -> None:
        """Do nothing: freed space is the server's; VACUUM reuses it."""

    def dispose(self) -> None:
        """Close every pooled connection; the next use opens fresh ones, and checks the server again."""
        self._checked = False
        self.reader.dispose()
        self.writer.dispose()


def _split(url: str) -> tuple[sa.URL, str | None]:
    """Return the address with our driver, and the schema if the URL names one (`?schema=...`)."""
    parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
    schema = parsed.query.get("schema")
    return parsed.difference_update_query(["schema"]), str(schema) if schema else None


def _key(*parts: str) -> int:
    """Return a 64-bit signed key of an advisory lock."""
    digest = hashlib.blake2b("\x1f".join(("homie", *parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _forget_actor(dbapi: Any, record: Any, state: Any) -> None:
    slot_of_info(record.info).clear()
