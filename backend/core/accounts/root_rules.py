"""Which folders may be granted at all: none that the system, Homie itself or a person's keys live in."""

from __future__ import annotations

import os
import pwd
from collections.abc import Iterable, Sequence
from pathlib import Path, PurePosixPath

from backend.core.accounts.errors import RootRefused
from backend.sdk.errors import FieldProblem

_SYSTEM = (
    "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/proc", "/run", "/sbin", "/snap", "/sys", "/usr",
    "/var/lib/dpkg", "/var/lib/docker", "/var/lib/postgresql", "/var/log", "/var/spool",
)  # fmt: skip
_REMOVABLE = ("/run/media",)
_KEYS = (
    ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".password-store", ".config", ".mozilla", ".thunderbird",
    ".local/share/keyrings", ".local/share/kwalletd", ".pki", ".netrc", ".git-credentials",
)  # fmt: skip
_KEY_FOLDERS = frozenset({".ssh", ".gnupg", ".password-store", "keyrings"})


def check_folder(untrusted: str, private: Sequence[Path], *, field: str = "body.path") -> str:
    """Return the real path (links resolved) of a folder that may be granted.

    `private` are Homie's own folders. Raises `RootRefused`, which names the reason and a remedy.
    """
    path = _real(untrusted, field)
    if system_folder(path) or any(_is_in(system, path) for system in (*_SYSTEM, "/")):
        raise _refused(
            field,
            "It belongs to the operating system.",
            "Choose a folder with your own files, such as /home/eva/Downloads or /mnt/photos.",
        )
    for own in private:
        if overlaps(path, os.path.realpath(own)):
            raise _refused(field, "Homie keeps its own data there.", "Choose a folder that is apart from Homie's data.")
    if _KEY_FOLDERS & set(PurePosixPath(path).parts):
        raise _refused(field, "Keys and passwords are kept there.", "Choose a folder with documents or media.")
    for keys in _key_places():
        if overlaps(path, keys):
            raise _refused(
                field,
                "It contains a person's keys or settings.",
                "Grant the folders inside one by one, such as Downloads, Documents and Pictures.",
            )
    return path


def system_folder(path: str) -> bool:
    """Tell whether a real path is a folder of the operating system, or in one; drives below /run/media are not."""
    removable = any(_is_in(path, place) and path != place for place in _REMOVABLE)
    return any(_is_in(path, system) for system in _SYSTEM) and not removable


def closed_to_looks(path: str) -> bool:
    """Tell whether keys and passwords are kept at a real path."""
    if _KEY_FOLDERS & set(PurePosixPath(path).parts):
        return True
    return any(_is_in(path, keys) for keys in _key_places())


def overlaps(one: str, other: str) -> bool:
    """Tell whether one path is the other, or inside of it, either way round."""
    return _is_in(one, other) or _is_in(other, one)


def same_folder(one: str, other: str) -> bool:
    """Tell whether two paths lead to one folder (a bind mount has two names)."""
    try:
        return os.path.samefile(one, other)
    except OSError:
        return False


def _real(untrusted: str, field: str) -> str:
    if not untrusted.startswith("/") or "\0" in untrusted:
        raise _refused(field, "It is not a full path.", "Give the full path, beginning with '/'.")
    if ".." in PurePosixPath(untrusted).parts:
        raise _refused(field, "It contains '..'.", "Give the path without '..'.")
    try:
        untrusted.encode("utf-8")
        path = os.path.realpath(untrusted, strict=True)
        path.encode("utf-8")
    except UnicodeError:
        raise _refused(field, "Its name is not valid UTF-8.", "Rename the folder, then grant it.") from None
    except OSError:
        raise _refused(
            field, "It does not exist, or Homie may not look at it.", "Check the spelling and the permissions."
        ) from None
    if not os.path.isdir(path):
        raise _refused(field, "It is not a folder.", "Give the folder that contains it.")
    if not os.access(path, os.R_OK | os.X_OK):
        raise _refused(field, "Homie may not read it.", "Give Homie's user the right to read the folder.")
    return path


def _key_places() -> Iterable[str]:
    homes = {str(Path.home())}
    homes |= {entry.pw_dir for entry in pwd.getpwall() if entry.pw_uid == 0 or 1000 <= entry.pw_uid < 60000}
    for home in homes:
        if home == "/" or not os.path.isdir(home):
            continue
        for name in _KEYS:
            place = os.path.join(home, name)
            if os.path.lexists(place):
                yield os.path.realpath(place)


def _is_in(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _refused(field: str, problem: str, remedy: str) -> RootRefused:
    refusal = RootRefused(problem, remedy)
    refusal.fields = (FieldProblem(field, problem, remedy),)
    return refusal
