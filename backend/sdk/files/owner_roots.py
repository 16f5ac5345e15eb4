"""The only way from a string to a path: `OwnerRoots.resolve`.

An owner may touch what lies inside their roots (granted folders), nothing else. `resolve` refuses everything that is
not plainly inside: `..`, NUL, other absolute paths, links on the way, Homie's own folder. The result, `SafePath`, is
root + relative path; it is opened by `OpenRoot`, which walks from the root's descriptor without following links, so a
folder that is swapped for a link after the check is refused at the use (TOCTOU).
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from backend.sdk.actor import Actor
from backend.sdk.files.errors import PathNotAllowed, VolumeAway
from backend.sdk.files.markers import claim_root, read_marker
from backend.sdk.files.names import is_private
from backend.sdk.files.primitives import open_beneath, open_folder_beneath
from backend.sdk.files.volume_path import VolumePath, check_relpath, decode_path


@dataclass(frozen=True, slots=True)
class AllowedRoot:
    """One folder that an owner may use. `volume_id` is its marker's id, kept since the grant (`claim_root`)."""

    path: str
    volume_id: str
    label: str = ""
    purpose: str = ""
    writable: bool = True
    root_id: str = ""
    held: bool = False
    """Nobody knows yet whether the drive that is there is the right one (a clone): it counts as away."""

    @property
    def online(self) -> bool:
        """Tell whether the drive is there: the marker with this root's id can be read."""
        if self.held:
            return False
        marker = read_marker(self.path)
        return marker is not None and marker.volume_id == self.volume_id


@dataclass(frozen=True, slots=True)
class SafePath:
    """A path inside one root of one owner, as checked by `OwnerRoots`. Use `volume_path` to store it."""

    root: AllowedRoot
    relpath: str

    @property
    def absolute(self) -> str:
        """Return the full path, for showing and for reading; changes go through the execution layer."""
        return os.path.join(self.root.path, self.relpath) if self.relpath else self.root.path

    @property
    def volume_path(self) -> VolumePath:
        """Return the same place independent of where the drive is mounted."""
        return VolumePath(self.root.volume_id, self.relpath)

    def open(self, flags: int = os.O_RDONLY) -> int:
        """Open the file or folder itself (never through a link); returns a descriptor.

        Raises `PathNotAllowed` if the way was changed to a link or it is not an ordinary file, else `OSError`.
        """
        try:
            return open_beneath(self.root.path, self.relpath, flags)
        except OSError as error:
            if error.errno in (errno.ELOOP, errno.ENOTDIR):
                raise PathNotAllowed("A link is in the way.") from None
            raise


