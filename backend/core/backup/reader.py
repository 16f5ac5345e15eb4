"""Reading one backup: nothing is handed on before its bytes were compared with what was written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from blake3 import blake3

from backend.core.backup.archive import DAMAGED, BackupFolder
from backend.core.backup.durable import blocks, hash_file, open_private, write_new
from backend.core.backup.encryption import BackupKey, decrypt_stream, require_key
from backend.core.backup.errors import BackupDamaged, BackupKeyMissing
from backend.core.backup.manifest import CONTENTS, DATABASE, SECRETS, BlobEntry, Contents, Manifest, StoredFile
from backend.core.backup.writer import Tick
from backend.sdk.errors import FieldProblem


class SetReader:
    """Read one set. The key is checked at once; a wrong one is told apart from damage."""

    def __init__(self, folder: BackupFolder, manifest: Manifest, key: BackupKey | None) -> None:
        self._folder = folder
        self.manifest = manifest
        self._key: BackupKey | None = None
        if manifest.key is not None:
            if key is None:
                raise BackupKeyMissing(
                    fields=[FieldProblem("key", f"backup {manifest.set_id} needs key {manifest.key.key_id}")]
                )
            self._key = require_key(manifest.key, key)
        manifest.check_seal(self._key)

    def damaged_files(self) -> list[str]:
        """Return the files of the set (not the shared contents) that are missing, shortened or changed."""
        bad = []
        for file in self.manifest.files:
            try:
                found = hash_file(self._path(file))
            except OSError:
                bad.append(file.name)
                continue
            if (found.size, found.blake3) != (file.size, file.blake3):
                bad.append(file.name)
        return bad

    def contents(self) -> Contents:
        """Return the list of what the backup holds."""
        return Contents.from_lines(b"".join(self._plain(CONTENTS)))

    def secrets(self) -> dict[str, str]:
        """Return the keys of sealed columns (name to base64), empty when the backup holds none."""
        if self._key is None or self.manifest.stored_file(SECRETS) is None:
            return {}
        data = json.loads(b"".join(self._plain(SECRETS)))
        return {str(name): str(value) for name, value in data.items()}

    def extract_database(self, contents: Contents, dest: Path) -> None:
        """Write the database copy to a new file; raises `BackupDamaged` unless it is what was backed up."""
        written = write_new(dest, _pour(self._plain(DATABASE)))
        if (written.size, written.blake3) != (contents.database.size, contents.database.blake3):
            dest.unlink(missing_ok=True)
            raise BackupDamaged(fields=[FieldProblem(DATABASE, "its content is not what was backed up")])

    def extract_blob(self, entry: BlobEntry, dest: Path) -> None:
        """Write one file to a new place with its mode and time; raises `BackupDamaged`."""
        try:
            written = write_new(dest, _pour(self._blob(entry)))
        except FileNotFoundError as problem:
            raise BackupDamaged(fields=[FieldProblem(entry.path, "its content is missing")]) from problem
        if (written.size, written.blake3) != (entry.size, entry.blake3):
            dest.unlink(missing_ok=True)
            raise BackupDamaged(fields=[FieldProblem(entry.path, "its content is damaged")])
        os.chmod(dest, entry.mode & 0o777)
        os.utime(dest, ns=(entry.mtime_ns, entry.mtime_ns))

    def damaged_blobs(self, contents: Contents, tick: Tick) -> list[BlobEntry]:
        """Return the entries whose stored content is missing or is not what was backed up; reads each once."""
        good: dict[str, bool] = {}
        for entry in contents.blobs:
            if entry.stored not in good:
                good[entry.stored] = self._blob_is_good(entry)
            tick(entry.size)
        return [entry for entry in contents.blobs if not good[entry.stored]]

    def set_aside(self, entry: BlobEntry) -> None:
        """Take a damaged content out of use, so that the next backup stores a good one again."""
        path = self._folder.blob_path(entry.stored)
        if path.exists():
            path.replace(path.with_name(path.name + DAMAGED))

    # ------------------------------------------------------------------ inside

    def _blob_is_good(self, entry: BlobEntry) -> bool:
        hasher, size = blake3(), 0
        try:
            for block in self._blob(entry):
                hasher.update(block)
                size += len(block)
        except (OSError, BackupDamaged):
            return False
        return (size, hasher.hexdigest()) == (entry.size, entry.blake3)

    def _blob(self, entry: BlobEntry) -> Iterator[bytes]:
        with open_private(self._folder.blob_path(entry.stored)) as file:
            yield from blocks(file) if self._key is None else decrypt_stream(self._key, file, f"blob/{entry.stored}")

    def _plain(self, name: str) -> Iterator[bytes]:
        stored = self.manifest.stored_file(name)
        if stored is None:
            raise BackupDamaged(fields=[FieldProblem(name, "it is missing")])
        try:
            with open_private(self._path(stored)) as file:
                if self._key is None:
                    yield from self._checked(file_blocks=blocks(file), stored=stored)
                else:
                    yield from decrypt_stream(self._key, file, f"{self.manifest.set_id}/{name}")
        except FileNotFoundError as problem:
            raise BackupDamaged(fields=[FieldProblem(name, "it is missing")]) from problem

    @staticmethod
    def _checked(file_blocks: Iterable[bytes], stored: StoredFile) -> Iterator[bytes]:
        hasher = blake3()
        for block in file_blocks:
            hasher.update(block)
            yield block
        if hasher.hexdigest() != stored.blake3:
            raise BackupDamaged(fields=[FieldProblem(stored.name, "a byte is not as written")])

    def _path(self, file: StoredFile) -> Path:
        if "/" in file.name or file.name.startswith("."):
            raise BackupDamaged(fields=[FieldProblem(file.name, "such a name cannot be in a backup")])
        return self._folder.set_path(self.manifest.set_id) / file.name


def _pour(source: Iterable[bytes]) -> Callable[[Callable[[bytes], object]], None]:
    def pour(write: Callable[[bytes], object]) -> None:
        for block in source:
            write(block)

    return pour
