"""Inside of a confined process: be told of files over a socket, under limits that are set before the first byte.

The limits: address space, processor time, few descriptors, no core dump; no file is written, changed or deleted, and
none is read but Python's own code, unless the program is told of files by their paths; no network. The last two need
Linux with Landlock and with namespaces of one's own; where they are missing the others hold. Imports nothing of Homie,
and a program that uses it (`process.py` starts it) should not either.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import socket
import struct
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

DESCRIPTORS = 64
CPU_SECONDS = 3600
_LIBRARIES = ("/lib", "/lib64", "/usr/lib", "/usr/local/lib")
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 1 << 1, 1 << 2, 1 << 3
_FILES = ((1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14))
"""Version of Landlock's interface, and the rights to files that it knows from then on (linux/landlock.h)."""
_TCP_FROM, _TCP = 4, 0b11
_BENEATH, _TELL_VERSION = 1, 1
_PR_SET_NO_NEW_PRIVS = 38
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000


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


def confine(memory: int, *, cpu_seconds: int = CPU_SECONDS, reads: bool = False) -> None:
    """Set the limits of this process for good, each as far as the system allows. `memory`: bytes of address space.

    `reads`: it is told of files by their paths: it may read any, and start programs, which are held to the same.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    libc.unshare(_NEW_NETWORK if os.geteuid() == 0 else _NEW_USER | _NEW_NETWORK)
    _give_up_files(libc, reads=reads)
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


def landlock_version(libc: ctypes.CDLL) -> int:
    """Return the version of Landlock's interface in this kernel, 0 or less where it has none."""
    return int(libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _TELL_VERSION))


def _give_up_files(libc: ctypes.CDLL, *, reads: bool) -> None:
    """Give up every right to files and to connections by Landlock, but what the program needs."""
    version = landlock_version(libc)
    if version < 1:
        return
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    handled = 0
    for since, rights in _FILES:
        handled |= rights if version >= since else 0
    if reads:
        handled &= ~(_EXECUTE | _READ_FILE | _READ_DIR)
    told = struct.pack("=QQ", handled, _TCP) if version >= _TCP_FROM else struct.pack("=Q", handled)
    ruleset = libc.syscall(_CREATE_RULESET, told, ctypes.c_size_t(len(told)), 0)
    if ruleset < 0:
        return
    _allow(libc, ruleset, os.devnull, _WRITE_FILE)
    for folder in () if reads else sorted({sys.prefix, sys.base_prefix, *_LIBRARIES}):
        _allow(libc, ruleset, folder, _READ_FILE | _READ_DIR)  # parts of Python come in when they are first used
    libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    """Leave rights to a file, or to what lies in a folder."""
    try:
        opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    libc.syscall(_ADD_RULE, ruleset, _BENEATH, struct.pack("=Qi", rights, opened), 0)
    os.close(opened)


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
