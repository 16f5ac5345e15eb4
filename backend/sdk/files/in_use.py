"""Tell whether somebody is still writing to a file.

Linux gives a read lease (fcntl(2), F_SETLEASE) only while no one has the file open for writing, so asking for one and
giving it back is an exact answer in four system calls. Where leases are not possible (network drives, another
user's file) the age of the last change decides.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
import sys
import time

from backend.sdk.files.primitives import open_beneath

_F_SETSIG = 10
_LEASES = sys.platform.startswith("linux") and hasattr(fcntl, "F_SETLEASE")


def being_written(folder: int, name: str, info: os.stat_result, *, settle_seconds: float = 5.0) -> bool:
    """Return True if the regular file `name` is open for writing, or (no lease possible) changed just now."""
    if _LEASES:
        answer = _asked_by_lease(folder, name)
        if answer is not None:
            return answer
    age = time.time() - info.st_mtime
    return 0 <= age < settle_seconds


def _asked_by_lease(folder: int, name: str) -> bool | None:
    """Return the kernel's answer, or None if it gives none for this file."""
    try:
        fd = open_beneath(folder, name)
    except OSError:
        return None
    try:
        # Should a writer come in this very moment, the kernel signals us: by default that would end the process
        # (SIGIO), so ask for a signal that is ignored by default.
        fcntl.fcntl(fd, _F_SETSIG, signal.SIGURG)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_RDLCK)
        fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
    except OSError as error:
        return True if error.errno in (errno.EAGAIN, errno.EWOULDBLOCK) else None
    finally:
        os.close(fd)
    return False
