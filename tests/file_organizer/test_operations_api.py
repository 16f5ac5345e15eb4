"""The seven operations by name: through the API and the real job handler, and back byte for byte."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path
from typing import Any

import pytest

from backend.file_organizer.execution import archives
from backend.file_organizer.execution.journal_models import RunState
from backend.file_organizer.jobs import OperateArgs, operate
from backend.sdk.actor import Actor
from backend.sdk.jobs import JobCancelled
from tests.file_organizer.conftest import Hub, RunningJob
from tests.file_organizer.execution.archive_makers import LOCKED_7Z, seven_of, zip_of
from tests.file_organizer.messy_folder import MP3, jpeg, pdf, write
from tests.file_organizer.test_interruptions import stop_in_the_middle
from tests.file_organizer.test_plans_api import snapshot


@pytest.fixture
def module_engine(engine_kind: str) -> str:
    """Run these on SQLite and on PostgreSQL."""
    return engine_kind


@pytest.fixture
def home(alice: Actor, tmp_path: Path) -> Path:
    """Give Alice's folder with some files, an archive and a second granted folder."""
    home = tmp_path / "alice"
    write(home / "letter.txt", b"Dear Bob")
    write(home / "taken.txt", b"I was here first")
    write(home / "Photos" / "one.jpg", b"one")
    write(home / "Photos" / "two.jpg", b"two")
    with zipfile.ZipFile(home / "papers.zip", "w") as archive:
        archive.writestr("inside/paper.txt", "a paper")
    return home


def everything(root: Path) -> tuple[dict[str, tuple[str, int]], list[str]]:
    folders = sorted(str(p.relative_to(root)) for p in root.rglob("*") if p.is_dir() and ".homie" not in p.parts)
    return snapshot(root), folders


def ask(hub: Hub, actor: Actor, *operations: dict[str, Any], **more: Any) -> Any:
    """Ask for operations, run the job, and return its result."""
    answer = hub.client(actor).post("/operations", json={"operations": list(operations), **more})
    assert answer.status_code == 202, answer.text
    assert answer.json["state"] == "queued"
    (result,) = hub.jobs.run_all()
    return result


def requests_in(home: Path) -> dict[str, dict[str, Any]]:
    letter, photos = str(home / "letter.txt"), str(home / "Photos")
    return {
        "mkdir": {"op": "mkdir", "path": str(home / "New" / "Deep")},
        "move": {"op": "move", "source": letter, "target": str(home / "Post" / "to bob.txt")},
        "copy": {"op": "copy", "source": letter, "target": str(home / "copy of letter.txt")},
        "rename": {"op": "rename", "source": photos, "name": "Pictures"},
        "trash": {"op": "trash", "source": photos},
        "extract": {"op": "extract", "source": str(home / "papers.zip"), "target": str(home / "papers")},
        "compress": {"op": "compress", "sources": [letter, photos], "target": str(home / "all.zip")},
    }


AFTER = {
    "mkdir": "New/Deep",
    "move": "Post/to bob.txt",
    "copy": "copy of letter.txt",
    "rename": "Pictures/one.jpg",
    "extract": "papers/inside/paper.txt",
    "compress": "all.zip",
}


def nested(home: Path) -> Path:
    """Put an archive with papers and an archive of pictures into the folder."""
    inner = zip_of({f"IMG_{number}.jpg": jpeg() + bytes([number]) for number in range(4)})
    return write(home / "mixed.7z", seven_of({"invoice 2024.pdf": pdf("Invoice"), "song.mp3": MP3, "pics.zip": inner}))


@pytest.mark.parametrize("into", [None, "Sorted"])
def test_unpack_and_sort_begins_a_plan_of_what_was_unpacked(
    hub: Hub, alice: Actor, home: Path, into: str | None
) -> None:
    """In one request: unpacked with what is inside, a scan of it, suggestions to review; undo takes it back."""
    archive = nested(home)
    before = everything(home)
    request = {"op": "extract", "source": str(archive), "target": str(home / "mixed"), "passes": 3, "sort": True}
    if into is not None:
        request["sort_into"] = str(home / into)
    client = hub.client(alice)
    assert client.post("/operations", json={"operations": [request]}).status_code == 202
    unpacked, scanned = hub.jobs.run_all()
    assert (unpacked["done"], unpacked["problems"]) == (1, [])
    assert unpacked["plans"] == [scanned["plan_id"]]
    plan = client.get(f"/plans/{scanned['plan_id']}").json
    assert plan["state"] == "ready"
    assert plan["root_path"] == str(home / "mixed")
    assert plan["into"]["path"] == (into or "mixed")
    names = {
        item["source"]["path"].rpartition("/")[2] for item in client.get(f"/plans/{plan['id']}/items").json["items"]
    }
    assert {"invoice 2024.pdf", "song.mp3", "pics.zip"} <= names
    client.post(f"/runs/{unpacked['run_id']}/undo", json={})
    hub.jobs.run_all()
    assert everything(home) == before


