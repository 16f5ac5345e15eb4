"""Ask the reader process about documents, with a deadline; replace it when a document kills or hangs it."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import sys
from pathlib import Path
from typing import Any

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])
_MAX_ANSWER = 8 << 20


class DocumentReader:
    """Own at most one reader process, started at the first question. Use as a context manager or call `close`.

    `seconds`: time for one document; `memory_mb`: address space of the process.
    """

    def __init__(self, *, seconds: float = 5.0, memory_mb: int = 768, max_chars: int = 20_000) -> None:
        self._seconds = seconds
        self._memory = memory_mb << 20
        self._max_chars = max_chars
        self._pid: int | None = None
        self._channel: socket.socket | None = None
        self.restarts = 0

    def __enter__(self) -> DocumentReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def read(self, what: str, path: str) -> dict[str, Any]:
        """Return what the process found, or `{"problem": "unreadable" | "too slow" | "too large"}`; never raises."""
        request = {
            "what": what,
            "path": os.fsencode(path).hex(),
            "limit": self._max_chars,
            "seconds": self._seconds,
        }
        try:
            if self._channel is None:
                self._start()
            channel = self._channel
            if channel is None:
                return {"problem": "unreadable"}
            channel.sendall(json.dumps(request).encode() + b"\n")
            line = self._receive(channel)
            found = json.loads(line)
        except (OSError, ValueError):
            self._replace()
            return {"problem": "unreadable"}
        return found if isinstance(found, dict) else {"problem": "unreadable"}

    def _receive(self, channel: socket.socket) -> bytes:
        """Return one line; the process has a second more than its own alarm before it is killed."""
        buffer = bytearray()
        while True:
            ready, _, _ = select.select([channel], [], [], self._seconds + 1.0)
            if not ready:
                self._replace()
                return b'{"problem": "too slow"}'
            block = channel.recv(1 << 16)
            if not block:
                raise OSError("the reader process died")
            buffer += block
            if buffer.endswith(b"\n"):
                return bytes(buffer)
            if len(buffer) > _MAX_ANSWER:
                raise OSError("the reader process says too much")

    def _start(self) -> None:
        """Start the process with an empty environment and one inherited socket."""
        ours, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        command = [sys.executable, "-E", "-s", "-c", _BOOT, str(theirs.fileno()), str(self._memory)]
        try:
            self._pid = os.posix_spawn(sys.executable, command, {"LC_ALL": "C.UTF-8", "HOMIE_READER": _PACKAGE_ROOT})
        finally:
            theirs.close()
        self._channel = ours

    def _replace(self) -> None:
        self.close()
        self.restarts += 1

    def close(self) -> None:
        """End the process."""
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._pid is not None:
            try:
                os.kill(self._pid, signal.SIGKILL)
                os.waitpid(self._pid, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
            self._pid = None


_BOOT = (
    "import sys, os, runpy; sys.path.insert(0, os.environ['HOMIE_READER']); "
    "runpy.run_module('backend.file_organizer.analysis.reader_process', run_name='__main__')"
)
