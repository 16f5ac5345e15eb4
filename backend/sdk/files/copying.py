"""Copy one file so that the copy is proven: temporary name, hash while writing, fsync, attributes, read back, compare.

The copy is made in the destination's own folder under a name that must not exist (O_EXCL), so publishing it is one
rename. Mode, times (ns), extended attributes and, for root, the owner are kept; holes stay holes (SEEK_DATA, lseek(2)).
"""

from __future__ import annotations

import errno
import functools
import os
import stat
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from backend.sdk.files.errors import CopyNotVerified, NotARegularFile, SourceChanged
from backend.sdk.files.hashing import CHUNK, blake3_fd, new_hasher

Progress = Callable[[int], None]
_ZEROS = bytes(CHUNK)


@dataclass(frozen=True, slots=True)
class CopyResult:
    """What a copy produced: its identity on the drive and its content hash (`""` for a link)."""

    dev: int
    inode: int
    size: int
    mtime_ns: int
    content_hash: str


def copy_verified(
    src_dir: int,
    src_name: str,
    dst_dir: int,
    part_name: str,
    *,
    verify: bool = True,
    progress: Progress | None = None,
) -> CopyResult:
    """Copy the file or link `src_name` to the new file `part_name`; both below open folders.

    Raises `NotARegularFile`, `SourceChanged` (it changed meanwhile), `CopyNotVerified`, `OSError` (ENOSPC, ...).
    On any error the part is removed. The caller publishes the part and then fsyncs the folder.
    """
    before = os.stat(src_name, dir_fd=src_dir, follow_symlinks=False)
    try:
        if stat.S_ISLNK(before.st_mode):
            content_hash = _copy_link(src_dir, src_name, dst_dir, part_name, before)
        elif stat.S_ISREG(before.st_mode):
            content_hash = _copy_file(src_dir, src_name, dst_dir, part_name, before, verify, progress)
        else:
            raise NotARegularFile()
    except FileExistsError:
        raise
    except BaseException:
        _remove(part_name, dst_dir)
        raise
    made = os.stat(part_name, dir_fd=dst_dir, follow_symlinks=False)
    return CopyResult(made.st_dev, made.st_ino, made.st_size, made.st_mtime_ns, content_hash)


def _remove(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except OSError:
        pass


def _copy_link(src_dir: int, src_name: str, dst_dir: int, part_name: str, before: os.stat_result) -> str:
    """Make the same link (its text is kept, where it leads is not looked at)."""
    text = os.readlink(src_name, dir_fd=src_dir)
    os.symlink(text, part_name, dir_fd=dst_dir)
    os.utime(part_name, ns=(before.st_atime_ns, before.st_mtime_ns), dir_fd=dst_dir, follow_symlinks=False)
    if os.geteuid() == 0:
        os.chown(part_name, before.st_uid, before.st_gid, dir_fd=dst_dir, follow_symlinks=False)
    if os.readlink(part_name, dir_fd=dst_dir) != text:
        raise CopyNotVerified()
    return ""


def _copy_file(
    src_dir: int,
    src_name: str,
    dst_dir: int,
    part_name: str,
    before: os.stat_result,
    verify: bool,
    progress: Progress | None,
) -> str:
    flags = os.O_NOFOLLOW | os.O_CLOEXEC
    source = os.open(src_name, os.O_RDONLY | os.O_NONBLOCK | flags, dir_fd=src_dir)
    try:
        _same(before, os.fstat(source))
        part = os.open(part_name, os.O_RDWR | os.O_CREAT | os.O_EXCL | flags, 0o600, dir_fd=dst_dir)
        try:
            content_hash = _copy_bytes(source, part, before.st_size, progress)
            _copy_attributes(source, part, before)
            os.fsync(part)
            if verify:
                _drop_cache(part)
                if blake3_fd(part) != content_hash:
                    raise CopyNotVerified()
            _check_attributes(part, before)
        finally:
            os.close(part)
        _same(before, os.fstat(source))
        _same(before, os.stat(src_name, dir_fd=src_dir, follow_symlinks=False))
    finally:
        os.close(source)
    return content_hash


def _same(before: os.stat_result, now: os.stat_result) -> None:
    """Raise `SourceChanged` unless both describe the same unchanged file."""
    fields = ("st_dev", "st_ino", "st_size", "st_mtime_ns", "st_mode")
    if any(getattr(before, name) != getattr(now, name) for name in fields):
        raise SourceChanged()


def _copy_bytes(source: int, part: int, size: int, progress: Progress | None) -> str:
    """Copy data, leave holes, hash everything as it is read (holes as zeros)."""
    hasher, position = new_hasher(), 0
    buffer = bytearray(CHUNK)
    view = memoryview(buffer)
    while position < size:
        start, end = _next_data(source, position, size)
        _hash_zeros(hasher, start - position)
        if progress is not None and start > position:
            progress(start - position)
        position = start
        while position < end:
            count = os.preadv(source, [view[: min(CHUNK, end - position)]], position)
            if count == 0:
                raise SourceChanged()
            hasher.update(view[:count])
            _write_all(part, view[:count], position)
            position += count
            if progress is not None:
                progress(count)
    os.ftruncate(part, size)
    return str(hasher.hexdigest())


def _next_data(source: int, position: int, size: int) -> tuple[int, int]:
    """Return the next stretch that holds data; the whole rest where the filesystem does not tell."""
    try:
        start = os.lseek(source, position, os.SEEK_DATA)
        end = os.lseek(source, start, os.SEEK_HOLE)
    except OSError as error:
        if error.errno == errno.ENXIO:
            return size, size
        return position, size
    return min(start, size), min(max(end, start), size)


def _hash_zeros(hasher: Any, count: int) -> None:
    while count > 0:
        step = min(count, CHUNK)
        hasher.update(memoryview(_ZEROS)[:step])
        count -= step


def _write_all(fd: int, data: memoryview, position: int) -> None:
    while data:
        count = os.pwrite(fd, data, position)
        data, position = data[count:], position + count


def _copy_attributes(source: int, part: int, before: os.stat_result) -> None:
    """Keep owner (as root), extended attributes, mode and times, in the order in which they do not undo each other."""
    if os.geteuid() == 0:
        if_possible(lambda: os.fchown(part, before.st_uid, before.st_gid))
    for name, value in read_xattrs(source).items():
        if_possible(functools.partial(os.setxattr, part, name, value))
    if_possible(lambda: os.fchmod(part, stat.S_IMODE(before.st_mode)))
    os.utime(part, ns=(before.st_atime_ns, before.st_mtime_ns))


def if_possible(action: Callable[[], None]) -> None:
    """Set an attribute; a drive that has no such thing (FAT: owners, modes, extended attributes) goes without it."""
    try:
        action()
    except OSError as error:
        if error.errno not in (errno.ENOTSUP, errno.EPERM, errno.EACCES, errno.EINVAL):
            raise


def read_xattrs(fd: int) -> dict[str, bytes]:
    """Return the extended attributes of an open file; none where the filesystem has none."""
    try:
        return {name: os.getxattr(fd, name) for name in os.listxattr(fd)}
    except OSError:
        return {}


def _check_attributes(part: int, before: os.stat_result) -> None:
    """Raise `CopyNotVerified` if size or mtime did not arrive (a drive with coarse times may round them down)."""
    made = os.fstat(part)
    if made.st_size != before.st_size or abs(made.st_mtime_ns - before.st_mtime_ns) > 2_000_000_000:
        raise CopyNotVerified()


def _drop_cache(fd: int) -> None:
    """Ask the kernel to forget its cached pages, so that the check reads what the drive holds."""
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
    except OSError:
        pass
