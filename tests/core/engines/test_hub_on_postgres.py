"""Two server processes, one household: everything on PostgreSQL and Redis by settings alone.

The database is prepared by the commands of docs/postgresql.md; Homie logs in as a plain user.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.core.engines.conftest import PARTS, Household
from tests.core.runtime.conftest import PASSWORD, Ear, Person, eventually, person, second_person
from tests.file_organizer.messy_folder import MP3, make_messy_folder, write
from tests.file_organizer.test_plans_api import snapshot
from tests.hub import ROOT, Hub
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.postgres, pytest.mark.redis]
ORGANIZER = "/api/v1/file_organizer"
MANY = 500
"""Songs besides the messy folder, so that a run takes long enough to be killed in its middle."""


def make_hub(folder: Path, number: int, household: Household, redis_url: str, **more: str) -> Hub:
    settings = {
        "HOMIE_REDIS_URL": redis_url,
        "HOMIE_RUN_FOLDER": str(folder / f"run{number}"),
        "HOMIE_BACKUP_DIR": str(folder / "backups"),
        "HOMIE_WORKERS": "1",
        "HOMIE_BACKUP_HOUR": "-1",
        "HOMIE_ANONYMOUS_PER_MINUTE": "100000",
        "HOMIE_REQUESTS_PER_MINUTE": "100000",
        "HOMIE_LOGIN_PER_MINUTE": "1000",
    }
    return Hub(folder / "data", settings | household.environment | more)


@dataclass
class Home:
    """Two running servers, the first person, and her messy folder."""

    one: Hub
    two: Hub
    anna: Person
    household: Household
    downloads: Path

    def job_done(self, job_id: str, hub: Hub | None = None, token: str | None = None) -> dict[str, Any]:
        """Wait for a job at a server and return it."""
        token = token or self.anna.token

        def ended() -> Any:
            job = (hub or self.two).get(f"/api/v1/jobs/{job_id}", token=token).json
            return job if job["state"] in ("done", "failed", "cancelled") else None

        found: dict[str, Any] = eventually(ended)
        assert found["state"] == "done", found
        return found

    def homie(self, *arguments: str) -> Any:
        """Run a command beside the first server and return its JSON."""
        environment = {**os.environ, **self.one.environment, "HOMIE_DATA_DIR": str(self.one.data_dir)}
        command = [sys.executable, "-m", "backend.cli", *arguments, "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    def organise(self) -> tuple[str, str]:
        """Scan at the first server, accept and execute at the second; return the plan's id and the running job's."""
        made = self.one.post(f"{ORGANIZER}/plans", {"path": str(self.downloads)}, token=self.anna.token)
        assert made.status == 201, made.body
        plan = f"{ORGANIZER}/plans/{made.json['id']}"
        self.job_done(made.json["job_id"])
        ready = self.two.get(plan, token=self.anna.token).json
        assert ready["state"] == "ready", ready
        accepted = self.two.post(f"{plan}/accept", {"min_confidence": 0.6}, token=self.anna.token)
        assert accepted.json["changed"] > 25, accepted.body
        started = self.two.post(f"{plan}/execute", {}, token=self.anna.token)
        assert started.status == 202, started.body
        return plan, started.json["job_id"]


def open_home(one: Hub, two: Hub, household: Household, downloads: Path) -> Home:
    """Make the first account at a running server, with the folder above `downloads` opened to it."""
    wish = {"name": "anna", "password": PASSWORD, "household": "Home", "folders": [str(downloads.parent)]}
    answer = one.post("/api/v1/accounts/setup", {"code": one.setup_code(), **wish})
    assert answer.status in (200, 201), answer.body
    return Home(one, two, person(one, answer.json["tokens"]["access_token"]), household, downloads)


@pytest.fixture
def home(tmp_path: Path, household: Household, redis_server: RedisServer) -> Iterator[Home]:
    downloads = make_messy_folder(tmp_path / "anna" / "Downloads")
    one = make_hub(tmp_path, 1, household, redis_server.url)
    two = make_hub(tmp_path, 2, household, redis_server.url)
    with one:
        made = open_home(one, two, household, downloads)
        with two:
            yield made


def workers_of(hub: Hub) -> list[int]:
    """Return the process ids of a server's workers."""
    assert hub.process is not None
    children = Path(f"/proc/{hub.process.pid}/task/{hub.process.pid}/children").read_text().split()
    return [int(p) for p in children if b"jobs.worker" in Path(f"/proc/{p}/cmdline").read_bytes()]


