"""Read archives that Python cannot: libarchive tells 7z and rar as a tar stream, and expands zstd and lzip.

It works in a confined process (`analysis/libarchive_process.py`) that gets the open file, writes nothing but its
standard output, and whose every word is held to the same rules as any other tar. Chosen by the first bytes alone.
"""

from __future__ import annotations

import os
import select
import subprocess
import tarfile
from collections.abc import Callable
from types import TracebackType
from typing import IO

from backend.file_organizer.analysis.libarchive_process import LOCKED, MISSING, command_for
from backend.file_organizer.execution.errors import ArchiveLocked, ArchiveToolMissing, ArchiveUnsafe

MEMORY = 1 << 30
SECONDS = 6 * 3600
STALLED = 120.0
"""Seconds without a byte after which the process is given up."""
_UNREADABLE = (tarfile.TarError, EOFError, OSError, ValueError)
"""What reading a broken stream raises: then the process is asked how it ended."""
_BY_HEAD = ((b"7z\xbc\xaf\x27\x1c", "tar"), (b"Rar!\x1a\x07", "tar"), (b"\x28\xb5\x2f\xfd", "raw"), (b"LZIP", "raw"))


def mode_for(head: bytes) -> str | None:
    """Return how libarchive is to tell a file with these first bytes; None: it is not needed."""
    return next((mode for magic, mode in _BY_HEAD if head.startswith(magic)), None)


class ToolStream:
    """What the confined process says of `file`; a context manager.

    `beat` is called while it is read, so that a long read is not taken for a dead one. At the end of the block, or when
    reading failed, raises `ArchiveToolMissing`, `ArchiveLocked` or `ArchiveUnsafe` if the process ended so.
    """

    def __init__(self, mode: str, file: IO[bytes], beat: Callable[[], None]) -> None:
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        self._beat = beat
        self._process = subprocess.Popen(
            command_for(mode, seconds=SECONDS, memory=MEMORY),
            stdin=file.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            bufsize=0,
        )

    def __enter__(self) -> ToolStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None and not isinstance(error, _UNREADABLE):
            self._end(grace=0)
            return
        try:
            while error is None and self.read(1 << 16):
                pass
        finally:
            code = self._end(grace=10)
        if code == MISSING:
            raise ArchiveToolMissing() from None
        if code == LOCKED:
            raise ArchiveLocked() from None
        if code != 0:
            raise ArchiveUnsafe() from None

    def read(self, size: int = -1) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        stream = self._process.stdout
        if stream is None:
            return b""
        self._beat()
        waiting = select.poll()
        waiting.register(stream.fileno(), select.POLLIN)
        if not waiting.poll(STALLED * 1000):
            self._process.kill()
            raise ArchiveUnsafe("This archive takes too long to read, so it was left alone.")
        return os.read(stream.fileno(), 1 << 16 if size < 0 else size)

    def _end(self, *, grace: float) -> int:
        """End the process and return its exit code; one that failed by itself is given `grace` seconds to say how."""
        if self._process.stdout is not None:
            self._process.stdout.close()
        try:
            return self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()
