"""Inside of a confined process: be told of files over a socket, under limits that are set before the first byte.

The limits: address space, processor time, no file may be written, few descriptors, no core dump. Imports nothing of
Homie, and a program that uses it (`process.py` starts it) should not either.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

DESCRIPTORS = 64
CPU_SECONDS = 3600


class TooSlow(Exception):
    """The time for one file is over."""


def take_channel() -> socket.socket:
    """Return the socket that was inherited, the only way out: standard streams lead nowhere, Ctrl-C is the parent's."""
    warnings.simplefilter("ignore")
    channel = socket.socket(fileno=int(sys.argv[1]))
    for first, behind in ((3, channel.fileno()), (channel.fileno() + 1, resource.getrlimit(resource.RLIMIT_NOFILE)[0])):
        os.closerange(first, behind)  # whatever else was inherited
    null = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(null, standard)
    os.close(null)
    signal.signal(signal.SIGALRM, _on_alarm)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return channel


def confine(memory: int, *, cpu_seconds: int = CPU_SECONDS) -> None:
    """Set the limits of this process for good, each as far as the system allows. `memory`: bytes of address space."""
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, DESCRIPTORS),
        (resource.RLIMIT_CPU, cpu_seconds),
    ):
        hard = resource.getrlimit(what)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """Raise `TooSlow` in the block after so long."""
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _on_alarm(signum: int, frame: object) -> None:
    raise TooSlow
