"""What the File Organizer says on Home, and what it finds by name: of one's own spaces only, up to date, escaped."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from backend.file_organizer.execution.journal_models import Run
from backend.file_organizer.memory.models import UserDrive
from backend.file_organizer.notices import FINDS, NOTICES
from backend.sdk.actor import Actor
from backend.sdk.overview import AttentionItem
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import make_messy_folder
from tests.file_organizer.test_plans_api import make_plan


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def module_engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def kinds(hub: Hub, actor: Actor) -> dict[str, AttentionItem]:
    return {item.kind.partition(".")[2]: item for item in hub.app.attention(actor)}


def titles(hub: Hub, actor: Actor, query: str, kind: str = "") -> list[str]:
    return [hit.title for hit in hub.app.search(actor, query, 20) if hit.kind.endswith(kind)]


def test_what_waits_is_counted_until_it_is_dealt_with(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """Suggestions and questions, then what is accepted, then nothing; the last run in the summary."""
    client = hub.client(alice)
    assert (kinds(hub, alice), hub.app.summary(alice).template) == ({}, "Nothing was tidied yet.")
    plan = make_plan(hub, alice, make_messy_folder(tmp_path / "alice" / "Downloads"))
    waiting = kinds(hub, alice)
    assert waiting["suggestions"].count == plan["counts"]["suggested"]
    assert waiting["questions"].count == plan["counts"]["asking"]
    assert waiting["suggestions"].route == f"/file_organizer/plans/{plan['id']}"
    assert 0 < waiting["suggestions"].params["sure_percent"] < 100
    assert kinds(hub, bob) == {}
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    assert set(kinds(hub, alice)) == {"accepted"}
    client.post(f"/plans/{plan['id']}/execute", json={})
    (result,) = hub.jobs.run_all()
    assert kinds(hub, alice) == {}
    summary = hub.app.summary(alice)
    assert summary.params == {"title": "Downloads", "done": result["done"], "run_id": result["run_id"]}
    assert {figure.key: figure.value for figure in summary.figures}["filed"] == result["done"]
    assert hub.app.summary(bob).template == "Nothing was tidied yet."


def test_an_absent_drive_and_a_run_cut_off_are_told(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    client = hub.client(alice)
    client.post("/drives/refresh")
    plan = make_plan(hub, alice, make_messy_folder(tmp_path / "alice" / "Downloads"))
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    hub.ctx.db.write(alice, lambda s: s.execute(update(Run).values(state="interrupted")) and None)
    os.rename(tmp_path / "alice" / ".homie", tmp_path / "away")
    client.post("/drives/refresh")
    found = kinds(hub, alice)
    assert set(found) == {"drive_away", "run_interrupted"}
    assert {item.severity for item in found.values()} == {"warning"}


def test_files_are_found_where_they_are_now(hub: Hub, alice: Actor, bob: Actor, tmp_path: Path) -> None:
    """First as a suggestion, then in the history at their new place, after an undo at the old one; nobody else's."""
    client = hub.client(alice)
    plan = make_plan(hub, alice, make_messy_folder(tmp_path / "alice" / "Downloads"))
    name = "invoice-2023-11.pdf"
    assert titles(hub, alice, "INVOICE 2023", "suggestion") == [name]
    assert titles(hub, alice, "downloads", "plan") == ["Downloads"]
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    (result,) = hub.jobs.run_all()
    (hit,) = [hit for hit in hub.app.search(alice, "invoice 2023", 20) if hit.kind.endswith(".file")]
    assert (hit.title, hit.subtitle) == (name, "Downloads/Documents/Invoices/2023")
    assert hit.route.startswith(f"/file_organizer/history/{result['run_id']}")
    assert titles(hub, alice, "invoice", "suggestion") == []
    assert titles(hub, alice, "invoice", "destination")
    client.post(f"/runs/{result['run_id']}/undo", json={})
    hub.jobs.run_all()
    (back,) = [hit for hit in hub.app.search(alice, "invoice 2023", 20) if hit.kind.endswith(".file")]
    assert back.subtitle == "Downloads"
    assert hub.app.search(bob, "invoice", 20) == []


def test_what_is_typed_is_never_a_pattern(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Percent signs, underscores and backslashes stand for themselves; accents and case do not matter."""
    inbox = tmp_path / "alice" / "Inbox"
    inbox.mkdir(exist_ok=True)
    for name in ("50%_off\\ now.txt", "500 off now.txt", "Gebühren Müller.txt"):
        (inbox / name).write_text(name)
    make_plan(hub, alice, inbox)
    assert titles(hub, alice, "50%", "suggestion") == ["50%_off\\\\ now.txt"]
    assert titles(hub, alice, "%_", "suggestion") == ["50%_off\\\\ now.txt"]
    assert titles(hub, alice, "gebuhren MULLER", "suggestion") == ["Gebühren Müller.txt"]
    assert hub.app.search(alice, "  ", 20) == []


def test_folders_and_drives_are_found(hub: Hub, alice: Actor, bob: Actor) -> None:
    client = hub.client(alice)
    (drive,) = client.get("/drives").json["items"]
    assert (drive["online"], len(drive["volumes"])) == (True, 1)
    client.patch(f"/drives/{drive['id']}", json={"purpose": "films and music"})
    assert titles(hub, alice, "films", "drive") == [drive["label"]]
    assert titles(hub, alice, "alice", "folder") == ["alice"]
    assert titles(hub, bob, "alice", "folder") == []


def test_every_kind_that_is_found_or_told_is_declared() -> None:
    """Search groups by what the declaration names; notices name events of this module that exist."""
    import backend.file_organizer.events as events

    named = {kind.name for kind in vars(events).values() if isinstance(kind, type) and "name" in vars(kind)}
    assert {rule.event for rule in NOTICES} <= named
    assert len({kind.kind for kind in FINDS}) == len(FINDS)


def test_the_watcher_notices_a_folder_that_goes_and_comes(
    hub: Hub, alice: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also without a mount that changes; a look without a change writes nothing."""
    monkeypatch.setattr("backend.file_organizer.drives_manager.mount_table", lambda: "what other tests mount")
    drives = hub.organizer.drives
    hub.client(alice).post("/drives/refresh")
    seen = drives.look(None)
    hub.bus.events.clear()
    assert drives.look(seen) == seen
    assert hub.bus.events == []
    os.rename(tmp_path / "alice" / ".homie", tmp_path / "away")
    gone = drives.look(seen)
    os.rename(tmp_path / "away", tmp_path / "alice" / ".homie")
    drives.look(gone)
    told = [(e.name.partition(".")[2], e.payload().get("returned")) for e in hub.bus.events]
    assert told == [("drive_removed", None), ("drive_added", True)]


def test_home_asks_about_a_drive_that_was_found_twice(hub: Hub, alice: Actor) -> None:
    """Not "not connected": it is here, and somebody has to say which one it is."""
    (drive,) = hub.client(alice).post("/drives/refresh").json["items"]

    def doubt(session: Any) -> None:
        session.find(UserDrive, drive["id"]).status = "clone"

    hub.ctx.db.write(alice, doubt)
    (item,) = hub.app.attention(alice)
    assert item.template == "{label} was found a second time. Which one is the right one?"
