"""Lessons on their way into and out of the database: `learned_files`, one row each, and what was tuned beside them.

Everything here runs inside a session of the owner. An owner's writes come one after the other (the database sees to
it), so numbers never collide and two workers never lose a lesson.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select

from backend.file_organizer.memory.learner import Example
from backend.file_organizer.memory.models import DestinationMapping, LearnedFile, ModuleData
from backend.file_organizer.memory.signs import TELLING, signs_of_name
from backend.sdk.db import OwnedSession, insert_rows
from backend.sdk.ids import NewId

STATE_KEY = "memory"
KEPT = 20_000
"""Lessons that an owner's memory keeps: the oldest go, which counted next to nothing any more."""
FORGOTTEN_FOR = timedelta(days=1)
"""How long forgetting can be taken back."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing to learn: a file called `name` (text form) belongs (`yes`) or does not belong (`no`) to a folder.

    `folder`: text form, relative to its volume, with the year mark where it stood for the file's year. `signs`: what is
    known of the file beside its name. `source`: (volume id, folder in text form) that it lay in. `at`: None is now.
    """

    name: str
    volume_id: str
    folder: str
    signs: Sequence[str] = ()
    yes: float = 0.0
    no: float = 0.0
    taught: bool = False
    how: str = "accepted"
    source: tuple[str, str] | None = None
    at: datetime | None = None
    files: int = 1


@dataclass(frozen=True, slots=True)
class MemoryState:
    """What says how far an owner's memory is: `epoch` changes when lessons go, `seq` grows when they come."""

    epoch: int = 0
    seq: int = 0
    tuned: Mapping[str, Any] | None = None


def states(session: OwnedSession) -> dict[str, MemoryState]:
    """Return the state of each owner that the session sees."""
    rows = session.execute(select(ModuleData.owner_id, ModuleData.value).where(ModuleData.key == STATE_KEY))
    found = {owner: _state(value) for owner, value in rows}
    ends = session.execute(select(LearnedFile.owner_id, func.max(LearnedFile.seq)).group_by(LearnedFile.owner_id))
    for owner, seq in ends:
        known = found.get(owner, MemoryState())
        found[owner] = MemoryState(known.epoch, max(known.seq, int(seq)), known.tuned)
    return found


def _state(value: Mapping[str, Any]) -> MemoryState:
    return MemoryState(int(value.get("epoch", 0)), int(value.get("seq", 0)), value.get("tuned"))


def save_state(session: OwnedSession, state: MemoryState, now: datetime) -> None:
    """Store the acting owner's state."""
    owner = session.actor.owner_id
    rows = session.scalars(select(ModuleData).where(ModuleData.key == STATE_KEY))
    row = next((row for row in rows if row.owner_id == owner), None)
    if row is None:
        row = ModuleData(key=STATE_KEY, value={}, updated_at=now)
        session.add(row)
    row.value = {"epoch": state.epoch, "seq": state.seq, "tuned": dict(state.tuned) if state.tuned else None}
    row.updated_at = now


def load(session: OwnedSession, after: Mapping[str, int]) -> list[Example]:
    """Return the lessons of all owners that the session sees, each after its owner's number in `after`, in order."""
    row = LearnedFile
    columns = (
        row.owner_id, row.seq, row.batch, row.name, row.signs, row.files, row.volume_id, row.folder, row.yes, row.no,
        row.taught, row.how, row.left_volume, row.left_folder, row.at,
    )  # fmt: skip
    found = []
    lowest = min(after.values(), default=0)
    query = select(*columns).where(row.forgotten.is_(None), row.seq > lowest).order_by(row.at, row.seq)
    for one in session.execute(query):
        if one.seq > after.get(one.owner_id, 0):
            found.append(_example(one))
    return found


def _example(row: Any) -> Example:
    extra = row.signs.split("\n") if row.signs else ()
    left = (row.left_volume, row.left_folder) if row.left_volume is not None and row.left_folder is not None else None
    return Example(
        _signs(row.name, row.left_folder, extra, row.yes),
        (row.volume_id, row.folder),
        yes=row.yes,
        no=row.no,
        at=row.at.timestamp(),
        batch=row.batch,
        taught=row.taught,
        left=left,
        files=row.files,
        part=bool(row.signs) and not row.name and row.how == "counted",
    )


def _signs(name: str, source: str | None, extra: Iterable[str], yes: float) -> tuple[str, ...]:
    """Return all signs of a lesson; a refusal speaks of its subject only, not of all PDFs."""
    found = (*(signs_of_name(name, source) if name else ()), *extra)
    return found if yes > 0 else tuple(sign for sign in found if sign.partition(":")[0] in TELLING)


