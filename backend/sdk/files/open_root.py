"""An open root: the descriptor that every change starts from, with the check that the drive is still the same one.

After an unplug the mount point is an ordinary empty folder on the system drive. All changes go through descriptors
below `fd`, which stay with the drive that was opened; `check` compares what is mounted there now before each change.
"""

from __future__ import annotations

import errno
import os
from types import TracebackType

from backend.sdk.files.errors import PathNotAllowed, VolumeAway, VolumeReadOnly
from backend.sdk.files.markers import MARKER, read_marker
from backend.sdk.files.owner_roots import AllowedRoot
from backend.sdk.files.primitives import open_folder_beneath

_MAX_OPEN_FOLDERS = 128


class OpenRoot:
    """Hold a root open. Not for several threads at once; close it (context manager)."""

    def __init__(self, root: AllowedRoot) -> None:
        self.root = root
        self._folders: dict[str, int] = {}
        if root.held:
            raise VolumeAway("Two drives look the same. Say under Drives which one is the right one.")
        try:
            self.fd = os.open(root.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            raise VolumeAway() from None
        marker = read_marker(self.fd)
        if marker is None or marker.volume_id != root.volume_id:
            os.close(self.fd)
            raise VolumeAway()
        info = os.fstat(self.fd)
        self.st_dev, self._st_ino = info.st_dev, info.st_ino
        self._marker_ino = os.stat(MARKER, dir_fd=self.fd, follow_symlinks=False).st_ino
        self._marker_path = os.path.join(root.path, MARKER)

    def check(self, *, writing: bool = True) -> None:
        """Raise `VolumeAway` unless the same drive with the same marker is at the root's path now.

        With `writing`, raise `VolumeReadOnly` where the grant is for reading. Two stat calls: cheap.
        """
        if writing and not self.root.writable:
            raise VolumeReadOnly()
        try:
            here = os.stat(self.root.path)
            marker = os.stat(self._marker_path, follow_symlinks=False)
        except OSError:
            raise VolumeAway() from None
        if (here.st_dev, here.st_ino, marker.st_ino) != (self.st_dev, self._st_ino, self._marker_ino):
            raise VolumeAway()

    def folder(self, relpath: str) -> int:
        """Return a descriptor of a folder, kept open until `forget`; never through a link.

        Raises `PathNotAllowed` for a link in the way, `FileNotFoundError` if it is absent.
        """
        if not relpath:
            return self.fd
        fd = self._folders.get(relpath)
        if fd is None:
            if len(self._folders) >= _MAX_OPEN_FOLDERS:
                self.forget()
            try:
                fd = self._folders[relpath] = open_folder_beneath(self.fd, relpath)
            except OSError as error:
                if error.errno in (errno.ELOOP, errno.ENOTDIR):
                    raise PathNotAllowed("A link or a file is in the way.") from None
                raise
        return fd

    def split(self, relpath: str) -> tuple[int, str]:
        """Return `(descriptor of the folder, name)` of a path; the folder must exist."""
        folder, _, name = relpath.rpartition("/")
        return self.folder(folder), name

    def stat(self, relpath: str) -> os.stat_result | None:
        """Return what is at `relpath` (a link: itself), or None."""
        try:
            folder, name = self.split(relpath)
            return os.stat(name or ".", dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError, PathNotAllowed):
            return None
        except OSError as error:
            if error.errno == errno.ENAMETOOLONG:
                return None
            raise

    def forget(self) -> None:
        """Close the kept folders, so that the next use walks down from the root anew."""
        for fd in self._folders.values():
            os.close(fd)
        self._folders.clear()

    def close(self) -> None:
        """Close everything."""
        self.forget()
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1

    def __enter__(self) -> OpenRoot:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
