"""Start a confined process, hand files to it, and replace it when a file kills or hangs it."""

from __future__ import annotations

import os
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path

from backend.sdk.concurrency import spawn_process

_ROOT = str(Path(__file__).resolve().parents[3])
_BOOT = (
    "import sys, os, runpy; sys.path.insert(0, os.environ['HOMIE_ROOT']); "
    "runpy.run_path(sys.argv.pop(1), run_name='__main__')"
)


class Ended(OSError):
    """The process ended or says too much: what it was asked killed it, perhaps."""


class Hangs(Ended):
    """The process says nothing in time."""


class ConfinedProcess:
    """Own at most one process, started when it is first needed. Not for several threads at once.

    `program`: its file, which stands on `inside.py`; it is run by its path, so that nothing is imported of the package
    in which it lies: one of `backend.core`, started by its name, would hold the whole platform. `arguments`: what it is
    told beside its socket; `wait`: seconds without a word after which it counts as hung; `most`: bytes of an answer.
    """

    def __init__(self, program: Path, arguments: Sequence[str] = (), *, wait: float, most: int) -> None:
        self._program = str(program)
        self._arguments = list(arguments)
        self._wait = wait
        self._most = most
        self._pid: int | None = None
        self._channel: socket.socket | None = None

    @property
    def pid(self) -> int | None:
        """Return the process's number, None where none was started."""
        return self._pid

    def send(self, message: bytes, descriptor: int | None = None) -> None:
        """Say something, and hand an open file over; raises `OSError` where the process is gone."""
        channel = self._channel or self._start()
        if descriptor is None:
            channel.sendall(message)
        else:
            socket.send_fds(channel, [message], [descriptor])

    def line(self) -> tuple[bytes, bytes]:
        """Return the next line of an answer, and what is there already of what follows; raises `Ended`."""
        buffer = bytearray()
        while b"\n" not in buffer:
            buffer += self._some()
            if len(buffer) > self._most:
                raise Ended("the process says too much")
        line, _, rest = bytes(buffer).partition(b"\n")
        return line, rest

    def take(self, count: int, begun: bytes = b"") -> bytes:
        """Return so many bytes, of which some are there already; raises `Ended`."""
        if count > self._most:
            raise Ended("the process says too much")
        content = bytearray(begun)
        while len(content) < count:
            content += self._some()
        return bytes(content)

    def _some(self) -> bytes:
        if self._channel is None:
            raise Ended("the process was not started")
        try:
            block = self._channel.recv(1 << 16)
        except TimeoutError as error:
            raise Hangs("the process says nothing") from error
        if not block:
            raise Ended("the process ended")
        return block

    def _start(self) -> socket.socket:
        """Start the process with an empty environment and one inherited socket."""
        ours, theirs = socket.socketpair()
        os.set_inheritable(theirs.fileno(), True)
        command = [sys.executable, "-I", "-c", _BOOT, self._program, str(theirs.fileno()), *self._arguments]
        try:
            self._pid = spawn_process(sys.executable, command, {"LC_ALL": "C.UTF-8", "HOMIE_ROOT": _ROOT})
        finally:
            theirs.close()
        ours.settimeout(self._wait)
        self._channel = ours
        return ours

    def close(self) -> None:
        """End the process; the next question starts a fresh one."""
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
