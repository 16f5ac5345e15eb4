"""Open what a link names: the same file as when the link was made, inside a folder that is still granted."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import Protocol

from backend.core.transfers.errors import LinkNotValid, LinkOutdated
from backend.sdk.files import (
    NotARegularFile,
    OpenRoot,
    OwnerRoots,
    PathNotAllowed,
    SafePath,
    VolumePath,
    decode_path,
    open_beneath,
)


class Opened(Protocol):
    """Be what is open: a file, or a folder that only its descriptor is wanted of."""

    def fileno(self) -> int:
        """Return the descriptor."""
        ...

    def close(self) -> None:
        """Close it."""
        ...


@dataclass(slots=True)
class Source:
    """An open file or folder, and what it is known by. Close it."""

    file: Opened
    place: VolumePath
    stat: os.stat_result
    label: str

    @property
    def is_folder(self) -> bool:
        """Tell whether it is a folder."""
        return stat.S_ISDIR(self.stat.st_mode)

    @property
    def name(self) -> str:
        """Return its own name; the root of a drive is called as it was labelled."""
        return self.place.name or self.label or "Homie"

    @property
    def seen(self) -> str:
        """Return what it is recognised by: a folder by its inode, a file also by size and time of its content."""
        kind = "d" if self.is_folder else "f"
        content = "" if self.is_folder else f"-{self.stat.st_size}-{self.stat.st_mtime_ns}"
        return f"{kind}{self.stat.st_ino}{content}"

    def close(self) -> None:
        """Close it."""
        self.file.close()


def open_safe(safe: SafePath) -> Source:
    """Open a checked path; raises `VolumeAway`, `PathNotAllowed` (a link in the way, gone), `NotARegularFile`."""
    with OpenRoot(safe.root) as root:
        try:
            fd = open_beneath(root.fd, safe.relpath)
        except PathNotAllowed:
            raise NotARegularFile() from None
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR, errno.ENOENT, errno.EACCES, errno.ENXIO):
                raise PathNotAllowed("It is not there, or it is a link.") from None
            raise
    # A folder is kept as a descriptor too; `open` would refuse to read one as a file.
    file: Opened = os.fdopen(fd, "rb") if stat.S_ISREG(os.fstat(fd).st_mode) else _Folder(fd)
    return Source(file, safe.volume_path, os.fstat(fd), safe.root.label)


def insist_on_drive(safe: SafePath) -> None:
    """Raise `VolumeAway` when the drive of a path is not there: nothing is said then about what is on it."""
    with OpenRoot(safe.root):
        pass


def open_again(roots: OwnerRoots, volume_id: str, text: str, seen: str) -> Source:
    """Open what a ticket names. Raises `LinkNotValid` when it is out of reach, `LinkOutdated` for another file."""
    place = VolumePath(volume_id, decode_path(text))
    try:
        insist_on_drive(roots.locate(place))
        source = open_safe(roots.locate(place, must_exist=True))
    except PathNotAllowed:
        raise LinkNotValid() from None
    if source.seen != seen:
        source.close()
        raise LinkOutdated()
    return source


class _Folder:
    """Be an open folder, as far as a `Source` needs it."""

    def __init__(self, fd: int) -> None:
        self._fd = fd

    def fileno(self) -> int:
        """Return the descriptor."""
        return self._fd

    def close(self) -> None:
        """Close it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1
