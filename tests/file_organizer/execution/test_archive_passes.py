"""Archives inside archives: unpacked too, at most three deep, one step of the history, one budget; and room is kept."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.file_organizer.execution import archives, packing
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.errors import EXPLANATIONS
from backend.file_organizer.execution.journal_models import FileAction
from backend.file_organizer.execution.operations import Compress, Extract
from backend.file_organizer.execution.reserve import reserve_of
from backend.file_organizer.execution.runs import RunReport
from tests.file_organizer.execution.archive_makers import (
    LOCKED_7Z,
    Files,
    rar5_of,
    seven_of,
    tar_of,
    zip_of,
)
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA, World


def plan_for(world: World, name: str, passes: int) -> list[Extract]:
    return [
        Extract(id="1", source=world.at(name), target=world.at("out"), seen=world.seen(name), passes=passes),
    ]


def unpack(desk: Desk, content: bytes, *, passes: int, name: str = "outer.zip") -> RunReport:
    desk.world.write(name, content)
    return desk.manager.execute(EVA, "plan", plan_for(desk.world, name, passes))


def found_in(world: World) -> set[str]:
    out = world.home / "out"
    return {str(path.relative_to(out)) for path in out.rglob("*") if path.is_file()}


def stored(desk: Desk, report: RunReport) -> dict[str, object]:
    """Return what the journal keeps of the unpacking."""
    with desk.db.session(EVA) as session:
        query = sa.select(FileAction.detail).where(FileAction.run_id == report.run_id, FileAction.op == "extract")
        return dict(session.execute(query).scalar_one())


INNERMOST = zip_of({"deep.txt": b"four deep"})
THIRD = tar_of({"third.txt": b"three deep", "fourth.zip": INNERMOST})
SECOND = seven_of({"second.txt": b"two deep", "sub/third.tar": THIRD})
NESTED = zip_of({"first.txt": b"one deep", "box/second.7z": SECOND})
BY_PASSES = {
    1: {"first.txt", "box/second.7z"},
    2: {"first.txt", "box/second.7z", "box/second/second.txt", "box/second/sub/third.tar"},
    3: {
        *("first.txt", "box/second.7z", "box/second/second.txt", "box/second/sub/third.tar"),
        *("box/second/sub/third/third.txt", "box/second/sub/third/fourth.zip"),
    },
}


@pytest.mark.parametrize("passes", BY_PASSES)
def test_archives_inside_are_unpacked_beside_themselves_as_deep_as_asked(desk: Desk, passes: int) -> None:
    """Never deeper than three; archives inside stay, as the outer one does; undo takes all of it back in one."""
    desk.world.write("outer.zip", NESTED)
    before = desk.world.visible()
    report = unpack(desk, NESTED, passes=passes)
    assert (report.done, report.problems) == (1, ())
    assert found_in(desk.world) == BY_PASSES[passes]
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before


def test_the_journal_names_each_archive_that_was_unpacked(desk: Desk) -> None:
    detail = stored(desk, unpack(desk, NESTED, passes=3))
    assert detail["passes"] == 3
    assert detail["inside"] == ["box/second.7z", "box/second/sub/third.tar"]
    assert detail["members"] == 6


BAD_INSIDE: dict[str, tuple[bytes, str]] = {
    "inner.7z": (LOCKED_7Z, "archive_locked"),
    "inner.tar": (tar_of({"../outside.txt": b"x"}), "archive_unsafe"),
    "inner.zip": (zip_of({"a.txt": b"x" * 100})[:-30], "archive_unsafe"),
    "inner.rar": (rar5_of({"a.txt": b"some content"}).replace(b"some", b"SOME"), "archive_unsafe"),
}


@pytest.mark.parametrize("name", BAD_INSIDE)
def test_one_inside_that_is_locked_or_unsafe_stays_packed_and_the_rest_is_there(desk: Desk, name: str) -> None:
    content, reason = BAD_INSIDE[name]
    outer = zip_of({name: content, "letter.txt": b"dear", "good.zip": zip_of({"good.txt": b"good"})})
    report = unpack(desk, outer, passes=3)
    assert report.done == 1
    assert found_in(desk.world) == {name, "letter.txt", "good.zip", "good/good.txt"}
    assert not (desk.world.home / "out/inner").exists()
    assert stored(desk, report)["left_packed"] == [[name, reason]]
    (result,) = (one for one in report.results if one.op == "extract")
    assert result.left_packed == ((name, EXPLANATIONS[reason]),)


def test_a_document_that_happens_to_be_a_zip_is_not_taken_apart(desk: Desk) -> None:
    inner = zip_of({"word/document.xml": b"<x/>"})
    unpack(desk, zip_of({"letter.docx": inner, "comic.cbz": inner, "app.jar": inner}), passes=3)
    assert found_in(desk.world) == {"letter.docx", "comic.cbz", "app.jar"}


def test_the_new_folder_takes_no_name_that_is_there(desk: Desk) -> None:
    """Also not one that other drives take for the same."""
    files = {"Box/a.txt": b"a", "box.zip": zip_of({"b.txt": b"b"})}
    unpack(desk, zip_of(files), passes=2)
    assert found_in(desk.world) == {"Box/a.txt", "box.zip", "box (2)/b.txt"}


def many(files: Files, count: int) -> bytes:
    return zip_of({f"{number}.zip": zip_of(files) for number in range(count)})


def test_all_passes_together_are_held_to_one_budget(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the archives inside would be fine alone; together they are a bomb, and nothing of it is kept."""
    monkeypatch.setattr(archives, "RATIO_COUNTS_FROM", 4 << 20)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    desk.world.write("outer.zip", many({"zeros": bytes(1 << 20)}, 8))
    before = desk.world.everything()
    report = desk.manager.execute(EVA, "plan", plan_for(desk.world, "outer.zip", 2))
    assert [r.reason for r in report.problems] == ["archive_unsafe"]
    assert desk.world.everything() == before


