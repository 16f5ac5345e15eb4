"""Look at PostgreSQL and Redis for `homie doctor`: reachable, allowed in, prepared as docs/postgresql.md says.

No sentence holds a driver's text, an address with a password, or anything else that the settings keep secret.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from backend.core.findings import Finding, Level
from backend.core.settings import HomieSettings
from backend.sdk.errors import HomieError

if TYPE_CHECKING:
    from sqlalchemy import URL
    from sqlalchemy.exc import SQLAlchemyError

SECONDS = 3
PREPARE = "Prepare role and database as docs/postgresql.md says (section 1)."
_REFUSALS = {
    # SQLSTATE -> what it means, how to mend it
    "28P01": ("refuses the password of user {user}", "Correct the password in {setting}."),
    "28000": ("does not let user {user} in", "Allow it in pg_hba.conf, or correct {setting}."),
    "3D000": ("has no database named {database}", PREPARE),
    "42501": ("does not let user {user} open database {database}", PREPARE),
    "53300": ("takes no more connections", "Raise max_connections in postgresql.conf, or run fewer workers."),
    "57P03": ("is starting or stopping", "Try again in a moment."),
}
_PASSWORD_REFUSED = "password authentication failed"  # nosec B105: the server's words
_NO_PASSWORD = "no password supplied"  # nosec B105
_NO_DATABASE = "does not exist"


def check_engines(settings: HomieSettings) -> Iterator[Finding]:
    """Try each PostgreSQL database and the Redis server that the settings name."""
    for part in settings.db:
        if settings.database_url(part).startswith("postgres"):
            yield _check_postgresql(settings, part)
    if settings.redis:
        yield _check_redis(settings.redis)


def _check_postgresql(settings: HomieSettings, part: str) -> Finding:
    import sqlalchemy as sa

    setting = f"HOMIE_DB__{part.upper()}"
    try:
        url = sa.make_url(settings.database_url(part)).set(drivername="postgresql+psycopg")
    except (sa.exc.ArgumentError, ValueError):
        return _wrong(
            f"The address of the database for {part} cannot be read.",
            f"Write {setting} as postgresql+psycopg://user:password@host/database; "
            "in the password write @ : / % as %40 %3A %2F %25.",
        )
    schema = str(url.query.get("schema") or part)
    url = url.difference_update_query(["schema"])
    engine = sa.create_engine(url, poolclass=sa.NullPool, connect_args={"connect_timeout": SECONDS})
    try:
        with engine.connect() as connection:
            return _look_inside(connection, part, schema)
    except sa.exc.SQLAlchemyError as error:
        return _why_not(error, part, setting, url)
    except HomieError as error:
        return _wrong(f"The database for {part} cannot be used. {error.message}", PREPARE)
    finally:
        engine.dispose()


def _look_inside(connection: Any, part: str, schema: str) -> Finding:
    """Look at role and schema of a database that answers; without the app role no separation of owners works."""
    run = connection.exec_driver_sql
    able = run("SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user").scalar()
    role = run("SELECT 1 FROM pg_roles WHERE rolname = 'homie_app'").scalar()
    member = run("SELECT pg_has_role('homie_app', 'MEMBER')").scalar() if role else False
    if not member and not able:
        what = "is not granted to this user" if role else "does not exist"
        return _wrong(f"The server of the database for {part} answers, but the role homie_app {what}.", PREPARE)
    there = run("SELECT 1 FROM pg_namespace WHERE nspname = %s", (schema,)).scalar()
    if not there and not run("SELECT has_database_privilege(current_database(), 'CREATE')").scalar():
        return _wrong(
            f"The schema {schema} for {part} is missing, and this user may not create it.",
            f"Make the user the owner of the database, or run: CREATE SCHEMA {schema} AUTHORIZATION the_user;",
        )
    if not there or not run("SELECT to_regclass(%s)", (f'"{schema}".alembic_version',)).scalar():
        return Finding(
            Level.WARNING,
            "PostgreSQL",
            f"The database for {part} answers, but has no tables of Homie in schema {schema} yet.",
            "They are made at the first start. If you expected your data there, check the database's name.",
        )
    return Finding(Level.OK, "PostgreSQL", f"The database for {part} answers and has its tables (schema {schema}).")


def _why_not(error: SQLAlchemyError, part: str, setting: str, url: URL) -> Finding:
    cause = getattr(error, "orig", None)
    state, text = getattr(cause, "sqlstate", None), str(cause)
    if state is None:  # psycopg tells no state of what went wrong before the session began
        if _PASSWORD_REFUSED in text or _NO_PASSWORD in text:
            state = "28P01"
        elif _NO_DATABASE in text and "database" in text:
            state = "3D000"
        elif "no pg_hba.conf entry" in text or ("role" in text and _NO_DATABASE in text):
            state = "28000"
    if state in _REFUSALS:
        says, remedy = _REFUSALS[state]
        names = {"user": url.username, "database": url.database, "setting": setting}
        return _wrong(f"The server of the database for {part} {says.format(**names)}.", remedy.format(**names))
    host, port = str(url.host or url.query.get("host") or "127.0.0.1"), url.port or 5432
    if _listens(host, port):  # it speaks another language than English, or a new one
        return _wrong(
            f"The server of the database for {part} answers, but does not let Homie in.",
            f"Check user, password and database name in {setting}. {PREPARE}",
        )
    return _wrong(
        f"The server of the database for {part} does not answer at {host}:{port}.",
        f"Start it (sudo systemctl start postgresql), or correct host and port in {setting}.",
    )


def _listens(host: str, port: int) -> bool:
    if host.startswith("/"):  # the folder of a Unix socket
        return Path(host, f".s.PGSQL.{port}").exists()
    try:
        with socket.create_connection((host, port), timeout=SECONDS):
            return True
    except OSError:
        return False


def _wrong(says: str, remedy: str) -> Finding:
    return Finding(Level.ERROR, "PostgreSQL", says, remedy)


def _check_redis(url: str) -> Finding:
    import redis

    def wrong(says: str, remedy: str) -> Finding:
        return Finding(Level.ERROR, "Redis", says, remedy)

    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=SECONDS, socket_timeout=SECONDS)
    except ValueError:
        return wrong("The address of Redis cannot be read.", "Write HOMIE_REDIS_URL as redis://:password@host:6379/0.")
    try:
        client.ping()
        return Finding(Level.OK, "Redis", "The server answers.")
    except (redis.AuthenticationError, redis.exceptions.NoPermissionError):
        return wrong("The server refuses the password.", "Correct the password in HOMIE_REDIS_URL.")
    except redis.ResponseError:
        return wrong("The server refuses to serve us.", "Check database number and user in HOMIE_REDIS_URL.")
    except redis.RedisError:
        return wrong(
            "The server does not answer.",
            "Start it (sudo systemctl start redis-server), or correct host and port in HOMIE_REDIS_URL.",
        )
    finally:
        client.close()
