"""The local blob store: `<root>/<owner>/<first two letters>/<BLAKE3 name>`, written whole or not at all.

There is no counter of references to drift from the truth: `unreferenced` lists what no row names.
"""

from __future__ import annotations

import io
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from blake3 import blake3

from backend.core.backup.durable import blocks, fsync_folder, open_private, write_new
from backend.sdk.blobs import BlobRef
from backend.sdk.errors import NotFound

_NAME = re.compile(r"[0-9a-f]{64}")
_OWNER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class LocalBlobStore:
    """Keep the blobs of one module in a folder of the data directory."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, owner_id: str, content: bytes | BinaryIO | Path) -> BlobRef:
        """Store content and return its name. The final name appears only after the bytes are on the disk."""
        owner = self._owner(owner_id)
        owner.mkdir(parents=True, exist_ok=True, mode=0o700)
        if isinstance(content, Path):
            with open_private(content) as file:
                return self._store(owner_id, owner, file)
        return self._store(owner_id, owner, io.BytesIO(content) if isinstance(content, bytes) else content)

    def open(self, owner_id: str, name: str) -> BinaryIO:
        """Open a blob for reading; `NotFound` when this owner has none of that name."""
        try:
            return open_private(self.path(owner_id, name))
        except FileNotFoundError:
            raise NotFound("This content does not exist.") from None

    def exists(self, owner_id: str, name: str) -> bool:
        """Tell whether this owner has a blob of that name."""
        return self.path(owner_id, name).is_file()

    def delete(self, owner_id: str, name: str) -> bool:
        """Remove a blob; False when there was none."""
        try:
            self.path(owner_id, name).unlink()
        except FileNotFoundError:
            return False
        return True

    def iter(self, owner_id: str | None = None) -> Iterator[BlobRef]:
        """Walk over the blobs of one owner, or of all, in the order of their names."""
        if owner_id is not None:
            owners = [self._owner(owner_id)] if self._owner(owner_id).is_dir() else []
        else:
            owners = sorted(p for p in self.root.iterdir() if p.is_dir()) if self.root.is_dir() else []
        for owner in owners:
            for shelf in sorted(p for p in owner.iterdir() if p.is_dir()):
                for file in sorted(shelf.iterdir()):
                    if _NAME.fullmatch(file.name):
                        yield BlobRef(owner.name, file.name, file.stat().st_size)

    def erase_owner(self, owner_id: str) -> int:
        """Remove every blob of one owner; return how many there were."""
        count, folder = sum(1 for _ in self.iter(owner_id)), self._owner(owner_id)
        if folder.is_dir():
            shutil.rmtree(folder)
        return count

    def unreferenced(self, owner_id: str, in_use: Collection[str]) -> list[BlobRef]:
        """Return the blobs of one owner that none of the names in use mentions."""
        return [ref for ref in self.iter(owner_id) if ref.name not in in_use]

    def path(self, owner_id: str, name: str) -> Path:
        """Return where a blob lies; `NotFound` for anything that is not a content name."""
        if not _NAME.fullmatch(name):
            raise NotFound("This content does not exist.")
        return self._owner(owner_id) / name[:2] / name

    def _owner(self, owner_id: str) -> Path:
        if not _OWNER.fullmatch(owner_id):
            raise NotFound("This space does not exist.")
        return self.root / owner_id

    def _store(self, owner_id: str, owner: Path, source: BinaryIO) -> BlobRef:
        draft = owner / f".draft-{os.getpid()}-{os.urandom(6).hex()}"
        written = write_new(draft, _pour(source))
        try:
            final = owner / written.blake3[:2] / written.blake3
            if not final.exists():
                final.parent.mkdir(exist_ok=True, mode=0o700)
                draft.replace(final)
                fsync_folder(final.parent)
        finally:
            draft.unlink(missing_ok=True)
        return BlobRef(owner_id, written.blake3, written.size)


def content_name(content: bytes) -> str:
    """Return the name that content would be stored under."""
    return blake3(content).hexdigest()


def _pour(source: BinaryIO) -> Callable[[Callable[[bytes], object]], None]:
    def pour(write: Callable[[bytes], object]) -> None:
        for block in blocks(source):
            write(block)

    return pour
