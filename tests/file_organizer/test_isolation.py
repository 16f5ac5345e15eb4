"""Another person sees nothing: the same answer for what is not theirs as for what does not exist."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.test_plans_api import items_of, make_plan


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


NOWHERE = "01900000-0000-7000-8000-000000000000"
BODIES: dict[str, dict[str, Any]] = {
    "accept": {"everything": True},
    "reject": {"everything": True},
    "execute": {},
    "undo": {},
    "take-back": {"version": 1},
    "items": {"decision": "accept"},
    "why": {"language": "en"},
    "other-ideas": {"item_ids": ["01900000-0000-7000-8000-000000000000"]},
    "drives": {"purpose": "films"},
    "answer": {"decision": "copy"},
    "watched": {"paused": True},
    "look": {},
    "groups": {"leave": True},
    "files": {"keep": True},
    "destinations": {"purpose": "films"},
    "rules": {"enabled": False},
    "place": {"index": 0},
    "leave": {"item_ids": [NOWHERE]},
    "apply": {"item_ids": [NOWHERE]},
}
RULE = {
    "name": "Papers",
    "body": {
        "conditions": [{"what": "extension", "values": ["pdf"]}],
        "action": {"do": "move", "folder": {"path": "Papers"}},
    },
}


def executed_plan(hub: Hub, alice: Actor, downloads: Path) -> dict[str, Any]:
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    client.post("/drives/refresh")
    found: dict[str, Any] = client.get(f"/plans/{plan['id']}").json
    return found


def found_copies(hub: Hub, alice: Actor, downloads: Path) -> dict[str, str]:
    """Let Alice find copies; return what the parameters of the API's paths are for hers."""
    for name in ("a letter.txt", "a letter (1).txt"):
        (downloads / name).write_text("Dear Bob")
    client = hub.client(alice)
    search = client.post("/duplicates/searches", json={"pictures": False}).json
    hub.jobs.run_all()
    group = client.get(f"/duplicates/searches/{search['id']}/groups").json["items"][0]
    clean = client.post("/clean/searches", json={}).json
    hub.jobs.run_all()
    return {
        "<clean_id>": clean["id"],
        "<search_id>": search["id"],
        "<group_id>": group["id"],
        "<file_id>": group["copies"][0]["id"],
    }


def test_lists_show_ones_own_only(hub: Hub, alice: Actor, bob: Actor, downloads: Path) -> None:
    """Visible to Alice, invisible to Bob, list by list. A drive that holds folders of both is a row for each."""
    executed_plan(hub, alice, downloads)
    found_copies(hub, alice, downloads)
    hub.client(alice).post("/rules", json=RULE)
    for path in (
        *("/plans", "/runs", "/actions", "/destinations", "/series", "/learned"),
        *("/rules", "/duplicates/searches", "/clean/searches"),
    ):
        assert hub.client(alice).get(path).json["items"], path
        assert hub.client(bob).get(path).json["items"] == [], path
    hers, his = (hub.client(who).get("/drives").json["items"] for who in (alice, bob))
    assert len(hers) == len(his) == 1
    assert hers[0]["id"] != his[0]["id"]
    hub.client(alice).patch(f"/drives/{hers[0]['id']}", json={"purpose": "films"})
    assert hub.client(bob).get("/drives").json["items"] == his
    mine = {row["path"] for row in hub.client(bob).get("/folders").json["items"]}
    assert mine == {str(downloads.parent.parent / "bob")}


def test_another_persons_id_is_as_unknown_as_no_id(hub: Hub, alice: Actor, bob: Actor, downloads: Path) -> None:
    """Each operation of the API that takes an id answers Bob the same 404 for Alice's id and for none."""
    from backend.file_organizer.api import build_api

    plan = executed_plan(hub, alice, downloads)
    fresh = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    ids = {
        "plans": fresh["id"],
        "items": items_of(hub, alice, fresh["id"])[0]["id"],
        "runs": plan["run_id"],
        "actions": client.get("/actions").json["items"][0]["id"],
        "destinations": client.get("/destinations").json["items"][0]["id"],
        "series": client.get("/series").json["items"][0]["id"],
        "learned": client.get("/learned").json["items"][0]["id"],
        "drives": client.get("/drives").json["items"][0]["id"],
        "watched": client.post("/watched", json={"path": str(downloads)}).json["id"],
        "ai": client.put("/ai/folders", json={"path": str(downloads), "rule": "nothing"}).json["id"],
        "rules": client.post("/rules", json=RULE).json["id"],
        "projects": client.post("/projects", json={"path": str(downloads)}).json["id"],
    }
    more = found_copies(hub, alice, downloads)
    stranger, walked = hub.client(bob), 0
    for group in build_api(hub.ctx, hub.organizer).groups:
        for operation in group.operations:
            rule = group.url_prefix + operation.rule
            if "<" not in rule:
                continue
            kind = rule.split("/")[1]
            answers = []
            for known in (True, False):
                path = rule.replace("<plan_id>", ids["plans"] if known else NOWHERE)
                path = path.replace("<item_id>", ids["items"] if known else NOWHERE)
                for name, value in more.items():
                    path = path.replace(name, value if known else NOWHERE)
                path = path.replace("<id>", ids.get(kind, NOWHERE) if known else NOWHERE)
                body = BODIES.get(rule.rsplit("/", 1)[-1]) or BODIES.get(rule.split("/")[-2]) or {}
                send = {"json": body} if operation.method in ("POST", "PATCH", "PUT") else {}
                answer = stranger.open(path, method=operation.method, **send)
                answers.append((answer.status_code, answer.json["error"]["code"], answer.json["error"]["message"]))
            assert answers[0] == answers[1], rule
            assert answers[0][0] == 404, (rule, answers)
            walked += 1
    assert walked >= 14
    assert hub.jobs.queue == []


def test_another_persons_folders_cannot_be_named(hub: Hub, alice: Actor, bob: Actor, downloads: Path) -> None:
    """Neither by path nor by volume id; and never as a destination."""
    stranger = hub.client(bob)
    volume = hub.client(alice).get("/folders").json["items"][0]["volume_id"]
    own = downloads.parent.parent / "bob" / "Inbox"
    own.mkdir()
    (own / "a.txt").write_text("hello")
    assert stranger.post("/plans", json={"path": str(downloads)}).status_code == 403
    assert stranger.post("/plans", json={"path": str(own), "into": str(downloads)}).status_code == 403
    assert stranger.get("/folders/content", query_string={"volume_id": volume}).status_code == 403
    assert stranger.post("/undo/file", json={"path": str(downloads / "song.mp3")}).status_code == 403
    plan = make_plan(hub, bob, own)
    (item,) = items_of(hub, bob, plan["id"])
    place = {"volume_id": volume, "path": "Downloads"}
    assert stranger.patch(f"/plans/{plan['id']}/items/{item['id']}", json={"folder": place}).status_code == 403


def test_a_grant_taken_back_stops_a_plan(hub: Hub, alice: Actor, downloads: Path) -> None:
    """An accepted plan moves nothing once its folder is no longer granted."""
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    hub.roots.take_back("alice")
    assert client.post(f"/plans/{plan['id']}/execute", json={}).status_code == 409
    assert (downloads / "song.mp3").exists()


def test_events_name_their_owner(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Every event of the flow belongs to the space whose files moved."""
    executed_plan(hub, alice, downloads)
    assert {event.owner_id for event in hub.bus.events} == {"alice"}
    names = {event.name for event in hub.bus.events}
    assert {"file_organizer.plan_ready", "file_organizer.plan_executed", "file_organizer.drive_added"} <= names
