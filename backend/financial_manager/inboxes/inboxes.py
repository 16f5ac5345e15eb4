"""Say which folders are statement inboxes, and what became of the files in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from backend.financial_manager.importing.models import FileState, ImportBatch, StatementSeen
from backend.financial_manager.inboxes.errors import InboxMissing, InboxThere, StatementSeenMissing
from backend.financial_manager.inboxes.models import StatementInbox
from backend.financial_manager.ledger.change_log import ChangeLog, step_of
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import Conflict, FieldProblem
from backend.sdk.files import SafePath, VolumePath, decode_path, encode_path
from backend.sdk.ids import NewId

MOST_WAITING = 500
"""Files that wait which one answer names."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file of an inbox; `undone`: its import was taken back."""

    row: StatementSeen
    undone: bool


class Inboxes:
    """Keep the inboxes of the space that an actor writes to. `wanted`: told whether anybody has one."""

    def __init__(
        self, db: Database, log: ChangeLog, clock: Clock, new_id: NewId, wanted: Callable[[bool], None]
    ) -> None:
        self._db = db
        self._log = log
        self._clock = clock
        self._new_id = new_id
        self._wanted = wanted

    def all(self, actor: Actor) -> list[StatementInbox]:
        """Return the inboxes of the acting space, the oldest first."""

        def work(session: OwnedSession) -> list[StatementInbox]:
            return list(session.scalars(_own(session).order_by(StatementInbox.id)))

        found = self._db.read(actor, work)
        if found:
            self._wanted(True)  # one may have come back by an undo
        return found

    def add(self, actor: Actor, place: SafePath) -> StatementInbox:
        """Make a folder an inbox; raises `InboxThere`, also for one in an inbox or above it."""

        def work(session: OwnedSession) -> StatementInbox:
            for other in session.scalars(_own(session)):
                there = VolumePath(other.volume_id, decode_path(other.path))
                if place.volume_path.is_within(there) or there.is_within(place.volume_path):
                    remedy = "Use the one that is there."
                    raise InboxThere(fields=[FieldProblem("body.path", "It is an inbox already.", remedy)])
            row = StatementInbox(
                id=self._new_id(), volume_id=place.root.volume_id, path=encode_path(place.relpath),
                created_at=self._clock.now(),
            )  # fmt: skip
            session.add(row)
            step_of(session).title = place.volume_path.name or place.root.label
            return row

        row = self._log.write(actor, "inbox.add", work)
        self._wanted(True)
        return row

    def remove(self, actor: Actor, inbox_id: str) -> None:
        """Look into a folder no more; what was booked stays. Raises `InboxMissing`."""

        def work(session: OwnedSession) -> None:
            row = find_inbox(session, inbox_id)
            step_of(session).title = row.path.rpartition("/")[2]
            session.delete(row)

        self._log.write(actor, "inbox.remove", work)
        self._wanted(self.any())

    def any(self) -> bool:
        """Tell whether anybody has an inbox."""
        return self._db.unscoped("has anybody a statement inbox?", _any)

    def get(self, actor: Actor, inbox_id: str) -> StatementInbox:
        """Return one inbox; raises `InboxMissing`."""
        return self._db.read(actor, find_inbox, inbox_id)

    def seen(self, actor: Actor, state: FileState) -> list[Seen]:
        """Return the files of one state, the newest first, at most `MOST_WAITING`."""

        def work(session: OwnedSession) -> list[Seen]:
            owner = session.actor.owner_id
            query = (
                select(StatementSeen, ImportBatch.undone_at)
                .outerjoin(
                    ImportBatch,
                    (ImportBatch.id == StatementSeen.batch_id) & (ImportBatch.owner_id == StatementSeen.owner_id),
                )
                .where(StatementSeen.owner_id == owner, StatementSeen.state == state.value)
                .order_by(StatementSeen.id.desc())
                .limit(MOST_WAITING)
            )
            return [Seen(row, undone is not None) for row, undone in session.execute(query)]

        return self._db.read(actor, work)

    def leave(self, actor: Actor, seen_id: str, *, left: bool) -> StatementSeen:
        """Say that nothing of a waiting file is wanted, or that it waits after all.

        Raises `StatementSeenMissing`, and `Conflict` for one that is booked.
        """

        def work(session: OwnedSession) -> StatementSeen:
            row = find_seen(session, seen_id)
            if row.state not in (FileState.WAITING, FileState.LEFT):
                raise Conflict("This statement was booked. Take its import back instead.", code="statement_booked")
            row.state = (FileState.LEFT if left else FileState.WAITING).value
            return row

        return self._db.write(actor, work)


def find_inbox(session: OwnedSession, inbox_id: str) -> StatementInbox:
    """Return an inbox of the acting space; raises `InboxMissing`."""
    row: StatementInbox | None = session.scalars(_own(session).where(StatementInbox.id == inbox_id)).first()
    if row is None:
        raise InboxMissing()
    return row


def find_seen(session: OwnedSession, seen_id: str) -> StatementSeen:
    """Return a file of the acting space; raises `StatementSeenMissing`."""
    query = select(StatementSeen).where(StatementSeen.owner_id == session.actor.owner_id, StatementSeen.id == seen_id)
    row = session.scalars(query).first()
    if row is None:
        raise StatementSeenMissing()
    return row


def _own(session: OwnedSession) -> Any:
    return select(StatementInbox).where(StatementInbox.owner_id == session.actor.owner_id)


def _any(session: Any) -> bool:
    return session.scalars(select(StatementInbox.id).limit(1)).first() is not None
