"""What is in an archive, member by member, with every path checked: zip and tar by Python, 7z and rar by libarchive.

Reading alone; nothing of an archive is trusted. Raises `ArchiveUnsafe`, `ArchiveLocked` and `ArchiveToolMissing`, and
what the parsers raise for damaged bytes (`BROKEN`).
"""

from __future__ import annotations

import lzma
import os
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import IO, Any, cast

from backend.file_organizer.execution.archive_tools import ToolStream, mode_for
from backend.file_organizer.execution.errors import ArchiveLocked, ArchiveUnsafe
from backend.sdk.archives import is_rar, rar_blocks
from backend.sdk.files import collision_key, is_private, split_extension
from backend.sdk.files.hashing import CHUNK
from backend.sdk.files.names import MAX_NAME_BYTES

MAX_DEPTH = 64
BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError),
    *(EOFError, NotImplementedError, RuntimeError, ValueError),
)
_ENDINGS = frozenset(
    "zip 7z rar tar tgz tbz tbz2 txz tzst tar.gz tar.bz2 tar.xz tar.zst tar.lz".split()  # noqa: SIM905
)
MAX_HEADER = 1 << 20
"""Bytes of a tar's header for one name or one set of attributes; Python reads it into memory as one."""
MAX_TAIL = 64 << 20
"""Bytes after a tar's end: padding is some kilobytes, on tapes a megabyte."""
_LONG_HEADERS = (
    *(tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE),
    *(tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK),
)
_LINKS = "This archive holds links or devices, so it was left alone."


@dataclass(frozen=True, slots=True)
class Member:
    """One thing in an archive. `open` is None for a folder; `mtime` in seconds, 0 if unknown; `size` as it claims."""

    path: tuple[str, ...]
    executable: bool
    mtime: float
    size: int
    open: Callable[[], IO[bytes]] | None


class Spellings:
    """Refuse names that only differ in capitals or accents: on other drives one of them would hide the other."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}
        self._files: set[str] = set()

    def take(self, member: Member) -> None:
        """Note a member's path and the folders above it; raises `ArchiveUnsafe`."""
        for end in range(1, len(member.path) + 1):
            spelled = "/".join(member.path[:end])
            if self._known.setdefault(collision_key(spelled), spelled) != spelled:
                raise ArchiveUnsafe("This archive holds names that other drives take for the same.")
        if member.open is not None:
            whole = "/".join(member.path)
            if whole in self._files:
                raise ArchiveUnsafe("This archive holds the same file twice, so it was left alone.")
            self._files.add(whole)


def is_archive_name(name: str) -> bool:
    """Tell by its name whether a file is an archive that people unpack (not a document that happens to be a zip)."""
    return split_extension(name)[1].lower()[1:] in _ENDINGS


@contextmanager
def members_of(file: IO[bytes], beat: Callable[[], None]) -> Iterator[Iterator[Member]]:
    """Give the members of an open archive, in its order; each must be read before the next is asked for."""
    file.seek(0)
    head = file.read(16)
    mode = mode_for(head)
    file.seek(0)
    if mode is not None:
        sums = _rar_sums(file)
        with ToolStream(mode, file, beat) as stream, _tar(stream, "r|") as found:
            yield _tar_members(found) if sums is None else _checked(_tar_members(found), sums)
    elif _is_zip(file, head):
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            yield _zip_members(archive)
    else:
        file.seek(0)
        with _tar(_Beating(file, beat), "r:*") as archive_tar:
            yield _tar_members(archive_tar)
            # tarfile takes a cut-off stream for its end; reading on makes the decompressor check its length and sum.
            tail = 0
            while chunk := cast(IO[bytes], archive_tar.fileobj).read(CHUNK):
                beat()
                tail += len(chunk)
                if tail > MAX_TAIL:
                    raise ArchiveUnsafe()


