"""Find what the File Organizer knows by name: every file of the opened folders, plans, runs, folders, drives."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import quote

from sqlalchemy import and_, select

from backend.file_organizer.execution.journal_models import FileAction, Run
from backend.file_organizer.index.file_index import FileIndex
from backend.file_organizer.memory.models import DestinationMapping, SeriesMapping, UserDrive
from backend.file_organizer.planning.plan_models import Plan, PlanItem, PlanState
from backend.sdk.actor import Actor
from backend.sdk.db import Database, OwnedSession
from backend.sdk.files import OwnerRootsSource, encode_path
from backend.sdk.finding import SearchHit, match, words_of

CANDIDATES = 400
"""How many rows are looked at closely; a word that fits more is too common to be ranked among all of them."""
_MOVING = ("move", "rename", "copy", "restore", "trash", "extract", "compress")
_OPEN_PLANS = (PlanState.BUILDING.value, PlanState.READY.value, PlanState.EXECUTING.value)

FILE_KIND = "file_organizer.file"
Hits = Iterator[SearchHit]


class Finder:
    """Answer a search with what is in the module's tables and the folders that were opened."""

    def __init__(self, db: Database, roots: OwnerRootsSource, index: FileIndex) -> None:
        self._db = db
        self._roots = roots
        self._index = index

    def search(self, actor: Actor, query: str, limit: int) -> list[SearchHit]:
        """Return at most `limit` hits of each kind, the best first."""
        words = words_of(query)
        if not words:
            return []
        looks: tuple[Callable[[OwnedSession, Sequence[str]], Hits], ...] = (
            _files, _suggestions, _plans, _runs, _destinations, _series, _drives,
        )  # fmt: skip

        def work(session: OwnedSession) -> list[SearchHit]:
            return [hit for look in looks for hit in _best(look(session, words), limit)]

        known = self._db.read(actor, work)
        files = [hit for hit in known if hit.kind == FILE_KIND]
        others = [hit for hit in known if hit.kind != FILE_KIND]
        files = _best(iter([*files, *self._indexed(actor, words, files, limit)]), limit)
        return [*files, *others, *_best(self._folders(actor, words), limit)]

    def _indexed(self, actor: Actor, words: Sequence[str], known: Sequence[SearchHit], limit: int) -> Hits:
        """Find files of the opened folders, each once, wherever it is; those of the history lead there already."""
        roots = {root.volume_id: root for root in self._roots.for_actor(actor).roots}
        told = {(hit.subtitle, hit.title) for hit in known}
        shown: set[str] = set()
        for found in self._index.search(actor, words, list(roots.values()), limit * 2):
            root = roots[found.volume_id]
            folder, name = encode_path(found.folder), encode_path(found.name)
            full = f"{root.path}/{found.folder}/{found.name}"
            if (folder, name) in told or full in shown or name.startswith("."):
                continue
            shown.add(full)  # one folder may be granted within another
            route = f"/file_organizer/folders/{found.volume_id}?path={quote(folder)}"
            place = encode_path(f"{root.path}/{found.folder}".rstrip("/"))
            yield SearchHit(FILE_KIND, name, route, place, found.score, found.highlights, found.owner_id)

    def _folders(self, actor: Actor, words: Sequence[str]) -> Hits:
        for root in self._roots.for_actor(actor).roots:
            path = encode_path(root.path)
            if fits := match(root.label, words):
                route = f"/file_organizer/folders/{root.volume_id}"
                yield SearchHit("file_organizer.folder", root.label, route, path, fits[0], fits[1])


def _best(hits: Hits, limit: int) -> list[SearchHit]:
    return sorted(hits, key=lambda hit: -hit.score)[:limit]


def _named(column: Any, words: Sequence[str]) -> Any:
    """Return the condition that a folded column holds each word."""
    return and_(*(column.contains(word, autoescape=True) for word in words))


