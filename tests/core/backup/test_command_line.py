"""`homie backup` and `homie restore` as people type them: without a server, with one, and in an emergency."""

from __future__ import annotations

import errno
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from backend.cli import homie
from backend.core.backup.control import ControlServer
from backend.core.backup.platform_parts import no_server
from backend.core.backup.restore_runs import RestoreRuns, RestoreWish
from backend.core.platform import Platform
from backend.core.schema import CoreBase
from backend.core.settings import HomieSettings
from backend.sdk.db import Database, DatabaseBusy
from backend.sdk.errors import HomieError
from backend.sdk.ids import new_id
from tests.core.backup.conftest import Hub, dump
from tests.engines import database_settings, installation_engine, postgres_server

__all__ = ["installation_engine", "postgres_server"]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installation_engine: str) -> Iterator[HomieSettings]:
    """A data directory with one person, and the environment that names it."""
    monkeypatch.setenv("HOMIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HOMIE_BACKUP_DIR", str(tmp_path / "drive"))
    for name, value in database_settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    settings = HomieSettings()
    platform = Platform.open(settings, "cli", modules=[])
    platform.accounts.people.add("ann", "seven quiet lanterns drift", is_admin=True)
    platform.close()
    return settings


def run(*args: str, code: int = 0, given: str | None = None) -> Result:
    result = CliRunner().invoke(homie, list(args), input=given)
    assert result.exit_code == code, (result.output, result.exception)
    return result


def json_of(*args: str) -> Any:
    return json.loads(run(*args, "--json").stdout)


def damage(settings: HomieSettings) -> None:
    """Break the accounts: the file is no database any more, or a table is empty that must not be."""
    target = settings.database_target("core")
    if isinstance(target, Path):
        target.write_bytes(b"broken" * 5000)
        return
    core = Database(target, CoreBase, name="core")
    with core.store.admin() as connection, connection.begin():
        connection.exec_driver_sql("TRUNCATE users, spaces CASCADE")
    core.close()


def test_back_up_list_verify_and_restore(home: HomieSettings) -> None:
    (made,) = json_of("backup", "core")
    assert made["verified"]
    assert [e["set_id"] for e in json_of("backup", "list")] == [made["set_id"]]
    assert json_of("backup", "verify")[0]["ok"]
    assert json_of("restore", made["set_id"], "--dry-run")["tables"]["users"] == [1, 1]
    damage(home)
    report = json_of("restore", "latest", "--module", "core")
    assert report["notices"]
    platform = Platform.open(home, "cli", modules=[])
    assert [p.name for p in platform.accounts.people.everybody()] == ["ann"]
    assert platform.audit.verify().ok
    platform.close()
    assert json_of("backup", "prune", "--dry-run")["deleted"] == []
    assert json_of("backup", "status")["reachable"]


def test_the_key_and_an_encrypted_backup(home: HomieSettings) -> None:
    recovery = json_of("backup", "key")["recovery_key"]
    (made,) = json_of("backup", "core", "--encrypt")
    assert made["encrypted"]
    assert made["notices"] == []
    (home.secrets_dir / "backup.key").unlink()
    refused = CliRunner().invoke(homie, ["backup", "verify", made["set_id"]])
    assert isinstance(refused.exception, HomieError)
    run("backup", "verify", made["set_id"], "--recovery-key", given=recovery + "\n")


def test_a_running_server_is_never_worked_around(home: HomieSettings) -> None:
    """While a server holds its lock and no door is open, a restore refuses with advice and changes nothing."""
    (made,) = json_of("backup", "core")
    with no_server(home, "test"):
        refused = CliRunner().invoke(homie, ["restore", made["set_id"], "--yes"])
    assert isinstance(refused.exception, HomieError)
    assert refused.exception.code == "restore_refused"
    assert "stop Homie" in refused.exception.fields[0].remedy


def test_bad_calls_say_what_is_wrong(home: HomieSettings) -> None:
    run("backup", code=2)
    run("backup", "core", "--all", code=2)
    for args in (["backup", "nothing_here"], ["restore", "../../etc", "--yes"], ["restore", "x", "--yes"]):
        result = CliRunner().invoke(homie, args)
        assert isinstance(result.exception, HomieError), args
        assert result.exception.status == 404 or result.exception.status == 503


def test_the_server_restores_for_the_command_line(hub: Hub) -> None:
    """Through the socket: progress comes back, the server stops and starts the module, an error keeps its code."""
    from backend.core.backup.control import ask_server, error_of
    from backend.core.backup.keyring import GivenKey

    made = hub.service.create("notes")
    before = dump(hub.notes)
    hub.sql("DELETE FROM notes")
    run_dir, audited = hub.data_dir / "run", list[str]()
    run_dir.mkdir(exist_ok=True)
    runs = RestoreRuns(hub.restorer, None, hub.clock, new_id)
    assert ask_server(run_dir, RestoreWish(made.set_id, "notes", GivenKey())) is None
    server = ControlServer(run_dir, runs, lambda wish: audited.append(wish.set_id))
    server.start()
    try:
        assert (run_dir / "backup.sock").stat().st_mode & 0o777 == 0o600
        answer = ask_server(run_dir, RestoreWish(made.set_id, "notes", GivenKey()))
        assert answer is not None
        lines = list(answer)
        assert lines[-1]["report"]["safety_backup"]
        assert dump(hub.notes) == before
        assert hub.parts.log == ["stop notes", "start notes"]
        assert audited == [made.set_id]
        wrong = ask_server(run_dir, RestoreWish(made.set_id, "films", GivenKey()))
        assert wrong is not None
        assert error_of(list(wrong)[-1]).code == "backup_unsuitable"
    finally:
        server.stop()
    assert not (run_dir / "backup.sock").exists()


def test_a_refused_restore_is_told_and_the_server_answers_the_next(hub: Hub) -> None:
    """Whatever stands in the way of one request (a busy security log, a fault), the next one is served."""
    from backend.core.backup.control import ask_server, error_of
    from backend.core.backup.keyring import GivenKey

    run_dir = hub.data_dir / "run"
    run_dir.mkdir(exist_ok=True)
    problems = [RuntimeError("a fault"), DatabaseBusy()]

    def audit(wish: RestoreWish) -> None:
        if problems:
            raise problems.pop()

    def ask() -> list[dict[str, Any]]:
        answer = ask_server(run_dir, RestoreWish("nothing", "films", GivenKey()))
        assert answer is not None
        return list(answer)

    server = ControlServer(run_dir, RestoreRuns(hub.restorer, None, hub.clock, new_id), audit)
    server.start()
    try:
        assert error_of(ask()[-1]).code == "database_busy"
        assert ask() == []
        assert error_of(ask()[-1]).code == "backup_target_missing"
    finally:
        server.stop()


def test_the_server_goes_on_listening_after_a_connection_that_could_not_be_taken(hub: Hub) -> None:
    """A shortage of files passes; only the stop ends the ear for restores."""
    server = ControlServer(hub.data_dir / "run", RestoreRuns(hub.restorer, None, hub.clock, new_id), lambda wish: None)

    class FewFiles:
        refused = 0

        def accept(self) -> tuple[Any, Any]:
            self.refused += 1
            if self.refused == 3:
                server._socket = None
            raise OSError(errno.EMFILE, "Too many open files")

    few: Any = FewFiles()
    server._socket = few
    server._serve(few)
    assert few.refused == 3
