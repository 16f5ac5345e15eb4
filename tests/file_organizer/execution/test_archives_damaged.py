"""Archives whose headers are damaged or lie, and drives that fail while one is unpacked: nothing is passed over."""

from __future__ import annotations

import bz2
import errno
import gzip
import io
import tarfile
import tracemalloc

import pytest

from backend.file_organizer.execution import archives
from backend.file_organizer.execution.operations import Extract
from backend.file_organizer.execution.runs import RunReport
from backend.sdk.archives import RarDamaged, rar_blocks
from tests.file_organizer.execution.archive_makers import rar4_of, rar5_of, seven_of, tar_of, zip_of, zst_of
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA

THREE = {"one.txt": b"first", "two.txt": b"second", "three.txt": b"third"}


def unpack(desk: Desk, content: bytes, *, passes: int = 1) -> RunReport:
    desk.world.write("it", content)
    out = desk.world.at("out")
    plan = [Extract(id="1", source=desk.world.at("it"), target=out, seen=desk.world.seen("it"), passes=passes)]
    return desk.manager.execute(EVA, "plan", plan)


def second_header_turned() -> bytes:
    tar = bytearray(tar_of(THREE))
    tar[1024] ^= 1  # header and content of a small file take 512 bytes each
    return bytes(tar)


@pytest.mark.parametrize(
    "content",
    [second_header_turned(), gzip.compress(second_header_turned()), tar_of(THREE)[:1100]],
    ids=["plain", "packed", "cut"],
)
def test_a_tar_that_is_damaged_in_the_middle_is_not_half_an_archive(desk: Desk, content: bytes) -> None:
    """The files behind the damage would be missing, and nobody would know."""
    before = (desk.world.write("it", content), desk.world.everything())[1]
    assert [problem.reason for problem in unpack(desk, content).problems] == ["archive_unsafe"]
    assert desk.world.everything() == before


def test_a_header_that_claims_to_be_huge_is_not_read_into_memory(desk: Desk) -> None:
    """412 bytes on the drive may stand for 400 MB of one header."""
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, 400 << 20
    content = bz2.compress(info.tobuf() + bytes(40 << 20))
    tracemalloc.start()
    try:
        assert [problem.reason for problem in unpack(desk, content).problems] == ["archive_unsafe"]
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("tail", [2 << 20, 8 << 20])
def test_what_follows_the_end_of_a_tar_is_bounded(desk: Desk, monkeypatch: pytest.MonkeyPatch, tail: int) -> None:
    """A gigabyte of nothing costs a few bytes to send."""
    monkeypatch.setattr("backend.file_organizer.execution.archive_members.MAX_TAIL", 4 << 20)
    report = unpack(desk, bz2.compress(tar_of(THREE) + bytes(tail)))
    assert [problem.reason for problem in report.problems] == ([] if tail < 4 << 20 else ["archive_unsafe"])


@pytest.mark.parametrize("make", [zip_of, tar_of, zst_of, seven_of, rar4_of, rar5_of], ids=lambda one: one.__name__)
@pytest.mark.parametrize("inside", [False, True], ids=["itself", "inside"])
def test_a_full_drive_is_told_as_that(desk: Desk, monkeypatch: pytest.MonkeyPatch, make: object, inside: bool) -> None:
    """Whoever reads the archive: it is not called damaged, and one inside does not count as done without its files."""
    packed = make({"letter.txt": b"dear" * 100_000})  # type: ignore[operator]
    real = archives._write_all

    def full(target: object, chunk: bytes) -> None:
        if chunk.startswith(b"dear"):
            raise OSError(errno.ENOSPC, "no space left")
        real(target, chunk)

    monkeypatch.setattr(archives, "_write_all", full)
    content = zip_of({"inner.zip": packed}) if inside else packed
    before = (desk.world.write("it", content), desk.world.everything())[1]
    report = unpack(desk, content, passes=2)
    assert [problem.reason for problem in report.problems] == ["drive_full"]
    assert desk.world.everything() == before


@pytest.mark.parametrize("make", [rar4_of, rar5_of], ids=lambda one: one.__name__)
def test_a_rar_that_ends_before_its_bytes_is_damaged(make: object) -> None:
    """A member that claims more than the file holds is no reason to look beyond the end of it."""
    whole = make({"letter.txt": b"dear" * 1000})  # type: ignore[operator]
    with pytest.raises(RarDamaged):
        list(rar_blocks(io.BytesIO(whole[: len(whole) // 2])))
    assert list(rar_blocks(io.BytesIO(whole)))