class _StrictInfo(tarfile.TarInfo):
    """A header that is damaged or far too large is an error; `tarfile` takes a damaged one for the archive's end."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _StrictInfo:
        """Read a header; raises `tarfile.ReadError`."""
        try:
            found = super().frombuf(buf, encoding, errors)
        except (tarfile.InvalidHeaderError, tarfile.TruncatedHeaderError) as error:  # type: ignore[attr-defined]
            raise tarfile.ReadError(str(error)) from None
        if found.type in _LONG_HEADERS and found.size > MAX_HEADER:
            raise tarfile.ReadError("a header of too many bytes")
        return found


def _tar(stream: object, mode: str) -> tarfile.TarFile:
    return tarfile.open(fileobj=cast(Any, stream), mode=cast(Any, mode), tarinfo=_StrictInfo)


def _is_zip(file: IO[bytes], head: bytes) -> bool:
    """Tell whether it is a zip, maybe behind a program that unpacks it; a tar that ends with a zip is none."""
    if head.startswith(b"PK"):
        return zipfile.is_zipfile(file)
    try:
        _tar(file, "r:*").close()
    except (tarfile.ReadError, tarfile.CompressionError):
        return zipfile.is_zipfile(file)
    except (*BROKEN, OSError):
        pass
    return False


class _Beating:
    """A file that says each time it is read that the reader is alive."""

    def __init__(self, file: IO[bytes], beat: Callable[[], None]) -> None:
        self._file = file
        self._beat = beat

    def read(self, size: int = -1) -> bytes:
        self._beat()
        return self._file.read(size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def _zip_members(archive: zipfile.ZipFile) -> Iterator[Member]:
    for info in archive.infolist():
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveUnsafe(_LINKS)
        if info.flag_bits & 1:
            raise ArchiveLocked()
        try:
            mtime = time.mktime((*info.date_time, 0, 0, -1))
        except (ValueError, OverflowError):
            mtime = 0.0
        opener = None if info.is_dir() else _zip_opener(archive, info)
        yield Member(_safe_parts(info.filename), bool(mode & 0o100), mtime, info.file_size, opener)


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _tar_members(archive: tarfile.TarFile) -> Iterator[Member]:
    for info in archive:
        if not (info.isreg() or info.isdir()):
            raise ArchiveUnsafe(_LINKS)
        opener = None if info.isdir() else _tar_opener(archive, info)
        parts = _safe_parts(info.name, may_be_root=info.isdir())
        yield Member(parts, bool(info.mode & 0o100), max(0.0, float(info.mtime)), info.size, opener)


def _rar_sums(file: IO[bytes]) -> list[int | None] | None:
    """Return the check sums of a rar's members in order, None for another archive; refuses locked and split ones."""
    file.seek(0)
    if not is_rar(file.read(8)):
        return None
    blocks = [*rar_blocks(file)]
    if any(block.locked for block in blocks):
        raise ArchiveLocked()
    if any(block.part for block in blocks):
        raise ArchiveUnsafe("This archive is in several parts, so it was left alone.")
    return [None if block.folder else block.crc for block in blocks if block.member]


def _checked(members: Iterator[Member], sums: list[int | None]) -> Iterator[Member]:
    """Hold each member's bytes to the sum that its header names."""
    number = 0
    for number, member in enumerate(members, 1):
        if number > len(sums):
            raise ArchiveUnsafe()
        opener = member.open
        yield member if opener is None else replace(member, open=_checking(opener, sums[number - 1]))
    if number != len(sums):
        raise ArchiveUnsafe()


def _checking(opener: Callable[[], IO[bytes]], wanted: int | None) -> Callable[[], IO[bytes]]:
    return lambda: cast(IO[bytes], _Checked(opener(), wanted))


class _Checked:
    """A member that raises `ArchiveUnsafe` at its end if its bytes are not those that were packed."""

    def __init__(self, file: IO[bytes], wanted: int | None) -> None:
        self._file = file
        self._wanted = wanted
        self._sum = 0

    def __enter__(self) -> _Checked:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def read(self, size: int = -1) -> bytes:
        chunk = self._file.read(size)
        self._sum = zlib.crc32(chunk, self._sum)
        if not chunk and self._wanted is not None and self._sum != self._wanted:
            raise ArchiveUnsafe()
        return chunk


def _tar_opener(archive: tarfile.TarFile, info: tarfile.TarInfo) -> Callable[[], IO[bytes]]:
    return lambda: cast(IO[bytes], archive.extractfile(info))


def _safe_parts(name: str, *, may_be_root: bool = False) -> tuple[str, ...]:
    """Return the parts of a member's path; raises `ArchiveUnsafe` for one that leads outside or is impossible."""
    plain = name.replace("\\", "/")
    parts = tuple(part for part in plain.split("/") if part not in ("", "."))
    bad = plain.startswith("/") or (len(plain) > 1 and plain[1] == ":") or "\0" in plain or ".." in parts
    if bad or (not parts and not may_be_root) or len(parts) > MAX_DEPTH or is_private("/".join(parts)):
        raise ArchiveUnsafe("This archive would write outside of its folder, so it was left alone.")
    try:
        too_long = any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in parts)
    except UnicodeEncodeError:
        too_long = True
    if too_long:
        raise ArchiveUnsafe("This archive holds a name that the drive cannot store.")
    return parts
