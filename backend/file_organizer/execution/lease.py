"""Know whether the process that holds a run is alive, on this machine exactly, on another by its heartbeat."""

from __future__ import annotations

import functools
import os
import platform
from datetime import datetime, timedelta
from pathlib import Path

import psutil

from backend.sdk.processes import began, pid_namespace

HEARTBEAT = timedelta(seconds=10)
LAST_MOMENT = timedelta(seconds=60)
"""Without a commit for this long, the holder asks for its lease before it changes anything more."""
SILENT_AFTER = timedelta(seconds=120)
"""A holder that cannot be looked at (another machine or container) is given up after this silence."""


def _read(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except OSError:
        return ""


def this_place() -> str:
    """Name what a process id is relative to: the machine, its boot and its pid namespace."""
    boot = _read("/proc/sys/kernel/random/boot_id")
    return f"{platform.node()}/{boot}/{pid_namespace()}"


def this_holder() -> str:
    """Name this process so that no later one is taken for it: place, pid, start time."""
    return f"{this_place()}|{os.getpid()}|{began(os.getpid())}"


def holder_is_alive(holder: str, heartbeat_at: datetime, now: datetime) -> bool:
    """Tell whether the process that wrote `holder` still runs.

    Same place: asks the kernel for pid and start time. Same machine after a reboot: dead. Elsewhere: by the heartbeat.
    """
    place, _, rest = holder.partition("|")
    pid, _, started = rest.partition("|")
    if place == this_place() and pid.isdigit():
        try:
            return str(began(int(pid))) == started
        except psutil.Error:
            return True
    mine, theirs = this_place().split("/"), place.split("/")
    if len(theirs) == 3 and theirs[0] == mine[0] and theirs[2] == mine[2] and theirs[1] != mine[1]:
        return False
    return now - heartbeat_at < SILENT_AFTER


@functools.cache
def given_up_here() -> set[str]:
    """Return the leases that this process held and let go, whichever register held them.

    Usually the journal says so too. Where it could not be told (its disk is full), the next attempt in this process
    must not take the run for one that is still going on.
    """
    return set()
