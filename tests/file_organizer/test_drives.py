"""Drives: known again by what is on them, away is never deleted, changes are told to their owner only."""

from __future__ import annotations

import os
from pathlib import Path

from backend.file_organizer.mounts import _parse, mount_of, read_mounts
from backend.sdk.actor import Actor
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import MP3, write
from tests.file_organizer.test_plans_api import make_plan


def names(hub: Hub) -> list[str]:
    return [event.name.rpartition(".")[2] for event in hub.bus.events if "drive" in event.name]


def test_a_drive_is_found_once_and_kept(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Looking twice tells one arrival; the row knows size, free space and the folders on it."""
    client = hub.client(alice)
    (first,) = client.post("/drives/refresh").json["items"]
    (second,) = client.post("/drives/refresh").json["items"]
    assert first["id"] == second["id"]
    assert second["size"] > second["free"] > 0
    assert names(hub) == ["drive_added"]


def test_an_absent_marker_means_offline_and_nothing_else(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """Without its marker the folder's drive is away: the row stays, plans wait, the return is noticed."""
    client = hub.client(alice)
    inbox = tmp_path / "alice" / "Inbox"
    write(inbox / "song.mp3", MP3)
    plan = make_plan(hub, alice, inbox)
    client.post(f"/plans/{plan['id']}/accept", json={"everything": True})
    client.post("/drives/refresh")
    os.rename(tmp_path / "alice" / ".homie", tmp_path / "away")
    (drive,) = client.post("/drives/refresh").json["items"]
    assert drive["status"] == "offline"
    assert client.get("/folders").json["items"][0]["online"] is False
    os.rename(tmp_path / "away", tmp_path / "alice" / ".homie")
    (drive,) = client.post("/drives/refresh").json["items"]
    assert drive["status"] == "online"
    assert names(hub) == ["drive_added", "drive_removed", "drive_added"]
    client.post(f"/plans/{plan['id']}/execute", json={})
    (result,) = hub.jobs.run_all()
    assert result["done"] == 1


def test_a_purpose_is_kept(hub: Hub, alice: Actor, tmp_path: Path) -> None:
    """What a drive is for survives the next look."""
    client = hub.client(alice)
    (drive,) = client.post("/drives/refresh").json["items"]
    assert client.patch(f"/drives/{drive['id']}", json={"purpose": "films"}).json["purpose"] == "films"
    assert client.post("/drives/refresh").json["items"][0]["purpose"] == "films"


def test_mountinfo_is_read_as_the_kernel_writes_it() -> None:
    """Blanks in mount points, optional fields, later mounts over earlier ones (proc(5))."""
    line = r"36 35 98:0 / /mnt/my\040disk rw,noatime shared:1 master:2 - ext4 /dev/sdb1 rw,errors=continue"
    mount = _parse(line)
    assert mount is not None
    assert (mount.mount_point, mount.filesystem, mount.read_only) == ("/mnt/my disk", "ext4", False)
    assert _parse("garbage") is None
    assert mount_of("/mnt/my disk/films", [mount]) == mount
    assert mount_of("/mnt/my disk2", [mount]) is None
    assert mount_of("/", read_mounts()) is not None
