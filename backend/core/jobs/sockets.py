"""Unix socket addresses in folders whose path may be longer than the kernel's 107 bytes."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LONGEST = 107
"""Bytes of `sun_path` without its closing NUL, see unix(7)."""


@contextmanager
def reachable(folder: Path, name: str) -> Iterator[str]:
    """Yield an address of the socket `name` in `folder` that is short enough; valid inside the block only."""
    address = str(folder / name)
    if len(os.fsencode(address)) <= LONGEST:
        yield address
        return
    fd = os.open(folder, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{fd}/{name}"
    finally:
        os.close(fd)


def same_user(connection: socket.socket) -> bool:
    """Tell whether the process at the other end runs as our user (SO_PEERCRED, see unix(7))."""
    size = struct.calcsize("3i")
    _, uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, size))
    return bool(uid == os.geteuid())
