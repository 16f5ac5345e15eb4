"""A small household to organise: a folder tree of known content, a plan over it, and an oracle made before."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from dataclasses import dataclass
from pathlib import Path

from backend.file_organizer.base import Base
from backend.file_organizer.execution import journal_models
from backend.file_organizer.execution.boundaries import Boundaries
from backend.file_organizer.execution.operations import (
    Compress,
    Copy,
    Extract,
    Mkdir,
    Move,
    OnConflict,
    Operation,
    Rename,
    Seen,
    Trash,
)
from backend.file_organizer.file_operation_manager import ExecutionOptions, FileOperationManager
from backend.sdk.actor import Actor
from backend.sdk.db import Database
from backend.sdk.files import LocalRoots, OwnerRoots, VolumePath

EVA = Actor.of("00000000-0000-7000-8000-00000000000a")
MTIME = 1_600_000_000_123_456_789
FEW_STEPS = 60
"""Fewer renames in a commit than in production, so that a plan of 200 files crosses from one to the next."""

assert journal_models.FileAction  # its tables are part of the base


@dataclass(frozen=True)
class Fact:
    """What a file is: everything that an undo has to bring back."""

    kind: str
    content: str
    mode: int
    mtime_ns: int
    xattrs: tuple[tuple[str, bytes], ...]


def snapshot(root: Path, *, private: bool = False) -> dict[str, Fact]:
    """Return path -> fact for everything below `root`; folders without times; Homie's own folder only if asked."""
    found: dict[str, Fact] = {}
    for at, folders, files in os.walk(root):
        if not private and at == str(root) and ".homie" in folders:
            folders.remove(".homie")
        for name in (*folders, *files):
            path = os.path.join(at, name)
            found[os.path.relpath(path, root)] = fact_of(path)
    found.pop(".homie/volume.json", None)
    return found


def fact_of(path: str) -> Fact:
    info = os.lstat(path)
    mode = stat.S_IMODE(info.st_mode)
    if stat.S_ISLNK(info.st_mode):
        return Fact("link", os.readlink(path), 0, info.st_mtime_ns, ())
    if stat.S_ISDIR(info.st_mode):
        return Fact("folder", "", mode, 0, ())
    if not stat.S_ISREG(info.st_mode):
        return Fact("special", "", mode, 0, ())
    xattrs = tuple(sorted((name, os.getxattr(path, name)) for name in os.listxattr(path)))
    return Fact("file", hashlib.sha256(Path(path).read_bytes()).hexdigest(), mode, info.st_mtime_ns, xattrs)


def contents(*snapshots: dict[str, Fact]) -> set[str]:
    """Return the set of file contents and link texts in the snapshots."""
    return {fact.content for snap in snapshots for fact in snap.values() if fact.kind in ("file", "link")}


class World:
    """Two roots and a database. `home` is where the mess is; `other` may be on another filesystem."""

    def __init__(self, base: Path, other_base: Path | None = None) -> None:
        self.base = base
        self.home = base / "home"
        self.other = (other_base or base) / "other"
        self.home.mkdir(parents=True)
        self.other.mkdir(parents=True)
        self.source = LocalRoots([self.home, self.other])
        self.roots: OwnerRoots = self.source.for_actor(EVA)
        self.home_id, self.other_id = (root.volume_id for root in self.roots.roots)

    def database(self) -> Database:
        fresh = not (self.base / "journal.db").exists()
        db = Database(self.base / "journal.db", Base, name="file_organizer", durable=True)
        if fresh:
            db.create_all()
        return db

    def manager(self, db: Database, boundaries: Boundaries | None = None) -> FileOperationManager:
        return FileOperationManager(
            db, self.source, boundaries=boundaries, options=ExecutionOptions(chunk_steps=FEW_STEPS)
        )

    def write(self, name: str, content: bytes | None = None, *, other: bool = False, mode: int = 0o640) -> Path:
        path = (self.other if other else self.home) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"content of " + os.fsencode(name) if content is None else content)
        path.chmod(mode)
        os.utime(path, ns=(MTIME, MTIME))
        return path

    def at(self, name: str, *, other: bool = False) -> VolumePath:
        return VolumePath(self.other_id if other else self.home_id, name)

    def seen(self, name: str, *, other: bool = False) -> Seen:
        return Seen.of(os.lstat(os.path.join(self.other if other else self.home, name)))

    def move(
        self,
        source: str,
        target: str,
        *,
        other: bool = False,
        on_conflict: OnConflict = OnConflict.SKIP,
        group: str | None = None,
        id: str | None = None,
    ) -> Move:
        return Move(
            id=id or f"move-{abs(hash(source)) % 10**12}",
            source=self.at(source),
            target=self.at(target, other=other),
            seen=self.seen(source),
            on_conflict=on_conflict,
            group=group,
        )

    def everything(self) -> dict[str, Fact]:
        """Return all of both roots, with the trash: where no content may ever be missing."""
        found = {f"home/{k}": v for k, v in snapshot(self.home, private=True).items()}
        return found | {f"other/{k}": v for k, v in snapshot(self.other, private=True).items()}

    def visible(self) -> dict[str, Fact]:
        """Return all of both roots without Homie's own folders."""
        found = {f"home/{k}": v for k, v in snapshot(self.home).items()}
        return found | {f"other/{k}": v for k, v in snapshot(self.other).items()}


