"""Unpack and pack archives without trusting a word in them.

Nothing of an archive decides where bytes go: each member's path is checked part by part, links and devices are refused,
and what is written is counted as it is written (the sizes in the headers may lie). All members land in a temporary
folder; only a complete one gets its final name. Packing reads its own result back before it counts.
"""

from __future__ import annotations

import lzma
import os
import shutil
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from backend.file_organizer.execution.errors import ArchiveUnsafe, Reason, Refused
from backend.sdk.files import (
    NotARegularFile,
    OpenRoot,
    SourceChanged,
    blake3_fd,
    collision_key,
    free_name,
    is_private,
    open_beneath,
)
from backend.sdk.files.hashing import CHUNK, new_hasher
from backend.sdk.files.names import MAX_NAME_BYTES
from backend.sdk.files.primitives import open_folder, sync_filesystem

OnBytes = Callable[[int], None]
MAX_MEMBERS = 100_000
MAX_DEPTH = 64
MAX_RATIO = 200
RATIO_COUNTS_FROM = 100 << 20
"""Bytes that any archive may unpack to before the ratio is looked at."""
KEEP_FREE = 64 << 20
_BROKEN = (
    *(zipfile.BadZipFile, tarfile.TarError, zlib.error, lzma.LZMAError),
    *(EOFError, NotImplementedError, RuntimeError, ValueError),
)


@dataclass(frozen=True, slots=True)
class _Member:
    """One thing in an archive. `open` is None for a folder; `mtime` in seconds, 0 if unknown."""

    path: tuple[str, ...]
    executable: bool
    mtime: float
    open: Callable[[], IO[bytes]] | None


def remove_tree(folder: int, name: str) -> None:
    """Remove one of Homie's own temporary files or folders; anything with another name is refused."""
    if not (name.startswith(".homie-") and name.endswith(".part")):
        raise ValueError("only temporary names are ever removed")
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return
    if stat.S_ISDIR(info.st_mode):
        shutil.rmtree(name, dir_fd=folder)
    else:
        os.unlink(name, dir_fd=folder)


def extract_to(source_folder: int, name: str, folder: int, part: str, on_bytes: OnBytes) -> int:
    """Unpack the archive into the new folder `part`; returns the number of members.

    Raises `ArchiveUnsafe` for what is damaged, encrypted, or leads outside; `Refused(DRIVE_FULL)`, `OSError`.
    """
    fd = open_beneath(source_folder, name)
    with os.fdopen(fd, "rb") as file:
        size = os.fstat(fd).st_size
        os.mkdir(part, 0o777, dir_fd=folder)
        root = open_folder(part, dir_fd=folder)
        try:
            budget = _Budget(size, root, on_bytes)
            count, spellings = 0, _Spellings()
            for member in _members(file):
                count += 1
                if count > MAX_MEMBERS:
                    raise ArchiveUnsafe("This archive holds too many files.")
                spellings.take(member.path)
                _write_member(root, member, budget)
            sync_filesystem(root)
        except _BROKEN:
            raise ArchiveUnsafe() from None
        except OSError as error:
            if error.errno is None:  # bz2 and gzip say so when the data is damaged
                raise ArchiveUnsafe() from None
            raise
        finally:
            os.close(root)
    return count


class _Spellings:
    """Refuse names that only differ in capitals or accents: on other drives one of them would hide the other."""

    def __init__(self) -> None:
        self._known: dict[str, str] = {}

    def take(self, path: tuple[str, ...]) -> None:
        """Note a member's path and the folders above it."""
        for end in range(1, len(path) + 1):
            spelled = "/".join(path[:end])
            if self._known.setdefault(collision_key(spelled), spelled) != spelled:
                raise ArchiveUnsafe("This archive holds names that other drives take for the same.")


