from __future__ import annotations

from collections.abc import Iterator

import pytest

from backend.file_organizer import fsck
from backend.file_organizer.base import Base
from backend.file_organizer.file_operation_manager import FileOperationManager
from backend.sdk.db import Database
from tests.file_organizer.execution.world import EVA, World, messy_plan
from tests.postgres_server import PostgresServer, engine_kind, postgres_server

__all__ = ["engine_kind", "postgres_server"]


@pytest.fixture
def database(world: World, engine_kind: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """The journal on SQLite, and on PostgreSQL."""
    if engine_kind == "sqlite":
        db = world.database()
    else:
        server: PostgresServer = request.getfixturevalue("postgres_server")
        db = Database(server.new_schema(), Base, name="file_organizer", durable=True)
        db.create_all()
    yield db
    db.close()


def test_the_journal_works_on_each_engine(world: World, database: Database) -> None:
    """Execute, interrupt, go on, verify, undo: the same on both."""
    plan = messy_plan(world, across=False, files=120)
    before = world.visible()
    manager = FileOperationManager(database, world.source)

    def stop(progress: object) -> None:
        if getattr(progress, "done", 0) > 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        manager.execute(EVA, "plan", plan, on_progress=stop)
    report = manager.execute(EVA, "plan", plan)
    assert (report.state, report.failed, report.skipped) == ("done", 0, 2)
    found = fsck.check(database, EVA, world.roots, deep=True)
    assert found.errors == found.notices == []
    manager.undo_run(EVA, report.run_id)
    assert world.visible() == before
