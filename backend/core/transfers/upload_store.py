"""The rows of uploads: read and written for one person, through owned sessions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from backend.core.transfers.errors import UploadNotKnown, UploadsTooMany
from backend.core.transfers.events import UploadCancelled, UploadFinished, UploadStarted
from backend.core.transfers.models import FINISHED, OPEN, UploadRow
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession, UnscopedSession
from backend.sdk.errors import NotFound
from backend.sdk.files import encode_path

KEPT_OPEN = timedelta(days=7)
KEPT_FINISHED = timedelta(days=1)
MOST_OPEN = 200


@dataclass(frozen=True, slots=True)
class Upload:
    """One upload as it stands. `received` is what is safely on the drive; `path` is set once it has its name."""

    id: str
    owner_id: str
    user_id: str
    volume_id: str
    folder: str
    subfolder: str
    name: str
    size: int
    received: int
    modified: int | None
    state: str
    path: str | None
    inode: str
    created_at: datetime
    expires_at: datetime
    placed: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a client announces; paths in their text form, `modified` in ns."""

    volume_id: str
    folder: str
    subfolder: str
    name: str
    size: int
    modified: int | None


def _view(row: UploadRow) -> Upload:
    return Upload(
        id=row.id,
        owner_id=row.owner_id,
        user_id=row.user_id,
        volume_id=row.volume_id,
        folder=row.folder,
        subfolder=row.subfolder,
        name=row.name,
        size=row.size,
        received=row.received,
        modified=row.modified,
        state=row.state,
        path=row.placed if row.state == FINISHED else None,
        inode=row.inode,
        created_at=row.created_at,
        expires_at=row.expires_at,
        placed=row.placed,
    )


class UploadStore:
    """Keep how far uploads came. Each method is one transaction."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def check_room(self, actor: Actor) -> None:
        """Raise `UploadsTooMany` when the person has begun too many already."""

        def count(session: OwnedSession) -> int:
            open_ones = select(func.count(UploadRow.id)).where(
                UploadRow.user_id == actor.user_id, UploadRow.state == OPEN
            )
            return int(session.scalar(open_ones) or 0)

        if self._db.read(actor, count) >= MOST_OPEN:
            raise UploadsTooMany()

    def add(self, actor: Actor, upload_id: str, wanted: Wanted, inode: str) -> Upload:
        """Insert a new upload into the space that `actor` acts in."""
        now = self._clock.now()

        def work(session: OwnedSession) -> Upload:
            row = UploadRow(
                id=upload_id,
                owner_id=actor.owner_id,
                user_id=actor.user_id,
                volume_id=wanted.volume_id,
                folder=wanted.folder,
                subfolder=wanted.subfolder,
                name=wanted.name,
                size=wanted.size,
                received=0,
                modified=wanted.modified,
                state=OPEN,
                inode=inode,
                created_at=now,
                updated_at=now,
                expires_at=now + KEPT_OPEN,
            )
            session.add(row)
            session.flush()
            session.emit(
                UploadStarted(
                    owner_id=actor.owner_id,
                    upload_id=upload_id,
                    user_id=actor.user_id,
                    volume_id=wanted.volume_id,
                    folder=wanted.folder,
                    size=wanted.size,
                )
            )
            return _view(row)

        return self._db.write(actor, work)

    def find(self, actor: Actor, upload_id: str) -> Upload:
        """Return an upload of this person that has not expired; raises `UploadNotKnown` for all others alike."""
        now = self._clock.now()

        def work(session: OwnedSession) -> Upload:
            row = session.scalars(select(UploadRow).where(UploadRow.id == upload_id)).first()
            if row is None or row.user_id != actor.user_id or row.expires_at <= now:
                raise UploadNotKnown()
            return _view(row)

        return self._db.read(actor, work)

    def page(self, actor: Actor, after: str | None, limit: int, *, live: bool) -> Sequence[Upload]:
        """Return uploads of this person, newest first; with `live` only unfinished ones."""
        now = self._clock.now()

        def work(session: OwnedSession) -> list[Upload]:
            query = select(UploadRow).where(UploadRow.user_id == actor.user_id, UploadRow.expires_at > now)
            if live:
                query = query.where(UploadRow.state == OPEN)
            if after is not None:
                query = query.where(UploadRow.id < after)
            return [_view(row) for row in session.scalars(query.order_by(UploadRow.id.desc()).limit(limit))]

        return self._db.read(actor, work)

    def received(self, actor: Actor, upload: Upload, received: int) -> Upload:
        """Note what is safely on the drive now."""
        return self._change(actor, upload, received=received)

    def announce(self, actor: Actor, upload: Upload, path: str) -> Upload:
        """Note the name that the file gets next, before it gets it."""
        return self._change(actor, upload, placed=encode_path(path))

    def finish(self, actor: Actor, upload: Upload) -> Upload:
        """Note that the file has its name, and tell it."""
        assert upload.placed is not None
        event = UploadFinished(
            owner_id=upload.owner_id,
            upload_id=upload.id,
            user_id=upload.user_id,
            volume_id=upload.volume_id,
            path=upload.placed,
            size=upload.size,
        )
        return self._change(actor, upload, event, state=FINISHED)

    def remove(self, actor: Actor, upload: Upload) -> None:
        """Forget an upload."""

        def work(session: OwnedSession) -> None:
            session.delete(session.find_own(UploadRow, upload.id))
            if upload.state == OPEN:
                session.emit(UploadCancelled(owner_id=upload.owner_id, upload_id=upload.id, user_id=upload.user_id))

        try:
            self._db.write(actor.acting_in(upload.owner_id), work)
        except NotFound:
            raise UploadNotKnown() from None

    def _change(self, actor: Actor, upload: Upload, event: Any = None, **values: Any) -> Upload:
        now = self._clock.now()

        def work(session: OwnedSession) -> Upload:
            row = session.find_own(UploadRow, upload.id)
            for name, value in values.items():
                setattr(row, name, value)
            row.updated_at = now
            row.expires_at = now + (KEPT_FINISHED if row.state == FINISHED else KEPT_OPEN)
            if event is not None:
                session.emit(event)
            return _view(row)

        try:
            return self._db.write(actor.acting_in(upload.owner_id), work)
        except NotFound:  # given up, expired or erased while it was being received
            raise UploadNotKnown() from None

    # ------------------------------------------------------------------ housekeeping

    def expired(self) -> list[Upload]:
        """Return the uploads of everybody whose time is over."""
        now = self._clock.now()

        def work(session: UnscopedSession) -> list[Upload]:
            over = select(UploadRow).where(UploadRow.expires_at <= now).limit(1000)
            return [_view(row) for row in session.scalars(over)]

        return self._db.unscoped("transfers: expired uploads", work)

    def known(self) -> set[str]:
        """Return the ids of everybody's uploads."""
        return self._db.unscoped("transfers: known uploads", lambda s: set(s.scalars(select(UploadRow.id))))

    def forget(self, upload: Upload) -> None:
        """Drop the row of an upload whose time is over."""
        self.remove(Actor.of(upload.owner_id, upload.user_id), upload)