def test_a_folder_is_organised_through_a_killed_worker_and_undone(home: Home) -> None:
    """Scan, plan, execute with kill -9 of every worker, undo after a restart: no file is lost, every byte comes back.

    What one server begins is seen at the other: the plan, the job, and each step of it on the socket.
    """
    for number in range(MANY):
        write(home.downloads / f"song {number:04}.mp3", MP3 + str(number).encode())
    before = snapshot(home.downloads)
    listener = Ear(home.two, home.anna.token).connect()
    plan, job = home.organise()
    eventually(lambda: (home.downloads / "Music").exists())
    for worker in workers_of(home.one) + workers_of(home.two):
        os.kill(worker, signal.SIGKILL)
    done = home.job_done(job, home.one)
    assert done["attempt"] == 2, done
    after = snapshot(home.downloads)
    assert sorted(h for h, _ in after.values()) == sorted(h for h, _ in before.values())
    assert "Films/The Matrix (1999)/The.Matrix.1999.1080p.BluRay.x264.en.srt" in after
    eventually(lambda: [e for e in listener.all("event") if e["name"] == "jobs.finished"])
    listener.close()
    run_id = home.two.get(plan, token=home.anna.token).json["run_id"]
    assert home.one.stop() == 0
    assert home.two.stop() == 0
    with home.one, home.two:
        token = home.two.log_in("anna", PASSWORD)
        undo = home.two.post(f"{ORGANIZER}/runs/{run_id}/undo", {}, token=token)
        assert undo.status == 202, undo.body
        home.job_done(undo.json["job_id"], home.one, token)
        assert snapshot(home.downloads) == before
        assert home.homie("fsck")
    assert not list(home.one.data_dir.rglob("*.db")), "something was kept in SQLite all the same"


def test_backups_are_made_verified_and_restored_while_both_servers_answer(home: Home) -> None:
    """Every part by the API, one module back while serving, the accounts back while stopped."""
    _, job = home.organise()
    home.job_done(job)
    queued = home.one.post("/api/v1/backups", {}, token=home.anna.token)
    assert {j["part"] for j in queued.json["jobs"]} >= {"core", "file_organizer"}

    def all_verified() -> Any:
        items = home.two.get("/api/v1/backups", token=home.anna.token).json["items"]
        return items if sum(i["check"] == "verified" for i in items) == len(queued.json["jobs"]) else None

    made = {item["part"]: item for item in eventually(all_verified)}
    assert {item["engine"] for item in made.values()} == {"postgresql"}
    count = "SELECT count(*) FROM file_organizer.plans"
    (before,) = home.household.execute(count)
    second = home.one.post(f"{ORGANIZER}/plans", {"path": str(home.downloads)}, token=home.anna.token).json
    home.job_done(second["job_id"])
    report = home.homie("restore", made["file_organizer"]["set_id"])
    assert report["safety_backup"]
    assert home.household.execute(count) == [before]
    assert home.two.get(f"{ORGANIZER}/plans/{second['id']}", token=home.anna.token).status == 404
    assert len(home.one.get(f"{ORGANIZER}/runs", token=home.anna.token).json["items"]) == 1
    second_person(home.one, home.anna, "bert")
    assert home.one.stop() == 0
    assert home.two.stop() == 0
    home.homie("restore", made["core"]["set_id"])
    with home.one, home.two:
        assert home.two.log_in("anna", PASSWORD)
        wrong = home.one.post("/api/v1/accounts/login", {"name": "bert", "password": PASSWORD})
        assert wrong.status == 401, "an account that came after the backup is still there"
        assert home.homie("audit", "verify")


