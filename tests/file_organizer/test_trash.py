"""The trash: what lies in it and why, back to where it was, emptied only when asked or when its time has come."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.execution.errors import UndoNotPossible
from backend.file_organizer.trash import retention
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_operations_api import ask

DAY = 86_400.0


ENGINES = pytest.mark.parametrize("module_engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


@pytest.fixture
def home(alice: Actor, tmp_path: Path) -> Path:
    home = tmp_path / "alice"
    write(home / "letter.txt", b"Dear Bob")
    write(home / "Photos" / "one.jpg", b"one")
    write(home / "Photos" / "two.jpg", b"two2")
    return home


def trash(hub: Hub, actor: Actor, *paths: Path) -> Any:
    return ask(hub, actor, *[{"op": "trash", "source": str(path)} for path in paths], title="Old things")


def listed(hub: Hub, actor: Actor, **query: Any) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = hub.client(actor).get("/trash", query_string=query).json["items"]
    return items


@ENGINES
def test_the_list_says_what_where_when_and_why(hub: Hub, alice: Actor, home: Path) -> None:
    """Name, original place, size (of folders too), run, time, and when it goes by itself."""
    trash(hub, alice, home / "letter.txt", home / "Photos")
    photos, letter = listed(hub, alice)
    assert (letter["name"], letter["path"]) == ("letter.txt", str(home / "letter.txt"))
    assert (letter["is_folder"], letter["size"], letter["files"]) == (False, 8, 1)
    assert (photos["is_folder"], photos["size"], photos["files"]) == (True, 7, 2)
    assert (letter["run_title"], letter["run_kind"], letter["user_id"]) == ("Old things", "apply", "alice")
    assert letter["online"] is True
    assert letter["expires_at"].startswith("2026-03-31")
    assert [one["name"] for one in listed(hub, alice, q="LETT")] == ["letter.txt"]
    (volume,) = (sums := hub.client(alice).get("/trash/volumes").json)["items"]
    assert (volume["items"], volume["bytes"], volume["label"]) == (2, 15, "alice")
    assert (sums["total"], sums["days"]) == (2, 30)


def test_pages_hold_everything_once(hub: Hub, alice: Actor, home: Path) -> None:
    """Paging by cursor: each thing exactly once, newest first."""
    paths = [home / f"f{i}.txt" for i in range(7)]
    for path in paths:
        write(path, b"x")
    trash(hub, alice, *paths)
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        answer = hub.client(alice).get("/trash", query_string=query).json
        seen += [one["name"] for one in answer["items"]]
        if answer["next_cursor"] is None:
            break
        query["cursor"] = answer["next_cursor"]
    assert seen == [f"f{i}.txt" for i in reversed(range(7))]


def test_restoring_puts_it_back_and_keeps_both_where_the_place_is_taken(hub: Hub, alice: Actor, home: Path) -> None:
    """The content is where it was, or beside what is there now; the list is empty afterwards."""
    trash(hub, alice, home / "letter.txt", home / "Photos")
    write(home / "letter.txt", b"a new one")
    answer = hub.client(alice).post("/trash/restore", json={"ids": [one["id"] for one in listed(hub, alice)]})
    assert answer.status_code == 202
    (result,) = hub.jobs.run_all()
    assert result["runs"][0]["done"] == 2
    assert (home / "letter.txt").read_bytes() == b"a new one"
    assert (home / "letter (2).txt").read_bytes() == b"Dear Bob"
    assert (home / "Photos" / "two.jpg").read_bytes() == b"two2"
    assert listed(hub, alice) == []


@ENGINES
def test_emptying_one_and_all_and_the_history_keeps_it(hub: Hub, alice: Actor, home: Path) -> None:
    """What was named is gone from the disk, then the rest; the history has both and offers no undo."""
    trash(hub, alice, home / "letter.txt", home / "Photos")
    photos, letter = listed(hub, alice)
    client = hub.client(alice)
    client.post("/trash/empty", json={"ids": [letter["id"]]})
    (result,) = hub.jobs.run_all()
    assert (result["done"], result["failed"]) == (1, 0)
    assert [one["id"] for one in listed(hub, alice)] == [photos["id"]]
    client.post("/trash/empty", json={"everything": True})
    hub.jobs.run_all()
    assert listed(hub, alice) == []
    assert [p for p in (home / ".homie" / "trash").rglob("*") if p.is_file()] == []
    runs = client.get("/runs").json["items"]
    assert [(run["kind"], run["undoable"]) for run in runs] == [("purge", False), ("purge", False), ("apply", False)]
    actions = client.get("/actions", query_string={"run_id": runs[0]["id"]}).json["items"]
    assert [(a["op"], a["state"]) for a in actions] == [("purge", "done")]
    assert [event.removed for event in hub.bus.named("trash_emptied")] == [1, 1]  # type: ignore[attr-defined]
    client.post(f"/runs/{runs[0]['id']}/undo", json={})
    with pytest.raises(UndoNotPossible):
        hub.jobs.run_all()


@pytest.mark.parametrize("body", [{}, {"ids": ["x"], "everything": True}, {"ids": []}, {"volume_id": ""}])
def test_emptying_wants_one_clear_choice(hub: Hub, alice: Actor, home: Path, body: dict[str, Any]) -> None:
    """Nothing, or two things at once: refused, nothing is removed."""
    trash(hub, alice, home / "letter.txt")
    assert hub.client(alice).post("/trash/empty", json=body).status_code == 422
    assert len(listed(hub, alice)) == 1
    assert hub.jobs.queue == []


@ENGINES
def test_another_person_sees_restores_and_empties_nothing(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """Bob's list is empty, Alice's ids are unknown to him, her volume is nothing, "everything" is his own."""
    trash(hub, alice, home / "letter.txt")
    (letter,) = listed(hub, alice)
    volume = letter["place"]["volume_id"]
    assert listed(hub, bob) == listed(hub, bob, volume_id=volume) == []
    assert hub.client(bob).get("/trash/volumes").json["items"] == []
    for path in ("/trash/restore", "/trash/empty"):
        known, unknown = (hub.client(bob).post(path, json={"ids": [one]}) for one in (letter["id"], "nothing"))
        assert known.status_code == unknown.status_code == 404
        assert known.json["error"]["message"] == unknown.json["error"]["message"]
    hub.client(bob).post("/trash/empty", json={"everything": True})
    known, unknown = (hub.client(bob).post("/trash/empty", json={"volume_id": one}) for one in (volume, "nothing"))
    assert known.status_code == unknown.status_code == 404
    hub.jobs.run_all()
    assert len(listed(hub, alice)) == 1


def test_a_drive_that_is_away_keeps_its_trash(hub: Hub, alice: Actor, home: Path) -> None:
    """Still listed, not emptied by everything, by volume refused with words, never expired, restored when back."""
    trash(hub, alice, home / "letter.txt")
    (letter,) = listed(hub, alice)
    volume = letter["place"]["volume_id"]
    os.rename(home / ".homie", home / "away")
    (away,) = listed(hub, alice)
    assert (away["online"], away["expires_at"]) == (False, None)
    client = hub.client(alice)
    refused = client.post("/trash/empty", json={"volume_id": volume})
    assert (refused.status_code, refused.json["error"]["code"]) == (503, "drive_offline")
    client.post("/trash/empty", json={"everything": True})
    (result,) = hub.jobs.run_all()
    assert (result["done"], result["away"]) == (0, [volume])
    hub.clock.advance(400 * DAY)
    hub.app.keep_trash()
    assert hub.jobs.run_all()[0]["expired"] == 0
    os.rename(home / "away", home / ".homie")
    client.post("/trash/restore", json={"ids": [letter["id"]]})
    hub.jobs.run_all()
    assert (home / "letter.txt").read_bytes() == b"Dear Bob"


@ENGINES
def test_only_what_is_older_than_the_owner_keeps_it_goes_by_itself(
    hub: Hub, alice: Actor, bob: Actor, home: Path, tmp_path: Path
) -> None:
    """Days are the owner's own; 0 keeps for ever; asked again on the same day nothing more happens."""
    write(tmp_path / "bob" / "his.txt", b"his")
    trash(hub, alice, home / "letter.txt")
    trash(hub, bob, tmp_path / "bob" / "his.txt")
    assert hub.client(bob).patch("/settings", json={"trash_days": 0}).json["trash_days"] == 0
    hub.clock.advance(20 * DAY)
    trash(hub, alice, home / "Photos")
    hub.clock.advance(11 * DAY)
    hub.app.keep_trash()
    assert sorted(result["expired"] for result in hub.jobs.run_all()) == [0, 1]
    assert [one["name"] for one in listed(hub, alice)] == ["Photos"]
    assert [one["name"] for one in listed(hub, bob)] == ["his.txt"]
    hub.app.keep_trash()
    assert hub.jobs.queue == [], "once a day"
    (told,) = hub.bus.named("trash_emptied")
    assert (told.owner_id, told.by_itself) == ("alice", True)  # type: ignore[attr-defined]
    run = hub.client(alice).get("/runs").json["items"][0]
    assert (run["kind"], run["plan_id"].startswith("retention-")) == ("purge", True)


