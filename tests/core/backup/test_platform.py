"""Backups, restores, exports and erasures on a whole platform: real accounts, jobs, modules and API."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from backend.core.accounts.errors import RootRefused
from backend.core.backup.api import backups_group, owners_group
from backend.core.backup.backups import Backups, recover_restores
from backend.core.backup.errors import RestoreRefused
from backend.core.backup.jobs import SYSTEM, backup_handlers, schedule_nightly
from backend.core.backup.retention import Check
from backend.core.jobs.platform_host import PlatformHost
from backend.core.jobs.runner import JobRunner
from backend.core.jobs.service import JobFilter
from backend.core.module_records import Discovered
from backend.core.platform import Platform
from backend.core.schema import CoreBase
from backend.core.settings import HomieSettings
from backend.sdk.actor import Actor
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database, NewerDatabase
from backend.sdk.http import Api
from backend.sdk.jobs import JobState
from tests.core.backup.notes_module import MODULE, Note
from tests.core.backup.test_owners import mentions
from tests.engines import databases, installation_engine, only_sqlite, postgres_server

__all__ = ["installation_engine", "postgres_server"]

WORDS = "seven quiet lanterns drift"


class House:
    """A platform with two people, each with notes and a blob."""

    def __init__(self, root: Path, role: str = "cli") -> None:
        self.clock = FakeClock()
        self.settings = HomieSettings(data_dir=root / "data", backup_dir=root / "drive", db=databases(root))
        found = [Discovered(MODULE.id, MODULE)]
        self.platform = Platform.open(self.settings, role, clock=self.clock, modules=found)
        self.backups = getattr(self.platform, "backup", None) or Backups(self.platform)
        registry = self.platform.job_parts.registry
        registry.register(*backup_handlers(lambda: self.backups))
        self.ann = self.add("ann", admin=True)
        self.bob = self.add("bob")

    def add(self, name: str, *, admin: bool = False) -> Actor:
        self.platform.accounts.people.add(name, WORDS, is_admin=admin)
        actor = self.platform.accounts.people.actor(name)
        app = self.platform.module(MODULE.id)
        app.ctx.db.write(actor, lambda s: s.add_all([Note(body=f"zq{name}zq {i}") for i in range(30)]))
        assert app.ctx.blobs is not None
        app.ctx.blobs.put(actor.owner_id, f"zq{name}zq blob".encode())
        (app.ctx.data_dir / "extra" / f"{len(name)}.txt").write_text("shared")
        return actor

    def notes(self, actor: Actor) -> int:
        app = self.platform.module(MODULE.id)
        return app.ctx.db.read(actor, lambda s: s.scalar(select(func.count()).select_from(Note)) or 0)

    def run_jobs(self) -> int:
        """Run everything that is due, as a worker does."""
        runner, count = JobRunner(PlatformHost(self.platform), "test", stopping=lambda: False), 0
        while runner.run_next():
            count += 1
        return count

    def call(self, method: str, path: str, actor: Actor | None, body: Any = None, *, sudo: bool = True) -> Any:
        """Send a request as the dispatcher hands it over."""
        api = Api("core", "Homie", "1", mount="/api/v1").include(
            backups_group(self.backups), owners_group(self.backups)
        )
        environ = {"homie.actor": actor, "homie.sudo": sudo} if actor else {}
        return api.wsgi.test_client().open(path, method=method, json=body, environ_overrides=environ)

    def close(self) -> None:
        self.backups.runs.wait()
        self.platform.close()


@pytest.fixture
def house(tmp_path: Path, installation_engine: str) -> Iterator[House]:
    made = House(tmp_path)
    yield made
    made.close()


@pytest.fixture
def web(tmp_path: Path, installation_engine: str) -> Iterator[House]:
    made = House(tmp_path, "web")
    yield made
    made.close()


def test_a_nightly_backup_runs_verifies_and_queues_the_next(house: House) -> None:
    """At the hour every part is backed up and verified, old ones go, and tomorrow's run is queued already."""
    backups = house.backups
    due = schedule_nightly(backups, house.platform.jobs, house.clock.now())
    assert schedule_nightly(backups, house.platform.jobs, house.clock.now()) == due
    queued = house.platform.jobs.list(SYSTEM, JobFilter(states=(JobState.QUEUED,)))
    assert len(queued) == 2
    assert house.run_jobs() == 0
    house.clock.advance(86400)
    assert house.run_jobs() == 6
    entries = backups.service.entries()
    assert sorted(e.manifest.part for e in entries) == ["core", MODULE.id]
    assert all(e.state.check is Check.VERIFIED and e.manifest.reason == "scheduled" for e in entries)
    assert len(house.platform.jobs.list(SYSTEM, JobFilter(states=(JobState.QUEUED,)))) == 2
    status = backups.status()
    assert [p.last_run.action for p in status.parts if p.last_run] == ["prune", "prune"]
    assert status.problems == []


