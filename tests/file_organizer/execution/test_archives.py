from __future__ import annotations

import io
import os
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.file_organizer.execution import archives
from backend.file_organizer.execution.operations import Compress, Extract
from tests.file_organizer.execution.conftest import Desk
from tests.file_organizer.execution.world import EVA, zip_bytes


def evil_zip(name: str, mode: int = 0, content: str = "x") -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = mode << 16
        archive.writestr("good.txt", "good")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "duplicate name": on purpose
            archive.writestr(info, content)
    return file.getvalue()


def evil_tar(change: Callable[[tarfile.TarInfo], None]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo("member")
        change(info)
        archive.addfile(info, io.BytesIO(b""))
    return file.getvalue()


def as_link(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"


def as_hard_link(info: tarfile.TarInfo) -> None:
    info.type, info.linkname = tarfile.LNKTYPE, "../../outside"


def as_device(info: tarfile.TarInfo) -> None:
    info.type = tarfile.CHRTYPE


def as_outside(info: tarfile.TarInfo) -> None:
    info.name = "../outside"


EVIL = {
    "parent.zip": evil_zip("../outside.txt"),
    "absolute.zip": evil_zip("/etc/outside.txt"),
    "windows.zip": evil_zip("..\\outside.txt"),
    "drive.zip": evil_zip("C:/outside.txt"),
    "link.zip": evil_zip("link", 0o120777, "/etc"),
    "marker.zip": evil_zip(".homie/volume.json"),
    "twice.zip": evil_zip("good.txt"),
    "file as folder.zip": evil_zip("good.txt/below.txt"),
    "capitals.zip": evil_zip("GOOD.txt"),
    "accents.zip": zip_bytes(["\u00fc/a.txt", "u\u0308/b.txt"]),
    "long.zip": evil_zip("n" * 300),
    "link.tar.gz": evil_tar(as_link),
    "hard link.tar.gz": evil_tar(as_hard_link),
    "device.tar.gz": evil_tar(as_device),
    "parent.tar.gz": evil_tar(as_outside),
    "damaged.zip": zip_bytes(["a.txt"])[:-30],
    "broken data.zip": zip_bytes(["a.txt"]).replace(b"member", b"MEMBER"),
    "not an archive.zip": b"plain text",
    "cut.tar.gz": evil_tar(lambda info: None)[:-12],
}


@pytest.mark.parametrize("name", EVIL)
def test_an_archive_that_is_damaged_or_leads_outside_is_left_alone(desk: Desk, name: str) -> None:
    """Nothing of it is kept, nothing outside is touched, no temporary folder is left."""
    desk.world.write(name, EVIL[name])
    before = desk.world.everything()
    plan = [Extract(id="1", source=desk.world.at(name), target=desk.world.at("out"), seen=desk.world.seen(name))]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["archive_unsafe"]
    assert desk.world.everything() == before
    assert not (desk.world.base / "outside.txt").exists()


def test_a_bomb_is_stopped_by_what_it_really_unpacks_to(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The size written counts, not the size in the header."""
    monkeypatch.setattr(archives, "RATIO_COUNTS_FROM", 1 << 20)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(30 << 20))
    desk.world.write("bomb.zip", file.getvalue())
    plan = [
        Extract(id="1", source=desk.world.at("bomb.zip"), target=desk.world.at("out"), seen=desk.world.seen("bomb.zip"))
    ]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["archive_unsafe"]
    assert sorted(os.listdir(desk.world.home)) == [".homie", "bomb.zip"]


@pytest.mark.parametrize("ending", ["zip", "tar", "tar.gz", "tar.xz"])
def test_good_archives_are_unpacked_with_times_and_without_special_modes(desk: Desk, ending: str) -> None:
    """Content and mtime of members arrive; setuid does not."""
    name = f"good.{ending}"
    if ending == "zip":
        desk.world.write(name, zip_bytes(["one.txt", "sub/two.txt"]))
    else:
        file = io.BytesIO()
        with tarfile.open(fileobj=file, mode=f"w:{ending.partition('.')[2]}") as archive:
            info = tarfile.TarInfo("./sub/two.txt")
            info.size, info.mtime, info.mode = 14, 1_577_934_246, 0o4755
            archive.addfile(info, io.BytesIO(b"member sub/two"))
        desk.world.write(name, file.getvalue())
    plan = [Extract(id="1", source=desk.world.at(name), target=desk.world.at("out"), seen=desk.world.seen(name))]
    assert desk.manager.execute(EVA, "plan", plan).done == 1
    two = desk.world.home / "out/sub/two.txt"
    assert two.read_bytes().startswith(b"member sub/two")
    assert two.stat().st_mode & 0o7000 == 0
    assert abs(two.stat().st_mtime - 1_577_934_246) < 86_400


def test_packing_reads_its_result_back_and_keeps_the_originals(desk: Desk) -> None:
    """A packed folder can be unpacked to the same content."""
    desk.world.write("pack/a.txt")
    desk.world.write("pack/sub/ü.txt")
    plan = [Compress(id="1", sources=(desk.world.at("pack"),), target=desk.world.at("packed.zip"))]
    assert desk.manager.execute(EVA, "plan", plan).done == 1
    with zipfile.ZipFile(desk.world.home / "packed.zip") as archive:
        assert archive.read("pack/sub/ü.txt") == (desk.world.home / "pack/sub/ü.txt").read_bytes()
    assert desk.fsck().errors == desk.fsck().notices == []


def test_packing_refuses_links_and_leaves_no_half_archive(desk: Desk, tmp_path: Path) -> None:
    """A link could lead anywhere; the archive is not made."""
    desk.world.write("pack/a.txt")
    os.symlink("/etc/passwd", desk.world.home / "pack/link")
    plan = [Compress(id="1", sources=(desk.world.at("pack"),), target=desk.world.at("packed.zip"))]
    report = desk.manager.execute(EVA, "plan", plan)
    assert [r.reason for r in report.problems] == ["not_a_regular_file"]
    assert sorted(os.listdir(desk.world.home)) == [".homie", "pack"]
