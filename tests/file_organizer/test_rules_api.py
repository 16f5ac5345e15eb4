"""Rules through the API: kept, ordered, tried, and deciding in plans; everything can be taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import pdf, write
from tests.file_organizer.test_plans_api import items_of, make_plan, snapshot, where


@pytest.fixture
def module_engine(request: pytest.FixtureRequest) -> str:
    """Run these on SQLite, and those that ask for it on PostgreSQL too."""
    return str(getattr(request, "param", "sqlite"))


on_both = pytest.mark.parametrize(
    "module_engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture
def inbox(alice: Actor, tmp_path: Path) -> Path:
    """Give a folder with a few plain files."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Rechnung Strom 2025-04.pdf", pdf("Stadtwerke"))
    write(inbox / "Rechnung Gas.pdf", pdf("Gas"))
    write(inbox / "notes.txt", b"The quick brown fox wrote to the tax office")
    write(inbox / "debug.log", b"started")
    write(inbox / "keep.me.log", b"kept")
    return inbox


def volume(hub: Hub, actor: Actor) -> str:
    return str(hub.client(actor).get("/folders").json["items"][0]["volume_id"])


def add(hub: Hub, actor: Actor, title: str, conditions: list[dict[str, Any]], **action: Any) -> dict[str, Any]:
    answer = hub.client(actor).post(
        "/rules", json={"name": title, "body": {"conditions": conditions, "action": action}}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json
    return made


def named(how: str, *values: str) -> list[dict[str, Any]]:
    return [{"what": "name", "how": how, "values": list(values)}]


def ended(*values: str) -> list[dict[str, Any]]:
    return [{"what": "extension", "values": list(values)}]


def execute(hub: Hub, actor: Actor, plan: dict[str, Any]) -> str:
    client = hub.client(actor)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 1.0})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    return str(client.get(f"/plans/{plan['id']}").json["run_id"])


def test_a_rule_wins_and_says_so(hub: Hub, alice: Actor, inbox: Path) -> None:
    """The suggestion is certain, names the rule, and goes where it says; a file that no rule fits is thought about."""
    add(
        hub,
        alice,
        "Invoices",
        named("begins", "rechnung"),
        do="move",
        folder={"volume_id": volume(hub, alice), "path": "Bills/{year}"},
    )
    plan = make_plan(hub, alice, inbox)
    items = {item["source"]["path"]: item for item in items_of(hub, alice, plan["id"])}
    power = items["Inbox/Rechnung Strom 2025-04.pdf"]
    assert power["target"]["path"] == "Bills/2025/Rechnung Strom 2025-04.pdf"
    assert (power["confidence"], power["reason"], power["suggested_by"]) == (1.0, "Your rule 'Invoices'.", "owner_rule")
    assert items["Inbox/notes.txt"]["suggested_by"] == "rules"


def test_a_rule_wins_over_what_was_learned(hub: Hub, alice: Actor, inbox: Path) -> None:
    """Also after a person taught another folder."""
    client, here = hub.client(alice), volume(hub, alice)
    for number in range(3):
        write(inbox / f"Rechnung Wasser {number}.pdf", pdf("Wasser"))
        plan = make_plan(hub, alice, inbox)
        item = next(i for i in items_of(hub, alice, plan["id"]) if "Wasser" in i["source"]["path"])
        client.patch(f"/plans/{plan['id']}/items/{item['id']}", json={"folder": {"volume_id": here, "path": "Taught"}})
        client.post(f"/plans/{plan['id']}/execute", json={})
        hub.jobs.run_all()
    write(inbox / "Rechnung Wasser 9.pdf", pdf("Wasser"))
    source = "Inbox/Rechnung Wasser 9.pdf"
    assert where(items_of(hub, alice, make_plan(hub, alice, inbox)["id"]))[source].startswith("Taught/")
    add(hub, alice, "Water", named("contains", "wasser"), do="move", folder={"volume_id": here, "path": "Water"})
    assert where(items_of(hub, alice, make_plan(hub, alice, inbox)["id"]))[source].startswith("Water/")


