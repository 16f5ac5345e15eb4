"""What can go wrong at a boundary: killed, an error of the drive, a full drive, a drive pulled out.

Each is a `Boundaries` that does its deed at the k-th boundary. An error after a boundary named `*.after` says that the
call failed although it happened: network drives do that when an answer gets lost and the question is asked again.
"""

from __future__ import annotations

import errno
import os
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

from backend.file_organizer.execution.boundaries import Boundaries
from backend.sdk.db import DatabaseBusy, DatabaseUnreachable, StorageFull

ERRNOS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EROFS, errno.ESTALE, errno.ENOENT, errno.EPERM, errno.EDQUOT)
DATABASE_ERRORS = (StorageFull, DatabaseBusy, DatabaseUnreachable)
_NOT_DISK = ("journal.", "recovery.step")


class Counting(Boundaries):
    """Count the boundaries and remember their names."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def reach(self, name: str) -> None:
        self.names.append(name)


class At(Counting):
    """Do something at the k-th boundary. `happened` tells whether it came to that."""

    def __init__(self, k: int, deed: Callable[[str], None]) -> None:
        super().__init__()
        self._k = k
        self._deed = deed
        self.happened = ""

    def reach(self, name: str) -> None:
        super().reach(name)
        if len(self.names) == self._k:
            self.happened = name
            self._deed(name)


def kill(name: str) -> None:
    """End this process as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


def failing(number: int) -> Callable[[str], None]:
    """Return a deed that fails as the drive, or at a boundary of the journal as the database, would."""

    def deed(name: str) -> None:
        if name.startswith("journal."):
            raise DATABASE_ERRORS[number % len(DATABASE_ERRORS)]()
        if not name.startswith(_NOT_DISK):
            code = ERRNOS[number % len(ERRNOS)]
            raise OSError(code, os.strerror(code))

    return deed


class Dying(Counting):
    """From the k-th boundary on, nothing on the drives works any more; the database does."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self._k = k
        self.happened = ""

    def reach(self, name: str) -> None:
        super().reach(name)
        if len(self.names) >= self._k and not name.startswith(_NOT_DISK):
            self.happened = self.happened or name
            raise OSError(errno.EIO, os.strerror(errno.EIO))


class JournalGone(Counting):
    """From the k-th boundary on the database takes nothing any more; before or after the commit, as it comes."""

    def __init__(self, k: int) -> None:
        super().__init__()
        self._k = k
        self.happened = ""

    def reach(self, name: str) -> None:
        super().reach(name)
        if len(self.names) >= self._k and name.startswith("journal."):
            self.happened = self.happened or name
            raise DATABASE_ERRORS[self._k % len(DATABASE_ERRORS)]()


def fill(folder: Path) -> Callable[[str], None]:
    """Return a deed that takes all the room of the drive that holds `folder`."""

    def deed(name: str) -> None:
        with (folder / "hog").open("wb", buffering=0) as file:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        file.write(b"x" * size)
                except OSError:
                    continue

    return deed


def pull_out(point: Path) -> Callable[[str], None]:
    """Return a deed that unmounts a drive at once, as pulling it out would."""

    def deed(name: str) -> None:
        subprocess.run(["umount", "-l", str(point)], check=True, capture_output=True)

    return deed
