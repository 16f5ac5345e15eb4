"""Small parts of the server: addresses behind proxies, settings, log redaction, idempotency rows."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from backend.core.client_address import ClientAddress, is_loopback, limit_key, same_origin
from backend.core.idempotency import DatabaseIdempotencyStore
from backend.core.logs import redact
from backend.core.schema import CoreBase
from backend.core.settings import HomieSettings, load_settings
from backend.sdk.clock import FakeClock
from backend.sdk.db import Database
from backend.sdk.errors import InvalidInput
from backend.sdk.http import IdempotencyInProgress, IdempotencyKeyReused, KeyScope, StoredResponse
from tests.engines import database_of
from tests.hub import ROOT


def address(trusted: list[str], peer: str, **headers: str) -> tuple[str, dict[str, Any]]:
    environ: dict[str, Any] = {"REMOTE_ADDR": peer, "wsgi.url_scheme": "http", "HTTP_HOST": "hub"}
    environ |= {f"HTTP_X_FORWARDED_{name.upper()}": value for name, value in headers.items()}
    return ClientAddress(trusted).apply(environ), environ


@pytest.mark.parametrize(
    ("trusted", "peer", "forwarded", "client"),
    [
        ([], "10.0.0.1", "1.2.3.4", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/8"], "10.0.0.1", "6.6.6.6, 1.2.3.4", "1.2.3.4"),
        (["10.0.0.0/8"], "10.0.0.1", "1.2.3.4, 10.0.0.9", "1.2.3.4"),
        (["10.0.0.0/8"], "10.0.0.1", "nonsense", "10.0.0.1"),
        (["10.0.0.0/8"], "10.0.0.1", "", "10.0.0.1"),
        (["10.0.0.0/8"], "11.0.0.1", "1.2.3.4", "11.0.0.1"),
        (["::1"], "::1", "2001:db8::1", "2001:db8::1"),
    ],
)
def test_only_listed_proxies_are_believed(trusted: list[str], peer: str, forwarded: str, client: str) -> None:
    assert address(trusted, peer, **{"for": forwarded})[0] == client


def test_scheme_and_host_come_from_a_listed_proxy_only() -> None:
    _, believed = address(["10.0.0.1"], "10.0.0.1", proto="https", host="homie.example")
    assert (believed["wsgi.url_scheme"], believed["HTTP_HOST"]) == ("https", "homie.example")
    _, ignored = address([], "10.0.0.1", proto="https", host="homie.example")
    assert (ignored["wsgi.url_scheme"], ignored["HTTP_HOST"]) == ("http", "hub")
    assert not any(name.startswith("HTTP_X_FORWARDED") for name in ignored)


def test_an_ipv6_household_counts_as_one_address() -> None:
    assert limit_key("2001:db8:1:2::1") == limit_key("2001:db8:1:2:ffff::9")
    assert limit_key("2001:db8:1:2::1") != limit_key("2001:db8:1:3::1")
    assert limit_key("::ffff:1.2.3.4") == limit_key("1.2.3.4")
    assert len(limit_key("x" * 1000)) == 64
    assert is_loopback("127.0.0.1")
    assert not is_loopback("10.0.0.1")


def test_only_the_very_same_origin_is_ours() -> None:
    environ = {"wsgi.url_scheme": "https", "HTTP_HOST": "homie.example"}
    for origin, same in (
        ("https://homie.example", True),
        ("http://homie.example", False),
        ("https://homie.example.evil.example", False),
        ("https://homie.example:444", False),
        ("null", False),
    ):
        assert same_origin(environ | {"HTTP_ORIGIN": origin}) is same


def test_every_setting_is_described() -> None:
    for name, field in HomieSettings.model_fields.items():
        assert field.description, name


def test_variables_win_over_the_file_and_errors_name_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "homie.toml"
    file.write_text('port = 9000\nworkers = 3\nmodules = ["a", "b"]\n[db]\nnotes = "postgresql+psycopg://h/n"\n')
    monkeypatch.setenv("HOMIE_CONFIG", str(file))
    monkeypatch.setenv("HOMIE_PORT", "9001")
    monkeypatch.setenv("HOMIE_DB__CORE", "postgresql+psycopg://h/core")
    settings = load_settings()
    assert (settings.port, settings.workers, settings.modules) == (9001, 3, ["a", "b"])
    assert settings.database_target("notes") == "postgresql+psycopg://h/n"
    assert settings.database_target("core") == "postgresql+psycopg://h/core"
    assert isinstance(settings.database_target("jobs"), Path)
    assert "psycopg" not in repr(settings)
    monkeypatch.setenv("HOMIE_WORKERS", "many")
    with pytest.raises(InvalidInput) as caught:
        load_settings()
    assert caught.value.fields[0].name == "HOMIE_WORKERS"
    assert caught.value.fields[0].remedy


@pytest.mark.parametrize(
    "line",
    [
        {"password": "hunter2hunter2"},
        {"headers": {"Authorization": "Bearer abcdefghijkl"}},
        {"event": "got Bearer abcdefghijklmnop from somebody"},
        {"event": "token hma_0123456789abcdef"},
        {"url": "postgresql://homie:hunter2hunter2@db/x"},
        {"api_key": "AIzaSyA0123456789012345678901234567890"},
        {"exception": "ValueError: key AIzaSyA0123456789012345678901234567890 refused"},
        {"items": [{"refresh_token": "hunter2hunter2"}]},
    ],
)
def test_logs_hide_what_looks_like_a_secret(line: dict[str, Any]) -> None:
    shown = str(redact(None, "", line))
    for secret in ("hunter2", "abcdefghijkl", "0123456789", "AIza"):
        assert secret not in shown
    assert "[hidden]" in shown


def test_logs_keep_what_is_no_secret() -> None:
    line = {"event": "module state", "module": "good", "count": 3, "token_count": 7, "state": None}
    assert redact(None, "", dict(line)) == line
    assert logging.getLogger("homie").level == logging.NOTSET


@pytest.fixture
def store(tmp_path: Path, installation_engine: str) -> Any:
    db = Database(database_of(tmp_path, "core") or tmp_path / "core.db", CoreBase, name="core")
    db.create_all()
    clock = FakeClock()
    yield DatabaseIdempotencyStore(db, clock), clock
    db.close()


def test_an_idempotency_key_lives_for_a_day(store: tuple[DatabaseIdempotencyStore, FakeClock]) -> None:
    keys, clock = store
    scope, answer = KeyScope("space", "anna", "notes_create", "k"), StoredResponse(201, b"{}", "application/json")
    assert keys.begin(scope, "hash") is None
    with pytest.raises(IdempotencyInProgress):
        keys.begin(scope, "hash")
    keys.finish(scope, answer)
    assert keys.begin(scope, "hash") == answer
    with pytest.raises(IdempotencyKeyReused):
        keys.begin(scope, "other")
    for other in (
        KeyScope("space", "bert", "notes_create", "k"),
        KeyScope("other", "anna", "notes_create", "k"),
        KeyScope("space", "anna", "notes_delete", "k"),
    ):
        assert keys.begin(other, "hash") is None
    clock.advance(24 * 3600 + 1)
    assert keys.begin(scope, "other") is None


def test_a_request_that_died_gives_its_key_back(store: tuple[DatabaseIdempotencyStore, FakeClock]) -> None:
    keys, clock = store
    scope = KeyScope("space", "anna", "notes_create", "k")
    keys.begin(scope, "hash")
    keys.abandon(scope)
    assert keys.begin(scope, "hash") is None
    clock.advance(11 * 60)
    assert keys.begin(scope, "hash") is None


RAISES = """
import structlog
from backend.core.logs import configure_logs
from backend.core.settings import load_settings

def check(password):
    raise ValueError("no such account")

configure_logs(load_settings())
try:
    check("hunter2" * 2)
except ValueError:
    structlog.get_logger().exception("signing in failed")
"""


@pytest.mark.parametrize("form", ["console", "json"])
def test_a_logged_trace_shows_lines_and_no_variables(tmp_path: Path, form: str) -> None:
    environment = {**os.environ, "HOMIE_DATA_DIR": str(tmp_path), "HOMIE_LOG_FORMAT": form, "PYTHONPATH": str(ROOT)}
    said = subprocess.run([sys.executable, "-c", RAISES], env=environment, capture_output=True, text=True, check=True)
    assert "signing in failed" in said.stderr
    assert "ValueError: no such account" in said.stderr
    assert "hunter2hunter2" not in said.stderr