def example_of(lesson: Lesson, now: datetime, batch: int) -> Example:
    """Return a lesson as the learner takes it."""
    at = (lesson.at or now).timestamp()
    target = (lesson.volume_id, lesson.folder)
    return Example(
        _signs(lesson.name, lesson.source[1] if lesson.source else None, lesson.signs, lesson.yes),
        target,
        yes=lesson.yes,
        no=lesson.no,
        at=at,
        batch=batch,
        taught=lesson.taught,
        left=lesson.source,
        files=lesson.files,
    )


def append(session: OwnedSession, lessons: Sequence[Lesson], first: int, now: datetime, new_id: NewId) -> None:
    """Add lessons as one batch, numbered from `first`, and count them for their folders."""
    rows = [
        {
            "id": new_id(),
            "seq": first + place,
            "batch": first,
            "name": lesson.name,
            "signs": "\n".join(lesson.signs),
            "files": lesson.files,
            "volume_id": lesson.volume_id,
            "folder": lesson.folder,
            "yes": lesson.yes,
            "no": lesson.no,
            "taught": lesson.taught,
            "how": lesson.how,
            "left_volume": lesson.source[0] if lesson.source else None,
            "left_folder": lesson.source[1] if lesson.source else None,
            "at": lesson.at or now,
            "forgotten": None,
        }
        for place, lesson in enumerate(lessons)
    ]
    insert_rows(session, LearnedFile, rows)
    _count(session, lessons, now)
    _clean(session, first + len(rows), now)


def _count(session: OwnedSession, lessons: Iterable[Lesson], now: datetime) -> None:
    """Add lessons up in the rows of their folders."""
    rows = own_mappings(session)
    for lesson in lessons:
        key = (lesson.volume_id, lesson.folder)
        row = rows.get(key)
        if row is None:
            row = rows[key] = DestinationMapping(
                volume_id=lesson.volume_id,
                folder=lesson.folder,
                files=0,
                refused=0,
                taught=0,
                colour="",
                purpose="",
                last_at=lesson.at or now,
            )
            session.add(row)
        row.files += lesson.files if lesson.yes > 0 else 0
        row.refused += lesson.files if lesson.no > 0 else 0
        row.taught += lesson.files if lesson.taught and lesson.yes > 0 else 0
        row.last_at = max(row.last_at, lesson.at or now)


def own_mappings(session: OwnedSession) -> dict[tuple[str, str], DestinationMapping]:
    """Return the acting owner's folders."""
    owner = session.actor.owner_id
    rows = session.scalars(select(DestinationMapping))
    return {(row.volume_id, row.folder): row for row in rows if row.owner_id == owner}


def recount(session: OwnedSession) -> None:
    """Count the acting owner's folders anew after lessons went or came back; what is empty and unnamed goes."""
    owner = session.actor.owner_id
    lesson = LearnedFile
    counts: dict[tuple[str, str], list[Any]] = {}
    query = select(
        lesson.owner_id, lesson.volume_id, lesson.folder, lesson.name, lesson.signs, lesson.how, lesson.files,
        lesson.yes, lesson.no, lesson.taught, lesson.at,
    ).where(lesson.forgotten.is_(None))  # fmt: skip
    for row in session.execute(query):
        if row.owner_id != owner:
            continue
        count = counts.setdefault((row.volume_id, row.folder), [0, 0, 0, row.at])
        count[3] = max(count[3], row.at)
        if row.how == "counted" and row.signs and not row.name:
            continue
        count[0] += row.files if row.yes > 0 else 0
        count[1] += row.files if row.no > 0 else 0
        count[2] += row.files if row.taught and row.yes > 0 else 0
    known = own_mappings(session)
    for key, mapping in known.items():
        if key not in counts and not (mapping.colour or mapping.purpose):
            session.delete(mapping)
        mapping.files, mapping.refused, mapping.taught, mapping.last_at = counts.get(key, [0, 0, 0, mapping.last_at])
    for key, (files, refused, taught, at) in counts.items():
        if key not in known:
            session.add(
                DestinationMapping(
                    volume_id=key[0], folder=key[1], files=files, refused=refused, taught=taught, colour="",
                    purpose="", last_at=at,
                )
            )  # fmt: skip


def _clean(session: OwnedSession, end: int, now: datetime) -> None:
    """Let go of what is too old, and of what was forgotten long enough ago; looks now and then only."""
    if end % 100 < 90 and end < KEPT:
        return
    forgotten_before = _id_at(now - FORGOTTEN_FOR)
    session.execute(delete(LearnedFile).where(LearnedFile.seq <= end - KEPT))
    session.execute(delete(LearnedFile).where(LearnedFile.forgotten < forgotten_before))


def _id_at(moment: datetime) -> str:
    """Return the beginning of ids made at a moment (UUIDv7: they begin with Unix milliseconds)."""
    millis = f"{int(moment.timestamp() * 1000):012x}"
    return f"{millis[:8]}-{millis[8:]}"