def test_a_full_drive_makes_room_only_when_the_owner_wants_it(
    hub: Hub, alice: Actor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The oldest goes first and only as much as is needed; what is younger than a day stays."""
    trash(hub, alice, home / "Photos")
    hub.clock.advance(DAY / 2)
    trash(hub, alice, home / "letter.txt")
    monkeypatch.setattr(retention, "bytes_wanted", lambda path: 100)
    hub.clock.advance(DAY * 0.7)
    hub.app.keep_trash()
    assert hub.jobs.run_all()[0]["for_room"] == 0
    hub.client(alice).patch("/settings", json={"trash_makes_room": True})
    hub.app = type(hub.app)(hub.ctx)  # a restart asks again on the same day
    hub.app.setup()
    hub.app.keep_trash()
    assert hub.jobs.run_all()[0]["for_room"] == 1
    assert [one["name"] for one in listed(hub, alice)] == ["letter.txt"]


def test_room_is_made_only_as_much_as_is_needed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The share that must stay free is that of the drive's size; a drive with room wants nothing."""
    space = type("Space", (), {"f_blocks": 1000, "f_frsize": 1, "f_bavail": 30})()
    monkeypatch.setattr(os, "statvfs", lambda path: space)
    assert retention.bytes_wanted(str(tmp_path)) == 20
    space.f_bavail = 60
    assert retention.bytes_wanted(str(tmp_path)) == 0


def test_what_replaced_and_undone_steps_trashed_is_listed_too(hub: Hub, alice: Actor, home: Path) -> None:
    """A file that another one replaced, and the copy that an undo took away, both can be put back."""
    newer = write(home / "new" / "letter.txt", b"newer")
    replace = {"on_conflict": "replace_with_trash", "target": str(home / "letter.txt")}
    ask(hub, alice, {"op": "move", "source": str(newer), **replace})
    copied = ask(hub, alice, {"op": "copy", "source": str(home / "Photos/one.jpg"), "target": str(home / "copy.jpg")})
    hub.client(alice).post(f"/runs/{copied['run_id']}/undo", json={})
    hub.jobs.run_all()
    assert {one["name"]: one["run_kind"] for one in listed(hub, alice)} == {"letter.txt": "apply", "copy.jpg": "undo"}
