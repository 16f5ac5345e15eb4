"""Sockets: who may connect, whose events arrive, what a client that was away gets, and when it is sent away."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import socketio

from tests.core.runtime.conftest import PASSWORD, Ear, Person, eventually, make_hub, person, second_person, shut
from tests.hub import Hub

pytestmark = pytest.mark.usefixtures("installation_engine")


@pytest.mark.parametrize("token", [None, "", "hma_" + "x" * 43, 7, {"a": 1}])
def test_without_a_valid_token_no_socket_opens(hub: Hub, token: object) -> None:
    client = socketio.Client(reconnection=False)
    with pytest.raises(socketio.exceptions.ConnectionError):
        client.connect(hub.url, auth={"token": token}, transports=["websocket"])
    shut(client)


def test_ready_names_the_spaces_and_their_cursors(anna: Person, ear: Callable[..., Ear]) -> None:
    ready = ear(anna.token).connect().wait_for("ready")
    assert anna.space in ready["spaces"]
    assert set(ready["cursors"]) == set(ready["spaces"])


def test_a_thousand_events_of_two_people_never_cross(anna: Person, bert: Person, ear: Callable[..., Ear]) -> None:
    """Each socket gets exactly the events of its person's spaces, all of them, in order of their cursors."""
    ears = {"anna": ear(anna.token).connect(), "bert": ear(bert.token).connect()}
    people = {"anna": anna, "bert": bert}
    rng = random.Random(20_260)
    plan = [(rng.choice(["anna", "bert"]), n) for n in range(1000)]
    failures: list[BaseException] = []

    def write(part: list[tuple[str, int]]) -> None:
        try:
            for name, n in part:
                people[name].add_note(f"{name}-{n}")
        except BaseException as error:
            failures.append(error)

    writers = [threading.Thread(target=write, args=(plan[k::4],)) for k in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    for name, listener in ears.items():
        wanted = {f"{name}-{n}" for who, n in plan if who == name}
        eventually(lambda listener=listener, wanted=wanted: wanted <= set(listener.texts()))
        assert set(listener.texts()) == wanted
        assert len(listener.texts()) == len(wanted)
        numbers = [int(event["cursor"].partition("-")[2]) for event in listener.all("event")]
        assert numbers == sorted(numbers)
        assert {event["owner_id"] for event in listener.all("event")} == {people[name].space}


def test_a_client_that_was_away_gets_what_it_missed(anna: Person, ear: Callable[..., Ear]) -> None:
    first = ear(anna.token).connect()
    anna.add_note("seen")
    cursor = first.wait_for("event")["cursor"]
    first.close()
    for text in ("missed 1", "missed 2"):
        anna.add_note(text)
    back = ear(anna.token).connect(cursors={anna.space: cursor})
    back.wait_for("event", 2)
    assert back.texts() == ["missed 1", "missed 2"]
    assert not back.all("reload")
    # the same over plain HTTP, and again on demand
    items = anna.hub.get(f"/api/v1/events?after={cursor}", token=anna.token).json["items"]
    assert [item["payload"]["text"] for item in items] == ["missed 1", "missed 2"]
    answer = back.client.call("resume", {"cursors": {anna.space: cursor}})
    assert answer["ok"] is True
    assert back.texts() == ["missed 1", "missed 2"] * 2


@pytest.mark.parametrize("cursor", ["nonsense", "0123456789ab-1", "", "a-b-c", "-1", "x" * 1000])
def test_an_unknown_cursor_means_reload(anna: Person, ear: Callable[..., Ear], cursor: str) -> None:
    listener = ear(anna.token).connect(cursors={anna.space: cursor})
    assert listener.wait_for("reload")["owner_id"] == anna.space
    assert not listener.all("event")


def test_cursors_of_foreign_spaces_are_ignored(anna: Person, bert: Person, ear: Callable[..., Ear]) -> None:
    cursor = anna.hub.get("/api/v1/events", token=anna.token).json["cursor"]
    anna.add_note("for anna only")
    listener = ear(bert.token).connect(cursors={anna.space: cursor})
    assert anna.space not in listener.wait_for("ready")["cursors"]
    answer = listener.client.call("resume", {"cursors": {anna.space: cursor}})
    assert anna.space not in answer["cursors"]
    assert listener.texts() == []
    assert anna.hub.get(f"/api/v1/events?space={anna.space}", token=bert.token).status == 404


def test_after_a_restart_clients_are_told_to_reload(tmp_path: Path) -> None:
    hub = make_hub(tmp_path)
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        anna.add_note("before")
        cursor = hub.get("/api/v1/events", token=anna.token).json["cursor"]
        hub.stop()
    with hub:
        back = Ear(hub, hub.log_in("anna", PASSWORD)).connect(cursors={anna.space: cursor})
        assert back.wait_for("reload")["owner_id"] == anna.space
        back.close()


def test_a_revoked_device_loses_its_socket(hub: Hub, anna: Person, ear: Callable[..., Ear]) -> None:
    other = hub.log_in("anna", PASSWORD)
    listener = ear(other).connect()
    assert hub.post("/api/v1/accounts/logout", {}, token=other).status in (200, 204)
    assert listener.wait_for("logged_out") == {"reason": "session_ended"}
    listener.wait_for("disconnect")
    anna.add_note("after the log-out")
    assert "after the log-out" not in listener.texts()


def test_an_erased_membership_ends_the_room(hub: Hub, anna: Person, bert: Person, ear: Callable[..., Ear]) -> None:
    """Who joins a space hears it at once, who leaves it hears nothing any more."""
    made = hub.post("/api/v1/accounts/spaces", {"name": "Allotment"}, token=anna.token)
    assert made.status == 201, made.body
    space = made.json["id"]
    listener = ear(bert.token).connect()
    code = hub.post("/api/v1/accounts/invitations", {"space_id": space}, token=anna.token).json["code"]
    joined = hub.post("/api/v1/accounts/invitations/join", {"code": code}, token=bert.token)
    assert joined.status == 200, joined.body
    assert space in listener.wait_for("access_changed")["spaces"]
    writer = {"X-Homie-Space": space}
    hub.post("/api/v1/good/notes", {"text": "together"}, token=anna.token, headers=writer)
    eventually(lambda: "together" in listener.texts())
    me = hub.get("/api/v1/accounts/me", token=bert.token).json["person"]["id"]
    removed = hub.request("DELETE", f"/api/v1/accounts/spaces/{space}/members/{me}", token=anna.token)
    assert removed.status == 204, removed.body
    assert space not in listener.wait_for("access_changed", 2)["spaces"]
    hub.post("/api/v1/good/notes", {"text": "alone again"}, token=anna.token, headers=writer)
    bert.add_note("a later event, to know that the earlier one is not just late")
    eventually(lambda: any(text.startswith("a later event") for text in listener.texts()))
    assert "alone again" not in listener.texts()


def test_switching_starts_the_module_and_confirms(hub: Hub, anna: Person, ear: Callable[..., Ear]) -> None:
    listener = ear(anna.token).connect()
    assert listener.client.call("switch_module", {"module": "quiet"})["ok"] is True
    assert listener.wait_for("module_switched") == {"module": "quiet", "api": "/api/v1/quiet"}
    assert hub.get("/api/v1/modules/quiet", token=anna.token).json["state"] == "running"
    answer = listener.client.call("switch_module", {"module": "bad_setup"})
    assert answer["error"]["code"] == "module_failed"
    assert listener.wait_for("module_failed")["module"] == "bad_setup"
    for wrong in ({"module": "none"}, {"module": None}, {}, None, "text", [1]):
        assert "error" in listener.client.call("switch_module", wrong)


def test_an_unknown_event_is_answered_not_executed(anna: Person, ear: Callable[..., Ear]) -> None:
    listener = ear(anna.token).connect()
    assert listener.client.call("delete_everything", {})["error"]["code"] == "unknown_event"


def test_a_client_that_floods_is_slowed_and_others_are_not(tmp_path: Path) -> None:
    hub = make_hub(tmp_path, HOMIE_SOCKET_BURST="10", HOMIE_SOCKET_EVENTS_PER_SECOND="0.01")
    with hub:
        anna = person(hub, hub.set_up("anna", PASSWORD))
        bert = second_person(hub, anna, "bert")
        loud, quiet = Ear(hub, anna.token).connect(), Ear(hub, bert.token).connect()
        for _ in range(15):
            loud.client.emit("resume", {"cursors": {}})
        assert loud.wait_for("rate_limited")["retry_after"] > 0
        assert quiet.client.call("resume", {"cursors": {}})["ok"] is True
        for _ in range(250):
            if not loud.client.connected:
                break
            loud.client.emit("resume", {})
        loud.wait_for("disconnect")
        assert quiet.client.connected
        loud.close()
        quiet.close()


def test_an_oversized_message_ends_only_its_own_socket(hub: Hub, anna: Person, ear: Callable[..., Ear]) -> None:
    listener, other = ear(anna.token).connect(), ear(anna.token).connect()
    listener.client.emit("resume", {"cursors": {"x": "y" * 200_000}})
    listener.wait_for("disconnect")
    assert other.client.call("resume", {"cursors": {}})["ok"] is True
