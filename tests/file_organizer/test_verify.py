"""Reading files again: damage is told from change, nothing is concluded of a drive that is away, nothing is changed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.jobs_verify import VerifyFilesArgs, verify_files
from backend.file_organizer.verification import verifier
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobCancelled
from tests.file_organizer.conftest import Hub, RunningJob
from tests.file_organizer.messy_folder import write
from tests.file_organizer.test_operations_api import ask

ENGINES = pytest.mark.parametrize("module_engine", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])


@pytest.fixture
def home(hub: Hub, alice: Actor, tmp_path: Path) -> Path:
    """Alice's folder, where Homie moved three files, one of them in a folder that was moved whole."""
    home = tmp_path / "alice"
    for name in ("in/a.txt", "in/b.txt", "in/Album/c.txt"):
        write(home / name, f"content of {name}".encode())
    steps = [("in/a.txt", "out/a.txt"), ("in/b.txt", "out/b.txt"), ("in/Album", "out/Album")]
    ask(hub, alice, *[{"op": "move", "source": str(home / s), "target": str(home / t)} for s, t in steps])
    return home


def verify(hub: Hub, actor: Actor, **body: Any) -> dict[str, Any]:
    """Read files again; return the counts that are not nought."""
    hub.client(actor).post("/verification", json=body or {"everything": True})
    (result,) = hub.jobs.run_all()
    names = ("good", "recorded", "changed", "damaged", "unreadable", "gone")
    return {name: result[name] for name in names if result[name]}


def found(hub: Hub, actor: Actor) -> list[tuple[str, str]]:
    last = hub.client(actor).get("/verification").json["last"]
    return [(one["condition"], one["place"]["path"]) for one in last["findings"]]


def rot(path: Path) -> None:
    """Change a byte as a failing drive does: neither size nor time tell of it."""
    info = path.stat()
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)
    os.utime(path, ns=(info.st_atime_ns, info.st_mtime_ns))


@ENGINES
def test_damage_is_told_from_change(hub: Hub, alice: Actor, home: Path) -> None:
    """First read, then good; a turned bit with the same time is damage, an edit is a change, a removed file is gone."""
    assert hub.client(alice).get("/verification").json == {"last": None}
    assert verify(hub, alice) == {"recorded": 3}
    assert verify(hub, alice) == {"good": 3}
    rot(home / "out/a.txt")
    (home / "out/b.txt").write_text("edited by Alice")
    (home / "out/Album/c.txt").unlink()
    assert verify(hub, alice) == {"changed": 1, "damaged": 1}, "what is in a moved folder is read as it is there"
    assert found(hub, alice) == [("damaged", "out/a.txt"), ("changed", "out/b.txt")]
    assert verify(hub, alice) == {"good": 1, "damaged": 1}, "a change is the new truth, damage stays damage"
    (told, *_) = [e for e in hub.bus.named("files_verified") if e.damaged]  # type: ignore[attr-defined]
    assert told.owner_id == "alice"
    (home / "out/b.txt").unlink()
    assert verify(hub, alice) == {"damaged": 1, "gone": 1}


def test_a_damaged_file_that_is_put_back_is_good_again(hub: Hub, alice: Actor, home: Path) -> None:
    """The old hash is kept: a copy from a backup with its time is recognised."""
    verify(hub, alice)
    path = home / "out/a.txt"
    rot(path)
    assert verify(hub, alice)["damaged"] == 1
    rot(path)  # the same bit turned back
    assert verify(hub, alice) == {"good": 3}


def test_a_copy_between_drives_is_known_without_a_first_reading(hub: Hub, alice: Actor, home: Path) -> None:
    """The journal has the hash of what was copied and verified: the first reading already finds damage."""
    ask(hub, alice, {"op": "compress", "sources": [str(home / "out")], "target": str(home / "all.zip")})
    rot(home / "all.zip")
    assert verify(hub, alice) == {"recorded": 3, "damaged": 1}


