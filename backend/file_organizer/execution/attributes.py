"""What a folder has besides its entries: mode, times, owner, extended attributes; read, and put on again."""

from __future__ import annotations

import functools
import os
import stat
from typing import Any

from backend.sdk.files.copying import if_possible, read_xattrs
from backend.sdk.files.primitives import open_folder


def read_attributes(folder: int, name: str) -> dict[str, Any]:
    """Return the attributes of the folder `name` as JSON values (`mtime_ns` in ns, xattrs in hex)."""
    fd = open_folder(name, dir_fd=folder)
    try:
        info = os.fstat(fd)
        return {
            "mode": stat.S_IMODE(info.st_mode),
            "mtime_ns": info.st_mtime_ns,
            "atime_ns": info.st_atime_ns,
            "uid": info.st_uid,
            "gid": info.st_gid,
            "xattrs": {key: value.hex() for key, value in read_xattrs(fd).items()},
        }
    finally:
        os.close(fd)


def apply_attributes(folder: int, name: str, attributes: dict[str, Any]) -> None:
    """Put attributes on the folder `name`; what this drive or user cannot keep is left out."""
    fd = open_folder(name, dir_fd=folder)
    try:
        if os.geteuid() == 0:
            if_possible(lambda: os.fchown(fd, attributes["uid"], attributes["gid"]))
        for key, value in attributes["xattrs"].items():
            if_possible(functools.partial(os.setxattr, fd, key, bytes.fromhex(value)))
        if_possible(lambda: os.fchmod(fd, attributes["mode"]))
        os.utime(fd, ns=(attributes["atime_ns"], attributes["mtime_ns"]))
    finally:
        os.close(fd)
