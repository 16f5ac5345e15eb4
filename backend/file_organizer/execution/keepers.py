"""Before a copy goes to the trash: is the one that stays still there, and still the same?

The last look before the rename, with both files open and locked (flock(2)): two runs that want to trash each other's
keeper at once cannot both succeed. Locks bind Homie's own processes only; what other programs change is seen by
comparing every byte, and by looking once more afterwards. A drive that knows no locks is compared all the same.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from backend.file_organizer.execution.errors import Reason, Refused
from backend.file_organizer.execution.journal import Entry
from backend.file_organizer.execution.volumes import OpenVolumes
from backend.sdk.errors import HomieError
from backend.sdk.files import decode_path, is_private, open_beneath
from backend.sdk.files.primitives import open_folder

CHUNK = 1 << 20
MOST_EMPTY = 200
"""Empty folders in a folder that is still called empty; as many descriptors may be open at once."""
_NO_LOCKS = frozenset((errno.EBADF, errno.ENOLCK, errno.EOPNOTSUPP, errno.EINVAL, errno.ENOSYS))


@contextmanager
def kept(volumes: OpenVolumes, entry: Entry) -> Iterator[None]:
    """Hold the keeper that a step names while its file goes into the trash; on the way back nothing is asked.

    Raises `Refused`: KEEPER_GONE, KEEPER_DIFFERS, SOURCE_CHANGED, FILE_IN_USE.
    """
    if not is_private(entry.target_path or ""):
        yield
        return
    detail = entry.detail or {}
    if detail.get("only_empty"):
        _check_empty(volumes, entry)
    keeper = detail.get("keeper")
    if keeper is None:
        yield
        return
    named = volumes.stat(keeper["volume"], decode_path(keeper["path"]))
    if named is None or (named.st_dev, named.st_ino) == (entry.dev, entry.inode):
        raise Refused(Reason.KEEPER_GONE)  # two names of one file: the other name is no second copy
    with ExitStack() as stack:
        copy_fd = _hold(stack, volumes, entry.source_volume, entry.source_path, fcntl.LOCK_EX, Reason.SOURCE_CHANGED)
        keeper_fd = _hold(stack, volumes, keeper["volume"], decode_path(keeper["path"]), fcntl.LOCK_SH)
        copy, there = os.fstat(copy_fd), os.fstat(keeper_fd)
        if (copy.st_dev, copy.st_ino) == (there.st_dev, there.st_ino):
            raise Refused(Reason.KEEPER_GONE)
        if keeper["equal"]:
            if copy.st_size != there.st_size or copy.st_size != entry.size or not _same_bytes(copy_fd, keeper_fd):
                raise Refused(Reason.KEEPER_DIFFERS)
        elif (there.st_ino, there.st_size, there.st_mtime_ns) != (keeper["inode"], keeper["size"], keeper["mtime_ns"]):
            raise Refused(Reason.KEEPER_DIFFERS)
        for fd, before in ((copy_fd, copy), (keeper_fd, there)):
            now = os.fstat(fd)
            if (now.st_size, now.st_mtime_ns) != (before.st_size, before.st_mtime_ns) or not now.st_nlink:
                raise Refused(Reason.FILE_IN_USE)
        yield


def _check_empty(volumes: OpenVolumes, entry: Entry) -> None:
    """Refuse a folder that holds anything but (few) empty folders by now."""
    folder, name = volumes.at(entry.source_volume, entry.source_path)
    waiting = [open_folder(name, dir_fd=folder)]
    seen = 0
    try:
        while waiting:
            fd = waiting.pop()
            try:
                with os.scandir(fd) as listing:
                    for one in listing:
                        seen += 1
                        if not one.is_dir(follow_symlinks=False) or seen > MOST_EMPTY:
                            raise Refused(Reason.NOT_EMPTY)
                        waiting.append(open_folder(one.name, dir_fd=fd))
            finally:
                os.close(fd)
    finally:
        for fd in waiting:
            os.close(fd)


def _hold(
    stack: ExitStack,
    volumes: OpenVolumes,
    volume: str | None,
    path: str | None,
    lock: int,
    absent: Reason = Reason.KEEPER_GONE,
) -> int:
    """Open and lock a plain file, and see that its name still leads to it once the lock is ours."""
    try:
        folder, name = volumes.at(volume, path)
        fd = open_beneath(folder, name)
        stack.callback(os.close, fd)
        try:
            fcntl.flock(fd, lock | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(Reason.FILE_IN_USE) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
        named, held = os.stat(name, dir_fd=folder, follow_symlinks=False), os.fstat(fd)
    except Refused:
        raise
    except (HomieError, OSError):
        volumes.root(volume).check(writing=False)  # a drive that is away says nothing about its files
        raise Refused(absent) from None
    if not stat.S_ISREG(held.st_mode) or (named.st_dev, named.st_ino) != (held.st_dev, held.st_ino):
        raise Refused(absent)
    return fd


def _same_bytes(one: int, other: int) -> bool:
    """Compare two open files from their beginning to their end."""
    mine, theirs, offset = bytearray(CHUNK), bytearray(CHUNK), 0
    while True:
        count = os.preadv(one, [mine], offset)
        if os.preadv(other, [theirs], offset) != count:
            return False
        if count < CHUNK:
            del mine[count:], theirs[count:]
        if mine != theirs:
            return False
        if count < CHUNK:
            return True
        offset += count
