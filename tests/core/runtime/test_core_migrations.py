"""Core's revisions make exactly the schema of its models, on both engines, with the guards of the security log."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

import backend.core
from backend.core.accounts.models import SecurityAudit
from backend.core.schema import CoreBase
from backend.core.schema_migration import bring_up_to_date
from backend.sdk.db import Database, UnscopedSession, migrate, schema_differences, unowned_tables
from tests.postgres_server import PostgresServer, postgres_server

__all__ = ["postgres_server"]

REVISIONS = Path(backend.core.__file__).parent / "migrations"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def migrated(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    target: str | Path = tmp_path / "core.db"
    if request.param == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        target = server.new_database()
    db = Database(target, CoreBase, name="core")
    bring_up_to_date(db, REVISIONS)
    yield db
    db.close()


def test_migrating_twice_changes_nothing(migrated: Database) -> None:
    assert migrate(REVISIONS, migrated).changed is False


def test_revisions_and_models_agree(migrated: Database) -> None:
    assert schema_differences(migrated) == []


def test_the_security_log_is_guarded_below_the_program(migrated: Database) -> None:
    def write(session: UnscopedSession) -> None:
        texts = {"action": "a", "target": "", "detail": "{}", "salt": "s", "detail_hash": "d", "prev_hash": "p"}
        session.add(SecurityAudit(seq=1, at=datetime(2026, 1, 1, tzinfo=UTC), hash="h", **texts))

    migrated.unscoped("test", write, write=True)

    def forge(session: UnscopedSession) -> None:
        row = session.get(SecurityAudit, 1)
        assert row is not None
        row.action = "forged"

    def remove(session: UnscopedSession) -> None:
        session.delete(session.get(SecurityAudit, 1))

    for attack in (forge, remove):
        with pytest.raises(Exception, match=r".") as caught:
            migrated.unscoped("test", attack, write=True)
        text = str(caught.value) + str(caught.value.__cause__) + str(caught.value.__context__)
        assert "append-only" in text or isinstance(caught.value, DBAPIError)
    assert migrated.unscoped("test", lambda s: s.get(SecurityAudit, 1).action) == "a"


def test_every_table_without_owner_says_why() -> None:
    for table, why in unowned_tables(CoreBase).items():
        assert len(why) > 20, table


def test_revisions_import_no_application_code() -> None:
    for file in REVISIONS.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            names = [n.name for n in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.startswith("backend") for name in names), file