def test_every_action_is_carried_out_and_taken_back(hub: Hub, alice: Actor, inbox: Path) -> None:
    """Moved, renamed, copied, trashed, left: each does it, the journal calls it by its name, undo restores all."""
    home, here = inbox.parent, volume(hub, alice)
    add(
        hub,
        alice,
        "Bills",
        named("is", "Rechnung Gas"),
        do="move",
        folder={"volume_id": here, "path": "Bills"},
        name="Gas",
    )
    add(hub, alice, "Keep", named("is", "keep.me.log"), do="leave")
    add(hub, alice, "Logs", ended("log"), do="trash")
    add(hub, alice, "Power", named("contains", "strom"), do="rename", name="{year} power")
    add(hub, alice, "Notes", ended("txt"), do="copy", folder={"volume_id": here, "path": "Copies"})
    before = snapshot(home)
    plan = make_plan(hub, alice, inbox)
    run_id = execute(hub, alice, plan)
    after = set(snapshot(home))
    assert after == {
        "Bills/Gas.pdf",
        "Copies/notes.txt",
        "Inbox/2025 power.pdf",
        "Inbox/keep.me.log",
        "Inbox/notes.txt",
    }
    assert plan["left_alone"]["one of your rules says so"]["count"] == 1
    actions = hub.client(alice).get("/actions", query_string={"run_id": run_id}).json["items"]
    assert sorted(a["op"] for a in actions if a["op"] != "mkdir") == ["copy", "move", "rename", "trash"]
    states = {item["state"] for item in items_of(hub, alice, plan["id"])}
    assert states == {"done"}
    hub.client(alice).post(f"/runs/{run_id}/undo", json={})
    hub.jobs.run_all()
    assert snapshot(home) == before
    assert {item["state"] for item in items_of(hub, alice, plan["id"])} == {"undone"}


def test_a_rule_that_asks_is_never_carried_out_by_itself(hub: Hub, alice: Actor, inbox: Path) -> None:
    """However sure Homie is, a person decides; so too where a placeholder has no value."""
    add(hub, alice, "Careful", ended("txt"), do="ask")
    add(hub, alice, "Camera", ended("log"), do="move", folder={"path": "{camera}"})
    client = hub.client(alice)
    answer = client.post("/plans", json={"path": str(inbox), "threshold": 0.0})
    hub.jobs.run_all()
    items = {i["source"]["path"]: i for i in items_of(hub, alice, answer.json["id"])}
    assert items["Inbox/notes.txt"]["state"] == "asking"
    assert items["Inbox/notes.txt"]["reason"].startswith("Your rule 'Careful' asks you.")
    assert items["Inbox/debug.log"]["state"] == "asking"
    assert "needs the camera of a picture" in items["Inbox/debug.log"]["reason"]


@on_both
def test_the_first_rule_decides_and_order_can_be_changed(hub: Hub, alice: Actor, inbox: Path) -> None:
    """The order is the list's; switching the first off lets the next decide; deleting can be taken back."""
    one = add(hub, alice, "One", ended("txt"), do="move", folder={"path": "One"})
    two = add(hub, alice, "Two", ended("txt"), do="move", folder={"path": "Two"})
    client = hub.client(alice)

    def goes() -> str:
        found = where(items_of(hub, alice, make_plan(hub, alice, inbox)["id"]))["Inbox/notes.txt"]
        return found.split("/")[1]

    assert goes() == "One"
    placed = client.post(f"/rules/{two['id']}/place", json={"index": 0}).json["items"]
    assert [rule["name"] for rule in placed] == ["Two", "One"]
    assert goes() == "Two"
    client.patch(f"/rules/{two['id']}", json={"enabled": False})
    assert goes() == "One"
    client.delete(f"/rules/{one['id']}")
    assert client.get(f"/rules/{one['id']}").status_code == 404
    assert goes() not in ("One", "Two")
    assert client.post(f"/rules/{one['id']}/restore", json={}).json["position"] == 1
    assert goes() == "One"


def test_two_people_who_edit_one_rule(hub: Hub, alice: Actor) -> None:
    """The second, who saw an older version, is told; nothing of the first's work is lost."""
    rule, client = add(hub, alice, "One", ended("txt"), do="trash"), hub.client(alice)
    assert client.patch(f"/rules/{rule['id']}", json={"name": "Mine", "version": 1}).json["version"] == 2
    late = client.patch(f"/rules/{rule['id']}", json={"name": "Yours", "version": 1})
    assert (late.status_code, late.json["error"]["code"]) == (409, "rule_changed")
    assert client.get(f"/rules/{rule['id']}").json["name"] == "Mine"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"conditions": [], "action": {"do": "trash"}}, "conditions"),
        ({"conditions": [{"what": "nonsense"}], "action": {"do": "trash"}}, "conditions"),
        ({"conditions": named("regex", "(?=a)"), "action": {"do": "trash"}}, "conditions"),
        ({"conditions": [{"what": "size"}], "action": {"do": "trash"}}, "conditions"),
        ({"conditions": [{"what": "size", "at_least": 1}], "action": {"do": "run", "command": "rm"}}, "action"),
        ({"conditions": [{"what": "size", "at_least": 1}], "action": {"do": "rename", "name": "../x"}}, "action"),
        ({"conditions": ended("pdf"), "action": {"do": "move", "folder": {"path": "a/../b"}}}, "action"),
    ],
)  # fmt: skip
def test_a_rule_that_makes_no_sense_is_refused(hub: Hub, alice: Actor, body: dict[str, Any], field: str) -> None:
    """One error that names the field; nothing is stored."""
    answer = hub.client(alice).post("/rules", json={"name": "Bad", "body": body})
    assert answer.status_code == 422
    assert any(field in problem["name"] for problem in answer.json["error"]["fields"]), answer.json
    assert hub.client(alice).get("/rules").json["items"] == []


