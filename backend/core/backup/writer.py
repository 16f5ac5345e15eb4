"""Writing one backup: everything under a temporary name, on the disk, the manifest last, then one rename."""

from __future__ import annotations

import io
import os
import shutil
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from blake3 import blake3

from backend.core.backup.archive import DRAFT, PARTIAL, BackupFolder
from backend.core.backup.durable import Readable, Written, blocks, fsync_folder, hash_file, open_private, write_new
from backend.core.backup.encryption import HEADER_BYTES, TAG_BYTES, BackupKey, encrypt_stream
from backend.core.backup.manifest import (
    BLOB_LIST,
    CONTENTS,
    DATABASE,
    MANIFEST,
    SECRETS,
    BlobEntry,
    Contents,
    Manifest,
    StoredFile,
)

Tick = Callable[[int], None]
"""Called with the number of bytes just done; may raise to stop the work."""


class SetWriter:
    """Write one set. Use as a context manager: without `finish`, nothing of it remains."""

    def __init__(self, folder: BackupFolder, set_id: str, key: BackupKey | None, tick: Tick = lambda n: None) -> None:
        self._folder = folder
        self.set_id = set_id
        self._key = key
        self._tick = tick
        self.partial = folder.path / (PARTIAL + set_id)
        self._files: list[StoredFile] = []
        self._blobs: dict[tuple[str, str], BlobEntry] = {}
        self._stored: dict[str, int] = {}
        self._fresh: list[Path] = []
        self._database: StoredFile | None = None
        self._done = False
        self.notices: list[str] = []

    def __enter__(self) -> SetWriter:
        self.partial.mkdir(mode=0o700)
        return self

    def __exit__(self, *exc: object) -> None:
        if not self._done:
            for blob in self._fresh:
                with suppress(OSError):  # the drive may be gone; the error that brought us here is the one to tell
                    blob.unlink(missing_ok=True)
            shutil.rmtree(self.partial, ignore_errors=True)

    @property
    def encrypted(self) -> bool:
        """Tell whether this backup is written under a key."""
        return self._key is not None

    @property
    def stored_blobs(self) -> Mapping[str, int]:
        """Return the stored names and sizes that this backup refers to."""
        return self._stored

    def add_database(self, copy: Path) -> None:
        """Add the database copy (a complete file somewhere on this machine; encrypted on its way)."""
        plain = hash_file(copy)
        self._database = StoredFile(name=DATABASE, size=plain.size, blake3=plain.blake3)
        with open_private(copy) as file:
            self._put(DATABASE, file)

    def add_secrets(self, content: bytes) -> None:
        """Add the keys of sealed columns; only an encrypted backup may hold them."""
        if self._key is None:
            raise ValueError("secrets never go into a plain backup")
        self._put(SECRETS, io.BytesIO(content))

    def add_folder(self, name: str, live: Path) -> None:
        """Add every regular file below `live`; content that the backup folder has already costs nothing."""
        for relative, path in _walk(live):
            if (name, relative) in self._blobs:
                continue
            try:
                self._blobs[name, relative] = self._add_blob(name, relative, path)
            except FileNotFoundError:
                continue  # removed while we walked: it is not part of this moment
            except PermissionError:
                self.notices.append(f"a file in {name} could not be read and is not in this backup")

    def finish(self, folders: tuple[str, ...], make_manifest: Callable[[dict[str, object]], Manifest]) -> Manifest:
        """Write lists and manifest, put everything on the disk, and give the backup its name."""
        if self._database is None:
            raise ValueError("a backup needs its database copy")
        contents = Contents(database=self._database, folders=folders, blobs=tuple(self._blobs.values()))
        self._put(CONTENTS, io.BytesIO(b"".join(contents.lines())))
        lines = "".join(f"{name} {size}\n" for name, size in sorted(self._stored.items()))
        self._put(BLOB_LIST, io.BytesIO(lines.encode()), plain=True)
        manifest = make_manifest(
            {
                "set_id": self.set_id,
                "files": tuple(self._files),
                "blob_count": len(self._blobs),
                "blob_bytes": sum(b.size for b in self._blobs.values()),
                "database_bytes": self._database.size,
                "notices": tuple(self.notices),
            }
        ).sealed(self._key)
        write_new(self.partial / MANIFEST, lambda write: write(manifest.to_bytes()))
        fsync_folder(self.partial)
        self._folder.check()  # the drive may have been pulled meanwhile: never rename into an empty mount point
        self.partial.rename(self._folder.path / self.set_id)
        fsync_folder(self._folder.path)
        self._done = True
        return manifest

    # ------------------------------------------------------------------ inside

    def _put(self, name: str, source: BinaryIO, *, plain: bool = False) -> None:
        key = None if plain else self._key
        stored = name if key is None else name + ".enc"
        written = write_new(self.partial / stored, self._pour(source, f"{self.set_id}/{name}", key))
        self._files.append(StoredFile(name=stored, size=written.size, blake3=written.blake3))

    def _add_blob(self, folder: str, relative: str, path: Path) -> BlobEntry:
        with open_private(path) as file:
            info = os.fstat(file.fileno())
            name = path.name
            if not self._have(name, info.st_size):
                name = _hash(file)
                file.seek(0)
                if not self._have(name, info.st_size):
                    name = self._store_blob(file, name)
        stored = self._stored_name(name)
        self._stored[stored] = self._folder.blob_path(stored).stat().st_size
        self._tick(info.st_size)
        return BlobEntry(
            folder=folder,
            path=relative,
            size=info.st_size,
            blake3=name,
            stored=stored,
            mode=stat.S_IMODE(info.st_mode),
            mtime_ns=info.st_mtime_ns,
        )

    def _have(self, name: str, size: int) -> bool:
        """Tell whether content of this name and size is stored already (file names that are no hash: never)."""
        if len(name) != 64 or not name.isalnum():
            return False
        try:
            found = self._folder.blob_path(self._stored_name(name)).stat().st_size
        except FileNotFoundError:
            return False
        return found == (size if self._key is None else encrypted_size(size))

    def _store_blob(self, file: BinaryIO, expected: str) -> str:
        """Store content; a file that changes while it is read is stored as it was read, under that name."""
        hasher = blake3()
        stored = self._stored_name(expected)
        shelf = self._folder.blob_path(stored).parent
        shelf.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = shelf / f"{DRAFT}{os.getpid()}-{os.urandom(6).hex()}"
        source = _Tee(file, hasher.update)
        write_new(draft, self._pour(source, f"blob/{stored}", self._key))
        try:
            if hasher.hexdigest() != expected:
                raise FileNotFoundError(expected)  # in motion: the next backup will have it at rest
            final = shelf / stored
            self._fresh.append(final)
            draft.replace(final)
            fsync_folder(shelf)
        finally:
            draft.unlink(missing_ok=True)
        return expected

    def _stored_name(self, name: str) -> str:
        return name if self._key is None else self._key.stored_name(name)

    @staticmethod
    def _pour(source: Readable, what: str, key: BackupKey | None) -> Callable[[Callable[[bytes], object]], None]:
        def pour(write: Callable[[bytes], object]) -> None:
            if key is None:
                for block in blocks(source):
                    write(block)
            else:
                encrypt_stream(key, source, write, what)

        return pour