def test_nothing_is_sorted_where_nothing_was_unpacked(hub: Hub, alice: Actor, home: Path) -> None:
    """A locked archive stays packed; the result says so and names no plan."""
    locked = write(home / "locked.7z", LOCKED_7Z)
    before = everything(home)
    wish = {"op": "extract", "source": str(locked), "target": str(home / "locked"), "sort": True}
    result = ask(hub, alice, wish)
    assert result["plans"] == []
    (problem,) = result["problems"]
    assert problem["explanation"] == "It is locked with a password; Homie leaves it packed."
    assert everything(home) == before
    assert hub.client(alice).get("/plans").json["items"] == []


def test_what_stays_packed_inside_is_told(hub: Hub, alice: Actor, home: Path) -> None:
    outer = write(home / "outer.zip", zip_of({"locked.7z": LOCKED_7Z, "letter.txt": b"dear"}))
    result = ask(hub, alice, {"op": "extract", "source": str(outer), "target": str(home / "outer"), "passes": 2})
    assert (result["done"], result["problems"]) == (1, [])
    said = "It is locked with a password; Homie leaves it packed."
    assert result["left_packed"] == [{"path": "outer/locked.7z", "explanation": said}]


def test_a_repeated_job_begins_no_second_plan(hub: Hub, alice: Actor, home: Path) -> None:
    archive = nested(home)
    request = {"op": "extract", "source": str(archive), "target": str(home / "mixed"), "sort": True}
    hub.client(alice).post("/operations", json={"operations": [request]})
    job_id, _, _, args = hub.jobs.queue.pop()
    assert isinstance(args, OperateArgs)
    assert hub.jobs.module is not None
    job = RunningJob(job_id, Actor.of("alice", "alice"), hub.jobs.module)
    first = operate(job, args)
    again = operate(job, args)
    assert first["plans"] == again["plans"]
    assert len(hub.client(alice).get("/plans").json["items"]) == 1


