"""What was learned, for people: look at it, ask why, name and colour folders, forget, take back, export and import."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select

from backend.file_organizer.analysis.kinds import split_extension
from backend.file_organizer.analysis.names import NameDate, date_of
from backend.file_organizer.errors import MappingMissing, MemoryFileInvalid
from backend.file_organizer.memory import exchange
from backend.file_organizer.memory.evidence import Evidence, evidence_for, sentence
from backend.file_organizer.memory.forgetting import forget, move_destination, restore
from backend.file_organizer.memory.lessons import own_mappings
from backend.file_organizer.memory.models import DestinationMapping, LearnedFile, SeriesMapping
from backend.file_organizer.memory.ranking import Asked
from backend.file_organizer.memory.signs import signs_of_name
from backend.file_organizer.memory.view import MemoryView
from backend.file_organizer.path_memory_manager import PathMemoryManager
from backend.file_organizer.planning.suggestions import fill_date
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, NotFound
from backend.sdk.files import encode_path
from backend.sdk.ids import NewId

SIGNS_SHOWN = 8
PLACES_SHOWN = 4
_SHOWN = frozenset({"word", "camera", "paper", "series", "ext", "text", "shape"})


@dataclass(frozen=True, slots=True)
class Sign:
    """By what Homie knows files: `files` of all `total` with `sign` went to the folder."""

    sign: str
    files: int
    total: int
    last_at: float


@dataclass(frozen=True, slots=True)
class WhyPlace:
    """One folder for a name: `folder` in text form, dates filled in; `reasons`: evidence and how it is said."""

    volume_id: str
    folder: str
    confidence: float
    reasons: Sequence[tuple[Evidence, str]]


@dataclass(frozen=True, slots=True)
class Why:
    """Where a file with a name would go, the likeliest first; `new`: how likely it needs a new folder (0..1)."""

    name: str
    places: Sequence[WhyPlace]
    new: float


@dataclass(frozen=True, slots=True)
class MemorySummary:
    """How much is remembered."""

    files: int = 0
    folders: int = 0
    series: int = 0
    refusals: int = 0
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What a step forgot; `key` takes it back for a day."""

    key: str
    files: int


