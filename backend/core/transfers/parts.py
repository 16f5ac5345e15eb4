"""The partial file of an upload: in Homie's own folder of the same drive, so that finishing it is one rename.

    <root>/.homie/uploads/<upload id>.part      private (0600), locked by the process that writes to it

Every function here blocks and is called in a native thread.
"""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from collections.abc import Container
from typing import Any

from backend.core.transfers.errors import DriveFull, UploadLocked, UploadNotKnown
from backend.core.transfers.names import clean_name
from backend.sdk.files import (
    PRIVATE_FOLDER,
    AllowedRoot,
    OpenRoot,
    PathNotAllowed,
    VolumeAway,
    VolumeReadOnly,
    collision_key,
    free_name,
    fsync_dir,
    rename_noreplace,
)

FOLDER = f"{PRIVATE_FOLDER}/uploads"
_FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))
_AWAY = frozenset((errno.EIO, errno.ENODEV, errno.ENXIO, errno.ESTALE, errno.ENOTCONN))
_READ_ONLY = frozenset((errno.EROFS, errno.EACCES, errno.EPERM))


def translated(error: OSError) -> Exception:
    """Return what an error of the drive means for people."""
    if error.errno in _FULL:
        return DriveFull()
    if error.errno in _READ_ONLY:
        return VolumeReadOnly()
    return VolumeAway() if error.errno in _AWAY else error