def test_an_overdue_backup_is_a_health_problem(house: House) -> None:
    for part in ("core", MODULE.id):
        made = house.backups.service.create(part)
        house.backups.service.verify(made.set_id)
    assert house.backups.health().ok
    house.clock.advance(timedelta(hours=40).total_seconds())
    assert not house.backups.health().ok
    assert len(house.backups.health().problems) == 2


def test_a_failed_backup_stays_visible(house: House) -> None:
    made = house.backups.service.create("core")
    drive = house.settings.backups_dir
    drive.rename(drive.with_name("unplugged"))
    house.call("POST", "/backups", house.ann, {"part": "core"})
    for _ in range(6):
        house.run_jobs()
        house.clock.advance(3600)
    (last,) = house.backups.history.latest("core", 1)
    assert (last.ok, last.code) == (False, "backup_target_missing")
    assert any("failed" in p or "not there" in p for p in house.backups.status().problems)
    assert not drive.exists()
    assert made.set_id


def test_one_module_is_restored_while_the_server_runs(web: House) -> None:
    """By the API: 202 at once, the module is stopped, exchanged and started; rows, blobs and extra files are back."""
    made = web.backups.service.create(MODULE.id)
    app = web.platform.module(MODULE.id)
    app.ctx.db.write(web.ann, lambda s: s.add(Note(body="later")))
    (app.ctx.data_dir / "extra" / "3.txt").unlink()
    app.ctx.blobs.erase_owner(web.bob.owner_id)
    assert web.notes(web.ann) == 31

    dry = web.call("POST", f"/backups/{made.set_id}/restore", web.ann, {"dry_run": True})
    web.backups.runs.wait()
    shown = web.call("GET", f"/backups/restores/{dry.json['id']}", web.ann).json
    assert {"table": "notes", "now": 61, "restored": 60} in shown["tables"]
    assert web.notes(web.ann) == 31

    answer = web.call("POST", f"/backups/{made.set_id}/restore", web.ann, {})
    assert answer.status_code == 202
    web.backups.runs.wait()
    done = web.call("GET", f"/backups/restores/{answer.json['id']}", web.ann).json
    assert (done["state"], done["error"]) == ("done", None)
    assert web.notes(web.ann) == 30
    assert web.platform.module(MODULE.id) is not app
    assert (web.platform.module(MODULE.id).ctx.data_dir / "extra" / "3.txt").read_text() == "shared"
    assert len(list(web.platform.module(MODULE.id).ctx.blobs.iter(web.bob.owner_id))) == 1
    assert done["safety_backup"] is not None


def test_the_accounts_are_not_restored_under_a_running_server(web: House) -> None:
    made = web.backups.service.create("core")
    with pytest.raises(RestoreRefused):
        web.backups.restorer.restore(made.set_id)


def test_the_accounts_come_back_on_the_command_line(house: House) -> None:
    """Restore of core with the server stopped: people as they were, and the security log goes on whole."""
    made = house.backups.service.create("core")
    house.add("eve")
    house.platform.close()
    house.backups.restorer.restore(made.set_id)
    again = Platform.open(house.settings, "cli", modules=[Discovered(MODULE.id, MODULE)])
    try:
        again.audit.accept_restore({"set_id": made.set_id})
        assert sorted(p.name for p in again.accounts.people.everybody()) == ["ann", "bob"]
        assert again.audit.verify().ok
    finally:
        again.close()
    assert recover_restores(house.settings, "1", [MODULE]) == []


