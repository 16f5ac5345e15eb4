"""What was learned as one JSON document: to keep, to carry to another hub, and to check when it comes in."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlalchemy import select

from backend.file_organizer.errors import MemoryFileInvalid
from backend.file_organizer.memory.forgetting import after_change
from backend.file_organizer.memory.lessons import KEPT, append, own_mappings, states
from backend.file_organizer.memory.lessons import Lesson as NewLesson
from backend.file_organizer.memory.models import DestinationMapping, LearnedFile, SeriesMapping
from backend.sdk.db import OwnedSession
from backend.sdk.errors import FieldProblem
from backend.sdk.files import VolumePath
from backend.sdk.files.errors import PathNotAllowed
from backend.sdk.ids import NewId

REMEDY = "Choose a file that Homie saved with 'Save a copy'."
Text = Annotated[str, Field(max_length=4096)]
Short = Annotated[str, Field(max_length=200)]
Colour = Literal["", "red", "orange", "yellow", "green", "teal", "blue", "purple", "pink", "brown", "grey"]
"""The colours that a folder can have; the app decides how each looks on light and on dark ground."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class PlaceDoc(_Strict):
    """A folder on a volume."""

    volume_id: str = Field(max_length=64, pattern=r"^[A-Za-z0-9_-]+$")
    folder: Text

    @field_validator("folder")
    @classmethod
    def _plain(cls, value: str) -> str:
        return _checked_folder(value)


class LessonDoc(PlaceDoc):
    """One lesson as it is stored."""

    name: Text
    signs: list[Short] = Field(default_factory=list, max_length=64)
    files: int = Field(default=1, ge=1, le=1_000_000)
    yes: float = Field(default=0.0, ge=0.0, le=1_000_000.0)
    no: float = Field(default=0.0, ge=0.0, le=1_000_000.0)
    taught: bool = False
    how: str = Field(default="imported", max_length=16)
    source: PlaceDoc | None = None
    at: datetime
    batch: int = Field(default=0, ge=0)


class DestinationDoc(PlaceDoc):
    """What the owner said about a folder."""

    colour: Colour = ""
    purpose: str = Field(default="", max_length=120)


class SeriesDoc(PlaceDoc):
    """Where a series is kept."""

    title_key: Short
    title: Short
    season_style: str = Field(default="", max_length=40)
    taught: bool = False
    files: int = Field(default=1, ge=0)
    last_at: datetime


class MemoryDocument(_Strict):
    """Everything that one owner's memory holds."""

    format: Literal["homie-memory"]
    version: Literal[1]
    exported_at: datetime | None = None
    """When a file was written; the API leaves it out, so that two questions get one answer."""
    lessons: list[LessonDoc] = Field(max_length=KEPT + 1000)
    destinations: list[DestinationDoc] = Field(default_factory=list, max_length=20_000)
    series: list[SeriesDoc] = Field(default_factory=list, max_length=20_000)
    tuned: dict[str, Any] | None = None


def _checked_folder(value: str) -> str:
    try:
        VolumePath.from_text("v", value)
    except (PathNotAllowed, ValueError) as error:
        raise ValueError("this is not a plain folder inside a drive") from error
    return value


def checked(raw: Any) -> MemoryDocument:
    """Return a document that came from outside; raises `MemoryFileInvalid`, which names what is wrong."""
    try:
        return MemoryDocument.model_validate(raw)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "document"
        raise MemoryFileInvalid(fields=[FieldProblem(where, first["msg"], REMEDY)]) from None


