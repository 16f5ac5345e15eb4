"""`homie doctor`: every fault is named with a remedy, and one fault never hides another."""

from __future__ import annotations

import os
import socket
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.diagnosis import check_libraries, diagnose
from backend.core.findings import Finding, Level
from backend.core.settings import HomieSettings, load_settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def settings(tmp_path: Path) -> HomieSettings:
    made = load_settings(data_dir=tmp_path / "data", port=free_port())
    made.make_folders()
    return made


def wrong(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.subject: finding for finding in findings if finding.level is not Level.OK}


def test_a_fresh_installation_has_nothing_wrong(settings: HomieSettings) -> None:
    """A new data directory gives no warning and no error."""
    assert wrong(diagnose(settings)) == {}


def test_without_libarchive_it_is_said_what_stays_packed_and_how_to_mend_it(settings: HomieSettings) -> None:
    (finding,) = check_libraries(settings, ("libnothing.so.13",))
    assert finding.level is Level.WARNING
    assert "7z, rar and tar.zst archives" in finding.says
    assert finding.remedy == "sudo apt-get install -y libarchive-tools"


def test_a_missing_data_directory_is_a_hint_not_a_fault(tmp_path: Path) -> None:
    """Before the first start, doctor says what to expect and where to look for missing data."""
    finding = wrong(diagnose(load_settings(data_dir=tmp_path / "absent", port=free_port())))["Data directory"]
    assert finding.level is Level.WARNING
    assert "HOMIE_DATA_DIR" in finding.remedy


def test_a_readable_key_is_an_error_with_the_exact_command(settings: HomieSettings) -> None:
    """A key that others may read is named, with the command that closes it."""
    key = settings.secrets_dir / "master.key"
    key.write_text("x")
    key.chmod(0o644)
    finding = wrong(diagnose(settings))["Secrets"]
    assert finding.level is Level.ERROR
    assert "master.key" in finding.says
    assert "chmod" in finding.remedy


def test_a_damaged_database_is_named_and_others_are_still_checked(settings: HomieSettings) -> None:
    """A torn page is found; the sound database beside it is reported sound."""
    good, bad = settings.database_file("core"), settings.database_file("jobs")
    for file in (good, bad):
        connection = sqlite3.connect(file)
        connection.execute("create table t (x)")
        connection.executemany("insert into t values (?)", [("y" * 500,)] * 200)
        connection.commit()
        connection.close()
    with bad.open("r+b") as handle:
        handle.seek(4096)
        handle.write(os.urandom(8192))
    findings = diagnose(settings)
    assert "jobs.db" in wrong(findings)["Database"].says
    assert "restore" in wrong(findings)["Database"].remedy
    assert any("homie_users.db is sound" in f.says for f in findings)


def test_a_port_that_another_program_holds_is_an_error(settings: HomieSettings) -> None:
    """A foreign listener is told apart from Homie itself."""
    with socket.create_server(("127.0.0.1", settings.port)):
        finding = wrong(diagnose(settings))["Address"]
    assert finding.level is Level.ERROR
    assert "HOMIE_PORT" in finding.remedy


def test_a_dead_postgresql_is_an_error_without_its_password(tmp_path: Path) -> None:
    """An unreachable server is named by module; the URL's password never appears."""
    url = f"postgresql+psycopg://homie:hush-hush@127.0.0.1:{free_port()}/homie"
    finding = wrong(diagnose(load_settings(data_dir=tmp_path, port=free_port(), db={"core": url})))["PostgreSQL"]
    assert finding.level is Level.ERROR
    assert "hush-hush" not in finding.says + finding.remedy


def test_a_check_that_fails_itself_becomes_a_finding(settings: HomieSettings) -> None:
    """An unforeseen fault in one check leaves the others' findings in place."""

    def check_moon(_: HomieSettings) -> Iterator[Finding]:
        raise RuntimeError("no moon")
        yield

    def check_sun(_: HomieSettings) -> Iterator[Finding]:
        yield Finding(Level.OK, "Sun", "shines")

    findings = diagnose(settings, (check_moon, check_sun))
    assert [f.level for f in findings] == [Level.ERROR, Level.OK]
