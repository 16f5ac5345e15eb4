"""Look around on the machine for folders to open: names only, for administrators, outside of what is granted.

Being an administrator is no right to read what others keep: a folder that is granted to a space is shown as such and
never looked into from here, nor are Homie's own folders, the system's and those with keys.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from backend.core.accounts.errors import RootRefused
from backend.core.accounts.root_rules import check_folder, closed_to_looks, overlaps, system_folder
from backend.sdk.errors import FieldProblem, HomieError

FIELD = "query.path"
_USUAL = ("Downloads", "Documents", "Pictures", "Music", "Videos", "Desktop")
_MOUNTS = ("/mnt", "/media", "/run/media", "/srv", "/data", "/home")


@dataclass(frozen=True, slots=True)
class BrowsedFolder:
    """One folder. `grantable`: whether it may be opened; if not, `why` says it. `enterable`: whether to look inside."""

    name: str
    path: str
    grantable: bool
    why: str
    granted: bool
    enterable: bool


class RootBrowser:
    """List folders. `private` are Homie's own ones, `granted` the paths that are open to any space."""

    def __init__(self, private: Sequence[Path], granted: Sequence[str]) -> None:
        self._private = private
        self._granted = granted

    def places(self) -> list[BrowsedFolder]:
        """Return where looking usually begins: the folders of a home, drives, shares."""
        home = Path.home()
        found = [str(home / name) for name in _USUAL]
        for mount in _MOUNTS:
            found += [path for path in _subfolders(mount) if path != str(home)]
        found += ["/"]
        return [self._shown(path) for path in dict.fromkeys(found) if os.path.isdir(path)]

    def inside(self, path: str) -> list[BrowsedFolder]:
        """Return the folders in a folder, by name; raises `RootRefused` where nobody may look."""
        if not path.startswith("/") or "\0" in path or ".." in path.split("/"):
            raise _refused("There is no such folder.", "Choose one of the list.")
        real = os.path.realpath(path)
        if not os.path.isdir(real):
            raise _refused("There is no such folder.", "Choose one of the list.")
        if not self._may_enter(real):
            raise _refused("Its content is not shown here.", "Choose another folder.")
        return [self._shown(found) for found in sorted(_subfolders(real))]

    def _shown(self, path: str) -> BrowsedFolder:
        why = ""
        try:
            check_folder(path, self._private, field=FIELD)
        except HomieError as refusal:
            why = refusal.fields[0].problem if refusal.fields else refusal.message
        granted = any(path == root or path.startswith(root.rstrip("/") + "/") for root in self._granted)
        if granted:
            why = "It is open to a space already."
        elif not why and any(overlaps(path, root) for root in self._granted):
            why = "A folder inside of it is open to a space already."
        return BrowsedFolder(os.path.basename(path) or "/", path, not why, why, granted, self._may_enter(path))

    def _may_enter(self, path: str) -> bool:
        hidden = [*(os.path.realpath(own) for own in self._private), *self._granted]
        if any(path == own or path.startswith(own.rstrip("/") + "/") for own in hidden):
            return False
        return not system_folder(path) and not closed_to_looks(path) and os.access(path, os.R_OK | os.X_OK)


def _subfolders(path: str) -> Iterator[str]:
    try:
        with os.scandir(path) as listing:
            entries = [entry for entry in listing if entry.name[0] != "." and entry.is_dir(follow_symlinks=False)]
    except OSError:
        return
    for entry in entries:
        if entry.path.isprintable():  # names that no text can carry are granted on the command line
            yield entry.path


def _refused(problem: str, remedy: str) -> RootRefused:
    refusal = RootRefused(problem, remedy)
    refusal.fields = (FieldProblem(FIELD, problem, remedy),)
    return refusal
