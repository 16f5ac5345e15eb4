"""The looks through folders for copies or junk: begun, told about, finished; the last one of a kind counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import delete, select, update

from backend.file_organizer.cleaning.errors import SearchBusy, SearchMissing
from backend.file_organizer.cleaning.events import CleaningSearched
from backend.file_organizer.cleaning.models import (
    CleaningSearch,
    DuplicateGroup,
    FindState,
    JunkItem,
    SearchKind,
    SearchState,
)
from backend.file_organizer.errors import FolderNotScannable
from backend.sdk.actor import Actor
from backend.sdk.clock import Clock
from backend.sdk.db import Database, OwnedSession
from backend.sdk.errors import FieldProblem
from backend.sdk.files import OwnerRoots, SafePath, encode_path
from backend.sdk.ids import NewId

MOST_PROBLEMS = 100


class Searches:
    """Keep the searches of each owner."""

    def __init__(self, db: Database, clock: Clock, new_id: NewId) -> None:
        self._db = db
        self._clock = clock
        self._new_id = new_id

    def begin(
        self, actor: Actor, kind: SearchKind, places: Sequence[SafePath], options: Mapping[str, Any] | None = None
    ) -> str:
        """Store a search that is about to look, and forget earlier ones of its kind. Returns its id.

        Raises `SearchBusy` while files that an earlier one found are being put away.
        """
        search_id, now = self._new_id(), self._clock.now()
        texts = [encode_path(place.absolute) for place in places]

        def work(session: OwnedSession) -> None:
            _forget_earlier(session, actor.owner_id, kind)
            session.add(
                CleaningSearch(
                    id=search_id,
                    kind=kind.value,
                    state=SearchState.LOOKING.value,
                    user_id=actor.user_id,
                    places=texts,
                    options=dict(options or {}),
                    created_at=now,
                )
            )

        self._db.write(actor, work)
        return search_id

    def note_job(self, actor: Actor, search_id: str, job_id: str) -> None:
        """Remember which job looks."""
        self._set(actor, search_id, job_id=job_id)

    def restart(self, actor: Actor, search_id: str) -> CleaningSearch:
        """Forget what an interrupted attempt found and return the search."""

        def work(session: OwnedSession) -> CleaningSearch:
            found = find_search(session, search_id)
            for table in (DuplicateGroup, JunkItem):
                session.execute(delete(table).where(table.search_id == search_id))
            return found

        return self._db.write(actor, work)

    def finish(
        self, actor: Actor, search_id: str, state: SearchState, *, counts: Mapping[str, Any] | None = None,
        problems: Sequence[Mapping[str, str]] = (), notice: str = "",
    ) -> None:  # fmt: skip
        """Close a search, and tell it."""
        now = self._clock.now()

        def work(session: OwnedSession) -> None:
            found = session.scalars(select(CleaningSearch).where(CleaningSearch.id == search_id)).first()
            if found is None or found.state != SearchState.LOOKING.value:
                return
            found.state, found.finished_at, found.notice = state.value, now, notice
            found.counts, found.problems = dict(counts or {}), [dict(one) for one in problems[:MOST_PROBLEMS]]
            session.emit(
                CleaningSearched(owner_id=found.owner_id, search_id=search_id, kind=found.kind, state=state.value)
            )

        self._db.write(actor, work)

    def get(self, actor: Actor, search_id: str, kind: SearchKind | None = None) -> CleaningSearch:
        """Return one search; `SearchMissing` if absent, of another space or of another kind."""

        def work(session: OwnedSession) -> CleaningSearch:
            found = find_search(session, search_id)
            if kind is not None and found.kind != kind.value:
                raise SearchMissing()
            return found

        return self._db.read(actor, work)

    def page(self, actor: Actor, kind: SearchKind, *, limit: int, before: str | None = None) -> list[CleaningSearch]:
        """Return searches, newest first, `limit + 1` of them for paging."""

        def work(session: OwnedSession) -> list[CleaningSearch]:
            query = select(CleaningSearch).where(CleaningSearch.kind == kind.value)
            query = query.order_by(CleaningSearch.id.desc()).limit(limit + 1)
            if before is not None:
                query = query.where(CleaningSearch.id < before)
            return list(session.scalars(query))

        return self._db.read(actor, work)

    def _set(self, actor: Actor, search_id: str, **values: Any) -> None:
        def work(session: OwnedSession) -> None:
            session.execute(update(CleaningSearch).where(CleaningSearch.id == search_id).values(**values))

        self._db.write(actor, work)


def find_search(session: OwnedSession, search_id: str) -> CleaningSearch:
    """Return one search; raises `SearchMissing`."""
    found = session.scalars(select(CleaningSearch).where(CleaningSearch.id == search_id)).first()
    if found is None:
        raise SearchMissing()
    return found


def _forget_earlier(session: OwnedSession, owner_id: str, kind: SearchKind) -> None:
    mine = select(CleaningSearch.id).where(CleaningSearch.kind == kind.value, CleaningSearch.owner_id == owner_id)
    ids = list(session.scalars(mine))
    if not ids:
        return
    for table in (DuplicateGroup, JunkItem):
        busy = select(table.id).where(table.search_id.in_(ids), table.state == FindState.WORKING.value).limit(1)
        if session.scalars(busy).first() is not None:
            raise SearchBusy()
    session.execute(delete(CleaningSearch).where(CleaningSearch.id.in_(ids)))


def places_to_search(roots: OwnerRoots, paths: Sequence[str], field: str) -> list[SafePath]:
    """Return the folders to look through: those named, or all that are open; none that lies within another.

    Raises `PathNotAllowed`, `VolumeAway`, and `FolderNotScannable` where there is nothing to look through.
    """
    if paths:
        places = [
            roots.resolve_text(path, must_exist=True, folder=True, field=f"{field}.{index}")
            for index, path in enumerate(paths)
        ]
    else:
        places = [SafePath(root, "") for root in roots.roots if root.online]
    if not places:
        problem = FieldProblem(field, "There is no folder to look through.", "Connect the drive, or open a folder.")
        raise FolderNotScannable(fields=[problem])
    kept: list[SafePath] = []
    for place in sorted(places, key=lambda one: (len(one.absolute), one.absolute, not one.root.writable)):
        if not any(f"{place.absolute}/".startswith(f"{other.absolute.rstrip('/')}/") for other in kept):
            kept.append(place)
    return kept
