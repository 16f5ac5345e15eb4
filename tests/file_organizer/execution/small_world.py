"""A small household that holds one of everything: each operation, each policy, and the names and files that hurt.

Small, so that thousands of faults can be tried on it; what `world.messy_plan` has in numbers, this has in kinds.
"""

from __future__ import annotations

import gzip
import io
import os
import shutil
import tarfile
import time
from pathlib import Path

import sqlalchemy as sa

from backend.file_organizer.base import Base
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.journal_models import FileAction
from backend.file_organizer.execution.operations import (
    Compress,
    Copy,
    Extract,
    Mkdir,
    OnConflict,
    Operation,
    Rename,
    Trash,
)
from backend.file_organizer.file_operation_manager import ExecutionOptions, FileOperationManager
from backend.sdk.db import Database
from backend.sdk.files import decode_path
from tests.file_organizer.execution.archive_makers import tar_of, zip_of
from tests.file_organizer.execution.world import EVA, MTIME, World, zip_bytes

LONG = "ü" * 125 + ".text"
"""255 bytes: the longest name there is."""
BYTES_NAME = os.fsdecode(b"caf\xe9 \xff.txt")
"""Not UTF-8: what an old camera or a Windows stick leaves behind."""
ODD = "back\\slash\nand 'quotes' \x7f.txt"
CHUNK = 12
"""Renames in one commit, so that the small plan takes several."""


class SmallWorld(World):
    """A world whose database may lie elsewhere (on a drive that fills up), made by copying an empty one."""

    def __init__(self, base: Path, other_base: Path | None = None, database: Path | None = None) -> None:
        self.file = (database or base) / "journal.db"
        super().__init__(base, other_base)

    def database(self) -> Database:
        if not self.file.exists():
            shutil.copyfile(_empty_database(), self.file)
        return Database(self.file, Base, name="file_organizer", durable=True, busy_seconds=2.0)

    def manager(self, db: Database, boundaries: Boundaries | None = None) -> FileOperationManager:
        options = ExecutionOptions(chunk_steps=CHUNK, settle_seconds=0)
        return FileOperationManager(db, self.source, boundaries=boundaries, options=options)

    def known_places(self) -> set[str]:
        """Return every place that the journal names, as in `everything`."""
        db = self.database()
        try:
            with db.session(EVA) as session:
                query = sa.select(FileAction.target_volume, FileAction.target_path)
                rows = session.execute(query.where(FileAction.target_path.is_not(None))).all()
        finally:
            db.close()
        tops = {self.home_id: "home", self.other_id: "other"}
        return {f"{tops[volume]}/{decode_path(path)}" for volume, path in rows}

    def link(self, name: str, text: str) -> None:
        """Make a symbolic link of a known age."""
        path = self.home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        os.symlink(text, path)
        os.utime(path, ns=(MTIME, MTIME), follow_symlinks=False)


_TEMPLATE: list[Path] = []


def _empty_database() -> Path:
    """Return an empty journal, made once for each process tree."""
    if not _TEMPLATE:
        path = Path(f"/dev/shm/homie-empty-{os.getpid()}-{time.monotonic_ns()}.db")
        db = Database(path, Base, name="file_organizer", durable=False)
        db.create_all()
        with db.unscoped_session("test: fold the log into the file", write=True) as session:
            session.execute(sa.text("SELECT 1"))
        db.store.forget_freed()
        db.close()
        _TEMPLATE.append(path)
    return _TEMPLATE[0]


def forget_template() -> None:
    """Remove the empty journal."""
    for path in _TEMPLATE:
        for file in path.parent.glob(f"{path.name}*"):
            file.unlink()
    _TEMPLATE.clear()


