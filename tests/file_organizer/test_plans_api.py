"""The main flow through the API and the real job handlers: scan, preview, edit, execute, undo, learn."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.execution.journal_models import Run
from backend.file_organizer.jobs import execute_plan
from backend.file_organizer.planning.suggestions import Alternative, Source, Suggestion
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobCancelled
from tests.file_organizer.conftest import Hub, RunningJob
from tests.file_organizer.messy_folder import MP3, pdf, write


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


def snapshot(root: Path) -> dict[str, tuple[str, int]]:
    """Return every file below `root` with hash and mtime; Homie's own folder aside."""
    found = {}
    for folder, folders, files in os.walk(root):
        folders[:] = [name for name in folders if name != ".homie"]
        for name in files:
            path = Path(folder) / name
            status = path.lstat()
            content = os.readlink(path).encode() if path.is_symlink() else path.read_bytes()
            found[str(path.relative_to(root))] = (hashlib.sha256(content).hexdigest(), status.st_mtime_ns)
    return found


def make_plan(hub: Hub, actor: Actor, path: Path, **options: Any) -> dict[str, Any]:
    client = hub.client(actor)
    answer = client.post("/plans", json={"path": str(path), **options})
    assert answer.status_code == 201, answer.text
    hub.jobs.run_all()
    plan = client.get(f"/plans/{answer.json['id']}").json
    assert plan["state"] == "ready", plan
    return plan


def items_of(hub: Hub, actor: Actor, plan_id: str, **query: Any) -> list[dict[str, Any]]:
    client, items, cursor = hub.client(actor), [], None
    while True:
        page = client.get(f"/plans/{plan_id}/items", query_string={"limit": 7, "cursor": cursor, **query}).json
        items += page["items"]
        cursor = page["next_cursor"]
        if cursor is None:
            return items


def where(items: list[dict[str, Any]]) -> dict[str, str]:
    """Return source -> target."""
    return {item["source"]["path"]: item["target"]["path"] for item in items}