def test_a_person_is_exported_and_erased_from_every_table(home: Home) -> None:
    """After the erasure no row of any table of any part is the space's.

    But for the security log, which keeps that it happened, with an id that leads nowhere any more.
    """
    bert = second_person(home.two, home.anna, "bert")
    mine = home.downloads.parent.parent / "bert"
    write(mine / "novel.epub", b"x")
    granted = home.one.post(
        "/api/v1/accounts/roots",
        {"path": str(mine), "space_id": bert.space, "label": "mine", "writable": True},
        token=home.anna.token,
    )
    assert granted.status in (200, 201), granted.body
    plan = home.two.post(f"{ORGANIZER}/plans", {"path": str(mine)}, token=bert.token)
    assert plan.status == 201, plan.body
    home.job_done(plan.json["job_id"], home.one, bert.token)
    asked = home.one.post(f"/api/v1/owners/{bert.space}/exports", {}, token=bert.token)
    assert asked.status == 202, asked.body
    home.job_done(asked.json["job_id"], token=bert.token)
    export = home.two.get(f"/api/v1/owners/{bert.space}/exports/{asked.json['export_id']}", token=bert.token)
    assert export.body[:2] == b"PK"
    owned = owned_tables(home.household)
    assert any(rows_of(home.household, table, bert.space) for table in owned)
    gone = home.one.post(f"/api/v1/owners/{bert.space}/erase", {"confirm": bert.space}, token=bert.token)
    assert gone.status == 200, gone.body
    assert [table for table in owned if rows_of(home.household, table, bert.space)] == ["core.security_audit"]
    assert home.household.execute("SELECT 1 FROM core.users WHERE name = 'bert'") == []
    # the other server remembers for a few seconds who was let in; there is nothing left to see meanwhile
    assert home.two.get(f"{ORGANIZER}/plans", token=bert.token).json.get("items", []) == []
    eventually(lambda: home.two.get("/api/v1/accounts/me", token=bert.token).status == 401)
    assert rows_of(home.household, "file_organizer.plans", home.anna.space) == 0


def owned_tables(household: Household) -> list[str]:
    """Return every table of every part that has an owner, by the catalogue."""
    found = household.execute(
        "SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'owner_id' AND NOT a.attisdropped "
        f"WHERE n.nspname IN {PARTS} AND c.relkind IN ('r', 'p') ORDER BY 1"
    )
    return [str(name) for (name,) in found]


def rows_of(household: Household, table: str, owner: str) -> int:
    ((count,),) = household.execute(f"SELECT count(*) FROM {table} WHERE owner_id = '{owner}'")
    assert isinstance(count, int)
    return count


def test_the_server_itself_keeps_people_apart_in_every_table(home: Home) -> None:
    """Row-level security is on and forced for each owned table of each part; without an owner no row is seen.

    By the catalogue and by a raw connection of Homie's own role, beside the running servers.
    """
    _, job = home.organise()
    home.job_done(job)
    by_models = set()
    for part, base in bases().items():
        by_models |= {f"{part}.{name}" for name, table in base.metadata.tables.items() if is_walled(base, table)}
    assert {table.partition(".")[0] for table in by_models} == set(PARTS)
    flags = home.household.execute(
        "SELECT n.nspname || '.' || c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) "
        f"FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname IN {PARTS} AND c.relkind = 'r'"
    )
    forced = {name for name, on, force, owner in flags if on and force and owner == "homie"}
    assert by_models <= forced, by_models - forced
    assert {owner for *_, owner in flags} == {"homie"}
    roles = home.household.execute(
        "SELECT rolname, rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname IN ('homie', 'homie_app')"
    )
    assert sorted(roles) == [("homie", False, False, False), ("homie_app", False, False, False)]
    filled = [t for t in sorted(by_models) if home.household.execute(f"SELECT 1 FROM {t} LIMIT 1")]
    assert {table.partition(".")[0] for table in filled} == set(PARTS)
    for role in ("homie_app", "homie"):
        with psycopg.connect(home.household.url.replace("+psycopg", ""), autocommit=True) as raw:
            raw.execute(f"SET ROLE {role}".encode())
            for table in filled:
                assert raw.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,), (role, table)
                assert raw.execute(f"DELETE FROM {table}".encode()).rowcount == 0, (role, table)


def bases() -> dict[str, Any]:
    """Return the declarative base of each part."""
    from backend.core.jobs.models import JobsBase
    from backend.core.schema import CoreBase
    from backend.file_organizer.models import Base

    return {"core": CoreBase, "jobs": JobsBase, "file_organizer": Base}


def is_walled(base: Any, table: Any) -> bool:
    from backend.sdk.db import unowned_tables

    return table.name not in unowned_tables(base)
