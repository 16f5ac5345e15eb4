"""A worker that stops in the middle leaves work that the next start takes up; only a person's cancel is final."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.jobs import HANDLERS
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobInterrupted
from tests.file_organizer.conftest import Hub, RunningJob
from tests.file_organizer.messy_folder import MP3, write
from tests.file_organizer.test_plans_api import items_of, make_plan, snapshot

MANY = 1200


@dataclass
class StoppingJob(RunningJob):
    """The context of a handler whose worker is told to stop."""

    def check(self) -> None:
        if self.stop_after is not None and len(self.progressed) > self.stop_after:
            raise JobInterrupted("the worker stops")


@pytest.fixture
def songs(tmp_path: Path, alice: Actor) -> Path:
    inbox = tmp_path / "alice" / "Inbox"
    for number in range(MANY):
        write(inbox / f"song {number}.mp3", MP3)
    return inbox


def stop_in_the_middle(hub: Hub, after: int = 1) -> tuple[str, Actor, str, Any]:
    """Begin the only waiting job, stop its worker when it told `after` times how far it is, and return the job."""
    (waiting,) = hub.jobs.queue
    hub.jobs.queue.clear()
    job_id, actor, kind, args = waiting
    handler = next(handler for handler in HANDLERS if handler.kind == kind)
    with pytest.raises(JobInterrupted):
        handler.run(StoppingJob(job_id, actor, hub.ctx, stop_after=after), args)
    return waiting


def accepted_plan(hub: Hub, alice: Actor, inbox: Path) -> str:
    plan = make_plan(hub, alice, inbox)
    hub.client(alice).post(f"/plans/{plan['id']}/accept", json={"everything": True})
    hub.client(alice).post(f"/plans/{plan['id']}/execute", json={})
    return str(plan["id"])


def test_a_stopped_scan_is_made_anew(hub: Hub, alice: Actor, songs: Path) -> None:
    """The plan stays in the making, and the next start finishes it with every file once."""
    client = hub.client(alice)
    plan_id = client.post("/plans", json={"path": str(songs)}).json["id"]
    waiting = stop_in_the_middle(hub, after=0)
    assert client.get(f"/plans/{plan_id}").json["state"] == "building"
    hub.jobs.queue.append(waiting)
    hub.jobs.run_all()
    plan = client.get(f"/plans/{plan_id}").json
    assert (plan["state"], plan["counts"]["suggested"]) == ("ready", MANY)


def test_a_stopped_run_goes_on_where_it_was(hub: Hub, alice: Actor, songs: Path) -> None:
    """The plan stays in execution; afterwards every item is done and one undo takes all of it back."""
    before = snapshot(songs)
    plan_id = accepted_plan(hub, alice, songs)
    waiting = stop_in_the_middle(hub)
    client = hub.client(alice)
    moved = len(list((songs / "Music").iterdir()))
    assert 0 < moved < MANY
    assert client.get(f"/plans/{plan_id}").json["state"] == "executing"
    hub.jobs.queue.append(waiting)
    hub.jobs.run_all()
    closed = client.get(f"/plans/{plan_id}").json
    assert (closed["state"], closed["counts"]["done"]) == ("executed", MANY)
    assert {item["state"] for item in items_of(hub, alice, plan_id)} == {"done"}
    client.post(f"/runs/{closed['run_id']}/undo", json={})
    hub.jobs.queue.append(stop_in_the_middle(hub))
    assert 0 < len(list((songs / "Music").iterdir())) < MANY
    hub.jobs.run_all()
    assert snapshot(songs) == before


def test_a_job_that_died_after_its_last_step_reports_what_it_did(hub: Hub, alice: Actor, songs: Path) -> None:
    """Run again after everything was stored, the handler returns the same report and moves nothing."""
    accepted_plan(hub, alice, songs)
    (waiting,) = hub.jobs.queue
    (first,) = hub.jobs.run_all()
    after = snapshot(songs)
    hub.jobs.queue.append(waiting)
    (second,) = hub.jobs.run_all()
    assert second == first
    assert snapshot(songs) == after


@pytest.mark.parametrize("what", ["day", "file"])
def test_an_undo_that_was_stopped_after_its_last_step_is_finished_and_learned(
    what: str, hub: Hub, alice: Actor, tmp_path: Path
) -> None:
    """The second attempt takes back what the first one looked up, finds it done, and closes the items of the plan."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "song.mp3", MP3)
    before = snapshot(inbox)
    plan_id = accepted_plan(hub, alice, inbox)
    hub.jobs.run_all()
    body = {"day": hub.clock.now().date().isoformat()} if what == "day" else {"path": str(inbox / "Music" / "song.mp3")}
    answer = hub.client(alice).post(f"/undo/{what}", json=body)
    assert answer.status_code == 202, answer.text
    (waiting,) = hub.jobs.queue
    hub.jobs.queue.clear()
    job_id, actor, kind, args = waiting
    handler = next(handler for handler in HANDLERS if handler.kind == kind)
    first = StoppingJob(job_id, actor, hub.ctx, stop_after=1)
    with pytest.raises(JobInterrupted):
        handler.run(first, args)
    assert snapshot(inbox) == before
    handler.run(RunningJob(job_id, actor, hub.ctx, saved=first.saved), args)
    assert snapshot(inbox) == before
    assert {item["state"] for item in items_of(hub, alice, plan_id)} == {"undone"}
