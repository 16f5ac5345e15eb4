"""Folders on a drive of which nobody knows yet whether it is the right one are treated as away."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from backend.file_organizer.memory.models import UserDrive
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import OwnerRoots, OwnerRootsSource


class HeldRoots:
    """Give the actor's folders, those on held drives marked so: reading and writing them says "drive away"."""

    def __init__(self, roots: OwnerRootsSource, db: Database) -> None:
        self._roots = roots
        self._db = db

    def for_actor(self, actor: Actor) -> OwnerRoots:
        """Return the roots of the owners that `actor` belongs to."""
        found = self._roots.for_actor(actor)
        held = self._db.read(actor, _held)
        if not held:
            return found
        return OwnerRoots(tuple(replace(r, held=True) if r.volume_id in held else r for r in found.roots))


def _held(session: OwnedSession) -> frozenset[str]:
    rows = session.execute(select(UserDrive.detail).where(UserDrive.status == "clone"))
    return frozenset(v for (detail,) in rows if (detail or {}).get("held") for v in detail.get("volumes", []))
