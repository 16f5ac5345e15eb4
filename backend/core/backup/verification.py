"""Verifying a backup by restoring it: into a scratch folder, opened, counted and compared, every content re-hashed."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from backend.core.backup.errors import BackupDamaged, BackupDiskFull, disk_trouble
from backend.core.backup.manifest import Contents
from backend.core.backup.parts import BackupPart, DatabaseFacts
from backend.core.backup.reader import SetReader
from backend.core.backup.writer import Tick
from backend.sdk.errors import FieldProblem


@dataclass(slots=True)
class Verification:
    """Say what a verification did and found. `problems` is empty when every byte and row is as written."""

    set_id: str
    files: int = 0
    blobs: int = 0
    rows: int = 0
    problems: list[str] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Tell whether the backup can be trusted."""
        return not self.problems


def verify_set(reader: SetReader, part: BackupPart, scratch: Path, tick: Tick) -> Verification:
    """Restore a backup into a scratch folder and compare. Damaged shared contents are taken out of use."""
    manifest = reader.manifest
    found = Verification(manifest.set_id, files=len(manifest.files), blobs=manifest.blob_count, rows=manifest.rows)
    damaged = reader.damaged_files()
    found.problems += [f"{name} is missing or damaged" for name in damaged]
    if damaged:
        return found
    try:
        contents = reader.contents()
        with scratch_folder(scratch, manifest.database_bytes) as place:
            open_database(reader, contents, part, place / "database")
    except BackupDamaged as problem:
        found.problems += [f"{f.name}: {f.problem}" for f in problem.fields] or [problem.message]
        return found
    for entry in reader.damaged_blobs(contents, tick):
        reader.set_aside(entry)
        found.problems.append(f"the content of {entry.folder}/{entry.path} is missing or damaged")
    return found


def open_database(reader: SetReader, contents: Contents, part: BackupPart, copy: Path) -> DatabaseFacts:
    """Restore the database copy to `copy`, open it, and compare it with the manifest; raises `BackupDamaged`."""
    reader.extract_database(contents, copy)
    facts = part.check_copy(copy)
    expected = reader.manifest.tables
    if dict(facts.tables) != expected:
        wrong = sorted(t for t in {*expected, *facts.tables} if expected.get(t) != facts.tables.get(t))
        raise BackupDamaged(
            fields=[FieldProblem(t, f"{expected.get(t)} rows expected, {facts.tables.get(t)} found") for t in wrong]
        )
    if facts.revision != reader.manifest.revision:
        raise BackupDamaged(fields=[FieldProblem("revision", "the database has another version than the manifest")])
    return facts


@contextmanager
def scratch_folder(parent: Path, size: int) -> Iterator[Path]:
    """Give a private folder with room for `size` bytes, and remove it with all that is in it."""
    parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if shutil.disk_usage(parent).free < size + (16 << 20):
        raise BackupDiskFull(
            fields=[FieldProblem(str(parent), f"{size} bytes are needed for a trial restore", "free some space")]
        )
    with disk_trouble(parent), _locked(parent) as unlock:
        _clear_dead(parent)
        place = Path(tempfile.mkdtemp(prefix="backup-", dir=parent))
        with _locked(place):
            unlock()
            try:
                yield place
            finally:
                shutil.rmtree(place, ignore_errors=True)


def _clear_dead(parent: Path) -> None:
    """Remove what killed processes left: the kernel has dropped their lock on their folder."""
    for folder in parent.glob("backup-*"):
        with suppress(OSError), _locked(folder, wait=False):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _locked(folder: Path, *, wait: bool = True) -> Iterator[Callable[[], None]]:
    """Hold a folder's lock; yields what lets go of it before the block ends."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield lambda: fcntl.flock(handle, fcntl.LOCK_UN)
    finally:
        os.close(handle)
