"""A folder as one zip, made while it is sent: nothing is stored, memory stays flat.

Entries are stored, not compressed: what fills folders (pictures, films, documents) is compressed already. Every entry
is written with ZIP64 fields and a data descriptor, because its size is known for sure only after it was read.
"""

from __future__ import annotations

import io
import os
import stat
import time
import zipfile
from collections.abc import Iterator

from backend.core.transfers.sources import Source
from backend.sdk.files import PathNotAllowed, is_private, open_beneath
from backend.sdk.files.primitives import open_folder

BLOCK = 1 << 20
MOST_ENTRIES = 100_000
LEFT_OUT = "NOT INCLUDED.txt"


def zipped(source: Source) -> Iterator[bytes]:
    """Give the zip of an open folder, block by block. Links, devices and Homie's own folder are left out.

    What cannot be read is listed in a file at the end of the zip instead of ending the download.
    """
    sink = _Sink()
    missing: list[str] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        count = 0
        for path, folder, info in walk(source.file.fileno()):
            count += 1
            if count > MOST_ENTRIES:
                missing.append(f"everything after {path} (more than {MOST_ENTRIES} entries)")
                break
            entry = zipfile.ZipInfo(_shown(path), _time(info.st_mtime))
            entry.external_attr = (info.st_mode & 0xFFFF) << 16
            if stat.S_ISDIR(info.st_mode):
                entry.filename += "/"
                archive.writestr(entry, b"")
                continue
            yield from _add(archive, sink, entry, folder, path, missing)
        if missing:
            archive.writestr(LEFT_OUT, "\n".join(missing).encode("utf-8", "replace"))
    yield sink.take()


def _add(
    archive: zipfile.ZipFile, sink: _Sink, entry: zipfile.ZipInfo, folder: int, path: str, missing: list[str]
) -> Iterator[bytes]:
    try:
        fd = open_beneath(folder, path.rpartition("/")[2])
    except (OSError, PathNotAllowed):
        missing.append(_shown(path))
        return
    with os.fdopen(fd, "rb") as file, archive.open(entry, "w", force_zip64=True) as target:
        while True:
            try:
                block = file.read(BLOCK)
            except OSError:
                missing.append(f"{_shown(path)} (only in part: the drive could not read it)")
                break
            if not block:
                break
            target.write(block)
            yield sink.take()


def walk(root: int) -> Iterator[tuple[str, int, os.stat_result]]:
    """Give (relative path, descriptor of its folder, stat) of folders and files below an open folder, links never."""
    stack: list[str] = [""]
    while stack:
        where = stack.pop()
        try:
            folder = _open_below(root, where)
        except OSError:
            continue
        try:
            for name in sorted(os.listdir(folder)):
                path = f"{where}/{name}" if where else name
                try:
                    info = os.stat(name, dir_fd=folder, follow_symlinks=False)
                except OSError:
                    continue
                if is_private(name):
                    continue
                if stat.S_ISDIR(info.st_mode):
                    stack.append(path)
                elif not stat.S_ISREG(info.st_mode):
                    continue
                yield path, folder, info
        finally:
            os.close(folder)


def _open_below(root: int, path: str) -> int:
    fd = os.dup(root)
    for part in path.split("/") if path else ():
        try:
            deeper = open_folder(part, dir_fd=fd)
        finally:
            os.close(fd)
        fd = deeper
    return fd


def _shown(path: str) -> str:
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _time(stamp: float) -> tuple[int, int, int, int, int, int]:
    """Return a time as zip stores it, from 1980 to 2107."""
    moment = time.localtime(min(max(stamp, 315_619_200.0), 4_354_819_198.0))[:6]
    return max(moment, (1980, 1, 1, 0, 0, 0))


class _Sink(io.RawIOBase):
    """Collect what the zip writes until it is taken; cannot seek, so the zip never wants to go back."""

    def __init__(self) -> None:
        self._blocks: list[bytes] = []
        self._size = 0

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        block = bytes(data)  # type: ignore[call-overload]
        self._blocks.append(block)
        self._size += len(block)
        return len(block)

    def take(self) -> bytes:
        """Return what was written since the last time."""
        taken = b"".join(self._blocks)
        self._blocks.clear()
        return taken