class _Tee:
    """Show each block that is read to somebody else, too."""

    def __init__(self, file: BinaryIO, see: Callable[[bytes], object]) -> None:
        self._file, self._see = file, see

    def read(self, size: int = -1, /) -> bytes:
        data = self._file.read(size)
        self._see(data)
        return data


def encrypted_size(size: int, chunk: int = 1 << 18) -> int:
    """Return the stored size of `size` bytes of content: header, and one tag for each chunk (at least one)."""
    return HEADER_BYTES + size + TAG_BYTES * max(1, -(-size // chunk))


def _hash(file: BinaryIO) -> str:
    hasher = blake3()
    for block in blocks(file):
        hasher.update(block)
    return hasher.hexdigest()


def _walk(root: Path) -> Iterator[tuple[str, Path]]:
    """Yield the relative name and path of every regular file, in order; links and unfinished drafts are left out."""
    if not root.is_dir():
        return
    stack = [root]
    while stack:
        with os.scandir(stack.pop()) as found:
            for item in sorted(found, key=lambda e: e.name):
                path = Path(item.path)
                if item.is_dir(follow_symlinks=False):
                    stack.append(path)
                elif item.is_file(follow_symlinks=False) and not item.name.startswith(DRAFT):
                    yield str(path.relative_to(root)), path


__all__ = ["SetWriter", "Tick", "Written", "encrypted_size"]
