"""A drive with a purpose draws the files of its kind, as far as they fit; what the household taught knows better."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.planning import drive_purposes
from backend.file_organizer.planning.drive_purposes import known_purpose
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import MKV, write
from tests.file_organizer.test_plans_api import items_of, make_plan

FILM = MKV + b"film" * 1000


@pytest.fixture
def films(hub: Hub, alice: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A second drive of Alice's, told apart from the first by its key, that is for films."""
    folder = tmp_path / "bigdisk"
    folder.mkdir()
    hub.roots.grant("alice", folder)
    pretend_own_drive(monkeypatch, str(folder))
    drives = hub.client(alice).post("/drives/refresh").json["items"]
    assert len(drives) == 2
    drive = next(one for one in drives if one["mount_point"] == str(folder))
    hub.client(alice).patch(f"/drives/{drive['id']}", json={"purpose": "films"})
    return folder


def pretend_own_drive(monkeypatch: pytest.MonkeyPatch, *points: str) -> None:
    """Let folders be drives of their own: real ones need root."""
    from backend.file_organizer.drives import discovery
    from backend.file_organizer.mounts import Mount, read_mounts

    def mounts() -> list[Mount]:
        return [*read_mounts(), *(Mount(point, "0:99", "ext4", f"/dev/none{point}", False) for point in points)]

    monkeypatch.setattr(discovery, "read_mounts", mounts)


def plan(hub: Hub, alice: Actor, inbox: Path) -> dict[str, dict[str, Any]]:
    made = make_plan(hub, alice, inbox)
    return {one["source"]["path"].rpartition("/")[2]: one for one in items_of(hub, alice, made["id"])}


def volume(hub: Hub, alice: Actor, path: Path) -> str:
    return next(one["volume_id"] for one in hub.client(alice).get("/folders").json["items"] if one["path"] == str(path))


def test_films_go_to_the_drive_for_films_and_the_rest_stays(
    hub: Hub, alice: Actor, films: Path, tmp_path: Path
) -> None:
    """The reason says so, the place without the drive is offered as well; papers are not drawn."""
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Blade.Runner.1982.1080p.BluRay.x264.mkv", FILM)
    write(inbox / "invoice 2024-03-01.pdf", b"%PDF-1.4 invoice")
    items = plan(hub, alice, inbox)
    film = items["Blade.Runner.1982.1080p.BluRay.x264.mkv"]
    assert film["target"]["volume_id"] == volume(hub, alice, films)
    assert "is for such files" in film["reason"]
    home = volume(hub, alice, tmp_path / "alice")
    assert home in {one["place"]["volume_id"] for one in film["alternatives"]}
    assert items["invoice 2024-03-01.pdf"]["target"]["volume_id"] == home


def test_the_drives_own_folders_are_used(hub: Hub, alice: Actor, films: Path, tmp_path: Path) -> None:
    """A folder for films that is there already is where they go."""
    (films / "Spielfilme und Filme" / "Filme").mkdir(parents=True)
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Alien.1979.1080p.BluRay.x264.mkv", FILM)
    (item,) = plan(hub, alice, inbox).values()
    assert item["target"]["path"].startswith("Spielfilme und Filme/Filme/")


def test_what_does_not_fit_stays_where_it_fits(
    hub: Hub, alice: Actor, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Room for one film: the first goes there, the second does not; the reserve is not touched."""
    monkeypatch.setattr(drive_purposes, "room_of", lambda space: len(FILM) + 10)
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Alien.1979.1080p.BluRay.x264.mkv", FILM)
    write(inbox / "Heat.1995.1080p.BluRay.x264.mkv", FILM)
    there = volume(hub, alice, films)
    items = plan(hub, alice, inbox)
    assert [one["target"]["volume_id"] == there for one in items.values()].count(True) == 1


def test_a_drive_that_is_away_draws_nothing(hub: Hub, alice: Actor, films: Path, tmp_path: Path) -> None:
    """Suggestions stay where they can be carried out."""
    (films / ".homie").rename(films / "away")
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "Alien.1979.1080p.BluRay.x264.mkv", FILM)
    (item,) = plan(hub, alice, inbox).values()
    assert item["target"]["volume_id"] == volume(hub, alice, tmp_path / "alice")


def test_a_named_destination_is_kept(hub: Hub, alice: Actor, films: Path, tmp_path: Path) -> None:
    """Who says where, means it."""
    inbox, wanted = tmp_path / "alice" / "Inbox", tmp_path / "alice" / "Here"
    wanted.mkdir()
    write(inbox / "Alien.1979.1080p.BluRay.x264.mkv", FILM)
    made = hub.client(alice).post("/plans", json={"path": str(inbox), "into": str(wanted)}).json
    hub.jobs.run_all()
    (item,) = items_of(hub, alice, made["id"])
    assert item["target"]["path"].startswith("Here/")


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("films", "films"),
        ("Filme", "films"),
        ("Bilder", "photos"),
        ("backup", None),
        ("Grandpa's slides", None),
        ("", None),
    ],
)
def test_a_purpose_in_ones_own_words_draws_only_what_it_surely_means(said: str, means: str | None) -> None:
    """Known words in English and German; everything else is a note, not an order."""
    assert known_purpose(said) == means