def test_accounts_of_a_newer_homie_are_refused(house: House) -> None:
    """With the real migrations: an unknown revision is refused before anything is touched."""
    house.platform.close()

    def set_revision(name: str) -> str:
        core = Database(house.settings.database_target("core"), CoreBase, name="core")
        with core.store.admin() as connection, connection.begin():
            before = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
            connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{name}'")
        core.close()
        return str(before)

    known = set_revision("core_9999")
    made = house.backups.service.create("core")
    set_revision(known)
    with pytest.raises(NewerDatabase):
        house.backups.restorer.restore(made.set_id)
    again = house.backups.service.create("core")
    assert again.revision == known
    assert house.backups.restorer.restore(again.set_id, dry_run=True).revision_restored == known


def test_only_admins_with_a_fresh_password_change_backups(house: House) -> None:
    made = house.backups.service.create("core")
    for method, path, body in (
        ("GET", "/backups", None),
        ("GET", "/backups/status", None),
        ("POST", "/backups", {}),
        ("POST", f"/backups/{made.set_id}/restore", {}),
        ("DELETE", f"/backups/{made.set_id}", None),
        ("PATCH", "/backups/settings", {}),
    ):
        assert house.call(method, path, None, body).status_code == 401
        assert house.call(method, path, house.bob, body).status_code == 403
    assert house.call("DELETE", f"/backups/{made.set_id}", house.ann, sudo=False).status_code == 403
    assert house.call("GET", "/backups", house.ann).json["items"][0]["set_id"] == made.set_id
    assert house.call("GET", "/backups/20260101T000000Z-core-00000000", house.ann).status_code == 404
    assert house.call("GET", "/backups/..%2f..%2fetc", house.ann).status_code in (404, 422)
    assert house.call("DELETE", f"/backups/{made.set_id}", house.ann).status_code == 204
    assert house.call("GET", "/backups", house.ann).json["items"] == []


def test_settings_change_the_night_and_name_bad_values(house: House) -> None:
    schedule_nightly(house.backups, house.platform.jobs, house.clock.now())
    changed = house.call("PATCH", "/backups/settings", house.ann, {"hour": 5, "keep_daily": 9}).json
    assert (changed["hour"], changed["keep_daily"]) == (5, 9)
    assert house.backups.service.settings().rules.daily == 9
    assert len(house.platform.jobs.list(SYSTEM, JobFilter(states=(JobState.QUEUED,)))) == 2
    bad = house.call("PATCH", "/backups/settings", house.ann, {"directory": "relative"})
    assert bad.status_code == 422
    assert bad.json["error"]["fields"][0]["name"] == "directory"
    house.call("PATCH", "/backups/settings", house.ann, {"schedule": False})
    assert house.platform.jobs.list(SYSTEM, JobFilter(states=(JobState.QUEUED,))) == []


def test_backups_never_lie_where_people_reach_them(house: House, tmp_path: Path) -> None:
    """A backup holds everybody's things: its folder is never opened to a space, in whichever order it is tried."""
    roots, chosen, opened = house.platform.accounts.roots, tmp_path / "usb" / "copies", tmp_path / "opened"
    chosen.mkdir(parents=True)
    (opened / "inner").mkdir(parents=True)
    roots.grant(house.ann, house.bob.owner_id, str(opened))
    for place in (opened, opened / "inner", opened / "new", tmp_path):
        refused = house.call("PATCH", "/backups/settings", house.ann, {"directory": str(place)})
        assert refused.status_code == 422, place
        assert refused.json["error"]["fields"][0]["name"] == "directory"
    (tmp_path / "link").symlink_to(opened)
    assert house.call("PATCH", "/backups/settings", house.ann, {"directory": str(tmp_path / "link")}).status_code == 422
    assert house.call("PATCH", "/backups/settings", house.ann, {"directory": str(chosen)}).status_code == 200
    for place in (chosen, chosen.parent):
        with pytest.raises(RootRefused):
            roots.grant(house.ann, house.bob.owner_id, str(place))


