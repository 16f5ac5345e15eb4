"""The revisions of the jobs database give exactly what the models describe, on both engines."""

from __future__ import annotations

from pathlib import Path

import backend.core.jobs
from backend.core.jobs.database import open_jobs_database
from backend.core.jobs.service import JobService
from backend.core.jobs.store import JobStore
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.db import export_rows, migrate, schema_differences, unowned_tables
from tests.core.jobs.work_kinds import Mark

REVISIONS = Path(backend.core.jobs.__file__).parent / "migrations"


def test_a_migrated_database_is_what_the_models_say_and_works(jobs_url: str) -> None:
    """From nothing to head: no difference to the models, and a job goes through it."""
    db = open_jobs_database(jobs_url)
    migrate(REVISIONS, db)
    assert schema_differences(db) == []
    clock = FakeClock()
    service, store = JobService(db, clock), JobStore(db, clock)
    job = service.enqueue(Actor.of("anna"), "demo.write_mark", Mark(folder="/x"))
    claim = store.claim("w/0")
    assert claim is not None
    assert store.finish(claim, None)
    assert service.get(Actor.of("anna"), job.id).state.value == "done"
    db.close()


def test_only_the_queue_clock_has_no_owner(jobs_url: str) -> None:
    """Every other table of the jobs database belongs to owners, and an owner's export holds their jobs only."""
    db = open_jobs_database(jobs_url)
    assert set(unowned_tables(db.base)) == {"job_clock"}
    db.close()


def test_an_owners_export_holds_their_jobs_only(jobs_url: str, tmp_path: Path) -> None:
    """Export walks the jobs like any owned table."""
    db = open_jobs_database(jobs_url)
    db.create_all()
    service = JobService(db, FakeClock())
    mine = service.enqueue(Actor.of("anna"), "demo.write_mark", Mark(folder="/x")).id
    theirs = service.enqueue(Actor.of("bert"), "demo.write_mark", Mark(folder="/x")).id
    export_rows(db, "anna", tmp_path / "out")
    text = "".join(path.read_text() for path in (tmp_path / "out").rglob("*") if path.is_file())
    assert mine in text
    assert theirs not in text
    db.close()
