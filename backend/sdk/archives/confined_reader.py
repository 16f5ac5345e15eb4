"""Start the confined process on an open file, read what it says, and learn how it ended."""

from __future__ import annotations

import enum
import os
import select
import subprocess
from typing import Literal

from backend.sdk.archives import libarchive_process

Mode = Literal["tar", "raw", "list"]
MEMORY = 1 << 30


class Stalled(OSError):
    """The process says nothing any more."""


class Ending(enum.Enum):
    """How the reading ended."""

    WHOLE = 0
    LOCKED = libarchive_process.LOCKED
    DAMAGED = libarchive_process.DAMAGED
    LIBRARY_MISSING = libarchive_process.MISSING


class ConfinedReader:
    """What libarchive says of the file on `fd`: as a tar, expanded, or listed; readable like a file, once.

    `seconds`: of processor time; `stalled`: seconds without a byte after which `read` raises `Stalled`. Call `end`.
    """

    def __init__(self, mode: Mode, fd: int, *, seconds: int, stalled: float = 120.0) -> None:
        os.lseek(fd, 0, os.SEEK_SET)
        self._stalled = stalled
        self._process = subprocess.Popen(
            libarchive_process.command_for(mode, seconds=seconds, memory=MEMORY),
            stdin=fd,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8"},
            cwd="/",
            bufsize=0,
        )

    def read(self, size: int = 1 << 16) -> bytes:
        """Return up to `size` bytes, empty at the end."""
        stream = self._process.stdout
        if stream is None:
            return b""
        waiting = select.poll()
        waiting.register(stream.fileno(), select.POLLIN)
        if not waiting.poll(self._stalled * 1000):
            self._process.kill()
            raise Stalled("the process says nothing")
        return os.read(stream.fileno(), size)

    def end(self, *, grace: float = 0) -> Ending:
        """End the process; one that failed by itself is given `grace` seconds to say how."""
        if self._process.stdout is not None:
            self._process.stdout.close()
        try:
            code = self._process.wait(grace)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        return Ending(code) if code in (0, 3, 5) else Ending.DAMAGED
