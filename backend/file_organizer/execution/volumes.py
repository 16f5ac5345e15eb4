"""The open volumes of one run: descriptors, and which names each folder holds (for twins on other drives)."""

from __future__ import annotations

import os
from collections import Counter

from backend.sdk.files import (
    PRIVATE_FOLDER,
    OpenRoot,
    OwnerRoots,
    PathNotAllowed,
    SourceMissing,
    VolumeAway,
    collision_key,
    fsync_dir,
)


class OpenVolumes:
    """Open roots on demand and keep them for the run. One thread at a time."""

    def __init__(self, roots: OwnerRoots) -> None:
        self._roots = roots
        self._open: dict[str, OpenRoot] = {}
        self._names: dict[tuple[str, str], Counter[str]] = {}

    def root(self, volume_id: str | None) -> OpenRoot:
        """Return the open root; `PathNotAllowed` if it is not among the owner's, `VolumeAway` if not connected."""
        opened = self._open.get(volume_id or "")
        if opened is None:
            allowed = self._roots.root(volume_id or "")
            if allowed is None:
                raise PathNotAllowed()
            opened = self._open[allowed.volume_id] = OpenRoot(allowed)
        return opened

    def is_here(self, volume_id: str | None) -> bool:
        """Tell whether the volume can be worked on now."""
        if volume_id is None:
            return True
        try:
            self.root(volume_id).check(writing=False)
        except (PathNotAllowed, VolumeAway):
            return False
        return True

    def at(self, volume_id: str | None, path: str | None) -> tuple[int, str]:
        """Return `(descriptor of the folder, name)`; `SourceMissing` if the folder is not there."""
        try:
            return self.root(volume_id).split(path or "")
        except FileNotFoundError:
            raise SourceMissing() from None

    def stat(self, volume_id: str | None, path: str | None) -> os.stat_result | None:
        """Return what is there (a link: itself), or None."""
        return self.root(volume_id).stat(path or "")

    def names(self, volume_id: str, folder: str, *, fresh: bool = False) -> Counter[str]:
        """Return how often each collision key occurs in a folder (empty if the folder is not there yet)."""
        key = (volume_id, folder)
        found = self._names.get(key)
        if found is None or fresh:
            try:
                found = Counter(map(collision_key, os.listdir(self.root(volume_id).folder(folder))))
            except (FileNotFoundError, PathNotAllowed):
                found = Counter()
            self._names[key] = found
        return found

    def note_removed(self, volume_id: str, path: str) -> None:
        """Remember that a name went from a folder, if that folder is known."""
        folder, _, name = path.rpartition("/")
        names = self._names.get((volume_id, folder))
        if names is not None:
            names[collision_key(name)] -= 1

    def forget_names(self, volume_id: str, folder: str) -> None:
        """List a folder anew at the next question."""
        self._names.pop((volume_id, folder), None)

    def make_private(self, volume_id: str, path: str) -> None:
        """Make the folders of a place inside Homie's own folder (trash); they are not journaled."""
        root = self.root(volume_id)
        done = ""
        for part in path.split("/"):
            parent = root.folder(done)
            done = f"{done}/{part}" if done else part
            try:
                os.mkdir(part, 0o700, dir_fd=parent)
                fsync_dir(parent)
            except FileExistsError:
                pass

    def prune_private(self, volume_id: str, path: str) -> None:
        """Remove the folders of a trash place that became empty, up to the trash itself."""
        stop = f"{PRIVATE_FOLDER}/trash"
        root = self.root(volume_id)
        while path.startswith(stop + "/"):
            root.forget()
            try:
                parent, name = root.split(path)
                os.rmdir(name, dir_fd=parent)
            except (OSError, PathNotAllowed):
                return
            path = path.rpartition("/")[0]

    def forget(self) -> None:
        """Walk down from the roots anew at the next use."""
        for root in self._open.values():
            root.forget()

    def close(self) -> None:
        """Close everything."""
        for root in self._open.values():
            root.close()
        self._open.clear()
        self._names.clear()
