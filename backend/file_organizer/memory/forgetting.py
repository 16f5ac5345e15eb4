"""Forget lessons, take that back, and send what was learned to another folder. Runs inside a write of the owner.

A forgotten lesson counts no more from the same commit on. It stays for a day under the key of the step that forgot
it, so that the step can be taken back; then it goes for good (`lessons.append` cleans up).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update

from backend.file_organizer.memory.lessons import MemoryState, own_mappings, recount, save_state, states
from backend.file_organizer.memory.models import LearnedFile
from backend.sdk.db import OwnedSession


def forget(session: OwnedSession, which: ColumnElement[bool] | None, key: str, now: datetime) -> int:
    """Forget the acting owner's lessons that `which` names (None: all); returns how many."""
    own = session.actor.owner_id
    query = select(LearnedFile.owner_id, LearnedFile.id).where(LearnedFile.forgotten.is_(None))
    rows = session.execute(query.where(which) if which is not None else query)
    ids = [row.id for row in rows if row.owner_id == own]
    _set(session, ids, forgotten=key)
    after_change(session, now)
    return len(ids)


def restore(session: OwnedSession, key: str, now: datetime) -> int:
    """Take forgetting back; returns how many lessons count again."""
    own = session.actor.owner_id
    rows = session.execute(select(LearnedFile.owner_id, LearnedFile.id).where(LearnedFile.forgotten == key))
    ids = [row.id for row in rows if row.owner_id == own]
    _set(session, ids, forgotten=None)
    after_change(session, now)
    return len(ids)


def move_destination(session: OwnedSession, old: tuple[str, str], new: tuple[str, str], now: datetime) -> None:
    """Let the acting owner's lessons about one folder speak of another one; colour and purpose go along."""
    own = session.actor.owner_id
    rows = session.execute(
        select(LearnedFile.owner_id, LearnedFile.id).where(
            LearnedFile.volume_id == old[0], LearnedFile.folder == old[1]
        )
    )
    _set(session, [row.id for row in rows if row.owner_id == own], volume_id=new[0], folder=new[1])
    known = own_mappings(session)
    source, target = known.get(old), known.get(new)
    if source is not None and target is None:
        source.volume_id, source.folder = new
    elif source is not None and target is not None:
        target.colour = target.colour or source.colour
        target.purpose = target.purpose or source.purpose
        session.delete(source)
    session.flush()
    after_change(session, now)


def after_change(session: OwnedSession, now: datetime, tuned: Callable[[Any], Any] | None = None) -> None:
    """Count the folders anew and begin a new epoch, so that every process counts its model anew."""
    session.flush()
    recount(session)
    known = states(session).get(session.actor.owner_id, MemoryState())
    save_state(session, MemoryState(known.epoch + 1, known.seq, tuned(known.tuned) if tuned else known.tuned), now)


def _set(session: OwnedSession, ids: list[str], **values: Any) -> None:
    for start in range(0, len(ids), 500):
        session.execute(
            update(LearnedFile)
            .where(LearnedFile.id.in_(ids[start : start + 500]))
            .values(**values)
            .execution_options(synchronize_session=False)
        )