def test_the_recovery_key_is_shown_once(house: House) -> None:
    assert house.call("PATCH", "/backups/settings", house.ann, {"encrypt": True}).status_code == 422
    first = house.call("POST", "/backups/key", house.ann, {"passphrase": WORDS})
    assert first.status_code == 201
    assert house.call("POST", "/backups/key", house.ann, {}).status_code == 409
    assert house.call("PATCH", "/backups/settings", house.ann, {"encrypt": True}).status_code == 200
    assert house.backups.service.create("core").encrypted


def test_a_person_exports_what_is_theirs_and_nothing_else(house: House) -> None:
    ann, bob = house.ann, house.bob
    assert house.call("POST", f"/owners/{ann.owner_id}/exports", bob).status_code == 404
    assert house.call("POST", f"/owners/{bob.owner_id}/exports", ann).status_code == 404
    assert house.call("POST", f"/owners/{bob.owner_id}/exports", bob, sudo=False).status_code == 403
    queued = house.call("POST", f"/owners/{bob.owner_id}/exports", bob)
    assert queued.status_code == 202
    house.run_jobs()
    path = f"/owners/{bob.owner_id}/exports/{queued.json['export_id']}"
    assert house.call("GET", path, ann).status_code == 404
    answer = house.call("GET", path, bob)
    assert answer.status_code == 200
    file = house.settings.data_dir / "got.zip"
    file.write_bytes(answer.data)
    answer.close()
    with zipfile.ZipFile(file) as archive:
        notes = [json.loads(line) for line in archive.read("test_notes/notes.jsonl").splitlines()]
        everything = b"".join(archive.read(n) for n in archive.namelist())
        blobs = [n for n in archive.namelist() if "/blobs/" in n]
    assert len(notes) == 30
    assert len(blobs) == 1
    assert b"zqannzq" not in everything
    assert ann.owner_id.encode() not in everything
    assert b"bob" in everything
    assert any(e.action == "owners.exported" for e in house.platform.audit.entries())


@only_sqlite  # the search is in files; tests/core/engines searches the tables of PostgreSQL
def test_an_erased_person_is_nowhere_in_the_data_directory(house: House) -> None:
    """Rows, blobs, jobs, exports, free pages and logs: a grep finds neither content nor name, only others' things."""
    ann, bob = house.ann, house.bob
    for part in ("core", MODULE.id):
        house.backups.service.verify(house.backups.service.create(part).set_id)
    house.call("POST", f"/owners/{bob.owner_id}/exports", bob)
    house.run_jobs()
    root = house.settings.data_dir.parent
    live = house.settings.database_file(MODULE.id)
    shutil.copy(live, live.with_name(live.name + ".before-test_notes_0002"))  # as a migration leaves it
    assert mentions(root, b"zqbobzq")
    assert house.call("POST", f"/owners/{ann.owner_id}/erase", bob, {"confirm": ann.owner_id}).status_code == 404
    assert house.call("POST", f"/owners/{bob.owner_id}/erase", bob, {"confirm": "no"}).status_code == 422
    answer = house.call("POST", f"/owners/{bob.owner_id}/erase", bob, {"confirm": bob.owner_id})
    assert answer.status_code == 200, answer.json
    assert mentions(house.settings.data_dir, b"zqbobzq") == []
    left = [name for name in mentions(house.settings.data_dir, b"bob") if not name.endswith("master.key")]
    assert left == []
    house.clock.advance(60)
    house.run_jobs()
    assert mentions(root, b"zqbobzq") == []
    assert house.notes(ann) == 30
    assert [p.name for p in house.platform.accounts.people.everybody()] == ["ann"]
    assert house.platform.audit.verify().ok
    assert len(house.backups.service.entries()) == 2
    actions = [e.action for e in house.platform.audit.entries()]
    assert "accounts.erased" in actions


def test_the_last_admin_is_refused_before_anything_is_erased(house: House) -> None:
    answer = house.call("POST", f"/owners/{house.ann.owner_id}/erase", house.ann, {"confirm": house.ann.owner_id})
    assert answer.status_code == 409
    assert house.notes(house.ann) == 30
