"""Read from the journal what lies in the trash: also of drives that are away, for nothing there is forgotten.

A thing is in the trash if and only if the step that put it there is in effect and its target is below `.homie/trash`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from backend.file_organizer.errors import TrashItemMissing
from backend.file_organizer.execution.journal_models import ActionState, FileAction, Run
from backend.file_organizer.execution.purging import TRASH
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession, UnscopedSession

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class TrashItem:
    """One thing in the trash: the step that put it there and the run that this was part of."""

    action: FileAction
    run: Run

    @property
    def size(self) -> int | None:
        """Return its bytes; None for a folder of which they were not counted."""
        content = (self.action.detail or {}).get("content")
        if self.action.folder:
            return int(content["bytes"]) if content else None
        return self.action.size

    @property
    def files(self) -> int | None:
        """Return how many files it is; None for a folder of which they were not counted."""
        content = (self.action.detail or {}).get("content")
        return (int(content["files"]) if content else None) if self.action.folder else 1


@dataclass(slots=True)
class TrashVolume:
    """What lies in the trash of one volume of one space."""

    owner_id: str
    volume_id: str
    items: int
    bytes: int
    oldest_at: datetime


class TrashCan:
    """Answer what is in the trash; changes nothing."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def items(
        self,
        actor: Actor,
        *,
        limit: int,
        before: str | None = None,
        volume_id: str | None = None,
        text: str | None = None,
    ) -> list[TrashItem]:
        """Return what lies in the trash of the spaces that the actor sees, newest first, `limit + 1` for paging."""

        def work(session: OwnedSession) -> list[TrashItem]:
            query = sa.select(FileAction, Run).join(Run, _run_of_action()).where(*_in_trash())
            if before is not None:
                query = query.where(FileAction.id < before)
            if volume_id is not None:
                query = query.where(FileAction.target_volume == volume_id)
            if text:
                query = query.where(FileAction.source_path.icontains(text, autoescape=True))
            rows = session.execute(query.order_by(FileAction.id.desc()).limit(limit + 1))
            return [TrashItem(action, run) for action, run in rows]

        return self._db.read(actor, work)

    def volumes(self, actor: Actor) -> list[TrashVolume]:
        """Return each volume that has something in its trash, the fullest first."""
        return self._db.read(actor, _volumes)

    def owner_of(self, actor: Actor, ids: Sequence[str]) -> str:
        """Return the space that all these things are of; `TrashItemMissing` if one is not in the caller's trash."""

        def work(session: OwnedSession) -> list[str]:
            query = sa.select(FileAction.owner_id).where(FileAction.id.in_(list(ids)), *_in_trash())
            return list(session.scalars(query))

        owners = self._db.read(actor, work)
        if len(owners) != len(set(ids)) or len(set(owners)) != 1:
            raise TrashItemMissing()
        return owners[0]

    def ids(
        self,
        actor: Actor,
        volumes: Sequence[str],
        *,
        until: datetime | None = None,
    ) -> list[str]:
        """Return what lies in these volumes' trash of the actor's own space since before `until`, oldest first."""

        def work(session: OwnedSession) -> list[str]:
            query = sa.select(FileAction.id).where(
                FileAction.owner_id == session.actor.owner_id, FileAction.target_volume.in_(list(volumes)), *_in_trash()
            )
            if until is not None:
                query = query.where(FileAction.created_at <= until)
            return list(session.scalars(query.order_by(FileAction.created_at, FileAction.id)))

        return self._db.read(actor, work) if volumes else []

    def oldest(self, actor: Actor, volume_id: str, until: datetime) -> list[tuple[str, int]]:
        """Return (id, bytes) of what lies in one volume's trash since before `until`, oldest first."""

        def work(session: OwnedSession) -> list[tuple[str, int]]:
            query = sa.select(FileAction, Run).join(Run, _run_of_action())
            query = query.where(
                FileAction.owner_id == session.actor.owner_id,
                FileAction.target_volume == volume_id,
                FileAction.created_at <= until,
                *_in_trash(),
            )
            rows = session.execute(query.order_by(FileAction.created_at, FileAction.id).limit(_BATCH))
            return [(action.id, TrashItem(action, run).size or 0) for action, run in rows]

        return self._db.read(actor, work)


def owners_with_trash(session: UnscopedSession) -> list[str]:
    """Return the owners that have anything in a trash; for the daily emptying."""
    return list(session.scalars(sa.select(FileAction.owner_id).where(*_in_trash()).distinct()))


def _run_of_action() -> sa.ColumnElement[bool]:
    return sa.and_(Run.owner_id == FileAction.owner_id, Run.id == FileAction.run_id)


def _in_trash() -> tuple[sa.ColumnElement[bool], ...]:
    """Return what tells the rows of things in the trash; a range, so that the index on the target serves it."""
    return (
        FileAction.state == ActionState.DONE.value,
        FileAction.op.in_(("trash", "restore")),
        FileAction.target_path > f"{TRASH}/",
        FileAction.target_path < f"{TRASH}0",  # "0" follows "/"
    )


def _volumes(session: OwnedSession) -> list[TrashVolume]:
    keys = (FileAction.owner_id, FileAction.target_volume)
    plain = sa.case((FileAction.folder.is_(True), 0), else_=sa.func.coalesce(FileAction.size, 0))
    query = sa.select(*keys, sa.func.count(), sa.func.sum(plain), sa.func.min(FileAction.created_at))
    found = {
        (row[0], row[1]): TrashVolume(row[0], row[1], int(row[2]), int(row[3] or 0), row[4])
        for row in session.execute(query.where(*_in_trash()).group_by(*keys))
    }
    folders = sa.select(*keys, FileAction.detail).where(FileAction.folder.is_(True), *_in_trash())
    for owner_id, volume_id, detail in session.execute(folders):
        found[owner_id, volume_id].bytes += int(((detail or {}).get("content") or {}).get("bytes", 0))
    return sorted(found.values(), key=lambda one: (-one.bytes, one.volume_id))
