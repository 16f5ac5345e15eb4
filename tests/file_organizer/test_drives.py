"""Drives: known again by what is on them, away is never deleted, changes are told to their owner only."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

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


@pytest.fixture
def usb(tmp_path: Path) -> Iterator[Any]:
    """Give a real filesystem in a file, and functions to plug it in and out."""
    if os.geteuid() != 0 or shutil.which("mkfs.ext4") is None:
        pytest.skip("needs root and mkfs.ext4 for a loop mount")
    image, point = tmp_path / "usb.img", tmp_path / "usb"
    point.mkdir()
    with open(image, "wb") as file:
        file.truncate(8 << 20)
    subprocess.run(["mkfs.ext4", "-q", "-F", "-L", "HOLIDAYS", str(image)], check=True)

    def plug(where: Path) -> None:
        where.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "-o", "loop", str(image), str(where)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("loop mounts are not possible here")

    def unplug(where: Path) -> None:
        subprocess.run(["umount", str(where)], check=True)

    plug(point)
    yield point, plug, unplug
    subprocess.run(["umount", "-q", str(point)], check=False)
    subprocess.run(["umount", "-q", str(tmp_path / "other")], check=False)


@pytest.mark.root
def test_a_drive_that_comes_back_elsewhere_is_the_same(hub: Hub, usb: Any, tmp_path: Path) -> None:
    """Unplugged it is offline; mounted at another place and granted there, it is the same drive."""
    point, plug, unplug = usb
    hub.roots.grant("carol", point)
    carol = Actor.of("carol")
    client = hub.client(carol)
    (drive,) = client.post("/drives/refresh").json["items"]
    assert (drive["filesystem"], drive["mount_point"]) == ("ext4", str(point))
    unplug(point)
    assert client.post("/drives/refresh").json["items"][0]["status"] == "offline"
    other = tmp_path / "other"
    plug(other)
    hub.roots.take_back("carol")
    hub.roots.grant("carol", other)
    (again,) = client.post("/drives/refresh").json["items"]
    assert (again["id"], again["status"], again["mount_point"]) == (drive["id"], "online", str(other))
