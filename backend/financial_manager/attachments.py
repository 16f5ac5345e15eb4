"""Attachments: files of the opened folders that belong to a transaction, such as its invoice.

The file stays where it is; the row says where that is, and what was there when it was attached. Somebody who may not
see that folder learns the name and that the file is not theirs to open, nothing else of it.
"""

from __future__ import annotations

import enum
import os
import stat
from dataclasses import dataclass

from sqlalchemy import select

from backend.financial_manager.errors import AttachmentMissing
from backend.financial_manager.ledger.change_log import ChangeLog, Recorded, recorded, step_of
from backend.financial_manager.ledger.models import Attachment
from backend.financial_manager.ledger.transactions import find_transaction
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, HomieError, InvalidInput
from backend.sdk.files import OwnerRoots, OwnerRootsSource, SafePath, VolumePath, blake3_fd, encode_path
from backend.sdk.ids import NewId

MOST = 50
"""Files of one transaction."""
MOST_BYTES = 1 << 30
"""Of one file: it is read once, to know it again."""


class AttachmentState(enum.StrEnum):
    """Say what is at an attachment's place: it, another content, nothing, or no folder that the caller may see."""

    THERE = "there"
    CHANGED = "changed"
    MISSING = "missing"
    AWAY = "away"


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment with what is at its place now. `full_path`: "" where the caller may not see the folder."""

    row: Attachment
    state: AttachmentState
    full_path: str


@dataclass(frozen=True, slots=True)
class _Seen:
    """A file as it is on the drive (`mtime_ns`; BLAKE3)."""

    size: int
    mtime_ns: int
    content_hash: str


class Attachments:
    """Keep the attachments of the space that an actor writes to."""

    def __init__(self, db: Database, log: ChangeLog, roots: OwnerRootsSource, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._log = log
        self._roots = roots
        self._clock = clock
        self._new_id = new_id

    def of_transaction(self, actor: Actor, transaction_id: str) -> list[Attached]:
        """Return the files of a transaction by name, each with what is there now. Raises `TransactionMissing`.

        Looks at drives: run it beside the web server's loop.
        """

        def work(session: OwnedSession) -> list[Attachment]:
            find_transaction(session, transaction_id)
            return _rows(session, transaction_id)

        rows, roots = self._db.read(actor, work), self._roots.for_actor(actor)
        return [_looked_at(row, roots) for row in rows]

    def attach(self, actor: Actor, transaction_id: str, path: str) -> Attached:
        """Attach a file of an opened folder; once attached, the same file is not attached again.

        `path`: in its text form (`encode_path`). Raises `TransactionMissing`, `PathNotAllowed`, `VolumeAway`, and
        `InvalidInput` for what is no ordinary file, is too large, or is one too many.
        """
        self._db.read(actor, find_transaction, transaction_id)
        roots = self._roots.for_actor(actor)
        place = roots.resolve_text(path, must_exist=True, field="body.path")
        seen = _read(place)

        def work(session: OwnedSession) -> Attachment:
            find_transaction(session, transaction_id)
            rows = _rows(session, transaction_id)
            at = place.volume_path
            row = next((one for one in rows if (one.volume_id, one.path) == (at.volume_id, at.text)), None)
            if row is None:
                if len(rows) >= MOST:
                    problem = FieldProblem("body.path", f"It has {MOST} files already.", "Take one away first.")
                    raise InvalidInput(fields=[problem])
                row = Attachment(
                    id=self._new_id(), transaction_id=transaction_id, volume_id=at.volume_id, path=at.text,
                    name=encode_path(at.name)[:255], added_at=self._clock.now(),
                )  # fmt: skip
                session.add(row)
            row.size, row.mtime_ns, row.content_hash = seen.size, seen.mtime_ns, seen.content_hash
            step_of(session).title = row.name
            return row

        return _looked_at(self._log.write(actor, "attachment.add", work), roots)

    def detach(self, actor: Actor, attachment_id: str) -> Recorded:
        """Take an attachment away; the file itself stays where it is. Raises `AttachmentMissing`."""

        def work(session: OwnedSession) -> Recorded:
            query = select(Attachment).where(
                Attachment.owner_id == session.actor.owner_id, Attachment.id == attachment_id
            )
            row = session.scalars(query).first()
            if row is None:
                raise AttachmentMissing()
            step_of(session).title = row.name
            session.delete(row)
            return recorded(session, 1)

        return self._log.write(actor, "attachment.remove", work)


def _rows(session: OwnedSession, transaction_id: str) -> list[Attachment]:
    query = select(Attachment).where(
        Attachment.owner_id == session.actor.owner_id, Attachment.transaction_id == transaction_id
    )
    return list(session.scalars(query.order_by(Attachment.name, Attachment.id)))


def _read(place: SafePath) -> _Seen:
    """Return what a file is; raises `InvalidInput` where it is none that can be attached."""
    try:
        descriptor = place.open()  # through no link: one may lead out of the opened folders
    except OSError:
        raise _refused("This file cannot be read.") from None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise _refused("This is no ordinary file.")
        if status.st_size > MOST_BYTES:
            raise _refused("This file is larger than 1 GB.")
        return _Seen(status.st_size, status.st_mtime_ns, blake3_fd(descriptor))
    finally:
        os.close(descriptor)


def _refused(text: str) -> InvalidInput:
    return InvalidInput(fields=[FieldProblem("body.path", text, "Choose another one.")])


def _looked_at(row: Attachment, roots: OwnerRoots) -> Attached:
    root = roots.root(row.volume_id)
    if root is None or not root.online:
        return Attached(row, AttachmentState.AWAY, "")
    try:
        place = roots.locate(VolumePath.from_text(row.volume_id, row.path), must_exist=True)
        return Attached(row, _state(row, place), encode_path(place.absolute))
    except (HomieError, OSError):
        return Attached(row, AttachmentState.MISSING, "")


def _state(row: Attachment, place: SafePath) -> AttachmentState:
    descriptor = place.open()
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size != row.size:
            return AttachmentState.CHANGED
        if status.st_mtime_ns == row.mtime_ns or blake3_fd(descriptor) == row.content_hash:
            return AttachmentState.THERE
        return AttachmentState.CHANGED
    finally:
        os.close(descriptor)
