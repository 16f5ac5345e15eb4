"""The server starts healthy, starts again, refuses to start twice, and stops without cutting anybody off."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.core.runtime.conftest import PASSWORD, Ear, eventually, make_hub, person
from tests.hub import PATIENCE, ROOT, Hub

pytestmark = pytest.mark.usefixtures("installation_engine")


def run_main(hub: Hub, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a server that is expected to end by itself."""
    import os

    settings = {name: value for name, value in os.environ.items() if not name.startswith("HOMIE_")}
    settings |= {"HOMIE_DATA_DIR": str(hub.data_dir), "HOMIE_PORT": str(hub.port), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        [sys.executable, "-m", "backend.main"],
        cwd=ROOT, env=settings | environment, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip


def assert_no_crash(hub: Hub) -> None:
    """The one sample module that cannot even be declared is the only one to leave a trace in the log."""
    traces = [line for line in hub.log.splitlines() if "Traceback" in line]
    assert all('"module": "bad_spec"' in line for line in traces), traces


def test_it_starts_says_where_and_leaves_no_ready_file_behind(tmp_path: Path) -> None:
    hub = make_hub(tmp_path)
    with hub:
        eventually((hub.data_dir / "run" / "ready").exists)
        ready = json.loads((hub.data_dir / "run" / "ready").read_text())
        assert ready["address"] == hub.url
        eventually(lambda: f"ready at {hub.url}" in hub.log)  # it is said a moment after the file is there
        assert hub.setup_code()
        assert (hub.data_dir / "secrets").stat().st_mode & 0o777 == 0o700
        assert (hub.data_dir / "run").stat().st_mode & 0o777 == 0o700
        assert hub.stop() == 0
    assert not (hub.data_dir / "run" / "ready").exists()
    assert_no_crash(hub)


def test_a_second_start_finds_the_account_and_prints_no_code(tmp_path: Path) -> None:
    hub = make_hub(tmp_path)
    with hub:
        hub.set_up("anna", PASSWORD)
        hub.stop()
    before = len(hub.log)
    with hub:
        assert hub.log_in("anna", PASSWORD)
        assert "Set-up code" not in hub.log[before:]


def test_kill_9_does_not_hinder_the_next_start(tmp_path: Path) -> None:
    hub = make_hub(tmp_path, HOMIE_WORKERS="1")
    with hub:
        token = hub.set_up("anna", PASSWORD)
        anna = person(hub, token)
        anna.add_note("kept")
        hub.kill()
    with hub:
        assert person(hub, hub.log_in("anna", PASSWORD)).notes() == ["kept"]


def test_two_servers_never_share_a_data_directory(tmp_path: Path) -> None:
    with make_hub(tmp_path) as hub:
        second = run_main(hub, HOMIE_PORT="0")
        assert second.returncode == 1
        assert "already running" in second.stderr
        assert "Traceback" not in second.stderr
        assert hub.get("/healthz").status == 200


def test_a_taken_port_is_named_with_the_remedy(tmp_path: Path) -> None:
    with make_hub(tmp_path) as hub:
        second = run_main(Hub(tmp_path / "other", port=hub.port))
        assert second.returncode == 1
        assert str(hub.port) in second.stderr
        assert "HOMIE_PORT" in second.stderr
        assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HOMIE_PORT", "99999"),
        ("HOMIE_LOG_LEVEL", "loud"),
        ("HOMIE_CORS_ORIGINS", "*"),
        ("HOMIE_TRUSTED_PROXIES", "nonsense"),
    ],
)
def test_a_bad_setting_is_named(tmp_path: Path, name: str, value: str) -> None:
    ended = run_main(Hub(tmp_path / "data"), **{name: value})
    assert ended.returncode == 1
    assert name in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_lets_a_request_in_flight_finish(tmp_path: Path, how: signal.Signals) -> None:
    """A request that is being answered when the stop comes gets its answer; new ones are not taken."""
    hub = make_hub(tmp_path, HOMIE_SHUTDOWN_SECONDS="30")
    with hub:
        token = hub.set_up("anna", PASSWORD)
        ear = Ear(hub, token).connect()
        statuses: list[int] = []
        slow = "/api/v1/good/notes/slow?seconds=1.5"
        request = threading.Thread(target=lambda: statuses.append(hub.get(slow, token=token, timeout=PATIENCE).status))
        request.start()
        eventually((hub.data_dir / "modules" / "good" / "slow").exists)
        code = hub.stop(how)
        request.join()
        assert statuses == [204]
        assert code == 0
        assert ear.wait_for("bye") == {"reason": "shutdown"}
        ear.wait_for("disconnect")
        ear.close()
    assert (hub.data_dir / "modules" / "good" / "stopped").exists()
    assert_no_crash(hub)


def test_idle_connections_do_not_delay_the_stop(tmp_path: Path) -> None:
    """A stop that would wait for idle keep-alive connections would need all of `shutdown_seconds`."""
    import http.client

    hub = make_hub(tmp_path, HOMIE_SHUTDOWN_SECONDS="3600")
    with hub:
        connection = http.client.HTTPConnection("127.0.0.1", hub.port, timeout=PATIENCE)
        connection.request("GET", "/healthz")
        assert connection.getresponse().read()
        assert hub.stop() == 0
        connection.close()


def test_a_blocking_call_does_not_stop_the_others(tmp_path: Path) -> None:
    """While one request blocks a native thread for three seconds, others are answered before it ends."""
    with make_hub(tmp_path) as hub:
        token = hub.set_up("anna", PASSWORD)
        ended: list[str] = []

        def block() -> None:
            hub.get("/api/v1/good/notes/blocking?seconds=3", token=token, timeout=PATIENCE)
            ended.append("blocking")

        blocked = threading.Thread(target=block)
        blocked.start()
        eventually((hub.data_dir / "modules" / "good" / "blocking").exists)
        for _ in range(5):
            assert hub.get("/healthz").status == 200
            assert hub.get("/api/v1/good/notes", token=token).status == 200
        ended.append("others")
        blocked.join()
        assert ended == ["others", "blocking"]
