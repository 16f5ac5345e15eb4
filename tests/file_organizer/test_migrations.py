"""The revisions of the module give exactly what its models describe, on both engines, importing none of the program."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import backend.file_organizer
import backend.file_organizer.models
from backend.file_organizer.base import Base
from backend.sdk.db import Database, migrate, schema_differences, unowned_tables
from tests.postgres_server import PostgresServer

REVISIONS = Path(backend.file_organizer.__file__).parent / "migrations"


@pytest.fixture
def db(engine_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    target: str | Path = tmp_path / "module.db"
    if engine_kind == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        target = server.new_schema()
    made = Database(target, Base, name="file_organizer")
    yield made
    made.close()


def test_a_migrated_database_is_what_the_models_say(db: Database) -> None:
    """Tables, columns, constraints, indexes; on PostgreSQL the policies too."""
    migrate(REVISIONS, db)
    assert schema_differences(db) == []
    assert migrate(REVISIONS, db).changed is False


def test_tables_without_owner_say_why() -> None:
    for table, why in unowned_tables(Base).items():
        assert len(why) > 20, table


def test_revisions_import_no_application_code() -> None:
    for file in REVISIONS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [n.name for n in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.startswith("backend") for name in names), file