def test_members_are_counted_over_all_passes(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 20)
    report = unpack(desk, many({f"{number}": b"x" for number in range(5)}, 5), passes=2)
    assert [r.reason for r in report.problems] == ["archive_unsafe"]
    assert not (desk.world.home / "out").exists()


def test_archives_inside_are_counted(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_INSIDE", 3)
    assert unpack(desk, many({"a": b"x"}, 3), passes=2, name="three.zip").done == 1
    desk.world.write("four.zip", many({"a": b"x"}, 4))
    plan = Extract(
        id="1", source=desk.world.at("four.zip"), target=desk.world.at("x"), seen=desk.world.seen("four.zip"), passes=2
    )
    assert [r.reason for r in desk.manager.execute(EVA, "second", [plan]).problems] == ["archive_unsafe"]


def test_a_folder_full_of_archives_is_listed_once(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand archives side by side must not cost a million names."""
    listed = []
    real = os.listdir
    monkeypatch.setattr(archives.os, "listdir", lambda fd: listed.append(fd) or real(fd))
    assert unpack(desk, many({"a": b"x"}, 30), passes=2).done == 1
    assert len(found_in(desk.world)) == 60
    assert len(listed) < 30


class KillAt(Boundaries):
    """Kill the process at the n-th boundary of this name."""

    def __init__(self, name: str, number: int) -> None:
        self._name, self._left = name, number

    def reach(self, name: str) -> None:
        if name == self._name:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize(("name", "number"), [("extract.pass", 1), ("extract.pass", 2), ("copy.after", 1)])
def test_killed_between_passes_nothing_half_is_left_and_it_can_be_run_again(desk: Desk, name: str, number: int) -> None:
    """SIGKILL with half of it unpacked: recovery removes what was begun, the same plan then does all of it."""
    world = desk.world
    world.write("outer.zip", NESTED)
    before = world.visible()
    child = os.fork()
    if child == 0:
        try:
            world.manager(world.database(), KillAt(name, number)).execute(EVA, "plan", plan_for(world, "outer.zip", 3))
        finally:
            os._exit(1)
    assert os.WTERMSIG(os.waitpid(child, 0)[1]) == signal.SIGKILL
    desk.manager.recover(EVA)
    assert world.visible() == before
    assert desk.manager.execute(EVA, "plan", plan_for(world, "outer.zip", 3)).done == 1
    assert found_in(world) == BY_PASSES[3]
    assert desk.fsck().errors == desk.fsck().notices == []


NO_ROOM = "There is not enough room on the drive"


class SmallDrive:
    """Say that a drive has `room` bytes for Homie; the rest is real."""

    def __init__(self, room: int) -> None:
        self._room = room

    def __call__(self, space: os.statvfs_result) -> int:
        return self._room


@pytest.fixture
def little_room(monkeypatch: pytest.MonkeyPatch) -> int:
    """Let drives have one megabyte above their reserve."""
    room = 1 << 20
    monkeypatch.setattr(archives, "room_of", SmallDrive(room))
    monkeypatch.setattr(packing, "room_of", SmallDrive(room))
    return room


@pytest.mark.parametrize("kind", ["zip", "7z", "tar"])
def test_what_does_not_fit_is_refused_before_a_byte_is_written(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, little_room: int, kind: str
) -> None:
    """Unpacking is held to the drive's reserve, as moves are, and says so in plain words."""
    files = {"a": bytes(little_room // 2), "b": bytes(little_room)}
    content = {"zip": zip_of, "7z": seven_of, "tar": tar_of}[kind](files)
    monkeypatch.setattr(archives, "_write_member", lambda *_: pytest.fail("something was written"))
    (problem,) = unpack(desk, content, passes=1).problems
    assert (problem.reason, problem.explanation.split(",")[0]) == ("no_room", NO_ROOM)


def test_what_all_passes_need_must_fit(desk: Desk, little_room: int) -> None:
    outer = zip_of({"a": bytes(little_room // 2), "inner.zip": zip_of({"b": bytes(little_room)})})
    assert [r.reason for r in unpack(desk, outer, passes=2).problems] == ["no_room"]
    assert not (desk.world.home / "out").exists()


def test_packing_is_held_to_the_reserve_and_leaves_nothing(desk: Desk, little_room: int) -> None:
    desk.world.write("pack/a.bin", os.urandom(little_room // 2))
    desk.world.write("pack/b.bin", os.urandom(little_room))
    before = desk.world.everything()
    plan = [Compress(id="1", sources=(desk.world.at("pack"),), target=desk.world.at("packed.zip"))]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["no_room"]
    assert desk.world.everything() == before


def test_the_reserve_is_that_of_moves(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a drive whose free bytes are all reserve, nothing is unpacked."""
    real = os.statvfs(desk.world.home)
    free = reserve_of(real.f_blocks * real.f_frsize) // real.f_frsize

    def full(_fd: int) -> os.statvfs_result:
        return os.statvfs_result((*real[:3], free, free, *real[5:]))

    monkeypatch.setattr(archives.os, "fstatvfs", full)
    assert [r.reason for r in unpack(desk, zip_of({"a": b"x"}), passes=1).problems] == ["no_room"]


def test_nothing_is_left_outside_of_the_new_folder(desk: Desk, tmp_path: Path) -> None:
    outer = zip_of({"inner.tar": tar_of({"a/../../outside.txt": b"x"}), "x.zip": zip_of({"/outside.txt": b"x"})})
    unpack(desk, outer, passes=3)
    assert not list(tmp_path.rglob("outside.txt"))
