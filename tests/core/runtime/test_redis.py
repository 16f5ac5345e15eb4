"""With Redis by setting alone, several web processes serve one household: sockets, limits, missed events."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.core.event_bus import ForeignEvent
from backend.core.jobs.redis_channel import RedisEventSender
from tests.core.runtime.conftest import PASSWORD, Ear, Person, eventually, make_hub, person, second_person
from tests.hub import Hub
from tests.redis_server import RedisServer

pytestmark = [pytest.mark.redis, pytest.mark.usefixtures("installation_engine")]


@pytest.fixture
def two_hubs(tmp_path: Path, redis_server: RedisServer) -> Iterator[tuple[Hub, Hub, Person]]:
    """Two servers on one data directory, each with a run folder of its own, and the first person."""
    shared = {"HOMIE_REDIS_URL": redis_server.url}
    one = make_hub(tmp_path, HOMIE_RUN_FOLDER=str(tmp_path / "run1"), **shared)
    two = make_hub(tmp_path, HOMIE_RUN_FOLDER=str(tmp_path / "run2"), **shared)
    with one:
        anna = person(one, one.set_up("anna", PASSWORD))
        with two:
            yield one, two, anna


def test_events_of_one_process_reach_sockets_of_the_other_and_nobody_else(two_hubs: tuple[Hub, Hub, Person]) -> None:
    one, two, anna = two_hubs
    bert = second_person(one, anna, "bert")
    listener, other = Ear(two, anna.token).connect(), Ear(two, bert.token).connect()
    for n in range(50):
        anna.add_note(f"note {n}")
    eventually(lambda: len(listener.texts()) == 50)
    assert listener.texts() == [f"note {n}" for n in range(50)]
    bert.add_note("bert's own")
    eventually(lambda: other.texts() == ["bert's own"])
    listener.close()
    other.close()


def test_a_client_may_come_back_at_the_other_process(two_hubs: tuple[Hub, Hub, Person]) -> None:
    one, two, anna = two_hubs
    cursor = one.get("/api/v1/events", token=anna.token).json["cursor"]
    anna.add_note("missed")
    eventually(lambda: one.get(f"/api/v1/events?after={cursor}", token=anna.token).json["items"])
    back = Ear(two, anna.token).connect(cursors={anna.space: cursor})
    back.wait_for("event")
    assert back.texts() == ["missed"]
    back.close()


def test_a_limit_counts_over_all_processes(tmp_path: Path, redis_server: RedisServer) -> None:
    """Asking each server in turn gives nobody more than one server would."""
    settings = {"HOMIE_REDIS_URL": redis_server.url, "HOMIE_ANONYMOUS_PER_MINUTE": "20"}
    one = make_hub(tmp_path, HOMIE_RUN_FOLDER=str(tmp_path / "run1"), **settings)
    two = make_hub(tmp_path, HOMIE_RUN_FOLDER=str(tmp_path / "run2"), **settings)
    with one, two:
        answers = [hub.get("/api/v1/modules").status for _ in range(30) for hub in (one, two)]
    assert set(answers) == {401, 429}
    assert answers.count(401) <= 25, "each process counted for itself"


def test_missed_events_survive_a_restart(tmp_path: Path, redis_server: RedisServer) -> None:
    hub = make_hub(tmp_path, HOMIE_REDIS_URL=redis_server.url)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        cursor = hub.get("/api/v1/events", token=anna.token).json["cursor"]
        anna.add_note("missed")
        eventually(lambda: hub.get(f"/api/v1/events?after={cursor}", token=anna.token).json["items"])
        hub.stop()
    with hub:
        back = Ear(hub, hub.log_in("anna", PASSWORD)).connect(cursors={anna.space: cursor})
        eventually(lambda: "missed" in back.texts())
        assert not back.all("reload")
        back.close()


def test_a_restart_after_a_kill_trusts_no_cursor(tmp_path: Path, redis_server: RedisServer) -> None:
    """What the killed process had committed and not told yet is nowhere but in the rows."""
    hub = make_hub(tmp_path, HOMIE_REDIS_URL=redis_server.url)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        cursor = hub.get("/api/v1/events", token=anna.token).json["cursor"]
        hub.kill()
    with hub:
        back = Ear(hub, hub.log_in("anna", PASSWORD)).connect(cursors={anna.space: cursor})
        back.wait_for("reload")
        back.close()


def test_a_restart_trusts_no_cursor_when_a_worker_elsewhere_spoke_meanwhile(
    tmp_path: Path, redis_server: RedisServer
) -> None:
    hub = make_hub(tmp_path, HOMIE_REDIS_URL=redis_server.url)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        cursor = hub.get("/api/v1/events", token=anna.token).json["cursor"]
        hub.stop()
    sender = RedisEventSender(redis_server.url)
    sender.send(
        ForeignEvent({"name": "note.added", "owner_id": anna.space, "event_id": "e1", "occurred_at": "2026-12-01"})
    )
    sender.close()
    with hub:
        back = Ear(hub, hub.log_in("anna", PASSWORD)).connect(cursors={anna.space: cursor})
        back.wait_for("reload")
        back.close()


def test_a_session_ended_at_one_process_loses_its_socket_at_the_other(two_hubs: tuple[Hub, Hub, Person]) -> None:
    one, two, _ = two_hubs
    token = one.log_in("anna", PASSWORD)
    listener = Ear(two, token).connect()
    assert one.post("/api/v1/accounts/logout", {}, token=token).status in (200, 204)
    listener.wait_for("logged_out")
    listener.close()


def test_a_redis_that_goes_away_does_not_take_the_hub_along(tmp_path: Path, redis_server: RedisServer) -> None:
    """Requests go on; events that could not be kept are missing, and clients are told to reload when it is back."""
    hub = make_hub(tmp_path, HOMIE_REDIS_URL=redis_server.url)
    with hub:
        anna: Person = person(hub, hub.set_up("anna", PASSWORD))
        cursor = hub.get("/api/v1/events", token=anna.token).json["cursor"]
        redis_server.stop()
        try:
            assert hub.get("/healthz").status == 200
            anna.add_note("written without redis")
            assert anna.notes() == ["written without redis"]
        finally:
            redis_server.start()
        assert hub.get(f"/api/v1/events?after={cursor}", token=anna.token).json["reload"] is True
        anna.add_note("and after")
        listener = Ear(hub, anna.token).connect()
        anna.add_note("heard")
        eventually(lambda: "heard" in listener.texts())
        listener.close()
