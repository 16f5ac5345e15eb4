"""The book of series: where each is kept and how its episodes are named, as learned or as a person said."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, select

from backend.file_organizer.errors import MappingMissing
from backend.file_organizer.memory.models import SeriesMapping
from backend.file_organizer.naming.namer import PATTERN, SeriesRule
from backend.file_organizer.naming.templates import NameKind, check_template
from backend.file_organizer.planning.taxonomy import fold
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem, InvalidInput
from backend.sdk.files import SafePath


class SeriesBook:
    """Read and change `series_mappings` of the space that an actor writes to."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db = db
        self._clock = clock

    def page(
        self, actor: Actor, *, limit: int, after: str | None = None, text: str | None = None
    ) -> list[SeriesMapping]:
        """Return series by title, `limit + 1` of them for paging, after the title key `after`; `text`: part of it."""

        def work(session: OwnedSession) -> list[SeriesMapping]:
            query = select(SeriesMapping).order_by(SeriesMapping.title_key, SeriesMapping.id).limit(limit + 1)
            if after is not None:
                query = query.where(SeriesMapping.title_key > after)
            if text:
                query = query.where(SeriesMapping.title_key.contains(fold(text), autoescape=True))
            return list(session.scalars(query))

        return self._db.read(actor, work)

    def rules(self, actor: Actor) -> dict[str, SeriesRule]:
        """Return what is known about naming, by title key."""

        def work(session: OwnedSession) -> dict[str, SeriesRule]:
            rows = session.execute(
                select(SeriesMapping.title_key, SeriesMapping.title, SeriesMapping.naming, SeriesMapping.pattern)
            )
            return {key: SeriesRule(title, naming, pattern) for key, title, naming, pattern in rows}

        return self._db.read(actor, work)

    def get(self, actor: Actor, series_id: str) -> SeriesMapping:
        """Return one series; raises `MappingMissing`."""
        return self._db.read(actor, _one, series_id)

    def keep(self, actor: Actor, title: str, place: SafePath, **how: Any) -> SeriesMapping:
        """Say where a series is kept: a new one, or one that is known and moves. `how` as in `change`."""
        clean = " ".join(title.split())
        if not fold(clean):
            raise InvalidInput(
                fields=[FieldProblem("body.title", "A title has letters or digits.", "Name the series.")]
            )

        def work(session: OwnedSession) -> SeriesMapping:
            key = fold(clean)[:200]
            row = _own(session, SeriesMapping.title_key == key)
            if row is None:
                row = SeriesMapping(title_key=key, title=clean[:200], files=0, last_at=self._clock.now())
                row.volume_id, row.folder, row.season_style, row.naming, row.pattern = "", "", "", "", ""
                session.add(row)
            self._apply(row, place, how)
            return row

        return self._db.write(actor, work)

    def change(self, actor: Actor, series_id: str, place: SafePath | None = None, **how: Any) -> SeriesMapping:
        """Change where a series is kept (`place`) or how it is named (`naming`, `pattern`); raises `MappingMissing`."""

        def work(session: OwnedSession) -> SeriesMapping:
            row = _own(session, SeriesMapping.id == series_id)
            if row is None:
                raise MappingMissing()
            self._apply(row, place, how)
            return row

        return self._db.write(actor, work)

    def forget(self, actor: Actor, series_id: str) -> None:
        """Forget where a series is kept; raises `MappingMissing`. No file is touched."""

        def work(session: OwnedSession) -> None:
            found = session.execute(delete(SeriesMapping).where(SeriesMapping.id == series_id))
            if found.rowcount == 0:  # type: ignore[attr-defined]
                raise MappingMissing()

        self._db.write(actor, work)

    def _apply(self, row: SeriesMapping, place: SafePath | None, how: dict[str, Any]) -> None:
        if place is not None:
            row.volume_id, row.folder, row.taught = place.root.volume_id, place.volume_path.text, True
        naming, pattern = how.get("naming"), how.get("pattern")
        if pattern is not None and pattern.strip():
            row.pattern = check_pattern(pattern)
        if naming is not None:
            if naming == PATTERN and not row.pattern:
                raise InvalidInput(
                    fields=[
                        FieldProblem(
                            "body.pattern",
                            "There is no pattern yet.",
                            "Write down how its episodes are named first.",
                        )
                    ]
                )
            row.naming = naming
        if how.get("season_style") is not None:
            row.season_style = how["season_style"]
        row.last_at = self._clock.now()


def check_pattern(pattern: str) -> str:
    """Return a pattern that fits one kind of numbering; raises `InvalidInput`."""
    kind = NameKind.DAILY if "{date" in pattern else NameKind.ABSOLUTE if "{absolute" in pattern else NameKind.EPISODE
    return check_template(kind, pattern, field="body.pattern")


def _one(session: OwnedSession, series_id: str) -> SeriesMapping:
    row = session.scalars(select(SeriesMapping).where(SeriesMapping.id == series_id)).first()
    if row is None:
        raise MappingMissing()
    return row


def _own(session: OwnedSession, condition: Any) -> SeriesMapping | None:
    """Return the row of the space that is written to; rows of other spaces that the actor reads do not count."""
    rows = session.scalars(select(SeriesMapping).where(condition))
    return next((row for row in rows if row.owner_id == session.actor.owner_id), None)
