"""The process that reads 7z, rar and zstd with the system's libarchive, and can hurt nothing but itself.

Started by path (`python -I -S libarchive_process.py MODE SECONDS MEMORY`). It reads the file on its standard input and
tells it on its standard output: as a tar stream (`tar`), expanded (`raw`), or as JSON of its names (`list`). Before the
first byte is read it sets limits (address space, processor time, no file may be written, few descriptors, no core dump)
and, where the kernel knows Landlock, gives up every right to files. Only the formats that are meant are switched on:
others of libarchive name further files to be read.

The tool bsdtar would be less code, but it takes a wrong check sum for a warning and writes zeros in place of the bytes.
Here everything that is not said to be whole ends in `DAMAGED`. Standard library only; imports nothing of Homie.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import stat
import struct
import sys
import tarfile
from collections.abc import Iterator
from typing import Any, BinaryIO

LOCKED, DAMAGED, MISSING = 3, 4, 5
"""How the process ends when not all is well."""
LIBRARIES = ("libarchive.so.13", "libarchive.so")
BLOCK = 1 << 20
LISTED = 2000
PROBED = 1 << 16
_OK, _END = 0, 1
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CREATE_RULESET, _RESTRICT_SELF = 444, 446  # the same on all architectures
_ALL_OF_FIRST_ABI = (1 << 13) - 1


def command_for(mode: str, *, seconds: int, memory: int) -> list[str]:
    """Return the command of this process. `seconds`: of processor time; `memory`: bytes of address space."""
    return [sys.executable, "-I", "-S", __file__, mode, str(seconds), str(memory)]


def find_library(names: tuple[str, ...] = LIBRARIES) -> ctypes.CDLL | None:
    """Return the system's libarchive, None if there is none."""
    for name in names:
        try:
            return ctypes.CDLL(name)
        except OSError:
            continue
    return None


def confine(seconds: int, memory: int) -> None:
    """Set limits and give up all rights to files; each only as far as the system allows."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    ruleset = libc.syscall(_CREATE_RULESET, struct.pack("=Q", _ALL_OF_FIRST_ABI), ctypes.c_size_t(8), 0)
    if ruleset >= 0:
        libc.syscall(_RESTRICT_SELF, ruleset, 0)
        os.close(ruleset)
    for what, value in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 16),
        (resource.RLIMIT_CPU, seconds),
    ):
        hard = resource.getrlimit(what)[1]
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        try:
            resource.setrlimit(what, (most, most))
        except (OSError, ValueError):
            continue


class Ended(Exception):
    """Reading is over; `code` says how."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


class Archive:
    """An archive or compressed file on a descriptor, read with libarchive; raises `Ended` when anything is wrong."""

    def __init__(self, library: ctypes.CDLL, fd: int, *, raw: bool) -> None:
        self._library = _typed(library)
        self._handle = library.archive_read_new()
        wanted = ("format_raw", "filter_zstd", "filter_lzip") if raw else ("format_7zip", "format_rar", "format_rar5")
        for what in wanted:
            getattr(library, f"archive_read_support_{what}")(self._handle)
        if library.archive_read_open_fd(self._handle, fd, 1 << 16) != _OK:
            raise self._ended()

    def entries(self) -> Iterator[Any]:
        """Yield the handle of each member; it is valid until the next is asked for."""
        entry = ctypes.c_void_p()
        while (code := self._library.archive_read_next_header(self._handle, ctypes.byref(entry))) != _END:
            if code != _OK:
                raise self._ended()
            yield entry

    def read(self, size: int) -> bytes:
        """Return up to `size` bytes of the member, empty at its end."""
        buffer = ctypes.create_string_buffer(size)
        count = self._library.archive_read_data(self._handle, buffer, size)
        if count < 0:
            raise self._ended()
        return buffer.raw[:count]

    def is_locked(self, entry: Any) -> bool:
        """Tell whether the member, or its name, is locked with a password."""
        return bool(self._library.archive_entry_is_encrypted(entry))

    def info(self, entry: Any) -> tarfile.TarInfo:
        """Return what a member claims, in the form that a tar has for it."""
        library = self._library
        name = library.archive_entry_pathname(entry) or library.archive_entry_pathname_utf8(entry)
        if name is None:
            raise Ended(DAMAGED)
        info = tarfile.TarInfo(os.fsdecode(name))
        kind = library.archive_entry_filetype(entry)
        kinds = {stat.S_IFREG: tarfile.REGTYPE, stat.S_IFDIR: tarfile.DIRTYPE, stat.S_IFLNK: tarfile.SYMTYPE}
        info.type = kinds.get(kind, tarfile.CHRTYPE)
        if library.archive_entry_hardlink(entry) is not None:
            info.type = tarfile.LNKTYPE
        info.linkname = "elsewhere" if info.type in (tarfile.SYMTYPE, tarfile.LNKTYPE) else ""
        info.mode = library.archive_entry_perm(entry) & 0o777
        info.mtime = max(0, min(library.archive_entry_mtime(entry), 1 << 33))
        if info.type == tarfile.REGTYPE:
            if not library.archive_entry_size_is_set(entry):
                raise Ended(DAMAGED)
            info.size = max(0, library.archive_entry_size(entry))
        return info

    def _ended(self) -> Ended:
        said = self._library.archive_error_string(self._handle) or b""
        return Ended(LOCKED if b"ncrypt" in said or b"assphrase" in said else DAMAGED)