@dataclass(slots=True)
class Learned:
    """Show and change what one owner's memory holds."""

    db: Database
    clock: Clock
    new_id: NewId
    memory: PathMemoryManager

    # ------------------------------------------------------------------ look

    def signs(self, actor: Actor, rows: Sequence[DestinationMapping]) -> dict[tuple[str, str], list[Sign]]:
        """Return by what Homie knows files of these folders, the most telling first."""
        view = self.memory.recall(actor)
        learner = view.model.learner
        with view.lock:
            places = [(row.volume_id, row.folder) for row in rows]
            wanted = {learner.numbers[place]: place for place in places if place in learner.numbers}
            found: dict[tuple[str, str], list[tuple[float, Sign]]] = {}
            for sign, cells in learner.cells.items():
                family, _, value = sign.partition(":")
                if family not in _SHOWN or (family == "shape" and "#" not in value) or len(value) < 2:
                    continue
                if family == "series" and f"word:{value}" in learner.cells:
                    continue  # the same said twice
                for number, cell in cells.items():
                    if number in wanted and cell.yes > 0:
                        total = sum(c.yes for c in cells.values())
                        worth = cell.yes * cell.yes / (total + 1.0) * (0.5 if sign[:4] in ("ext:", "shap") else 1.0)
                        found.setdefault(wanted[number], []).append((worth, Sign(sign, cell.yes, total, cell.last_at)))
        return {
            key: [sign for _, sign in sorted(some, key=lambda s: (-s[0], s[1].sign))[:SIGNS_SHOWN]]
            for key, some in found.items()
        }

    def destination(self, actor: Actor, mapping_id: str) -> DestinationMapping:
        """Return one folder; raises `MappingMissing`."""

        def work(session: OwnedSession) -> DestinationMapping:
            row = session.scalars(select(DestinationMapping).where(DestinationMapping.id == mapping_id)).first()
            if row is None:
                raise MappingMissing()
            return row

        return self.db.read(actor, work)

    def files(
        self,
        actor: Actor,
        *,
        limit: int,
        mapping_id: str | None = None,
        before: str | None = None,
        text: str | None = None,
    ) -> list[LearnedFile]:
        """Return lessons, newest first, `limit + 1` for paging; of one folder, or with part of a name."""
        place = self.destination(actor, mapping_id) if mapping_id is not None else None

        def work(session: OwnedSession) -> list[LearnedFile]:
            row = LearnedFile
            query = select(row).where(row.forgotten.is_(None)).order_by(row.id.desc()).limit(limit + 1)
            if place is not None:
                query = query.where(row.volume_id == place.volume_id, row.folder == place.folder)
            if before is not None:
                query = query.where(row.id < before)
            if text:
                query = query.where(
                    or_(row.name.icontains(text, autoescape=True), row.folder.icontains(text, autoescape=True))
                )
            return list(session.scalars(query))

        return self.db.read(actor, work)

    def summary(self, actor: Actor) -> MemorySummary:
        """Return how much is remembered, over all spaces that the actor reads."""

        def work(session: OwnedSession) -> MemorySummary:
            row = DestinationMapping
            used = or_(row.files > 0, row.refused > 0)
            query = select(func.sum(row.files), func.count(), func.sum(row.refused), func.max(row.last_at)).where(used)
            files, folders, refused, last = session.execute(query).one()
            series = session.execute(select(func.count()).select_from(SeriesMapping)).scalar_one()
            return MemorySummary(int(files or 0), int(folders), int(series), int(refused or 0), last)

        return self.db.read(actor, work)

    # ------------------------------------------------------------------ why

    def why(self, actor: Actor, names: Sequence[str], source: str | None = None) -> list[Why]:
        """Return where files with these names (text form) would go by what was learned, and why. Looks at no file.

        `source`: the folder that they lie in, in text form. Files of one call count as one batch.
        """
        view = self.memory.recall(actor)
        asked = [Asked(signs_of_name(name, source), source) for name in names]
        with view.lock:
            predictions = view.model.predict(asked, view.now)
            return [
                self._why(view, name, one.signs, prediction)
                for name, one, prediction in zip(names, asked, predictions, strict=True)
            ]

    def _why(self, view: MemoryView, name: str, signs: Sequence[str], prediction: Any) -> Why:
        stem = split_extension(name)[0]
        date = date_of(stem) or _year_of(self.clock.now())
        places = []
        for place in prediction.places[:PLACES_SHOWN]:
            folder = encode_path(fill_date(place.target[1], date))
            reasons = evidence_for(view.model.learner, signs, place.target)
            said = [(one, sentence(one, stem, folder)) for one in reasons]
            places.append(WhyPlace(place.target[0], folder, place.confidence, said))
        return Why(name, places, prediction.new)

    # ------------------------------------------------------------------ change

    def change(
        self,
        actor: Actor,
        mapping_id: str,
        *,
        colour: str | None = None,
        purpose: str | None = None,
        place: tuple[str, str] | None = None,
    ) -> DestinationMapping:
        """Name or colour a folder, or send what belongs there to another `place` (volume id, text form).

        Raises `MappingMissing`, `WrongSpace`.
        """

        def work(session: OwnedSession) -> DestinationMapping:
            row = _own(session, mapping_id)
            row.colour = row.colour if colour is None else colour
            row.purpose = row.purpose if purpose is None else purpose.strip()
            key = (row.volume_id, row.folder)
            if place is not None and place != key:
                move_destination(session, key, place, self.clock.now())
                key = place
            session.flush()
            found = own_mappings(session).get(key)
            assert found is not None
            return found

        return self.db.write(actor, work)

    def forget_destination(self, actor: Actor, mapping_id: str) -> Forgotten:
        """Forget everything learned about one folder; raises `MappingMissing`, `WrongSpace`."""

        def work(session: OwnedSession) -> int:
            row = _own(session, mapping_id)
            here = (LearnedFile.volume_id == row.volume_id) & (LearnedFile.folder == row.folder)
            row.colour = row.purpose = ""
            return forget(session, here, key, self.clock.now())

        key = self.new_id()
        return Forgotten(key, self.db.write(actor, work))

    def forget_file(self, actor: Actor, lesson_id: str) -> Forgotten:
        """Forget one lesson; raises `MappingMissing`, `WrongSpace`."""

        def work(session: OwnedSession) -> int:
            try:
                row = session.find_own(LearnedFile, lesson_id)
            except NotFound as error:
                raise MappingMissing() from error
            if row.forgotten is not None:
                raise MappingMissing()
            return forget(session, LearnedFile.id == lesson_id, key, self.clock.now())

        key = self.new_id()
        return Forgotten(key, self.db.write(actor, work))

    def forget_everything(self, actor: Actor) -> Forgotten:
        """Forget every lesson of the acting owner; series, colours and purposes stay."""
        key = self.new_id()
        return Forgotten(key, self.db.write(actor, forget, None, key, self.clock.now()))

    def restore(self, actor: Actor, key: str) -> int:
        """Take forgetting back; raises `MappingMissing` where there is nothing (any more)."""

        def work(session: OwnedSession) -> int:
            count = restore(session, key, self.clock.now())
            if not count:
                raise MappingMissing()
            return count

        return self.db.write(actor, work)

    # ------------------------------------------------------------------ export and import

    def export(self, actor: Actor) -> exchange.MemoryDocument:
        """Return everything that the acting owner's memory holds."""
        return self.db.read(actor, exchange.export)

    def import_document(self, actor: Actor, raw: Mapping[str, Any]) -> int:
        """Add a document that was exported; returns how many lessons were new; raises `MemoryFileInvalid`."""
        document = exchange.checked(raw)
        return self.db.write(actor, exchange.add, document, self.clock.now(), self.new_id)

    def import_text(self, actor: Actor, text: str) -> int:
        """Do the same with the text of a file."""
        try:
            raw = json.loads(text)
        except ValueError as error:
            raise MemoryFileInvalid(fields=[FieldProblem("document", "This is not JSON.", exchange.REMEDY)]) from error
        return self.import_document(actor, raw)


def _own(session: OwnedSession, mapping_id: str) -> DestinationMapping:
    try:
        return session.find_own(DestinationMapping, mapping_id)
    except NotFound as error:
        raise MappingMissing() from error


def _year_of(now: datetime) -> NameDate:
    return NameDate(now.year, now.month, now.day)