def test_a_plan_changes_nothing_on_disk(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Scanning and planning leave every byte, name and time as they were."""
    before = snapshot(downloads)
    make_plan(hub, alice, downloads)
    assert snapshot(downloads) == before


def test_the_messy_folder_is_understood(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Papers, pictures, films, series and programs get their places, each with a reason."""
    plan = make_plan(hub, alice, downloads)
    items = items_of(hub, alice, plan["id"])
    targets = where(items)
    base = "Downloads/"
    expected = {
        "Rechnung_Stadtwerke_2024-03.pdf": "Documents/Invoices/2024",
        "invoice-2023-11.pdf": "Documents/Invoices/2023",
        "scan0001.pdf": "Documents/Invoices/2024",
        "Gehaltsabrechnung 2024-02.pdf": "Documents/Payslips/2024",
        "Mietvertrag.docx": "Documents/Contracts",
        "IMG_2041.JPG": "Pictures/2023/2023-08",
        "IMG_2041.CR2": "Pictures/2023/2023-08",
        "IMG-20240102-WA0007.jpg": "Pictures/2024/2024-01",
        "Screenshot 2024-01-05 at 10.11.12.png": "Pictures/Screenshots/2024",
        "The.Matrix.1999.1080p.BluRay.x264.mkv": "Films/The Matrix (1999)",
        "The.Matrix.1999.1080p.BluRay.x264.en.srt": "Films/The Matrix (1999)",
        "Dark.S01E03.720p.WEB.mkv": "Series/Dark/Season 01",
        "Dark.S01E03.720p.WEB.de.srt": "Series/Dark/Season 01",
        "song.mp3": "Music",
        "backup.part1.rar": "Archives",
        "backup.part2.rar": "Archives",
        "setup-tool-1.2.exe": "Installers",
        "novel.epub": "Books",
        "New folder/meeting notes.txt": "Documents/Notes",
        "recipe_files": "Documents/Notes",
    }
    for name, folder in expected.items():
        assert targets[base + name] == f"{base}{folder}/{name.rpartition('/')[2]}", name
    assert all(item["reason"] for item in items)


def test_units_stay_whole_and_fragile_things_are_left_alone(hub: Hub, alice: Actor, downloads: Path) -> None:
    """A film folder, an album, a camera folder move as one; repositories, downloads, links and tidy folders do not."""
    plan = make_plan(hub, alice, downloads)
    targets = where(items_of(hub, alice, plan["id"]))
    assert targets["Downloads/Amelie (2001)"] == "Downloads/Films/Amelie (2001)"
    assert targets["Downloads/Greatest Hits"] == "Downloads/Music/Greatest Hits"
    assert targets["Downloads/DCIM"] == "Downloads/Pictures/Camera/DCIM"
    assert targets["Downloads/website"] == "Downloads/Projects/website"
    for part in ("my-app", "film.mkv", "big.iso", "link.pdf", "Taxes 2023", ".hidden"):
        assert not [path for path in targets if path.startswith(f"Downloads/{part}")], part
    left = plan["left_alone"]
    assert left["a repository (.git)"]["count"] == 1
    assert left["not finished yet"]["count"] == 2
    assert left["already in a folder of its own"]["count"] == 1


def test_unsure_means_ask(hub: Hub, alice: Actor, downloads: Path) -> None:
    """What pretends to be something else, or is unknown, is asked about and never acted on by itself."""
    plan = make_plan(hub, alice, downloads)
    asking = {item["source"]["path"]: item for item in items_of(hub, alice, plan["id"], state="asking")}
    assert "is a program" in asking["Downloads/holiday.pdf"]["oddity"]
    assert "Downloads/unknown.qqq" in asking
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    assert (downloads / "holiday.pdf").exists()
    assert (downloads / "unknown.qqq").exists()


def test_execute_then_undo_restores_every_byte(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Accept all, execute, undo: names, contents and times are as before; nothing else is left."""
    before = snapshot(downloads)
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    assert client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6}).json["changed"] > 25
    assert client.post(f"/plans/{plan['id']}/execute", json={}).status_code == 202
    (result,) = hub.jobs.run_all()
    assert result["failed"] == result["skipped"] == 0, result
    after = snapshot(downloads)
    assert "Films/The Matrix (1999)/The.Matrix.1999.1080p.BluRay.x264.en.srt" in after
    assert sorted(h for h, _ in after.values()) == sorted(h for h, _ in before.values())
    done = client.get(f"/plans/{plan['id']}").json
    assert done["state"] == "executed"
    answer = client.post(f"/runs/{done['run_id']}/undo", json={})
    assert answer.status_code == 202
    hub.jobs.run_all()
    assert snapshot(downloads) == before
    assert not (downloads / "Films").exists()
    states = {item["state"] for item in items_of(hub, alice, plan["id"])}
    assert states == {"undone", "asking"}


def test_organising_twice_moves_nothing_the_second_time(hub: Hub, alice: Actor, downloads: Path) -> None:
    """What was filed is at home; a second plan does not touch it."""
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    second = make_plan(hub, alice, downloads)
    left = {path.split("/")[1] for path in where(items_of(hub, alice, second["id"]))}
    assert left <= {"holiday.pdf", "unknown.qqq", "website", "Photo Booth.app"}


def test_a_changed_file_makes_the_plan_stale(hub: Hub, alice: Actor, downloads: Path) -> None:
    """A plan refuses when an accepted file changed since the scan; `skip_changed` leaves that file out."""
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    write(downloads / "song.mp3", b"another song, longer than before")
    answer = client.post(f"/plans/{plan['id']}/execute", json={})
    assert (answer.status_code, answer.json["error"]["code"]) == (409, "plan_stale")
    assert "song.mp3" in answer.json["error"]["fields"][0]["problem"]
    client.post(f"/plans/{plan['id']}/execute", json={"skip_changed": True})
    (result,) = hub.jobs.run_all()
    assert result["failed"] == 1
    assert (downloads / "song.mp3").exists()


def test_edits_are_what_is_executed(hub: Hub, alice: Actor, downloads: Path) -> None:
    """A changed destination, a new name and a rejection are carried out exactly; the group follows."""
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    items = {item["source"]["path"]: item for item in items_of(hub, alice, plan["id"])}
    song, matrix, novel = (
        items["Downloads/song.mp3"],
        items["Downloads/The.Matrix.1999.1080p.BluRay.x264.mkv"],
        items["Downloads/novel.epub"],
    )
    volume = song["source"]["volume_id"]
    base = f"/plans/{plan['id']}/items"
    place = {"volume_id": volume, "path": "Sounds/Best"}
    changed = client.patch(f"{base}/{song['id']}", json={"folder": place, "name": "anthem.mp3"})
    assert changed.status_code == 200, changed.text
    assert changed.json["suggested"]["path"] == "Downloads/Music/song.mp3"
    client.patch(f"{base}/{matrix['id']}", json={"folder": {"volume_id": volume, "path": "Cinema"}})
    client.patch(f"{base}/{novel['id']}", json={"decision": "reject"})
    client.post(f"/plans/{plan['id']}/execute", json={})
    (result,) = hub.jobs.run_all()
    assert result["done"] == 4
    home = downloads.parent
    assert (home / "Sounds/Best/anthem.mp3").exists()
    assert (home / "Cinema/The.Matrix.1999.1080p.BluRay.x264.en.srt").exists()
    assert (downloads / "novel.epub").exists()


def test_a_plan_runs_once_and_is_closed_then(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Executing twice moves once; an executed plan cannot be edited, executed or discarded."""
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"category": "audio"})
    client.post(f"/plans/{plan['id']}/execute", json={})
    client.post(f"/plans/{plan['id']}/execute", json={})
    job = hub.jobs.queue.pop()
    hub.jobs.run_all()
    assert job is not None
    for answer in (
        client.post(f"/plans/{plan['id']}/execute", json={}),
        client.post(f"/plans/{plan['id']}/accept", json={"everything": True}),
        client.delete(f"/plans/{plan['id']}"),
    ):
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "plan_closed")