def tar_bytes(names: list[str]) -> bytes:
    file = io.BytesIO()
    with gzip.GzipFile(fileobj=file, mode="wb", mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for name in names:
            body = f"member {name}".encode()
            info = tarfile.TarInfo(name)
            info.size, info.mtime = len(body), 1_500_000_000
            archive.addfile(info, io.BytesIO(body))
    return file.getvalue()


def nested_bytes() -> bytes:
    """Return a zip with archives inside, two deep, one of them damaged."""
    inner = {"a.txt": b"in a box", "small.tar": tar_of({"b.txt": b"in a small box"}), "cut.zip": b"PK no more"}
    return zip_of({"box.zip": zip_of(inner), "letter.txt": b"dear"})


def small_plan(world: SmallWorld, *, across: bool) -> list[Operation]:
    """Fill the world and return a plan with all seven operations, all policies, and all that is odd about files."""
    ops: list[Operation] = []
    _odd_files(world, ops, across)
    _together(world, ops, across)
    _conflicts(world, ops, across)
    _others(world, ops, across)
    world.write("untouched/letter.txt")
    world.write("untouched/deep/photo.jpg", b"\xff\xd8 not to be moved")
    return ops


def _odd_files(world: SmallWorld, ops: list[Operation], across: bool) -> None:
    os.setxattr(world.write("tagged.txt", mode=0o600), "user.homie.test", b"a value")
    world.write("empty.txt", b"")
    with world.write("sparse.bin").open("r+b") as file:  # a hole, then data, then a hole
        file.truncate(0)
        file.seek(300_000)
        file.write(b"in the middle of nothing")
        file.truncate(900_000)
    os.utime(world.home / "sparse.bin", ns=(MTIME, MTIME))
    for number, name in enumerate(("tagged.txt", "empty.txt", "sparse.bin", LONG, BYTES_NAME, ODD)):
        if not (world.home / name).exists():
            world.write(name, f"odd {number}".encode())
        ops.append(world.move(name, f"odd/kind {number}/{name}", other=across, id=f"odd-{number}"))
    world.write("linked one.txt", b"two names, one file")
    os.link(world.home / "linked one.txt", world.home / "linked two.txt")
    for name in ("linked one.txt", "linked two.txt"):
        ops.append(world.move(name, f"links/{name}", other=across, id=name))
    world.link("loop a", "loop b")
    world.link("loop b", "loop a")
    world.link("dangling", "/nowhere/at all")
    for name in ("loop a", "loop b", "dangling"):
        ops.append(world.move(name, f"links/{name}", other=across, id=name))


def _together(world: SmallWorld, ops: list[Operation], across: bool) -> None:
    for ending in ("mkv", "srt", "nfo"):
        world.write(f"film.{ending}")
        ops.append(world.move(f"film.{ending}", f"films/film.{ending}", other=across, group="film", id=ending))
    world.write("project/src/one.py")
    world.write("project/readme.md")
    world.link("project/link", "src/one.py")
    (world.home / "project/empty").mkdir()
    (world.home / "project/src").chmod(0o750)
    ops.append(world.move("project", "work/project", other=across, id="project"))
    world.write("merge/new.txt")
    world.write("merge/same.txt", b"mine")
    world.write("merged/same.txt", b"was there", other=across)
    ops.append(world.move("merge", "merged", other=across, on_conflict=OnConflict.KEEP_BOTH, id="merge"))


def _conflicts(world: SmallWorld, ops: list[Operation], across: bool) -> None:
    for policy in OnConflict:
        name = f"clash {policy}.txt"
        world.write(name)
        world.write(f"clashes/{name}", f"was there before {name}".encode(), other=across)
        ops.append(world.move(name, f"clashes/{name}", other=across, on_conflict=policy, id=f"clash-{policy}"))
    world.write("IMG.jpg")
    ops.append(Rename(id="spelling", source=world.at("IMG.jpg"), name="img.JPG", seen=world.seen("IMG.jpg")))


def _others(world: SmallWorld, ops: list[Operation], across: bool) -> None:
    world.write("old.tmp")
    world.write("old folder/cache.bin")
    for name in ("old.tmp", "old folder"):
        ops.append(Trash(id=name, source=world.at(name), seen=world.seen(name)))
    world.write("scan.pdf")
    world.write("folder to name/a.txt")
    for name, new in (("scan.pdf", "Invoice.pdf"), ("folder to name", "Named")):
        ops.append(Rename(id=f"name-{new}", source=world.at(name), name=new, seen=world.seen(name)))
    world.write("keep.pdf")
    target = world.at("copies/keep.pdf", other=across)
    ops.append(Copy(id="copy", source=world.at("keep.pdf"), target=target, seen=world.seen("keep.pdf")))
    world.link("keep link", "keep.pdf")
    target = world.at("copies/keep link", other=across)
    ops.append(Copy(id="copy-link", source=world.at("keep link"), target=target, seen=world.seen("keep link")))
    world.write("album.zip", zip_bytes(["one.txt", "sub/two.txt"]))
    world.write("letters.tar.gz", tar_bytes(["a.txt", "deep/er/b.txt"]))
    for name in ("album.zip", "letters.tar.gz"):
        target = world.at(f"unpacked/{name} folder", other=across)
        ops.append(Extract(id=f"extract-{name}", source=world.at(name), target=target, seen=world.seen(name)))
    world.write("boxes.zip", nested_bytes())
    target = world.at("unpacked/boxes", other=across)
    seen = world.seen("boxes.zip")
    ops.append(Extract(id="extract-nested", source=world.at("boxes.zip"), target=target, seen=seen, passes=3))
    world.write("pack/a.txt")
    world.write("pack/b.txt")
    os.utime(world.home / "pack", ns=(MTIME, MTIME))  # its time is in the archive
    ops.append(Compress(id="compress", sources=(world.at("pack"),), target=world.at("packed/pack.zip")))
    ops.append(Mkdir(id="mkdir", path=world.at("new/empty folder", other=across)))