def _files(session: OwnedSession, words: Sequence[str]) -> Hits:
    """Find files in the history: the newest step of each is where it is now."""
    action = FileAction
    rows = session.execute(
        select(action.id, action.run_id, action.owner_id, action.state, action.source_path, action.target_path)
        .where(_named(action.name_key, words), action.op.in_(_MOVING))
        .limit(CANDIDATES)
    )
    known: set[tuple[str, str]] = set()
    for row in sorted(rows, key=lambda row: row.id, reverse=True):
        place = row.target_path if row.state == "done" else row.source_path
        place = place or row.target_path or ""
        folder, _, name = place.rpartition("/")
        fits = match(name, words)
        if fits is None or (row.owner_id, place) in known:
            continue
        known.add((row.owner_id, place))
        route = f"/file_organizer/history/{row.run_id}?action={row.id}"
        yield SearchHit("file_organizer.file", name, route, folder, fits[0], fits[1], row.owner_id)


def _suggestions(session: OwnedSession, words: Sequence[str]) -> Hits:
    item = PlanItem
    waiting = select(Plan.id).where(Plan.state.in_(_OPEN_PLANS)).order_by(Plan.id.desc()).limit(50)
    plans = list(session.scalars(waiting))
    if not plans:
        return
    rows = session.execute(
        select(item.id, item.plan_id, item.owner_id, item.source_path, item.target_folder)
        .where(_named(item.name_key, words), item.plan_id.in_(plans))
        .limit(CANDIDATES)
    )
    for row in rows:
        name = row.source_path.rpartition("/")[2]
        if fits := match(name, words):
            route = f"/file_organizer/plans/{row.plan_id}/items/{row.id}"
            where = row.target_folder or "/"
            yield SearchHit("file_organizer.suggestion", name, route, where, fits[0], fits[1], row.owner_id)


def _plans(session: OwnedSession, words: Sequence[str]) -> Hits:
    rows = session.execute(
        select(Plan.id, Plan.owner_id, Plan.title, Plan.root_path).order_by(Plan.id.desc()).limit(CANDIDATES)
    )
    for row in rows:
        if fits := match(row.title, words):
            route = f"/file_organizer/plans/{row.id}"
            yield SearchHit("file_organizer.plan", row.title, route, row.root_path, fits[0], fits[1], row.owner_id)


def _runs(session: OwnedSession, words: Sequence[str]) -> Hits:
    rows = session.execute(select(Run.id, Run.owner_id, Run.title).order_by(Run.id.desc()).limit(CANDIDATES))
    for row in rows:
        if fits := match(row.title, words):
            route = f"/file_organizer/history/{row.id}"
            yield SearchHit("file_organizer.run", row.title, route, "", fits[0], fits[1], row.owner_id)


def _destinations(session: OwnedSession, words: Sequence[str]) -> Hits:
    """Find learned folders by their path; many features may lead to one folder, which is shown once."""
    table = DestinationMapping
    rows = session.execute(
        select(table.owner_id, table.volume_id, table.folder)
        .where(table.files > 0)
        .group_by(table.owner_id, table.volume_id, table.folder)
        .limit(5000)
    )
    for row in rows:
        parent, _, name = row.folder.rpartition("/")
        route = "/file_organizer/learned"
        if fits := match(name, words):
            yield SearchHit("file_organizer.destination", name, route, parent, fits[0], fits[1], row.owner_id)
        elif other := match(row.folder, words):
            yield SearchHit("file_organizer.destination", name, route, parent, other[0] * 0.8, (), row.owner_id)


def _series(session: OwnedSession, words: Sequence[str]) -> Hits:
    rows = session.execute(select(SeriesMapping.owner_id, SeriesMapping.title, SeriesMapping.folder).limit(5000))
    for row in rows:
        if fits := match(row.title, words):
            route = "/file_organizer/learned?tab=series"
            yield SearchHit("file_organizer.series", row.title, route, row.folder, fits[0], fits[1], row.owner_id)


def _drives(session: OwnedSession, words: Sequence[str]) -> Hits:
    for drive in session.scalars(select(UserDrive)):
        title = drive.label
        if fits := match(title, words) or match(f"{title} {drive.purpose}", words):
            shown = fits[1] if fits[1] and fits[1][-1][1] <= len(title) else ()
            route = "/file_organizer/drives"
            yield SearchHit("file_organizer.drive", title, route, drive.purpose, fits[0], shown, drive.owner_id)
