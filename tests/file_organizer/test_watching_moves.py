"""Moves that a person makes outside Homie are recognised; what is doubtful, and what Homie did itself, is not."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub


@pytest.fixture
def home(hub: Hub, alice: Actor, tmp_path: Path) -> Path:
    """Give Alice's folder with some files in Inbox, looked at once."""
    home = tmp_path / "alice"
    for name in ("Inbox/choir dates.pdf", "Inbox/other.pdf", "Music/old.pdf"):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(name * 10)
    hub.organizer.refresh_index(alice)
    return home


def test_a_file_moved_by_hand_is_a_move(hub: Hub, alice: Actor, home: Path) -> None:
    """Once; a second look tells nothing."""
    (home / "Inbox" / "choir dates.pdf").rename(home / "Music" / "choir dates.pdf")
    assert hub.organizer.refresh_index(alice).moved == 1
    assert hub.organizer.refresh_index(alice).moved == 0


def test_what_a_person_moved_by_hand_is_learned(hub: Hub, alice: Actor, home: Path) -> None:
    """The next file of the kind is expected there, and the list of lessons says where that comes from."""
    (home / "Inbox" / "choir dates.pdf").rename(home / "Music" / "choir dates.pdf")
    hub.organizer.refresh_index(alice)
    (lesson,) = hub.client(alice).get("/learned").json["items"]
    assert (lesson["name"], lesson["folder"], lesson["how"]) == ("choir dates.pdf", "Music", "moved")
    (why,) = hub.client(alice).post("/learned/why", json={"names": ["choir songs.pdf"]}).json["items"]
    assert why["places"][0]["folder"] == "Music"


def test_moves_by_hand_are_learned_by_ones_own_memory_unless_it_pauses(
    hub: Hub, alice: Actor, bob: Actor, home: Path
) -> None:
    """By the person's own memory only, and not while learning is paused."""
    for name in ("choir plan.pdf", "choir songs.pdf", "choir trip.pdf"):
        (home / "Inbox" / name).write_text(name * 10)
    hub.organizer.refresh_index(alice)
    (home / "Inbox" / "choir plan.pdf").rename(home / "Music" / "choir plan.pdf")
    assert hub.organizer.refresh_index(alice).learned == 1
    (destination,) = hub.client(alice).get("/destinations").json["items"]
    assert destination["folder"].endswith("Music")
    assert hub.client(bob).get("/destinations").json["items"] == []
    hub.client(alice).patch("/settings", json={"learning": False})
    (home / "Inbox" / "choir songs.pdf").rename(home / "Music" / "choir songs.pdf")
    assert hub.organizer.refresh_index(alice).learned == 0


def test_a_folder_moved_by_hand_moves_its_files(hub: Hub, alice: Actor, home: Path) -> None:
    """Each file in it, at its new place."""
    (home / "Inbox").rename(home / "Music" / "From the inbox")
    assert hub.organizer.refresh_index(alice).moved == 2


def test_what_homie_moved_and_put_back_is_no_move_of_a_person(hub: Hub, alice: Actor, home: Path) -> None:
    """Neither the run nor its undo, for single files and for whole folders."""
    client = hub.client(alice)
    for source, target in (("Inbox/choir dates.pdf", "Music/choir dates.pdf"), ("Inbox", "Music/Inbox")):
        asked = {"op": "move", "source": str(home / source), "target": str(home / target), "on_conflict": "skip"}
        assert client.post("/operations", json={"operations": [asked]}).status_code == 202
        run = hub.jobs.run_all()[-1]["run_id"]
        assert hub.organizer.refresh_index(alice).moved == 0
        client.post(f"/runs/{run}/undo", json={})
        hub.jobs.run_all()
        assert hub.organizer.refresh_index(alice).moved == 0


def test_copies_deletions_and_edits_are_no_moves(hub: Hub, alice: Actor, home: Path) -> None:
    """A copy beside its original, something deleted, and a new file of the same name with other content."""
    shutil.copy2(home / "Inbox" / "choir dates.pdf", home / "Music")
    (home / "Inbox" / "other.pdf").unlink()
    (home / "Music" / "other.pdf").write_text("something else")
    assert hub.organizer.refresh_index(alice).moved == 0


def test_a_move_to_another_granted_folder_is_recognised(hub: Hub, alice: Actor, home: Path, tmp_path: Path) -> None:
    """Copied with its time and deleted, as programs move between drives; two equal candidates are one too many."""
    other = tmp_path / "other"
    other.mkdir()
    hub.roots.grant("alice", other)
    hub.organizer.refresh_index(alice)
    shutil.copy2(home / "Inbox" / "choir dates.pdf", other)
    (home / "Inbox" / "choir dates.pdf").unlink()
    assert hub.organizer.refresh_index(alice).moved == 1
    for folder in ("a", "b"):
        (other / folder).mkdir()
        shutil.copy2(home / "Inbox" / "other.pdf", other / folder)
    (home / "Inbox" / "other.pdf").unlink()
    assert hub.organizer.refresh_index(alice).moved == 0


def test_nobody_hears_of_another_persons_moves(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """A file that goes from one person's folder to another's is gone for one and new for the other."""
    hub.organizer.refresh_index(bob)
    os.rename(home / "Inbox" / "other.pdf", home.parent / "bob" / "other.pdf")
    assert hub.organizer.refresh_index(alice).moved == 0
    assert hub.organizer.refresh_index(bob).moved == 0