class Part:
    """One partial file, open and locked. Use `make` or `open`, and close it."""

    def __init__(self, root: OpenRoot, folder: int, name: str, fd: int) -> None:
        self.root, self._folder, self.name, self.fd = root, folder, name, fd
        self.inode = str(os.fstat(fd).st_ino)

    @classmethod
    def make(cls, allowed: AllowedRoot, upload_id: str, size: int) -> Part:
        """Make an empty part; raises `DriveFull` when the file could not fit, `VolumeReadOnly`, `VolumeAway`."""
        root = OpenRoot(allowed)
        try:
            root.check()
            room = os.fstatvfs(root.fd)
            if size > room.f_bavail * room.f_frsize:
                raise DriveFull()
            folder = _own_folder(root)
            name = f"{upload_id}.part"
            flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC
            part = cls(root, folder, name, os.open(name, flags, 0o600, dir_fd=folder))
            fcntl.flock(part.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fsync_dir(folder)
        except OSError as error:
            root.close()
            raise translated(error) from error
        except BaseException:
            root.close()
            raise
        return part

    @classmethod
    def open(cls, allowed: AllowedRoot, upload_id: str, inode: str) -> Part | None:
        """Open the part again, or return None when it is not there; raises `UploadLocked` while another writes."""
        root = OpenRoot(allowed)
        try:
            root.check()
            folder = root.folder(FOLDER)
            name = f"{upload_id}.part"
            part = cls(root, folder, name, os.open(name, os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder))
        except FileNotFoundError:
            root.close()
            return None
        except OSError as error:
            root.close()
            raise translated(error) from error
        except BaseException:
            root.close()
            raise
        try:
            fcntl.flock(part.fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            part.close()
            raise UploadLocked() from None
        if part.inode != inode or not stat.S_ISREG(os.fstat(part.fd).st_mode):
            part.close()
            return None
        return part

    def cut(self, length: int) -> None:
        """Keep only the first `length` bytes, which are safely on the drive, and write on from there.

        Raises `UploadNotKnown` when even those are not there.
        """
        if os.fstat(self.fd).st_size < length:
            raise UploadNotKnown()
        os.ftruncate(self.fd, length)
        os.lseek(self.fd, length, os.SEEK_SET)

    def write(self, block: bytes, digest: Any = None) -> int:
        """Write all of a block; returns how many bytes got there before the drive was full or went away."""
        view, done = memoryview(block), 0
        while done < len(block):
            try:
                done += os.write(self.fd, view[done:])
            except OSError:
                break
        if digest is not None:
            digest.update(view[:done])
        return done

    def why_stopped(self) -> Exception:
        """Return why a write came to less than was asked for."""
        try:
            self.root.check()
            room = os.fstatvfs(self.fd)
        except OSError as error:
            return translated(error)
        except VolumeAway as away:
            return away
        return DriveFull() if room.f_bavail * room.f_frsize < (1 << 20) else VolumeAway()

    def sync(self) -> None:
        """Write through to the drive."""
        try:
            os.fsync(self.fd)
        except OSError as error:
            raise translated(error) from error

    def seal(self, folder: str, modified: int | None) -> None:
        """Give the whole file the rights of its folder and its own time, and write it through."""
        above = folder
        while (found := self.root.stat(above)) is None and above:
            above = above.rpartition("/")[0]
        mode = found.st_mode if found else 0o700
        try:
            os.fchmod(self.fd, stat.S_IMODE(mode) & 0o666)
        except OSError:
            pass  # drives without rights (FAT) give every file the same
        if modified is not None:
            os.utime(self.fd, ns=(modified, modified))
        self.sync()

    def choose(self, folder: str, subfolder: str, name: str) -> str:
        """Make the folder if need be and return the path that the file will get: `name`, or `name (2)`, ..."""
        try:
            where = make_folders(self.root, folder, subfolder)
            taken = {collision_key(entry) for entry in os.listdir(self.root.folder(where))}
        except OSError as error:
            raise translated(error) from error
        chosen = free_name(name, taken)
        return f"{where}/{chosen}" if where else chosen

    def place(self, path: str) -> None:
        """Give the part its name; raises `FileExistsError` when somebody took it meanwhile."""
        self.root.check()
        target, name = self.root.split(path)
        rename_noreplace(self.name, name, src_dir=self._folder, dst_dir=target)
        fsync_dir(target)
        fsync_dir(self._folder)

    def discard(self) -> None:
        """Remove the part."""
        os.unlink(self.name, dir_fd=self._folder)
        fsync_dir(self._folder)

    def close(self) -> None:
        """Close and unlock it."""
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1
        self.root.close()


def remove_strays(allowed: AllowedRoot, known: Container[str], before: float) -> int:
    """Remove parts that no upload knows and that nobody wrote to since `before` (seconds since 1970); return how many.

    They stem from a kill between the file and its row, or from an owner that was erased.
    """
    gone = 0
    with OpenRoot(allowed) as root:
        try:
            folder = root.folder(FOLDER)
        except FileNotFoundError:
            return 0
        for name in os.listdir(folder):
            info = os.stat(name, dir_fd=folder, follow_symlinks=False)
            stray = name.endswith(".part") and name.removesuffix(".part") not in known
            if stray and stat.S_ISREG(info.st_mode) and info.st_mtime < before:
                os.unlink(name, dir_fd=folder)
                gone += 1
    return gone


def is_at(allowed: AllowedRoot, path: str, inode: str) -> bool:
    """Tell whether the file that was a part of this inode has got its name: what a kill left undecided."""
    with OpenRoot(allowed) as root:
        found = root.stat(path)
        return found is not None and str(found.st_ino) == inode


def make_folders(root: OpenRoot, folder: str, subfolder: str) -> str:
    """Make `subfolder` below `folder`, which must exist, step by step; returns its path.

    A name that a file has already, or a link, is passed over: the folder is called `name (2)` then.
    """
    try:
        root.folder(folder)
    except FileNotFoundError:
        raise PathNotAllowed("The folder is not there any more.", field="folder") from None
    where = folder
    for part in subfolder.split("/") if subfolder else ():
        above = root.folder(where)
        where = f"{where}/{_folder_named(above, part)}" if where else _folder_named(above, part)
    return where


def _folder_named(above: int, name: str) -> str:
    """Return the name of a folder below `above` that is called so (in any case of letters), made if there is none."""
    entries = os.listdir(above)
    for entry in sorted(entries, key=lambda one: one != name):
        same = collision_key(entry) == collision_key(name)
        if same and stat.S_ISDIR(os.stat(entry, dir_fd=above, follow_symlinks=False).st_mode):
            return entry
    free = free_name(clean_name(name), {collision_key(entry) for entry in entries})
    try:
        os.mkdir(free, stat.S_IMODE(os.fstat(above).st_mode) & 0o777, dir_fd=above)
    except FileExistsError:
        return _folder_named(above, name)
    fsync_dir(above)
    return free


def _own_folder(root: OpenRoot) -> int:
    """Return Homie's folder for parts, made with mode 0700 when it is not there."""
    private = root.folder(PRIVATE_FOLDER)
    try:
        os.mkdir("uploads", 0o700, dir_fd=private)
        fsync_dir(private)
    except FileExistsError:
        pass
    return root.folder(FOLDER)