def test_others_archives_and_folders_are_out_of_reach(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """Neither can Bob unpack Alice's archive, nor file into her folder; no word tells whether it is there."""
    nested(home)
    client = hub.client(bob)
    bobs = home.parent / "bob"
    own = write(bobs / "own.zip", zip_of({"a.txt": b"a"}))
    hers = {"op": "extract", "source": str(home / "mixed.7z"), "target": str(bobs / "mixed")}
    none = {"op": "extract", "source": str(home / "nothing.7z"), "target": str(bobs / "mixed")}
    into: dict[str, Any] = {"op": "extract", "source": str(own), "target": str(bobs / "own"), "sort": True}
    into["sort_into"] = str(home / "Photos")
    answers = [client.post("/operations", json={"operations": [one]}) for one in (hers, none, into)]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert len({answer.json["error"]["code"] for answer in answers}) == 1
    assert hub.jobs.run_all() == []


@pytest.mark.parametrize("op", [*AFTER, "trash"])
def test_each_operation_is_done_told_and_taken_back_byte_for_byte(hub: Hub, alice: Actor, home: Path, op: str) -> None:
    """One run in the history, one event, and after the undo of the run everything is as it was."""
    before = everything(home)
    result = ask(hub, alice, requests_in(home)[op])
    assert (result["done"], result["problems"]) == (1, []), result
    assert everything(home) != before
    assert (home / AFTER[op]).exists() if op in AFTER else not (home / "Photos").exists()
    client = hub.client(alice)
    (run,) = client.get("/runs").json["items"]
    assert (run["id"], run["kind"], run["state"]) == (result["run_id"], "apply", "done")
    assert run["title"]
    (event,) = hub.bus.named("operations_done")
    assert (event.owner_id, getattr(event, "run_id", ""), getattr(event, "done", 0)) == ("alice", run["id"], 1)
    assert client.post(f"/runs/{run['id']}/undo", json={}).status_code == 202
    hub.jobs.run_all()
    assert everything(home) == before


def test_what_was_moved_goes_back_alone_or_with_its_day(hub: Hub, alice: Actor, home: Path) -> None:
    """Undo by file and by day works as for plans."""
    before = everything(home)
    wanted = requests_in(home)
    ask(hub, alice, wanted["rename"], wanted["move"], wanted["extract"], title="Tidying up")
    client = hub.client(alice)
    assert client.get("/runs").json["items"][0]["title"] == "Tidying up"
    assert client.post("/undo/file", json={"path": str(home / "Post" / "to bob.txt")}).status_code == 202
    hub.jobs.run_all()
    assert (home / "letter.txt").exists()
    assert (home / "Pictures" / "one.jpg").exists()
    client.post("/undo/day", json={"day": "2026-03-01"})
    hub.jobs.run_all()
    assert everything(home) == before


@pytest.mark.parametrize(("policy", "done"), [(None, 0), ("skip", 0), ("keep_both", 1), ("replace_with_trash", 1)])
def test_a_taken_name_follows_the_choice_and_is_never_overwritten(
    hub: Hub, alice: Actor, home: Path, policy: str | None, done: int
) -> None:
    before = everything(home)
    wanted = {"op": "move", "source": str(home / "letter.txt"), "target": str(home / "taken.txt")}
    result = ask(hub, alice, wanted | ({"on_conflict": policy} if policy else {}))
    assert result["done"] == done
    if policy == "keep_both":
        assert (home / "taken (2).txt").read_bytes() == b"Dear Bob"
    if not done:
        assert "something with this name" in result["problems"][0]["explanation"]
        assert everything(home) == before
        return
    hub.client(alice).post(f"/runs/{result['run_id']}/undo", json={})
    hub.jobs.run_all()
    assert everything(home) == before


def test_a_job_that_is_run_again_does_nothing_twice(hub: Hub, alice: Actor, home: Path) -> None:
    """A worker that was killed after the work, or stopped in the middle of it, leaves one run and one copy."""
    files = [write(home / "Many" / f"{n}.txt", b"x") for n in range(60)]
    wanted = [{"op": "copy", "source": str(f), "target": str(home / "Copies" / f.name)} for f in files]
    hub.client(alice).post("/operations", json={"operations": wanted})
    _, actor, _, args = stop_in_the_middle(hub, after=0)
    assert isinstance(args, OperateArgs)
    first = operate(RunningJob("again", actor, hub.ctx), args)
    second = operate(RunningJob("once more", actor, hub.ctx), args)
    assert first["run_id"] == second["run_id"]
    assert first["done"] == second["done"] == 60
    assert len(list((home / "Copies").iterdir())) == 60


def test_a_cancelled_job_says_what_it_did(hub: Hub, alice: Actor, home: Path) -> None:
    """Cancel is final: the run is closed, and the event tells how far it came."""
    hub.client(alice).post("/operations", json={"operations": [requests_in(home)["copy"]]})
    _, actor, _, args = hub.jobs.queue.pop()
    assert isinstance(args, OperateArgs)
    with pytest.raises(JobCancelled):
        operate(RunningJob("stopped", actor, hub.ctx, stop_after=0), args)
    (run,) = hub.client(alice).get("/runs").json["items"]
    assert run["state"] == RunState.CANCELLED
    assert len(hub.bus.named("operations_done")) == 1


def test_what_is_not_yours_is_refused_with_its_field(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """Outside, another person's, absent, through a link, the granted folder itself: nothing is queued, nothing done."""
    theirs = write(home.parent / "bob" / "secret.txt", b"secret")
    (home / "link").symlink_to(theirs.parent)
    before, letter = everything(home), str(home / "letter.txt")
    fine = {"op": "mkdir", "path": str(home / "Fine")}
    cases: list[tuple[dict[str, Any], int, str]] = [
        ({"op": "trash", "source": str(theirs)}, 403, "source"),
        ({"op": "move", "source": letter, "target": str(theirs.parent / "letter.txt")}, 403, "target"),
        ({"op": "copy", "source": letter, "target": "/etc/letter.txt"}, 403, "target"),
        ({"op": "copy", "source": letter, "target": str(home / "link" / "letter.txt")}, 403, "target"),
        ({"op": "copy", "source": str(home / "link" / "secret.txt"), "target": str(home / "s.txt")}, 403, "source"),
        ({"op": "mkdir", "path": str(home / ".." / "elsewhere")}, 403, "path"),
        ({"op": "mkdir", "path": "relative"}, 403, "path"),
        ({"op": "rename", "source": str(home / "absent"), "name": "x"}, 403, "source"),
        ({"op": "rename", "source": letter, "name": "../x"}, 422, "name"),
        ({"op": "extract", "source": str(theirs), "target": str(home / "out")}, 403, "source"),
        ({"op": "compress", "sources": [letter, str(theirs)], "target": str(home / "a.zip")}, 403, "sources.1"),
        ({"op": "trash", "source": str(home)}, 422, "source"),
        ({"op": "trash", "source": str(home / ".homie" / "volume.json")}, 403, "source"),
        ({"op": "copy", "source": str(home / "Photos"), "target": str(home / "P2")}, 422, "source"),
        ({"op": "move", "source": letter}, 422, "target"),
        ({"op": "move", "source": letter, "target": 7}, 422, "target"),
        ({"op": "move", "source": letter, "target": "/x", "overwrite": True}, 422, "overwrite"),
        ({"op": "move", "source": letter, "target": "/x", "on_conflict": "overwrite"}, 422, "on_conflict"),
    ]
    for wanted, status, field in cases:
        answer = hub.client(alice).post("/operations", json={"operations": [fine, wanted]})
        assert answer.status_code == status, (wanted, answer.text)
        assert [f["name"] for f in answer.json["error"]["fields"]] == [f"body.operations.1.{field}"], wanted
    endless: list[dict[str, Any]] = [fine] * 501
    unknown = {"op": "delete", "source": letter}
    for wrong in ([], [unknown], [{"source": letter}], endless):
        assert hub.client(alice).post("/operations", json={"operations": wrong}).status_code == 422
    assert not hub.jobs.queue
    assert everything(home) == before


def test_only_the_space_that_one_acts_in_is_changed(hub: Hub, alice: Actor, bob: Actor, home: Path) -> None:
    """A folder of another of one's spaces is not reached without acting in that space."""
    both = Actor("alice", "alice", frozenset({"alice", "bob"}))
    theirs = write(home.parent / "bob" / "shared.txt", b"shared")
    wanted = {"operations": [{"op": "trash", "source": str(theirs)}]}
    assert hub.client(both).post("/operations", json=wanted).status_code == 403
    assert hub.client(both.acting_in("bob")).post("/operations", json=wanted).status_code == 202
    hub.jobs.run_all()
    assert not theirs.exists()


def test_a_read_only_folder_is_read_and_nothing_else(hub: Hub, alice: Actor, home: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    book = write(shelf / "book.txt", b"a book")
    hub.roots.grant("alice", shelf, writable=False)
    ask(hub, alice, {"op": "copy", "source": str(book), "target": str(home / "book.txt")})
    assert (home / "book.txt").read_bytes() == b"a book"
    for wanted, field in (
        ({"op": "move", "source": str(book), "target": str(home / "b.txt")}, "source"),
        ({"op": "copy", "source": str(home / "letter.txt"), "target": str(shelf / "l.txt")}, "target"),
    ):
        answer = hub.client(alice).post("/operations", json={"operations": [wanted]})
        assert (answer.status_code, answer.json["error"]["code"]) == (422, "destination_not_usable")
        assert answer.json["error"]["fields"][0]["name"] == f"body.operations.0.{field}"


def test_a_bomb_and_a_leading_out_archive_are_left_alone(
    hub: Hub, alice: Actor, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What unpacks to far more than it should, or outside of its folder, leaves nothing behind and says why."""
    monkeypatch.setattr(archives, "RATIO_COUNTS_FROM", 1 << 20)
    with zipfile.ZipFile(home / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30 << 20))
    with tarfile.open(home / "out.tar", "w") as tar:
        tar.addfile(tarfile.TarInfo("../outside"), io.BytesIO(b""))
    before = everything(home)
    wanted = [
        {"op": "extract", "source": str(home / n), "target": str(home / "x" / n)} for n in ("bomb.zip", "out.tar")
    ]
    result = ask(hub, alice, *wanted)
    assert (result["done"], result["failed"]) == (0, 2)
    assert all("not safe to unpack" in problem["explanation"] for problem in result["problems"])
    assert everything(home) == before
