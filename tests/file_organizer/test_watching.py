"""Watched folders: what is new is suggested or filed once, what is unfinished waits, and Homie never chases itself."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.watching import tending
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.watching_world import WatchedWorld


@pytest.fixture
def inbox(hub: Hub, alice: Actor, tmp_path: Path) -> WatchedWorld:
    return WatchedWorld(hub, alice, tmp_path / "alice" / "Inbox")


def test_new_files_wait_in_one_plan_that_grows(inbox: WatchedWorld) -> None:
    """The first file makes a plan, later ones join it; each is told as news of the same plan, none is there twice."""
    inbox.watch()
    inbox.write("song.mp3")
    assert inbox.tend()["waiting"] == 1
    plan = inbox.shown()[0]["plan_id"]
    inbox.write("invoice 2024.pdf")
    assert inbox.tend()["waiting"] == 1
    assert inbox.tend()["waiting"] == 0
    (one,) = inbox.shown()
    assert (one["plan_id"], one["waiting"]) == (plan, 2)
    assert set(inbox.items()) == {"song.mp3", "invoice 2024.pdf"}
    ready = inbox.hub.bus.named("plan_ready")
    assert [event.payload()["items"] for event in ready] == [1, 2]


def test_what_a_person_decided_stays_when_the_plan_grows(inbox: WatchedWorld) -> None:
    """A rejected suggestion is not asked again, an accepted one stays accepted; only what is new joins."""
    inbox.watch()
    for name in ("a song.mp3", "b song.mp3"):
        inbox.write(name)
    inbox.tend()
    plan = inbox.shown()[0]["plan_id"]
    rows = {r["source"]["path"].rpartition("/")[2]: r for r in inbox.client.get(f"/plans/{plan}/items").json["items"]}
    inbox.client.patch(f"/plans/{plan}/items/{rows['a song.mp3']['id']}", json={"decision": "reject"})
    inbox.client.patch(f"/plans/{plan}/items/{rows['b song.mp3']['id']}", json={"decision": "accept"})
    inbox.write("c song.mp3")
    inbox.tend()
    assert inbox.items() == {
        "a song.mp3": "rejected",
        "b song.mp3": "accepted",
        "c song.mp3": inbox.items()["c song.mp3"],
    }
    assert inbox.items()["c song.mp3"] in ("suggested", "asking")


def test_a_file_that_went_leaves_the_plan(inbox: WatchedWorld) -> None:
    """Deleted or changed before anybody decided: the old suggestion goes, the changed file is thought about anew."""
    inbox.watch()
    gone, changed = inbox.write("gone.mp3"), inbox.write("changed.mp3")
    inbox.tend()
    gone.unlink()
    changed.write_text("something longer")
    assert inbox.tend()["waiting"] == 1
    assert set(inbox.items()) == {"changed.mp3"}


def test_young_files_wait_and_come_back_by_themselves(inbox: WatchedWorld) -> None:
    """Within the settle time nothing is suggested; the row says how many wait and when to look again."""
    watched = inbox.watch(settle_seconds=3600)
    inbox.write("fresh.mp3")
    assert inbox.tend()["settling"] == 1
    assert inbox.items() == {}
    (one,) = inbox.shown()
    assert one["settling"] == 1
    row = inbox.hub.organizer.watched.get(inbox.actor, watched["id"])
    assert 3000 < (row.due_at - inbox.hub.clock.now()).total_seconds() <= 3601
    inbox.client.patch(f"/watched/{watched['id']}", json={"settle_seconds": 0})
    assert inbox.tend()["waiting"] == 1
    assert inbox.hub.organizer.watched.get(inbox.actor, watched["id"]).due_at is None


def test_a_file_that_is_still_written_is_never_touched(inbox: WatchedWorld) -> None:
    """However old it looks and however sure memory is: while a program has it open for writing it stays."""
    inbox.watch(mode="file", threshold=0.5)
    inbox.teach("gymnastics", "Sports")
    path = inbox.write("gymnastics plan.txt")
    with open(path, "a") as writer:
        writer.write("more")
        writer.flush()
        assert inbox.tend() | {"settling": 1, "filed": 0} == inbox.tend()
        assert path.exists()
        assert inbox.hub.organizer.watched.all(inbox.actor)[0].due_at is not None
    assert inbox.tend()["filed"] == 1
    assert (inbox.folder.parent / "Sports" / "gymnastics plan.txt").exists()


def test_only_what_memory_is_sure_of_is_filed(inbox: WatchedWorld) -> None:
    """Taught and above the threshold: filed at once. Known to shipped rules only, or below it: waits for a person."""
    inbox.watch(mode="file", threshold=0.9)
    inbox.teach("choir", "Music club", times=3)
    inbox.teach("gymnastics", "Sports", times=40)
    for name in ("gymnastics dates.txt", "choir dates.txt", "song.mp3"):
        inbox.write(name)
    result = inbox.tend()
    assert (result["filed"], result["waiting"]) == (1, 2)
    assert (inbox.folder.parent / "Sports" / "gymnastics dates.txt").exists()
    assert set(inbox.items()) == {"choir dates.txt", "song.mp3"}
    assert inbox.shown()[0]["filed_today"] == 1


def test_filing_by_itself_teaches_nothing_and_an_undo_does(inbox: WatchedWorld) -> None:
    """Homie's own moves are no word of a person; the undo is one, and the file is left alone afterwards."""
    inbox.watch(mode="file", threshold=0.9)
    inbox.teach("gymnastics", "Sports")
    before = inbox.client.get("/destinations?limit=200").json["items"]
    inbox.write("gymnastics dates.txt")
    run = inbox.tend()["run_ids"][0]
    assert inbox.client.get("/destinations?limit=200").json["items"] == before
    assert inbox.client.post(f"/runs/{run}/undo", json={}).status_code == 202
    inbox.hub.jobs.run_all()
    assert (inbox.folder / "gymnastics dates.txt").exists()
    assert inbox.client.get("/destinations?limit=200").json["items"] != before
    assert inbox.tend() | {"new": 0, "filed": 0, "waiting": 0} == inbox.tend()
    assert (inbox.folder / "gymnastics dates.txt").exists()