class _Budget:
    """Count what is really written, against the ratio and the room on the drive."""

    def __init__(self, archive_size: int, root: int, on_bytes: OnBytes) -> None:
        space = os.fstatvfs(root)
        self._room = space.f_bavail * space.f_frsize - min(KEEP_FREE, space.f_blocks * space.f_frsize // 20)
        self._limit = RATIO_COUNTS_FROM + MAX_RATIO * archive_size
        self._written = 0
        self._on_bytes = on_bytes

    def spend(self, count: int) -> None:
        """Note `count` bytes; raises when they are too many."""
        self._written += count
        if self._written > self._limit:
            raise ArchiveUnsafe("This archive unpacks to far more than it should, so it was left alone.")
        if self._written > self._room:
            raise Refused(Reason.DRIVE_FULL)
        self._on_bytes(count)


def _members(file: IO[bytes]) -> Iterator[_Member]:
    if zipfile.is_zipfile(file):
        file.seek(0)
        with zipfile.ZipFile(file) as archive:
            yield from _zip_members(archive)
        return
    file.seek(0)
    with tarfile.open(fileobj=file, mode="r:*") as archive_tar:
        yield from _tar_members(archive_tar)
        # tarfile takes a cut-off stream for its end; reading on makes the decompressor check its length and sum.
        while cast(IO[bytes], archive_tar.fileobj).read(CHUNK):
            pass


def _zip_members(archive: zipfile.ZipFile) -> Iterator[_Member]:
    for info in archive.infolist():
        mode = info.external_attr >> 16
        if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
            raise ArchiveUnsafe("This archive holds links or devices, so it was left alone.")
        if info.flag_bits & 1:
            raise ArchiveUnsafe("This archive is encrypted. Unpack it with its password yourself.")
        try:
            mtime = time.mktime((*info.date_time, 0, 0, -1))
        except (ValueError, OverflowError):
            mtime = 0.0
        opener = None if info.is_dir() else _zip_opener(archive, info)
        yield _Member(_safe_parts(info.filename), bool(mode & 0o100), mtime, opener)


def _zip_opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(info)


def _tar_members(archive: tarfile.TarFile) -> Iterator[_Member]:
    for info in archive:
        if not (info.isreg() or info.isdir()):
            raise ArchiveUnsafe("This archive holds links or devices, so it was left alone.")
        opener = None if info.isdir() else _tar_opener(archive, info)
        parts = _safe_parts(info.name, may_be_root=info.isdir())
        yield _Member(parts, bool(info.mode & 0o100), max(0.0, float(info.mtime)), opener)


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


def _write_member(root: int, member: _Member, budget: _Budget) -> None:
    folder = _folder_for(root, member.path if member.open is None else member.path[:-1])
    try:
        if member.open is None:
            return
        flags = os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC
        try:
            fd = os.open(member.path[-1], flags, 0o777 if member.executable else 0o666, dir_fd=folder)
        except FileExistsError:
            raise ArchiveUnsafe("This archive holds the same file twice, so it was left alone.") from None
        with os.fdopen(fd, "wb", buffering=0) as target, member.open() as source:
            while chunk := source.read(CHUNK):
                budget.spend(len(chunk))
                _write_all(target, chunk)
            if 0 < member.mtime < 1 << 33:
                os.utime(fd, (member.mtime, member.mtime))
    finally:
        os.close(folder)


def _write_all(target: Any, chunk: bytes) -> None:
    view = memoryview(chunk)
    while view:
        view = view[target.write(view) :]


def _folder_for(root: int, parts: tuple[str, ...]) -> int:
    """Return a descriptor of the folder, made as needed; a file in its way makes the archive unsafe."""
    fd = os.dup(root)
    for part in parts:
        try:
            try:
                os.mkdir(part, 0o777, dir_fd=fd)
            except FileExistsError:
                pass
            deeper = open_folder(part, dir_fd=fd)
        except NotADirectoryError:
            raise ArchiveUnsafe("This archive holds a file and a folder of one name.") from None
        finally:
            os.close(fd)
        fd = deeper
    return fd


def compress_to(root: OpenRoot, sources: tuple[str, ...], folder: int, part: str, on_bytes: OnBytes) -> str:
    """Pack files and folders into the new zip file `part`, read it back, and return its content hash.

    Raises `NotARegularFile` for links and devices, `SourceChanged`, `SourceMissing`, `OSError`.
    """
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(part, flags, 0o666, dir_fd=folder)
    with os.fdopen(fd, "w+b") as file:
        hashes: dict[str, str] = {}
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            taken: set[str] = set()
            for source in sources:
                name = free_name(source.rpartition("/")[2], taken)
                taken.add(collision_key(name))
                _pack(root, source, name, archive, hashes, on_bytes)
        file.flush()
        os.fsync(fd)
        _check_archive(file, hashes)
        return blake3_fd(fd)


def _pack(
    root: OpenRoot, path: str, name: str, archive: zipfile.ZipFile, hashes: dict[str, str], on_bytes: OnBytes
) -> None:
    info = root.stat(path)
    if info is None:
        raise Refused(Reason.SOURCE_MISSING)
    stored = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    entry = zipfile.ZipInfo(stored, max((1980, 1, 1, 0, 0, 0), time.localtime(info.st_mtime)[:6]))
    entry.external_attr = info.st_mode << 16
    entry.compress_type = zipfile.ZIP_DEFLATED
    if stat.S_ISDIR(info.st_mode):
        entry.filename += "/"
        archive.writestr(entry, b"")
        for child in sorted(os.listdir(root.folder(path))):
            _pack(root, f"{path}/{child}", f"{name}/{child}", archive, hashes, on_bytes)
        return
    if not stat.S_ISREG(info.st_mode):
        raise NotARegularFile()
    entry.file_size = info.st_size
    fd = open_beneath(root.fd, path)
    with os.fdopen(fd, "rb") as source, archive.open(entry, "w", force_zip64=info.st_size > 1 << 31) as target:
        hasher = new_hasher()
        while chunk := source.read(CHUNK):
            hasher.update(chunk)
            target.write(chunk)
            on_bytes(len(chunk))
        now = os.fstat(fd)
        if (now.st_size, now.st_mtime_ns) != (info.st_size, info.st_mtime_ns):
            raise SourceChanged()
    if stored in hashes:
        raise Refused(Reason.NAME_NOT_POSSIBLE)
    hashes[stored] = hasher.hexdigest()


def _check_archive(file: IO[bytes], hashes: dict[str, str]) -> None:
    """Read every member back and compare it with what was read from its original."""
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        found = {}
        for info in archive.infolist():
            if info.is_dir():
                continue
            hasher = new_hasher()
            with archive.open(info) as member:
                while chunk := member.read(CHUNK):
                    hasher.update(chunk)
            found[info.filename] = hasher.hexdigest()
    if found != hashes:
        raise Refused(Reason.COPY_NOT_VERIFIED)
