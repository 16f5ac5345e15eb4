"""Say which folders are watched, and how: add, change, remove, look at them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import func, select

from backend.file_organizer.events import WatchingChanged
from backend.file_organizer.planning.decisions import UNDECIDED
from backend.file_organizer.planning.plan_models import Plan, PlanItem, PlanState
from backend.file_organizer.watching.errors import FolderWatchedAlready, WatchedFolderMissing
from backend.file_organizer.watching.models import WatchedFolder
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem
from backend.sdk.files import SafePath, VolumePath, decode_path, encode_path
from backend.sdk.ids import NewId

CHANGEABLE = ("mode", "threshold", "settle_seconds", "daily_limit", "paused")


class WatchedFolders:
    """Keep the watched folders of each owner. `wanted` is told whether any folder of anybody is watched."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId, wanted: Callable[[bool], None]) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._wanted = wanted

    def all(self, actor: Actor) -> list[WatchedFolder]:
        """Return the watched folders of every space that the actor reads, the oldest first."""
        return self._db.read(
            actor, lambda session: list(session.scalars(select(WatchedFolder).order_by(WatchedFolder.id)))
        )

    def get(self, actor: Actor, watched_id: str) -> WatchedFolder:
        """Return one; raises `WatchedFolderMissing`."""
        return self._db.read(actor, _find, watched_id)

    def add(self, actor: Actor, place: SafePath, choices: Mapping[str, Any]) -> WatchedFolder:
        """Begin to watch a folder; raises `FolderWatchedAlready`, also for one inside a watched one or above it."""
        row_id = self._new_id()

        def work(session: OwnedSession) -> WatchedFolder:
            for other in session.scalars(select(WatchedFolder)):
                there = VolumePath(other.volume_id, decode_path(other.path))
                here = place.volume_path
                if other.owner_id == session.actor.owner_id and (here.is_within(there) or there.is_within(here)):
                    raise FolderWatchedAlready(
                        fields=[FieldProblem("body.path", "It is watched already.", "Change the one that is there.")]
                    )
            row = WatchedFolder(
                id=row_id,
                user_id=session.actor.user_id,
                volume_id=place.root.volume_id,
                path=encode_path(place.relpath),
                created_at=self._clock.now(),
                **choices,
            )
            session.add(row)
            session.flush()
            session.emit(WatchingChanged(owner_id=row.owner_id, watched_id=row.id))
            return row

        row = self._db.write(actor, work)
        self._wanted(True)
        return row

    def change(self, actor: Actor, watched_id: str, choices: Mapping[str, Any]) -> WatchedFolder:
        """Set some of `CHANGEABLE`; raises `WatchedFolderMissing`."""

        def work(session: OwnedSession) -> WatchedFolder:
            row = _own(session, watched_id)
            for name, value in choices.items():
                setattr(row, name, value)
            session.emit(WatchingChanged(owner_id=row.owner_id, watched_id=row.id))
            return row

        return self._db.write(actor, work)

    def remove(self, actor: Actor, watched_id: str) -> None:
        """Watch a folder no more; its plan and everything that was filed stay. Raises `WatchedFolderMissing`."""

        def work(session: OwnedSession) -> None:
            row = _own(session, watched_id)
            session.emit(WatchingChanged(owner_id=row.owner_id, watched_id=row.id))
            session.delete(row)

        self._db.write(actor, work)
        self.tell_whether_wanted()

    def tell_whether_wanted(self) -> None:
        """Have the watcher run if any folder of anybody is watched."""
        self._wanted(self._db.unscoped("is any folder watched?", _any))

    def waiting(self, actor: Actor) -> dict[str, int]:
        """Return how many suggestions wait for a person, by id of the watched folder."""
        return self._db.read(actor, _waiting)


def _any(session: Any) -> bool:
    return session.scalars(select(WatchedFolder.id).limit(1)).first() is not None


def _find(session: OwnedSession, watched_id: str) -> WatchedFolder:
    row = session.scalars(select(WatchedFolder).where(WatchedFolder.id == watched_id)).first()
    if row is None:
        raise WatchedFolderMissing()
    return row


def _own(session: OwnedSession, watched_id: str) -> WatchedFolder:
    row = _find(session, watched_id)
    if row.owner_id != session.actor.owner_id:
        raise WatchedFolderMissing()
    return row


def _waiting(session: OwnedSession) -> dict[str, int]:
    rows = session.execute(
        select(WatchedFolder.id, func.count(PlanItem.id))
        .join(Plan, (Plan.owner_id == WatchedFolder.owner_id) & (Plan.id == WatchedFolder.plan_id))
        .join(PlanItem, (PlanItem.owner_id == Plan.owner_id) & (PlanItem.plan_id == Plan.id))
        .where(Plan.state == PlanState.READY.value, PlanItem.lead.is_(True), PlanItem.state.in_(UNDECIDED))
        .group_by(WatchedFolder.id)
    )
    return {row[0]: int(row[1]) for row in rows}
