"""Real sticks: back elsewhere, replaced, copied, cloned, read-only, full. Nothing is ever concluded about files."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backend.sdk.actor import Actor
from backend.sdk.events import Event
from backend.sdk.files import VolumeAway, read_marker
from backend.sdk.jobs import JobRetryLater
from tests.file_organizer.conftest import Hub
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_operations_api import ask
from tests.file_organizer.usb import Sticks, run, sticks_or_skip

pytestmark = pytest.mark.root
CAROL = Actor.of("carol")


@pytest.fixture
def sticks(tmp_path: Path) -> Iterator[Sticks]:
    sticks = sticks_or_skip(tmp_path)
    yield sticks
    sticks.leave()


@pytest.fixture
def stick(hub: Hub, sticks: Sticks, tmp_path: Path) -> Path:
    """A stick at `usb/` with Carol's opened folder on it, seen once; her home is on the system drive."""
    image = sticks.make("usb")
    point = sticks.plug(image, tmp_path / "usb")
    (tmp_path / "carol").mkdir()
    hub.roots.grant("carol", tmp_path / "carol")
    hub.roots.grant("carol", point)
    look(hub)
    return image


def look(hub: Hub) -> dict[str, Any]:
    """Look at the drives; return the stick."""
    items = hub.client(CAROL).post("/drives/refresh").json["items"]
    return next(one for one in items if one["label"] == "HOLIDAYS")


def answer(hub: Hub, drive: dict[str, Any], **said: Any) -> Any:
    return hub.client(CAROL).post(f"/drives/{drive['id']}/answer", json=said)


def told(hub: Hub) -> list[str]:
    return [event.name.rpartition(".")[2] for event in hub.bus.events if getattr(event, "label", "") == "HOLIDAYS"]


def test_a_drive_that_comes_back_elsewhere_is_followed(hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path) -> None:
    """Same marker and filesystem, other mount point: the same drive, its folder is there at once, events say it."""
    first = look(hub)
    sticks.pull(tmp_path / "usb")
    assert look(hub)["status"] == "offline"
    sticks.plug(stick, tmp_path / "other")
    again = look(hub)
    assert (again["id"], again["status"], again["mount_point"]) == (first["id"], "online", str(tmp_path / "other"))
    paths = {one["path"]: one["online"] for one in hub.client(CAROL).get("/folders").json["items"]}
    assert paths[str(tmp_path / "other")] is True
    assert told(hub) == ["drive_added", "drive_removed", "drive_added"]


