"""Ask the picture process what a picture looks like, with a deadline; replace it when a picture kills or hangs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

_PACKAGE_ROOT = str(Path(__file__).resolve().parents[3])
_BOOT = (
    "import sys, os, runpy; sys.path.insert(0, os.environ['HOMIE_PICTURES']); "
    "runpy.run_module('backend.file_organizer.cleaning.picture_process', run_name='__main__')"
)
_MOST_ANSWER = 1 << 16
WAIT_SECONDS = 12.0


class PictureReader:
    """Own at most one picture process, started at the first question. Not for several threads at once."""

    def __init__(self) -> None:
        self._pid: int | None = None
        self._channel: socket.socket | None = None

    def __enter__(self) -> PictureReader:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def describe(self, descriptor: int) -> dict[str, Any]:
        """Return what the process says of the open file, or `{"problem": "unreadable"}`; never raises."""
        try:
            found = json.loads(self._ask(descriptor))
        except (OSError, ValueError):
            self.close()  # the picture was its end, or it hung: the next one gets a fresh process
            return {"problem": "unreadable"}
        return found if isinstance(found, dict) else {"problem": "unreadable"}

    def _ask(self, descriptor: int) -> bytes:
        channel = self._channel or self._start()
        socket.send_fds(channel, [b"1"], [descriptor])
        buffer = bytearray()
        while not buffer.endswith(b"\n"):
            block = channel.recv(1 << 14)
            if not block or len(buffer) > _MOST_ANSWER:
                raise OSError("the picture process ended, or says too much")
            buffer += block
        return bytes(buffer)

    def _start(self) -> socket.socket:
        """Start the process with an empty environment and one inherited socket."""
        ours, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        command = [sys.executable, "-E", "-s", "-c", _BOOT, str(theirs.fileno())]
        try:
            environment = {"LC_ALL": "C.UTF-8", "HOMIE_PICTURES": _PACKAGE_ROOT}
            self._pid = os.posix_spawn(sys.executable, command, environment)
        finally:
            theirs.close()
        ours.settimeout(WAIT_SECONDS)
        self._channel = ours
        return ours

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
