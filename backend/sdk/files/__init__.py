"""Files: from untrusted text to a safe path, and the system calls that never overwrite.

Grant a folder:  `marker = claim_root(path)`; keep `AllowedRoot(path, marker.volume_id, ...)`.
Use a folder:    `roots = source.for_actor(actor)`; `safe = roots.resolve("/home/eva/Downloads")`; `safe.volume_path`.
Store a path:    `place.volume_id` and `place.text`; read it back by `VolumePath.from_text(volume_id, text)`.
"""

from backend.sdk.files.copying import CopyResult, copy_verified
from backend.sdk.files.errors import (
    CopyNotVerified,
    FileInUse,
    NameNotPossible,
    NotARegularFile,
    PathNotAllowed,
    SourceChanged,
    SourceMissing,
    TargetExists,
    VolumeAway,
    VolumeReadOnly,
)
from backend.sdk.files.hashing import blake3_fd, blake3_file
from backend.sdk.files.markers import MARKER, PRIVATE_FOLDER, Marker, claim_root, read_marker, renew_marker
from backend.sdk.files.names import check_new_name, collision_key, free_name, is_private, split_extension
from backend.sdk.files.open_root import OpenRoot
from backend.sdk.files.owner_roots import AllowedRoot, LocalRoots, MovableRoots, OwnerRoots, OwnerRootsSource, SafePath
from backend.sdk.files.primitives import (
    fsync_dir,
    open_beneath,
    open_folder_beneath,
    rename_noreplace,
    write_atomic,
)
from backend.sdk.files.volume_path import VolumePath, decode_path, encode_path

__all__ = [
    "MARKER",
    "PRIVATE_FOLDER",
    "AllowedRoot",
    "CopyNotVerified",
    "CopyResult",
    "FileInUse",
    "LocalRoots",
    "Marker",
    "MovableRoots",
    "NameNotPossible",
    "NotARegularFile",
    "OpenRoot",
    "OwnerRoots",
    "OwnerRootsSource",
    "PathNotAllowed",
    "SafePath",
    "SourceChanged",
    "SourceMissing",
    "TargetExists",
    "VolumeAway",
    "VolumePath",
    "VolumeReadOnly",
    "blake3_fd",
    "blake3_file",
    "check_new_name",
    "claim_root",
    "collision_key",
    "copy_verified",
    "decode_path",
    "encode_path",
    "free_name",
    "fsync_dir",
    "is_private",
    "open_beneath",
    "open_folder_beneath",
    "read_marker",
    "rename_noreplace",
    "renew_marker",
    "split_extension",
    "write_atomic",
]