@dataclass(frozen=True, slots=True)
class OwnerRoots:
    """The folders of one actor. Build it anew for each request or job: grants may be taken back at any time."""

    roots: tuple[AllowedRoot, ...] = ()

    def resolve(
        self, untrusted: str, *, must_exist: bool = False, folder: bool = False, field: str = "path"
    ) -> SafePath:
        """Return the place that the full path `untrusted` (surrogateescape form) names.

        Raises `PathNotAllowed` (same answer for "not yours" and "not there at all"), naming the input `field`. A link
        in the last part names the link itself; a link before it is refused. With `folder` a folder is wanted (which may
        not exist yet), and a link or a file in the last part is refused too: whoever reads a folder by its path would
        follow a link there. With `must_exist` a name in another Unicode form (NFC for NFD) finds the one on the drive.
        """
        try:
            root, relpath = self._split(untrusted)
            relpath = self._walk(root, relpath, must_exist, folder)
        except PathNotAllowed as error:
            raise PathNotAllowed(error.message, field=field) from None
        return SafePath(root, relpath)

    def resolve_text(
        self, text: str, *, must_exist: bool = False, folder: bool = False, field: str = "path"
    ) -> SafePath:
        """Do the same for a path in its JSON-safe text form (`encode_path`)."""
        try:
            return self.resolve(decode_path(text), must_exist=must_exist, folder=folder, field=field)
        except PathNotAllowed as error:
            raise PathNotAllowed(error.message, field=field) from None

    def locate(
        self, place: VolumePath, *, must_exist: bool = False, folder: bool = False, field: str = "path"
    ) -> SafePath:
        """Return the place of a `VolumePath`; `PathNotAllowed` unless its volume is one of these roots."""
        root = self.root(place.volume_id)
        if root is None:
            raise PathNotAllowed(field=field)
        try:
            return SafePath(root, self._walk(root, place.relpath, must_exist, folder))
        except PathNotAllowed as error:
            raise PathNotAllowed(error.message, field=field) from None

    def root(self, volume_id: str) -> AllowedRoot | None:
        """Return the root with this volume id; a writable one if it was granted twice."""
        found = [root for root in self.roots if root.volume_id == volume_id]
        return max(found, key=lambda root: root.writable, default=None)

    def contains(self, path: str) -> bool:
        """Tell whether `resolve` would accept the path."""
        try:
            self.resolve(path)
        except PathNotAllowed:
            return False
        return True

    def _split(self, untrusted: str) -> tuple[AllowedRoot, str]:
        """Return the deepest root that the path is in by its spelling, and the rest of the path."""
        if not isinstance(untrusted, str) or not untrusted.startswith("/") or "\0" in untrusted:
            raise PathNotAllowed("A full path is needed, beginning with '/'.")
        parts = [part for part in untrusted.split("/") if part not in ("", ".")]
        if ".." in parts:
            raise PathNotAllowed("'..' is not accepted in a path.")
        best: tuple[int, AllowedRoot] | None = None
        for root in self.roots:
            for spelling in {root.path, os.path.realpath(root.path)}:
                prefix = [part for part in spelling.split("/") if part]
                if parts[: len(prefix)] == prefix and (best is None or len(prefix) > best[0]):
                    best = (len(prefix), root)
        if best is None:
            raise PathNotAllowed()
        relpath = "/".join(parts[best[0] :])
        check_relpath(relpath)
        return best[1], relpath

    def _walk(self, root: AllowedRoot, relpath: str, must_exist: bool, folder: bool) -> str:
        """Go down from the root through real folders only; returns the path as it is spelled on the drive."""
        if is_private(relpath):
            raise PathNotAllowed("Homie keeps its own data there.")
        parts = relpath.split("/") if relpath else []
        try:
            fd = os.open(root.path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        except OSError:
            if must_exist:
                raise VolumeAway() from None
            return relpath
        try:
            for index, part in enumerate(parts):
                last = index == len(parts) - 1
                found = _spelling(fd, part) if must_exist else part
                if found is None:
                    raise PathNotAllowed()
                parts[index] = found
                if last and not folder:
                    break
                deeper = _step_down(fd, found)
                if deeper is None:
                    if must_exist:
                        raise PathNotAllowed()
                    break
                os.close(fd)
                fd = deeper
        finally:
            os.close(fd)
        return "/".join(parts)


def _step_down(folder: int, name: str) -> int | None:
    """Open the folder `name`, or return None if nothing is there yet; a link or a file in the way is refused."""
    try:
        return open_folder_beneath(folder, name)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENAMETOOLONG):
            return None
        raise PathNotAllowed() from None


def _spelling(folder: int, name: str) -> str | None:
    """Return the name as it is on the drive, also when it was typed in another Unicode form; None if absent."""
    try:
        os.stat(name, dir_fd=folder, follow_symlinks=False)
        return name
    except OSError:
        pass
    if name.isascii():
        return None
    form = unicodedata.normalize("NFC", name)
    try:
        twins = [entry for entry in os.listdir(folder) if unicodedata.normalize("NFC", entry) == form]
    except OSError:
        return None
    return twins[0] if len(twins) == 1 else None


class OwnerRootsSource(Protocol):
    """Tell which folders an actor may use; the accounts implement it from their grants."""

    def for_actor(self, actor: Actor) -> OwnerRoots:
        """Return the roots of the owners that `actor` belongs to; writable only where the grant says so."""
        ...


@runtime_checkable
class MovableRoots(Protocol):
    """Follow a drive that came back at another place; the accounts do, command lines and tests need not."""

    def follow(self, actor: Actor, volume_id: str, path: str) -> bool:
        """Let the granted folder `volume_id` of `actor.owner_id` be at `path`; False if that is not possible.

        Only if its marker is there, and no longer where the folder was.
        """
        ...


class LocalRoots:
    """Give everybody the same folders: for the command line on one's own machine, and for tests.

    Each folder is claimed (marker written) if it has no marker yet.
    """

    def __init__(self, paths: Iterable[str | os.PathLike[str]] | Sequence[AllowedRoot]) -> None:
        self._roots = OwnerRoots(tuple(p if isinstance(p, AllowedRoot) else _claimed(p) for p in paths))

    def for_actor(self, actor: Actor) -> OwnerRoots:
        """Return the folders given at the start, whoever asks."""
        return self._roots


def _claimed(path: str | os.PathLike[str]) -> AllowedRoot:
    real = os.path.realpath(path)
    return AllowedRoot(path=real, volume_id=claim_root(real).volume_id, label=os.path.basename(real))