def test_undo_waits_for_the_drive_and_goes_on_when_it_is_back(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """Away, the undo says so and stays; back at another path it puts the file where it was, byte for byte."""
    source = write(tmp_path / "carol" / "film.mkv", b"a film")
    result = ask(hub, CAROL, {"op": "move", "source": str(source), "target": str(tmp_path / "usb" / "film.mkv")})
    sticks.pull(tmp_path / "usb")
    look(hub)
    hub.client(CAROL).post(f"/runs/{result['run_id']}/undo", json={})
    waiting = list(hub.jobs.queue)
    with pytest.raises(JobRetryLater, match="not connected"):
        hub.jobs.run_all()
    assert not source.exists()
    assert os.listdir(tmp_path / "usb") == []
    sticks.plug(stick, tmp_path / "other")
    hub.bus.subscribe(Event, hub.app._on_event)
    look(hub)
    assert hub.jobs.hastened == ["carol"], "what waits is asked to go on"
    hub.jobs.queue = [job for job in waiting if job[2] == "file_organizer.undo"]
    (undone,) = hub.jobs.run_all()
    assert undone["runs"][0]["done"] == 1
    assert source.read_bytes() == b"a film"


def test_a_file_changed_while_the_drive_was_elsewhere_is_kept_as_well(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """Somebody edited it on another machine: undo refuses with words; with "keep both" there are two."""
    source = write(tmp_path / "carol" / "letter.txt", b"first")
    result = ask(hub, CAROL, {"op": "move", "source": str(source), "target": str(tmp_path / "usb" / "letter.txt")})
    sticks.pull(tmp_path / "usb")
    far = sticks.plug(stick, tmp_path / "another machine")
    (far / "letter.txt").write_bytes(b"first, and a second line")
    sticks.pull(far)
    sticks.plug(stick, tmp_path / "usb")
    look(hub)
    hub.client(CAROL).post(f"/runs/{result['run_id']}/undo", json={})
    (refused,) = hub.jobs.run_all()
    assert refused["runs"][0]["done"] == 0
    assert "keep both" in refused["runs"][0]["problems"][0]["explanation"]
    hub.client(CAROL).post(f"/runs/{result['run_id']}/undo", json={"keep_both": True})
    (kept,) = hub.jobs.run_all()
    assert kept["runs"][0]["done"] == 1
    assert source.read_bytes() == (tmp_path / "usb" / "letter.txt").read_bytes() == b"first, and a second line"


def test_another_drive_in_its_place_is_said_and_nothing_is_written_to_it(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """Replaced, not offline; a move to the remembered drive is refused with words, and lands nowhere."""
    sticks.pull(tmp_path / "usb")
    other = sticks.plug(sticks.make("second", label="SECOND"), tmp_path / "usb")
    assert look(hub)["status"] == "replaced"
    before = os.listdir(other)
    source = write(tmp_path / "carol" / "a.txt", b"a")
    asked = {"op": "move", "source": str(source), "target": str(other / "a.txt")}
    refused = hub.client(CAROL).post("/operations", json={"operations": [asked]})
    assert (refused.status_code, refused.json["error"]["code"]) == (503, "drive_away")
    assert os.listdir(other) == before
    assert source.exists()


def test_a_copy_beside_the_drive_is_asked_about_and_work_goes_on(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """Files copied over with Homie's own: another filesystem, so no doubt; answered, it is never asked again."""
    backup = sticks.plug(sticks.make("backup", label="BACKUP"), tmp_path / "backup")
    shutil.copytree(tmp_path / "usb" / ".homie", backup / ".homie")
    drive = look(hub)
    assert (drive["status"], drive["online"], drive["held"]) == ("clone", True, False)
    assert [(one["label"], one["mount_point"]) for one in drive["copies"]] == [("BACKUP", str(backup))]
    assert hub.bus.named("drive_status")[-1].asks is True  # type: ignore[attr-defined]
    source = write(tmp_path / "carol" / "a.txt", b"a")
    moved = ask(hub, CAROL, {"op": "move", "source": str(source), "target": str(tmp_path / "usb" / "a.txt")})
    assert moved["done"] == 1
    (after,) = [one for one in answer(hub, drive, decision="copy").json["items"] if one["id"] == drive["id"]]
    assert (after["status"], after["copies"]) == ("online", [])
    assert read_marker(str(backup)) != read_marker(str(tmp_path / "usb"))
    assert answer(hub, drive, decision="copy").status_code == 409
    sticks.pull(tmp_path / "usb")
    assert look(hub)["status"] == "offline", "the copy is not taken for the drive"


def test_a_clone_is_told_from_the_drive_that_never_left(hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path) -> None:
    """Bit by bit the same, plugged in beside it: asked about, while work goes on where it was."""
    run("sync")
    sticks.plug(sticks.clone(stick, "clone"), tmp_path / "clone")
    drive = look(hub)
    assert (drive["status"], drive["held"], drive["mount_point"]) == ("clone", False, str(tmp_path / "usb"))
    assert len(drive["copies"]) == 1


def test_two_alike_after_a_restart_are_held_until_somebody_says_which(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """Nobody can tell which is which: nothing is changed on either; the answer frees the right one."""
    sticks.pull(tmp_path / "usb")
    look(hub)
    clone = sticks.clone(stick, "clone")
    sticks.plug(stick, tmp_path / "usb")
    sticks.plug(clone, tmp_path / "clone")
    drive = look(hub)
    assert (drive["status"], drive["held"], drive["online"]) == ("clone", True, False)
    source = write(tmp_path / "carol" / "a.txt", b"a")
    asked = {"op": "move", "source": str(source), "target": str(tmp_path / "usb" / "a.txt")}
    assert hub.client(CAROL).post("/operations", json={"operations": [asked]}).status_code == 503
    answered = answer(hub, drive, decision="this", mount_point=str(tmp_path / "clone"))
    assert answered.status_code == 200, answered.text
    drive = look(hub)
    assert (drive["status"], drive["online"], drive["mount_point"]) == ("online", True, str(tmp_path / "clone"))
    asked["target"] = str(tmp_path / "clone" / "a.txt")
    assert ask(hub, CAROL, asked)["done"] == 1
    assert not (tmp_path / "usb" / "a.txt").exists()


@pytest.mark.parametrize("said", ["this", "copy"])
def test_a_copy_in_the_drives_own_place_is_held(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path, said: str
) -> None:
    """A bigger disk with everything copied over, or the wrong stick: the person says which."""
    point = tmp_path / "usb"
    shutil.copytree(point / ".homie", tmp_path / "kept")
    sticks.pull(point)
    sticks.plug(sticks.make("bigger", megabytes=16), point)
    shutil.copytree(tmp_path / "kept", point / ".homie")
    drive = look(hub)
    assert (drive["status"], drive["held"], drive["copies"]) == ("clone", True, [])
    answer(hub, drive, decision=said)
    after = next(one for one in hub.client(CAROL).post("/drives/refresh").json["items"] if one["id"] == drive["id"])
    assert after["status"] == ("online" if said == "this" else "replaced")
    assert after["online"] is (said == "this")


def test_a_copy_alone_is_not_taken_for_the_drive(hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path) -> None:
    """The drive is away and only a copy on another filesystem is here: asked, never followed by itself."""
    backup = sticks.plug(sticks.make("backup", label="BACKUP"), tmp_path / "backup")
    shutil.copytree(tmp_path / "usb" / ".homie", backup / ".homie")
    sticks.pull(tmp_path / "usb")
    drive = look(hub)
    assert (drive["status"], drive["online"], len(drive["copies"])) == ("clone", False, 1)
    answer(hub, drive, decision="this", mount_point=str(backup))
    after = next(one for one in hub.client(CAROL).get("/drives").json["items"] if one["id"] == drive["id"])
    assert (after["online"], after["mount_point"]) == (True, str(backup))


def test_a_read_only_drive_says_so_and_keeps_its_files(hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path) -> None:
    """Plugged in with its lock on: it is here, may only be read, and a move onto it fails with a reason."""
    sticks.pull(tmp_path / "usb")
    sticks.plug(stick, tmp_path / "usb", read_only=True)
    drive = look(hub)
    assert (drive["status"], drive["read_only"]) == ("online", True)
    source = write(tmp_path / "carol" / "a.txt", b"a")
    result = ask(hub, CAROL, {"op": "move", "source": str(source), "target": str(tmp_path / "usb" / "a.txt")})
    assert (result["done"], source.exists()) == (0, True)
    assert "only be read" in result["problems"][0]["explanation"]


def test_a_drive_is_never_filled_below_its_reserve(hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path) -> None:
    """What would fit to the last byte is refused; putting back what was there before is not."""
    space = os.statvfs(tmp_path / "usb")
    free, reserve = space.f_bavail * space.f_frsize, look(hub)["reserve"]
    assert 0 < reserve < free
    tight = tmp_path / "carol" / "tight.bin"
    tight.write_bytes(os.urandom(free - reserve // 2))
    move = {"op": "move", "source": str(tight), "target": str(tmp_path / "usb" / "tight.bin")}
    result = ask(hub, CAROL, move)
    assert (result["done"], tight.exists()) == (0, True)
    assert "full" in result["problems"][0]["explanation"]
    fits = tmp_path / "carol" / "fits.bin"
    fits.write_bytes(os.urandom(free // 2))
    target = tmp_path / "usb" / "fits.bin"
    assert ask(hub, CAROL, {"op": "move", "source": str(fits), "target": str(target)})["done"] == 1


def test_a_held_drive_cannot_be_opened_by_the_executor(hub: Hub, stick: Path) -> None:
    """The mark is on the folder itself, so no way of opening it forgets to ask."""
    from dataclasses import replace

    from backend.sdk.files import OpenRoot

    root = next(r for r in hub.roots.for_actor(CAROL).roots if r.label == "usb")
    with pytest.raises(VolumeAway, match="look the same"):
        OpenRoot(replace(root, held=True))
    assert not replace(root, held=True).online


def test_a_plan_whose_drive_is_away_waits_and_goes_on_by_itself(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """Accepted for a stick that was pulled out: nothing moves, nothing is lost; back at another place it is done."""
    inbox, usb = tmp_path / "carol" / "Inbox", tmp_path / "usb"
    write(inbox / "Blade Runner (1982).mkv", b"film" * 400)
    client = hub.client(CAROL)
    asked = client.post("/plans", json={"path": str(inbox), "into": str(usb)})
    hub.jobs.run_all()
    plan = asked.json["id"]
    client.post(f"/plans/{plan}/accept", json={"everything": True})
    sticks.pull(usb)
    assert client.post(f"/plans/{plan}/execute", json={}).status_code == 202
    waiting = list(hub.jobs.queue)
    with pytest.raises(JobRetryLater):
        hub.jobs.run_all()
    assert (inbox / "Blade Runner (1982).mkv").exists()
    assert os.listdir(usb) == []
    sticks.plug(stick, tmp_path / "other")
    look(hub)
    hub.jobs.queue = waiting
    (result,) = hub.jobs.run_all()
    assert result["done"] == 1
    assert [path.name for path in (tmp_path / "other").rglob("*.mkv")] == ["Blade Runner (1982).mkv"]


def test_only_administrators_see_what_is_plugged_in_and_nothing_of_inside(
    hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path
) -> None:
    """A stick that holds no opened folder: its name and size for administrators; known drives are not in the list."""
    point = sticks.plug(sticks.make("new", label="NEWCOMER"), tmp_path / "new")
    (point / "Secret diary").mkdir()
    assert hub.client(CAROL).get("/drives/plugged").status_code == 403
    admin = Actor("dora", "dora", frozenset({"dora"}), is_admin=True)
    answer = hub.client(admin).get("/drives/plugged")
    shown = {one["mount_point"]: one["label"] for one in answer.json["items"]}  # what this machine holds is there, too
    assert shown[str(point)] == "NEWCOMER"
    assert str(tmp_path / "usb") not in shown
    assert "Secret" not in answer.text


def test_watching_tells_of_a_plug_by_itself(hub: Hub, sticks: Sticks, stick: Path, tmp_path: Path) -> None:
    """The mount table changed: owners are told that something was plugged in, not what."""
    seen = hub.organizer.drives.look(None)
    hub.bus.events.clear()
    sticks.plug(sticks.make("new", label="NEWCOMER"), tmp_path / "new")
    hub.organizer.drives.look(seen)
    (told,) = hub.bus.named("mounts_changed")
    assert (told.owner_id, "NEWCOMER" in str(told)) == ("carol", False)
