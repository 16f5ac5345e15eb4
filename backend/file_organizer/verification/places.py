"""Choose from the journal which files to read again: what Homie put where it is now, the longest unread first."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from backend.file_organizer.execution.journal_models import ActionState, FileAction
from backend.file_organizer.execution.purging import TRASH
from backend.file_organizer.verification.models import ContentBaseline
from backend.sdk.db import OwnedSession
from backend.sdk.files import PRIVATE_FOLDER, AllowedRoot, decode_path

PAGE = 500
FROM_ONE_FOLDER = 25
"""Of a folder that was moved whole, a sample takes this many files."""
_PUTTING = ("move", "rename", "restore", "copy", "extract", "compress")


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journal that put something where it is. Paths raw; `folder`: everything in it came along."""

    action_id: str
    volume_id: str
    path: str
    folder: bool
    size: int | None
    mtime_ns: int | None
    content_hash: str | None
    came_from: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class FilePlace:
    """One file to read. `size`, `mtime_ns` and `content_hash` are what the journal knows of it, if anything.

    `came_from`: (volume, raw path) before the step, where an earlier reading may have known it.
    """

    action_id: str
    volume_id: str
    path: str
    size: int | None = None
    mtime_ns: int | None = None
    content_hash: str | None = None
    came_from: tuple[str, str] | None = None


def steps_to_sample(session: OwnedSession, volumes: Sequence[str], count: int) -> list[Step]:
    """Return steps whose files were never read, or the longest ago, by chance among equals."""
    checked = (
        sa.select(ContentBaseline.action_id, sa.func.max(ContentBaseline.checked_at).label("at"))
        .where(ContentBaseline.owner_id == session.actor.owner_id)
        .group_by(ContentBaseline.action_id)
        .subquery()
    )
    query = (
        sa.select(FileAction)
        .outerjoin(checked, checked.c.action_id == FileAction.id)
        .where(*_in_effect(session, volumes))
        .order_by(checked.c.at.is_not(None), checked.c.at, sa.func.random())
        .limit(count * 2)  # some were moved on since
    )
    return _still_there(session, list(session.scalars(query)))[:count]


def steps_after(session: OwnedSession, volumes: Sequence[str], after: str) -> tuple[list[Step], str | None]:
    """Return the steps of one page in the order of their ids, and the id after which the next page begins."""
    query = sa.select(FileAction).where(*_in_effect(session, volumes), FileAction.id > after)
    rows = list(session.scalars(query.order_by(FileAction.id).limit(PAGE)))
    return _still_there(session, rows), rows[-1].id if len(rows) == PAGE else None


def _in_effect(session: OwnedSession, volumes: Sequence[str]) -> tuple[sa.ColumnElement[bool], ...]:
    return (
        FileAction.owner_id == session.actor.owner_id,
        FileAction.state == ActionState.DONE.value,
        FileAction.op.in_(_PUTTING),
        FileAction.target_volume.in_(list(volumes)),
        sa.not_(sa.and_(FileAction.target_path > f"{TRASH}/", FileAction.target_path < f"{TRASH}0")),
    )


def _still_there(session: OwnedSession, rows: list[FileAction]) -> list[Step]:
    """Leave out what a later step moved on, itself or with a folder above it."""
    above = {(r.target_volume or "", path) for r in rows for path in _ways(r.target_path or "")}
    later: dict[tuple[str, str], str] = {}
    names = sorted({path for _, path in above})
    for start in range(0, len(names), PAGE):
        query = sa.select(FileAction.source_volume, FileAction.source_path, sa.func.max(FileAction.id)).where(
            FileAction.owner_id == session.actor.owner_id,
            FileAction.state.in_((ActionState.DONE.value, ActionState.PURGED.value)),
            FileAction.op.in_(("move", "rename", "restore", "trash")),
            FileAction.source_path.in_(names[start : start + PAGE]),
        )
        for volume, path, newest in session.execute(query.group_by(FileAction.source_volume, FileAction.source_path)):
            later[str(volume), str(path)] = newest
    return [_step(row) for row in rows if not _moved_on(row, later)]


def _moved_on(row: FileAction, later: dict[tuple[str, str], str]) -> bool:
    ways = _ways(row.target_path or "")
    return any(later.get((row.target_volume or "", path), "") > row.id for path in ways)


def _ways(path: str) -> list[str]:
    """Return a path and all folders above it."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(len(parts), 0, -1)]


def _step(row: FileAction) -> Step:
    return Step(
        row.id,
        row.target_volume or "",
        decode_path(row.target_path or ""),
        row.folder,
        row.new_size,
        row.new_mtime_ns,
        row.content_hash,
        (row.source_volume, decode_path(row.source_path)) if row.source_volume and row.source_path else None,
    )


def files_of(step: Step, root: AllowedRoot, most: int | None = None) -> Iterator[FilePlace]:
    """Yield the files of a step: itself, or what is in the folder (`most` of it by chance). Never follows a link."""
    if not step.folder:
        known = (step.size, step.mtime_ns, step.content_hash)
        yield FilePlace(step.action_id, step.volume_id, step.path, *known, step.came_from)
        return
    found: list[str] = []
    base = os.path.join(root.path, step.path)
    for at, folders, names in os.walk(base):
        folders[:] = sorted(name for name in folders if name != PRIVATE_FOLDER)
        inside = os.path.relpath(at, root.path)
        for name in sorted(names):
            place = f"{inside}/{name}"
            if most is None:
                yield _inside(step, place)
            else:
                found.append(place)
    if most is not None:
        for place in random.sample(found, min(most, len(found))):  # nosec B311: which files to look at is no secret
            yield _inside(step, place)


def _inside(step: Step, place: str) -> FilePlace:
    """Return a file in a folder that was moved whole."""
    before = None
    if step.came_from is not None:
        before = (step.came_from[0], step.came_from[1] + place[len(step.path) :])
    return FilePlace(step.action_id, step.volume_id, place, came_from=before)
