"""`homie users` and `homie audit`, as somebody at the machine uses them."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog
from click.testing import CliRunner, Result

from backend.cli.audit import audit
from backend.cli.users import users
from backend.core.schema import CoreBase
from backend.core.settings import load_settings
from backend.sdk.db import Database
from backend.sdk.errors import HomieError
from tests.engines import database_settings

PASSWORD = "seven purple otters\n"


@pytest.fixture
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, installation_engine: str) -> Iterator[Path]:
    """A data directory (on each engine) with bcrypt at its least cost; logging is put back as it was."""
    import bcrypt

    real = bcrypt.gensalt
    monkeypatch.setattr(bcrypt, "gensalt", lambda rounds=4: real(4))
    monkeypatch.setenv("HOMIE_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("HOMIE_LOG_LEVEL", "error")
    for name, value in database_settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    handlers = list(logging.getLogger().handlers)
    yield tmp_path / "data"
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


def run(command: Any, *words: str, given: str | None = None) -> Result:
    result = CliRunner().invoke(command, list(words), input=given)
    if isinstance(result.exception, HomieError):
        raise result.exception
    return result


def spoken(command: Any, *words: str, given: str | None = None) -> Any:
    result = run(command, *words, "--json", given=given)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_people_are_managed_from_the_command_line(data_dir: Path) -> None:
    """Set up, add, list, invite, disable, enable, reset, unlock: each as text and as JSON."""
    assert "Nobody has an account" in run(users, "list").output
    assert spoken(users, "setup-code")["code"]
    owner = spoken(users, "setup", "--name", "eva", "--password-stdin", given=PASSWORD)
    assert owner["is_admin"]
    assert spoken(users, "setup-code") == {"state": "closed", "code": None}
    assert "can log in now" in run(users, "add", "ben", "--password-stdin", given=PASSWORD).output
    assert [person["name"] for person in spoken(users, "list")] == ["ben", "eva"]
    assert "administrator" in run(users, "list").output
    spaces = spoken(users, "spaces")
    assert [space["kind"] for space in spaces] == ["private", "household"]
    assert spoken(users, "invite", "--space", "Home", "--existing")["purpose"] == "space"
    assert "Invitation: " in run(users, "invite", "--note", "Ada").output
    assert spoken(users, "disable", "ben")["disabled"]
    assert not spoken(users, "enable", "ben")["disabled"]
    assert spoken(users, "reset-password", "ben")["code"]
    reset = run(users, "reset-password", "ben", "--password-stdin", "--totp", given="nine tired walruses\n")
    assert "is set" in reset.output
    assert "over" in run(users, "unlock", "ben").output
    assert spoken(users, "unlock", "--all") == {"unlocked": "all"}


def test_mistakes_are_named(data_dir: Path) -> None:
    """Unknown person, weak password, neither name nor --all: one clear error each."""
    run(users, "setup", "--name", "eva", "--password-stdin", given=PASSWORD)
    with pytest.raises(HomieError, match=r"no \(active\) person"):
        run(users, "disable", "nobody")
    with pytest.raises(HomieError, match="another password"):
        run(users, "add", "ben", "--password-stdin", given="password\n")
    with pytest.raises(HomieError, match="last active administrator"):
        run(users, "disable", "eva")
    assert run(users, "unlock").exit_code == 2
    assert run(users, "invite", "--space", "Castle").exit_code == 2


def forge() -> None:
    """Change an entry as somebody could who owns the database: without the guards."""
    core = Database(load_settings().database_target("core"), CoreBase, name="core")
    with core.store.admin() as raw, raw.begin():
        if core.kind == "postgresql":
            raw.exec_driver_sql("ALTER TABLE security_audit DISABLE TRIGGER USER")
        else:
            for (name,) in raw.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
                raw.exec_driver_sql(f'DROP TRIGGER "{name}"')
        raw.exec_driver_sql("UPDATE security_audit SET action = 'accounts.nothing' WHERE seq = 1")
    core.close()


def test_the_log_is_shown_and_proven(data_dir: Path) -> None:
    """`verify` says whole and ends with 0; after a change behind its back it names the entry and ends with 1."""
    run(users, "setup", "--name", "eva", "--password-stdin", given=PASSWORD)
    actions = [entry["action"] for entry in spoken(audit, "list")]
    assert "accounts.set_up" in actions
    assert "accounts.set_up" in run(audit, "list", "--user", "eva", "--limit", "5").output
    assert "is whole" in run(audit, "verify").output
    forge()
    broken = run(audit, "verify", "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["problems"] == ["Entry 1 was changed."]
    assert run(audit, "accept-restore", "--reason", "test").exit_code == 0
