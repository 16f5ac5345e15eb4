"""Which folders the command line may use: those granted already, and the one that was named.

The operator of the machine is trusted like the server (whoever reads the data directory): naming a folder grants it to
their own space, when something is really to be done. A preview grants nothing and writes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING

from backend.sdk.actor import Actor
from backend.sdk.files import AllowedRoot, OwnerRoots, OwnerRootsSource, read_marker

if TYPE_CHECKING:
    from backend.core.platform import Platform


class PreviewRoots:
    """Add folders that are not granted yet, for looking only."""

    def __init__(self, granted: OwnerRoots, more: Sequence[AllowedRoot]) -> None:
        self._roots = OwnerRoots((*granted.roots, *more))

    def for_actor(self, actor: Actor) -> OwnerRoots:
        """Return the granted folders and the looked-at ones."""
        return self._roots


def roots_for(platform: Platform, actor: Actor, paths: Sequence[str], *, claim: bool) -> OwnerRootsSource:
    """Return roots that contain all `paths`; with `claim`, folders that are not granted yet are granted now.

    Raises what granting raises: a folder of the system, of Homie, or of another space is refused with a remedy.
    """
    accounts = platform.accounts.roots
    added: list[AllowedRoot] = []
    for path in paths:
        known = OwnerRoots((*accounts.for_actor(actor).roots, *added))
        if known.contains(path):
            continue
        if claim:
            accounts.grant(actor, actor.owner_id, path, purpose="organize")
        else:
            real = accounts.check(path, owner_id=actor.owner_id, field="PATH")
            added.append(AllowedRoot(real, _volume_id(real)))
    return PreviewRoots(accounts.for_actor(actor), added) if added else accounts


def _volume_id(path: str) -> str:
    """Return the folder's id if it has a marker, else a stand-in that exists only for this preview."""
    marker = read_marker(path)
    return marker.volume_id if marker else "preview-" + blake2b(path.encode(), digest_size=12).hexdigest()
