"""Know a process of this machine again, so that no later one with its number is taken for it."""

from __future__ import annotations

import os
from pathlib import Path

import psutil

_PROCESSES = Path("/proc")
_PER_SECOND = 100


def pid_namespace() -> str:
    """Return in which namespace process ids count here (a container has its own), "" where there are none."""
    try:
        return os.readlink(_PROCESSES / "self/ns/pid")
    except OSError:
        return ""


def began(pid: int) -> int | None:
    """Return when a process began, in hundredths of a second; None where there is none, or it waits to be buried.

    On Linux since the machine did (`proc(5)`: field 22 of `stat`): a clock that is set does not change it, as it does
    `psutil`'s time of day, which stands in elsewhere. Raises `psutil.Error` where it cannot be known.
    """
    if not (_PROCESSES / "self" / "stat").exists():
        return _began_by_the_clock(pid)
    try:
        told = (_PROCESSES / str(pid) / "stat").read_text("utf-8", "replace")
    except (FileNotFoundError, ProcessLookupError):
        return None
    except OSError as error:
        raise psutil.AccessDenied(pid) from error
    fields = told.rpartition(")")[2].split()  # the name before it may hold anything; state is field 3
    return None if fields[0] in "ZX" else int(fields[19]) * _PER_SECOND // os.sysconf("SC_CLK_TCK")


def _began_by_the_clock(pid: int) -> int | None:
    try:
        process = psutil.Process(pid)
        return None if process.status() == psutil.STATUS_ZOMBIE else round(process.create_time() * _PER_SECOND)
    except psutil.NoSuchProcess:
        return None
