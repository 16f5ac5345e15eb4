"""Moves that people make outside Homie, as lessons: what counts, and what is only noise of the file system."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from backend.file_organizer.analysis.facts import FileFacts
from backend.file_organizer.analysis.names import NameDate, date_of
from backend.file_organizer.memory.lessons import Lesson
from backend.file_organizer.memory.models import LearnedFile
from backend.file_organizer.memory.view import extra_signs
from backend.file_organizer.planning.suggestions import date_template
from backend.sdk.db import OwnedSession
from backend.sdk.files import VolumePath, encode_path

WEIGHT = 0.8
"""A move says a little less than a word said to Homie: it may be for a while only."""
SAME_WITHIN = timedelta(days=1)
MOVED = "moved"
_UNFINISHED = (".part", ".crdownload", ".download", ".tmp", ".temp", ".partial", ".!ut", ".aria2", ".opdownload")
_CHUNK = 400


@dataclass(frozen=True, slots=True)
class Observation:
    """A file that a person put into a folder outside Homie.

    `target`: where it lies now (full path with its name, on its volume). `source`: where it lay before; None if nobody
    knows (it was saved or copied straight there). `facts`: what the analyser knows about it, if the caller has looked
    anyway; None: the memory works from the names alone. `at`: when it was moved (aware UTC); None: now.
    """

    target: VolumePath
    source: VolumePath | None = None
    facts: FileFacts | None = None
    at: datetime | None = None


def lessons_of_moves(observations: Sequence[Observation], now: datetime) -> list[Lesson]:
    """Return a lesson for each move that says where a file belongs."""
    return [lesson for one in observations if (lesson := _lesson(one, now)) is not None]


def _lesson(one: Observation, now: datetime) -> Lesson | None:
    name = one.target.name
    if not name or name.startswith("~$") or name.lower().endswith(_UNFINISHED):
        return None
    if any(part.startswith(".") for part in one.target.relpath.split("/")):
        return None  # hidden, or in a desktop's trash: no place where a household files things
    before, after = one.source, one.target
    if before is not None and (before.volume_id, before.folder) == (after.volume_id, after.folder):
        return None
    date = one.facts.filing_date() if one.facts is not None else date_of(name) or NameDate(0, 0, 0)
    source = (one.source.volume_id, encode_path(date_template(one.source.folder, date))) if one.source else None
    return Lesson(
        encode_path(name),
        one.target.volume_id,
        encode_path(date_template(one.target.folder, date)),
        signs=extra_signs(one.facts) if one.facts is not None else (),
        yes=WEIGHT,
        taught=True,
        how=MOVED,
        source=source,
        at=one.at or now,
    )


def without_known(session: OwnedSession, lessons: Sequence[Lesson], now: datetime) -> list[Lesson]:
    """Leave out what was reported already: the same file at the same place within a day, also twice in one report."""
    names = sorted({lesson.name for lesson in lessons})
    known: set[tuple[str, str, str]] = set()
    row = LearnedFile
    for start in range(0, len(names), _CHUNK):
        found = session.execute(
            select(row.owner_id, row.name, row.volume_id, row.folder).where(
                row.name.in_(names[start : start + _CHUNK]),
                row.how == MOVED,
                row.at >= now - SAME_WITHIN,
                row.forgotten.is_(None),
            )
        )
        known |= {(n, v, f) for owner, n, v, f in found if owner == session.actor.owner_id}
    fresh: list[Lesson] = []
    for lesson in lessons:
        key = (lesson.name, lesson.volume_id, lesson.folder)
        if key not in known:
            known.add(key)
            fresh.append(lesson)
    return fresh