def test_homie_does_not_chase_what_it_filed(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """From one watched folder into another: the second leaves alone what Homie put there."""
    first = WatchedWorld(hub, alice, tmp_path / "alice" / "Inbox")
    first.watch(mode="file", threshold=0.9)
    first.teach("gymnastics", "Sorted")
    second = WatchedWorld(hub, alice, tmp_path / "alice" / "Sorted")
    first.write("gymnastics dates.txt")
    assert first.tend()["filed"] == 1
    second.watch(mode="file", threshold=0.9)
    other = next(one for one in second.shown() if one["name"] == "Sorted")
    second.client.post(f"/watched/{other['id']}/look", json={})
    (result,) = hub.jobs.run_all()
    assert (result["new"], result["filed"]) == (0, 0)
    assert (second.folder / "gymnastics dates.txt").exists()


def test_no_more_than_the_daily_limit_without_a_word(inbox: WatchedWorld) -> None:
    """What is beyond it waits for a person, who is told; the next day goes on."""
    inbox.watch(mode="file", threshold=0.9, daily_limit=2)
    inbox.teach("gymnastics", "Sports")
    for number in range(5):
        inbox.write(f"gymnastics {number}.txt")
    result = inbox.tend()
    assert (result["filed"], result["held_back"]) == (2, 3)
    (told,) = inbox.hub.bus.named("daily_limit_reached")
    assert told.payload()["held_back"] == 3
    inbox.write("gymnastics 6.txt")
    assert inbox.tend()["filed"] == 0
    inbox.hub.clock.advance(86_400)
    inbox.write("gymnastics 7.txt")
    assert inbox.tend()["filed"] == 1


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_worker_that_dies_files_nothing_twice_and_forgets_nothing(
    inbox: WatchedWorld, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    """Killed before or after the move of a plan that it had begun: the next look carries it out and counts it once."""
    inbox.watch(mode="file", threshold=0.9)
    inbox.teach("gymnastics", "Sports")
    inbox.write("gymnastics dates.txt")
    organizer = inbox.hub.organizer
    real = type(organizer).execute_plan

    def dies(self: Any, *args: Any, **kw: Any) -> Any:
        if moment == "after":
            real(self, *args, **kw)
        raise KeyboardInterrupt

    monkeypatch.setattr(tending.Organizer, "execute_plan", dies)
    with pytest.raises(KeyboardInterrupt):
        inbox.tend()
    monkeypatch.undo()
    assert inbox.tend()["filed"] == 1
    assert inbox.tend()["filed"] == 0
    assert inbox.shown()[0]["filed_today"] == 1
    assert os.listdir(inbox.folder) == []
    assert len(inbox.hub.bus.named("files_filed")) == 1


def test_an_absent_drive_or_folder_changes_nothing(inbox: WatchedWorld) -> None:
    """Away is not empty: the plan keeps its suggestions, the list says in words what is wrong."""
    inbox.watch()
    inbox.write("song.mp3")
    inbox.tend()
    marker = inbox.folder.parent / ".homie"
    marker.rename(inbox.folder.parent.parent / "away")
    assert inbox.tend() == {"away": True}
    assert inbox.shown()[0]["state"] == "away"
    assert set(inbox.items()) == {"song.mp3"}


def test_paused_means_nothing_happens(inbox: WatchedWorld) -> None:
    """And after the pause everything is made up for."""
    watched = inbox.watch()
    inbox.client.patch(f"/watched/{watched['id']}", json={"paused": True})
    inbox.write("song.mp3")
    assert inbox.tend()["new"] == 0
    assert inbox.shown()[0]["state"] == "paused"
    inbox.client.patch(f"/watched/{watched['id']}", json={"paused": False})
    assert inbox.tend()["new"] == 1


def test_a_folder_is_watched_once(inbox: WatchedWorld) -> None:
    """Neither itself again, nor a folder in it, nor one above it; one beside it is fine."""
    inbox.watch()
    (inbox.folder / "inner").mkdir()
    (inbox.folder.parent / "Inbox 2").mkdir()
    for path, status in (
        (inbox.folder, 409), (inbox.folder / "inner", 409), (inbox.folder.parent, 409),
        (inbox.folder.parent / "Inbox 2", 201), (inbox.folder.parent / "nowhere", 403),
        (inbox.folder.parent.parent, 403),
    ):  # fmt: skip
        answer = inbox.client.post("/watched", json={"path": str(path)})
        assert answer.status_code == status, (path, answer.json)
        if status != 201:
            assert answer.json["error"]["fields"][0]["name"] == "body.path"


def test_bad_choices_name_the_field(inbox: WatchedWorld) -> None:
    """And change nothing."""
    watched = inbox.watch()
    for body in ({"threshold": 0.2}, {"threshold": 2}, {"mode": "delete"}, {"daily_limit": 0}, {"settle_seconds": -1}):
        answer = inbox.client.patch(f"/watched/{watched['id']}", json=body)
        assert answer.status_code == 422
        assert answer.json["error"]["fields"][0]["name"] == f"body.{next(iter(body))}"
    assert inbox.shown()[0]["threshold"] == watched["threshold"]


def test_removing_keeps_what_was_done(inbox: WatchedWorld) -> None:
    """The plan is still there, and the watcher is wanted no more."""
    wanted: list[bool] = []
    inbox.hub.organizer.watched._wanted = wanted.append
    watched = inbox.watch()
    inbox.write("song.mp3")
    inbox.tend()
    plan = inbox.shown()[0]["plan_id"]
    assert inbox.client.delete(f"/watched/{watched['id']}").status_code == 204
    assert inbox.shown() == []
    assert inbox.client.get(f"/plans/{plan}").status_code == 200
    assert wanted == [True, False]


def test_two_owners_watch_one_household_folder_apart(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """The same folder, granted to both: each has suggestions; what one filed does not wait for the other any more."""
    shared = tmp_path / "household"
    shared.mkdir()
    for who in ("alice", "bob"):
        hub.roots.take_back(who)
        hub.roots.grant(who, shared)
    hers, his = (WatchedWorld(hub, who, shared / "Inbox") for who in (alice, bob))
    hers.watch()
    his.watch()
    hers.write("song.mp3")
    assert (hers.tend()["waiting"], his.tend()["waiting"]) == (1, 1)
    assert len(hers.shown()) == len(his.shown()) == 1
    plan = hers.shown()[0]["plan_id"]
    hers.client.post(f"/plans/{plan}/accept", json={"everything": True})
    hers.client.post(f"/plans/{plan}/execute", json={})
    hub.jobs.run_all()
    assert his.tend()["waiting"] == 0
    assert his.items() == {}


def test_the_digest_is_told_once_a_day_at_its_hour(inbox: WatchedWorld) -> None:
    """What was filed by itself since the last one and what waits; nothing without anything new; never twice."""
    from backend.file_organizer.watching.digest import digest_due, send_digest

    hub, actor = inbox.hub, inbox.actor
    assert inbox.client.patch("/watched/digest", json={"hour": 14, "time_zone": "Europe/Vienna"}).status_code == 200
    inbox.watch(mode="file", threshold=0.9)
    inbox.teach("gymnastics", "Sports")
    inbox.write("gymnastics dates.txt")
    inbox.write("song.mp3")
    inbox.tend()

    def due() -> str | None:
        return digest_due(hub.ctx.db, actor, hub.organizer.settings.get(actor), hub.clock.now())

    assert due() is None  # it is 12:00 UTC, 13:00 in Vienna
    hub.clock.advance(3600)
    day = due()
    assert day == "2026-03-01"
    for _ in range(2):
        hub.ctx.db.write(actor, send_digest, day, hub.clock.now())
    (told,) = hub.bus.named("digest")
    assert (told.payload()["filed"], told.payload()["waiting"]) == (1, 1)
    assert due() is None
    hub.clock.advance(86_400)
    hub.ctx.db.write(actor, send_digest, due(), hub.clock.now())
    assert len(hub.bus.named("digest")) == 1  # nothing happened since
    inbox.client.patch("/watched/digest", json={"hour": None})
    hub.clock.advance(86_400)
    assert due() is None
    answer = inbox.client.patch("/watched/digest", json={"hour": 3, "time_zone": "Mars/Olympus"})
    assert answer.json["error"]["fields"][0]["name"] == "body.time_zone"
