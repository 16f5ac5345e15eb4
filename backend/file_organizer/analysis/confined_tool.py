"""Run a program that opens untrusted bytes so that it can hurt nothing but itself; standard library only.

Started by path (`python -I -S confined_tool.py SECONDS MEMORY PROGRAM ARGUMENT...`), sets limits and becomes PROGRAM:
address space, processor time, no file may be written, few descriptors, no core dump, killed with its parent, and where
the kernel knows Landlock (5.13 and newer) no file may be opened but the system's own programs and libraries, for
reading. What it works on comes by standard input, what it says by standard output.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import struct
import sys

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446  # the same on all architectures
_EXECUTE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 2, 1 << 3
_ALL_OF_FIRST_ABI = (1 << 13) - 1
_SYSTEM = ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache", "/opt", "/nix")


def command_for(program: str, *arguments: str, seconds: int, memory: int) -> list[str]:
    """Return the command that runs `program` confined. `seconds`: of processor time; `memory`: bytes."""
    return [sys.executable, "-I", "-S", __file__, str(seconds), str(memory), program, *arguments]


def limit(seconds: int, memory: int) -> None:
    """Set the limits of this process; each only as far as the system allows."""
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CPU, seconds),
    ):
        hard = resource.getrlimit(what)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue


def close_the_disk() -> None:
    """Give up every right to files but to read and run the system's own; without Landlock this does nothing."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    ruleset = libc.syscall(_CREATE_RULESET, struct.pack("=Q", _ALL_OF_FIRST_ABI), ctypes.c_size_t(8), 0)
    if ruleset < 0:
        return
    for path in _SYSTEM:
        try:
            fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
        except OSError:
            continue
        rights = _EXECUTE | _READ_FILE | (_READ_DIR if os.path.isdir(path) else 0)
        libc.syscall(_ADD_RULE, ruleset, 1, struct.pack("=Qi", rights, fd), 0)
        os.close(fd)
    libc.syscall(_RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def main() -> None:
    """Set the limits and become the program."""
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    close_the_disk()
    limit(int(sys.argv[1]), int(sys.argv[2]))
    os.execve(sys.argv[3], sys.argv[3:], {"LC_ALL": "C.UTF-8"})


if __name__ == "__main__":
    main()