def test_what_is_known_travels_with_the_file(hub: Hub, alice: Actor, home: Path) -> None:
    """Moved on after a reading, and damaged later: still found; a place that was left is not asked about."""
    verify(hub, alice)
    ask(hub, alice, {"op": "move", "source": str(home / "out/a.txt"), "target": str(home / "third/a.txt")})
    ask(hub, alice, {"op": "move", "source": str(home / "out/Album"), "target": str(home / "third/Album")})
    rot(home / "third/a.txt")
    rot(home / "third/Album/c.txt")
    assert verify(hub, alice) == {"good": 1, "damaged": 2}


def test_what_lies_in_the_trash_is_not_read(hub: Hub, alice: Actor, home: Path) -> None:
    """Neither there nor missed where it was."""
    ask(hub, alice, {"op": "trash", "source": str(home / "out/a.txt")})
    assert verify(hub, alice) == {"recorded": 2}


def test_a_drive_that_is_away_is_said_and_nothing_is_gone(hub: Hub, alice: Actor, home: Path) -> None:
    """Without the marker nothing is read, and nothing is concluded."""
    verify(hub, alice)
    os.rename(home / ".homie", home / "away")
    assert verify(hub, alice) == {}
    assert hub.client(alice).get("/verification").json["last"]["away"] == ["alice"]
    os.rename(home / "away", home / ".homie")
    assert verify(hub, alice) == {"good": 3}


@ENGINES
def test_a_sample_takes_what_was_never_read_first(hub: Hub, alice: Actor, home: Path) -> None:
    """Asked often enough, every file has its turn."""
    seen: dict[str, int] = {}
    for _ in range(3):
        for name, count in verify(hub, alice, sample=1).items():
            seen[name] = seen.get(name, 0) + count
        hub.clock.advance(60)
    assert seen == {"recorded": 3}
    assert verify(hub, alice, sample=1) == {"good": 1}


def test_nothing_on_the_drive_is_changed(hub: Hub, alice: Actor, home: Path) -> None:
    """Neither names nor content nor times of change."""

    def state() -> list[tuple[str, int, int]]:
        return sorted((str(p), p.lstat().st_mtime_ns, p.lstat().st_ctime_ns) for p in home.rglob("*"))

    before = state()
    verify(hub, alice)
    assert state() == before


def test_links_and_odd_things_are_left_alone(hub: Hub, alice: Actor, home: Path) -> None:
    """A file that was swapped for a link to another person's is not read through it."""
    verify(hub, alice)
    (home / "out/a.txt").unlink()
    (home / "out/a.txt").symlink_to("/etc/hostname")
    os.mkfifo(home / "out/Album/pipe")
    assert verify(hub, alice) == {"good": 2}


def test_stopped_it_keeps_what_was_found_and_says_that_it_is_not_all(hub: Hub, alice: Actor, home: Path) -> None:
    """A person's stop ends it; the files read so far count."""
    job = RunningJob("j", alice, hub.ctx, stop_after=1)
    with pytest.raises(JobCancelled):
        verify_files(job, VerifyFilesArgs(sample=None))
    last = hub.client(alice).get("/verification").json["last"]
    assert last["complete"] is False
    assert last["checked"] < 3


def test_after_a_crash_it_goes_on_where_it_was(
    hub: Hub, alice: Actor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the first attempt saved is not read again; the counts are those of the whole."""
    monkeypatch.setattr(verifier, "_BATCH", 1)
    first = RunningJob("j", alice, hub.ctx, stop_after=2)
    with pytest.raises(JobCancelled):
        verify_files(first, VerifyFilesArgs(sample=None))
    assert "after" in first.saved
    second = RunningJob("j", alice, hub.ctx, saved=first.saved)
    result = verify_files(second, VerifyFilesArgs(sample=None))
    assert (result["checked"], result["complete"]) == (3, True)


@pytest.mark.parametrize("body", [{}, {"sample": 0}, {"sample": 5, "everything": True}, {"sample": "many"}])
def test_bad_requests_are_refused(hub: Hub, alice: Actor, home: Path, body: dict[str, Any]) -> None:
    """One clear error, no job."""
    assert hub.client(alice).post("/verification", json=body).status_code == 422
    assert hub.jobs.queue == []


def test_another_person_sees_no_result(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """Bob's result is his own."""
    verify(hub, alice)
    assert hub.client(bob).get("/verification").json == {"last": None}
    assert verify(hub, bob) == {}
    assert hub.client(bob).get("/verification").json["last"]["checked"] == 0