@on_both
def test_trying_a_rule_tells_what_it_would_have_done_and_changes_nothing(hub: Hub, alice: Actor, inbox: Path) -> None:
    """Over the history and over a folder; the numbers are those of the files, and an earlier rule is named."""
    client, here, home = hub.client(alice), volume(hub, alice), inbox.parent
    plan = make_plan(hub, alice, inbox)
    for item in items_of(hub, alice, plan["id"]):
        folder = "Mine" if "Gas" in item["source"]["path"] else "Bills"
        client.patch(f"/plans/{plan['id']}/items/{item['id']}", json={"folder": {"volume_id": here, "path": folder}})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    write(inbox / "Rechnung neu.pdf", pdf("neu"))
    add(hub, alice, "Earlier", named("contains", "gas"), do="trash")
    before = snapshot(home), client.get("/rules").json, client.get("/plans").json, client.get("/runs").json
    body = {
        "conditions": named("begins", "rechnung"),
        "action": {"do": "move", "folder": {"volume_id": here, "path": "Bills"}},
    }
    found = client.post("/rules/try", json={"body": body, "path": str(inbox)}).json
    history = found["history"]
    assert (history["looked_at"], history["fits"], history["same"], history["elsewhere"]) == (5, 2, 1, 1)
    assert history["examples"][0]["did"]["path"] == "Mine/Rechnung Gas.pdf"
    assert history["examples"][0]["would"]["path"] == "Bills/Rechnung Gas.pdf"
    assert [(one["name"], one["files"]) for one in history["earlier"]] == [("Earlier", 1)]
    folder = found["folder"]
    assert (folder["looked_at"], folder["fits"]) == (1, 1)
    assert folder["examples"][0]["target"]["path"] == "Bills/Rechnung neu.pdf"
    assert (snapshot(home), client.get("/rules").json, client.get("/plans").json, client.get("/runs").json) == before


def test_what_the_history_cannot_tell_is_counted_as_such(hub: Hub, alice: Actor, inbox: Path) -> None:
    """A rule about the text inside is not said to fit none of them."""
    plan = make_plan(hub, alice, inbox)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    body = {"conditions": [{"what": "text", "values": ["fox"]}], "action": {"do": "ask"}}
    history = client.post("/rules/try", json={"body": body}).json["history"]
    assert history["fits"] == 0
    assert history["unknown"] == history["looked_at"] > 0


def test_text_inside_decides_in_a_plan(hub: Hub, alice: Actor, inbox: Path) -> None:
    """All words of the rule, in any order; with looking inside switched off, it decides nothing."""
    condition = [{"what": "text", "values": ["office tax fox"]}]
    add(hub, alice, "Fox", condition, do="move", folder={"path": "Foxes"})
    found = where(items_of(hub, alice, make_plan(hub, alice, inbox)["id"]))
    assert found["Inbox/notes.txt"] == "Inbox/Foxes/notes.txt"
    hub.client(alice).patch("/settings", json={"look_inside": False})
    found = where(items_of(hub, alice, make_plan(hub, alice, inbox)["id"]))
    assert found.get("Inbox/notes.txt") != "Inbox/Foxes/notes.txt"


def test_rules_of_another_person_decide_nothing(hub: Hub, alice: Actor, bob: Actor, inbox: Path) -> None:
    """Not their rules, not their folders; a rule whose folder is open no more asks instead."""
    add(hub, bob, "Bob's", ended("txt"), do="trash")
    stolen = {
        "conditions": ended("log"),
        "action": {"do": "move", "folder": {"volume_id": volume(hub, bob), "path": "S"}},
    }
    assert hub.client(alice).post("/rules", json={"name": "Into Bob's", "body": stolen}).status_code == 403
    extra = inbox.parent.parent / "extra"
    extra.mkdir()
    root = hub.roots.grant("alice", extra)
    add(hub, alice, "Was open", ended("log"), do="move", folder={"volume_id": root.volume_id, "path": "Extra"})
    hub.roots.take_back("alice")
    hub.roots.grant("alice", inbox.parent)
    items = {i["source"]["path"]: i for i in items_of(hub, alice, make_plan(hub, alice, inbox)["id"])}
    assert items["Inbox/notes.txt"]["suggested_by"] != "owner_rule"
    log = items["Inbox/debug.log"]
    assert log["state"] == "asking"
    assert "not open to Homie" in log["reason"]
    assert log["target"]["volume_id"] == volume(hub, alice)
    here = {"body": {"conditions": ended("txt"), "action": {"do": "ask"}}}
    stranger = hub.client(bob)
    mine = hub.client(alice).get("/rules").json["items"][0]["id"]
    assert stranger.post("/rules/try", json=here | {"path": str(inbox)}).status_code == 403
    assert stranger.post("/rules/try", json=here | {"rule_id": mine}).status_code == 404


