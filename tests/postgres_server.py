"""A private PostgreSQL cluster for one test session, and the engines that tests run on.

    from tests.postgres_server import engine_kind, postgres_server   # in a conftest.py, to have the fixtures

Debian's binaries are used as they are; the cluster lives in a temporary folder, listens on a Unix socket and on
127.0.0.1 with a free port, and is stopped and removed at the end. Without PostgreSQL the tests are skipped, and fail
instead when HOMIE_TEST_REQUIRE_POSTGRES is set (as in CI).
"""

from __future__ import annotations

import itertools
import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


def _binaries() -> Path | None:
    """Return the newest PostgreSQL's bin folder, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: float(p.parts[-3]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def _unprivileged() -> dict[str, Any]:
    """Return how to start a process as somebody PostgreSQL accepts: it refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    raise RuntimeError("no unprivileged user to run PostgreSQL as")


class PostgresServer:
    """Run a cluster in a temporary folder; `new_database()` gives an empty database of its own."""

    def __init__(self, binaries: Path) -> None:
        self._bin = binaries
        self._as = _unprivileged()
        self._folder = Path(tempfile.mkdtemp(prefix="homie-pg-", dir="/tmp"))
        self._numbers = itertools.count(1)
        self.password = secrets.token_hex(12)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])

    @property
    def socket_folder(self) -> Path:
        """Return where its Unix socket lies."""
        return self._folder

    def start(self) -> None:
        """Make the cluster and start it; returns when it answers."""
        if self._as:
            os.chown(self._folder, self._as["user"], self._as["group"])
        secret = self._folder / "pw"
        secret.write_text(self.password)
        secret.chmod(0o644)
        data = str(self._folder / "data")
        self._run(
            "initdb",
            "-D",
            data,
            "-U",
            "postgres",
            "--auth=scram-sha-256",
            f"--pwfile={secret}",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        )
        options = f"-p {self.port} -k {self._folder} -h 127.0.0.1 " + " ".join(f"-c {s}" for s in _SETTINGS)
        self._run("pg_ctl", "-D", data, "-w", "-l", str(self._folder / "log"), "-o", options, "start")

    def stop(self) -> None:
        """Stop the cluster at once and remove it."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str = "postgres", user: str = "postgres", password: str | None = None) -> str:
        """Return the SQLAlchemy address of a database of this cluster."""
        return f"postgresql+psycopg://{user}:{password or self.password}@127.0.0.1:{self.port}/{database}"

    def execute(self, sql: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Run SQL as the superuser, outside of everything that is tested."""
        import psycopg

        plain = self.url(database).replace("+psycopg", "")
        with psycopg.connect(plain, autocommit=True) as connection:
            cursor = connection.execute(sql.encode())
            return cursor.fetchall() if cursor.description else []

    def new_database(self) -> str:
        """Return the address of a fresh, empty database."""
        name = f"homie_test_{next(self._numbers)}"
        self.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def new_schema(self) -> str:
        """Return the address of a fresh schema in a database that is shared; much quicker than a database each."""
        return f"{self.url()}?schema=test_{next(self._numbers)}"

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        done = subprocess.run(
            [self._bin / program, *arguments],
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            cwd=self._folder,
            check=False,
            **self._as,
        )
        if check and done.returncode:
            log = self._folder / "log"
            said = (done.stdout or b"").decode() + (log.read_text() if log.exists() else "")
            raise RuntimeError(f"{program} failed: {said[-2000:]}")


@contextmanager
def private_server() -> Iterator[PostgresServer]:
    """Give a running cluster that nobody else uses; skips where PostgreSQL is not installed."""
    binaries = _binaries()
    if binaries is None:
        if os.environ.get("HOMIE_TEST_REQUIRE_POSTGRES"):
            pytest.fail("PostgreSQL is not installed (apt-get install postgresql)")
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    server = PostgresServer(binaries)
    try:
        server.start()
        yield server
    finally:
        server.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """Give one running cluster for the whole session; skips where PostgreSQL is not installed."""
    with private_server() as server:
        yield server


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine_kind(request: pytest.FixtureRequest) -> str:
    """Name the engine of this run; every test that uses it (or a database made from it) runs on both."""
    return str(request.param)