def _typed(library: ctypes.CDLL) -> ctypes.CDLL:
    """Say what the functions take and give; all that is not said is an int."""
    pointer, text = ctypes.c_void_p, ctypes.c_char_p
    library.archive_read_new.restype = pointer
    library.archive_read_open_fd.argtypes = [pointer, ctypes.c_int, ctypes.c_size_t]
    library.archive_read_next_header.argtypes = [pointer, pointer]
    library.archive_read_data.argtypes, library.archive_read_data.restype = (
        [pointer, pointer, ctypes.c_size_t],
        ctypes.c_ssize_t,
    )
    for name in ("7zip", "rar", "rar5", "raw"):
        getattr(library, f"archive_read_support_format_{name}").argtypes = [pointer]
    for name in ("zstd", "lzip"):
        getattr(library, f"archive_read_support_filter_{name}").argtypes = [pointer]
    results: dict[str, Any] = {
        "error_string": text,
        "entry_pathname": text,
        "entry_pathname_utf8": text,
        "entry_hardlink": text,
        "entry_size": ctypes.c_int64,
        "entry_mtime": ctypes.c_int64,
        "entry_size_is_set": ctypes.c_int,
        "entry_filetype": ctypes.c_uint,
        "entry_perm": ctypes.c_uint,
        "entry_is_encrypted": ctypes.c_int,
    }
    for name, result in results.items():
        function = getattr(library, f"archive_{name}")
        function.argtypes, function.restype = [pointer], result
    return library


def tell_tar(archive: Archive, out: BinaryIO) -> None:
    """Write all members as a tar."""
    for entry in archive.entries():
        if archive.is_locked(entry):
            raise Ended(LOCKED)
        info = archive.info(entry)
        out.write(info.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape"))
        left = info.size
        while left:
            chunk = archive.read(min(BLOCK, left))
            if not chunk:
                raise Ended(DAMAGED)
            out.write(chunk)
            left -= len(chunk)
        if info.size and archive.read(1):  # the end is where check sums are looked at
            raise Ended(DAMAGED)
        out.write(bytes(-info.size % tarfile.BLOCKSIZE))
    out.write(bytes(2 * tarfile.BLOCKSIZE))


def tell_raw(archive: Archive, out: BinaryIO) -> None:
    """Write what was compressed."""
    for _entry in archive.entries():
        while chunk := archive.read(BLOCK):
            out.write(chunk)


def tell_list(archive: Archive, out: BinaryIO) -> None:
    """Write names, their number, the bytes that they claim, and whether they are locked."""
    found: dict[str, Any] = {"members": [], "count": 0, "unpacked": 0, "encrypted": False}
    try:
        for entry in archive.entries():
            info = archive.info(entry)
            found["count"] += 1
            found["unpacked"] += info.size
            found["encrypted"] = found["encrypted"] or archive.is_locked(entry)
            if len(found["members"]) < LISTED:
                found["members"].append(info.name.encode("utf-8", "replace").decode()[:300])
    except Ended as ended:
        if ended.code != LOCKED:
            raise
        found["encrypted"] = True
    out.write(json.dumps(found, ensure_ascii=True).encode("ascii"))


def main() -> int:
    """Read what is on the standard input; returns how it ended."""
    mode, seconds, memory = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    library = find_library()
    if library is None:
        return MISSING
    confine(seconds, memory)
    tell = {"tar": tell_tar, "raw": tell_raw, "list": tell_list}[mode]
    try:
        tell(Archive(library, 0, raw=mode == "raw"), sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except Ended as ended:
        return ended.code
    except (MemoryError, ValueError, OverflowError, tarfile.TarError):
        return DAMAGED
    return 0


if __name__ == "__main__":
    os._exit(main())
