"""Writes that are either complete and on the disk, or not there at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

from blake3 import blake3

BLOCK = 1 << 20


class Readable(Protocol):
    """Be read from front to end."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """Say what was written: `size` in bytes, `blake3` in hex."""

    size: int
    blake3: str


def write_new(path: Path, pour: Callable[[Callable[[bytes], object]], object], *, mode: int = 0o600) -> Written:
    """Create `path`, let `pour` write to it, and return when its bytes are on the disk.

    The name must be a private or temporary one: a reader may see the file half-written until this returns. On any
    failure the file is removed.
    """
    hasher, size = blake3(), 0
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(handle, "wb", buffering=BLOCK) as file:

            def write(data: bytes) -> None:
                nonlocal size
                file.write(data)
                hasher.update(data)
                size += len(data)

            pour(write)
            file.flush()
            os.fsync(file.fileno())
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Written(size, hasher.hexdigest())


def write_atomic(path: Path, content: bytes, *, mode: int = 0o600) -> None:
    """Replace `path` by `content`: readers see the old or the new, also after a power cut."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    write_new(draft, lambda write: write(content), mode=mode)
    try:
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    fsync_folder(path.parent)


def fsync_folder(folder: Path) -> None:
    """Put the names in `folder` on the disk."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def blocks(source: Readable) -> Iterable[bytes]:
    """Yield a file's content in blocks of 1 MiB."""
    while block := source.read(BLOCK):
        yield block


def hash_file(path: Path) -> Written:
    """Return the size and BLAKE3 of a file as it is read now (follows no symlink)."""
    hasher, size = blake3(), 0
    with open_private(path) as file:
        for block in blocks(file):
            hasher.update(block)
            size += len(block)
    return Written(size, hasher.hexdigest())


def open_private(path: Path) -> BinaryIO:
    """Open a regular file for reading without following a symlink in its last part."""
    return os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC), "rb")
