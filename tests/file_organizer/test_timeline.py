"""The timeline: who, why, from where to where; search is set equality; one file's story; nobody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert

from backend.file_organizer.base import Base
from backend.file_organizer.execution.journal import search_key
from backend.file_organizer.execution.journal_models import FileAction, Run
from backend.file_organizer.timeline import KINDS, Timeline, Wanted
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import VolumePath
from backend.sdk.finding import fold
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import pdf, write
from tests.file_organizer.test_plans_api import items_of, make_plan

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
FOLDERS = ("Inbox", "Bills/2025", "Bills 2025", "Müll", "a_b", "a%b")
NAMES = ("Rechnung Müller.pdf", "rechnung.PDF", "photo.jpg", "a_b.txt", "100%.txt")
WORDS = ("rechnung", "muller", "MÜLL", "bills 2025", "a_b", "%", "jpg inbox", "nothing", "_")
OPS = ("move", "rename", "copy", "trash", "extract", "compress", "restore", "mkdir")

ACTION = st.fixed_dictionaries(
    {
        "op": st.sampled_from(OPS),
        "source": st.sampled_from(FOLDERS),
        "target": st.sampled_from(FOLDERS),
        "name": st.sampled_from(NAMES),
        "undoes": st.booleans(),
        "day": st.integers(0, 20),
        "state": st.sampled_from(["done", "undone", "skipped"]),
        "user": st.sampled_from(["anna", "ben"]),
        "owner": st.sampled_from(["alice", "bob"]),
    }
)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Give a database of the module for all examples."""
    import backend.file_organizer.models  # noqa: F401

    db = Database(tmp_path_factory.mktemp("timeline") / "module.db", Base, name="file_organizer")
    db.create_all()
    yield db
    db.close()