def zip_bytes(names: list[str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, (2020, 1, 2, 3, 4, 6)), f"member {name}")
    return file.getvalue()


def messy_plan(world: World, *, across: bool, files: int = 200) -> list[Operation]:
    """Fill the world with about `files` files and return a plan that uses every operation and conflict policy."""
    ops: list[Operation] = []
    _plain_moves(world, ops, across, files - 45)
    _groups_and_folders(world, ops, across)
    _conflicts(world, ops, across)
    _others(world, ops)
    world.write("untouched/letter.txt")
    world.write("untouched/deep/photo.jpg", b"\xff\xd8 not to be moved")
    return ops


def _plain_moves(world: World, ops: list[Operation], across: bool, count: int) -> None:
    for index in range(count):
        name = f"file {index:03}.txt"
        path = world.write(name, f"plain {index} ".encode() * (index + 1), mode=0o600 if index % 3 else 0o644)
        if index % 10 == 0:
            os.setxattr(path, "user.homie.test", f"value {index}".encode())
        ops.append(world.move(name, f"sorted/kind {index % 7}/{name}", other=across, id=f"plain-{index}"))


def _groups_and_folders(world: World, ops: list[Operation], across: bool) -> None:
    for film in range(4):
        for ending in ("mkv", "srt", "nfo"):
            name = f"film {film}.{ending}"
            world.write(name)
            target = f"films/film {film}/{name}"
            ops.append(world.move(name, target, other=across, group=f"film-{film}", id=f"film-{film}-{ending}"))
    for index in range(8):
        world.write(f"project/src/module {index}.py")
    world.write("project/readme.md")
    os.symlink("src/module 0.py", world.home / "project/link")
    os.utime(world.home / "project/link", ns=(MTIME, MTIME), follow_symlinks=False)
    (world.home / "project/empty").mkdir()
    (world.home / "project/src").chmod(0o750)
    ops.append(world.move("project", "work/project", other=across, id="project"))


def _conflicts(world: World, ops: list[Operation], across: bool) -> None:
    for policy in OnConflict:
        for index in range(2):
            name = f"clash {policy} {index}.txt"
            world.write(name)
            world.write(f"clashes/{name}", f"was there before {name}".encode(), other=across)
            target = f"clashes/{name}"
            ops.append(world.move(name, target, other=across, on_conflict=policy, id=f"clash-{policy}-{index}"))
    world.write("Twin.TXT")
    world.write("clashes/twin.txt", b"differs in capitals", other=across)
    ops.append(world.move("Twin.TXT", "clashes/Twin.TXT", other=across, on_conflict=OnConflict.KEEP_BOTH, id="twin"))


def _others(world: World, ops: list[Operation]) -> None:
    for index in range(4):
        world.write(f"old {index}.tmp")
        ops.append(Trash(id=f"trash-{index}", source=world.at(f"old {index}.tmp"), seen=world.seen(f"old {index}.tmp")))
    for index in range(3):
        name = f"IMG_{index}.jpg"
        world.write(name)
        ops.append(
            Rename(id=f"rename-{index}", source=world.at(name), name=f"Beach {index}.jpg", seen=world.seen(name))
        )
    world.write("keep.pdf")
    ops.append(
        Copy(id="copy", source=world.at("keep.pdf"), target=world.at("copies/keep.pdf"), seen=world.seen("keep.pdf"))
    )
    world.write("album.zip", zip_bytes(["one.txt", "sub/two.txt", "sub/three.txt"]))
    ops.append(
        Extract(
            id="extract", source=world.at("album.zip"), target=world.at("albums/album"), seen=world.seen("album.zip")
        )
    )
    world.write("pack/a.txt")
    world.write("pack/b.txt")
    os.utime(world.home / "pack", ns=(MTIME, MTIME))
    ops.append(Compress(id="compress", sources=(world.at("pack"),), target=world.at("packed.zip")))
    ops.append(Mkdir(id="mkdir", path=world.at("new/empty folder")))
