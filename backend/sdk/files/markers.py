"""Know a drive again: a small file `.homie/volume.json` with a random id in each root folder.

Drive letters, mount points and even filesystem ids change or are cloned; an unplugged drive leaves an ordinary empty
folder behind. So a root is there if and only if its marker is. A missing marker means "drive away", never "deleted".
"""

from __future__ import annotations

import errno
import json
import os
from dataclasses import dataclass

from backend.sdk.files.errors import VolumeAway, VolumeReadOnly
from backend.sdk.files.primitives import fsync_dir, open_beneath, rename_noreplace
from backend.sdk.ids import NewId, new_id

PRIVATE_FOLDER = ".homie"
"""Homie's own folder in each root: marker and trash. No plan may name it."""
MARKER = f"{PRIVATE_FOLDER}/volume.json"
_MAX_MARKER_BYTES = 4096
_READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)


@dataclass(frozen=True, slots=True)
class Marker:
    """Hold what a marker says. `volume_id` is random and belongs to this one folder."""

    volume_id: str


def read_marker(root: str | int) -> Marker | None:
    """Return the marker of a root folder (path or descriptor), or None when there is none that can be read."""
    try:
        fd = open_beneath(root, MARKER)
    except OSError:
        return None
    try:
        body = json.loads(os.read(fd, _MAX_MARKER_BYTES))
        volume_id = body["volume_id"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    finally:
        os.close(fd)
    return Marker(volume_id) if isinstance(volume_id, str) and 0 < len(volume_id) <= 64 else None


def claim_root(root: str, *, make_id: NewId = new_id) -> Marker:
    """Return the marker of `root`, made now if there is none. Call it once, when a folder is granted to an owner.

    Never call it to "repair" a root that is known already: an absent marker then means that the drive is away.
    Raises `VolumeAway` when there is no such folder, `VolumeReadOnly` when it cannot be written.
    """
    found = read_marker(root)
    if found is not None:
        return found
    if not os.path.isdir(root):
        raise VolumeAway("This folder does not exist.")
    private = os.path.join(root, PRIVATE_FOLDER)
    part = os.path.join(private, f".homie-{os.urandom(8).hex()}.part")
    try:
        os.makedirs(private, mode=0o700, exist_ok=True)
        fd = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise VolumeReadOnly() from None
        raise
    with os.fdopen(fd, "wb") as file:
        file.write(json.dumps({"format": 1, "volume_id": make_id()}).encode())
        file.flush()
        os.fsync(file.fileno())
    marker = os.path.join(root, MARKER)
    # Two processes may claim at once: whoever comes second finds the name taken and reads the first one's id.
    _publish(part, marker)
    fsync_dir(private)
    fsync_dir(root)
    made = read_marker(root)
    if made is None:
        raise VolumeAway("The marker of this folder is damaged: restore or remove its file .homie/volume.json.")
    return made


def renew_marker(root: str, volume_id: str, *, make_id: NewId = new_id) -> Marker:
    """Give a folder that is only a copy a marker of its own in place of `volume_id`; returns the new one.

    For a copy that its owner has called so, and for nothing else. Raises `VolumeAway` if the folder has another marker
    or none, `VolumeReadOnly`.
    """
    found = read_marker(root)
    if found is None or found.volume_id != volume_id:
        raise VolumeAway()
    private = os.path.join(root, PRIVATE_FOLDER)
    part = os.path.join(private, f".homie-{os.urandom(8).hex()}.part")
    try:
        fd = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as file:
            file.write(json.dumps({"format": 1, "volume_id": make_id(), "copy_of": volume_id}).encode())
            file.flush()
            os.fsync(file.fileno())
        os.replace(part, os.path.join(root, MARKER))
    except OSError as error:
        if error.errno in _READ_ONLY:
            raise VolumeReadOnly() from None
        raise
    fsync_dir(private)
    made = read_marker(root)
    if made is None:
        raise VolumeAway()
    return made


def _publish(part: str, marker: str) -> None:
    try:
        rename_noreplace(part, marker)
    except FileExistsError:
        os.unlink(part)
