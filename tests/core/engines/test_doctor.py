"""`homie doctor` on PostgreSQL and Redis: each fault has its own words and a remedy, and no secret is in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.core.engine_diagnosis import check_engines
from backend.core.findings import Finding, Level
from backend.core.platform import Platform
from backend.core.settings import load_settings
from backend.sdk.errors import InvalidInput
from tests.core.engines.conftest import PASSWORD, Household
from tests.hub import Hub, free_port
from tests.redis_server import RedisServer

SECRET = "hush-hush-hush"


def look(data_dir: Path, redis: str | None = None, **db: str) -> Finding:
    """Return the one finding about these engines."""
    (finding,) = check_engines(load_settings(data_dir=data_dir, redis_url=redis, db=db))
    shown = finding.says + finding.remedy
    for secret in (SECRET, PASSWORD, "psycopg.", "FATAL", "sqlalche.me", "Traceback"):
        assert secret not in shown
    assert finding.remedy or finding.level is Level.OK
    return finding


@pytest.mark.postgres
def test_each_fault_of_postgresql_has_its_own_words(household: Household, tmp_path: Path) -> None:
    """From a prepared database without tables to a wrong password, a missing database, a missing role."""
    url = household.url
    fresh = look(tmp_path, core=url)
    assert fresh.level is Level.WARNING
    assert "first start" in fresh.remedy
    Platform.open(load_settings(data_dir=tmp_path, db={"core": url}), "cli", modules=[]).close()
    assert look(tmp_path, core=url) == Finding(
        Level.OK, "PostgreSQL", "The database for core answers and has its tables (schema core)."
    )
    wrong = look(tmp_path, core=url.replace(PASSWORD, SECRET))
    assert "refuses the password of user homie" in wrong.says
    assert "HOMIE_DB__CORE" in wrong.remedy
    assert "no database named nothing" in look(tmp_path, jobs=url.rpartition("/")[0] + "/nothing").says
    stranger = look(tmp_path, core=url.replace("//homie:", "//stranger:"))
    assert stranger.level is Level.ERROR
    assert "stranger" in stranger.says
    household.execute("REVOKE homie_app FROM homie")
    assert "homie_app is not granted" in look(tmp_path, core=url).says
    household.execute("DROP OWNED BY homie_app; DROP ROLE homie_app")
    missing = look(tmp_path, core=url)
    assert "homie_app does not exist" in missing.says
    assert "docs/postgresql.md" in missing.remedy


@pytest.mark.postgres
def test_a_schema_that_cannot_be_made_is_named(household: Household, tmp_path: Path) -> None:
    """A database of somebody else's, in which this user may not create anything."""
    household.execute("CREATE DATABASE theirs")
    finding = look(tmp_path, jobs=household.server.url("theirs", "homie", PASSWORD))
    assert finding.level is Level.ERROR
    assert "schema jobs" in finding.says
    assert "CREATE SCHEMA jobs" in finding.remedy


@pytest.mark.parametrize("address", ["postgresql+psycopg://homie:" + SECRET + "@127.0.0.1:{port}/homie"])
def test_a_server_that_is_away_is_named_by_its_place(address: str, tmp_path: Path) -> None:
    port = free_port()
    finding = look(tmp_path, core=address.format(port=port))
    assert f"does not answer at 127.0.0.1:{port}" in finding.says
    assert "systemctl start postgresql" in finding.remedy


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("HOMIE_DB__CORE", "postgresql+psycopg://homie:{}@host:not-a-port/homie"),
        ("HOMIE_DB__CORE", "postgresql+psycopg://homie:{}/with/slashes@host/homie"),
        ("HOMIE_DB__JOBS", "mysql://homie:{}@host/homie"),
        ("HOMIE_DB__JOBS", "postgresql+psycopg://homie:{}@host"),
        ("HOMIE_REDIS_URL", "http://:{}@host/0"),
        ("HOMIE_REDIS_URL", "redis://:{}@host:not-a-port/0"),
    ],
)
def test_an_address_that_cannot_be_read_says_how_to_write_it(
    setting: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused with the settings, before anything is opened; a wrong scheme is never taken for the path of a file."""
    monkeypatch.setenv(setting, value.format(SECRET))
    with pytest.raises(InvalidInput) as caught:
        load_settings(data_dir=tmp_path)
    (field,) = caught.value.fields
    assert field.name == setting
    assert "password@host" in field.problem
    assert SECRET not in str(caught.value) + field.problem + field.remedy


@pytest.mark.postgres
def test_a_start_that_fails_says_what_doctor_would_say(household: Household, tmp_path: Path) -> None:
    """Also for a command line: no trace, no secret, but the fault and how to mend it."""
    for url, words in (
        (household.url.replace(PASSWORD, SECRET), "Correct the password in HOMIE_DB__CORE"),
        (f"postgresql+psycopg://homie:{SECRET}@127.0.0.1:{free_port()}/homie", "systemctl start postgresql"),
    ):
        hub = Hub(tmp_path / "data", {"HOMIE_DB__CORE": url})
        with pytest.raises(AssertionError, match="the hub ended with 1"):
            hub.start()
        assert words in hub.log
        for secret in (SECRET, PASSWORD, "Traceback"):
            assert secret not in hub.log


@pytest.mark.postgres
def test_a_unix_socket_works_as_an_address(household: Household, tmp_path: Path) -> None:
    """As on one machine with Debian's default."""
    url = f"postgresql+psycopg://homie:{PASSWORD}@/homie?host={household.server.socket_folder}&port={household.server.port}"
    assert look(tmp_path, core=url).level is Level.WARNING
    Platform.open(load_settings(data_dir=tmp_path, db={"core": url}), "cli", modules=[]).close()
    assert look(tmp_path, core=url).level is Level.OK
    away = url.replace(str(household.server.socket_folder), str(tmp_path))
    assert f"does not answer at {tmp_path}" in look(tmp_path, core=away).says


@pytest.mark.redis
def test_each_fault_of_redis_has_its_own_words(redis_server: RedisServer, tmp_path: Path) -> None:
    url = redis_server.url
    assert look(tmp_path, url) == Finding(Level.OK, "Redis", "The server answers.")
    password = url.partition("@")[0].rpartition(":")[2]
    assert "refuses the password" in look(tmp_path, url.replace(password, SECRET)).says
    assert "refuses the password" in look(tmp_path, url.replace(f":{password}@", "")).says
    assert "database number" in look(tmp_path, url.rpartition("/")[0] + "/4000").remedy
    assert "does not answer" in look(tmp_path, f"redis://:{SECRET}@127.0.0.1:{free_port()}/0").says