def fill(db: Database, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Store one run for each action; returns the actions as dictionaries of their columns."""
    for owner in ("alice", "bob"):
        db.write(Actor.of(owner), _empty)
    stored = []
    for number, row in enumerate(rows):
        run = {
            "id": f"run-{number:04d}", "plan_id": f"p-{number}", "kind": "undo" if row["undoes"] else "apply",
            "state": "done", "title": "", "user_id": row["user"], "created_at": BEGIN, "heartbeat_at": BEGIN,
        }  # fmt: skip
        source, target = f"{row['source']}/{row['name']}", f"{row['target']}/{row['name']}"
        action = {
            "id": f"a-{number:04d}", "run_id": run["id"], "seq": 1, "step_id": f"s-{number}", "op": row["op"],
            "state": row["state"], "source_volume": "v", "source_path": source, "target_volume": "v",
            "target_path": target, "search_key": search_key(source, target),
            "undoes": "x" if row["undoes"] else None, "created_at": BEGIN + timedelta(days=row["day"]),
        }  # fmt: skip
        db.write(Actor.of(row["owner"]), _store, run, action)
        stored.append(action | {"user": row["user"], "owner": row["owner"]})
    return stored


def _empty(session: OwnedSession) -> None:
    from sqlalchemy import delete

    session.execute(delete(FileAction))
    session.execute(delete(Run))


def _store(session: OwnedSession, run: dict[str, Any], action: dict[str, Any]) -> None:
    session.execute(insert(Run), [run])
    session.execute(insert(FileAction), [action])


def seen(timeline: Timeline, wanted: Wanted, size: int) -> list[str]:
    """Return the ids of all steps, read page by page."""
    found: list[str] = []
    after = None
    while True:
        steps = timeline.steps(Actor.of("alice"), wanted, limit=size, after=after)
        found += [step.action.id for step in steps[:size]]
        if len(steps) <= size:
            return found
        after = (steps[size - 1].action.run_id, steps[size - 1].action.seq)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(ACTION, max_size=25),
    st.none() | st.sampled_from(WORDS),
    st.none() | st.sampled_from(sorted(KINDS)),
    st.none() | st.sampled_from(["anna", "ben"]),
    st.none() | st.sampled_from(["", *FOLDERS, "Bills"]),
    st.none() | st.integers(0, 20),
    st.none() | st.integers(0, 20),
    st.integers(1, 7),
)
def test_search_shows_exactly_what_fits(
    empty: Database,
    rows: list[dict[str, Any]],
    text: str | None,
    kind: str | None,
    who: str | None,
    folder: str | None,
    since: int | None,
    until: int | None,
    size: int,
) -> None:
    """Visible are the steps of one's own that fit every choice, each once, the newest first; all others are hidden."""
    stored = fill(empty, rows)

    def visible(row: dict[str, Any]) -> bool:
        day = (row["created_at"] - BEGIN).days
        paths = fold(row["source_path"]) + "\n" + fold(row["target_path"])
        if row["owner"] != "alice" or (kind != "made" and row["op"] == "mkdir"):
            return False
        if kind is not None:
            fits = row["undoes"] is not None if kind == "undone" else row["op"] == KINDS[kind] and not row["undoes"]
            if not fits:
                return False
        inside = folder is None or any(
            f"{path}/".startswith(f"{folder}/") or not folder for path in (row["source_path"], row["target_path"])
        )
        return (
            all(word in paths for word in fold(text or "").split())
            and (who is None or row["user"] == who)
            and inside
            and (since is None or day >= since)
            and (until is None or day < until)
        )

    wanted = Wanted(
        text=text,
        kinds=(kind,) if kind else (),
        user_id=who,
        folder=VolumePath("v", folder) if folder is not None else None,
        since=None if since is None else BEGIN + timedelta(days=since),
        until=None if until is None else BEGIN + timedelta(days=until),
    )
    assert seen(Timeline(empty), wanted, size) == [row["id"] for row in reversed(stored) if visible(row)]


def carry_out(hub: Hub, actor: Actor, folder: Path, where: str) -> str:
    """File everything of a folder into `where` and return the run."""
    client = hub.client(actor)
    volume = client.get("/folders").json["items"][0]["volume_id"]
    plan = make_plan(hub, actor, folder)
    for item in items_of(hub, actor, plan["id"]):
        body = {"folder": {"volume_id": volume, "path": where}}
        assert client.patch(f"/plans/{plan['id']}/items/{item['id']}", json=body).status_code == 200
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    return str(client.get(f"/plans/{plan['id']}").json["run_id"])


def test_every_step_says_who_and_why(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """The reason is that of the suggestion, also of what was taken back; a rule is named."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Rechnung.pdf", pdf("Stadtwerke"))
    client = hub.client(alice)
    body = {"conditions": [{"what": "extension", "values": ["pdf"]}], "action": {"do": "move", "folder": {"path": "B"}}}
    client.post("/rules", json={"name": "Bills", "body": body})
    plan = make_plan(hub, alice, inbox)
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    run_id = client.get("/runs").json["items"][0]["id"]
    client.post(f"/runs/{run_id}/undo", json={})
    hub.jobs.run_all()
    back, there = client.get("/actions").json["items"]
    assert (there["op"], back["op"], back["undoes"]) == ("move", "restore", there["id"])
    for step in (there, back):
        assert (step["why"], step["suggested_by"], step["by"]) == ("Your rule 'Bills'.", "owner_rule", "person")
        assert step["user_id"] == "alice"
    assert [s["id"] for s in client.get("/actions", query_string={"kind": "undone"}).json["items"]] == [back["id"]]


def test_a_file_tells_its_story_from_any_of_its_steps(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Filed, renamed, its folder renamed, taken back: the whole chain, in order, and nothing of other files."""
    home = tmp_path / "alice"
    write(home / "Inbox" / "a.txt", b"a letter")
    write(home / "Other" / "b.txt", b"another")
    client = hub.client(alice)
    volume = client.get("/folders").json["items"][0]["volume_id"]

    def do(**operation: Any) -> None:
        asked = operation
        assert client.post("/operations", json={"operations": [asked]}).status_code == 202
        hub.jobs.run_all()

    carry_out(hub, alice, home / "Other", "Letters")
    carry_out(hub, alice, home / "Inbox", "Letters")
    do(op="rename", source=str(home / "Letters" / "a.txt"), name="c.txt")
    do(op="rename", source=str(home / "Letters"), name="Post")
    do(op="trash", source=str(home / "Post" / "c.txt"))
    client.post(f"/runs/{client.get('/runs').json['items'][0]['id']}/undo", json={})
    hub.jobs.run_all()

    def chain(place: str) -> list[tuple[str, str, str]]:
        answer = client.get("/actions/chain", query_string={"volume_id": volume, "path": place}).json["items"]
        return [
            (s["op"], s["source"]["path"], (s["target"] or {"path": ""})["path"].split(".homie")[0]) for s in answer
        ]

    story = chain("Post/c.txt")
    assert [step[0] for step in story] == ["move", "rename", "rename", "trash", "restore"]
    assert story[0][1:] == ("Inbox/a.txt", "Letters/a.txt")
    assert story[2][1:] == ("Letters", "Post")
    assert story[4][2] == "Post/c.txt"
    items = client.get("/actions/chain", query_string={"volume_id": volume, "path": "Post/c.txt"}).json["items"]
    for step in items:
        if step["source"]["path"] != "Letters":
            told = client.get(f"/actions/{step['id']}/chain").json["items"]
            assert [s["id"] for s in told] == [s["id"] for s in items]
    assert chain("Inbox/a.txt") == story
    assert [step[0] for step in chain("Post/b.txt")] == ["move", "rename"]
    assert chain("Never/was.txt") == []


def test_nobody_reads_the_story_of_anothers_file(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """Neither by the place nor by the id of a step; narrowing to another's folder shows nothing."""
    write(tmp_path / "alice" / "Inbox" / "a.txt", b"a letter")
    carry_out(hub, alice, tmp_path / "alice" / "Inbox", "Letters")
    mine = hub.client(alice).get("/actions").json["items"][0]
    place = mine["target"]
    stranger = hub.client(bob)
    assert stranger.get("/actions/chain", query_string=place).json["items"] == []
    assert stranger.get(f"/actions/{mine['id']}/chain").status_code == 404
    narrowed = {"volume_id": place["volume_id"], "user_id": "alice", "q": "a"}
    assert stranger.get("/actions", query_string=narrowed).json["items"] == []


@pytest.mark.parametrize("path", ["../x", "/etc", "a/../b", "a\x00b"])
def test_a_place_that_is_none_is_refused(hub: Hub, alice: Actor, path: str) -> None:
    """With one clear error, never a failure."""
    query = {"volume_id": "v", "path": path}
    assert 400 <= hub.client(alice).get("/actions/chain", query_string=query).status_code < 500
    query = {"volume_id": "v", "folder": path}
    assert 400 <= hub.client(alice).get("/actions", query_string=query).status_code < 500
