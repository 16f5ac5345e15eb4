"""The few system calls that change a tree, in forms that never overwrite and never follow a link.

Every function takes folder descriptors where it can (`dir_fd`), so that nobody can swap a folder for a link between
the check and the use. Renaming uses `renameat2(RENAME_NOREPLACE)` (Linux 3.15, renameat2(2)); where the filesystem
does not know the flag: hard link + unlink, and where there are no hard links either: reserve the name, then rename.
"""

from __future__ import annotations

import ctypes
import errno
import functools
import os
import stat
from collections.abc import Callable

from backend.sdk.files.errors import PathNotAllowed
from backend.sdk.files.volume_path import check_relpath

AT_FDCWD = -100
RENAME_NOREPLACE = 1
_UNSUPPORTED = frozenset((errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP))
_NO_HARD_LINKS = frozenset((errno.EPERM, errno.EOPNOTSUPP, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK))
_FOLDER_FLAGS = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


@functools.cache
def _renameat2() -> Callable[[int, bytes, int, bytes, int], int] | None:
    """Return the C library's renameat2, or None where there is none (macOS, old musl)."""
    try:
        function = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    function.restype = ctypes.c_int
    return function


def rename_noreplace(src: str, dst: str, *, src_dir: int | None = None, dst_dir: int | None = None) -> None:
    """Rename; `FileExistsError` if anything (even a dangling link) is called `dst`. `OSError` EXDEV across drives."""
    call = _renameat2()
    if call is not None:
        src_fd = AT_FDCWD if src_dir is None else src_dir
        dst_fd = AT_FDCWD if dst_dir is None else dst_dir
        if call(src_fd, os.fsencode(src), dst_fd, os.fsencode(dst), RENAME_NOREPLACE) == 0:
            return
        code = ctypes.get_errno()
        if code not in _UNSUPPORTED:
            raise OSError(code, os.strerror(code), src, None, dst)
    rename_by_link(src, dst, src_dir=src_dir, dst_dir=dst_dir)


def rename_by_link(src: str, dst: str, *, src_dir: int | None = None, dst_dir: int | None = None) -> None:
    """Rename without the flag: `link` refuses an existing name by itself; folders and FAT take the reserving way."""
    info = os.stat(src, dir_fd=src_dir, follow_symlinks=False)
    if stat.S_ISDIR(info.st_mode):
        _rename_folder(src, dst, src_dir, dst_dir)
        return
    try:
        os.link(src, dst, src_dir_fd=src_dir, dst_dir_fd=dst_dir, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        rename_by_reserving(src, dst, src_dir=src_dir, dst_dir=dst_dir)
        return
    os.unlink(src, dir_fd=src_dir)


def _rename_folder(src: str, dst: str, src_dir: int | None, dst_dir: int | None) -> None:
    """Rename a folder: `mkdir` reserves the name, and rename(2) replaces a folder only while it is empty."""
    os.mkdir(dst, 0o700, dir_fd=dst_dir)
    try:
        os.rename(src, dst, src_dir_fd=src_dir, dst_dir_fd=dst_dir)
    except OSError:
        _quietly(lambda: os.rmdir(dst, dir_fd=dst_dir))
        raise


def rename_by_reserving(src: str, dst: str, *, src_dir: int | None = None, dst_dir: int | None = None) -> None:
    """Rename on a drive without flags and links (FAT): make `dst` exclusively, check it is ours and empty, replace it.

    Between the check and the rename another program could write into the name that we made: the window is one system
    call, on drives that offer nothing better (documented limit).
    """
    fd = os.open(dst, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600, dir_fd=dst_dir)
    try:
        made = os.fstat(fd)
    finally:
        os.close(fd)
    there = os.stat(dst, dir_fd=dst_dir, follow_symlinks=False)
    if (there.st_dev, there.st_ino, there.st_size) != (made.st_dev, made.st_ino, 0):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), dst)
    try:
        os.rename(src, dst, src_dir_fd=src_dir, dst_dir_fd=dst_dir)
    except OSError:
        _quietly(lambda: os.unlink(dst, dir_fd=dst_dir))
        raise


def _quietly(action: Callable[[], None]) -> None:
    """Do a clean-up whose failure must not hide the error that led to it."""
    try:
        action()
    except OSError:
        pass


def open_folder(path: str, *, dir_fd: int | None = None) -> int:
    """Open a folder for use as `dir_fd`; a link in the last part is refused (ELOOP or ENOTDIR)."""
    return os.open(path, _FOLDER_FLAGS, dir_fd=dir_fd)


def open_folder_beneath(root: int, relpath: str) -> int:
    """Open the folder `relpath` below the open folder `root`, part by part, following no link anywhere."""
    check_relpath(relpath)
    fd = os.dup(root)
    for part in relpath.split("/") if relpath else ():
        try:
            deeper = os.open(part, _FOLDER_FLAGS, dir_fd=fd)
        finally:
            os.close(fd)
        fd = deeper
    return fd


def open_beneath(root: str | int, relpath: str, flags: int = os.O_RDONLY, mode: int = 0o600) -> int:
    """Open a file below `root` without following any link below it; returns a descriptor.

    Only regular files and folders are opened: a FIFO or device raises `PathNotAllowed` (and never blocks).
    """
    check_relpath(relpath)
    flags |= os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    folder, _, name = relpath.rpartition("/")
    if isinstance(root, int) and not folder:
        fd = os.open(name or ".", flags, mode, dir_fd=root)
    else:
        parent = _open_parent(root, folder)
        try:
            fd = os.open(name or ".", flags, mode, dir_fd=parent)
        finally:
            os.close(parent)
    kind = os.fstat(fd).st_mode
    if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
        os.close(fd)
        raise PathNotAllowed("This is not an ordinary file.")
    return fd


def _open_parent(root: str | int, folder: str) -> int:
    root_fd = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC) if isinstance(root, str) else os.dup(root)
    try:
        return open_folder_beneath(root_fd, folder)
    finally:
        os.close(root_fd)


def fsync_dir(folder: str | int) -> None:
    """Make the names in a folder durable. Filesystems that cannot (EINVAL, network drives) are left as they are."""
    fd = open_folder(folder) if isinstance(folder, str) else folder
    try:
        os.fsync(fd)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        if isinstance(folder, str):
            os.close(fd)


def write_atomic(path: str, data: bytes, *, mode: int = 0o600) -> None:
    """Replace the small file `path` by `data`: readers see the old or the new content, also after a power cut."""
    folder, name = os.path.split(path)
    part = os.path.join(folder or ".", f".homie-{os.getpid()}-{os.urandom(4).hex()}-{name}"[:200] + ".part")
    fd = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC, mode)
    try:
        with os.fdopen(fd, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, path)
    except BaseException:
        _quietly(lambda: os.unlink(part))
        raise
    fsync_dir(folder or ".")


def sync_filesystem(folder: int) -> None:
    """Write everything of the filesystem that holds an open folder to the drive (syncfs(2)): for many small files."""
    try:
        call = ctypes.CDLL(None, use_errno=True).syncfs
    except (OSError, AttributeError):
        os.sync()
        return
    if call(ctypes.c_int(folder)) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))
