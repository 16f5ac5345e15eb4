"""Central memory: where this household puts things. Learns from what people accept, change, reject, undo and move.

It owns the drives manager, because a destination is a place on a drive. Thinking happens in `memory/` without a
database; learning is one short write that adds lessons. Everything belongs to one owner; nothing is shared between
spaces.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from backend.file_organizer.drives_manager import DrivesManager
from backend.file_organizer.events import DestinationLearned
from backend.file_organizer.memory.cache import Entry, ModelCache
from backend.file_organizer.memory.lessons import Lesson, MemoryState, append, example_of, save_state, states
from backend.file_organizer.memory.models import DestinationMapping, ModuleData, SeriesMapping
from backend.file_organizer.memory.observing import Observation, lessons_of_moves, without_known
from backend.file_organizer.memory.ranking import Asked
from backend.file_organizer.memory.view import MemoryView
from backend.file_organizer.planning.taxonomy import fold
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import decode_path, encode_path
from backend.sdk.ids import NewId

__all__ = ["Lesson", "Observation", "PathMemoryManager", "SeriesLesson"]

UNDO_WEIGHT = 3
"""An undo is a strong no: it outweighs two acceptances."""
AT_ONCE = 2000
"""Lessons that one run teaches: of more, each so-many-th is taken, for the others say the same."""
_SETTINGS_KEY = "settings"
_TAUGHT_IN_THIS_WRITE = "file_organizer.memory"


@dataclass(frozen=True, slots=True)
class SeriesLesson:
    """An episode of `title` was filed below `folder` (the series' own folder)."""

    title: str
    volume_id: str
    folder: str
    season_style: str = ""
    taught: bool = False


class PathMemoryManager:
    """Remember destinations and series of each owner, and own the drives they lie on."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId, drives: DrivesManager) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id
        self._cache = ModelCache()
        self.drives = drives

    def recall(self, actor: Actor) -> MemoryView:
        """Return what is known, over all spaces that the actor reads, as of now."""

        def work(session: OwnedSession) -> tuple[Entry, Mapping[str, tuple[str, str, str, bool]]]:
            return self._cache.fresh(session), _series(session)

        entry, series = self._db.read(actor, work)
        return MemoryView(entry.model, series, self._clock.now().timestamp(), entry.lock)

    def knows_anything(self, actor: Actor) -> bool:
        """Tell whether there is anything to recall, so that an empty memory costs one query."""
        return self._db.read(actor, _knows_anything)

    def learn(self, actor: Actor, lessons: Sequence[Lesson], series: Sequence[SeriesLesson] = ()) -> None:
        """Learn in one write; the lessons are one batch."""
        if lessons or series:
            self._db.write(actor, self.learn_within, lessons, series)

    def learn_within(self, session: OwnedSession, lessons: Sequence[Lesson], series: Sequence[SeriesLesson]) -> None:
        """Learn inside a write that is going on, so that decision and lesson are one commit."""
        now = self._clock.now()
        some = _some_of(lessons)
        if some:
            self._append(session, some, now)
        for one in series:
            _store_series(session, one, now)
        for folder, yes, no in _summary(lessons):
            session.emit(
                DestinationLearned(owner_id=session.actor.owner_id, folder=folder, files=yes or no, liked=yes > 0)
            )

    def observe(self, actor: Actor, observations: Sequence[Observation]) -> int:
        """Learn moves that a person made outside Homie; returns how many were new to the memory.

        One short write for the whole batch, in the actor's own space; files of one call are one batch for the learner.
        Weighs a little less than an explicit accept (`observing.WEIGHT`). Learns nothing, and returns 0, while the
        owner paused learning. Leaves out renames within one folder, hidden and unfinished files, and a repeated report
        of the same file at the same place within a day. Touches no disk. The caller leaves out what Homie itself moved.
        """
        if not observations:
            return 0
        return self._db.write(actor, self.observe_within, observations)

    def observe_within(self, session: OwnedSession, observations: Sequence[Observation]) -> int:
        """Do what `observe` does inside a write that is going on."""
        if not _is_learning(session):
            return 0
        now = self._clock.now()
        lessons = without_known(session, lessons_of_moves(observations, now), now)
        self.learn_within(session, lessons, ())
        return len(lessons)

    def _append(self, session: OwnedSession, lessons: Sequence[Lesson], now: datetime) -> None:
        """Add lessons and what they say about the tuning; the model itself follows after the commit."""
        known = states(session).get(session.actor.owner_id, MemoryState())
        first = known.seq + 1
        tuned = known.tuned
        if not session.info.get(_TAUGHT_IN_THIS_WRITE):
            # Asked once per write: what this write added itself is not committed, and no model may know it yet.
            entry = self._cache.fresh(session)
            examples = [example_of(lesson, now, first) for lesson in lessons]
            asked = [
                Asked(example.signs, lesson.source[1] if lesson.source else None)
                for example, lesson in zip(examples, lessons, strict=True)
            ]
            with entry.lock:
                tuned = entry.model.tuned_by(asked, examples, now.timestamp())
            session.info[_TAUGHT_IN_THIS_WRITE] = True
        append(session, lessons, first, now, self._new_id)
        save_state(session, MemoryState(known.epoch, first + len(lessons) - 1, tuned), now)

    def destinations(
        self, actor: Actor, *, limit: int, before: str | None = None, text: str | None = None
    ) -> list[DestinationMapping]:
        """Return the folders that things go to, newest first, `limit + 1` for paging; `text`: a part of them."""

        def work(session: OwnedSession) -> list[DestinationMapping]:
            model = DestinationMapping
            query = select(model).order_by(model.id.desc()).limit(limit + 1)
            if before is not None:
                query = query.where(model.id < before)
            if text:
                query = query.where(
                    or_(model.folder.icontains(text, autoescape=True), model.purpose.icontains(text, autoescape=True))
                )
            return list(session.scalars(query))

        return self._db.read(actor, work)


def _knows_anything(session: OwnedSession) -> bool:
    first = session.scalars(select(DestinationMapping.id).limit(1)).first()
    return first is not None or session.scalars(select(SeriesMapping.id).limit(1)).first() is not None


def _series(session: OwnedSession) -> dict[str, tuple[str, str, str, bool]]:
    rows = session.scalars(select(SeriesMapping))
    return {row.title_key: (row.volume_id, decode_path(row.folder), row.season_style, row.taught) for row in rows}


def _is_learning(session: OwnedSession) -> bool:
    """Tell whether the acting owner lets Homie learn; what they never set is yes."""
    rows = session.scalars(select(ModuleData).where(ModuleData.key == _SETTINGS_KEY))
    own = next((row for row in rows if row.owner_id == session.actor.owner_id), None)
    return own is None or bool(own.value.get("learning", True))


def _some_of(lessons: Sequence[Lesson]) -> Sequence[Lesson]:
    if len(lessons) <= AT_ONCE:
        return lessons
    step = len(lessons) / AT_ONCE
    return [lessons[int(place * step)] for place in range(AT_ONCE)]


def _store_series(session: OwnedSession, lesson: SeriesLesson, now: datetime) -> None:
    """Remember (or move) where one series is kept."""
    key = fold(lesson.title)[:200]
    row = next(
        (
            r
            for r in session.scalars(select(SeriesMapping).where(SeriesMapping.title_key == key))
            if r.owner_id == session.actor.owner_id
        ),
        None,
    )
    if row is None:
        row = SeriesMapping(
            title_key=key,
            title=lesson.title[:200],
            volume_id=lesson.volume_id,
            folder="",
            files=0,
            taught=False,
            last_at=now,
        )
        session.add(row)
    row.volume_id, row.folder = lesson.volume_id, encode_path(lesson.folder)
    row.season_style = lesson.season_style or row.season_style or ""
    row.taught = row.taught or lesson.taught
    row.files += 1
    row.last_at = now


def _summary(lessons: Sequence[Lesson]) -> list[tuple[str, int, int]]:
    """Add lessons up by folder, for at most ten events."""
    totals: dict[str, list[int]] = {}
    for lesson in lessons:
        total = totals.setdefault(lesson.folder, [0, 0])
        total[0] += lesson.yes > 0
        total[1] += lesson.no > 0
    return [(folder, yes, no) for folder, (yes, no) in sorted(totals.items(), key=lambda i: -sum(i[1]))[:10]]
