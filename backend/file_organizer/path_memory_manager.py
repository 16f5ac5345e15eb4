"""Central memory: where this household puts things. Learns from what people accept, change, reject and undo.

It owns the drives manager, because a destination is a place on a drive. Reading gives a `MemoryView` (plain data) for
a batch; learning is one short write. Everything belongs to one owner; nothing is shared between spaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import delete, func, insert, or_, select, update

from backend.file_organizer.drives_manager import DrivesManager
from backend.file_organizer.errors import MappingMissing
from backend.file_organizer.events import DestinationLearned
from backend.file_organizer.memory.models import DestinationMapping, SeriesMapping
from backend.file_organizer.memory.view import Evidence, MemoryView, Target
from backend.file_organizer.planning.taxonomy import fold
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import decode_path, encode_path
from backend.sdk.ids import NewId

M = TypeVar("M", DestinationMapping, SeriesMapping)
UNDO_WEIGHT = 3
"""An undo is a strong no: it outweighs two acceptances."""
_CHUNK = 400
_BULK_FEATURES = 2000


@dataclass(frozen=True, slots=True)
class Lesson:
    """One thing to learn: files with `features` belong (`yes`) or do not belong (`no`) to a folder.

    `folder`: path form, relative to its volume, with the year mark where it stood for the file's year.
    """

    features: Sequence[str]
    volume_id: str
    folder: str
    yes: int = 0
    no: int = 0
    taught: bool = False


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
        self.drives = drives

    def recall(self, actor: Actor, features: Iterable[str]) -> MemoryView:
        """Return what is known about these features, over all spaces that the actor reads."""
        wanted = sorted(set(features))
        return self._db.read(actor, _recall, wanted)

    def knows_anything(self, actor: Actor) -> bool:
        """Tell whether there is anything to recall, so that an empty memory costs one query."""
        return self._db.read(actor, _knows_anything)

    def learn(self, actor: Actor, lessons: Sequence[Lesson], series: Sequence[SeriesLesson] = ()) -> None:
        """Learn in one write; lessons of one kind are added up first."""
        if lessons or series:
            self._db.write(actor, self._learn, lessons, series)

    def learn_within(self, session: OwnedSession, lessons: Sequence[Lesson], series: Sequence[SeriesLesson]) -> None:
        """Learn inside a write that is going on, so that decision and lesson are one commit."""
        if lessons or series:
            self._learn(session, lessons, series)

    def _learn(self, session: OwnedSession, lessons: Sequence[Lesson], series: Sequence[SeriesLesson]) -> None:
        now = self._clock.now()
        added: dict[tuple[str, str, str], Evidence] = {}
        for lesson in lessons:
            folder = encode_path(lesson.folder)
            for feature in lesson.features:
                evidence = added.setdefault((feature, lesson.volume_id, folder), Evidence())
                evidence.yes += lesson.yes
                evidence.no += lesson.no
                evidence.taught += lesson.yes if lesson.taught else 0
        if len(added) > _BULK_FEATURES:
            # A big run teaches by what repeats; thousands of words seen once would only slow the memory down.
            added = {key: e for key, e in added.items() if e.yes + e.no > 1 and not key[0].startswith("name:")}
        _store(session, added, now, self._new_id)
        for one in series:
            _store_series(session, one, now)
        for folder, yes, no in _summary(lessons):
            session.emit(
                DestinationLearned(
                    owner_id=session.actor.owner_id, folder=encode_path(folder), files=yes or no, liked=yes > 0
                )
            )

    def mappings(
        self, actor: Actor, model: type[M], *, limit: int, before: str | None = None, text: str | None = None
    ) -> list[M]:
        """Return learned rows, newest first, `limit + 1` of them for paging; `text` is part of a feature or folder."""

        def work(session: OwnedSession) -> list[M]:
            query = select(model).order_by(model.id.desc()).limit(limit + 1)
            if before is not None:
                query = query.where(model.id < before)
            if text:
                query = query.where(
                    or_(
                        DestinationMapping.feature.icontains(text, autoescape=True),
                        DestinationMapping.folder.icontains(text, autoescape=True),
                    )
                )
            return list(session.scalars(query))

        return self._db.read(actor, work)

    def forget(self, actor: Actor, mapping_id: str) -> None:
        """Forget one learned destination; raises `MappingMissing`."""
        self._db.write(actor, _forget, DestinationMapping, mapping_id)

    def forget_series(self, actor: Actor, mapping_id: str) -> None:
        """Forget where a series is kept; raises `MappingMissing`."""
        self._db.write(actor, _forget, SeriesMapping, mapping_id)

    def forget_folder(self, actor: Actor, volume_id: str, folder: str) -> int:
        """Forget everything learned about one folder (text form); returns how many mappings went."""
        return self._db.write(actor, _forget_folder, volume_id, folder)


def _knows_anything(session: OwnedSession) -> bool:
    first = session.scalars(select(DestinationMapping.id).limit(1)).first()
    return first is not None or session.scalars(select(SeriesMapping.id).limit(1)).first() is not None


def _recall(session: OwnedSession, features: list[str]) -> MemoryView:
    """Read evidence in chunks of features."""
    view = MemoryView()
    model = DestinationMapping
    for start in range(0, len(features), _CHUNK):
        chunk = features[start : start + _CHUNK]
        rows = session.execute(
            select(
                model.feature,
                model.volume_id,
                model.folder,
                func.sum(model.yes),
                func.sum(model.no),
                func.sum(model.taught),
            )
            .where(model.feature.in_(chunk))
            .group_by(model.feature, model.volume_id, model.folder)
        )
        for feature, volume_id, folder, yes, no, taught in rows:
            target: Target = (volume_id, decode_path(folder))
            view.by_feature.setdefault(feature, {})[target] = Evidence(int(yes), int(no), int(taught))
    view.series = {
        row.title_key: (row.volume_id, decode_path(row.folder), row.season_style, row.taught)
        for row in session.scalars(select(SeriesMapping))
    }
    return view


def _store(session: OwnedSession, added: dict[tuple[str, str, str], Evidence], now: datetime, new_id: NewId) -> None:
    """Add counts to rows that exist and insert the others, in bulk."""
    model = DestinationMapping
    keys = list(added)
    fresh = dict(added)
    changed = []
    for start in range(0, len(keys), _CHUNK // 4):
        for row in _existing(session, keys[start : start + _CHUNK // 4]):
            evidence = fresh.pop((row.feature, row.volume_id, row.folder))
            changed.append(
                {
                    "owner_id": session.actor.owner_id,
                    "id": row.id,
                    "yes": row.yes + evidence.yes,
                    "no": row.no + evidence.no,
                    "taught": row.taught + evidence.taught,
                    "last_at": now,
                }
            )
    if changed:
        session.execute(update(model), changed)
    if fresh:
        session.execute(
            insert(model),
            [
                {
                    "id": new_id(),
                    "feature": f,
                    "volume_id": v,
                    "folder": d,
                    "yes": e.yes,
                    "no": e.no,
                    "taught": e.taught,
                    "last_at": now,
                }
                for (f, v, d), e in fresh.items()
            ],
        )


def _existing(session: OwnedSession, keys: list[tuple[str, str, str]]) -> list[Any]:
    """Return this space's own rows for the keys; only those it may change."""
    model = DestinationMapping
    rows = session.execute(
        select(
            model.owner_id, model.id, model.feature, model.volume_id, model.folder, model.yes, model.no, model.taught
        ).where(model.feature.in_({feature for feature, _, _ in keys}))
    ).all()
    wanted = set(keys)
    own = session.actor.owner_id
    return [r for r in rows if r.owner_id == own and (r.feature, r.volume_id, r.folder) in wanted]


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
        total[0] += lesson.yes
        total[1] += lesson.no
    return [(folder, yes, no) for folder, (yes, no) in sorted(totals.items(), key=lambda i: -sum(i[1]))[:10]]


def _forget(session: OwnedSession, model: type[DestinationMapping] | type[SeriesMapping], mapping_id: str) -> None:
    found = session.execute(delete(model).where(model.id == mapping_id))
    if found.rowcount == 0:  # type: ignore[attr-defined]
        raise MappingMissing()


def _forget_folder(session: OwnedSession, volume_id: str, folder: str) -> int:
    found = session.execute(
        delete(DestinationMapping).where(DestinationMapping.volume_id == volume_id, DestinationMapping.folder == folder)
    )
    return int(found.rowcount)  # type: ignore[attr-defined]
