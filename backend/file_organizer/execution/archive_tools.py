"""Read archives that Python cannot: libarchive tells 7z and rar as a tar stream, and expands zstd and lzip.

It works in a confined process (`backend/sdk/archives`), whose every word is held to the same rules as any other tar.
Which archives go there, their first bytes say, never their name.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from types import TracebackType
from typing import IO, Literal

from backend.file_organizer.execution.errors import ArchiveLocked, ArchiveToolMissing, ArchiveUnsafe
from backend.sdk.archives import ConfinedReader, Ending, Stalled

SECONDS = 6 * 3600
Mode = Literal["tar", "raw"]
_UNREADABLE = (tarfile.TarError, EOFError, ValueError)
"""What reading a broken stream raises: then the process is asked how it ended. An `OSError` comes from writing."""
_BY_HEAD: tuple[tuple[bytes, Mode], ...] = (
    (b"7z\xbc\xaf\x27\x1c", "tar"),
    (b"Rar!\x1a\x07", "tar"),
    (b"\x28\xb5\x2f\xfd", "raw"),
    (b"LZIP", "raw"),
)


def mode_for(head: bytes) -> Mode | None:
    """Return how libarchive is to tell a file with these first bytes; None: it is not needed."""
    return next((mode for magic, mode in _BY_HEAD if head.startswith(magic)), None)


class ToolStream:
    """What libarchive says of `file`; a context manager.

    `beat` is called while it is read, so that a long read is not taken for a dead one. At the end of the block, or when
    reading failed, raises `ArchiveToolMissing`, `ArchiveLocked` or `ArchiveUnsafe` if the process ended so.
    """

    def __init__(self, mode: Mode, file: IO[bytes], beat: Callable[[], None]) -> None:
        self._beat = beat
        self._reader = ConfinedReader(mode, file.fileno(), seconds=SECONDS)

    def __enter__(self) -> ToolStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None and not isinstance(error, _UNREADABLE):
            self._reader.end()
            return
        try:
            while error is None and self.read(1 << 16):
                pass
        finally:
            ending = self._reader.end(grace=10)
        if ending is Ending.LIBRARY_MISSING:
            raise ArchiveToolMissing() from None
        if ending is Ending.LOCKED:
            raise ArchiveLocked() from None
        if ending is Ending.DAMAGED:
            raise ArchiveUnsafe() from None

    def read(self, size: int = 1 << 16) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        self._beat()
        try:
            return self._reader.read(size)
        except Stalled:
            raise ArchiveUnsafe("This archive takes too long to read, so it was left alone.") from None
