"""Databases for the tests of the database package, on each engine that is supported."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from backend.sdk.db import Database
from tests.postgres_server import PostgresServer, engine_kind, postgres_server
from tests.sdk.db.models import NotesBase

__all__ = ["engine_kind", "postgres_server"]

MakeDatabase = Callable[..., Database]


@pytest.fixture
def database_url(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """Return the address of an empty database on the engine of this run."""
    if engine_kind == "sqlite":
        return str(tmp_path / "notes.db")
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.new_schema()


@pytest.fixture
def make_database(database_url: str) -> Iterator[MakeDatabase]:
    """Return a maker of `Database` objects on one address; all are closed at the end."""
    made: list[Database] = []

    def make(base: Any = NotesBase, **kw: Any) -> Database:
        made.append(Database(database_url, base, name=kw.pop("name", "notes"), **kw))
        return made[-1]

    yield make
    for database in made:
        database.close()


@pytest.fixture
def db(make_database: MakeDatabase) -> Database:
    """Return a database with the tables of the notes module."""
    database = make_database()
    database.create_all()
    return database


@pytest.fixture
def alice() -> Actor:
    """Return a person alone in her space."""
    return Actor.of("alice")


@pytest.fixture
def bob() -> Actor:
    """Return another person."""
    return Actor.of("bob")