def export(session: OwnedSession) -> MemoryDocument:
    """Return the acting owner's memory."""
    own = session.actor.owner_id
    lessons = [
        LessonDoc(
            name=row.name,
            volume_id=row.volume_id,
            folder=row.folder,
            signs=row.signs.split("\n") if row.signs else [],
            files=row.files,
            yes=row.yes,
            no=row.no,
            taught=row.taught,
            how=row.how,
            source=_source(row),
            at=row.at,
            batch=row.batch,
        )
        for row in session.scalars(
            select(LearnedFile).where(LearnedFile.forgotten.is_(None)).order_by(LearnedFile.at, LearnedFile.seq)
        )
        if row.owner_id == own
    ]
    places = [
        DestinationDoc.model_validate(
            {"volume_id": row.volume_id, "folder": row.folder, "colour": row.colour, "purpose": row.purpose}
        )
        for row in own_mappings(session).values()
        if row.colour or row.purpose
    ]
    series = [
        SeriesDoc.model_validate({name: getattr(row, name) for name in SeriesDoc.model_fields})
        for row in session.scalars(select(SeriesMapping))
        if row.owner_id == own
    ]
    state = states(session).get(own)
    return MemoryDocument(
        format="homie-memory",
        version=1,
        lessons=lessons,
        destinations=places,
        series=series,
        tuned=dict(state.tuned) if state is not None and state.tuned else None,
    )


def _source(row: LearnedFile) -> PlaceDoc | None:
    if row.left_volume is None or row.left_folder is None:
        return None
    return PlaceDoc(volume_id=row.left_volume, folder=row.left_folder)


def add(session: OwnedSession, document: MemoryDocument, now: datetime, new_id: NewId) -> int:
    """Add a document to the acting owner's memory; what is there already is left out. Returns how many lessons came."""
    own = session.actor.owner_id
    row = LearnedFile
    known = set()
    query = select(row.owner_id, row.name, row.signs, row.volume_id, row.folder, row.yes, row.no, row.at)
    for one in session.execute(query.where(row.forgotten.is_(None))):
        if one.owner_id == own:
            known.add((one.name, one.signs, one.volume_id, one.folder, one.yes > 0, one.no > 0, one.at))
    was_empty = not known
    state = states(session).get(own)
    number = state.seq + 1 if state is not None else 1
    batches: dict[int, list[NewLesson]] = {}
    for doc in document.lessons:
        key = (doc.name, "\n".join(doc.signs), doc.volume_id, doc.folder, doc.yes > 0, doc.no > 0, doc.at)
        if key not in known:
            known.add(key)
            batches.setdefault(doc.batch, []).append(_lesson(doc))
    for lessons in batches.values():
        append(session, lessons, number, now, new_id)
        session.flush()
        number += len(lessons)
    _add_places(session, document, now)
    _add_series(session, document)
    after_change(session, now, (lambda old: document.tuned) if was_empty else None)
    return sum(map(len, batches.values()))


def _lesson(doc: LessonDoc) -> NewLesson:
    source = (doc.source.volume_id, doc.source.folder) if doc.source is not None else None
    return NewLesson(
        doc.name, doc.volume_id, doc.folder, [s.replace("\n", " ") for s in doc.signs], doc.yes, doc.no, doc.taught,
        doc.how, source, doc.at, doc.files,
    )  # fmt: skip


def _add_places(session: OwnedSession, document: MemoryDocument, now: datetime) -> None:
    session.flush()
    known = own_mappings(session)
    for doc in document.destinations:
        row = known.get((doc.volume_id, doc.folder))
        if row is None:
            row = known[doc.volume_id, doc.folder] = DestinationMapping(
                volume_id=doc.volume_id, folder=doc.folder, files=0, refused=0, taught=0, last_at=now
            )
            session.add(row)
        row.colour, row.purpose = row.colour or doc.colour, row.purpose or doc.purpose


def _add_series(session: OwnedSession, document: MemoryDocument) -> None:
    own = session.actor.owner_id
    known = {row.title_key for row in session.scalars(select(SeriesMapping)) if row.owner_id == own}
    for doc in document.series:
        if doc.title_key not in known:
            known.add(doc.title_key)
            session.add(SeriesMapping(**doc.model_dump()))
