"""Pack files and folders into a zip, and read the result back before it counts."""

from __future__ import annotations

import os
import stat
import time
import zipfile
from typing import IO

from backend.file_organizer.execution.archives import OnBytes
from backend.file_organizer.execution.errors import Reason, Refused
from backend.file_organizer.execution.reserve import room_of
from backend.sdk.files import (
    NotARegularFile,
    OpenRoot,
    SourceChanged,
    blake3_fd,
    collision_key,
    free_name,
    open_beneath,
)
from backend.sdk.files.hashing import CHUNK, new_hasher


def compress_to(root: OpenRoot, sources: tuple[str, ...], folder: int, part: str, on_bytes: OnBytes) -> str:
    """Pack files and folders into the new zip file `part`, read it back, and return its content hash.

    Refused before anything is written where the files would not fit unpacked: how far they shrink nobody knows before.
    Raises `Refused(NO_ROOM)`, `NotARegularFile` for links and devices, `SourceChanged`, `SourceMissing`, `OSError`.
    """
    room = room_of(os.fstatvfs(folder))
    if sum(_size_of(root, source) for source in sources) > room:
        raise Refused(Reason.NO_ROOM)
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
    fd = os.open(part, flags, 0o666, dir_fd=folder)
    with os.fdopen(fd, "w+b") as file:
        hashes: dict[str, str] = {}

        def held(count: int) -> None:
            if file.tell() > room:  # files grew meanwhile, or do not shrink
                raise Refused(Reason.NO_ROOM)
            on_bytes(count)

        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
            taken: set[str] = set()
            for source in sources:
                name = free_name(source.rpartition("/")[2], taken)
                taken.add(collision_key(name))
                _pack(root, source, name, archive, hashes, held)
        file.flush()
        os.fsync(fd)
        _check_archive(file, hashes)
        return blake3_fd(fd)


def _size_of(root: OpenRoot, path: str) -> int:
    """Return the bytes of a file, or of all files in a folder; what cannot be packed is refused later."""
    info = root.stat(path)
    if info is None:
        raise Refused(Reason.SOURCE_MISSING)
    if stat.S_ISDIR(info.st_mode):
        return sum(_size_of(root, f"{path}/{child}") for child in os.listdir(root.folder(path)))
    return info.st_size if stat.S_ISREG(info.st_mode) else 0


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
