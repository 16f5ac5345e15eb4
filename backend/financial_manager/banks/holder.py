"""Who holds a turn: its process, so that a turn whose process was killed is free at once and not only when it ends.

Told on one machine only; elsewhere nobody is known to be gone, and a turn lasts as long as it was given for. After a
restart of the machine its earlier processes are gone.
"""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

import psutil

from backend.sdk.processes import began, pid_namespace


def new_turn(row_id: str) -> str:
    """Return what names a turn of this process: at most 36 signs. `row_id`: a new id, its end tells turns apart."""
    pid = os.getpid()
    return f"{_machine()}.{pid}.{began(pid) or 0}.{row_id[-8:]}"


def is_gone(turn: str) -> bool:
    """Tell whether the process that holds a turn surely ended: on this machine, and its number is free or another's."""
    parts = turn.split(".")
    if len(parts) != 4 or parts[0] != _machine() or not (parts[1].isdecimal() and parts[2].isdecimal()):
        return False
    if parts[2] == "0":
        return False
    try:
        return began(int(parts[1])) != int(parts[2])
    except psutil.Error:
        return False


def _machine() -> str:
    """Return what tells machines (and containers) apart, the same after a restart."""
    told = socket.gethostname() + pid_namespace()
    with suppress(OSError):
        told += Path("/etc/machine-id").read_text("ascii", "replace")
    return blake2b(told.encode(), digest_size=3).hexdigest()
