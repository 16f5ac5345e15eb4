"""Modules start on first use, stop on demand, and whatever they do, core stays healthy and says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from backend.core.module_records import in_range
from tests.core.runtime.conftest import PASSWORD, Person, eventually, make_hub, person
from tests.hub import Hub

pytestmark = pytest.mark.usefixtures("installation_engine")

MODULES = "/api/v1/modules"


def state(hub: Hub, who: Person, module: str) -> str:
    return str(hub.get(f"{MODULES}/{module}", token=who.token).json["state"])


def act(hub: Hub, who: Person, module: str, what: str) -> dict[str, object]:
    answer = hub.post(f"{MODULES}/{module}/{what}", token=who.token)
    assert answer.status == 200, answer.body
    found: dict[str, object] = answer.json
    return found


@pytest.mark.parametrize(
    ("module", "ends_in"),
    [
        ("bad_setup", "setup_error"),
        ("bad_start", "setup_error"),
        ("bad_import", "setup_error"),
        ("bad_models", "migration_error"),
        ("not_ready", "retrying"),
        ("no_binary", "retrying"),
        ("old_sdk", "setup_error"),
        ("bad_spec", "setup_error"),
    ],
)
def test_a_module_that_cannot_start_says_so_and_core_stays_healthy(
    hub: Hub, anna: Person, module: str, ends_in: str
) -> None:
    answer = hub.get(f"/api/v1/{module}/things", token=anna.token)
    assert answer.status == 503
    assert answer.json["error"]["code"] in ("module_failed", "module_not_ready")
    shown = hub.get(f"{MODULES}/{module}", token=anna.token)
    assert shown.json["state"] == ends_in
    assert shown.json["reason"]
    assert shown.json["health"]["ok"] is False
    for inside in ("secret", "/home/anna", "Traceback", "sqlalchemy"):
        assert inside not in shown.body.decode() + answer.body.decode()
    assert hub.get("/healthz").status == 200
    assert hub.get("/api/v1/good/notes", token=anna.token).status == 200


def test_a_module_that_fails_to_stop_is_named_and_can_be_started_again(hub: Hub, anna: Person) -> None:
    assert hub.get("/api/v1/bad_stop/things", token=anna.token).status == 204
    stopped = act(hub, anna, "bad_stop", "stop")
    assert stopped["state"] == "failed_stop"
    assert "secret" not in str(stopped["reason"])
    assert hub.get("/healthz").status == 200
    assert act(hub, anna, "bad_stop", "start")["state"] == "running"
    assert hub.get("/api/v1/bad_stop/things", token=anna.token).status == 204


def test_core_starts_no_module_by_itself(tmp_path: Path) -> None:
    with make_hub(tmp_path) as hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        states = {item["id"]: item["state"] for item in hub.get(MODULES, token=anna.token).json["items"]}
        assert states["good"] == "not_loaded"
        assert "running" not in states.values()
        anna.add_note("first use")
        assert state(hub, anna, "good") == "running"


def test_a_stopped_module_stays_stopped_until_it_is_started(tmp_path: Path) -> None:
    with make_hub(tmp_path) as hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        anna.add_note("kept")
        assert act(hub, anna, "good", "stop")["state"] == "not_loaded"
        refused = hub.get("/api/v1/good/notes", token=anna.token)
        assert (refused.status, refused.json["error"]["code"]) == (503, "module_stopped")
        assert act(hub, anna, "good", "start")["state"] == "running"
        assert anna.notes() == ["kept"]


def test_a_disabled_module_answers_503_also_after_a_restart(tmp_path: Path) -> None:
    hub = make_hub(tmp_path)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        anna.add_note("kept")
        assert act(hub, anna, "good", "disable")["state"] == "disabled"
        refused = hub.get("/api/v1/good/notes", token=anna.token)
        assert (refused.status, refused.json["error"]["code"]) == (503, "module_disabled")
        hub.stop()
    with hub:
        anna = person(hub, hub.log_in("anna", PASSWORD))
        assert state(hub, anna, "good") == "disabled"
        assert hub.get("/api/v1/good/notes", token=anna.token).status == 503
        assert hub.post(f"{MODULES}/good/start", token=anna.token).status == 503
        act(hub, anna, "good", "enable")
        assert anna.notes() == ["kept"]


def test_a_module_that_waits_starts_by_itself_when_it_can(hub: Hub, anna: Person) -> None:
    """`ModuleNotReady` is tried again with back-off, without anybody asking."""
    hub.get("/api/v1/not_ready/things", token=anna.token)
    assert "not plugged in" in hub.get(f"{MODULES}/not_ready", token=anna.token).json["reason"]
    ready = hub.data_dir / "modules" / "not_ready" / "ready"
    ready.touch()
    try:
        eventually(lambda: state(hub, anna, "not_ready") == "running")
    finally:
        ready.unlink()
        act(hub, anna, "not_ready", "stop")
        act(hub, anna, "not_ready", "start")


def test_a_module_whose_disk_is_away_comes_back_with_it(tmp_path: Path) -> None:
    """A database that cannot be opened for a moment is no failure that waits for an admin."""
    hub = make_hub(tmp_path)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        anna.add_note("kept")
        hub.stop()
    database, away = hub.data_dir / "modules" / "homie_good.db", tmp_path / "away.db"
    if not database.exists():
        pytest.skip("the database of a server is no file")
    database.rename(away)
    database.mkdir()
    with hub:
        anna = person(hub, hub.log_in("anna", PASSWORD))
        refused = hub.get("/api/v1/good/notes", token=anna.token)
        assert (refused.status, refused.json["error"]["code"]) == (503, "module_not_ready")
        assert "disk" in refused.json["error"]["message"]
        database.rmdir()
        away.rename(database)
        eventually(lambda: state(hub, anna, "good") == "running")
        assert anna.notes() == ["kept"]


def test_only_admins_change_modules_and_it_is_audited(hub: Hub, anna: Person, bert: Person) -> None:
    for what in ("start", "stop", "enable", "disable"):
        assert hub.post(f"{MODULES}/quiet/{what}", token=bert.token).status == 403
    assert hub.get(f"{MODULES}/quiet/settings", token=bert.token).status == 403
    assert hub.request("PUT", f"{MODULES}/quiet/settings", {"values": {}}, token=bert.token).status == 403
    assert hub.get(MODULES, token=bert.token).status == 200
    assert hub.get(f"{MODULES}/none", token=anna.token).status == 404


def test_settings_are_checked_kept_and_taken_up(tmp_path: Path) -> None:
    hub = make_hub(tmp_path)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        anna.add_note("loaded")
        path = f"{MODULES}/good/settings"
        shown = hub.get(path, token=anna.token).json
        assert shown["values"] == {"greeting": "hello", "most": 3}
        assert shown["json_schema"]["properties"]["most"]["maximum"] == 9
        for bad in ({"most": 10}, {"most": "many"}, {"colour": "red"}):
            refused = hub.request("PUT", path, {"values": bad}, token=anna.token)
            assert refused.status == 422
            assert refused.json["error"]["fields"][0]["name"].endswith(next(iter(bad)))
        assert hub.get(path, token=anna.token).json["values"] == {"greeting": "hello", "most": 3}
        assert hub.request("PUT", path, {"values": {"most": 5}}, token=anna.token).status == 200
        assert state(hub, anna, "good") == "running"
        hub.stop()
    with hub:
        anna = person(hub, hub.log_in("anna", PASSWORD))
        assert hub.get(path, token=anna.token).json["values"]["most"] == 5


def test_a_chosen_module_runs_alone(tmp_path: Path) -> None:
    with make_hub(tmp_path, HOMIE_MODULES="quiet") as hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        assert [item["id"] for item in hub.get(MODULES, token=anna.token).json["items"]] == ["quiet"]
        assert hub.get("/api/v1/quiet/things", token=anna.token).status == 204
        assert hub.get("/api/v1/good/notes", token=anna.token).status == 404


def test_one_document_describes_core_and_every_module(hub: Hub) -> None:
    from openapi_spec_validator import validate

    document = hub.get("/openapi.json").json
    validate(document)
    assert document["openapi"] == "3.1.0"
    assert "/api/v1/good/notes" in document["paths"]
    assert "/api/v1/modules/{module_id}" in document["paths"]
    assert hub.get("/api/v1/openapi.json").json == document


def test_an_idempotency_key_is_kept_in_the_database(tmp_path: Path) -> None:
    """Also after a restart the same key gives the same answer, and the work is not done again."""
    hub = make_hub(tmp_path)
    key = {"Idempotency-Key": "note-1"}
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        first = hub.post("/api/v1/good/notes", {"text": "once"}, token=anna.token, headers=key)
        hub.stop()
    with hub:
        anna = person(hub, hub.log_in("anna", PASSWORD))
        again = hub.post("/api/v1/good/notes", {"text": "once"}, token=anna.token, headers=key)
        other = hub.post("/api/v1/good/notes", {"text": "twice"}, token=anna.token, headers=key)
        assert (again.status, again.body) == (first.status, first.body)
        assert again.headers["idempotency-replayed"] == "true"
        assert other.status == 409
        assert anna.notes() == ["once"]


@pytest.mark.parametrize(
    ("version", "wanted", "fits"),
    [
        ("1.0", ">=1.0,<2", True),
        ("1.5", ">=1.0,<2", True),
        ("2.0", ">=1.0,<2", False),
        ("0.9", ">=1.0,<2", False),
        ("1.0", "==1.0", True),
        ("1.10", ">1.9", True),
        ("1.0", "nonsense", False),
        ("1.0", "", True),
    ],
)
def test_the_sdk_range_decides_who_is_loaded(version: str, wanted: str, fits: bool) -> None:
    assert in_range(version, wanted) is fits