def test_the_tree_sums_up_the_items(hub: Hub, alice: Actor, downloads: Path) -> None:
    """The tree's counts are those of the items, folder by folder."""
    plan = make_plan(hub, alice, downloads)
    tree = hub.client(alice).get(f"/plans/{plan['id']}/tree", query_string={"limit": 200}).json["items"]
    items = items_of(hub, alice, plan["id"])
    folders: dict[str, int] = {}
    for item in items:
        folder = item["target"]["path"].rpartition("/")[0]
        folders[folder] = folders.get(folder, 0) + 1
    assert {entry["place"]["path"]: entry["items"] for entry in tree} == folders


def test_undo_of_one_file_and_of_a_day(hub: Hub, alice: Actor, downloads: Path) -> None:
    """One file goes back alone; the day takes back the rest."""
    before = snapshot(downloads)
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    answer = client.post("/undo/file", json={"path": str(downloads / "Music" / "song.mp3")})
    assert answer.status_code == 202, answer.text
    hub.jobs.run_all()
    assert (downloads / "song.mp3").exists()
    client.post("/undo/day", json={"day": "2026-03-01"})
    hub.jobs.run_all()
    assert snapshot(downloads) == before


def test_the_history_is_searchable(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Each move stands in the timeline with from and to."""
    plan = make_plan(hub, alice, downloads)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"min_confidence": 0.6})
    client.post(f"/plans/{plan['id']}/execute", json={})
    hub.jobs.run_all()
    found = client.get("/actions", query_string={"q": "stadtwerke"}).json["items"]
    assert [a["target"]["path"] for a in found] == ["Downloads/Documents/Invoices/2024/Rechnung_Stadtwerke_2024-03.pdf"]
    assert len(client.get("/runs").json["items"]) == 1


def test_german_household_gets_german_folders(hub: Hub, alice: Actor, downloads: Path) -> None:
    """The shipped places are in the owner's language."""
    hub.client(alice).patch("/settings", json={"language": "de"})
    plan = make_plan(hub, alice, downloads)
    targets = where(items_of(hub, alice, plan["id"]))
    assert targets["Downloads/scan0001.pdf"] == "Downloads/Dokumente/Rechnungen/2024/scan0001.pdf"
    assert targets["Downloads/Dark.S01E03.720p.WEB.mkv"].startswith("Downloads/Serien/Dark/Staffel 01/")


def test_existing_folders_of_the_household_are_preferred(hub: Hub, alice: Actor, downloads: Path) -> None:
    """Bills go to the folder 'Bills' that is there, flat if the household keeps it flat; seasons continue its style."""
    home = downloads.parent
    write(home / "Bills" / "old.pdf", pdf("x"))
    write(home / "TV" / "Dark" / "S2" / "Dark.S02E01.mkv", b"x")
    plan = make_plan(hub, alice, downloads, into=str(home))
    targets = where(items_of(hub, alice, plan["id"]))
    assert targets["Downloads/invoice-2023-11.pdf"] == "Bills/invoice-2023-11.pdf"
    assert targets["Downloads/Dark.S01E03.720p.WEB.mkv"].startswith("TV/Dark/S1/")


def test_bad_input_names_the_field_and_changes_nothing(hub: Hub, alice: Actor, downloads: Path, bob: Actor) -> None:
    """Wrong folders, confidences and selections are refused with one clear error."""
    client = hub.client(alice)
    plan = make_plan(hub, alice, downloads)
    base = f"/plans/{plan['id']}"
    item = items_of(hub, alice, plan["id"])[0]
    cases = [
        (client.post("/plans", json={"path": "/etc"}), 403, "body.path"),
        (client.post("/plans", json={"path": str(downloads / ".." / "..")}), 403, "body.path"),
        (client.post("/plans", json={"path": str(downloads), "threshold": 7}), 422, "body.threshold"),
        (client.post(f"{base}/accept", json={}), 422, "body"),
        (client.patch(f"{base}/items/{item['id']}", json={}), 422, "body"),
        (client.patch(f"{base}/items/{item['id']}", json={"name": "a/b"}), 422, "name"),
        (
            client.patch(f"{base}/items/{item['id']}", json={"folder": {"volume_id": "nobody", "path": "x"}}),
            403,
            "body.folder",
        ),
        (client.patch(f"{base}/items/{item['id']}", json={"folder": {"volume_id": "v", "path": "../x"}}), 422, "body"),
    ]
    for answer, status, field in cases:
        assert answer.status_code == status, answer.text
        assert answer.json["error"]["fields"][0]["name"].startswith(field), answer.text
        assert answer.json["error"]["fields"][0]["problem"]
    assert client.get(base).json["version"] == plan["version"]


def test_a_cancelled_run_says_what_was_done_and_what_not(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Stopped half-way, the plan is closed: what moved is done, the rest is skipped, and undo works."""
    inbox = tmp_path / "alice" / "Inbox"
    for number in range(1200):
        write(inbox / f"song {number}.mp3", MP3)
    before = snapshot(inbox)
    plan = make_plan(hub, alice, inbox)
    client = hub.client(alice)
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post(f"/plans/{plan['id']}/execute", json={})
    job_id, actor, _, args = hub.jobs.queue.pop()
    with pytest.raises(JobCancelled):
        execute_plan(RunningJob(job_id, actor, hub.ctx, stop_after=1), args)
    closed = client.get(f"/plans/{plan['id']}").json
    states = [item["state"] for item in items_of(hub, alice, plan["id"])]
    moved = len(list((inbox / "Music").iterdir()))
    assert closed["state"] == "executed"
    assert 0 < moved < 1200
    assert states.count("done") == moved
    assert states.count("skipped") == 1200 - moved
    client.post(f"/runs/{closed['run_id']}/undo", json={})
    hub.jobs.run_all()
    assert snapshot(inbox) == before


def test_the_start_asks_for_recovery_of_interrupted_runs(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """A run that a crash left open is handed to a worker when the module starts, for its owner."""
    hub.app.start()
    assert hub.jobs.queue == []
    hub.app.stop()
    now = hub.clock.now()
    run = Run(plan_id="p", kind="apply", state="running", user_id="alice", created_at=now, heartbeat_at=now)
    hub.ctx.db.write(alice, lambda session: session.add(run))
    hub.app.start()
    assert [(actor.owner_id, kind) for _, actor, kind, _ in hub.jobs.queue] == [("alice", "file_organizer.recover")]


def test_a_place_that_is_nearly_sure_to_be_wrong_is_no_other_choice() -> None:
    """Up to three other places are offered, each once, and none of 0 %."""
    first = Suggestion("v", "Bills", 0.8, "why", Source.MEMORY, "document")
    for folder, confidence in (
        ("Books", 0.001),
        ("Bills", 0.5),
        ("A", 0.3),
        ("A", 0.3),
        ("B", 0.2),
        ("C", 0.1),
        ("D", 0.1),
    ):
        first.also(Alternative("v", folder, confidence, "why"))
    assert [one.folder for one in first.alternatives] == ["A", "B", "C"]