def test_companions_follow_a_renamed_file(hub: Hub, alice: Actor, inbox: Path) -> None:
    """A sidecar takes the new name of what it belongs to."""
    write(inbox / "film.mkv", b"\x1aE\xdf\xa3 film")
    write(inbox / "film.srt", b"1\n00:00 --> 00:01\nHello\n")
    add(hub, alice, "Films", ended("mkv"), do="move", folder={"path": "Films"}, name="The film")
    found = where(items_of(hub, alice, make_plan(hub, alice, inbox)["id"]))
    assert found["Inbox/film.mkv"] == "Inbox/Films/The film.mkv"
    assert found["Inbox/film.srt"] == "Inbox/Films/The film.srt"


def test_an_export_comes_in_again_as_it_was(hub: Hub, alice: Actor, inbox: Path) -> None:
    """Names, switches, order and meaning; a preview stores nothing."""
    client = hub.client(alice)
    add(hub, alice, "One", named("glob", "a*"), do="trash")
    two = add(hub, alice, "Two", ended("txt"), do="move", folder={"volume_id": volume(hub, alice), "path": "{year}"})
    client.patch(f"/rules/{two['id']}", json={"enabled": False})
    document = client.get("/rules/export").data.decode()
    for rule in client.get("/rules").json["items"]:
        client.delete(f"/rules/{rule['id']}")
    assert len(client.post("/rules/import", json={"text": document, "preview": True}).json["rules"]) == 2
    assert client.get("/rules").json["items"] == []
    assert client.post("/rules/import", json={"text": document}).json["notes"] == []
    assert client.get("/rules/export").data.decode() == document


def test_rules_about_folders_of_another_home_come_in_switched_off(hub: Hub, alice: Actor, bob: Actor) -> None:
    """They are kept for changing, with a note, and decide nothing meanwhile."""
    add(hub, alice, "One", ended("txt"), do="move", folder={"volume_id": volume(hub, alice), "path": "A"})
    document = hub.client(alice).get("/rules/export").data.decode()
    answer = hub.client(bob).post("/rules/import", json={"text": document}).json
    assert [rule["enabled"] for rule in answer["created"]] == [False]
    assert len(answer["notes"]) == 1


def test_what_was_to_be_trashed_can_be_sent_elsewhere_and_back(hub: Hub, alice: Actor, inbox: Path) -> None:
    """Redirected, it is moved; with that decision taken back, it waits for the trash again; nothing goes by mistake."""
    add(hub, alice, "Logs", ended("log"), do="trash")
    client, here = hub.client(alice), volume(hub, alice)
    plan = make_plan(hub, alice, inbox)
    item = next(i for i in items_of(hub, alice, plan["id"]) if i["source"]["path"] == "Inbox/debug.log")
    assert (item["op"], item["target"]) == ("trash", item["source"])
    place = {"folder": {"volume_id": here, "path": "Logs"}}
    sent = client.patch(f"/plans/{plan['id']}/items/{item['id']}", json=place).json
    assert (sent["op"], sent["target"]["path"]) == ("move", "Logs/debug.log")
    version = client.get(f"/plans/{plan['id']}").json["version"]
    client.post(f"/plans/{plan['id']}/take-back", json={"version": version})
    back = client.get(f"/plans/{plan['id']}/items/{item['id']}").json
    assert (back["op"], back["target"], back["state"]) == ("trash", item["source"], "suggested")


def test_a_copied_page_leaves_its_folder_where_it_is(hub: Hub, alice: Actor, inbox: Path) -> None:
    """Copying is of files: nothing of the original moves along."""
    write(inbox / "page.html", b"<html><body>Hello</body></html>")
    write(inbox / "page_files" / "style.css", b"body {}")
    add(hub, alice, "Pages", ended("html"), do="copy", folder={"path": "Pages"})
    execute(hub, alice, make_plan(hub, alice, inbox))
    files = snapshot(inbox)
    assert {"page.html", "page_files/style.css", "Pages/page.html"} <= set(files)
