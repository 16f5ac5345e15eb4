"""The backup folder: which backups there are, who may work on them now, and which contents nobody needs any more."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backend.core.backup.durable import fsync_folder, open_private, write_atomic
from backend.core.backup.errors import (
    BackupBusy,
    BackupDamaged,
    BackupNotFound,
    BackupTargetMissing,
    BackupTooNew,
    disk_trouble,
)
from backend.core.backup.manifest import BLOB_LIST, MANIFEST, SET_ID, STATE, BackupEntry, Manifest, SetState
from backend.sdk.errors import FieldProblem

MARKER = ".homie-backups.json"
BLOBS = "blobs"
PARTIAL = ".partial-"
DOOMED = ".doomed-"
DRAFT = ".draft-"
DAMAGED = ".damaged"


class BackupFolder:
    """Own one backup folder. `known` remembers, on the data drive, which marker belongs to which path.

    An unplugged drive leaves an ordinary empty folder at its mount point. Because the marker is missing there, nothing
    is written in its place; the first use of a folder, and only that, creates the marker.
    """

    def __init__(self, path: Path, known: Path) -> None:
        self.path = path
        self._known = known

    # -- is it there, and is it ours -------------------------------------------------------------------------------

    def prepare(self, *, adopt: bool = False) -> None:
        """Make the folder ready for writing, or raise `BackupTargetMissing`. `adopt` accepts an exchanged drive."""
        with disk_trouble(self.path):
            found = self._marker()
            if found is not None and found == self._remembered().get(str(self.path)):
                return
        with self._one_at_a_time(), disk_trouble(self.path):
            found, expected = self._marker(), self._remembered().get(str(self.path))
            if found is not None and (found == expected or expected is None or adopt):
                return self._remember(found)
            if expected is not None and not adopt:
                problem = "its marker is missing" if found is None else "it is another backup folder than before"
                raise BackupTargetMissing(
                    fields=[
                        FieldProblem(
                            str(self.path),
                            problem,
                            "plug the backup drive in; if you exchanged it on purpose, run "
                            "`homie backup --all --new-target` once",
                        )
                    ]
                )
            if not self.path.parent.is_dir():
                raise BackupTargetMissing(
                    fields=[FieldProblem(str(self.path), "the folder above it does not exist", "create it first")]
                )
            self.path.mkdir(mode=0o700, exist_ok=True)
            marker = os.urandom(16).hex()
            write_atomic(self.path / MARKER, json.dumps({"homie_backups": marker}).encode())
            self._remember(marker)

    @contextmanager
    def _one_at_a_time(self) -> Iterator[None]:
        """Let one process after the other make the marker; two that both made one would disagree.

        Only for the first use of a folder: a drive that does not answer holds nobody else up. The lock lies on the data
        drive, where the marker is remembered; the kernel lets go when a process dies.
        """
        lock = self._known.with_name(self._known.name + ".lock")
        lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)

    def check(self) -> None:
        """Raise `BackupTargetMissing` unless the folder is there and is the one that was used before."""
        found, expected = self._marker(), self._remembered().get(str(self.path))
        if found is None or (expected is not None and found != expected):
            raise BackupTargetMissing(
                fields=[FieldProblem(str(self.path), "no backup folder of Homie is there", "plug its drive in")]
            )

    def exists(self) -> bool:
        """Tell whether a backup folder of Homie is at this path now."""
        return self._marker() is not None

    def is_known(self) -> bool:
        """Tell whether this path was used as backup folder before."""
        return str(self.path) in self._remembered()

    def free_bytes(self) -> int:
        """Return the room left on the drive of the backup folder."""
        return shutil.disk_usage(self.path).free

    @contextmanager
    def trouble(self) -> Iterator[None]:
        """Say it as our own error when the drive fills up, fails or vanishes during the block."""
        try:
            with disk_trouble(self.path):
                yield
        except FileNotFoundError as problem:
            if self._marker() is not None:
                raise
            raise BackupTargetMissing(
                "The backup drive vanished in the middle. Nothing half-done counts as a backup.",
                fields=[FieldProblem(str(self.path), "the folder's marker is gone", "plug the drive in again")],
            ) from problem

    # -- one at a time ---------------------------------------------------------------------------------------------

    @contextmanager
    def lock(self, *, shared: bool = False) -> Iterator[None]:
        """Hold the folder; `BackupBusy` when another process does. The kernel lets go when a process dies.

        Whoever holds it alone knows that no backup is under way, and removes what a killed one left.
        """
        with disk_trouble(self.path):
            handle = os.open(self.path / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupBusy from None
            if not shared:
                self._clear_remains()
            yield
        finally:
            os.close(handle)

    def _clear_remains(self) -> None:
        dead = [p for p in self.path.iterdir() if p.name.startswith((PARTIAL, DOOMED))]
        for folder in dead:
            shutil.rmtree(folder, ignore_errors=True)
        if dead:
            self.collect_blobs()

    # -- what there is ---------------------------------------------------------------------------------------------

    def entries(self, part: str | None = None) -> list[BackupEntry]:
        """Return the readable backups, oldest first."""
        return [e for e in self._readable() if part is None or e.manifest.part == part]

    def unreadable(self) -> list[str]:
        """Return the names of folders that look like backups but whose manifest is damaged or too new."""
        names = []
        for set_id in self._set_ids():
            try:
                self.manifest(set_id)
            except (BackupDamaged, BackupTooNew):
                names.append(set_id)
        return names

    def entry(self, set_id: str) -> BackupEntry:
        """Return one backup; `BackupNotFound`, `BackupDamaged` or `BackupTooNew`."""
        return BackupEntry(manifest=self.manifest(set_id), state=self.state(set_id))

    def manifest(self, set_id: str) -> Manifest:
        """Return the checked manifest of one backup."""
        try:
            with open_private(self.set_path(set_id) / MANIFEST) as file:
                manifest = Manifest.from_bytes(file.read())
        except FileNotFoundError:
            raise BackupNotFound from None
        if manifest.set_id != set_id:
            raise BackupDamaged(fields=[FieldProblem(MANIFEST, "it belongs to another backup")])
        return manifest

    def state(self, set_id: str) -> SetState:
        """Return what happened to a backup since it was made; a damaged note counts as none."""
        try:
            with open_private(self.set_path(set_id) / STATE) as file:
                return SetState.model_validate_json(file.read())
        except (FileNotFoundError, ValueError):
            return SetState()

    def set_state(self, set_id: str, state: SetState) -> None:
        """Note what happened to a backup."""
        with disk_trouble(self.path):
            write_atomic(self.set_path(set_id) / STATE, state.model_dump_json().encode())

    def set_path(self, set_id: str) -> Path:
        """Return the folder of a backup; `BackupNotFound` for anything that is not a backup's name."""
        if not SET_ID.fullmatch(set_id):
            raise BackupNotFound
        return self.path / set_id

    def blob_path(self, stored: str) -> Path:
        """Return where stored content lies."""
        if len(stored) != 64 or not stored.isalnum():
            raise BackupDamaged(fields=[FieldProblem(BLOB_LIST, "it names a content that cannot exist")])
        return self.path / BLOBS / stored[:2] / stored

    def blob_list(self, set_id: str) -> dict[str, int]:
        """Return the stored names and sizes that a backup needs."""
        try:
            with open_private(self.set_path(set_id) / BLOB_LIST) as file:
                pairs = [line.split() for line in file.read().decode("ascii").splitlines()]
            return {name: int(size) for name, size in pairs}
        except (OSError, ValueError) as problem:
            raise BackupDamaged(fields=[FieldProblem(BLOB_LIST, "it cannot be read")]) from problem

    # -- removing --------------------------------------------------------------------------------------------------

    def delete(self, set_id: str) -> None:
        """Remove one backup: renamed first, so that a half-deleted one is not taken for a backup."""
        path = self.set_path(set_id)
        if not path.is_dir():
            raise BackupNotFound
        doomed = self.path / (DOOMED + set_id)
        path.rename(doomed)
        fsync_folder(self.path)
        shutil.rmtree(doomed)

    def collect_blobs(self) -> int:
        """Remove stored contents that no backup needs; return the bytes freed.

        While a single backup cannot say what it needs (a damaged list), nothing is removed.
        """
        needed: set[str] = set()
        try:
            for set_id in self._set_ids():
                needed.update(self.blob_list(set_id))
        except BackupDamaged:
            return 0
        freed = 0
        for shelf in (self.path / BLOBS).glob("*"):
            for file in shelf.iterdir() if shelf.is_dir() else ():
                if file.name.removesuffix(DAMAGED) not in needed:
                    freed += file.stat().st_size
                    file.unlink()
        return freed

    def _set_ids(self) -> list[str]:
        if not self.path.is_dir():
            return []
        return sorted(p.name for p in self.path.iterdir() if SET_ID.fullmatch(p.name) and p.is_dir())

    def _readable(self) -> Iterator[BackupEntry]:
        for set_id in self._set_ids():
            try:
                yield self.entry(set_id)
            except (BackupDamaged, BackupTooNew, BackupNotFound):
                continue

    def _marker(self) -> str | None:
        try:
            with open_private(self.path / MARKER) as file:
                return str(json.loads(file.read())["homie_backups"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _remembered(self) -> dict[str, str]:
        try:
            data = json.loads(self._known.read_bytes())
            return {str(k): str(v) for k, v in data.items()} if isinstance(data, dict) else {}
        except (OSError, ValueError):
            return {}

    def _remember(self, marker: str) -> None:
        known = self._remembered()
        if known.get(str(self.path)) != marker:
            self._known.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_atomic(self._known, json.dumps({**known, str(self.path): marker}, sort_keys=True).encode())
