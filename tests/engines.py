"""Run installations that tests make on SQLite and on PostgreSQL.

    from tests.engines import installation_engine, postgres_server       # in a conftest.py
    pytestmark = pytest.mark.usefixtures("installation_engine")          # every test of the file runs on both

While a test runs on PostgreSQL, `database_settings(folder)` names a schema of its own for each part of the installation
in `folder`: always the same ones, so that a restart or a second server finds them. Fresh schemas take a fraction of the
time of fresh databases, whether made empty or from a template.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from tests.postgres_server import PostgresServer, engine_kind, postgres_server

__all__ = [
    "database_of",
    "database_settings",
    "databases",
    "engine_kind",
    "installation_engine",
    "only_sqlite",
    "postgres_server",
]

PARTS = ("core", "jobs", "file_organizer", "good", "other", "bad_models", "test_notes")
"""Whatever parts the installations of tests have; a setting for a part that is not there does no harm."""
_VARIABLE = "TEST_POSTGRES"


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def installation_engine(request: pytest.FixtureRequest) -> Iterator[str]:
    """Run this test on each engine; of session scope, so that a server may be shared by the tests of one engine."""
    if request.param == "sqlite":
        yield "sqlite"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(_VARIABLE, server.url())
        yield "postgres"


only_sqlite = pytest.mark.parametrize("installation_engine", ["sqlite"], indirect=True)
"""Mark a test of what only a database file has (damage, WAL, copies of the file); say why beside it."""


def database_settings(folder: Path) -> dict[str, str]:
    """Return the HOMIE_DB__... settings of the installation in `folder` on the engine of this run."""
    server = os.environ.get(_VARIABLE)
    if server is None:
        return {}
    name = hashlib.blake2b(bytes(folder), digest_size=6).hexdigest()
    return {f"HOMIE_DB__{part.upper()}": f"{server}?schema=i{name}_{part}" for part in PARTS}


def databases(folder: Path) -> dict[str, SecretStr]:
    """Return the same for `HomieSettings(db=...)`."""
    found = database_settings(folder)
    return {part: SecretStr(found[f"HOMIE_DB__{part.upper()}"]) for part in PARTS if found}


def database_of(folder: Path, part: str) -> str | None:
    """Return the address of one part of the installation in `folder`, or None on SQLite."""
    return database_settings(folder).get(f"HOMIE_DB__{part.upper()}")
