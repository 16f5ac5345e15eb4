"""Read archives that Python cannot: bsdtar (libarchive) tells 7z and rar as a tar stream, bsdcat undoes zstd and lzip.

The program is confined (`analysis/confined_tool.py`): it gets the open file, writes nothing but its standard output,
and whatever it says is held to the same rules as any other tar. Chosen by the first bytes alone, never by a name:
libarchive knows formats that name other files to be read.
"""

from __future__ import annotations

import os
import re
import select
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Callable
from types import TracebackType
from typing import IO

from backend.file_organizer.analysis.confined_tool import command_for
from backend.file_organizer.execution.errors import ArchiveLocked, ArchiveToolMissing, ArchiveUnsafe

PACKAGE = "libarchive-tools"
MEMORY = 1 << 30
SECONDS = 6 * 3600
STALLED = 120.0
"""Seconds without a byte after which the program is given up."""
_SAYS = 4096
_UNREADABLE = (tarfile.TarError, EOFError, OSError, ValueError)
"""What reading a broken stream raises: then the program is asked why."""
_LOCKED = re.compile(rb"is encrypted|encryption|encrypted (?:data|file|archive)|passphrase|password", re.IGNORECASE)
_TO_TAR = ("bsdtar", "-P", "-c", "-f", "-", "--format=pax", "@-")
_UNDO = ("bsdcat", "-")
_BY_HEAD: tuple[tuple[bytes, tuple[str, ...]], ...] = (
    (b"7z\xbc\xaf\x27\x1c", _TO_TAR),
    (b"Rar!\x1a\x07", _TO_TAR),
    (b"\x28\xb5\x2f\xfd", _UNDO),
    (b"LZIP", _UNDO),
)


def tool_for(head: bytes) -> tuple[str, ...] | None:
    """Return the command that turns a file with these first bytes into a tar stream; None: none is needed."""
    return next((command for magic, command in _BY_HEAD if head.startswith(magic)), None)


class ToolStream:
    """The standard output of a confined program that reads `file`; a context manager.

    `beat` is called while it is read, so that a long read is not taken for a dead one. Raises `ArchiveToolMissing`;
    when the stream is over, or reading it failed, `ArchiveLocked` or `ArchiveUnsafe` if the program says so.
    """

    def __init__(self, command: tuple[str, ...], file: IO[bytes], beat: Callable[[], None]) -> None:
        program = shutil.which(command[0])
        if program is None:
            raise ArchiveToolMissing()
        os.lseek(file.fileno(), 0, os.SEEK_SET)
        self._beat = beat
        self._said = bytearray()
        self._process = subprocess.Popen(
            command_for(program, *command[1:], seconds=SECONDS, memory=MEMORY),
            stdin=file.fileno(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={},
            cwd="/",
            bufsize=0,
        )
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def __enter__(self) -> ToolStream:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if error is not None and not isinstance(error, _UNREADABLE):
            self._end(grace=0)
            return
        if error is None:
            while self.read(1 << 16):
                pass
        code = self._end(grace=10)
        if _LOCKED.search(self._said):
            raise ArchiveLocked() from None
        if error is None and code != 0:
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
            raise ArchiveUnsafe("This archive takes too long to read, so it was left alone.")
        return os.read(stream.fileno(), 1 << 16 if size < 0 else size)

    def _listen(self) -> None:
        """Keep the beginning of what the program says, and let it say the rest."""
        stream = self._process.stderr
        while stream is not None and (block := stream.read(_SAYS)):
            self._said += block[: max(0, _SAYS - len(self._said))]

    def _end(self, *, grace: float) -> int:
        """End the program and return its exit code; one that failed by itself is given `grace` seconds to say why."""
        try:
            code = self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._listener.join(5)
        for stream in (self._process.stdout, self._process.stderr):
            if stream is not None:
                stream.close()
        return code
