"""7z, rar and zstd are held to the rules that hold for zip and tar; what is locked stays packed, and it is said."""

from __future__ import annotations

import os
import stat
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.file_organizer.execution import archives
from backend.file_organizer.execution.operations import Extract
from backend.file_organizer.execution.runs import RunReport
from backend.sdk.archives import libarchive_process
from tests.file_organizer.execution.archive_makers import (
    LOCKED_7Z,
    LOCKED_NAMES_7Z,
    locked_zip,
    rar4_of,
    rar5_of,
    seven_of,
    zst_of,
)
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA

FILES = {"one.txt": b"first", "sub/zwei ü.txt": b"second" * 1000}


def unpack(desk: Desk, name: str, content: bytes, *, passes: int = 1) -> RunReport:
    """Put an archive into the home folder and unpack it into `out`."""
    desk.world.write(name, content)
    source, target = desk.world.at(name), desk.world.at("out")
    plan = [Extract(id="1", source=source, target=target, seen=desk.world.seen(name), passes=passes)]
    return desk.manager.execute(EVA, "plan", plan)


GOOD = {
    "good.7z": seven_of(FILES),
    "good.rar": rar4_of({"one.txt": b"first", "sub\\zwei.txt": b"second" * 1000}),
    "good.new.rar": rar5_of({"one.txt": b"first", "sub/zwei.txt": b"second" * 1000}),
    "good.tar.zst": zst_of(FILES),
    "wrong name.zip": seven_of(FILES),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_the_tool_reads_is_unpacked_and_taken_back(desk: Desk, name: str) -> None:
    """By content, not by name; the content arrives, special modes do not, undo brings the folder to what it was."""
    desk.world.write(name, GOOD[name])
    before = desk.world.visible()
    report = unpack(desk, name, GOOD[name])
    assert report.done == 1, report.problems
    found = sorted(path for path in (desk.world.home / "out").rglob("*") if path.is_file())
    assert [path.read_bytes() for path in found] == [b"first", b"second" * 1000]
    assert all(stat.S_IMODE(path.stat().st_mode) & 0o7000 == 0 for path in found)
    assert desk.fsck().errors == desk.fsck().notices == []
    desk.manager.undo_run(EVA, report.run_id)
    assert desk.world.visible() == before


def as_link(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"


def seven_named(name: str, change: Callable[[tarfile.TarInfo], None] | None = None) -> bytes:
    return seven_of({"good.txt": b"good", name: b"x"}, change)


def damaged(archive: bytes) -> bytes:
    """Return it with one bit of its content turned."""
    at = archive.index(b"some content")
    return archive[:at] + bytes([archive[at] ^ 1]) + archive[at + 1 :]


EVIL = {
    "parent.7z": seven_named("../outside.txt"),
    "absolute.7z": seven_named("/tmp/outside.txt"),
    "windows.7z": seven_named("..\\outside.txt"),
    "link.7z": seven_named("link", as_link),
    "capitals.7z": seven_named("GOOD.txt"),
    "marker.7z": seven_named(".homie/volume.json"),
    "cut.7z": seven_of(FILES)[:-40],
    "parent.rar": rar4_of({"../outside.txt": b"x"}),
    "absolute.rar": rar5_of({"/tmp/outside.txt": b"x"}),
    "link.rar": rar4_of({"link": b"/etc/passwd"}, mode=0o120777),
    "twice.rar": rar4_of({"a.txt": b"1", "A.txt": b"2"}),
    "broken sum.7z": damaged(seven_of({"a.txt": b"some content"}, compression="store")),
    "broken sum.rar": damaged(rar4_of({"a.txt": b"some content"})),
    "broken sum.new.rar": damaged(rar5_of({"a.txt": b"some content"})),
    "cut.rar": rar5_of(FILES)[:-3000],
    "one of several.rar": rar4_of({"a.txt": b"x"}, part=True),
    "parent.tar.zst": zst_of({"good.txt": b"x", "../outside.txt": b"x"}),
    "cut.tar.zst": zst_of({"a": os.urandom(9000)})[:-500],
}


@pytest.mark.parametrize("name", EVIL)
def test_what_leads_outside_or_is_damaged_is_left_alone(desk: Desk, name: str) -> None:
    """Nothing of it is kept, nothing outside is touched, no temporary folder is left."""
    desk.world.write(name, EVIL[name])
    before = desk.world.everything()
    report = unpack(desk, name, EVIL[name])
    assert [r.reason for r in report.problems] == ["archive_unsafe"]
    assert desk.world.everything() == before
    assert not (desk.world.base / "outside.txt").exists()
    assert not os.path.exists("/tmp/outside.txt")


@pytest.mark.parametrize("name", ["parent.7z", "capitals.7z", "parent.rar", "cut.7z", "cut.rar"])
def test_it_is_refused_before_anything_is_written(desk: Desk, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of an archive is looked through first."""
    monkeypatch.setattr(archives, "_write_member", lambda *_: pytest.fail("something was written"))
    assert [r.reason for r in unpack(desk, name, EVIL[name]).problems] == ["archive_unsafe"]


@pytest.mark.parametrize("packed", [seven_of, zst_of], ids=["7z", "zst"])
def test_a_bomb_is_stopped(desk: Desk, monkeypatch: pytest.MonkeyPatch, packed: Callable[..., bytes]) -> None:
    monkeypatch.setattr(archives, "RATIO_COUNTS_FROM", 1 << 20)
    report = unpack(desk, "bomb.bin", packed({"zeros": bytes(30 << 20)}))
    assert [r.reason for r in report.problems] == ["archive_unsafe"]
    assert sorted(os.listdir(desk.world.home)) == [".homie", "bomb.bin"]


def test_too_many_members_are_refused(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 10)
    report = unpack(desk, "many.7z", seven_of({f"{number}.txt": b"x" for number in range(11)}))
    assert [r.reason for r in report.problems] == ["archive_unsafe"]


LOCKED = {
    "content.7z": LOCKED_7Z,
    "names.7z": LOCKED_NAMES_7Z,
    "old.rar": rar4_of({"a.txt": b"0123456789abcdef"}, locked=True),
    "new.rar": rar5_of({"a.txt": b"0123456789abcdef"}, locked=True),
    "old.zip": locked_zip(),
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_locked_archive_stays_packed_and_that_is_said(desk: Desk, name: str) -> None:
    desk.world.write(name, LOCKED[name])
    before = desk.world.everything()
    (problem,) = unpack(desk, name, LOCKED[name]).problems
    assert problem.reason == "archive_locked"
    assert problem.explanation == "It is locked with a password; Homie leaves it packed."
    assert desk.world.everything() == before


def test_without_the_library_it_is_said_which_one_is_needed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    script = tmp_path / "no_library.py"
    text = Path(libarchive_process.__file__).read_text().replace("libarchive.so", "libnothing.so")
    script.write_text(text)
    monkeypatch.setattr(libarchive_process, "__file__", str(script))
    before = (desk.world.write("good.7z", GOOD["good.7z"]), desk.world.everything())[1]
    (problem,) = unpack(desk, "good.7z", GOOD["good.7z"]).problems
    assert problem.reason == "archive_tool_missing"
    assert "libarchive-tools" in problem.explanation
    assert desk.world.everything() == before


def test_a_list_that_names_other_files_is_no_archive(desk: Desk) -> None:
    """It never reaches libarchive, which would read them."""
    secret = desk.world.write("secret.txt", b"a secret of the house")
    listing = f"#mtree\n./a type=file contents={secret}\n".encode()
    assert [r.reason for r in unpack(desk, "list.7z", listing).problems] == ["archive_unsafe"]


SOUND = {"7z": seven_of(FILES), "old rar": rar4_of(FILES), "new rar": rar5_of(FILES), "zst": zst_of(FILES)}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(kind=st.sampled_from(sorted(SOUND)), data=st.data())
def test_whatever_is_changed_in_an_archive_it_is_refused_or_gives_the_same_bytes(
    desk: Desk, kind: str, data: st.DataObject
) -> None:
    """No silent damage, no crash, nothing half: each byte that counts is covered by a sum or a check."""
    sound = bytearray(SOUND[kind])
    for _ in range(data.draw(st.integers(1, 3))):
        sound[data.draw(st.integers(6, len(sound) - 1))] ^= data.draw(st.integers(1, 255))
    name = f"{desk.world.home.name}-{data.draw(st.uuids())}"
    desk.world.write(name, bytes(sound))
    before = desk.world.everything()
    out = desk.world.at(f"out {name}")
    plan = [Extract(id="1", source=desk.world.at(name), target=out, seen=desk.world.seen(name))]
    report = desk.manager.execute(EVA, name, plan)
    if report.done:
        contents = [p.read_bytes() for p in (desk.world.home / f"out {name}").rglob("*") if p.is_file()]
        assert sorted(contents) == sorted(FILES.values())
    else:
        assert {r.reason for r in report.problems} <= {"archive_unsafe", "archive_locked", "no_room"}
        assert desk.world.everything() == before
